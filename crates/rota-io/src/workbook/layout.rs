//! The sheets of a scenario and their columns: one list, from which they are read, written and helped with.

use super::kinds::Kind;

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// What stands above it.
    pub heading: &'static str,
    /// The field of the JSON that it holds.
    pub field: &'static str,
    /// What its cells hold.
    pub kind: Kind,
    /// Other headings by which it is known, as [`super::cells::plain_word`] writes them.
    pub also: &'static [&'static str],
    /// Whether it is written even where no row fills it.
    pub usual: bool,
}

const fn column(heading: &'static str, field: &'static str, kind: Kind) -> Column {
    Column { heading, field, kind, also: &[], usual: true }
}

const fn rare(heading: &'static str, field: &'static str, kind: Kind) -> Column {
    Column { heading, field, kind, also: &[], usual: false }
}

const fn known(
    heading: &'static str,
    field: &'static str,
    kind: Kind,
    also: &'static [&'static str],
) -> Column {
    Column { heading, field, kind, also, usual: true }
}

const PLACES: &[&str] = &["home", "on_site"];

/// Whatever plain columns cannot say.
pub const MORE: Column = rare("More", "more", Kind::Json);

/// One person a row.
pub const PEOPLE: &[Column] = &[
    known("Name", "name", Kind::Text, &["person", "employee"]),
    column("Id", "id", Kind::Text),
    column("Team", "team", Kind::Text),
    column("Tags", "tags", Kind::Texts),
    column("Works", "works", Kind::Works),
    column("Base", "base", Kind::Word(&["either", "on_site", "home"])),
    column("Needs", "needs", Kind::Texts),
    column("Starts", "starts", Kind::Date),
    column("Ends", "ends", Kind::Date),
    rare("Note", "note", Kind::Text),
    MORE,
];

/// One span a row in which somebody does not work, or can be in one place only.
pub const AWAY: &[Column] = &[
    known("Person", "person", Kind::Text, &["name", "who", "employee"]),
    column("What", "what", Kind::Word(&["away", "home_only", "on_site_only"])),
    known("From", "from", Kind::On, &["on", "date", "day"]),
    column("To", "to", Kind::Date),
    rare("Why", "why", Kind::Text),
];

/// One wish, or one thing that is already decided, a row.
pub const WISHES: &[Column] = &[
    known("Person", "person", Kind::Text, &["name", "who", "employee"]),
    column("What", "what", Kind::Word(&["wish", "avoid", "fixed"])),
    known("On", "on", Kind::On, &["from", "date", "day"]),
    column("To", "to", Kind::Date),
    column("Place", "place", Kind::Word(PLACES)),
    rare("Shift", "shift", Kind::Text),
    rare("Site", "site", Kind::Text),
    rare("Zone", "zone", Kind::Text),
    rare("Desk", "desk", Kind::Text),
    column("Weight", "weight", Kind::Number),
];

/// One desk a row; a row without a desk is about its zone, one without a zone about its site.
pub const DESKS: &[Column] = &[
    column("Site", "site", Kind::Text),
    column("Zone", "zone", Kind::Text),
    column("Desk", "desk", Kind::Text),
    rare("Name", "name", Kind::Text),
    column("X", "x", Kind::Number),
    column("Y", "y", Kind::Number),
    column("Seats", "seats", Kind::Number),
    rare("Floor", "floor", Kind::Text),
    column("Features", "features", Kind::Texts),
    column("For", "for", Kind::Who),
    column("Closed", "closed", Kind::Closed),
    rare("Note", "note", Kind::Text),
    MORE,
];

/// The strengths of a rule.
pub const STRENGTHS: &[&str] = &["must", "high", "medium", "low", "off"];
const PERIODS: &[&str] = &["day", "week", "fortnight", "rota"];

