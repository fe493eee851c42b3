//! Who shares days on site with whom, and what is left of a roster when somebody and all who met them have to stay away.
//!
//! Two people meet on a day on which both are on site in one place (a site, or a zone), whether or not their hours
//! overlap: as the rule `contacts` counts. All of it is read off the roster; nothing is solved.

use crate::edit::{apply, Edit};
use rota_core::roster::{Cell, Place, Roster};
use rota_core::typed::WorkPlace;
use rota_core::{CohortIndex, Day, Finding, PersonIndex, Site, TeamIndex};
use rota_rules::judge::{Breach, Judgement};
use rota_rules::laws::Says;
use rota_rules::rules::contacts::Within;
use rota_rules::{Problem, Scenario};
use std::collections::{BTreeMap, HashMap};

/// What counts as a meeting, and for how long people stay away after one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// What people share.
    pub within: Within,
    /// So many calendar days before the day on which it becomes known are looked at.
    pub back: u32,
    /// So many calendar days people stay away, that day included.
    pub stay: u32,
}

/// A set of people, one bit each.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Set(Vec<u64>);

impl Set {
    fn none(people: usize) -> Set {
        Set(vec![0; people.div_ceil(64)])
    }

    fn add(&mut self, person: PersonIndex) {
        self.0[person.at() / 64] |= 1 << (person.at() % 64);
    }

    fn has(&self, person: PersonIndex) -> bool {
        self.0[person.at() / 64] >> (person.at() % 64) & 1 == 1
    }

    fn join(&mut self, other: &Set) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own |= other);
    }

    fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    fn count_with(&self, other: &Set) -> usize {
        self.0.iter().zip(&other.0).map(|(own, other)| (own & other).count_ones() as usize).sum()
    }
}

/// Who is where on which day, as far as meetings go.
#[derive(Debug)]
pub struct Meetings<'a> {
    site: &'a Site,
    roster: &'a Roster,
    within: Within,
    /// The people in each place on each day.
    there: BTreeMap<(Day, u32), Set>,
}

impl<'a> Meetings<'a> {
    /// Reads a roster, the known days before it included.
    pub fn of(site: &'a Site, roster: &'a Roster, within: Within) -> Meetings<'a> {
        let mut meetings = Meetings { site, roster, within, there: BTreeMap::new() };
        for person in people(site) {
            for day in meetings.known() {
                if let Some(place) = meetings.place(person, day) {
                    let set = meetings.there.entry((day, place));
                    set.or_insert_with(|| Set::none(site.people.len())).add(person);
                }
            }
        }
        meetings
    }

    fn known(&self) -> impl Iterator<Item = Day> {
        (self.site.calendar.first_known.0..=self.site.calendar.last().0).map(Day)
    }

    /// Where somebody is: who has the same meets them. None where they are not on site.
    fn place(&self, person: PersonIndex, day: Day) -> Option<u32> {
        let cell = self.roster.at(person, day);
        match self.within {
            _ if cell.place != Place::OnSite => None,
            Within::Zone => cell.zone.map(|zone| zone.0),
            Within::Site if self.site.premises.len() > 1 => cell.site.map(|premises| premises.0),
            Within::Site => Some(0),
        }
    }

    /// Everybody who meets the person on these days; with the person, if they are there on one of them.
    fn met(&self, person: PersonIndex, days: impl Iterator<Item = Day>) -> Set {
        let mut met = Set::none(self.site.people.len());
        for day in days {
            if let Some(set) = self.place(person, day).and_then(|place| self.there.get(&(day, place))) {
                met.join(set);
            }
        }
        met
    }

    /// The days before the one on which it becomes known that are looked at.
    fn window(&self, known: Day, back: u32) -> impl Iterator<Item = Day> + use<> {
        let first = known.0.saturating_sub(i32::try_from(back).unwrap_or(i32::MAX));
        (first.max(self.site.calendar.first_known.0)..known.0).map(Day)
    }

    /// Who met the person before it became known, in order, the person left out.
    pub fn contacts(&self, person: PersonIndex, known: Day, back: u32) -> Vec<PersonIndex> {
        let met = self.met(person, self.window(known, back));
        people(self.site).filter(|other| *other != person && met.has(*other)).collect()
    }
}

