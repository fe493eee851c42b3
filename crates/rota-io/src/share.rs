//! What may be shared of a roster, and nothing else: every export is written from a [`Shared`] alone.
//!
//! Shareable are, of a person: name, team, group, where they are on each day (place, shift, site, zone, desk, duty)
//! and whether they are a first aider or fire warden; of places: names and positions; of rules: how many people
//! are in against the limit, and which rules are bent, unless the rule is private or about one person. Why
//! somebody is away, `base`, `only`, `needs`, wishes, other tags, notes, private rules and exceptions never get in
//! here, so no export can show them. The one exception is asked for by name: [`Personal`].

use rota_core::clean::clean;
use rota_core::desks::plans;
use rota_core::roster::{Place, Roster};
use rota_core::select::Presence;
use rota_core::words;
use rota_core::Finding;
use rota_core::{Date, Day, DutyIndex, PersonIndex, ShiftIndex, Site, TeamIndex, Who, ZoneIndex};
use rota_rules::counted::{counted, is_bent};
use rota_rules::judge::Breach;
use rota_rules::laws::Says;
use rota_rules::model::{Look, Owner};
use rota_rules::{Judgement, Problem, ProblemRule, Strength};
use serde_json::Value;

/// Tags that name a role which is posted on the wall anyway, and how it is shown.
const ROLES: [(&str, &str); 7] = [
    ("first_aider", "First aider"),
    ("first_aid", "First aider"),
    ("fire_warden", "Fire warden"),
    ("fire_marshal", "Fire warden"),
    ("fire_marshall", "Fire warden"),
    ("warden", "Fire warden"),
    ("marshal", "Fire warden"),
];

/// For whom it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Everybody.
    Everybody,
    /// One team: nobody else is in it.
    Team(TeamIndex),
    /// One person: nobody else is in it.
    Person(PersonIndex),
}

impl For {
    /// For a person (an id or a name), else for a team, else for everybody.
    ///
    /// # Errors
    ///
    /// Nobody and no team of this name.
    pub fn named(site: &Site, person: Option<&str>, team: Option<&str>) -> Result<For, Box<Finding>> {
        match (person, team) {
            (Some(name), _) => words::person(name, site)
                .map(For::Person)
                .map_err(|problem| Box::new(problem.finding("export.person", "").without_pointer())),
            (None, Some(name)) => site
                .team(name)
                .map(For::Team)
                .ok_or_else(|| Box::new(site.unknown_team("export", "", name).without_pointer())),
            (None, None) => Ok(For::Everybody),
        }
    }
}

/// When and how it is given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The date on which it was made.
    pub made: Date,
    /// The version of rota.
    pub version: String,
    /// Whether somebody has decided that it holds; a draft otherwise.
    pub published: bool,
    /// Whether it is in large letters, one week to a page.
    pub large_print: bool,
}

/// What is personal, for the manager alone: it is in an export only when it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Personal {
    /// Rules bent, in full sentences.
    pub bent: Vec<String>,
    /// Wishes not granted: who, what, and why.
    pub not_granted: Vec<[String; 3]>,
}

/// A roster as it may be shared. People, desks and so on are named by their place in the lists.
#[derive(Debug, Clone, PartialEq)]
pub struct Shared {
    /// The title of the scenario.
    pub title: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// When and how it is given out.
    pub issue: Issue,
    /// For one team or one person: their name.
    pub only_for: Option<String>,
    /// Whether it is for one person.
    pub is_personal_page: bool,
    /// Whether every law and must rule that could be judged is kept.
    pub kept: bool,
    /// The same in a sentence, with what could not be judged.
    pub verdict: String,
    /// IANA name of the time zone.
    pub time_zone: Option<String>,
    /// The days shown: those that are open or on which somebody works.
    pub days: Vec<Date>,
    /// The shifts.
    pub shifts: Vec<SharedShift>,
    /// The people, in the order of the scenario.
    pub people: Vec<SharedPerson>,
    /// The teams, in order of first mention.
    pub teams: Vec<SharedTeam>,
    /// The zones of all sites.
    pub zones: Vec<SharedZone>,
    /// The desks of all zones.
    pub desks: Vec<SharedDesk>,
    /// Desks that share a floor plan.
    pub plans: Vec<SharedPlan>,
    /// How many people were where, day by day.
    pub counts: Vec<SharedCount>,
    /// Rules that are bent, one line each.
    pub bent: Vec<String>,
    /// Wish-days asked for and granted; none for one team or person.
    pub wishes: Option<(u32, u32)>,
    /// What is personal, when it was asked for.
    pub personal: Option<Personal>,
}

