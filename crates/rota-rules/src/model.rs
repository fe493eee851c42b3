//! The rules as rows: a buffer of columns and rows that know what they stand for. No solver is named here.
//!
//! Rules write rows about *presence* (is this person there, on such a shift, at such a place?), about desks
//! *taken*, and about a few typed *helpers*. How fine the real decisions are made is settled later, when the
//! buffer is turned into a program.
//!
//! Every row has an owner and a subject, and one slack per subject unless its strength is a law's: the least
//! slack, with the decisions fixed, is the amount by which the subject breaks its rule. [`Model::amounts`]
//! computes just that from a roster, by plain evaluation.

pub use crate::sum::{Column, Sum};
use rota_core::calendar::{Moment, ShiftSet};
use rota_core::roster::{Place, Roster};
use rota_core::select::{Presence, Spot};
use rota_core::{About, CohortIndex, Day, DeskIndex, DutyIndex, Limit, PersonIndex, Site};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

/// Who wants a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// A law.
    Law(Law),
    /// A pin: person and place in the person's list.
    Pin(PersonIndex, u32),
    /// A rule, by its place in the list of the problem.
    Rule(u32),
}

/// The laws: what no rule, strength or option bends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Law {
    /// One state a day; off exactly when not working.
    State,
    /// Only at home, or only on site.
    Only,
    /// Pins.
    Fixed,
    /// With shifts, a day on site has exactly one that is open to the person.
    Shift,
    /// With sites, a day on site has exactly one zone, and one desk where the zone has desks.
    Place,
    /// One person per desk at a time.
    Desk,
    /// No more people in a zone than seats.
    Seats,
    /// A seat has what the person needs.
    Needs,
    /// A seat kept for some is used by no others.
    For,
    /// Nobody is where it is closed.
    Closed,
}

impl Law {
    /// All of them.
    pub const ALL: [Law; 10] = [
        Law::State,
        Law::Only,
        Law::Fixed,
        Law::Shift,
        Law::Place,
        Law::Desk,
        Law::Seats,
        Law::Needs,
        Law::For,
        Law::Closed,
    ];

    /// What it says, for people.
    pub fn spoken(self) -> &'static str {
        match self {
            Law::State => "whoever works is on site or at home, and nobody else is",
            Law::Only => "whoever may only be in one place is there",
            Law::Fixed => "fixed days are as fixed",
            Law::Shift => "a day on site has one shift, and one that is open to them",
            Law::Place => "a day on site has one place to sit",
            Law::Desk => "a desk holds one person at a time",
            Law::Seats => "a zone holds no more people than it has seats",
            Law::Needs => "everybody sits where there is what they need",
            Law::For => "a place kept for some is used by no others",
            Law::Closed => "nobody is where it is closed",
        }
    }

    /// Its code: `law.desk`.
    pub fn code(self) -> &'static str {
        match self {
            Law::State => "law.state",
            Law::Only => "law.only",
            Law::Fixed => "law.fixed",
            Law::Shift => "law.shift",
            Law::Place => "law.place",
            Law::Desk => "law.desk",
            Law::Seats => "law.seats",
            Law::Needs => "law.needs",
            Law::For => "law.for",
            Law::Closed => "law.closed",
        }
    }
}

/// What a column stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Meaning {
    /// 1 when the person, whose shift starts on the day, is on site in this way.
    There {
        /// The person.
        person: PersonIndex,
        /// The day; one the person works.
        day: Day,
        /// On which shifts, where.
        presence: Presence,
    },
    /// 1 when somebody whose shift, one of these, starts on the day sits at the desk.
    Taken {
        /// The desk.
        desk: DeskIndex,
        /// The day.
        day: Day,
        /// The shifts.
        shifts: ShiftSet,
    },
    /// 1 when the person does the duty on the day.
    Duty {
        /// The person.
        person: PersonIndex,
        /// The day.
        day: Day,
        /// The duty.
        duty: DutyIndex,
    },
    /// 1 when the person is in the cohort.
    Cohort {
        /// The person.
        person: PersonIndex,
        /// The cohort.
        cohort: CohortIndex,
    },
    /// 1 when the sum is at least 1.
    AnyOf(Sum),
    /// 1 when the sum is at least so much.
    Enough(Sum, f64),
    /// 1 when both are 1.
    Both(Sum, Sum),
    /// The sum divided by the number, rounded up.
    Blocks(Sum, f64),
}

impl Meaning {
    /// The sums of earlier columns that a helper is made of; none for what is decided.
    pub fn parts(&self) -> Vec<&Sum> {
        match self {
            Meaning::There { .. } | Meaning::Taken { .. } | Meaning::Duty { .. } | Meaning::Cohort { .. } => {
                Vec::new()
            }
            Meaning::AnyOf(sum) | Meaning::Enough(sum, _) | Meaning::Blocks(sum, _) => vec![sum],
            Meaning::Both(one, other) => vec![one, other],
        }
    }

