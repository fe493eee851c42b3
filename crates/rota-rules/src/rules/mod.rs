//! One file per rule: its data, its page, its rows, its check, its sentence, its examples and its tests.

pub mod accompanied;
pub mod arrivals;
pub mod cohorts;
pub mod contacts;
pub mod days;
mod defaults;
pub mod desk_rest;
pub mod distance;
pub mod duty;
pub mod fair;
pub mod headcount;
pub mod hours;
pub mod keep;
pub mod meets;
pub mod mixing;
pub mod ratio;
pub mod rest;
pub mod run;
pub mod same_desk;
pub mod same_zone;
pub mod together;
pub mod weekends;
pub mod wishes;
