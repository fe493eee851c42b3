//! What may be typed after `rota`.

mod size;
mod what_if;

pub use size::Size;
pub use what_if::{WhatIf, WithinName};

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// On-site rotas that keep every rule, are proved good, and explain themselves.
#[derive(Debug, Parser)]
#[command(name = "rota", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str =
    "Exit codes: 0 done; 1 the answer is no (no roster keeps every rule, or a must rule is broken); \
2 a mistake in the input or the command; 3 an error of rota itself; 4 no answer yet (nothing found in time); \
130 stopped by a second Ctrl-C.";

/// The shape of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For a page or a message.
    Markdown,
}

/// How printed text looks.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Look {
    /// The shape of what is printed
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// One sentence a line: no columns, no drawing
    #[arg(long)]
    pub plain: bool,
}

/// How progress is told, on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProgressKind {
    /// A line that is redrawn on a terminal; a line every 10 seconds elsewhere.
    Auto,
    /// One JSON object a line.
    Jsonl,
    /// Nothing.
    Off,
}

/// Documents read beside the scenario.
#[derive(Debug, Clone, clap::Args)]
pub struct Beside {
    /// History from a file instead of the scenario's own
    #[arg(long, value_name = "FILE")]
    pub history: Option<String>,
    /// The rota this one replaces, from a roster file
    #[arg(long, value_name = "FILE")]
    pub previous: Option<String>,
    /// Ties from a CSV file with the columns one,other,weight
    #[arg(long, value_name = "FILE")]
    pub ties: Option<String>,
}

impl Beside {
    /// As typed, to stand in a command that is to be run next.
    pub fn repeated(&self) -> String {
        let options = [("--history", &self.history), ("--previous", &self.previous), ("--ties", &self.ties)];
        let given = options.into_iter().filter_map(|(option, file)| Some((option, file.as_ref()?)));
        given.map(|(option, file)| [" ", option, " ", file].concat()).collect()
    }
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find the best roster of a scenario
    Solve(Solve),
    /// Judge a roster, whoever made it
    Check(Check),
    /// Find every mistake in a scenario, and arithmetic that cannot work
    Validate(Validate),
    /// Say why no roster keeps every rule and what can be done, or why a roster is as it is
    Explain(Explain),
    /// List the rules, or show the page of one
    Rules {
        /// The rule
        name: Option<String>,
        #[command(flatten)]
        look: Look,
    },
    /// Print the JSON Schema of a document
    Schema {
        /// The kind of document, such as scenario or roster; an unknown one tells them all
        #[arg(default_value = "scenario")]
        kind: String,
        #[command(flatten)]
        look: Look,
    },
    /// Write a starter scenario
    Init(Init),
    /// Make a scenario of a public benchmark's file, or give the benchmark's own figure of a roster
    Import(Import),
    /// Make up a department, for trying things out
    Generate(Generate),
    /// The scenario of the next period: dates, history, leave and expiries rolled on
    Next(Next),
    /// Write the whole mixed-integer program of a level as MPS, for other solvers
    Model(Model),
    /// Compare two rosters: who is elsewhere on which day, and what that bends
    Diff(Diff),
    /// Mend a roster with as few changes as can be: somebody is away, a place is closed, a rule has changed
    Replan(Replan),
    /// Whom to ask when people are away; without a roster: may this leave be granted?
    Cover(Cover),
    /// How many desks of a plan can be in use at each distance, and how many people that is enough for
    Capacity(Capacity),
    /// How many desks, seats, bays or laptops are needed, and what one more or one fewer buys
    Size(Size),
    /// What would come of chance or of another way of working: attendance that nobody plans
    WhatIf(WhatIf),
}