    /// The value of a helper for given values of the earlier columns; none for what is decided.
    pub fn follows(&self, values: &[f64]) -> Option<f64> {
        let truth = |holds: bool| Some(f64::from(u8::from(holds)));
        match self {
            Meaning::There { .. } | Meaning::Taken { .. } | Meaning::Duty { .. } | Meaning::Cohort { .. } => {
                None
            }
            Meaning::AnyOf(sum) => truth(sum.value(values) >= 0.5),
            Meaning::Enough(sum, least) => truth(sum.value(values) >= least - 1e-9),
            Meaning::Both(one, other) => truth(one.value(values) >= 0.5 && other.value(values) >= 0.5),
            Meaning::Blocks(sum, every) => Some((sum.value(values) / every - 1e-9).ceil()),
        }
    }
}

/// Which side of a bound a row's sum keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// At least the bound.
    AtLeast,
    /// At most the bound.
    AtMost,
}

/// One row: a sum kept to one side of a bound.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The sum.
    pub sum: Sum,
    /// The side.
    pub sense: Sense,
    /// The bound.
    pub bound: f64,
}

impl Row {
    /// `sum >= bound`.
    pub fn at_least(sum: Sum, bound: f64) -> Row {
        Row { sum, sense: Sense::AtLeast, bound }
    }

    /// `sum <= bound`.
    pub fn at_most(sum: Sum, bound: f64) -> Row {
        Row { sum, sense: Sense::AtMost, bound }
    }

    /// By how much values miss the bound, 0 when they do not.
    pub fn short(&self, values: &[f64]) -> f64 {
        let value = self.sum.value(values);
        match self.sense {
            Sense::AtLeast => (self.bound - value).max(0.0),
            Sense::AtMost => (value - self.bound).max(0.0),
        }
    }
}

/// Rows that share one slack: the subject is charged its worst row.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Who wants them.
    pub owner: Owner,
    /// What they are about.
    pub about: About,
    /// The rows.
    pub rows: Vec<Row>,
}

/// Two sums of 0 or 1 that must not both be 1. Edges of one subject share one slack.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Who wants it.
    pub owner: Owner,
    /// What it is about.
    pub about: About,
    /// One side.
    pub one: Sum,
    /// The other.
    pub other: Sum,
}

/// Where a rule looks for people.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Default,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// On site.
    #[default]
    OnSite,
    /// Working at home.
    Home,
    /// Working, in either place.
    Working,
}

impl Look {
    /// Whether it is the default.
    #[allow(clippy::trivially_copy_pass_by_ref)] // serde hands over a reference
    pub fn is_on_site(&self) -> bool {
        *self == Look::OnSite
    }

    /// `on site`, `at home`, `working`.
    pub fn spoken(self) -> &'static str {
        match self {
            Look::OnSite => "on site",
            Look::Home => "at home",
            Look::Working => "working",
        }
    }
}

/// The buffer.
#[derive(Debug, Clone)]
pub struct Model {
    /// What each column stands for; helpers speak of earlier columns only.
    pub columns: Vec<Meaning>,
    /// Rows with their slack, in the order of the rules.
    pub groups: Vec<Group>,
    /// Pairs that must not both be.
    pub edges: Vec<Edge>,
    owner: Owner,
    team: Option<rota_core::TeamIndex>,
    presences: HashMap<(PersonIndex, Day, Presence), Column>,
    takens: HashMap<(DeskIndex, Day, ShiftSet), Column>,
    duties: HashMap<(PersonIndex, Day, DutyIndex), Column>,
    cohorts: HashMap<(PersonIndex, CohortIndex), Column>,
    site: Site,
    stop: Arc<AtomicBool>,
}

impl Model {
    /// An empty buffer over a site.
    pub fn new(site: &Site) -> Model {
        Model::until(site, Arc::default())
    }

    /// The same, to which nothing is added any more once the flag is set: what rules go on to ask and to want is passed
    /// over, and the buffer is worth nothing.
    pub fn until(site: &Site, stop: Arc<AtomicBool>) -> Model {
        Model {
            columns: Vec::new(),
            groups: Vec::new(),
            edges: Vec::new(),
            owner: Owner::Law(Law::State),
            team: None,
            presences: HashMap::new(),
            takens: HashMap::new(),
            duties: HashMap::new(),
            cohorts: HashMap::new(),
            site: site.clone(),
            stop,
        }
    }

    /// Whether somebody no longer wants the buffer, nor what is made of it.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Says who wants the rows that follow, and for which team.
    pub fn begin(&mut self, owner: Owner, team: Option<rota_core::TeamIndex>) {
        self.owner = owner;
        self.team = team;
    }

