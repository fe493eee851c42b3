//! `rota what-if --cycle`

use crate::args::{Format, WhatIf};
use crate::commands::is_plain;
use crate::output::{json, print, say};
use crate::render::growth::{markdown, text};
use crate::{Exit, MISTAKE, NO};
use rota_io::growth::GrowthDocument;
use rota_planner::growth::{Cycle, INFECTIOUS, LATENT};

/// R at home where none is given.
const HOME: [f64; 5] = [0.5, 0.6, 0.7, 0.8, 0.9];

/// Says whether an infection grows in a cycle of days on site and days at home.
pub fn run(args: &WhatIf, (on, off): (u32, u32)) -> Exit {
    if args.scenario.is_some() {
        say("error[cycle.scenario]: --cycle is about any group of people, and reads no scenario\n  help: leave the file out");
        return MISTAKE;
    }
    let latent = args.latent_days.unwrap_or(LATENT);
    let infectious = args.infectious_days.unwrap_or(INFECTIOUS);
    let cycle = Cycle { on, off, latent, infectious };
    let home: Vec<f64> = args.home_r.map_or_else(|| HOME.to_vec(), |home| vec![home]);
    let document = GrowthDocument::of(&cycle, &home, args.work_r);
    match args.look.format {
        Format::Json => print(&json(&document)),
        Format::Markdown => print(&markdown(&document)),
        Format::Text => print(&text(&document, is_plain(args.look))),
    }
    if document.dies_out == Some(false) {
        NO
    } else {
        0
    }
}
