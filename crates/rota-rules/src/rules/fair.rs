//! `fair`: a burden is shared.

use crate::model::{Model, Row, Sum};
use crate::rule::{example, Example, Rule};
use crate::tally::{number, Tally};
use crate::tiny::TinySite;
use rota_core::calendar::{Per, ShiftSet};
use rota_core::finding::Finding;
use rota_core::select::{Presence, Spot, When, Who};
use rota_core::site::Wanted;
use rota_core::typed::{PersonHistory, WorkPlace};
use rota_core::{words, About, Day, Limit, PersonIndex, Place, Roster, ShiftIndex, Site, Weekday};
use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// A burden is shared: days on site, days at home, wishes not granted, or days on a duty.
///
/// Each further one of a person costs more: the n-th costs h + a * n, so it is cheaper to give the next one to
/// somebody who has had fewer. Nobody is ever called in merely to be even.
///
/// - a is the most days worked by anyone of `who`, divided by the days that the person works: somebody who works
///   half the days is due half the burden.
/// - h is what the past adds: a times the person's count in history, less the least such product of anyone who
///   takes part. Without history it is 0.
///
/// `of` is `on_site`, `home`, `refused_wishes` (days of wishes that do not hold, whatever their weight) or the name
/// of a duty. `when` says which days count now, both for the burden and for the days worked; with shifts, only days on those shifts
/// are a burden. Of history its weekdays are counted (all of them for shifts and wishes, which history does not
/// keep by weekday).
///
/// Only people who have a choice take part: those for whom base, only, pins, shifts and seats leave both open,
/// burden or none, on at least one day of `when`; for `refused_wishes`, those who have a wish on one of them; for a
/// duty, those who may do it on one of them.
/// Whoever works on no day of `when` does not take part. Of those who do, days without a choice count too.
///
/// Write it with strength high, medium or low: as a must it would forbid every burden.
///
/// A breach is about a person; its amount is the sum of h + a * j for j = 1 to n, n being the person's count now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fair {
    /// Who share the burden; everyone if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// The burden: `on_site`, `home`, `refused_wishes` or the name of a duty.
    pub of: Burden,
    /// On which days; all if not given.
    #[serde(default, skip_serializing_if = "When::is_always")]
    pub when: When,
}

/// What is shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Burden {
    /// Days on site.
    OnSite,
    /// Days worked at home.
    Home,
    /// Days of wishes that do not hold.
    RefusedWishes,
    /// Days on which a person does the duty of this name.
    Duty(String),
}

impl Burden {
    const NAMES: [&'static str; 3] = ["on_site", "home", "refused_wishes"];

    fn name(&self) -> &str {
        match self {
            Burden::OnSite => "on_site",
            Burden::Home => "home",
            Burden::RefusedWishes => "refused_wishes",
            Burden::Duty(name) => name,
        }
    }

    /// The name of a duty that no rule has.
    fn unknown_duty(&self, site: &Site) -> Option<&str> {
        match self {
            Burden::Duty(name) if site.duty(name).is_none() => Some(name),
            _ => None,
        }
    }

    fn spoken(&self) -> String {
        match self {
            Burden::OnSite => "the days on site".to_string(),
            Burden::Home => "the days at home".to_string(),
            Burden::RefusedWishes => "the wishes not granted".to_string(),
            Burden::Duty(name) => format!("the days on {name} duty"),
        }
    }
}

impl Serialize for Burden {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Burden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Burden, D::Error> {
        let name = String::deserialize(deserializer)?;
        Ok(match name.as_str() {
            "on_site" => Burden::OnSite,
            "home" => Burden::Home,
            "refused_wishes" => Burden::RefusedWishes,
            _ => Burden::Duty(name),
        })
    }
}

impl JsonSchema for Burden {
    fn schema_name() -> Cow<'static, str> {
        "Burden".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "What is shared: on_site, home, refused_wishes, or the name of a duty.",
            "anyOf": [{ "enum": Burden::NAMES }, { "type": "string" }]
        })
    }
}

/// What the burden weighs for one person who takes part; says nothing of any roster.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Share {
    person: PersonIndex,
    /// What each further one costs more than the one before: a.
    step: f64,
    /// What the past adds to each: h.
    past: f64,
}