    fn push(&mut self, meaning: Meaning) -> Column {
        let column = Column(self.columns.len() as u32);
        self.columns.push(meaning);
        column
    }

    // ------------------------------------------------------------ asking

    /// 1 when the person is on site in this way on a day of the calendar or of known history.
    pub fn on_site(&mut self, person: PersonIndex, day: Day, presence: &Presence) -> Sum {
        if day.is_past() {
            let there = self.site.past_cell(person, day).is_some_and(|cell| cell.fits(&self.site, presence));
            return Sum::number(f64::from(u8::from(there)));
        }
        if self.is_stopped() || !self.site.works(person, day) || presence.shifts == ShiftSet::NONE {
            return Sum::default();
        }
        let key = (person, day, *presence);
        if let Some(column) = self.presences.get(&key) {
            return Sum::column(*column);
        }
        let column = self.push(Meaning::There { person, day, presence: *presence });
        self.presences.insert(key, column);
        Sum::column(column)
    }

    /// 1 when the person is in the place looked at; shifts and spot count on site only.
    pub fn there(&mut self, person: PersonIndex, day: Day, look: Look, presence: &Presence) -> Sum {
        let works = Sum::number(f64::from(u8::from(self.site.works(person, day))));
        match look {
            Look::OnSite => self.on_site(person, day, presence),
            Look::Home => works + self.on_site(person, day, &Presence::ON_SITE).times(-1.0),
            Look::Working => works,
        }
    }

    /// 1 when the person is on site at a moment and place.
    pub fn at(&mut self, person: PersonIndex, moment: &Moment, spot: Spot) -> Sum {
        let mut parts: Vec<Sum> = moment
            .parts
            .iter()
            .map(|(day, shifts)| self.on_site(person, *day, &Presence { shifts: *shifts, spot }))
            .filter(|part| *part != Sum::default())
            .collect();
        match parts.len() {
            0 => Sum::default(),
            1 => parts.swap_remove(0),
            // A night shift and the next day's early one may overlap; nobody counts twice.
            _ => self.any_of(parts.into_iter().sum()),
        }
    }

    /// 1 when somebody whose shift, one of these, starts on the day sits at the desk.
    pub fn taken(&mut self, desk: DeskIndex, day: Day, shifts: ShiftSet) -> Sum {
        if day.is_past() {
            let presence = Presence { shifts, spot: Spot::Desk(desk) };
            let taken = PersonIndex::all(self.site.people.len()).any(|person| {
                self.site.past_cell(person, day).is_some_and(|cell| cell.fits(&self.site, &presence))
            });
            return Sum::number(f64::from(u8::from(taken)));
        }
        if self.is_stopped() || !self.site.calendar.is_open(day) || shifts == ShiftSet::NONE {
            return Sum::default();
        }
        let key = (desk, day, shifts);
        if let Some(column) = self.takens.get(&key) {
            return Sum::column(*column);
        }
        let column = self.push(Meaning::Taken { desk, day, shifts });
        self.takens.insert(key, column);
        Sum::column(column)
    }

    /// 1 when the person does the duty on a day of the calendar.
    pub fn duty(&mut self, person: PersonIndex, day: Day, duty: DutyIndex) -> Sum {
        if !self.site.works(person, day) || !self.site.duties_of(person, day).contains(&duty) {
            return Sum::default();
        }
        let key = (person, day, duty);
        if let Some(column) = self.duties.get(&key) {
            return Sum::column(*column);
        }
        let column = self.push(Meaning::Duty { person, day, duty });
        self.duties.insert(key, column);
        Sum::column(column)
    }

    /// 1 when the person is in the cohort; a number for somebody whose cohort is laid down.
    pub fn cohort(&mut self, person: PersonIndex, cohort: CohortIndex) -> Sum {
        let Some(membership) = self.site.membership(person) else { return Sum::default() };
        if let Some(given) = membership.given {
            return Sum::number(f64::from(u8::from(given == cohort)));
        }
        match membership.choices.as_slice() {
            [only] => return Sum::number(f64::from(u8::from(*only == cohort))),
            choices if !choices.contains(&cohort) => return Sum::default(),
            _ => {}
        }
        if let Some(column) = self.cohorts.get(&(person, cohort)) {
            return Sum::column(*column);
        }
        let column = self.push(Meaning::Cohort { person, cohort });
        self.cohorts.insert((person, cohort), column);
        Sum::column(column)
    }

    // ------------------------------------------------------------ helpers

    /// 1 when the sum (of zeros and ones) is at least 1.
    pub fn any_of(&mut self, sum: Sum) -> Sum {
        if sum.is_number() {
            return Sum::number(f64::from(u8::from(sum.constant >= 0.5)));
        }
        if sum.constant == 0.0 && sum.terms.len() == 1 && sum.terms[0].1 == 1.0 {
            return sum;
        }
        Sum::column(self.push(Meaning::AnyOf(sum)))
    }

