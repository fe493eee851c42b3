//! `distance`: desks that are too near each other are not used at one time.

use crate::model::Model;
use crate::rule::{example, Example, Rule};
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::calendar::{Calendar, ShiftSet, DAY_MINUTES};
use rota_core::desks::plans;
use rota_core::finding::Finding;
use rota_core::roster::Place;
use rota_core::select::{Spot, Where};
use rota_core::sight::{is_screened, walls_around};
use rota_core::{About, Day, DeskIndex, Roster, Site, ZoneIndex};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// No two desks closer than so many metres are in use at one time.
///
/// Distances are measured between the positions (`at`) of desks of one floor: zones of a site that name the same
/// `floor` share a plan, any other zone is a plan of its own. Desks exactly so far apart may both be used.
/// Pairs that are `screened`, or whose line of sight one of the `walls` of the plan cuts, never count; pairs that are
/// `too_close` always do. Desks without a position, and
/// desks whose position cannot be right, are left out, with a warning.
///
/// A breach is about a day and two desks; its amount is 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Distance {
    /// The least distance, in metres.
    pub metres: f64,
    /// At which places; everywhere if not given.
    #[serde(default, rename = "where", skip_serializing_if = "Where::is_anywhere")]
    pub at: Where,
}

/// Distances this close to the limit count as kept: positions are typed with a few decimals.
const MILLIMETRE: f64 = 1e-6;

/// Positions are known to a centimetre at best; a shorter distance, in metres, is a slip ...
pub const SHORTEST: f64 = 0.01;
/// ... and so is one of more metres than any floor has.
pub const LONGEST: f64 = 1000.0;