/// `rota capacity`
#[derive(Debug, clap::Args)]
pub struct Capacity {
    /// The plan: a table of desks (.csv with desk,x,y,zone,floor,features), a drawing (.svg) or a scenario (.json); - for
    /// standard input
    pub plan: String,
    /// Distances in metres, one by one or as a range with a step: 1.0,1.5,2.0 or 0.5..3.0/0.1
    #[arg(long, value_name = "METRES", default_value = "1.0,1.5,2.0", value_parser = distances)]
    pub distance: Distances,
    /// Whether so many people can come
    #[arg(long, value_name = "N", requires = "days", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub people: Option<u32>,
    /// On how many days a week each of them; 2.5 for five a fortnight
    #[arg(long, value_name = "DAYS", requires = "people", value_parser = above_nought)]
    pub days: Option<f64>,
    /// Days a week on which the place is open
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=7))]
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
    #[arg(long, value_name = "METRES", conflicts_with = "unit", value_parser = above_nought)]
    pub scale: Option<f64>,
    /// Floor area in square metres
    #[arg(long, value_name = "M2", value_parser = above_nought)]
    pub area: Option<f64>,
    /// Square metres for each person
    #[arg(long, value_name = "M2", requires = "area", value_parser = above_nought)]
    pub area_each: Option<f64>,
    /// Height of the room in metres: 11 cubic metres of air for each person, height counted up to 3 m
    #[arg(long, value_name = "METRES", requires = "area", value_parser = above_nought)]
    pub height: Option<f64>,
    /// The share of the desks that may be used: 40% or 0.4
    #[arg(long, value_name = "SHARE", value_parser = part)]
    pub share: Option<f64>,
    /// Write the answer to a file (.html, .svg, .csv, .json, .md or .txt); may be given several times
    #[arg(short, long, value_name = "PATH")]
    pub output: Vec<PathBuf>,
    /// What -o holds where its ending does not tell; without -o, printed instead of the page
    #[arg(long, value_enum)]
    pub to: Option<CapacityKind>,
    /// Seconds for the whole command, or none
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

fn grid(text: &str) -> Result<DeskGrid, String> {
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
        Ok(metres) if metres > 0.0 && metres <= 1000.0 => Ok(metres),
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
        let (from, to, step) = (length(from)?, length(to)?, length(step)?);
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
        Ok(number) if number > 0.0 && number <= 1e9 => Ok(number),
        _ => Err("give a number above 0".to_string()),
    }
}

fn part(text: &str) -> Result<f64, String> {
    let (number, each) = text.strip_suffix('%').map_or((text, 1.0), |number| (number, 0.01));
    match number.trim().parse::<f64>().map(|number| number * each) {
        Ok(share) if share > 0.0 && share <= 1.0 => Ok(share),
        _ => Err("give a share above 0 and up to 1, like 40% or 0.4".to_string()),
    }
}

/// `rota cover`
#[derive(Debug, clap::Args)]
pub struct Cover {
    /// The scenario
    pub scenario: String,
    /// The roster: .json or .csv; if not given, whether a roster is possible with the leave
    pub roster: Option<String>,
    #[command(flatten)]
    pub changed: Since,
    /// Take this choice of those listed: its roster is the result
    #[arg(long, value_name = "N", requires = "roster", allow_negative_numbers = true, value_parser = whole)]
    pub take: Option<u32>,
    /// Write the roster of the choice taken to a file (.json or .csv); - for JSON on standard output
    #[arg(short, long, value_name = "PATH", requires = "take")]
    pub output: Option<PathBuf>,
    /// Seconds for the whole command, or none; only without a roster
    #[arg(long, default_value = "60", value_parser = seconds, value_name = "SECONDS")]
    pub time_limit: TimeLimit,
    #[command(flatten)]
    pub beside: Beside,
    #[command(flatten)]
    pub look: Look,
}

/// What has changed since a roster was made.
#[derive(Debug, Clone, clap::Args)]
pub struct Since {
    /// Somebody does not work after all: "Ben Okafor:today..wed"; may be given several times
    #[arg(long, value_name = "WHO:DAYS")]
    pub absent: Vec<String>,
    /// What counts as today; the date of this computer if not given
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub today: Option<rota_core::Date>,
    /// Write what has changed into the scenario's own file
    #[arg(long)]
    pub save: bool,
}

/// `rota replan`
#[derive(Debug, clap::Args)]
pub struct Replan {
    /// The scenario
    pub scenario: String,
    /// The roster to mend: .json or .csv
    pub roster: String,
    #[command(flatten)]
    pub changed: Since,
    /// Somebody can only work at home: "Cara Singh:thu, fri"; may be given several times
    #[arg(long, value_name = "WHO:DAYS")]
    pub home_only: Vec<String>,
    /// A site, zone or desk is closed: "north:18 June"; may be given several times
    #[arg(long, value_name = "WHERE:DAYS")]
    pub closed: Vec<String>,
    /// Days before this one stay as they are; if not given, days before today, and today only adds people
    #[arg(long, value_name = "DAY")]
    pub since: Option<String>,
    /// Change up to so many person-days where that makes the roster better; as few as can be if not given
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole)]
    pub max_changes: Option<u32>,
    /// Write the mended roster to a file (.json or .csv); - for JSON on standard output
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Seconds for the whole command, or none
    #[arg(long, default_value = "60", value_parser = seconds, value_name = "SECONDS")]
    pub time_limit: TimeLimit,
    /// Search steps at most for each level: a limit that repeats exactly
    #[arg(long, value_name = "N")]
    pub effort: Option<u64>,
    /// Seed for choices that are free
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub seed: u64,
    /// Threads to use; 0 for as many as there are cores
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub threads: usize,
    #[command(flatten)]
    pub beside: Beside,
    /// How progress is told
    #[arg(long, value_enum, default_value = "auto")]
    pub progress: ProgressKind,
    #[command(flatten)]
    pub look: Look,
}