    /// 1 when the sum (of zeros and ones) is at least `least`.
    pub fn enough(&mut self, sum: Sum, least: f64) -> Sum {
        if sum.is_number() {
            return Sum::number(f64::from(u8::from(sum.constant >= least - 1e-9)));
        }
        Sum::column(self.push(Meaning::Enough(sum, least)))
    }

    /// 1 when both (each 0 or 1) are 1.
    pub fn both(&mut self, one: Sum, other: Sum) -> Sum {
        match (one.is_number(), other.is_number()) {
            (true, _) => other.times(one.constant),
            (_, true) => one.times(other.constant),
            _ => Sum::column(self.push(Meaning::Both(one, other))),
        }
    }

    /// The sum divided by `every`, rounded up: how many started blocks of that size.
    pub fn blocks(&mut self, sum: Sum, every: f64) -> Sum {
        if sum.is_number() {
            return Sum::number((sum.constant / every - 1e-9).ceil());
        }
        Sum::column(self.push(Meaning::Blocks(sum, every)))
    }

    // ------------------------------------------------------------ verbs

    fn group(&mut self, about: About, rows: Vec<Row>) {
        if rows.is_empty() || self.is_stopped() {
            return;
        }
        let about = About { team: self.team.or(about.team), ..about };
        self.groups.push(Group { owner: self.owner, about, rows });
    }

    /// The sum is at least so much.
    pub fn at_least(&mut self, about: About, sum: Sum, bound: f64) {
        self.group(about.limit(Limit::AtLeast), vec![Row::at_least(sum, bound)]);
    }

    /// The sum is at most so much.
    pub fn at_most(&mut self, about: About, sum: Sum, bound: f64) {
        self.group(about.limit(Limit::AtMost), vec![Row::at_most(sum, bound)]);
    }

    /// The sum is exactly so much; each side is charged by itself.
    pub fn exactly(&mut self, about: About, sum: Sum, bound: f64) {
        self.at_least(about, sum.clone(), bound);
        self.at_most(about, sum, bound);
    }

    /// Every row holds; the subject is charged the worst of them. The limit charged must stand in `about`.
    pub fn at_worst(&mut self, about: About, rows: Vec<Row>) {
        self.group(about, rows);
    }

    /// The two sums, each 0 or 1, are never both 1. Edges with the same subject are charged once.
    pub fn never_both(&mut self, about: About, one: Sum, other: Sum) {
        if self.is_stopped() {
            return;
        }
        let about = About { team: self.team.or(about.team), ..about };
        self.edges.push(Edge { owner: self.owner, about, one, other });
    }

    // ------------------------------------------------------------ evaluation

    /// The value of every column in a roster.
    pub fn values(&self, roster: &Roster) -> Vec<f64> {
        let mut values: Vec<f64> = Vec::with_capacity(self.columns.len());
        for meaning in &self.columns {
            values.push(self.value(meaning, roster, &values));
        }
        values
    }

    fn value(&self, meaning: &Meaning, roster: &Roster, values: &[f64]) -> f64 {
        let truth = |holds: bool| f64::from(u8::from(holds));
        match meaning {
            Meaning::There { person, day, presence } => {
                truth(roster.is_there(&self.site, *person, *day, presence))
            }
            Meaning::Taken { desk, day, shifts } => {
                let presence = Presence { shifts: *shifts, spot: Spot::Desk(*desk) };
                truth(PersonIndex::all(self.site.people.len()).any(|person| {
                    roster.at(person, *day).place == Place::OnSite
                        && roster.is_there(&self.site, person, *day, &presence)
                }))
            }
            Meaning::Duty { person, day, duty } => truth(roster.at(*person, *day).duty == Some(*duty)),
            Meaning::Cohort { person, cohort } => truth(roster.cohort(*person) == Some(*cohort)),
            helper => helper.follows(values).expect("all that is decided is told above"),
        }
    }

    /// The least slack of every subject in a roster, where it is above 0, by owner and subject.
    pub fn amounts(&self, roster: &Roster) -> BTreeMap<(Owner, About), f64> {
        let values = self.values(roster);
        let mut amounts: BTreeMap<(Owner, About), f64> = BTreeMap::new();
        for group in &self.groups {
            let worst = group.rows.iter().map(|row| row.short(&values)).fold(0.0, f64::max);
            if worst > 1e-9 {
                *amounts.entry((group.owner, group.about)).or_default() += worst;
            }
        }
        for edge in &self.edges {
            if edge.one.value(&values) > 0.5 && edge.other.value(&values) > 0.5 {
                amounts.insert((edge.owner, edge.about), 1.0);
            }
        }
        amounts
    }
}
