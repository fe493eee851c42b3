//! From the model's rows to a program of numbers: how fine each person-day must be decided, the laws that are the
//! shape of the choices, slacks with their costs, and the way back from values to a roster.

use crate::choices::{Choices, Way};
use crate::cliques::cliques;
use crate::desk_groups::{desk_groups, DeskGroup};
use crate::neighbourhood::Role;
use crate::program::{Program, ProgramColumn, ProgramRow};
use crate::seating;
use rota_core::calendar::{ShiftSet, DAY_MINUTES};
use rota_core::roster::{Cell, Place, Roster};
use rota_core::select::{Presence, Spot};
use rota_core::typed::DefaultPlace;
use rota_core::{About, CohortIndex, Day, DeskIndex, PersonIndex, ShiftIndex};
use rota_rules::model::{Law, Meaning, Model, Owner, Sense, Sum};
use rota_rules::{Problem, Strength};
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub mod anatomy;
mod cost;

pub use cost::{whole_above, Cost, Level, EQUAL};

use cost::common_step;

/// Which rows are taken up, and which may bend.
#[derive(Clone, Copy)]
pub struct Softness<'a> {
    /// Whether must rules are paid for instead of kept.
    pub best_effort: bool,
    /// Whether pins may bend as well: at no cost of any level, but told by [`Lowered::payable`].
    pub pins_bend: bool,
    /// Softer subjects that are conditions all the same: what would come of keeping them is found by asking.
    pub holds: &'a (dyn Fn(Owner, &About) -> bool + Sync),
    /// Whether a group or edge is taken up at all; conflicts are found by leaving some out.
    pub keeps: &'a (dyn Fn(Owner, &About) -> bool + Sync),
}

impl Softness<'_> {
    /// Every row; must rules are conditions.
    pub const STRICT: Softness<'static> =
        Softness { best_effort: false, pins_bend: false, holds: &|_, _| false, keeps: &|_, _| true };
    /// Every row; must rules are paid for.
    pub const BEST_EFFORT: Softness<'static> = Softness { best_effort: true, ..Softness::STRICT };
}

/// What a program column stands for.
#[derive(Debug, Clone, PartialEq)]
enum Origin {
    /// On site at all.
    OnSite(PersonIndex, Day),
    /// One choice of a person-day.
    Choice(PersonIndex, Day, usize),
    /// A column of the model: desk taken or helper.
    Model(usize),
    /// The slack of a subject.
    Slack,
    /// The part of a subject's slack that an exception forgives.
    Forgiven,
}

/// The slack of one group of rows: a column that counts in steps of `grain`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Slack {
    column: usize,
    grain: f64,
    whole: bool,
}

/// A column of the program that only ever belongs to one person-day has its cell; others have none.
const NO_CELL: u32 = u32::MAX;

/// The program of a model, and the way back.
#[derive(Debug)]
pub struct Lowered<'p> {
    problem: &'p Problem,
    model: &'p Model,
    /// Columns and rows.
    pub program: Program,
    /// What each level costs, in order.
    pub levels: Vec<(Level, Cost)>,
    /// Rows that cannot hold whatever is decided.
    pub broken: Vec<(Owner, About)>,
    /// Who is behind the rows that must hold, and about what.
    pub conditions: BTreeSet<(Owner, About)>,
    /// By how much each subject that may bend does so, beyond what exceptions forgive: columns and factors, in the
    /// rule's amounts.
    pub payable: BTreeMap<(Owner, About), Vec<(usize, f64)>>,
    groups: Vec<DeskGroup>,
    /// The group of every desk.
    group_of_desk: Vec<usize>,
    choices: Choices,
    /// Where `on_site` of a person-day is decided: its column, if there is any way to be on site. The columns of
    /// its choices follow, where there is more than one.
    on_site: Vec<Option<usize>>,
    /// The choices that use a group of desks on a day, with their shifts.
    sitting: Vec<Vec<(Option<ShiftIndex>, usize)>>,
    /// Each column of the model as a sum over program columns.
    meanings: Vec<Sum>,
    origins: Vec<Origin>,
    /// The person-day of each column.
    cells: Vec<u32>,
    /// So many of the first rows say what helpers and choices are.
    holding: usize,
}