fn people(site: &Site) -> impl Iterator<Item = PersonIndex> {
    PersonIndex::all(site.people.len())
}

/// How much people of a roster mix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// How each person is exposed, in the order of the scenario.
    pub people: Vec<Exposed>,
    /// Pairs of people who meet in the calendar.
    pub pairs: usize,
    /// Of these, pairs of two teams.
    pub across_teams: usize,
    /// Of these, pairs of two cohorts.
    pub across_cohorts: usize,
}

/// How one person is exposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exposed {
    /// The person.
    pub person: PersonIndex,
    /// How many others they meet in the calendar.
    pub contacts: usize,
    /// Of these, people of other teams.
    pub other_teams: usize,
    /// Of these, people of other cohorts.
    pub other_cohorts: usize,
    /// How many stay away, the person included, when it becomes known on the worst day for that.
    pub group: usize,
    /// The first of the days on which it is so many.
    pub known: Day,
}

/// Reads off a roster how much people mix.
pub fn exposure(site: &Site, roster: &Roster, terms: Terms) -> Exposure {
    let meetings = Meetings::of(site, roster, terms.within);
    let none = Set::none(site.people.len());
    let mut teams: BTreeMap<TeamIndex, Set> = BTreeMap::new();
    let mut cohorts: BTreeMap<CohortIndex, Set> = BTreeMap::new();
    let (mut in_team, mut in_cohort) = (none.clone(), none.clone());
    for person in people(site) {
        if let Some(team) = site.person(person).team {
            teams.entry(team).or_insert_with(|| none.clone()).add(person);
            in_team.add(person);
        }
        if let Some(cohort) = roster.cohort(person) {
            cohorts.entry(cohort).or_insert_with(|| none.clone()).add(person);
            in_cohort.add(person);
        }
    }
    // Whoever is in the same places on the same days meets the same people.
    let mut groups: HashMap<(Day, Vec<Option<u32>>), usize> = HashMap::new();
    let mut exposed = Vec::with_capacity(site.people.len());
    for person in people(site) {
        let met = meetings.met(person, site.calendar.days());
        let others =
            |of: &Set, own: Option<&Set>| own.map_or(0, |own| met.count_with(of) - met.count_with(own));
        let own_team = site.person(person).team.and_then(|team| teams.get(&team));
        let own_cohort = roster.cohort(person).and_then(|cohort| cohorts.get(&cohort));
        let mut worst = (1, Day(0));
        // What happens on the last day becomes known on the day after at the earliest.
        for known in site.calendar.days() {
            let key: Vec<Option<u32>> =
                meetings.window(known, terms.back).map(|day| meetings.place(person, day)).collect();
            if key.iter().all(Option::is_none) {
                continue;
            }
            let size = *groups
                .entry((known, key))
                .or_insert_with(|| meetings.met(person, meetings.window(known, terms.back)).count());
            if size > worst.0 {
                worst = (size, known);
            }
        }
        exposed.push(Exposed {
            person,
            contacts: met.count().saturating_sub(1),
            other_teams: others(&in_team, own_team),
            other_cohorts: others(&in_cohort, own_cohort),
            group: worst.0,
            known: worst.1,
        });
    }
    let half = |of: fn(&Exposed) -> usize| exposed.iter().map(of).sum::<usize>() / 2;
    Exposure {
        pairs: half(|one| one.contacts),
        across_teams: half(|one| one.other_teams),
        across_cohorts: half(|one| one.other_cohorts),
        people: exposed,
    }
}

/// What is left of a roster when somebody and all who met them have to stay away.
#[derive(Debug, Clone)]
pub struct Case {
    /// The day before whose work it becomes known.
    pub known: Day,
    /// The last day of the calendar on which they stay away.
    pub until: Day,
    /// Who met the person, and stays away too.
    pub contacts: Vec<PersonIndex>,
    /// How many visits do not happen.
    pub visits_lost: usize,
    /// The scenario with these absences.
    pub problem: Problem,
    /// Must rules that fail then and were kept before, the first day first.
    pub broken: Vec<Breach>,
}

