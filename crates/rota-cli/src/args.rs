//! What may be typed after `rota`.

mod batch;
mod capacity;
mod export;
mod serve;
mod size;
mod what_if;

pub use batch::Batch;
pub use capacity::{Capacity, CapacityKind, DeskGrid, Unit};
pub use export::{Export, ExportKind, Free, SolveKind};
pub use serve::Serve;
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
        given.map(|(option, file)| [" ", option, " ", &crate::quoted::quoted(file)].concat()).collect()
    }
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read, solve and write the roster beside the file; `rota team.xlsx` does the same
    Open(Open),
    /// Find the best roster of a scenario
    Solve(Solve),
    /// Solve many scenarios, one a line, several at once: one roster a line, in the same order
    Batch(Batch),
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
    /// Make a scenario of a list of staff or of a public benchmark's file, or write a scenario as another kind of file
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
    /// What would come of it: other numbers, people who choose their days or stay away, one case, a cycle of days on site
    WhatIf(WhatIf),
    /// Write a roster for people: workbook, page, calendars, charts, words
    Export(Export),
    /// Which desks and seats can still be used on a day
    Free(Free),
    /// Answer questions over HTTP on this computer, and serve a page for managers
    Serve(Serve),
}

impl Command {
    /// What a command reads that searches in any case, and so ends with the best so far when it is asked to.
    pub fn searched(&self) -> Option<Vec<&str>> {
        match self {
            Command::Open(open) => Some(vec![&open.scenario]),
            Command::Solve(solve) => Some(vec![&solve.scenario]),
            Command::Explain(Explain { scenario, roster, .. }) => {
                Some(std::iter::once(scenario).chain(roster).map(String::as_str).collect())
            }
            Command::Replan(replan) => Some(vec![&replan.scenario, &replan.roster]),
            Command::Size(size) => Some(vec![&size.scenario]),
            _ => None,
        }
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
    #[arg(long, default_value = "60", allow_negative_numbers = true, value_parser = seconds, value_name = "SECONDS")]
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

/// How much may be searched, and on what.
#[derive(Debug, clap::Args)]
pub struct Work {
    /// Search steps (branch-and-bound nodes) at most for each level: a limit that repeats exactly
    #[arg(long, allow_negative_numbers = true, value_name = "N")]
    pub effort: Option<u64>,
    /// Seed for choices that are free
    #[arg(long, allow_negative_numbers = true, default_value_t = 0, value_name = "N")]
    pub seed: u64,
    /// Threads to use; 0 for as many as there are cores
    #[arg(long, allow_negative_numbers = true, default_value_t = 0, value_name = "N")]
    pub threads: usize,
}

/// How good a roster is to be.
#[derive(Debug, clap::Args)]
pub struct Aim {
    /// How far from the best is good enough, as a share: 0.01 for one in a hundred
    #[arg(long, allow_negative_numbers = true, default_value_t = 0.0, value_parser = share, value_name = "SHARE")]
    pub gap: f64,
    /// When the must rules clash, give the closest roster and say what is bent
    #[arg(long)]
    pub best_effort: bool,
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
    #[arg(long, default_value = "60", allow_negative_numbers = true, value_parser = seconds, value_name = "SECONDS")]
    pub time_limit: TimeLimit,
    #[command(flatten)]
    pub work: Work,
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
    /// Write the roster to a file (.json, .csv, .xlsx, .html, .md or .txt), or with --to into a folder; - for JSON on
    /// standard output
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Write these as well, beside the file of -o or in its folder: xlsx,html,ics
    #[arg(long, value_enum, value_name = "KINDS", value_delimiter = ',', requires = "output")]
    pub to: Vec<SolveKind>,
    /// Seconds for the whole command, or none
    #[arg(long, default_value = "60", allow_negative_numbers = true, value_parser = seconds, value_name = "SECONDS")]
    pub time_limit: TimeLimit,
    #[command(flatten)]
    pub work: Work,
    #[command(flatten)]
    pub aim: Aim,
    /// Plan people to spare: each must headcount holds with this chance when some do not work after all
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, value_parser = share)]
    pub spare: Option<f64>,
    /// The share of planned days on which somebody does not work, for those who have no `absent_rate`
    #[arg(long, value_name = "SHARE", requires = "spare", allow_negative_numbers = true, value_parser = share)]
    pub absent_rate: Option<f64>,
    /// Write the history that the next rota needs (JSON), to be read with --history
    #[arg(long, value_name = "FILE")]
    pub history_out: Option<PathBuf>,
    #[command(flatten)]
    pub beside: Beside,
    /// How progress is told
    #[arg(long, value_enum, default_value = "auto")]
    pub progress: ProgressKind,
    /// End with the best so far when standard input is closed, too; for programs that hold it open while they wait
    #[arg(long)]
    pub cancel_on_close: bool,
    #[command(flatten)]
    pub look: Look,
}