impl Fair {
    /// The open days meant, all of them however little of the site is looked at: a person's burden is one sum.
    fn days(&self, site: &Site) -> Vec<Day> {
        let when = self.when.read(site);
        let calendar = &site.calendar;
        calendar.days().filter(|day| calendar.is_open(*day) && when.fits(calendar, *day)).collect()
    }

    fn presence(&self, site: &Site) -> Presence {
        Presence { shifts: self.when.read(site).shifts, spot: Spot::Anywhere }
    }

    /// Those who take part; where the site looks at one person, that one alone, still weighed against all.
    fn shares(&self, site: &Site) -> Vec<Share> {
        let days = self.days(site);
        let people = self.who.people(site);
        let worked = |person: PersonIndex| days.iter().filter(|day| site.works(person, **day)).count();
        let most = people.iter().map(|person| worked(*person)).max().unwrap_or(0) as f64;
        let shifts = self.when.read(site).shifts;
        let weekdays = self.weekdays(site);
        let mut shares: Vec<Share> = people
            .into_iter()
            .filter(|person| match &self.of {
                Burden::OnSite | Burden::Home => {
                    days.iter().any(|day| has_choice(site, *person, *day, shifts))
                }
                Burden::RefusedWishes => wish_days(site, *person, &days).next().is_some(),
                Burden::Duty(name) => days
                    .iter()
                    .any(|day| may_do(site, *person, *day, name) && may_be_on(site, *person, *day, shifts)),
            })
            .map(|person| {
                let step = most / worked(person) as f64;
                let counts = site.counts[person.at()].as_ref();
                let count = counts.map_or(0.0, |counts| self.count_before(site, counts, shifts, &weekdays));
                Share { person, step, past: step * count }
            })
            .collect();
        let least = shares.iter().map(|share| share.past).fold(f64::INFINITY, f64::min);
        for share in &mut shares {
            share.past -= least;
        }
        shares.retain(|share| site.lens.is_none_or(|lens| lens.person == share.person));
        shares
    }

    /// How often a person had the burden before.
    fn count_before(
        &self,
        site: &Site,
        counts: &PersonHistory,
        shifts: ShiftSet,
        weekdays: &[Weekday],
    ) -> f64 {
        let counted = |weekday: &Weekday| weekdays.is_empty() || weekdays.contains(weekday);
        match &self.of {
            Burden::OnSite if shifts != ShiftSet::ALL => {
                let counted = |id: &str| site.shift(id).is_some_and(|shift| shifts.has(Some(shift)));
                counts.shifts.iter().filter(|(id, _)| counted(id)).map(|(_, days)| f64::from(*days)).sum()
            }
            Burden::OnSite => {
                let days = counts.on_site.iter().filter(|(weekday, _)| counted(weekday));
                days.map(|(_, days)| f64::from(*days)).sum()
            }
            Burden::Home => {
                let days = counts.worked.iter().filter(|(weekday, _)| counted(weekday));
                days.map(|(weekday, worked)| {
                    f64::from(worked.saturating_sub(counts.on_site.get(weekday).copied().unwrap_or(0)))
                })
                .sum()
            }
            Burden::RefusedWishes => counts.wishes.map_or(0.0, |wishes| f64::from(wishes.refused)),
            Burden::Duty(name) => counts.duties.get(name).map_or(0.0, |days| f64::from(*days)),
        }
    }

    /// The weekdays named; none when all count.
    fn weekdays(&self, site: &Site) -> Vec<Weekday> {
        match &self.when {
            When::Fields(fields) => fields.weekdays.clone(),
            When::Words(text) => words::when(text, site).map(|fields| fields.weekdays).unwrap_or_default(),
        }
    }
}

/// Whether a rule lets a person do a duty on a day.
fn may_do(site: &Site, person: PersonIndex, day: Day, name: &str) -> bool {
    site.duty(name).is_some_and(|duty| site.duties_of(person, day).contains(&duty))
}

