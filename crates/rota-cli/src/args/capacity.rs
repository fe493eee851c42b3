//! What may be typed after `rota capacity`.

use super::{seconds, Look, TimeLimit};
use clap::ValueEnum;
use rota_rules::rules::distance::{LONGEST, SHORTEST};
use std::path::PathBuf;

/// `rota capacity`
#[derive(Debug, clap::Args)]
pub struct Capacity {
    /// The plan: a table of desks (.csv with desk,x,y,zone,floor,features), a drawing (.svg, .dxf) or a scenario (.json); - for
    /// standard input
    pub plan: String,
    /// Distances in metres, one by one or as a range with a step: 1.0,1.5,2.0 or 0.5..3.0/0.1
    #[arg(long, allow_negative_numbers = true, value_name = "METRES", default_value = "1.0,1.5,2.0", value_parser = distances)]
    pub distance: Distances,
    /// Whether so many people can come
    #[arg(long, allow_negative_numbers = true, value_name = "N", requires = "days", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub people: Option<u32>,
    /// On how many days a week each of them; 2.5 for five a fortnight
    #[arg(long, allow_negative_numbers = true, value_name = "DAYS", requires = "people", value_parser = above_nought)]
    pub days: Option<f64>,
    /// Days a week on which the place is open
    #[arg(long, allow_negative_numbers = true, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=7))]
    pub open_days: u32,
    /// Of equally many desks, choose these: features or desks, with commas between
    #[arg(long, value_name = "FEATURES")]
    pub prefer: Option<String>,
    /// The day whose closed desks are left out; those closed on every day if not given
    #[arg(long, value_name = "DAY")]
    pub on: Option<String>,
    /// The unit of the positions in a table or a drawing; metres if not given, but a drawing needs it or --scale
    #[arg(long, value_enum)]
    pub unit: Option<Unit>,
    /// Metres in one unit of the positions: 0.05 for a drawing in which 20 units are a metre
    #[arg(long, allow_negative_numbers = true, value_name = "METRES", conflicts_with = "unit", value_parser = scale)]
    pub scale: Option<f64>,
    /// Floor area in square metres
    #[arg(long, allow_negative_numbers = true, value_name = "M2", value_parser = above_nought)]
    pub area: Option<f64>,
    /// Square metres for each person
    #[arg(long, allow_negative_numbers = true, value_name = "M2", requires = "area", value_parser = above_nought)]
    pub area_each: Option<f64>,
    /// Height of the room in metres: 11 cubic metres of air for each person, height counted up to 3 m
    #[arg(long, allow_negative_numbers = true, value_name = "METRES", requires = "area", value_parser = above_nought)]
    pub height: Option<f64>,
    /// The share of the desks that may be used: 40% or 0.4
    #[arg(long, allow_negative_numbers = true, value_name = "SHARE", value_parser = part)]
    pub share: Option<f64>,
    /// Write the answer to a file (.html, .svg, .csv, .json, .md or .txt); may be given several times
    #[arg(short, long, value_name = "PATH")]
    pub output: Vec<PathBuf>,
    /// What -o holds where its ending does not tell; without -o, printed instead of the page
    #[arg(long, value_enum)]
    pub to: Option<CapacityKind>,
    /// Seconds for the whole command, or none; a sweep of more than three distances takes a tenth of them at most
    #[arg(long, default_value = "60", value_parser = seconds, value_name = "SECONDS")]
    pub time_limit: TimeLimit,
    /// Threads to use; 0 for as many as there are cores
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub threads: usize,
    #[command(flatten)]
    pub look: Look,
}

/// What an answer about capacity is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CapacityKind {
    /// A report with pictures, in one file
    Html,
    /// The curve and the plans
    Svg,
    /// Which desks are used at which distance
    Csv,
    /// For programs
    Json,
    /// For a page or a message
    Md,
    /// As on the screen
    Txt,
}

/// A unit of length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Unit {
    /// Metres
    M,
    /// Centimetres
    Cm,
    /// Millimetres
    Mm,
    /// Feet
    Ft,
    /// Inches
    In,
}

impl Unit {
    /// Metres in one of it.
    pub fn metres(self) -> f64 {
        match self {
            Unit::M => 1.0,
            Unit::Cm => 0.01,
            Unit::Mm => 0.001,
            Unit::Ft => 0.3048,
            Unit::In => 0.0254,
        }
    }
}