impl Distance {
    /// The pairs of desks that are too near each other, each pair once, in order.
    pub fn pairs(&self, site: &Site) -> Vec<(DeskIndex, DeskIndex)> {
        let mut pairs = Vec::new();
        for plan in plans(site) {
            let walls = plan.first().map(|desk| walls_around(site, *desk)).unwrap_or_default();
            let desks: Vec<DeskIndex> =
                plan.into_iter().filter(|desk| self.looks_at(site, site.desk(*desk).zone)).collect();
            let mut placed: Vec<(DeskIndex, [f64; 2])> = desks
                .iter()
                .filter(|desk| !site.desk(**desk).suspect)
                .filter_map(|desk| site.desk(*desk).at.map(|at| (*desk, at)))
                .collect();
            // Sorted by x, only neighbours within the distance need a look.
            placed.sort_by(|one, other| one.1[0].total_cmp(&other.1[0]).then(one.0.cmp(&other.0)));
            for (at, (one, [x, y])) in placed.iter().enumerate() {
                for (other, [other_x, other_y]) in &placed[at + 1..] {
                    if other_x - x >= self.metres {
                        break;
                    }
                    let near = (other_x - x).hypot(other_y - y) < self.metres - MILLIMETRE;
                    if near && !is_screened(site, &walls, *one, *other) {
                        pairs.push((*one.min(other), *one.max(other)));
                    }
                }
            }
        }
        for (at, zone) in site.zones.iter().enumerate() {
            if self.looks_at(site, ZoneIndex(at as u32)) {
                pairs.extend(zone.too_close.iter().copied());
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    fn looks_at(&self, site: &Site, zone: ZoneIndex) -> bool {
        self.at.spots(site).into_iter().any(|spot| match spot {
            Spot::Anywhere => true,
            Spot::Site(premises) => site.site_of(zone) == premises,
            Spot::Zone(only) => only == zone,
            Spot::Desk(_) => false,
        })
    }
}

/// For one start of a shift on a day: the shifts of that day on at that moment, and those of the day before.
fn starts(calendar: &Calendar) -> Vec<(ShiftSet, ShiftSet)> {
    if calendar.shifts.is_empty() {
        return vec![(ShiftSet::ALL, ShiftSet::NONE)];
    }
    calendar
        .starts()
        .into_iter()
        .map(|minute| (calendar.shifts_at(minute), calendar.shifts_at(minute + DAY_MINUTES)))
        .collect()
}

impl Rule for Distance {
    fn examples() -> Vec<Example<Distance>> {
        vec![
            example(TinySite::Desks, r#"{ "metres": 2.0 }"#),
            example(TinySite::DeskShifts, r#"{ "metres": 1.5 }"#),
            example(TinySite::DeskShifts, r#"{ "metres": 2.0, "where": { "zone": "north" } }"#),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.at.findings(site, "distance", "/where");
        if !(self.metres > 0.0 && self.metres.is_finite()) {
            findings.push(
                Finding::error("distance.metres", "/metres", "a distance must be above 0 metres")
                    .help("write \"strength\": \"off\" to leave the rule out"),
            );
            return findings;
        }
        if !(SHORTEST..=LONGEST).contains(&self.metres) {
            findings.push(
                Finding::error(
                    "distance.metres",
                    "/metres",
                    format!("a distance between desks is {SHORTEST} to {LONGEST} metres"),
                )
                .help("write metres, like 2.0"),
            );
            return findings;
        }
        let without: Vec<&str> =
            site.desks.iter().filter(|desk| desk.at.is_none()).map(|desk| desk.id.as_str()).collect();
        if site.desks.is_empty() {
            findings.push(
                Finding::warning(
                    "distance.no_desk",
                    "",
                    "there are no desks, so there is nothing to keep apart",
                )
                .help("give zones `desks` with `at`"),
            );
        } else if !without.is_empty() {
            let some = without.iter().take(3).copied().collect::<Vec<_>>().join(", ");
            findings.push(
                Finding::warning(
                    "distance.no_position",
                    "",
                    format!(
                        "{} of {} desks have no position and are left out: {some}",
                        without.len(),
                        site.desks.len()
                    ),
                )
                .help("add `at`: [x, y] in metres"),
            );
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        let pairs = self.pairs(site);
        for day in site.calendar.days().filter(|day| site.calendar.is_open(*day) && site.sees_day(*day)) {
            for (one, other) in &pairs {
                let about = About::day(day).desks(*one, *other);
                for (own, before) in starts(&site.calendar) {
                    let now = (model.taken(*one, day, own), model.taken(*other, day, own));
                    let earlier = |model: &mut Model, desk: DeskIndex| match day.plus(-1) {
                        past if past < site.calendar.first_known => crate::model::Sum::default(),
                        past => model.taken(desk, past, before),
                    };
                    let past = (earlier(model, *one), earlier(model, *other));
                    // Whoever came later came on this day; the other may have come the evening before.
                    for (left, right) in [(&now.0, &now.1), (&now.0, &past.1), (&past.0, &now.1)] {
                        if *left != crate::model::Sum::default() && *right != crate::model::Sum::default() {
                            model.never_both(about, left.clone(), right.clone());
                        }
                    }
                }
            }
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        let pairs = self.pairs(site);
        for day in site.calendar.days().filter(|day| site.calendar.is_open(*day) && site.sees_day(*day)) {
            let today = uses(site, roster, day);
            let yesterday = if site.calendar.has_nights() && day.plus(-1) >= site.calendar.first_known {
                uses(site, roster, day.plus(-1))
            } else {
                Vec::new()
            };
            let span = |desk: DeskIndex| today.iter().filter(move |(used, ..)| *used == desk);
            let night = |desk: DeskIndex| yesterday.iter().filter(move |(used, ..)| *used == desk);
            for (one, other) in &pairs {
                let together =
                    |from: u32, to: u32, other_from: u32, other_to: u32| from < other_to && other_from < to;
                let same_day = span(*one).any(|a| span(*other).any(|b| together(a.1, a.2, b.1, b.2)));
                let after_night = |day_desk: DeskIndex, night_desk: DeskIndex| {
                    span(day_desk).any(|a| night(night_desk).any(|b| a.1 + DAY_MINUTES < b.2))
                };
                let clash = same_day || after_night(*one, *other) || after_night(*other, *one);
                tally.never_both(About::day(day).desks(*one, *other), clash);
            }
        }
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let days = crate::speak::subject_days(site, about).unwrap_or_default();
        match (about.desk, about.with_desk) {
            (Some(one), Some(other)) => format!(
                "desks {} and {}, less than {} m apart, are not used at one time{days}",
                site.desk(one).name,
                site.desk(other).name,
                self.metres
            ),
            _ => format!("desks less than {} m apart are not used at one time{days}", self.metres),
        }
    }
}

/// Desks in use by people whose shift starts on the day: desk, first and last minute.
fn uses(site: &Site, roster: &Roster, day: Day) -> Vec<(DeskIndex, u32, u32)> {
    rota_core::PersonIndex::all(site.people.len())
        .map(|person| roster.at(person, day))
        .filter(|cell| cell.place == Place::OnSite)
        .filter_map(|cell| {
            let (from, to) =
                cell.shift.map_or((0, DAY_MINUTES), |shift| site.calendar.shifts[shift.at()].minutes());
            cell.desk.map(|desk| (desk, from, to))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;
    use crate::scenario::Scenario;

    const ROOM: &str = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-16",
        "shifts": [ { "id": "am", "from": "08:00", "to": "13:00" }, { "id": "pm", "from": "13:00", "to": "18:00" } ] },
      "people": [ { "id": "ann" }, { "id": "bob" }, { "id": "cat" } ],
      "sites": [ { "id": "hq", "zones": [
        { "id": "north", "floor": "2", "desks": [ { "id": "N1", "at": [0, 0] }, { "id": "N2", "at": [2, 0] } ] },
        { "id": "south", "floor": "2", "desks": [ { "id": "S1", "at": [1, 0] }, { "id": "S2", "at": [1, 1.8] } ],
          "screened": [["S1", "S2"]] } ] } ] }"#;

    /// Four desks of one floor: N1 (0,0), N2 (2,0), S1 (1,0), S2 (1,1.8). At 2 m: N1-N2 are exactly 2 m apart and
    /// may both be used; S1 is 1 m from both; S2 is 2.06 m from N1 and N2, and screened from S1.
    /// Monday: ann N1 and bob S1 in the morning (too near), cat N2 in the afternoon (nobody there). One breach.
    /// Tuesday: ann N1, bob N2, cat S2 all morning: none.
    #[test]
    fn picture() {
        let lines = ["ann: S/am@N1 S/am@N1", "bob: S/am@S1 S/am@N2", "cat: S/pm@N2 S/am@S2"];
        assert_eq!(counted(ROOM, r#"{ "distance": { "metres": 2.0 } }"#, &lines), ["2020-06-15 N1 S1: 1"]);
        assert_eq!(
            counted(ROOM, r#"{ "distance": { "metres": 2.1 } }"#, &lines),
            ["2020-06-15 N1 S1: 1", "2020-06-16 N1 N2: 1", "2020-06-16 N1 S2: 1", "2020-06-16 N2 S2: 1"]
        );
    }

    #[test]
    fn a_wall_screens_the_desks_on_its_two_sides() {
        let walled = |zone: &str| ROOM.replace(zone, &format!(r#"{zone} "walls": [[[0.5, -1], [0.5, 1]]],"#));
        let pairs = |text: &str| {
            let scenario = Scenario::read(text).scenario.expect("reads");
            let (problem, _) = crate::Problem::new(&scenario).expect("no error");
            let rule = Distance { metres: 2.0, at: Where::Anywhere };
            rule.pairs(&problem.site).iter().map(|(one, other)| (one.0, other.0)).collect::<Vec<_>>()
        };
        // N1 (0,0) - S1 (1,0) is cut; N2 (2,0) - S1 is not. The plan is that of the floor, whoever names the wall.
        assert_eq!(pairs(ROOM), [(0, 2), (1, 2)]);
        assert_eq!(pairs(&walled(r#""id": "north", "floor": "2","#)), [(1, 2)]);
        assert_eq!(pairs(&walled(r#""id": "south", "floor": "2","#)), [(1, 2)]);
    }

    #[test]
    fn a_desk_far_away_is_left_out() {
        let text = ROOM.replace("[1, 1.8]", "[-9363, 0]");
        let scenario = Scenario::read(&text).scenario.expect("reads");
        let (problem, findings) = crate::Problem::new(&scenario).expect("no error");
        assert!(findings.iter().any(|finding| finding.message.contains("9 km")), "{findings:?}");
        let rule = Distance { metres: 20_000.0, at: Where::Anywhere };
        assert!(rule.pairs(&problem.site).iter().all(|(one, other)| one.0 != 3 && other.0 != 3));
    }
}