/// Whether the laws, pins included, let a person be on site on these shifts that day, and let them be elsewhere.
fn has_choice(site: &Site, person: PersonIndex, day: Day, shifts: ShiftSet) -> bool {
    if !site.works(person, day) {
        return false;
    }
    let others = ShiftIndex::all(site.calendar.shifts.len())
        .filter(|shift| !shifts.has(Some(*shift)))
        .fold(ShiftSet::NONE, ShiftSet::with);
    let may_be_home = site.laid_down(person, day) != Some(WorkPlace::OnSite)
        && pins(site, person, day).all(Wanted::is_home);
    may_be_on(site, person, day, shifts) && (may_be_home || may_be_on(site, person, day, others))
}

/// Whether the laws, pins included, let a person be on site on these shifts that day.
fn may_be_on(site: &Site, person: PersonIndex, day: Day, shifts: ShiftSet) -> bool {
    let left = pins(site, person, day).fold(shifts, |left, pin| left.and(pin.presence.shifts));
    let presence = Presence { shifts: left, spot: Spot::Anywhere };
    !pins(site, person, day).any(Wanted::is_home) && site.may_be(person, day, &presence)
}

fn pins(site: &Site, person: PersonIndex, day: Day) -> impl Iterator<Item = &Wanted> {
    site.person(person).pins.iter().filter(move |pin| pin.days.contains(&day))
}