/// `rota check`
#[derive(Debug, clap::Args)]
pub struct Check {
    /// The scenario; - for standard input
    pub scenario: String,
    /// The roster: .json, .csv or .xlsx
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
    #[arg(long, default_value = "60", allow_negative_numbers = true, value_parser = seconds, value_name = "SECONDS")]
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
    /// As a JSON scenario
    #[arg(long, conflicts_with = "workbook")]
    pub json: bool,
    /// As a workbook with sheets to fill in
    #[arg(long)]
    pub workbook: bool,
    /// The team to begin with; a small one with typical rules if not given
    #[arg(long, value_enum, conflicts_with = "grid")]
    pub starter: Option<Starter>,
    /// Desks in rows instead of a team, for rota capacity: zone, columns x rows @ metres between columns x rows; may be
    /// given several times
    #[arg(long, value_name = "ZONE:CxR@XxY", conflicts_with = "workbook", value_parser = capacity::grid)]
    pub grid: Vec<DeskGrid>,
    /// Where to write it: .xlsx, .json, or a folder (ends in /) of CSV files; .csv or .json with --grid
    #[arg(short, long, value_name = "PATH")]
    pub output: PathBuf,
    #[command(flatten)]
    pub look: Look,
}

/// A team to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Starter {
    /// Clinical coders: paper notes, a validator, a trainee, desks two metres apart
    Coding,
    /// A reception: early and late shifts over opening hours, keys, phones
    Reception,
    /// Ward clerks on seven days: weekends, rest between shifts, weeks in turn
    #[value(name = "ward_clerks")]
    WardClerks,
    /// Secretaries in pairs that cover each other and never meet
    Secretaries,
}

/// `rota import`
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The format of a public benchmark's file; if not given, the file is a list of staff, or a scenario to be
    /// written as another kind of file
    #[arg(long, value_enum)]
    pub kind: Option<ImportKind>,
    /// Which published objective of asocio25 is meant; the first if not given
    #[arg(long, value_enum, requires = "kind")]
    pub reading: Option<ImportReading>,
    /// A workbook, a CSV file, a folder of CSV files, a scenario; with --kind the benchmark's file, - for standard input
    pub file: String,
    /// Where to write the scenario: .xlsx, .json, or a folder (ends in /) of CSV files; standard output (JSON) if not given
    #[arg(short, long, value_name = "PATH", conflicts_with = "score")]
    pub output: Option<PathBuf>,
    /// What a column holds: "Employee=name"; may be given several times
    #[arg(long, value_name = "HEADING=FIELD", conflicts_with = "kind")]
    pub map: Vec<String>,
    /// What a code in a grid means: "T=away" (works, home, `on_site` or away); may be given several times
    #[arg(long, value_name = "CODE=MEANING", conflicts_with = "kind")]
    pub code: Vec<String>,
    /// What a grid of people and days is
    #[arg(long = "as", value_enum, conflicts_with = "kind")]
    pub grid: Option<ImportGrid>,
    /// How dates such as 6/7/2020 are read; asked about if not given
    #[arg(long, value_enum, conflicts_with = "kind")]
    pub dates: Option<ImportDates>,
    /// Keep why people are away
    #[arg(long, conflicts_with = "kind")]
    pub keep_reasons: bool,
    /// First day of the roster where no grid says it; Monday of next week if not given
    #[arg(long, value_name = "DATE", value_parser = date, conflicts_with = "kind")]
    pub from: Option<rota_core::Date>,
    /// Instead of a scenario, give the benchmark's own figure of this roster (.json or .csv)
    #[arg(long, value_name = "ROSTER", requires = "kind")]
    pub score: Option<String>,
    #[command(flatten)]
    pub look: Look,
}

/// What a grid of people and days is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportGrid {
    /// Where people can be: laws
    Availability,
    /// Where people ask to be
    Wishes,
    /// The roster so far
    Previous,
}

/// How dates of three numbers are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportDates {
    /// 6/7/2020 is 6 July
    DayFirst,
    /// 6/7/2020 is 7 June
    MonthFirst,
}

/// `rota open`, or `rota` with the name of a file
#[derive(Debug, clap::Args)]
pub struct Open {
    /// The workbook, folder of CSV files or scenario
    pub scenario: String,
    /// Seconds for the search, or none; twice as long where the must rules clash
    #[arg(long, default_value = "60", allow_negative_numbers = true, value_parser = seconds, value_name = "SECONDS")]
    pub time_limit: TimeLimit,
    /// Seed for choices that are free
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub seed: u64,
    /// How progress is told
    #[arg(long, value_enum, default_value = "auto")]
    pub progress: ProgressKind,
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
    #[arg(long, allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub people: u64,
    /// How many working days
    #[arg(long, default_value_t = 10, allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(1..=250))]
    pub days: u64,
    /// The same seed gives the same department
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Desks instead of seats, to be kept so many metres apart: twice as many as can be in use together
    #[arg(long, value_name = "METRES", allow_negative_numbers = true, value_parser = metres)]
    pub metres: Option<f64>,
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
        _ => Err("give seconds above 0 and at most 10000000, or none".to_string()),
    }
}

fn date(text: &str) -> Result<rota_core::Date, String> {
    rota_core::Date::parse(text)
}

fn whole(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| "give a whole number, 0 or more".to_string())
}

fn metres(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if (0.1..=100.0).contains(&number) => Ok(number),
        _ => Err("give metres from 0.1 to 100, like 2.0".to_string()),
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..1.0).contains(&share) => Ok(share),
        _ => Err("give a share from 0 up to, not including, 1".to_string()),
    }
}