/// Rows of desks.
#[derive(Debug, Clone, PartialEq)]
pub struct DeskGrid {
    /// The zone's id.
    pub zone: String,
    /// Desks in a row.
    pub columns: u32,
    /// Rows.
    pub rows: u32,
    /// Metres from column to column and from row to row.
    pub apart: [f64; 2],
}

/// More desks than this are a slip.
const MOST_IN_GRID: u32 = 100_000;

pub(super) fn grid(text: &str) -> Result<DeskGrid, String> {
    let wrong = || "write it like north:4x6@1.4x1.6 (zone, columns x rows @ metres x metres)".to_string();
    let (zone, rest) = text.split_once(':').ok_or_else(wrong)?;
    let (number, apart) = rest.split_once('@').ok_or_else(wrong)?;
    let (columns, rows) = number.split_once('x').ok_or_else(wrong)?;
    let whole = |text: &str| text.trim().parse::<u32>().ok().filter(|number| *number > 0).ok_or_else(wrong);
    let metres = |text: &str| {
        let found = text.trim().parse::<f64>().ok();
        found.filter(|metres| *metres > 0.0 && *metres <= 1000.0).ok_or_else(wrong)
    };
    let (columns, rows) = (whole(columns)?, whole(rows)?);
    if columns.checked_mul(rows).is_none_or(|desks| desks > MOST_IN_GRID) {
        return Err(format!("more than {MOST_IN_GRID} desks are too many for one zone"));
    }
    let (x, y) = apart.split_once('x').unwrap_or((apart, apart));
    if !rota_core::site::is_id(zone) {
        return Err(format!("`{zone}` cannot name a zone: use letters, digits and _ . @ -"));
    }
    Ok(DeskGrid { zone: zone.to_string(), columns, rows, apart: [metres(x)?, metres(y)?] })
}

/// Distances in metres.
#[derive(Debug, Clone, PartialEq)]
pub struct Distances(pub Vec<f64>);

/// More distances than this are a slip.
const MOST_DISTANCES: f64 = 500.0;

fn distances(text: &str) -> Result<Distances, String> {
    let length = |text: &str| match text.trim().trim_end_matches('m').trim_end().parse::<f64>() {
        Ok(metres) if (SHORTEST..=LONGEST).contains(&metres) => Ok(metres),
        Ok(metres) if metres.is_finite() => Err(format!(
            "{text} is no distance between desks, in metres: {SHORTEST} to {LONGEST} can be asked for"
        )),
        _ => Err(format!("`{text}` is no distance in metres: write it like 1.5")),
    };
    let mut all = Vec::new();
    for part in text.split(',') {
        let Some((from, rest)) = part.split_once("..") else {
            all.push(length(part)?);
            continue;
        };
        let Some((to, step)) = rest.split_once('/') else {
            return Err(format!("`{part}` has no step: write it like 0.5..3.0/0.1"));
        };
        let (from, to) = (length(from)?, length(to)?);
        let step = length(step)?;
        let steps = ((to - from) / step + 1e-9).floor();
        if to < from || steps > MOST_DISTANCES {
            return Err(format!("`{part}` runs backwards or has more than {MOST_DISTANCES} steps"));
        }
        // 0.5 + 3 * 0.1 is 0.8 and not a little more.
        all.extend((0..=steps as u32).map(|at| ((from + f64::from(at) * step) * 1e6).round() / 1e6));
    }
    all.sort_by(f64::total_cmp);
    all.dedup();
    if all.len() as f64 > MOST_DISTANCES {
        return Err(format!("more than {MOST_DISTANCES} distances are too many"));
    }
    Ok(Distances(all))
}

fn above_nought(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if (0.01..=1e6).contains(&number) => Ok(number),
        _ => Err("give a number from 0.01 to 1000000".to_string()),
    }
}

fn scale(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if (1e-6..=1e4).contains(&number) => Ok(number),
        _ => Err("give the metres in one unit, from 0.000001 to 10000, like 0.05".to_string()),
    }
}

fn part(text: &str) -> Result<f64, String> {
    let (number, each) = text.strip_suffix('%').map_or((text, 1.0), |number| (number, 0.01));
    match number.trim().parse::<f64>().map(|number| number * each) {
        Ok(share) if share > 0.0 && share <= 1.0 => Ok(share),
        _ => Err("give a share above 0 and up to 1, like 40% or 0.4".to_string()),
    }
}
