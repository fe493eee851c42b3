//! One file per rule: its data, its page, its rows, its check, its sentence, its examples and its tests.

pub mod accompanied;
pub mod contacts;
pub mod days;
pub mod desk_rest;
pub mod distance;
pub mod fair;
pub mod headcount;
pub mod meets;
pub mod ratio;
pub mod run;
pub mod same_desk;
pub mod same_zone;
pub mod together;
pub mod wishes;
