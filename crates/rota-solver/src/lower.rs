//! From the model's rows to a program of numbers: how fine each person-day must be decided, the laws that are the
//! shape of the choices, slacks with their costs, and the way back from values to a roster.

use crate::desk_groups::{desk_groups, DeskGroup};
use crate::program::{Program, ProgramColumn, ProgramRow};
use crate::seating;
use rota_core::calendar::{ShiftSet, DAY_MINUTES};
use rota_core::roster::{Cell, Place, Roster};
use rota_core::select::{Presence, Spot};
use rota_core::typed::DefaultPlace;
use rota_core::{About, Day, DeskIndex, PersonIndex, ShiftIndex, ZoneIndex};
use rota_rules::model::{Law, Meaning, Model, Owner, Sense, Sum};
use rota_rules::{Problem, Strength};
use std::collections::{BTreeMap, HashMap};

/// One thing that is minimised by itself, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The rules of one strength; `Must` only when the closest roster is wanted.
    Rules(Strength),
    /// Person-days outside the default place.
    HomeFirst,
}

impl Level {
    /// `must`, `high`, `medium`, `low`, `home_first`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Rules(strength) => strength.word(),
            Level::HomeFirst => "home_first",
        }
    }
}

/// What a level costs: `constant + sum of coefficient * column`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cost {
    /// Column and coefficient.
    pub terms: Vec<(usize, f64)>,
    /// Paid whatever is decided.
    pub constant: f64,
    /// Costs are whole multiples of this; 0 when that is not known.
    pub step: f64,
}

/// Which rows are taken up, and which may bend.
#[derive(Clone, Copy)]
pub struct Softness<'a> {
    /// Whether must rules are paid for instead of kept.
    pub best_effort: bool,
    /// Whether a group or edge is taken up at all; conflicts are found by leaving some out.
    pub keeps: &'a dyn Fn(Owner, &About) -> bool,
}

impl Softness<'_> {
    /// Every row; must rules are conditions.
    pub const STRICT: Softness<'static> = Softness { best_effort: false, keeps: &|_, _| true };
    /// Every row; must rules are paid for.
    pub const BEST_EFFORT: Softness<'static> = Softness { best_effort: true, keeps: &|_, _| true };
}

/// How a person may be on site on a day: all that no rule tells apart is one choice.
#[derive(Debug, Clone, PartialEq)]
struct Choice {
    /// Its program column.
    column: usize,
    /// A shift, zone and group of desks that stand for it.
    shift: Option<ShiftIndex>,
    zone: Option<ZoneIndex>,
    group: Option<usize>,
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
    Slack(Owner, About),
    /// The part of a subject's slack that an exception forgives, at most so much.
    Forgiven(Owner, About, f64),
}

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
    groups: Vec<DeskGroup>,
    choices: Vec<Vec<Choice>>,
    /// Where `on_site` of a person-day is decided: its column, if there is any way to be on site.
    on_site: Vec<Option<usize>>,
    /// Each column of the model as a sum over program columns.
    meanings: Vec<Sum>,
    origins: Vec<Origin>,
}

