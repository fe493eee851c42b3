//! `contacts`: with how many different people each person is on site.

use crate::model::{Model, Sum};
use crate::rule::{example, Example, Rule};
use crate::speak;
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::calendar::Per;
use rota_core::finding::Finding;
use rota_core::select::{Presence, ReadWhen, Spot, When, Where, Who};
use rota_core::{About, Cell, Day, PersonIndex, Place, Roster, Site, ZoneIndex};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Each person of `who` shares days on site with at most so many different people.
///
/// Two people are contacts when they are at one site (with `within: zone`, in one zone) on at least one open
/// day of `when`, whether or not their hours overlap; meeting somebody again does not count again. Everyone
/// on site counts as a contact, also people who are not of `who`. With `shifts` in `when`, only days on those
/// shifts count, for both. Without sites, all who are on site share one place. Days before the rota do not
/// count.
///
/// With `where`, only people there count; with `where: each site` or `each zone`, the contacts in each place
/// are counted by themselves. Read team by team, only contacts inside the team count.
///
/// The rule looks at every pair of people: it is meant for up to about 100 of them. Fixed groups, which keep
/// contacts few by themselves, are cheaper to plan.
///
/// A breach is about a person (and place, when `where` names or reads each); its amount is the people over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contacts {
    /// Whose contacts are counted; everyone's if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// No more different people.
    pub at_most: u32,
    /// What people share: a `site` (if not given) or a `zone`.
    #[serde(default, skip_serializing_if = "Within::is_site")]
    pub within: Within,
    /// On which days and shifts, such as `{"weekdays": ["mon"]}`; always if not given.
    #[serde(default, skip_serializing_if = "When::is_always")]
    pub when: When,
    /// At which places; anywhere if not given.
    #[serde(default, rename = "where", skip_serializing_if = "Where::is_anywhere")]
    pub at: Where,
}

/// What contacts share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Within {
    /// A site.
    #[default]
    Site,
    /// A zone.
    Zone,
}

impl Within {
    #[allow(clippy::trivially_copy_pass_by_ref)] // serde hands over a reference
    fn is_site(&self) -> bool {
        *self == Within::Site
    }
}

/// Pairs of people beyond which a warning is due: 100 people make 4,950.
const MANY_PAIRS: usize = 5_000;

/// The open days meant, of the whole calendar: contacts of one day count on all others.
fn days(site: &Site, when: &ReadWhen) -> Vec<Day> {
    let calendar = &site.calendar;
    calendar.days().filter(|day| calendar.is_open(*day) && when.fits(calendar, *day)).collect()
}

impl Contacts {
    /// The places in which people of one reading meet.
    fn places(&self, site: &Site, spot: Spot) -> Vec<Spot> {
        match (self.within, spot) {
            (Within::Site, Spot::Anywhere) => Where::Anywhere.meeting_spots(site),
            (Within::Zone, Spot::Anywhere) => ZoneIndex::all(site.zones.len()).map(Spot::Zone).collect(),
            (Within::Zone, Spot::Site(premises)) => {
                site.premises[premises.at()].zones.iter().copied().map(Spot::Zone).collect()
            }
            (_, spot) => vec![spot],
        }
    }

    /// Where a cell is, as far as contacts go: who has the same is a contact. None where it does not count.
    fn place_of(&self, site: &Site, when: &ReadWhen, spot: Spot, cell: &Cell) -> Option<u32> {
        if cell.place != Place::OnSite || !when.shifts.has(cell.shift) {
            return None;
        }
        let counts = match spot {
            Spot::Site(premises) => cell.site == Some(premises),
            Spot::Zone(zone) => cell.zone == Some(zone),
            Spot::Anywhere | Spot::Desk(_) => true,
        };
        match self.within {
            _ if !counts => None,
            Within::Zone => cell.zone.map(|zone| zone.0),
            Within::Site if site.premises.len() > 1 => cell.site.map(|premises| premises.0),
            Within::Site => Some(0),
        }
    }

    /// How many pairs the rule looks at.
    fn pairs(&self, site: &Site) -> usize {
        let (who, everyone) = (self.who.people(site).len(), Who::Everyone.people(site).len());
        who * who.saturating_sub(1) / 2 + who * (everyone - who)
    }
}