impl<'p> Lowered<'p> {
    /// Turns a model into a program; where the model [is stopped](Model::is_stopped) meanwhile, into a part of it that is
    /// good for nothing.
    pub fn new(problem: &'p Problem, model: &'p Model, softness: &Softness<'_>) -> Lowered<'p> {
        let cells = problem.site.people.len() * problem.site.calendar.len();
        let groups = desk_groups(&problem.site, model);
        let mut group_of_desk = vec![0; problem.site.desks.len()];
        for (at, group) in groups.iter().enumerate() {
            for desk in &group.desks {
                group_of_desk[desk.at()] = at;
            }
        }
        let mut lowered = Lowered {
            problem,
            model,
            program: Program::default(),
            levels: Vec::new(),
            broken: Vec::new(),
            conditions: BTreeSet::new(),
            payable: BTreeMap::new(),
            sitting: vec![Vec::new(); groups.len() * problem.site.calendar.len()],
            groups,
            group_of_desk,
            choices: Choices::default(),
            on_site: vec![None; cells],
            meanings: Vec::with_capacity(model.columns.len()),
            origins: Vec::new(),
            cells: Vec::new(),
            holding: 0,
        };
        let needed = needed(model, softness);
        lowered.lay_choices(&needed);
        lowered.lay_meanings(&needed, softness);
        lowered.holding = lowered.program.rows.len();
        lowered.lay_duties_and_cohorts();
        lowered.lay_desks(softness);
        lowered.lay_rows(softness);
        lowered
    }

    fn cell(&self, person: PersonIndex, day: Day) -> usize {
        person.at() * self.problem.site.calendar.len() + day.0 as usize
    }

    fn column(&mut self, lower: f64, upper: f64, integer: bool, origin: Origin) -> usize {
        self.program.columns.push(ProgramColumn { lower, upper, integer });
        let cell = match &origin {
            Origin::OnSite(person, day) | Origin::Choice(person, day, _) => self.cell(*person, *day) as u32,
            _ => NO_CELL,
        };
        self.cells.push(cell);
        self.origins.push(origin);
        self.program.columns.len() - 1
    }

    fn row(&mut self, lower: f64, upper: f64, sum: &Sum) {
        let terms = sum.terms.iter().map(|(column, factor)| (column.at(), *factor)).collect();
        self.program.rows.push(ProgramRow {
            lower: lower - sum.constant,
            upper: upper - sum.constant,
            terms,
        });
    }

    // ------------------------------------------------------------ choices

    /// Decides how fine every person-day is: ways that every rule and every desk sees alike are one choice.
    fn lay_choices(&mut self, needed: &[bool]) {
        let site = &self.problem.site;
        let mut asked: Vec<Vec<Presence>> = vec![Vec::new(); self.on_site.len()];
        for (meaning, needed) in self.model.columns.iter().zip(needed) {
            if let (Meaning::There { person, day, presence }, true) = (meaning, needed) {
                asked[self.cell(*person, *day)].push(*presence);
            }
        }
        self.choices = Choices::new(site, &self.groups, asked);
        for cell in 0..self.on_site.len() {
            if self.model.is_stopped() {
                return;
            }
            let Some(kind) = self.choices.of(cell) else { continue };
            let person = PersonIndex((cell / site.calendar.len()) as u32);
            let day = Day((cell % site.calendar.len()) as i32);
            let (count, seats): (usize, Vec<_>) =
                (kind.choices.len(), kind.choices.iter().map(|way| (way.group, way.shift)).collect());
            let on_site = self.column(0.0, 1.0, true, Origin::OnSite(person, day));
            self.on_site[cell] = Some(on_site);
            if count > 1 {
                let mut terms = vec![(on_site, -1.0)];
                terms.extend(
                    (0..count).map(|at| (self.column(0.0, 1.0, true, Origin::Choice(person, day, at)), 1.0)),
                );
                self.program.rows.push(ProgramRow { lower: 0.0, upper: 0.0, terms });
            }
            for (at, (group, shift)) in seats.into_iter().enumerate() {
                if let Some(group) = group {
                    let column = choice_column(on_site, count, at);
                    self.sitting[group * site.calendar.len() + day.0 as usize].push((shift, column));
                }
            }
        }
    }

    fn there(&self, person: PersonIndex, day: Day, presence: &Presence) -> Sum {
        let cell = self.cell(person, day);
        let (Some(on_site), Some(kind)) = (self.on_site[cell], self.choices.of(cell)) else {
            return Sum::default();
        };
        let count = kind.choices.len();
        let fits = |way: &Way| way.fits(&self.problem.site, &self.groups, presence);
        let fitting: Vec<usize> = (0..count).filter(|at| fits(&kind.choices[*at])).collect();
        if fitting.len() == count {
            return program_column(on_site);
        }
        fitting.into_iter().map(|at| program_column(choice_column(on_site, count, at))).sum()
    }

    // ------------------------------------------------------------ columns of the model

    /// A sum over the model's columns as a sum over the program's.
    fn read(&self, sum: &Sum) -> Sum {
        let mut total: Sum =
            sum.terms.iter().map(|(column, factor)| self.meanings[column.at()].clone().times(*factor)).sum();
        total.constant += sum.constant;
        total
    }

    /// Least and greatest value of a sum over program columns, from their bounds and from what one person can do
    /// on one day: stay at home, or make one choice.
    fn range(&self, sum: &Sum) -> (f64, f64) {
        let mut range = (sum.constant, sum.constant);
        let mut at = 0;
        while at < sum.terms.len() {
            let cell = self.cells[sum.terms[at].0.at()];
            if cell == NO_CELL {
                let (column, factor) = sum.terms[at];
                let bounds = self.program.columns[column.at()];
                let ends = (factor * bounds.lower, factor * bounds.upper);
                range.0 += ends.0.min(ends.1);
                range.1 += ends.0.max(ends.1);
                at += 1;
                continue;
            }
            let own = &sum.terms[at..at + self.same_cell(&sum.terms[at..])];
            at += own.len();
            let choices = self.choices.of(cell as usize).map_or(1, |kind| kind.choices.len());
            let on_site = self.on_site[cell as usize].map_or(0.0, |column| {
                own.iter().find(|(own, _)| own.at() == column).map_or(0.0, |(_, factor)| *factor)
            });
            let named = own.iter().filter(|(column, _)| Some(column.at()) != self.on_site[cell as usize]);
            let others = named.clone().count() < choices;
            let ways = named.map(|(_, factor)| on_site + factor).chain(others.then_some(on_site));
            let (least, most) =
                ways.fold((0.0, 0.0), |(least, most): (f64, f64), way| (least.min(way), most.max(way)));
            range.0 += least;
            range.1 += most;
        }
        range
    }

    /// How many of the first terms belong to one person-day.
    fn same_cell(&self, terms: &[(rota_rules::model::Column, f64)]) -> usize {
        let cell = self.cells[terms[0].0.at()];
        terms
            .iter()
            .take_while(|(column, _)| cell != NO_CELL && self.cells[column.at()] == cell)
            .count()
            .max(1)
    }

    fn lay_meanings(&mut self, needed: &[bool], softness: &Softness<'_>) {
        let model = self.model;
        for (at, (meaning, needed)) in model.columns.iter().zip(needed).enumerate() {
            if !needed || model.is_stopped() {
                self.meanings.push(Sum::default());
                continue;
            }
            let sum = match meaning {
                Meaning::There { person, day, presence } => self.there(*person, *day, presence),
                Meaning::Taken { desk, day, shifts } => self.taken(at, *desk, *day, *shifts, softness),
                Meaning::Duty { person, day, .. } => {
                    let can = self.on_site[self.cell(*person, *day)].is_some();
                    if can {
                        program_column(self.column(0.0, 1.0, true, Origin::Model(at)))
                    } else {
                        Sum::default()
                    }
                }
                Meaning::Cohort { .. } => program_column(self.column(0.0, 1.0, true, Origin::Model(at))),
                Meaning::AnyOf(sum) => {
                    let sum = self.read(sum);
                    self.threshold(at, &sum, 1.0)
                }
                Meaning::Enough(sum, least) => {
                    let sum = self.read(sum);
                    self.threshold(at, &sum, *least)
                }
                Meaning::Both(one, other) => {
                    let (one, other) = (self.read(one), self.read(other));
                    let both = program_column(self.column(0.0, 1.0, true, Origin::Model(at)));
                    self.row(f64::NEG_INFINITY, 0.0, &(both.clone() + one.clone().times(-1.0)));
                    self.row(f64::NEG_INFINITY, 0.0, &(both.clone() + other.clone().times(-1.0)));
                    self.row(-1.0, f64::INFINITY, &(both.clone() + (one + other).times(-1.0)));
                    both
                }
                Meaning::Blocks(sum, every) => {
                    let (sum, every) = (self.read(sum), *every);
                    let (least, most) = self.range(&sum);
                    let blocks = |number: f64| (number / every - 1e-9).ceil();
                    let column = self.column(blocks(least), blocks(most), true, Origin::Model(at));
                    let gap = program_column(column).times(every) + sum.times(-1.0);
                    // every * blocks lies in [sum, sum + every - 1] for whole sums.
                    self.row(0.0, every - 1.0, &gap);
                    program_column(column)
                }
            };
            self.meanings.push(sum);
        }
    }

    /// 1 exactly when a whole-valued sum is at least `least`.
    fn threshold(&mut self, at: usize, sum: &Sum, least: f64) -> Sum {
        let (lowest, highest) = self.range(sum);
        if lowest >= least - 1e-9 {
            return Sum::number(1.0);
        }
        if highest < least - 1e-9 {
            return Sum::default();
        }
        let helper = program_column(self.column(0.0, 1.0, true, Origin::Model(at)));
        // helper = 1 only when sum >= least: sum >= lowest + (least - lowest) * helper
        self.row(lowest, f64::INFINITY, &(sum.clone() + helper.clone().times(lowest - least)));
        let plain = least - sum.constant <= 1.0 + 1e-9 && sum.terms.iter().all(|(_, factor)| *factor > 0.0);
        if plain {
            // Any one of them is enough; one row for each person-day is tighter than one row for all.
            let mut at = 0;
            while at < sum.terms.len() {
                let count = self.same_cell(&sum.terms[at..]);
                let own: Sum = sum.terms[at..at + count].iter().map(|(column, _)| Sum::column(*column)).sum();
                at += count;
                if self.range(&own).1 > 1.0 {
                    // On site and a choice of the same day.
                    for (column, _) in &own.terms {
                        self.row(
                            f64::NEG_INFINITY,
                            0.0,
                            &(Sum::column(*column) + helper.clone().times(-1.0)),
                        );
                    }
                } else {
                    self.row(f64::NEG_INFINITY, 0.0, &(own + helper.clone().times(-1.0)));
                }
            }
        } else {
            // helper = 0 only when sum <= least - 1
            self.row(
                f64::NEG_INFINITY,
                least - 1.0,
                &(sum.clone() + helper.clone().times(least - 1.0 - highest)),
            );
        }
        helper
    }

    /// A desk of a group of its own is taken when somebody sits at it; for the others a column says which desks
    /// of the group are set aside for its people.
    fn taken(
        &mut self,
        at: usize,
        desk: DeskIndex,
        day: Day,
        shifts: ShiftSet,
        softness: &Softness<'_>,
    ) -> Sum {
        let group = self.group_of_desk[desk.at()];
        if self.groups[group].desks.len() == 1 {
            let users = self.users(group, day, shifts);
            let (law, about, _) = self.desk_law(group, day);
            if (softness.keeps)(Owner::Law(law), &about) {
                return users;
            }
            // Without the law there may be more than one.
            return self.threshold(at, &users, 1.0);
        }
        let open = !self.problem.site.desk(desk).closed[day.0 as usize];
        program_column(self.column(0.0, f64::from(u8::from(open)), true, Origin::Model(at)))
    }

    /// People in a group of desks, on shifts that start on the day.
    fn users(&self, group: usize, day: Day, shifts: ShiftSet) -> Sum {
        self.sitting[group * self.problem.site.calendar.len() + day.0 as usize]
            .iter()
            .filter(|(shift, _)| shifts == ShiftSet::ALL || shifts.has(*shift))
            .map(|(_, column)| program_column(*column))
            .sum()
    }

    // ------------------------------------------------------------ duties and cohorts

    /// Who does a duty is on site and does one alone; everybody who is in a cohort is in exactly one.
    fn lay_duties_and_cohorts(&mut self) {
        let site = &self.problem.site;
        let mut duties: BTreeMap<(PersonIndex, Day), Sum> = BTreeMap::new();
        let mut cohorts: BTreeMap<PersonIndex, Sum> = BTreeMap::new();
        for (meaning, sum) in self.model.columns.iter().zip(&self.meanings) {
            if sum.is_number() {
                continue;
            }
            match meaning {
                Meaning::Duty { person, day, .. } => {
                    *duties.entry((*person, *day)).or_default() += sum.clone();
                }
                Meaning::Cohort { person, .. } => *cohorts.entry(*person).or_default() += sum.clone(),
                _ => {}
            }
        }
        for ((person, day), duties) in duties {
            let on_site = self.on_site[self.cell(person, day)].expect("else there would be no column");
            self.row(f64::NEG_INFINITY, 0.0, &(duties + program_column(on_site).times(-1.0)));
        }
        for (person, cohorts) in cohorts {
            // Cohorts that no row speaks of have no column, and anybody may be in them.
            let choices = site.membership(person).map_or(0, |membership| membership.choices.len());
            let least = if cohorts.terms.len() == choices { 1.0 } else { 0.0 };
            self.row(least, 1.0, &cohorts);
        }
    }

    // ------------------------------------------------------------ laws of desks

    /// Which law a group of desks is under on a day, about what, and how many of its desks are open.
    fn desk_law(&self, group: usize, day: Day) -> (Law, About, usize) {
        let DeskGroup { zone, desks } = &self.groups[group];
        let open = desks.iter().filter(|desk| !self.problem.site.desk(**desk).closed[day.0 as usize]).count();
        let desk = (desks.len() == 1).then_some(desks[0]);
        let about = About { desk, zone: Some(*zone), ..About::day(day) };
        (if open == 0 { Law::Closed } else { Law::Desk }, about, open)
    }

    fn lay_desks(&mut self, softness: &Softness<'_>) {
        let site = &self.problem.site;
        let mut asked: HashMap<(DeskIndex, Day, ShiftSet), usize> = HashMap::new();
        for (at, meaning) in self.model.columns.iter().enumerate() {
            if let Meaning::Taken { desk, day, shifts } = meaning {
                if !self.meanings[at].is_number() {
                    asked.insert((*desk, *day, *shifts), at);
                }
            }
        }
        let moments: Vec<(ShiftSet, ShiftSet)> = if site.calendar.shifts.is_empty() {
            vec![(ShiftSet::ALL, ShiftSet::NONE)]
        } else {
            site.calendar
                .starts()
                .into_iter()
                .map(|minute| {
                    (site.calendar.shifts_at(minute), site.calendar.shifts_at(minute + DAY_MINUTES))
                })
                .collect()
        };
        for group in 0..self.groups.len() {
            if self.model.is_stopped() {
                return;
            }
            for day in site.calendar.days().filter(|day| site.calendar.is_open(*day)) {
                let (law, about, open) = self.desk_law(group, day);
                if !(softness.keeps)(Owner::Law(law), &about) {
                    continue;
                }
                if law == Law::Closed {
                    // A night that began before the desk closed may end there.
                    let there = self.users(group, day, ShiftSet::ALL);
                    self.hard(Owner::Law(law), about, &there, Sense::AtMost, 0.0);
                    continue;
                }
                for (own, before) in &moments {
                    let mut there = self.users(group, day, *own);
                    if there.is_number() {
                        continue;
                    }
                    if *before != ShiftSet::NONE {
                        there += self.users_before(group, day, *before);
                    }
                    let mut room = open as f64;
                    if self.groups[group].desks.len() > 1 {
                        for desk in &self.groups[group].desks {
                            let Some(at) = asked.get(&(*desk, day, *own)) else { continue };
                            if !site.desk(*desk).closed[day.0 as usize] {
                                room -= 1.0;
                                there += self.meanings[*at].clone().times(-1.0);
                            }
                        }
                    }
                    self.hard(Owner::Law(law), about, &there, Sense::AtMost, room);
                }
            }
        }
    }

    /// People in a group on shifts that started the day before. Of history, which cannot be changed, one at most.
    fn users_before(&self, group: usize, day: Day, shifts: ShiftSet) -> Sum {
        let before = day.plus(-1);
        if !before.is_past() {
            return self.users(group, before, shifts);
        }
        let site = &self.problem.site;
        let desks = &self.groups[group].desks;
        let there = PersonIndex::all(site.people.len())
            .filter_map(|person| site.past_cell(person, before))
            .any(|cell| {
                desks.iter().any(|desk| cell.fits(site, &Presence { shifts, spot: Spot::Desk(*desk) }))
            });
        Sum::number(f64::from(u8::from(there)))
    }

    // ------------------------------------------------------------ rows of laws, pins and rules

    fn hard(&mut self, owner: Owner, about: About, sum: &Sum, sense: Sense, bound: f64) {
        let (least, most) = self.range(sum);
        let (holds, can_hold) = match sense {
            Sense::AtLeast => (least >= bound - 1e-9, most >= bound - 1e-9),
            Sense::AtMost => (most <= bound + 1e-9, least <= bound + 1e-9),
        };
        if holds {
            return;
        }
        self.conditions.insert((owner, about));
        if !can_hold {
            self.broken.push((owner, about));
        }
        match sense {
            Sense::AtLeast => self.row(bound, f64::INFINITY, sum),
            Sense::AtMost => self.row(f64::NEG_INFINITY, bound, sum),
        }
    }

    fn lay_rows(&mut self, softness: &Softness<'_>) {
        let mut paid: BTreeMap<(Owner, About), Vec<Slack>> = BTreeMap::new();
        let model = self.model;
        for group in &model.groups {
            if model.is_stopped() {
                return;
            }
            if !(softness.keeps)(group.owner, &group.about) {
                continue;
            }
            let bends = self.bends(softness, group.owner, &group.about);
            if bends == Bends::Never {
                for row in &group.rows {
                    let sum = self.read(&row.sum);
                    self.hard(group.owner, group.about, &sum, row.sense, row.bound);
                }
                continue;
            }
            let rows: Vec<(Sum, Sense, f64)> =
                group.rows.iter().map(|row| (self.read(&row.sum), row.sense, row.bound)).collect();
            if let Some(slack) = self.slack(&rows) {
                if bends == Bends::Forgiven {
                    self.conditions.insert((group.owner, group.about));
                }
                paid.entry((group.owner, group.about)).or_default().push(slack);
            }
        }
        let mut apart = Apart::default();
        let mut bent: BTreeMap<(Owner, About), Vec<(Sum, Sense, f64)>> = BTreeMap::new();
        for edge in &model.edges {
            if model.is_stopped() {
                return;
            }
            if !(softness.keeps)(edge.owner, &edge.about) {
                continue;
            }
            let (one, other) = (self.read(&edge.one), self.read(&edge.other));
            if self.bends(softness, edge.owner, &edge.about) != Bends::Never {
                // Both are 0 or 1: the amount is 1 at most, however often the two meet.
                bent.entry((edge.owner, edge.about)).or_default().push((one + other, Sense::AtMost, 1.0));
            } else if one.is_number() || other.is_number() {
                self.hard(edge.owner, edge.about, &(one + other), Sense::AtMost, 1.0);
            } else {
                self.conditions.insert((edge.owner, edge.about));
                apart.push(one, other);
            }
        }
        // Edges with the same subject share one slack.
        for ((owner, about), rows) in bent {
            if model.is_stopped() {
                return;
            }
            if let Some(slack) = self.slack(&rows) {
                self.program.columns[slack.column].upper = 1.0;
                if self.bends(softness, owner, &about) == Bends::Forgiven {
                    self.conditions.insert((owner, about));
                }
                paid.entry((owner, about)).or_default().push(slack);
            }
        }
        for clique in apart.cliques() {
            self.row(f64::NEG_INFINITY, 1.0, &clique);
        }
        self.lay_costs(softness, paid);
    }

    fn bends(&self, softness: &Softness<'_>, owner: Owner, about: &About) -> Bends {
        let Owner::Rule(at) = owner else {
            let is_soft = softness.pins_bend && matches!(owner, Owner::Pin(..));
            return if is_soft { Bends::Paid } else { Bends::Never };
        };
        let rule = &self.problem.rules[at as usize];
        let is_soft = rule.strength != Strength::Must || softness.best_effort;
        if is_soft && !(softness.holds)(owner, about) {
            Bends::Paid
        } else if self.problem.allowed(rule, about) > 0.0 {
            Bends::Forgiven
        } else {
            Bends::Never
        }
    }

    /// One slack for all these rows; none when they hold whatever is decided. Where the least slack is always a
    /// multiple of some number, the column counts in that.
    fn slack(&mut self, rows: &[(Sum, Sense, f64)]) -> Option<Slack> {
        let short = |(sum, sense, bound): &(Sum, Sense, f64)| {
            let (least, most) = self.range(sum);
            match sense {
                Sense::AtLeast => bound - least,
                Sense::AtMost => most - bound,
            }
        };
        let worst = rows.iter().map(short).fold(0.0, f64::max);
        if worst <= 1e-9 {
            return None;
        }
        let whole_columns = rows
            .iter()
            .all(|(sum, ..)| sum.terms.iter().all(|(column, _)| self.program.columns[column.at()].integer));
        let numbers: Vec<f64> = rows
            .iter()
            .flat_map(|(sum, _, bound)| sum.terms.iter().map(|term| term.1).chain([bound - sum.constant]))
            .filter(|number| *number != 0.0)
            .collect();
        let grain = if whole_columns { common_step(&numbers) } else { 0.0 };
        let (whole, grain) = if grain > 0.0 { (true, grain) } else { (false, 1.0) };
        // A little more than the worst would do no harm, a little less would.
        let upper = if whole { (worst / grain).round() } else { worst };
        let column = self.column(0.0, upper, whole, Origin::Slack);
        for (sum, sense, bound) in rows {
            let units = |number: f64| if whole { (number / grain).round() } else { number };
            let terms = sum.terms.iter().map(|(column, factor)| (*column, units(*factor))).collect();
            let (sum, bound) = (Sum { terms, constant: 0.0 }, units(bound - sum.constant));
            let slack = program_column(column);
            match sense {
                Sense::AtLeast => self.row(bound, f64::INFINITY, &(sum + slack)),
                Sense::AtMost => self.row(f64::NEG_INFINITY, bound, &(sum + slack.times(-1.0))),
            }
        }
        Some(Slack { column, grain, whole })
    }

    fn lay_costs(&mut self, softness: &Softness<'_>, paid: BTreeMap<(Owner, About), Vec<Slack>>) {
        let mut costs: BTreeMap<Strength, (Cost, Vec<f64>)> = BTreeMap::new();
        for (at, rule) in self.problem.rules.iter().enumerate() {
            let counts =
                rule.strength != Strength::Off && (rule.strength != Strength::Must || softness.best_effort);
            if counts && (softness.keeps)(Owner::Rule(at as u32), &About::default()) {
                costs.entry(rule.strength).or_default();
            }
        }
        for ((owner, about), slacks) in paid {
            let amounts = |factor: f64| slacks.iter().map(move |slack| (slack.column, factor * slack.grain));
            let Owner::Rule(at) = owner else {
                self.payable.insert((owner, about), amounts(1.0).collect());
                continue;
            };
            let rule = &self.problem.rules[at as usize];
            let allowed = self.problem.allowed(rule, &about);
            if self.bends(softness, owner, &about) == Bends::Forgiven {
                // A must rule with an exception: the slacks together stay within it.
                self.program.rows.push(ProgramRow {
                    lower: f64::NEG_INFINITY,
                    upper: allowed,
                    terms: amounts(1.0).collect(),
                });
                continue;
            }
            let mut terms: Vec<(usize, f64)> = amounts(rule.weight).collect();
            let mut payable: Vec<(usize, f64)> = amounts(1.0).collect();
            let mut grains: Vec<f64> =
                slacks.iter().map(|slack| if slack.whole { slack.grain } else { 0.0 }).collect();
            if allowed > 0.0 {
                let most: f64 =
                    amounts(1.0).map(|(column, grain)| grain * self.program.columns[column].upper).sum();
                grains.push(allowed);
                let grain = common_step(&grains);
                let (whole, unit) = if grain > 0.0 { (true, grain) } else { (false, 1.0) };
                let upper = if whole { (allowed.min(most) / unit).round() } else { allowed.min(most) };
                let forgiven = self.column(0.0, upper, whole, Origin::Forgiven);
                let mut row: Vec<(usize, f64)> = amounts(-1.0).collect();
                row.push((forgiven, unit));
                self.program.rows.push(ProgramRow { lower: f64::NEG_INFINITY, upper: 0.0, terms: row });
                terms.push((forgiven, -rule.weight * unit));
                payable.push((forgiven, -unit));
            }
            self.payable.insert((owner, about), payable);
            let (cost, steps) = costs.entry(rule.strength).or_default();
            cost.terms.extend(terms);
            steps.push(common_step(&grains) * rule.weight);
        }
        for (strength, (mut cost, steps)) in costs {
            cost.terms.sort_unstable_by_key(|term| term.0);
            cost.step = common_step(&steps);
            self.levels.push((Level::Rules(strength), cost));
        }
        let sign = match self.problem.site.default_place {
            DefaultPlace::Home => 1.0,
            DefaultPlace::OnSite => -1.0,
            DefaultPlace::None => return,
        };
        let terms: Vec<(usize, f64)> = self.on_site.iter().flatten().map(|column| (*column, sign)).collect();
        let site = &self.problem.site;
        let works = PersonIndex::all(site.people.len())
            .map(|person| site.calendar.days().filter(|day| site.works(person, *day)).count())
            .sum::<usize>();
        let constant = if sign < 0.0 { works as f64 } else { 0.0 };
        self.levels.push((Level::HomeFirst, Cost { terms, constant, step: 1.0 }));
    }

    // ------------------------------------------------------------ there and back

    /// The roster that values stand for; desks inside a group are chosen here.
    pub fn roster(&self, values: &[f64]) -> Roster {
        let site = &self.problem.site;
        let mut roster = Roster::at_home(site);
        let mut sittings: Vec<seating::Sitting> = Vec::new();
        for person in PersonIndex::all(site.people.len()) {
            for day in site.calendar.days() {
                let cell = self.cell(person, day);
                let (Some(on_site), Some(kind)) = (self.on_site[cell], self.choices.of(cell)) else {
                    continue;
                };
                let count = kind.choices.len();
                let chosen = (0..count).find(|at| values[choice_column(on_site, count, *at)] > 0.5);
                let Some(choice) = chosen.map(|at| kind.choices[at]) else { continue };
                let cell = Cell {
                    place: Place::OnSite,
                    shift: choice.shift,
                    site: choice.zone.map(|zone| site.site_of(zone)),
                    zone: choice.zone,
                    desk: None,
                    duty: None,
                };
                roster.set(person, day, cell);
                if let Some(group) = choice.group {
                    sittings.push(seating::Sitting { person, day, group, shift: choice.shift });
                }
            }
        }
        let barred: Vec<(DeskIndex, Day, ShiftSet)> = self
            .model
            .columns
            .iter()
            .zip(&self.meanings)
            .filter_map(|(meaning, sum)| match meaning {
                Meaning::Taken { desk, day, shifts } if single(sum).is_some() && sum.value(values) < 0.5 => {
                    Some((*desk, *day, *shifts))
                }
                _ => None,
            })
            .collect();
        seating::seat(site, &self.groups, &sittings, &barred, &mut roster);
        self.read_duties_and_cohorts(values, &mut roster);
        roster
    }

    fn read_duties_and_cohorts(&self, values: &[f64], roster: &mut Roster) {
        for person in PersonIndex::all(self.problem.site.people.len()) {
            roster.set_cohort(person, None);
        }
        for (meaning, sum) in self.model.columns.iter().zip(&self.meanings) {
            if sum.is_number() || sum.value(values) < 0.5 {
                continue;
            }
            match meaning {
                Meaning::Duty { person, day, duty } => {
                    let cell = *roster.at(*person, *day);
                    roster.set(*person, *day, Cell { duty: Some(*duty), ..cell });
                }
                Meaning::Cohort { person, cohort } => roster.set_cohort(*person, Some(*cohort)),
                _ => {}
            }
        }
        roster.deal_cohorts(&self.problem.site);
    }

    /// A value for every column that stands for a roster which keeps the laws, slacks as small as can be. One that
    /// breaks a law, or a must rule where those do not bend, gives values that break a row: see [`Lowered::fits`].
    pub fn values(&self, roster: &Roster) -> Vec<f64> {
        let model_values = self.model.values(roster);
        let mut values = vec![0.0; self.program.columns.len()];
        for (column, origin) in self.origins.iter().enumerate() {
            values[column] = match origin {
                Origin::OnSite(person, day) => {
                    f64::from(u8::from(roster.at(*person, *day).place == Place::OnSite))
                }
                Origin::Choice(person, day, at) => {
                    f64::from(u8::from(self.chosen(roster, *person, *day) == Some(*at)))
                }
                Origin::Model(at) => model_values[*at],
                Origin::Slack | Origin::Forgiven => 0.0,
            };
        }
        // Each row that shares a slack raises it to what the row needs; what is forgiven follows.
        for row in &self.program.rows {
            let mut slacks = row.terms.iter().filter(|(column, _)| self.origins[*column] == Origin::Slack);
            let (Some((slack, factor)), None) = (slacks.next(), slacks.next()) else { continue };
            if row.terms.iter().any(|term| self.is_forgiven(term.0)) {
                continue;
            }
            let rest: f64 = row
                .terms
                .iter()
                .filter(|(column, _)| column != slack)
                .map(|(column, factor)| factor * values[*column])
                .sum();
            let needed = if *factor > 0.0 { row.lower - rest } else { rest - row.upper };
            if needed.is_finite() {
                values[*slack] = values[*slack].max(needed);
            }
        }
        for row in &self.program.rows {
            let Some((forgiven, unit)) = row.terms.iter().find(|term| self.is_forgiven(term.0)) else {
                continue;
            };
            // The first row with it bounds it by its slacks; a held level has it too, with a negative factor.
            if *unit > 0.0 && row.upper == 0.0 {
                let amount: f64 = row
                    .terms
                    .iter()
                    .filter(|(column, _)| column != forgiven)
                    .map(|(column, factor)| -factor * values[*column])
                    .sum();
                let units = (amount / unit).min(self.program.columns[*forgiven].upper);
                let whole = self.program.columns[*forgiven].integer;
                values[*forgiven] = if whole { (units + 1e-9).floor() } else { units };
            }
        }
        values
    }

    fn is_forgiven(&self, column: usize) -> bool {
        self.origins[column] == Origin::Forgiven
    }

    /// Holds people to cohorts.
    pub fn hold_cohorts(&mut self, labels: &[(PersonIndex, CohortIndex)]) {
        for (meaning, sum) in self.model.columns.iter().zip(&self.meanings) {
            let (Meaning::Cohort { person, cohort }, Some(column)) = (meaning, single(sum)) else { continue };
            if let Ok(at) = labels.binary_search_by_key(person, |label| label.0) {
                let held = f64::from(u8::from(labels[at].1 == *cohort));
                let column = &mut self.program.columns[column];
                (column.lower, column.upper) = (held, held);
            }
        }
    }

    /// What a column is, in one letter: `x` on site, `w` one way to be on site, `h` a column of the model (desks,
    /// duties, cohorts, helpers), `s` a slack, `f` the part of one that is forgiven.
    pub fn letter(&self, column: usize) -> char {
        match self.origins[column] {
            Origin::OnSite(..) => 'x',
            Origin::Choice(..) => 'w',
            Origin::Model(_) => 'h',
            Origin::Slack => 's',
            Origin::Forgiven => 'f',
        }
    }

    /// How many person-days are to be decided.
    pub fn person_days(&self) -> usize {
        self.on_site.iter().flatten().count()
    }

    /// What each column is to a search of one part of the roster at a time.
    pub fn roles(&self) -> Vec<Role> {
        let role = |origin: &Origin| match origin {
            Origin::OnSite(person, day) | Origin::Choice(person, day, _) => {
                Role::Decides(self.cell(*person, *day) as u32)
            }
            Origin::Model(at) => match &self.model.columns[*at] {
                Meaning::Duty { person, day, .. } => Role::Decides(self.cell(*person, *day) as u32),
                Meaning::Cohort { .. } => Role::Stands,
                _ => Role::Follows,
            },
            Origin::Slack | Origin::Forgiven => Role::Pays,
        };
        self.origins.iter().map(role).collect()
    }

    /// The columns that stand for decisions; once they are fixed, the others follow.
    pub fn decisions(&self) -> Vec<usize> {
        let is_decision = |origin: &Origin| match origin {
            Origin::OnSite(..) | Origin::Choice(..) => true,
            Origin::Model(at) => matches!(
                self.model.columns[*at],
                Meaning::Taken { .. } | Meaning::Duty { .. } | Meaning::Cohort { .. }
            ),
            Origin::Slack | Origin::Forgiven => false,
        };
        (0..self.origins.len()).filter(|column| is_decision(&self.origins[*column])).collect()
    }

    /// Whether values keep every bound and row, as exactly as a backend asks of a start.
    pub fn fits(&self, values: &[f64]) -> bool {
        self.program.fits(values)
    }

    /// Which choice of a person-day a roster makes; none at home, and where the laws do not let the person be.
    fn chosen(&self, roster: &Roster, person: PersonIndex, day: Day) -> Option<usize> {
        let cell = roster.at(person, day);
        if cell.place != Place::OnSite {
            return None;
        }
        self.choices.of(self.cell(person, day))?.choice_of(&Way::of(cell, &self.group_of_desk))
    }
}

/// Which columns of the model the rows that are kept speak of, directly or through helpers.
fn needed(model: &Model, softness: &Softness<'_>) -> Vec<bool> {
    let mut needed = vec![false; model.columns.len()];
    let mark = |needed: &mut Vec<bool>, sum: &Sum| {
        for (column, _) in &sum.terms {
            needed[column.at()] = true;
        }
    };
    for group in model.groups.iter().filter(|group| (softness.keeps)(group.owner, &group.about)) {
        group.rows.iter().for_each(|row| mark(&mut needed, &row.sum));
    }
    for edge in model.edges.iter().filter(|edge| (softness.keeps)(edge.owner, &edge.about)) {
        mark(&mut needed, &edge.one);
        mark(&mut needed, &edge.other);
    }
    // Helpers speak of earlier columns only.
    for at in (0..needed.len()).rev() {
        if needed[at] {
            model.columns[at].parts().into_iter().for_each(|sum| mark(&mut needed, sum));
        }
    }
    needed
}

/// Pairs of sums, each 0 or 1, that must not both be 1.
#[derive(Default)]
struct Apart {
    sums: Vec<Sum>,
    places: HashMap<Vec<(u32, u64)>, usize>,
    pairs: Vec<(usize, usize)>,
}

impl Apart {
    fn push(&mut self, one: Sum, other: Sum) {
        let (one, other) = (self.place(one), self.place(other));
        self.pairs.push((one.min(other), one.max(other)));
    }