/// `rota diff`
#[derive(Debug, clap::Args)]
pub struct Diff {
    /// The old roster: .json or .csv
    pub old: String,
    /// The new roster: .json or .csv
    pub new: String,
    /// Their scenario: compares what they bend and the wishes too, and gives people their names
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<String>,
    #[command(flatten)]
    pub beside: Beside,
    #[command(flatten)]
    pub look: Look,
}

/// `rota solve`
#[derive(Debug, clap::Args)]
pub struct Solve {
    /// The scenario; - for standard input
    pub scenario: String,
    /// Write the roster to a file (.json, .csv, .md or .txt); - for JSON on standard output
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Seconds for the whole command, or none
    #[arg(long, default_value = "60", value_parser = seconds, value_name = "SECONDS")]
    pub time_limit: TimeLimit,
    /// Search steps (branch-and-bound nodes) at most for each level: a limit that repeats exactly
    #[arg(long, value_name = "N")]
    pub effort: Option<u64>,
    /// How far from the best is good enough, as a share: 0.01 for one in a hundred
    #[arg(long, default_value_t = 0.0, value_parser = share, value_name = "SHARE")]
    pub gap: f64,
    /// Seed for choices that are free
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub seed: u64,
    /// Threads to use; 0 for as many as there are cores
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub threads: usize,
    /// When the must rules clash, give the closest roster and say what is bent
    #[arg(long)]
    pub best_effort: bool,
    /// Plan people to spare: each must headcount holds with this chance on each day when some do not work after all
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub spare: Option<f64>,
    /// The share of planned days on which somebody does not work, for those who have no `absent_rate`
    #[arg(long, value_name = "SHARE", requires = "spare", value_parser = share)]
    pub absent_rate: Option<f64>,
    /// Write the history that the next rota needs (JSON), to be read with --history
    #[arg(long, value_name = "FILE")]
    pub history_out: Option<PathBuf>,
    #[command(flatten)]
    pub beside: Beside,
    /// How progress is told
    #[arg(long, value_enum, default_value = "auto")]
    pub progress: ProgressKind,
    #[command(flatten)]
    pub look: Look,
}

/// `rota check`
#[derive(Debug, clap::Args)]
pub struct Check {
    /// The scenario; - for standard input
    pub scenario: String,
    /// The roster: .json or .csv
    pub roster: String,
    /// A checklist to sign: every law and rule with its reason, wishes by person, how visits are spread
    #[arg(long)]
    pub audit: bool,
    #[command(flatten)]
    pub beside: Beside,
    #[command(flatten)]
    pub look: Look,
}

/// `rota validate`
#[derive(Debug, clap::Args)]
pub struct Validate {
    /// The scenario; - for standard input
    pub scenario: String,
    #[command(flatten)]
    pub beside: Beside,
    #[command(flatten)]
    pub look: Look,
}

/// `rota explain`
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// The scenario; - for standard input
    pub scenario: String,
    /// A roster of it (.json or .csv), to ask why it is as it is
    pub roster: Option<String>,
    /// What would come of it: person, day and place (home, `on_site`, a site, zone, desk or shift)
    #[arg(long, value_name = "PERSON:DAY:PLACE")]
    pub why_not: Vec<String>,
    /// One person's page: it names nobody else's absences or limits
    #[arg(long = "for", value_name = "PERSON")]
    pub for_person: Option<String>,
    /// Write the scenario with this way out taken
    #[arg(long, value_name = "LETTER", conflicts_with_all = ["roster", "why_not", "for_person"])]
    pub apply: Option<String>,
    /// Where to write the scenario of --apply; standard output if not given
    #[arg(short, long, value_name = "PATH", requires = "apply")]
    pub output: Option<PathBuf>,
    /// Seconds for the whole command, or none
    #[arg(long, default_value = "60", value_parser = seconds, value_name = "SECONDS")]
    pub time_limit: TimeLimit,
    #[command(flatten)]
    pub beside: Beside,
    /// How progress is told
    #[arg(long, value_enum, default_value = "auto")]
    pub progress: ProgressKind,
    #[command(flatten)]
    pub look: Look,
}