/// A shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedShift {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// First and last minute after midnight.
    pub span: Option<(u32, u32)>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedPerson {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Place in the list of teams.
    pub team: Option<usize>,
    /// The group whose days they come in on.
    pub group: Option<String>,
    /// Roles on the wall: first aider, fire warden.
    pub roles: Vec<&'static str>,
    /// Where they are on each of the days.
    pub cells: Vec<SharedCell>,
}

/// Where somebody is on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedCell {
    /// On site, at home or not working.
    pub place: Place,
    /// The shift.
    pub shift: Option<usize>,
    /// The site: its name and id.
    pub site: Option<[String; 2]>,
    /// The zone.
    pub zone: Option<usize>,
    /// The desk.
    pub desk: Option<usize>,
    /// The duty.
    pub duty: Option<String>,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedTeam {
    /// Its id, which is its name.
    pub id: String,
    /// Its people.
    pub people: Vec<usize>,
}

/// A zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedZone {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The name of its site.
    pub site: String,
    /// Seats without names; none when it has desks.
    pub seats: Option<u32>,
}

/// A desk.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedDesk {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its zone.
    pub zone: usize,
    /// Where it stands on its plan, metres; none where that is not known or cannot be right.
    pub at: Option<[f64; 2]>,
}

/// Desks that share a floor plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedPlan {
    /// What it is a plan of.
    pub name: String,
    /// The desks that have a position.
    pub desks: Vec<usize>,
}

/// A line of counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedCount {
    /// Who is counted.
    pub name: String,
    /// The limits in words; empty where there is none.
    pub limits: String,
    /// The number on each day and whether the limit is missed; none on days on which nothing is counted.
    pub cells: Vec<Option<(usize, bool)>>,
}

impl Shared {
    /// What may be shared of a roster, which is judged first.
    pub fn judged(problem: &Problem, roster: &Roster, issue: &Issue, audience: For) -> Shared {
        let judgement = Judgement::with(problem, roster, Says::of(&problem.site, roster));
        Shared::of(problem, roster, &judgement, issue, audience)
    }

    /// What may be shared of a roster that was judged.
    pub fn of(
        problem: &Problem,
        roster: &Roster,
        judgement: &Judgement,
        issue: &Issue,
        audience: For,
    ) -> Shared {
        let site = &problem.site;
        let is_in = |person: &PersonIndex| match audience {
            For::Everybody => true,
            For::Team(team) => site.person(*person).team == Some(team),
            For::Person(only) => *person == only,
        };
        let chosen: Vec<PersonIndex> = people(site).filter(is_in).collect();
        let works = |day: &Day| people(site).any(|person| roster.at(person, *day).place != Place::Off);
        let days: Vec<Day> =
            site.calendar.days().filter(|day| site.calendar.is_open(*day) || works(day)).collect();
        let teams = teams(site, &chosen);
        let shared_people: Vec<SharedPerson> =
            chosen.iter().map(|person| shared_person(site, roster, *person, &days, &teams)).collect();
        let everybody = audience == For::Everybody;
        let (asked, refused) = people(site)
            .map(|person| rota_rules::judge::wish_count(problem, roster, person))
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let mut counts = vec![on_site(&shared_people, days.len())];
        if everybody {
            counts.extend(rule_counts(problem, roster, judgement, &days));
        }
        Shared {
            title: clean(site.title.as_deref().unwrap_or("Rota")),
            from: site.calendar.from,
            to: site.calendar.to,
            issue: issue.clone(),
            only_for: match audience {
                For::Everybody => None,
                For::Team(team) => Some(clean(&site.teams[team.at()].id)),
                For::Person(person) => Some(clean(&site.person(person).name)),
            },
            is_personal_page: matches!(audience, For::Person(_)),
            kept: judgement.musts_kept(),
            verdict: verdict(judgement),
            time_zone: site.calendar.time_zone.clone(),
            days: days.iter().map(|day| site.calendar.date(*day)).collect(),
            shifts: site.calendar.shifts.iter().map(shared_shift).collect(),
            people: shared_people,
            teams,
            zones: site.zones.iter().map(|zone| shared_zone(site, zone)).collect(),
            desks: site.desks.iter().map(shared_desk).collect(),
            plans: shared_plans(site),
            counts,
            bent: if everybody { bent(problem, judgement) } else { Vec::new() },
            wishes: (everybody && asked > 0).then_some((asked, asked - refused)),
            personal: None,
        }
    }

    /// `Monday 15 June to Friday 26 June 2020`.
    pub fn span(&self) -> String {
        if self.from == self.to {
            return self.to.long();
        }
        let same_year = self.from.to_string()[..4] == self.to.to_string()[..4];
        let first = if same_year { self.from.0.format("%A %-d %B").to_string() } else { self.from.long() };
        format!("{first} to {}", self.to.long())
    }