impl Rule for Contacts {
    fn examples() -> Vec<Example<Contacts>> {
        vec![
            example(TinySite::Days, r#"{ "at_most": 1 }"#),
            example(TinySite::Days, r#"{ "who": { "team": "red" }, "at_most": 0, "when": "Tue" }"#),
            example(TinySite::Desks, r#"{ "at_most": 1 }"#),
            example(TinySite::Desks, r#"{ "who": "key", "at_most": 0, "within": "zone" }"#),
            example(TinySite::Desks, r#"{ "at_most": 0, "where": { "site": "main" } }"#),
            example(TinySite::Desks, r#"{ "at_most": 1, "where": { "each": "site" } }"#),
            example(TinySite::Shifts, r#"{ "at_most": 1 }"#),
            example(TinySite::Shifts, r#"{ "at_most": 0, "when": { "shifts": ["early", "late"] } }"#),
            example(TinySite::Seats, r#"{ "who": "red", "at_most": 1, "within": "zone" }"#),
            example(TinySite::Seats, r#"{ "at_most": 0, "within": "zone", "where": { "site": "main" } }"#),
            example(TinySite::Seats, r#"{ "at_most": 0, "where": { "each": "zone" } }"#),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "contacts", "/who");
        findings.extend(self.when.findings(site, "contacts", "/when"));
        findings.extend(self.at.findings(site, "contacts", "/where"));
        if self.when.has_between(site) {
            findings.push(
                Finding::error("contacts.when", "/when", "contacts are counted by the day, not by the hour")
                    .help("leave out `between`, or name the `shifts` that count"),
            );
        }
        if self.within == Within::Zone && site.zones.is_empty() {
            findings.push(
                Finding::error("contacts.no_zone", "/within", "there are no zones to share")
                    .help("add `sites` with zones, or leave out `within`"),
            );
        }
        if findings.iter().any(Finding::is_error) {
            return findings;
        }
        let everyone = Who::Everyone.people(site).len();
        if !self.who.people(site).is_empty() && everyone as u64 <= u64::from(self.at_most) + 1 {
            findings.push(
                Finding::warning(
                    "contacts.limits",
                    "/at_most",
                    format!(
                        "nobody can meet more than {} others, so at_most {} asks nothing",
                        everyone.saturating_sub(1),
                        self.at_most
                    ),
                )
                .help("write a smaller at_most, or \"strength\": \"off\" to leave the rule out"),
            );
        } else if self.pairs(site) > MANY_PAIRS {
            findings.push(
                Finding::warning(
                    "contacts.many",
                    "",
                    format!(
                        "the rule looks at each of {} pairs of people, day by day: solving may take long",
                        self.pairs(site)
                    ),
                )
                .help("it is meant for up to about 100 people: narrow `who`, or read it with \"for_each\": \"team\""),
            );
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        let (who, everyone) = (self.who.people(site), Who::Everyone.people(site));
        if everyone.len() as u64 <= u64::from(self.at_most) + 1 {
            return; // there are not that many others
        }
        let when = self.when.read(site);
        let days = days(site, &when);
        for spot in self.at.spots(site) {
            let presences: Vec<(Day, Presence)> = self
                .places(site, spot)
                .into_iter()
                .flat_map(|spot| days.iter().map(move |day| (*day, Presence { shifts: when.shifts, spot })))
                .collect();
            let mut contacts: BTreeMap<PersonIndex, Sum> =
                who.iter().map(|person| (*person, Sum::default())).collect();
            for (at, one) in everyone.iter().enumerate() {
                for other in &everyone[at + 1..] {
                    if !contacts.contains_key(one) && !contacts.contains_key(other) {
                        continue;
                    }
                    let mut together = Sum::default();
                    for (day, presence) in &presences {
                        if let Spot::Zone(zone) = presence.spot {
                            // Those whom a zone keeps out meet nobody in it.
                            if !site.may_use_zone(*one, zone) || !site.may_use_zone(*other, zone) {
                                continue;
                            }
                        }
                        let (left, right) =
                            (model.on_site(*one, *day, presence), model.on_site(*other, *day, presence));
                        together += model.both(left, right);
                    }
                    let met = model.any_of(together);
                    for person in [one, other] {
                        if let Some(sum) = contacts.get_mut(person) {
                            *sum += met.clone();
                        }
                    }
                }
            }
            for (person, met) in contacts {
                model.at_most(spot.about(About::person(person)), met, f64::from(self.at_most));
            }
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        let when = self.when.read(site);
        let days = days(site, &when);
        let everyone = Who::Everyone.people(site);
        let mut people = self.who.people(site);
        if let Some(lens) = site.lens {
            // Only those who are in on that day can gain or lose a contact by one person's coming.
            people.retain(|person| {
                *person == lens.person || roster.at(*person, lens.day).place == Place::OnSite
            });
        }
        for spot in self.at.spots(site) {
            for person in &people {
                let mut met: BTreeSet<PersonIndex> = BTreeSet::new();
                for day in &days {
                    let Some(place) = self.place_of(site, &when, spot, roster.at(*person, *day)) else {
                        continue;
                    };
                    met.extend(everyone.iter().filter(|other| {
                        *other != person
                            && self.place_of(site, &when, spot, roster.at(**other, *day)) == Some(place)
                    }));
                }
                let about = spot.about(About::person(*person));
                tally.at_most(about, met.len() as f64, f64::from(self.at_most));
            }
        }
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let shares = match self.within {
            Within::Zone => "shares a zone with",
            Within::Site if self.at.is_anywhere() && site.premises.len() > 1 => "shares a site with",
            Within::Site => "is on site with",
        };
        let others = match self.at_most {
            0 => "nobody else".to_string(),
            1 => "at most 1 other person".to_string(),
            most => format!("at most {most} other people"),
        };
        format!(
            "{} {shares} {others}{}{}",
            speak::person(&self.who, site, about),
            speak::at(&self.at, site, about),
            speak::when(&self.when, site, about, Per::Rota)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;
    use crate::scenario::Scenario;
    use crate::Problem;

    const HOUSE: &str = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-17" },
      "people": [ { "id": "ann", "team": "red" }, { "id": "bob", "team": "red" }, { "id": "cat", "team": "blue" },
                  { "id": "dan", "team": "blue" }, { "id": "eve" } ],
      "sites": [ { "id": "main", "zones": [ { "id": "north", "desks": [ { "id": "N1" }, { "id": "N2" } ] },
                                            { "id": "bay", "seats": 4 } ] },
                 { "id": "annex", "zones": [ { "id": "south", "seats": 4 } ] } ],
      "history": { "days": [ { "person": "dan", "on": "2020-06-12", "place": "on_site", "zone": "south" },
                             { "person": "eve", "on": "2020-06-12", "place": "on_site", "zone": "south" } ] } }"#;

    /// North and bay are at the main site, south is at the annex; dan and eve met on Friday before.
    ///
    /// ```text
    ///       Mon     Tue     Wed
    /// ann   north   north   home
    /// bob   north   bay     south
    /// cat   bay     home    south
    /// dan   south   north   home
    /// eve   home    south   south
    /// ```
    /// By site: ann meets bob (twice), cat, dan: 3. Bob: ann, cat, dan, eve: 4. Cat: ann, bob, eve: 3. Dan:
    /// ann, bob: 2, for Friday is past. Eve: bob, cat: 2. By zone: ann: bob, dan: 2. Bob: ann, cat, eve: 3.
    /// Cat: bob, eve: 2. Dan: ann: 1. Eve: bob, cat: 2.
    #[test]
    fn picture() {
        let lines = [
            "ann: S@N1 S@N1 h",
            "bob: S@N2 S@bay S@south",
            "cat: S@bay h S@south",
            "dan: S@south S@N2 h",
            "eve: h S@south S@south",
        ];
        let count = |rule: &str| counted(HOUSE, &format!("{{ \"contacts\": {rule} }}"), &lines);
        assert_eq!(count(r#"{ "at_most": 2 }"#), ["ann at_most: 1", "bob at_most: 2", "cat at_most: 1"]);
        assert_eq!(count(r#"{ "who": "red", "at_most": 3 }"#), ["bob at_most: 1"]);
        assert_eq!(
            count(r#"{ "at_most": 1, "within": "zone" }"#),
            ["ann at_most: 1", "bob at_most: 2", "cat at_most: 1", "eve at_most: 1"]
        );
        // On Tuesday ann, bob and dan are at the main site, eve alone at the annex.
        assert_eq!(
            count(r#"{ "at_most": 1, "when": "Tue" }"#),
            ["ann at_most: 1", "bob at_most: 1", "dan at_most: 1"]
        );
        // At the main site: ann 3, bob 3, cat 2, dan 2; at the annex, on Wednesday, bob, cat and eve.
        assert_eq!(
            count(r#"{ "at_most": 1, "where": { "each": "site" } }"#),
            [
                "ann main at_most: 2",
                "bob main at_most: 2",
                "bob annex at_most: 1",
                "cat main at_most: 1",
                "cat annex at_most: 1",
                "dan main at_most: 1",
                "eve annex at_most: 1",
            ]
        );
        // In zones of the main site: ann meets bob and dan, bob and dan meet ann.
        assert_eq!(
            count(r#"{ "at_most": 1, "within": "zone", "where": { "site": "main" } }"#),
            ["ann main at_most: 1"]
        );
        assert_eq!(
            count(r#"{ "at_most": 0, "where": { "zone": "bay" } }"#),
            Vec::<String>::new() // cat on Monday, bob on Tuesday
        );
        // Team by team, contacts inside the team: ann and bob, while cat and dan never meet.
        assert_eq!(
            counted(HOUSE, r#"{ "contacts": { "at_most": 0 }, "for_each": "team" }"#, &lines),
            ["ann red at_most: 1", "bob red at_most: 1"]
        );
    }

    /// Ann and bob early, cat late on one day: by the day they all meet; on the early shift ann and bob do.
    #[test]
    fn by_the_day_whatever_the_hours() {
        let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15",
            "shifts": [ { "id": "early", "from": "06:00", "to": "14:00" }, { "id": "late", "from": "14:00", "to": "22:00" } ] },
          "people": [ { "id": "ann" }, { "id": "bob" }, { "id": "cat" } ] }"#;
        let lines = ["ann: S/early", "bob: S/early", "cat: S/late"];
        let count = |rule: &str| counted(scenario, &format!("{{ \"contacts\": {rule} }}"), &lines);
        assert_eq!(count(r#"{ "at_most": 1 }"#), ["ann at_most: 1", "bob at_most: 1", "cat at_most: 1"]);
        assert_eq!(
            count(r#"{ "at_most": 0, "when": { "shifts": ["early"] } }"#),
            ["ann at_most: 1", "bob at_most: 1"]
        );
    }

    fn codes(scenario: &str, rule: &str) -> Vec<String> {
        let mut scenario = Scenario::read(scenario).scenario.expect("reads");
        scenario.rules = vec![serde_json::from_str(rule).expect("the rule reads")];
        let findings = match Problem::new(&scenario) {
            Ok((_, findings)) | Err(findings) => findings,
        };
        let own = findings.into_iter().filter(|finding| finding.code.starts_with("contacts"));
        own.map(|finding| finding.code).collect()
    }

    #[test]
    fn mistakes_and_what_asks_nothing_are_told() {
        let shifts = TinySite::Shifts.json();
        assert_eq!(
            codes(shifts, r#"{ "contacts": { "at_most": 1, "when": "09:00-12:00" } }"#),
            ["contacts.when"]
        );
        assert_eq!(
            codes(shifts, r#"{ "contacts": { "at_most": 1, "within": "zone" } }"#),
            ["contacts.no_zone"]
        );
        assert_eq!(codes(shifts, r#"{ "contacts": { "at_most": 2 } }"#), ["contacts.limits"]);
        assert_eq!(
            codes(HOUSE, r#"{ "contacts": { "at_most": 1, "where": "nroth" } }"#),
            ["contacts.nowhere"]
        );
        assert!(codes(HOUSE, r#"{ "contacts": { "at_most": 3 } }"#).is_empty());
        let people: Vec<String> = (0..120).map(|at| format!("{{ \"id\": \"p{at}\" }}")).collect();
        let crowd = format!(
            r#"{{ "scenario": 1, "calendar": {{ "from": "2020-06-15", "to": "2020-06-16" }}, "people": [ {} ] }}"#,
            people.join(", ")
        );
        assert_eq!(codes(&crowd, r#"{ "contacts": { "at_most": 9 } }"#), ["contacts.many"]);
        assert!(codes(&crowd, r#"{ "contacts": { "who": "p1; p2", "at_most": 9 } }"#).is_empty());
    }

    #[test]
    fn sentences() {
        let say = |site: TinySite, rule: &str, about: &About| {
            let rule: Contacts = serde_json::from_str(rule).expect("reads");
            rule.sentence(&site.problem(&[]).site, about)
        };
        let bob = About::person(PersonIndex(1));
        assert_eq!(
            say(TinySite::Days, r#"{ "at_most": 1 }"#, &About::default()),
            "everyone is on site with at most 1 other person in the rota"
        );
        assert_eq!(
            say(TinySite::Desks, r#"{ "at_most": 4 }"#, &bob),
            "Bob shares a site with at most 4 other people in the rota"
        );
        assert_eq!(
            say(
                TinySite::Desks,
                r#"{ "at_most": 0, "within": "zone", "when": { "weekdays": ["mon"] } }"#,
                &bob
            ),
            "Bob shares a zone with nobody else on Monday in the rota"
        );
        assert_eq!(
            say(TinySite::Desks, r#"{ "at_most": 2, "where": { "zone": "north" } }"#, &bob),
            "Bob is on site with at most 2 other people in north in the rota"
        );
    }
}