impl<'p> Lowered<'p> {
    /// Turns a model into a program.
    pub fn new(problem: &'p Problem, model: &'p Model, softness: &Softness<'_>) -> Lowered<'p> {
        let cells = problem.site.people.len() * problem.site.calendar.len();
        let mut lowered = Lowered {
            problem,
            model,
            program: Program::default(),
            levels: Vec::new(),
            broken: Vec::new(),
            groups: desk_groups(&problem.site, model),
            choices: vec![Vec::new(); cells],
            on_site: vec![None; cells],
            meanings: Vec::with_capacity(model.columns.len()),
            origins: Vec::new(),
        };
        lowered.lay_choices();
        lowered.lay_meanings();
        lowered.lay_desks(softness);
        lowered.lay_rows(softness);
        lowered
    }

    fn cell(&self, person: PersonIndex, day: Day) -> usize {
        person.at() * self.problem.site.calendar.len() + day.0 as usize
    }

    fn column(&mut self, lower: f64, upper: f64, integer: bool, origin: Origin) -> usize {
        self.program.columns.push(ProgramColumn { lower, upper, integer });
        self.origins.push(origin);
        self.program.columns.len() - 1
    }

    fn row(&mut self, lower: f64, upper: f64, sum: &Sum) {
        let terms = sum.terms.iter().map(|(column, factor)| (column.at(), *factor)).collect();
        self.program.rows.push(ProgramRow { lower: lower - sum.constant, upper: upper - sum.constant, terms });
    }

    // ------------------------------------------------------------ choices

    /// Every way in which a person may be on site, by shift, zone and group of desks.
    fn ways(&self, person: PersonIndex, day: Day) -> Vec<(Option<ShiftIndex>, Option<ZoneIndex>, Option<usize>)> {
        let site = &self.problem.site;
        let shifts: Vec<Option<ShiftIndex>> = match site.calendar.shifts.len() {
            0 => vec![None],
            count => ShiftIndex::all(count)
                .filter(|shift| site.person(person).shifts[day.0 as usize].has(Some(*shift)))
                .map(Some)
                .collect(),
        };
        let mut spots: Vec<(Option<ZoneIndex>, Option<usize>)> = Vec::new();
        if site.zones.is_empty() {
            spots.push((None, None));
        }
        for zone in ZoneIndex::all(site.zones.len()) {
            if site.zone(zone).seats.is_some() && site.may_use_zone(person, zone) {
                spots.push((Some(zone), None));
            }
        }
        for (at, group) in self.groups.iter().enumerate() {
            if site.may_use_desk(person, group.sample()) {
                spots.push((Some(group.zone), Some(at)));
            }
        }
        spots.sort_unstable();
        shifts
            .into_iter()
            .flat_map(|shift| spots.iter().map(move |(zone, group)| (shift, *zone, *group)))
            .collect()
    }

    fn fits(
        &self,
        presence: &Presence,
        shift: Option<ShiftIndex>,
        zone: Option<ZoneIndex>,
        group: Option<usize>,
    ) -> bool {
        (presence.shifts == ShiftSet::ALL || presence.shifts.has(shift))
            && match presence.spot {
                Spot::Anywhere => true,
                Spot::Site(site) => zone.is_some_and(|zone| self.problem.site.site_of(zone) == site),
                Spot::Zone(wanted) => zone == Some(wanted),
                // A desk that is asked for by name is a group of its own.
                Spot::Desk(desk) => group.is_some_and(|group| self.groups[group].desks == [desk]),
            }
    }

    /// Decides how fine every person-day is: ways that every rule and every desk group sees alike are one choice.
    fn lay_choices(&mut self) {
        let site = &self.problem.site;
        let mut asked: Vec<Vec<Presence>> = vec![Vec::new(); self.choices.len()];
        for meaning in &self.model.columns {
            if let Meaning::There { person, day, presence } = meaning {
                asked[self.cell(*person, *day)].push(*presence);
            }
        }
        let starts = site.calendar.starts();
        let covered = |shift: Option<ShiftIndex>| -> Vec<bool> {
            let at = |minute: u32| site.calendar.shifts_at(minute).has(shift);
            starts.iter().map(|minute| at(*minute)).chain(starts.iter().map(|minute| at(minute + DAY_MINUTES))).collect()
        };
        for person in PersonIndex::all(site.people.len()) {
            for day in site.calendar.days().filter(|day| site.works(person, *day)) {
                let cell = self.cell(person, day);
                let mut seen: BTreeMap<(Vec<bool>, Option<usize>, Vec<bool>), ()> = BTreeMap::new();
                let mut choices: Vec<(Option<ShiftIndex>, Option<ZoneIndex>, Option<usize>)> = Vec::new();
                for (shift, zone, group) in self.ways(person, day) {
                    let signs: Vec<bool> =
                        asked[cell].iter().map(|presence| self.fits(presence, shift, zone, group)).collect();
                    let minutes = if group.is_some() { covered(shift) } else { Vec::new() };
                    if seen.insert((signs, group, minutes), ()).is_none() {
                        choices.push((shift, zone, group));
                    }
                }
                self.lay_cell(person, day, &choices);
            }
        }
    }

    fn lay_cell(
        &mut self,
        person: PersonIndex,
        day: Day,
        choices: &[(Option<ShiftIndex>, Option<ZoneIndex>, Option<usize>)],
    ) {
        let cell = self.cell(person, day);
        if choices.is_empty() {
            return;
        }
        let on_site = self.column(0.0, 1.0, true, Origin::OnSite(person, day));
        self.on_site[cell] = Some(on_site);
        if let [(shift, zone, group)] = choices {
            self.choices[cell].push(Choice { column: on_site, shift: *shift, zone: *zone, group: *group });
            return;
        }
        let mut terms = vec![(on_site, -1.0)];
        for (at, (shift, zone, group)) in choices.iter().enumerate() {
            let column = self.column(0.0, 1.0, true, Origin::Choice(person, day, at));
            self.choices[cell].push(Choice { column, shift: *shift, zone: *zone, group: *group });
            terms.push((column, 1.0));
        }
        self.program.rows.push(ProgramRow { lower: 0.0, upper: 0.0, terms });
    }

    fn there(&self, person: PersonIndex, day: Day, presence: &Presence) -> Sum {
        let cell = self.cell(person, day);
        let Some(on_site) = self.on_site[cell] else { return Sum::default() };
        let fitting: Vec<usize> = self.choices[cell]
            .iter()
            .filter(|choice| self.fits(presence, choice.shift, choice.zone, choice.group))
            .map(|choice| choice.column)
            .collect();
        if fitting.len() == self.choices[cell].len() {
            return program_column(on_site);
        }
        fitting.into_iter().map(program_column).sum()
    }

    // ------------------------------------------------------------ columns of the model

    /// A sum over the model's columns as a sum over the program's.
    fn read(&self, sum: &Sum) -> Sum {
        let mut total: Sum =
            sum.terms.iter().map(|(column, factor)| self.meanings[column.at()].clone().times(*factor)).sum();
        total.constant += sum.constant;
        total
    }

    /// Least and greatest value of a sum over program columns, from their bounds.
    fn range(&self, sum: &Sum) -> (f64, f64) {
        let mut range = (sum.constant, sum.constant);
        for (column, factor) in &sum.terms {
            let bounds = self.program.columns[column.at()];
            let ends = (factor * bounds.lower, factor * bounds.upper);
            range.0 += ends.0.min(ends.1);
            range.1 += ends.0.max(ends.1);
        }
        range
    }

    fn lay_meanings(&mut self) {
        for at in 0..self.model.columns.len() {
            let sum = match &self.model.columns[at] {
                Meaning::There { person, day, presence } => self.there(*person, *day, presence),
                Meaning::Taken { desk, day, shifts } => self.taken(at, *desk, *day, *shifts),
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
            // Any one of them is enough; one row each is tighter than one row for all.
            for (column, _) in &sum.terms {
                self.row(f64::NEG_INFINITY, 0.0, &(Sum::column(*column) + helper.clone().times(-1.0)));
            }
        } else {
            // helper = 0 only when sum <= least - 1
            self.row(f64::NEG_INFINITY, least - 1.0, &(sum.clone() + helper.clone().times(least - 1.0 - highest)));
        }
        helper
    }

    /// A desk of a group of its own is taken when somebody sits at it; for the others a column says which desks
    /// of the group hold its people.
    fn taken(&mut self, at: usize, desk: DeskIndex, day: Day, shifts: ShiftSet) -> Sum {
        let group = self.groups.iter().position(|group| group.desks.contains(&desk)).expect("every desk has a group");
        if self.groups[group].desks.len() == 1 {
            return self.users(group, day, shifts);
        }
        let open = !self.problem.site.desk(desk).closed[day.0 as usize];
        program_column(self.column(0.0, f64::from(u8::from(open)), true, Origin::Model(at)))
    }

    /// People in a group of desks, on shifts that start on the day.
    fn users(&self, group: usize, day: Day, shifts: ShiftSet) -> Sum {
        let site = &self.problem.site;
        PersonIndex::all(site.people.len())
            .filter(|person| site.works(*person, day))
            .flat_map(|person| &self.choices[self.cell(person, day)])
            .filter(|choice| choice.group == Some(group) && (shifts == ShiftSet::ALL || shifts.has(choice.shift)))
            .map(|choice| program_column(choice.column))
            .sum()
    }

    // ------------------------------------------------------------ laws of desks

    fn lay_desks(&mut self, softness: &Softness<'_>) {
        let site = &self.problem.site;
        let mut asked: HashMap<(DeskIndex, Day, ShiftSet), usize> = HashMap::new();
        for (at, meaning) in self.model.columns.iter().enumerate() {
            if let Meaning::Taken { desk, day, shifts } = meaning {
                asked.insert((*desk, *day, *shifts), at);
            }
        }
        let moments: Vec<(ShiftSet, ShiftSet)> = if site.calendar.shifts.is_empty() {
            vec![(ShiftSet::ALL, ShiftSet::NONE)]
        } else {
            site.calendar
                .starts()
                .into_iter()
                .map(|minute| (site.calendar.shifts_at(minute), site.calendar.shifts_at(minute + DAY_MINUTES)))
                .collect()
        };
        for group in 0..self.groups.len() {
            for day in site.calendar.days().filter(|day| site.calendar.is_open(*day)) {
                let (zone, desks) = (self.groups[group].zone, self.groups[group].desks.clone());
                let open: Vec<DeskIndex> =
                    desks.iter().copied().filter(|desk| !site.desk(*desk).closed[day.0 as usize]).collect();
                let about = About { desk: (desks.len() == 1).then_some(desks[0]), zone: Some(zone), ..About::day(day) };
                let law = if open.is_empty() { Law::Closed } else { Law::Desk };
                if !(softness.keeps)(Owner::Law(law), &about) {
                    continue;
                }
                for (own, before) in &moments {
                    let mut there = self.users(group, day, *own);
                    if *before != ShiftSet::NONE {
                        there += self.users_before(group, day, *before);
                    }
                    if there.terms.is_empty() && there.constant == 0.0 {
                        continue;
                    }
                    let mut room = open.len() as f64;
                    if desks.len() > 1 {
                        for at in open.iter().filter_map(|desk| asked.get(&(*desk, day, *own))) {
                            room -= 1.0;
                            there += self.meanings[*at].clone().times(-1.0);
                        }
                    }
                    self.hard(Owner::Law(law), about, &there, Sense::AtMost, room);
                }
            }
        }
    }

    /// People in a group on shifts that started the day before, history included.
    fn users_before(&self, group: usize, day: Day, shifts: ShiftSet) -> Sum {
        let before = day.plus(-1);
        if !before.is_past() {
            return self.users(group, before, shifts);
        }
        let site = &self.problem.site;
        let desks = &self.groups[group].desks;
        let there = PersonIndex::all(site.people.len())
            .filter_map(|person| site.past_cell(person, before))
            .filter(|cell| desks.iter().any(|desk| cell.fits(site, &Presence { shifts, spot: Spot::Desk(*desk) })))
            .count();
        Sum::number(there as f64)
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
        if !can_hold {
            self.broken.push((owner, about));
        }
        match sense {
            Sense::AtLeast => self.row(bound, f64::INFINITY, sum),
            Sense::AtMost => self.row(f64::NEG_INFINITY, bound, sum),
        }
    }

    fn lay_rows(&mut self, softness: &Softness<'_>) {
        let mut paid: BTreeMap<(Owner, About), Vec<usize>> = BTreeMap::new();
        let model = self.model;
        for group in &model.groups {
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
            self.slack(&mut paid, group.owner, group.about, &rows);
        }
        let mut apart: Vec<(usize, usize)> = Vec::new();
        for edge in &model.edges {
            if !(softness.keeps)(edge.owner, &edge.about) {
                continue;
            }
            let (one, other) = (self.read(&edge.one), self.read(&edge.other));
            if self.bends(softness, edge.owner, &edge.about) == Bends::Never {
                match (single(&one), single(&other)) {
                    (Some(one), Some(other)) => apart.push((one.min(other), one.max(other))),
                    _ => self.hard(edge.owner, edge.about, &(one + other), Sense::AtMost, 1.0),
                }
            } else {
                self.slack(&mut paid, edge.owner, edge.about, &[(one + other, Sense::AtMost, 1.0)]);
            }
        }
        for clique in cliques(&apart) {
            let terms = clique.into_iter().map(|column| (column, 1.0)).collect();
            self.program.rows.push(ProgramRow { lower: f64::NEG_INFINITY, upper: 1.0, terms });
        }
        self.lay_costs(softness, paid);
    }

    fn bends(&self, softness: &Softness<'_>, owner: Owner, about: &About) -> Bends {
        let Owner::Rule(at) = owner else { return Bends::Never };
        let rule = &self.problem.rules[at as usize];
        if rule.strength != Strength::Must || softness.best_effort {
            Bends::Paid
        } else if self.problem.allowed(rule, about) > 0.0 {
            Bends::Forgiven
        } else {
            Bends::Never
        }
    }

    /// Rows that share one slack. Edges with the same subject share theirs too.
    fn slack(
        &mut self,
        paid: &mut BTreeMap<(Owner, About), Vec<usize>>,
        owner: Owner,
        about: About,
        rows: &[(Sum, Sense, f64)],
    ) {
        let short = |lowered: &Lowered<'_>, (sum, sense, bound): &(Sum, Sense, f64)| {
            let (least, most) = lowered.range(sum);
            match sense {
                Sense::AtLeast => bound - least,
                Sense::AtMost => most - bound,
            }
        };
        let worst = rows.iter().map(|row| short(self, row)).fold(0.0, f64::max);
        if worst <= 1e-9 {
            return;
        }
        let whole = |number: f64| (number - number.round()).abs() < 1e-9;
        let integer = rows.iter().all(|(sum, _, bound)| {
            whole(*bound) && whole(sum.constant) && sum.terms.iter().all(|(_, factor)| whole(*factor))
        });
        // Edges of one subject (an edge has no limit) come one by one and share the slack they began with.
        let shared = if about.limit.is_none() { paid.get(&(owner, about)).and_then(|slacks| slacks.first().copied()) } else { None };
        let slack = shared.unwrap_or_else(|| {
            let slack = self.column(0.0, worst, integer, Origin::Slack(owner, about));
            paid.entry((owner, about)).or_default().push(slack);
            slack
        });
        for (sum, sense, bound) in rows {
            match sense {
                Sense::AtLeast => self.row(*bound, f64::INFINITY, &(sum.clone() + program_column(slack))),
                Sense::AtMost => self.row(f64::NEG_INFINITY, *bound, &(sum.clone() + program_column(slack).times(-1.0))),
            }
        }
    }

    fn lay_costs(&mut self, softness: &Softness<'_>, paid: BTreeMap<(Owner, About), Vec<usize>>) {
        let mut costs: BTreeMap<Strength, Cost> = BTreeMap::new();
        for (at, rule) in self.problem.rules.iter().enumerate() {
            let counts = rule.strength != Strength::Off && (rule.strength != Strength::Must || softness.best_effort);
            if counts && (softness.keeps)(Owner::Rule(at as u32), &About::default()) {
                costs.entry(rule.strength).or_default();
            }
        }
        let mut steps: BTreeMap<Strength, Vec<f64>> = BTreeMap::new();
        for ((owner, about), slacks) in paid {
            let Owner::Rule(at) = owner else { continue };
            let rule = &self.problem.rules[at as usize];
            let allowed = self.problem.allowed(rule, &about);
            let most: f64 = slacks.iter().map(|slack| self.program.columns[*slack].upper).sum();
            let free = rule.strength == Strength::Must && !softness.best_effort;
            if free {
                // A must rule with an exception: the slacks together stay within it.
                let terms = slacks.iter().map(|slack| (*slack, 1.0)).collect();
                self.program.rows.push(ProgramRow { lower: f64::NEG_INFINITY, upper: allowed, terms });
                continue;
            }
            let mut terms: Vec<(usize, f64)> = slacks.iter().map(|slack| (*slack, rule.weight)).collect();
            let mut step = if slacks.iter().all(|slack| self.program.columns[*slack].integer) {
                rule.weight
            } else {
                0.0
            };
            if allowed > 0.0 {
                let whole = slacks.iter().all(|slack| self.program.columns[*slack].integer) && allowed.fract() == 0.0;
                let forgiven = self.column(0.0, allowed.min(most), whole, Origin::Forgiven(owner, about, allowed));
                let mut row: Vec<(usize, f64)> = slacks.iter().map(|slack| (*slack, -1.0)).collect();
                row.push((forgiven, 1.0));
                row.sort_unstable_by_key(|term| term.0);
                self.program.rows.push(ProgramRow { lower: f64::NEG_INFINITY, upper: 0.0, terms: row });
                terms.push((forgiven, -rule.weight));
                if !whole {
                    step = 0.0;
                }
            }
            let cost = costs.entry(rule.strength).or_default();
            cost.terms.extend(terms);
            steps.entry(rule.strength).or_default().push(step);
        }
        for (strength, mut cost) in costs {
            cost.terms.sort_unstable_by_key(|term| term.0);
            cost.step = common_step(steps.get(&strength).map_or(&[], Vec::as_slice));
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
                let chosen =
                    self.choices[self.cell(person, day)].iter().find(|choice| values[choice.column] > 0.5);
                let Some(choice) = chosen else { continue };
                let cell = Cell {
                    place: Place::OnSite,
                    shift: choice.shift,
                    site: choice.zone.map(|zone| site.site_of(zone)),
                    zone: choice.zone,
                    desk: None,
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
        roster
    }

    /// A value for every column that stands for a roster which keeps the laws, slacks as small as can be.
    pub fn values(&self, roster: &Roster) -> Vec<f64> {
        let model_values = self.model.values(roster);
        let amounts = self.model.amounts(roster);
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
                Origin::Slack(..) => 0.0,
                Origin::Forgiven(owner, about, allowed) => {
                    amounts.get(&(*owner, *about)).copied().unwrap_or(0.0).min(*allowed)
                }
            };
        }
        // Slacks last: each row that shares one raises it to what the row needs.
        for row in &self.program.rows {
            let slack = row.terms.iter().find(|(column, _)| matches!(self.origins[*column], Origin::Slack(..)));
            let Some((slack, factor)) = slack else { continue };
            if row.terms.iter().filter(|(column, _)| matches!(self.origins[*column], Origin::Slack(..))).count() > 1
                || row.terms.iter().any(|(column, _)| matches!(self.origins[*column], Origin::Forgiven(..)))
            {
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
        values
    }

    /// Which choice of a person-day a roster makes: the one that every rule sees as it sees the roster.
    fn chosen(&self, roster: &Roster, person: PersonIndex, day: Day) -> Option<usize> {
        let cell = roster.at(person, day);
        if cell.place != Place::OnSite {
            return None;
        }
        let group = cell.desk.and_then(|desk| self.groups.iter().position(|group| group.desks.contains(&desk)));
        let choices = &self.choices[self.cell(person, day)];
        let exact = choices
            .iter()
            .position(|choice| choice.shift == cell.shift && choice.zone == cell.zone && choice.group == group);
        exact.or_else(|| {
            let alike = |choice: &Choice| {
                choice.group == group
                    && self.model.columns.iter().all(|meaning| match meaning {
                        Meaning::There { person: asked, day: on, presence } if *asked == person && *on == day => {
                            self.fits(presence, choice.shift, choice.zone, choice.group)
                                == cell.fits(&self.problem.site, presence)
                        }
                        _ => true,
                    })
            };
            choices.iter().position(alike)
        })
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

/// The largest number of which every weight is a whole multiple, for weights with up to three decimals.
fn common_step(weights: &[f64]) -> f64 {
    let mut step = 0u64;
    for weight in weights {
        let thousandths = weight * 1000.0;
        if *weight <= 0.0 || (thousandths - thousandths.round()).abs() > 1e-6 || thousandths > 1e12 {
            return 0.0;
        }
        let (mut one, mut other) = (step, thousandths.round() as u64);
        while other != 0 {
            (one, other) = (other, one % other);
        }
        step = one;
    }
    step as f64 / 1000.0
}

/// Covers pairs with cliques: each pair is in at least one, grown greedily in the order of the columns.
fn cliques(pairs: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut near: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (one, other) in pairs {
        near.entry(*one).or_default().push(*other);
        near.entry(*other).or_default().push(*one);
    }
    for list in near.values_mut() {
        list.sort_unstable();
        list.dedup();
    }
    let mut covered: std::collections::HashSet<(usize, usize)> = std::collections::HashSet::new();
    let mut cliques = Vec::new();
    for pair in pairs {
        if covered.contains(pair) {
            continue;
        }
        let mut clique = vec![pair.0, pair.1];
        for candidate in &near[&pair.0] {
            if !clique.contains(candidate) && clique.iter().all(|member| near[member].binary_search(candidate).is_ok()) {
                clique.push(*candidate);
            }
        }
        clique.sort_unstable();
        for (at, one) in clique.iter().enumerate() {
            covered.extend(clique[at + 1..].iter().map(|other| (*one, *other)));
        }
        cliques.push(clique);
    }
    cliques
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cliques_cover_every_pair() {
        let pairs = [(0, 1), (0, 2), (1, 2), (2, 3)];
        assert_eq!(cliques(&pairs), vec![vec![0, 1, 2], vec![2, 3]]);
    }

    #[test]
    fn steps_divide_every_weight() {
        assert_eq!(common_step(&[2.0, 3.0]), 1.0);
        assert_eq!(common_step(&[0.5, 2.0]), 0.5);
        assert_eq!(common_step(&[1.0 / 3.0]), 0.0);
    }
}