/// `rota init`
#[derive(Debug, clap::Args)]
pub struct Init {
    /// As a JSON scenario (the only kind of scenario this version writes)
    #[arg(long)]
    pub json: bool,
    /// Desks in rows instead of a team, for rota capacity: zone, columns x rows @ metres between columns x rows; may be
    /// given several times
    #[arg(long, value_name = "ZONE:CxR@XxY", value_parser = grid)]
    pub grid: Vec<DeskGrid>,
    /// Where to write it
    #[arg(short, long, value_name = "PATH")]
    pub output: PathBuf,
    #[command(flatten)]
    pub look: Look,
}

/// `rota import`
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The format of the file
    #[arg(long, value_enum)]
    pub kind: ImportKind,
    /// Which published objective of asocio25 is meant; the first if not given
    #[arg(long, value_enum)]
    pub reading: Option<ImportReading>,
    /// The benchmark's file; - for standard input
    pub file: String,
    /// Where to write the scenario; standard output if not given
    #[arg(short, long, value_name = "PATH", conflicts_with = "score")]
    pub output: Option<PathBuf>,
    /// Instead of a scenario, give the benchmark's own figure of this roster (.json or .csv)
    #[arg(long, value_name = "ROSTER")]
    pub score: Option<String>,
    #[command(flatten)]
    pub look: Look,
}

/// A format that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportKind {
    /// Shift-scheduling instances of Curtois and Qu (text)
    Curtois,
    /// ASOCIO Student Challenge 2025 (JSON)
    Asocio25,
}

/// A published objective of asocio25.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum ImportReading {
    /// One sum: wished days, less unwished days, zones used and days short of 2
    ModelF,
    /// Exactly 2 days each; then the most wished days; then the fewest person-days alone in a zone
    Lexicographic,
}

/// `rota generate`
#[derive(Debug, clap::Args)]
pub struct Generate {
    /// How many people
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub people: u64,
    /// How many working days
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=250))]
    pub days: u64,
    /// The same seed gives the same department
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Where to write it; standard output if not given
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub look: Look,
}

/// `rota model`
#[derive(Debug, clap::Args)]
pub struct Model {
    /// The scenario; - for standard input
    pub scenario: String,
    /// The level that is minimised; the first that the scenario has if not given
    #[arg(long, value_enum)]
    pub level: Option<LevelName>,
    /// Hold the levels above at what this roster costs (.json or .csv); they are not held if not given
    #[arg(long, value_name = "ROSTER")]
    pub after: Option<String>,
    /// Where to write the program; standard output if not given
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub beside: Beside,
    #[command(flatten)]
    pub look: Look,
}

/// One of the levels that are solved in turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum LevelName {
    /// Must rules, paid for as with `solve --best-effort`
    Must,
    /// Rules of strength high
    High,
    /// Rules of strength medium
    Medium,
    /// Rules of strength low
    Low,
    /// Visits
    HomeFirst,
}

/// `rota next`
#[derive(Debug, clap::Args)]
pub struct Next {
    /// The scenario of this period
    pub scenario: String,
    /// Its roster
    pub roster: String,
    /// Where to write the next scenario; standard output if not given
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub beside: Beside,
    #[command(flatten)]
    pub look: Look,
}

/// Seconds, or no limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeLimit(pub Option<f64>);

fn seconds(text: &str) -> Result<TimeLimit, String> {
    if text == "none" {
        return Ok(TimeLimit(None));
    }
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 1e7 => Ok(TimeLimit(Some(seconds))),
        _ => Err("give seconds above 0, or none".to_string()),
    }
}

fn date(text: &str) -> Result<rota_core::Date, String> {
    rota_core::Date::parse(text)
}

fn whole(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| "give a whole number, 0 or more".to_string())
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..1.0).contains(&share) => Ok(share),
        _ => Err("give a share from 0 up to, not including, 1".to_string()),
    }
}