impl Case {
    /// The first day about which a must rule fails.
    pub fn first(&self) -> Option<Day> {
        self.broken.iter().map(|breach| from(breach, self.known)).min()
    }
}

/// From which day a breach is to be seen: that of its subject, and not before it becomes known.
pub fn from(breach: &Breach, known: Day) -> Day {
    breach.about.on.map_or(known, |day| day.max(known))
}

/// A roster and what it is a roster of.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The scenario as typed.
    pub scenario: &'a Scenario,
    /// The same, checked.
    pub problem: &'a Problem,
    /// The roster.
    pub roster: &'a Roster,
}

/// What is left of a roster when it becomes known before work on a day that somebody has to stay away: they do not
/// work, and whoever met them works at home, or not at all who works on site only. With mistakes where the scenario
/// cannot be so.
pub fn case(of: Known<'_>, person: PersonIndex, known: Day, terms: Terms) -> Result<Case, Vec<Finding>> {
    let site = &of.problem.site;
    let meetings = Meetings::of(site, of.roster, terms.within);
    let contacts = meetings.contacts(person, known, terms.back);
    let last = Day(known.0.saturating_add(i32::try_from(terms.stay).unwrap_or(i32::MAX) - 1));
    let until = last.min(site.calendar.last());
    let (first_date, last_date) = (site.calendar.date(known), site.calendar.date(until));
    let days = || (known.0..=until.0).map(Day);
    let edit = |other: PersonIndex| {
        let on_site_only = days().any(|day| site.laid_down(other, day) == Some(WorkPlace::OnSite));
        let id = site.person(other).id.clone();
        if other == person || on_site_only {
            Edit::Away { person: id, from: first_date, to: last_date }
        } else {
            Edit::HomeOnly { person: id, from: first_date, to: last_date }
        }
    };
    let gone: Vec<PersonIndex> = std::iter::once(person).chain(contacts.iter().copied()).collect();
    let edits: Vec<Edit> = gone.iter().map(|other| edit(*other)).collect();
    let mut scenario = of.scenario.clone();
    apply(&mut scenario, &edits);
    let (problem, _) = Problem::new(&scenario)?;
    let mut roster = of.roster.clone();
    let mut visits_lost = 0;
    for other in &gone {
        for day in days() {
            let was = roster.at(*other, day).place;
            let cell = match (was, problem.site.works(*other, day)) {
                (Place::Off, _) | (_, false) => Cell::OFF,
                (_, true) => Cell::HOME,
            };
            visits_lost += usize::from(was == Place::OnSite);
            roster.set(*other, day, cell);
        }
    }
    let says = Says::of(site, of.roster);
    let was = Judgement::with(of.problem, of.roster, says);
    let now = Judgement::with(&problem, &roster, says);
    let mut broken: Vec<Breach> = now
        .broken_musts()
        .filter(|breach| Problem::is_rule(breach.owner) && !breach.is_among(&was.breaches))
        .cloned()
        .collect();
    broken.sort_by_key(|breach| from(breach, known));
    Ok(Case { known, until, contacts, visits_lost, problem, broken })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEEK: &str = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-19" },
      "people": [ { "id": "ann", "team": "red" }, { "id": "bob", "team": "red" }, { "id": "cat", "team": "blue", "base": "on_site" },
                  { "id": "dan", "team": "blue" }, { "id": "eve" } ],
      "sites": [ { "id": "hq", "zones": [ { "id": "north", "seats": 3 }, { "id": "south", "seats": 3 } ] } ],
      "rules": [ { "id": "door", "headcount": { "at_least": 2 } },
                 { "id": "late", "headcount": { "when": "Fri", "at_least": 1 }, "strength": "high" } ],
      "history": { "days": [ { "person": "ann", "on": "2020-06-14", "place": "on_site", "zone": "north" },
                             { "person": "eve", "on": "2020-06-14", "place": "on_site", "zone": "north" } ] } }"#;

    /// Cat is in the south daily. Ann is in the north on Monday with Bob, in the south on Tuesday; Dan in the north on Tuesday.
    fn week() -> (Scenario, Problem, Roster) {
        let scenario = Scenario::read(WEEK).scenario.expect("reads");
        let problem = Problem::new(&scenario).expect("is right").0;
        let site = &problem.site;
        let mut roster = Roster::at_home(site);
        let mut visits =
            vec![("ann", 0, "north"), ("bob", 0, "north"), ("ann", 1, "south"), ("dan", 1, "north")];
        visits.extend((0..5).map(|day| ("cat", day, "south")));
        visits.extend([("dan", 2, "north"), ("eve", 3, "south"), ("eve", 4, "south")]);
        for (name, day, zone) in visits {
            let zone = site.zone_named(zone);
            let cell = Cell { zone, site: zone.map(|zone| site.site_of(zone)), ..Cell::ON_SITE };
            roster.set(site.person_named(name).expect("is there"), Day(day), cell);
        }
        (scenario, problem, roster)
    }

    fn names(site: &Site, list: &[PersonIndex]) -> Vec<String> {
        list.iter().map(|person| site.person(*person).id.clone()).collect()
    }

    #[test]
    fn meetings_are_counted_by_zone_or_site() {
        let (_, problem, roster) = week();
        let site = &problem.site;
        let counted = |within: Within| {
            let found = exposure(site, &roster, Terms { within, back: 2, stay: 5 });
            let each: Vec<(usize, usize)> =
                found.people.iter().map(|one| (one.contacts, one.other_teams)).collect();
            (each, found.pairs, found.across_teams, found.across_cohorts)
        };
        // In zones: Ann and Bob, Ann and Cat, Cat and Eve.
        assert_eq!(counted(Within::Zone), (vec![(2, 1), (1, 0), (2, 1), (0, 0), (1, 0)], 3, 1, 0));
        // On site also Ann and Dan, Bob and Cat, Cat and Dan.
        assert_eq!(counted(Within::Site), (vec![(3, 2), (2, 1), (4, 2), (2, 1), (1, 0)], 6, 3, 0));
    }

    #[test]
    fn the_largest_group_is_that_of_the_worst_day() {
        let (_, problem, roster) = week();
        let found = exposure(&problem.site, &roster, Terms { within: Within::Zone, back: 2, stay: 5 });
        let groups: Vec<(usize, i32)> = found.people.iter().map(|one| (one.group, one.known.0)).collect();
        // Ann met Eve on Sunday and Bob on Monday, which is known on Tuesday. On Wednesday it is Bob and Cat: as many.
        // Eve's Sunday becomes known on Monday; Dan meets nobody.
        assert_eq!(groups, [(3, 1), (2, 1), (2, 2), (1, 0), (2, 0)]);
        let meetings = Meetings::of(&problem.site, &roster, Within::Zone);
        let ann = problem.site.person_named("ann").expect("is there");
        let contacts = |known: i32, back| names(&problem.site, &meetings.contacts(ann, Day(known), back));
        assert_eq!(contacts(1, 2), ["bob", "eve"]);
        assert_eq!(contacts(1, 1), ["bob"]);
        assert_eq!(contacts(2, 2), ["bob", "cat"]);
        assert_eq!((contacts(0, 0), contacts(4, 2)), (vec![], vec![]));
    }

    #[test]
    fn what_fails_and_from_when() {
        let (scenario, problem, roster) = week();
        let site = &problem.site;
        let ann = site.person_named("ann").expect("is there");
        let known = Known { scenario: &scenario, problem: &problem, roster: &roster };
        let terms = Terms { within: Within::Zone, back: 2, stay: 2 };
        let found = case(known, ann, Day(2), terms).expect("can be");
        assert_eq!(names(site, &found.contacts), ["bob", "cat"]);
        // Cat works on site only and loses Wednesday and Thursday; on both one person is left.
        assert_eq!((found.visits_lost, found.until, found.first()), (2, Day(3), Some(Day(2))));
        let days: Vec<Option<Day>> = found.broken.iter().map(|breach| breach.about.on).collect();
        assert_eq!(days, [Some(Day(2)), Some(Day(3))]);
        // Alone on Friday with nobody met since Wednesday: nothing fails.
        let alone = case(known, ann, Day(4), terms).expect("can be");
        assert!(alone.contacts.is_empty() && alone.broken.is_empty() && alone.first().is_none());
    }
}