    fn place(&mut self, sum: Sum) -> usize {
        let mut key: Vec<(u32, u64)> =
            sum.terms.iter().map(|(column, factor)| (column.0, factor.to_bits())).collect();
        key.push((u32::MAX, sum.constant.to_bits()));
        let sums = &mut self.sums;
        *self.places.entry(key).or_insert_with(|| {
            sums.push(sum);
            sums.len() - 1
        })
    }

    /// Sums of which at most 1 is kept.
    fn cliques(self) -> Vec<Sum> {
        let (same, pairs): (Vec<_>, Vec<_>) = self.pairs.iter().partition(|(one, other)| one == other);
        let twice = same.iter().map(|(one, _): &(usize, usize)| self.sums[*one].clone().times(2.0));
        let cliques = cliques(&pairs);
        let together = cliques.iter().map(|clique| clique.iter().map(|at| self.sums[*at].clone()).sum());
        twice.chain(together).collect()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bends {
    Never,
    Forgiven,
    Paid,
}

fn program_column(column: usize) -> Sum {
    Sum::column(rota_rules::model::Column(column as u32))
}

/// The column, for a sum that is one column and nothing else.
fn single(sum: &Sum) -> Option<usize> {
    match sum.terms.as_slice() {
        [(column, factor)] if *factor == 1.0 && sum.constant == 0.0 => Some(column.at()),
        _ => None,
    }
}

/// The column of one of the choices of a person-day.
fn choice_column(on_site: usize, choices: usize, at: usize) -> usize {
    if choices == 1 {
        on_site
    } else {
        on_site + 1 + at
    }
}