    /// Title, and for whom it is.
    pub fn heading(&self) -> String {
        match &self.only_for {
            Some(name) => format!("{name}: {}", self.title),
            None => self.title.clone(),
        }
    }

    /// `Draft, made on Fri 12 June by rota 0.1.0`: by it a page that is out of date is known.
    pub fn made(&self) -> String {
        let state = if self.issue.published { "Published" } else { "Draft, not yet published" };
        format!("{state}. Made on {} by rota {}.", self.issue.made.long(), self.issue.version)
    }

    /// The sign of a person-day in a table: desk, zone or `in`, with the shift; `home`; `-`.
    pub fn sign(&self, cell: &SharedCell) -> String {
        match cell.place {
            Place::Off => return "-".to_string(),
            Place::Home => return "home".to_string(),
            Place::OnSite => {}
        }
        let place = match (cell.desk, cell.zone) {
            (Some(desk), _) => Some(self.desks[desk].name.clone()),
            // One zone of seats says nothing that `in` does not say.
            (None, Some(zone)) if self.zones.len() > 1 => Some(self.zones[zone].name.clone()),
            _ => None,
        };
        let shift = cell.shift.map(|shift| self.shifts[shift].name.clone());
        match (place, shift) {
            (Some(place), Some(shift)) => format!("{place} {shift}"),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => "in".to_string(),
        }
    }