/// One rule a row: what stands beside every rule, and the fields of the rule itself under the names they have in JSON.
pub const RULES: &[Column] = &[
    column("Rule", "rule", Kind::Word(rota_rules::rule::NAMES)),
    column("Who", "who", Kind::Who),
    column("When", "when", Kind::When),
    column("Where", "where", Kind::Where),
    known("At least", "at_least", Kind::Share, &["min", "minimum"]),
    known("At most", "at_most", Kind::Share, &["max", "maximum"]),
    column("Per", "per", Kind::Word(PERIODS)),
    column("Place", "place", Kind::Word(&["home", "on_site", "working"])),
    rare("Name", "name", Kind::Text),
    rare("By", "by", Kind::Who),
    rare("Every", "every", Kind::Number),
    rare("Of", "of", Kind::Who),
    rare("Metres", "metres", Kind::Number),
    rare("Minutes", "minutes", Kind::Number),
    rare("Days", "days", Kind::Number),
    rare("Hours", "hours", Kind::Number),
    rare("Missing", "missing", Kind::Number),
    rare("Count", "count", Kind::Number),
    rare("Names", "names", Kind::Texts),
    rare("Cycle", "cycle", Kind::WordOrText(&["week_about", "days_about", "four_on_ten_off"])),
    rare("Within", "within", Kind::Word(&["site", "zone"])),
    rare("Want", "want", Kind::Word(&["little", "much"])),
    rare("Pro rata", "pro_rata", Kind::Flag),
    rare("Off ends", "off_ends", Kind::Flag),
    rare("Equal", "equal", Kind::Flag),
    rare("Anew", "anew", Kind::Flag),
    rare("Desks", "desks", Kind::Flag),
    column("Strength", "strength", Kind::Word(STRENGTHS)),
    column("Weight", "weight", Kind::Number),
    column("Because", "because", Kind::Text),
    column("Id", "id", Kind::Text),
    rare("Private", "private", Kind::Flag),
    rare("Review", "review", Kind::Date),
    rare("For each", "for_each", Kind::Word(&["team"])),
    rare("Note", "note", Kind::Text),
    Column { usual: true, ..MORE },
];

/// The days, shifts and settings, one a row.
pub const CALENDAR: &[Column] = &[
    column("What", "what", Kind::Word(SETTINGS)),
    column("Value", "value", Kind::Text),
    column("From", "from", Kind::Text),
    column("To", "to", Kind::Text),
    rare("Name", "name", Kind::Text),
    rare("Hours", "hours", Kind::Number),
    rare("By request", "by_request", Kind::Flag),
    column("Why", "why", Kind::Text),
    MORE,
];

/// What a row of the calendar may be about.
pub const SETTINGS: &[&str] = &[
    "days",
    "work_days",
    "weeks_from",
    "closed",
    "shift",
    "title",
    "default_place",
    "time_zone",
    "past_weeks_from",
    "schema",
    "note",
];

/// One person-day a row: what went before, or the roster that this one replaces.
pub const ASSIGNMENTS: &[Column] = &[
    known("Person", "person", Kind::Text, &["name"]),
    known("On", "on", Kind::Date, &["date", "day"]),
    column("Place", "place", Kind::Word(&["on_site", "home", "off"])),
    column("Shift", "shift", Kind::Text),
    column("Site", "site", Kind::Text),
    column("Zone", "zone", Kind::Text),
    column("Desk", "desk", Kind::Text),
    rare("Duty", "duty", Kind::Text),
    rare("Needed for", "needed_for", Kind::Texts),
    MORE,
];

/// What one person has done so far, a row.
pub const COUNTS: &[Column] = &[
    column("Person", "person", Kind::Text),
    column("Cohort", "cohort", Kind::Text),
    Column { usual: true, ..MORE },
];

/// How much two people work together, a row.
pub const TIES: &[Column] = &[
    column("One", "one", Kind::Text),
    column("Other", "other", Kind::Text),
    column("Weight", "weight", Kind::Number),
];

/// The sheets of a scenario, in their order; those from the seventh on are only there where they are needed.
pub const SHEETS: &[(&str, &[Column])] = &[
    ("People", PEOPLE),
    ("Away", AWAY),
    ("Wishes", WISHES),
    ("Desks", DESKS),
    ("Rules", RULES),
    ("Calendar", CALENDAR),
    ("Previous", ASSIGNMENTS),
    ("Past days", ASSIGNMENTS),
    ("Past counts", COUNTS),
    ("Ties", TIES),
];