/// A person's wishes on the days, each with each of its days.
fn wish_days<'a>(
    site: &'a Site,
    person: PersonIndex,
    days: &'a [Day],
) -> impl Iterator<Item = (&'a Wanted, Day)> + 'a {
    let wishes = site.person(person).wishes.iter();
    wishes.flat_map(|wish| wish.days.iter().filter(|day| days.contains(day)).map(move |day| (wish, *day)))
}

impl Rule for Fair {
    fn examples() -> Vec<Example<Fair>> {
        vec![
            example(TinySite::Uneven, r#"{ "of": "on_site" }"#),
            example(TinySite::Uneven, r#"{ "of": "on_site", "when": "Tue" }"#),
            example(TinySite::Uneven, r#"{ "of": "home", "when": { "weekdays": ["tue"] } }"#),
            example(TinySite::Uneven, r#"{ "of": "refused_wishes" }"#),
            example(TinySite::Uneven, r#"{ "of": "post" }"#),
            example(TinySite::Days, r#"{ "who": { "team": "red" }, "of": "home" }"#),
            example(TinySite::Days, r#"{ "of": "refused_wishes" }"#),
            example(TinySite::Long, r#"{ "of": "on_site" }"#),
            example(TinySite::Desks, r#"{ "of": "refused_wishes" }"#),
            example(TinySite::Shifts, r#"{ "of": "on_site", "when": { "shifts": ["late", "night"] } }"#),
            example(TinySite::Shifts, r#"{ "of": "refused_wishes", "when": "Mon" }"#),
            example(TinySite::DeskShifts, r#"{ "of": "on_site" }"#),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "fair", "/who");
        findings.extend(self.when.findings(site, "fair", "/when"));
        if let Some(name) = self.of.unknown_duty(site) {
            let known = || Burden::NAMES.into_iter().chain(site.names.duties.iter().map(String::as_str));
            let finding = Finding::error(
                "fair.unknown",
                "/of",
                format!("`{name}` is no burden: there is no duty of that name"),
            );
            let list: Vec<&str> = known().collect();
            findings.push(
                finding
                    .did_you_mean(name, known())
                    .or_help(format!("write one of {}, or add a rule `duty` of that name", list.join(", "))),
            );
        }
        if self.when.has_between(site) {
            findings.push(
                Finding::error(
                    "fair.when",
                    "/when",
                    "`between` looks at moments of a day, but days are shared",
                )
                .help("leave out `between`, or name shifts"),
            );
        } else if self.when.names_times(site) && matches!(self.of, Burden::Home | Burden::RefusedWishes) {
            findings.push(
                Finding::error(
                    "fair.when",
                    "/when",
                    format!("{} are not of one shift or another", self.of.spoken()),
                )
                .help("leave out `shifts`"),
            );
        }
        if findings.is_empty() && self.shares(site).is_empty() {
            let why = match self.of {
                Burden::RefusedWishes => "nobody of `who` has a wish on these days",
                _ => "nobody of `who` has a choice on these days",
            };
            findings.push(
                Finding::note("fair.nobody", "", format!("{why}, so nothing is shared"))
                    .help("the rule asks nothing this time; if that is meant, nothing needs doing"),
            );
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        let days = self.days(site);
        let presence = self.presence(site);
        for Share { person, step, past } in self.shares(site) {
            // Each is 0 or 1, so that the person's count is their sum, and at most their number.
            let ones: Vec<Sum> = match &self.of {
                Burden::RefusedWishes => wish_days(site, person, &days)
                    .map(|(wish, day)| {
                        let there = model.on_site(person, day, &wish.presence);
                        if wish.is_home() == wish.avoid {
                            there.complement()
                        } else {
                            there
                        }
                    })
                    .collect(),
                Burden::Duty(name) => {
                    let duty = site.duty(name).expect("a site with unknown duties is not solved");
                    let working = days.iter().filter(|day| site.works(person, **day));
                    working
                        .map(|day| {
                            let does = model.duty(person, *day, duty);
                            if presence == Presence::ON_SITE {
                                return does;
                            }
                            let there = model.on_site(person, *day, &presence);
                            model.both(does, there)
                        })
                        .filter(|does| *does != Sum::default())
                        .collect()
                }
                of => days
                    .iter()
                    .filter(|day| site.works(person, **day))
                    .map(|day| {
                        let there = model.on_site(person, *day, &presence);
                        if *of == Burden::Home {
                            there.complement()
                        } else {
                            there
                        }
                    })
                    .collect(),
            };
            let most = ones.len();
            let count: Sum = ones.into_iter().sum();
            // The rising cost is convex in the count: at count k its k-th tangent meets it, the others lie below.
            let tangents = (1..=most)
                .map(|k| k as f64)
                .map(|k| Row::at_most(count.clone().times(past + step * k), step * k * (k - 1.0) / 2.0))
                .collect();
            model.at_worst(About::person(person).limit(Limit::AtMost), tangents);
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        let days = self.days(site);
        let presence = self.presence(site);
        for Share { person, step, past } in self.shares(site) {
            let count = match &self.of {
                Burden::OnSite => {
                    days.iter().filter(|day| roster.is_there(site, person, **day, &presence)).count()
                }
                Burden::Home => {
                    days.iter().filter(|day| roster.at(person, **day).place == Place::Home).count()
                }
                Burden::RefusedWishes => wish_days(site, person, &days)
                    .filter(|(wish, day)| wish.fits(site, roster.at(person, *day)) == wish.avoid)
                    .count(),
                Burden::Duty(name) => {
                    let does = |day: &&Day| {
                        roster
                            .at(person, **day)
                            .duty
                            .is_some_and(|duty| site.names.duties[duty.at()] == *name)
                            && may_do(site, person, **day, name)
                            && roster.is_there(site, person, **day, &presence)
                    };
                    days.iter().filter(does).count()
                }
            };
            let amount: f64 = (1..=count).map(|nth| past + step * nth as f64).sum();
            tally.charge(
                About::person(person).limit(Limit::AtMost),
                amount,
                number(count as f64),
                number(0.0),
            );
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        Some(self.shares(site).into_iter().map(|share| share.person).collect())
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let person = crate::speak::person(&self.who, site, about);
        let when = crate::speak::when(&self.when, site, about, Per::Rota);
        format!("{person} takes a fair share of {}{when}", self.of.spoken())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;
    use crate::scenario::Scenario;
    use crate::Problem;

    /// Ann and Dan work five days, Bob two; Cat is always at home, Eve is away. Before: Ann was on site 3 days
    /// and at home 5, Bob 1 and 3, Dan 2 and 1.
    const TEAM: &str = r#"{ "scenario": 1,
      "calendar": { "from": "2020-06-15", "to": "2020-06-19" },
      "people": [
        { "id": "ann", "wishes": [ { "on": "mon", "place": "home", "weight": 5 }, { "on": "thu", "place": "on_site" } ] },
        { "id": "bob", "works": ["mon", "tue"], "wishes": [ { "on": "tue", "place": "on_site", "avoid": true } ] },
        { "id": "cat", "base": "home" },
        { "id": "dan" },
        { "id": "eve", "away": [ { "from": "2020-06-15", "to": "2020-06-19" } ] } ],
      "history": { "people": [
        { "person": "ann", "worked": { "mon": 4, "wed": 4 }, "on_site": { "mon": 2, "wed": 1 }, "wishes": { "asked": 4, "refused": 1 } },
        { "person": "bob", "worked": { "mon": 4 }, "on_site": { "mon": 1 }, "wishes": { "asked": 2, "refused": 2 } },
        { "person": "dan", "worked": { "tue": 3 }, "on_site": { "tue": 2 } } ] } }"#;

    /// ```text
    ///       Mon Tue Wed Thu Fri
    /// ann    S   S   h   h   h
    /// bob    S   S   -   -   -
    /// cat    h   h   h   h   h
    /// dan    h   S   S   S   h
    /// eve    -   -   -   -   -
    /// ```
    const LINES: [&str; 5] =
        ["ann: S S h h h", "bob: S S - - -", "cat: h h h h h", "dan: h S S S h", "eve: - - - - -"];

    fn count(rule: &str) -> Vec<String> {
        counted(TEAM, rule, &LINES)
    }

    /// Days on site. a: ann and dan 5/5 = 1, bob 5/2 = 2.5. History times a: ann 3, bob 2.5, dan 2; the least of
    /// those who take part is 2 (cat and eve have 0, but do not take part): h = 1, 0.5, 0.
    ///
    /// - ann, 2 days: (1 + 1) + (1 + 2) = 5
    /// - bob, 2 days: (0.5 + 2.5) + (0.5 + 5) = 8.5
    /// - dan, 3 days: 1 + 2 + 3 = 6
    ///
    /// Days at home. History times a: ann 5, bob 3 x 2.5 = 7.5, dan 1; h = 4, 6.5, 0.
    ///
    /// - ann, 3 days: 5 + 6 + 7 = 18; bob none; dan, 2 days: 1 + 2 = 3
    #[test]
    fn picture() {
        assert_eq!(
            count(r#"{ "fair": { "of": "on_site" } }"#),
            ["ann at_most: 5", "bob at_most: 8.5", "dan at_most: 6"]
        );
        assert_eq!(count(r#"{ "fair": { "of": "home" } }"#), ["ann at_most: 18", "dan at_most: 3"]);
    }

    /// Mondays: everybody works one, a = 1; history's Mondays on site: ann 2, bob 1, dan 0. One more each for ann
    /// (2 + 1) and bob (1 + 1). Monday and Tuesday: bob works as much as anyone, a = 1; history ann 2, bob 1,
    /// dan 2, less 1: ann 2 + 3 = 5, bob 1 + 2 = 3, dan 2.
    #[test]
    fn some_weekdays() {
        assert_eq!(
            count(r#"{ "fair": { "of": "on_site", "when": "Mon" } }"#),
            ["ann at_most: 3", "bob at_most: 2"]
        );
        assert_eq!(
            count(r#"{ "fair": { "of": "on_site", "when": { "weekdays": ["mon", "tue"] } } }"#),
            ["ann at_most: 5", "bob at_most: 3", "dan at_most: 2"]
        );
    }

    /// Only ann and bob have wishes, so dan's 0 is not the least. History times a: ann 1, bob 2 x 2.5 = 5; h = 0, 4.
    /// Ann is in on Monday and at home on Thursday: 1 + 2 = 3, whatever the weights. Bob is in on Tuesday: 4 + 2.5.
    #[test]
    fn wishes_not_granted() {
        assert_eq!(
            count(r#"{ "fair": { "of": "refused_wishes" } }"#),
            ["ann at_most: 3", "bob at_most: 6.5"]
        );
    }

    /// Ann is pinned on Monday, works on site only on Tuesday and may choose on Wednesday alone: she takes part,
    /// and all her three days count. Bob is pinned or bound every day, Cat has no seat: they do not.
    ///
    /// Late shifts: Ann was on 2, Bob on 5. Ann is pinned to the early shift on Monday; on Tuesday and Wednesday
    /// she may choose; one late: 1 + h. Bob, pinned on site on any shift on Monday, may choose late or not: h = 3.
    #[test]
    fn a_choice() {
        let team = r#"{ "scenario": 1,
          "calendar": { "from": "2020-06-15", "to": "2020-06-17", "shifts": [ { "id": "early" }, { "id": "late" } ] },
          "people": [
            { "id": "ann", "fixed": [ { "on": "mon", "shift": "early" } ], "only": [ { "place": "on_site", "from": "2020-06-16", "to": "2020-06-16" } ] },
            { "id": "bob", "fixed": [ { "on": "mon", "place": "on_site" }, { "on": "tue", "place": "home" } ], "only": [ { "place": "home", "from": "2020-06-17" } ] },
            { "id": "cat", "needs": ["sit_stand"] } ],
          "sites": [ { "id": "hq", "zones": [ { "id": "north", "seats": 9 }, { "id": "south", "seats": 1, "features": ["sit_stand"], "for": { "people": ["ann"] } } ] } ],
          "history": { "people": [ { "person": "ann", "shifts": { "early": 9, "late": 2 } }, { "person": "bob", "shifts": { "late": 5 } } ] } }"#;
        let mut scenario = Scenario::read(team).scenario.expect("reads");
        let mut amounts = |rule: &str| {
            scenario.rules = vec![serde_json::from_str(rule).expect("the rule reads")];
            let (problem, _) = Problem::build(&scenario); // with the error that Cat can sit nowhere
            let lines =
                ["ann: S/early@north S/late@north S/early@north", "bob: S/late@north h h", "cat: h h h"];
            let roster = crate::contract::drawn(&problem, &lines);
            let tally = problem.tally(&problem.rules[0], &problem.site, &roster);
            tally.counts.iter().map(|(about, count)| (about.person, count.amount)).collect::<Vec<_>>()
        };
        let (ann, bob) = (Some(PersonIndex(0)), Some(PersonIndex(1)));
        assert_eq!(amounts(r#"{ "fair": { "of": "on_site" } }"#), [(ann, 6.0)]);
        assert_eq!(
            amounts(r#"{ "fair": { "of": "on_site", "when": { "shifts": ["late"] } } }"#),
            [(ann, 1.0), (bob, 4.0)]
        );
    }

    fn problem(rule: &str) -> Result<(Problem, Vec<Finding>), Vec<Finding>> {
        let mut scenario = Scenario::read(TEAM).scenario.expect("reads");
        let mut entry: crate::RuleEntry = serde_json::from_str(rule).expect("the rule reads");
        entry.strength = crate::Strength::Low; // a must warns, which is tried by itself
        scenario.rules = vec![entry];
        Problem::new(&scenario)
    }

    #[test]
    fn says_what_is_asked() {
        let owner = crate::Owner::Rule(0);
        let ann = About::person(PersonIndex(0)).limit(Limit::AtMost);
        let said = |rule: &str, about: &About| problem(rule).expect("no error").0.sentence(owner, about);
        assert_eq!(
            said(r#"{ "fair": { "of": "refused_wishes" } }"#, &ann),
            "ann takes a fair share of the wishes not granted in the rota"
        );
        assert_eq!(
            said(r#"{ "fair": { "of": "on_site", "when": { "weekdays": ["mon"] } } }"#, &About::default()),
            "everyone takes a fair share of the days on site on Monday in the rota"
        );
    }

    #[test]
    fn a_must_is_asked_about() {
        let mut scenario = Scenario::read(TEAM).scenario.expect("reads");
        scenario.rules =
            vec![serde_json::from_str(r#"{ "fair": { "of": "on_site" } }"#).expect("the rule reads")];
        let (_, findings) = Problem::new(&scenario).expect("no error");
        assert!(findings.iter().any(|finding| finding.code == "fair.must"), "{findings:?}");
    }

    #[test]
    fn mistakes_are_found() {
        for (rule, code) in [
            (r#"{ "fair": { "of": "reception" } }"#, "fair.unknown"),
            (r#"{ "fair": { "of": "on_site", "when": "09:00-12:00" } }"#, "fair.when"),
        ] {
            let findings = problem(rule).expect_err("an error");
            assert!(
                findings.iter().any(|finding| finding.code == code && finding.help.is_some()),
                "{findings:?}"
            );
        }
        let findings = problem(r#"{ "fair": { "of": "onsite" } }"#).expect_err("an error");
        assert_eq!(findings[0].help.as_deref(), Some("did you mean `on_site`?"));
        let (_, findings) =
            problem(r#"{ "fair": { "of": "home", "who": { "people": ["cat"] } } }"#).expect("ok");
        assert!(findings.iter().any(|finding| finding.code == "fair.nobody"), "{findings:?}");
    }
}