    /// Where somebody sits: `desk D7, north, Head office`, as far as it is known; empty where it is not.
    pub fn seat(&self, cell: &SharedCell) -> String {
        let desk = cell.desk.map(|desk| format!("desk {}", self.desks[desk].name));
        let zone = cell.zone.map(|zone| self.zones[zone].name.clone());
        let site = cell.site.as_ref().map(|[name, _]| name.clone());
        [desk, zone, site].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// `early shift, 07:30 to 15:30`; empty without a shift.
    pub fn shift(&self, cell: &SharedCell) -> String {
        let Some(shift) = cell.shift.map(|shift| &self.shifts[shift]) else { return String::new() };
        match shift.span {
            Some((from, to)) => format!("{} shift, {} to {}", shift.name, clock(from), clock(to)),
            None => format!("{} shift", shift.name),
        }
    }

    /// A day on site in words: shift, seat and duty, as far as they are known.
    pub fn visit(&self, cell: &SharedCell) -> String {
        let parts = [self.shift(cell), self.seat(cell), cell.duty.clone().unwrap_or_default()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// On how many days somebody is in a place.
    pub fn days_in(person: &SharedPerson, place: Place) -> usize {
        person.cells.iter().filter(|cell| cell.place == place).count()
    }

    /// The days of each week, by their places in the list: in large print a table has one week. Else all are together.
    pub fn pages(&self) -> Vec<std::ops::Range<usize>> {
        let mut pages = Vec::new();
        let mut first = 0;
        for day in 1..=self.days.len() {
            let ends = day == self.days.len()
                || (self.issue.large_print && self.days[day - 1].monday() != self.days[day].monday());
            if ends {
                pages.push(first..day);
                first = day;
            }
        }
        pages
    }

    /// Who sits at a desk on a day (by its place in the list): on a day with shifts it may be several.
    pub fn users(&self, desk: usize, day: usize) -> impl Iterator<Item = &SharedPerson> {
        self.people.iter().filter(move |person| person.cells[day].desk == Some(desk))
    }

    /// What the signs in a table mean.
    pub fn legend(&self) -> String {
        let cells = self.people.iter().flat_map(|person| &person.cells);
        let mut parts = Vec::new();
        if let Some(cell) = cells.clone().find(|cell| cell.place == Place::OnSite) {
            let visit = self.visit(cell);
            let details = if visit.is_empty() { String::new() } else { format!(" ({visit})") };
            parts.push(format!("{} = on site{details}", self.sign(cell)));
        }
        for (place, words) in [(Place::Home, "home = working at home"), (Place::Off, "- = not working")] {
            if cells.clone().any(|cell| cell.place == place) {
                parts.push(words.to_string());
            }
        }
        parts.join("; ")
    }
}

/// `07:30` for a number of minutes after midnight; past midnight it begins anew.
pub fn clock(minutes: u32) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

fn people(site: &Site) -> impl Iterator<Item = PersonIndex> {
    PersonIndex::all(site.people.len())
}

fn teams(site: &Site, chosen: &[PersonIndex]) -> Vec<SharedTeam> {
    let of = |team: TeamIndex| SharedTeam {
        id: clean(&site.teams[team.at()].id),
        people: (0..chosen.len()).filter(|at| site.person(chosen[*at]).team == Some(team)).collect(),
    };
    TeamIndex::all(site.teams.len()).map(of).filter(|team| !team.people.is_empty()).collect()
}

fn shared_person(
    site: &Site,
    roster: &Roster,
    person: PersonIndex,
    days: &[Day],
    teams: &[SharedTeam],
) -> SharedPerson {
    let one = site.person(person);
    let team = one.team.map(|team| clean(&site.teams[team.at()].id));
    let mut roles: Vec<&'static str> = Vec::new();
    for (tag, role) in ROLES {
        let named = |(name, people): (&String, &Vec<PersonIndex>)| {
            name.to_lowercase().replace([' ', '-'], "_") == tag && people.contains(&person)
        };
        if site.tags.iter().any(named) && !roles.contains(&role) {
            roles.push(role);
        }
    }
    SharedPerson {
        id: one.id.clone(),
        name: clean(&one.name),
        team: team.and_then(|id| teams.iter().position(|team| team.id == id)),
        group: roster.cohort(person).map(|cohort| clean(&site.names.cohorts[cohort.at()])),
        roles,
        cells: days.iter().map(|day| shared_cell(site, roster, person, *day)).collect(),
    }
}

fn shared_cell(site: &Site, roster: &Roster, person: PersonIndex, day: Day) -> SharedCell {
    let cell = roster.at(person, day);
    let duty = |duty: DutyIndex| clean(&site.names.duties[duty.at()]);
    SharedCell {
        place: cell.place,
        shift: cell.shift.map(ShiftIndex::at),
        site: cell.site.map(|at| {
            let premises = &site.premises[at.at()];
            [clean(&premises.name), premises.id.clone()]
        }),
        zone: cell.zone.map(ZoneIndex::at),
        desk: cell.desk.map(rota_core::DeskIndex::at),
        duty: cell.duty.map(duty),
    }
}

fn shared_shift(shift: &rota_core::calendar::Shift) -> SharedShift {
    SharedShift { id: shift.id.clone(), name: clean(&shift.name), span: shift.span }
}

fn shared_zone(site: &Site, zone: &rota_core::site::Zone) -> SharedZone {
    SharedZone {
        id: zone.id.clone(),
        name: clean(&zone.name),
        site: clean(&site.premises[zone.site.at()].name),
        seats: zone.seats,
    }
}

fn shared_desk(desk: &rota_core::site::Desk) -> SharedDesk {
    SharedDesk {
        id: desk.id.clone(),
        name: clean(&desk.name),
        zone: desk.zone.at(),
        at: desk.at.filter(|at| !desk.suspect && at.iter().all(|metres| metres.is_finite())),
    }
}

fn shared_plans(site: &Site) -> Vec<SharedPlan> {
    let plan = |desks: Vec<rota_core::DeskIndex>| {
        let zone = site.zone(site.desk(*desks.first()?).zone);
        let premises = clean(&site.premises[zone.site.at()].name);
        let name = match &zone.floor {
            Some(floor) => format!("{premises}, floor {}", clean(floor)),
            None => format!("{premises}, {}", clean(&zone.name)),
        };
        let placed = |desk: &rota_core::DeskIndex| shared_desk(site.desk(*desk)).at.is_some();
        let desks: Vec<usize> = desks.into_iter().filter(placed).map(rota_core::DeskIndex::at).collect();
        (!desks.is_empty()).then_some(SharedPlan { name, desks })
    };
    plans(site).into_iter().filter_map(plan).collect()
}

fn on_site(people: &[SharedPerson], days: usize) -> SharedCount {
    let there = |day: usize| people.iter().filter(|person| person.cells[day].place == Place::OnSite).count();
    SharedCount {
        name: "On site".to_string(),
        limits: String::new(),
        cells: (0..days).map(|day| Some((there(day), false))).collect(),
    }
}

/// Counts of the rules that are not private. Whom a rule counts is said only for everybody and for teams; other
/// selectors may hold tags and names, and go by the rule's id.
fn rule_counts(problem: &Problem, roster: &Roster, judgement: &Judgement, days: &[Day]) -> Vec<SharedCount> {
    let read =
        |rule: &ProblemRule| rule.strength != Strength::Off && !rule.private && !is_about_one(problem, rule);
    let rules = problem.rules.iter().enumerate().filter(|(_, rule)| read(rule));
    let line = |(at, rule): (usize, &ProblemRule)| {
        let counted = counted(problem, rule)?;
        let whole = counted.presence == Presence::ON_SITE && counted.days.len() == days.len();
        let name = match (counted.who, counted.look) {
            (Who::Everyone, Look::OnSite) if whole && rule.id == rule.rule.name() => "Everybody".to_string(),
            (Who::Team(team), Look::OnSite) if whole => clean(team),
            _ => clean(&rule.id),
        };
        let cell = |day: &Day| {
            let there = counted.there(&problem.site, roster, *day)?;
            Some((there, is_bent(judgement, at, *day)))
        };
        Some(SharedCount { name, limits: counted.limits.clone(), cells: days.iter().map(cell).collect() })
    };
    rules.filter_map(line).collect()
}

/// Whether a rule looks at one person alone, or at none.
fn is_about_one(problem: &Problem, rule: &ProblemRule) -> bool {
    problem.site.people.len() > 1 && rule.rule.concerns(&problem.site).is_some_and(|people| people.len() <= 1)
}

fn verdict(judgement: &Judgement) -> String {
    let places = judgement.broken_musts().count();
    if places > 0 {
        let places = if places == 1 { "1 place".to_string() } else { format!("{places} places") };
        return format!("NOT ALL RULES KEPT: must rules are bent in {places}.");
    }
    if judgement.unchecked.is_empty() {
        "Every must rule is kept.".to_string()
    } else {
        "Every must rule that could be judged is kept.".to_string()
    }
}

/// Rules bent, must rules first. Of what is about one person only a number is given.
fn bent(problem: &Problem, judgement: &Judgement) -> Vec<String> {
    let counts = |breach: &&Breach| {
        let kind = match breach.owner {
            Owner::Rule(at) => problem.rules[at as usize].rule.name(),
            _ => "law",
        };
        // Wishes are personal, and `fair` charges every burden, even one that is shared as well as can be.
        breach.cost() > 0.0 && kind != "wishes" && kind != "fair"
    };
    let mut lines = Vec::new();
    let mut about_people = [0_usize; 2];
    for must in [true, false] {
        let level = judgement.breaches.iter().filter(|breach| (breach.strength == Strength::Must) == must);
        for breach in level.filter(counts) {
            match breach.owner {
                Owner::Rule(at)
                    if breach.about.person.is_none()
                        && !is_about_one(problem, &problem.rules[at as usize]) =>
                {
                    let line = bent_line(problem, &problem.rules[at as usize], breach);
                    if !lines.contains(&line) {
                        lines.push(line);
                    }
                }
                _ => about_people[usize::from(!must)] += 1,
            }
        }
    }
    for (number, what) in about_people.into_iter().zip(["must rules or laws", "softer rules"]) {
        if number > 0 {
            let places = if number == 1 { "1 place".to_string() } else { format!("{number} places") };
            lines.push(format!("About single people, {what} are bent in {places}; `rota check` says where."));
        }
    }
    lines
}

/// `Fri 26 June, validator: 0 found, at least 1 wanted. "Only a validator may release coded notes"`
fn bent_line(problem: &Problem, rule: &ProblemRule, breach: &Breach) -> String {
    let site = &problem.site;
    let because = rule.because.as_ref().map(|because| format!(" \"{because}\"")).unwrap_or_default();
    let days = rota_rules::speak::subject_days(site, &breach.about)
        .map(|days| days.trim_start_matches(" on ").trim().to_string() + ", ")
        .unwrap_or_default();
    if rule.private {
        return format!("{days}a rule kept private");
    }
    let team = breach.about.team.map(|team| format!(", {}", site.teams[team.at()].id));
    let zone = breach.about.zone.map(|zone| format!(", {}", site.zone(zone).name));
    let desks = breach
        .about
        .desk
        .zip(breach.about.with_desk)
        .map(|(one, other)| format!(", desks {} and {}", site.desk(one).name, site.desk(other).name));
    let subject = [team, zone, desks].into_iter().flatten().collect::<String>();
    let limit = match breach.about.limit {
        Some(rota_core::Limit::AtLeast) => "at least ",
        Some(rota_core::Limit::AtMost) => "at most ",
        None => "",
    };
    let numbers = match (&breach.found, &breach.wanted) {
        (Value::Number(found), Value::Number(wanted)) => {
            format!(": {} found, {limit}{} wanted", plain(found), plain(wanted))
        }
        _ => String::new(),
    };
    clean(&format!("{days}{}{subject}{numbers}.{because}", rule.id))
}

/// A number without a needless fraction.
fn plain(number: &serde_json::Number) -> String {
    let number = number.as_f64().unwrap_or(0.0);
    format!("{}", (number * 100.0).round() / 100.0)
}
