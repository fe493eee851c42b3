//! What is counted: read from words, put into a scenario, read off a roster.

use crate::musts::free_id;
use rota_core::finding::nearest;
use rota_core::roster::Roster;
use rota_core::select::{When, Where, Who};
use rota_core::words::Problem as Words;
use rota_core::Site;
use rota_rules::rules::headcount::{Headcount, Quota};
use rota_rules::{AnyRule, Judgement, Owner, Problem, RuleEntry, Scenario, Strength};

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `at_most` of the rule `headcount` at this place: the fewest.
    AtMost(usize),
    /// `at_least` of the rule `headcount` at this place: the most.
    AtLeast(usize),
    /// Seats of the zone with this id: the fewest.
    Seats(String),
    /// Desks: of the zone with this id, or all there are: the fewest.
    Desks(Option<String>),
    /// Screens between desks that are too near each other: the fewest.
    Screens,
}

/// Reads what is to be counted: `desks`, `seats`, a zone, or the id of a rule `headcount`; `door:at_least` for its
/// lower limit.
pub fn read_target(text: &str, scenario: &Scenario, problem: &Problem) -> Result<Target, Words> {
    let site = &problem.site;
    let (name, limit) = match text.rsplit_once(':') {
        Some((name, limit @ ("at_least" | "at_most"))) => (name, Some(limit)),
        _ => (text, None),
    };
    if let Some(at) = problem.rules.iter().position(|rule| rule.id == name) {
        return of_rule(at, limit, &scenario.rules[at], name);
    }
    let zone = |id: &str| match site.zone_named(id) {
        Some(at) if site.zone(at).seats.is_some() => Some(Target::Seats(id.to_string())),
        Some(_) => Some(Target::Desks(Some(id.to_string()))),
        None => None,
    };
    if let Some(target) = zone(name) {
        return Ok(target);
    }
    let with_seats: Vec<&str> =
        site.zones.iter().filter(|zone| zone.seats.is_some()).map(|zone| zone.id.as_str()).collect();
    let named = |zones: &[&str]| zones.iter().map(|id| format!("--of {id}")).collect::<Vec<_>>().join(" or ");
    match (name, with_seats.as_slice()) {
        ("desks", []) if !site.desks.is_empty() => Ok(Target::Desks(None)),
        ("desks", seats) if !site.desks.is_empty() => {
            let zones: Vec<&str> = site.zones.iter().map(|zone| zone.id.as_str()).collect();
            let zones: Vec<&str> = zones.into_iter().filter(|id| !seats.contains(id)).collect();
            Err(Words::new("some zones have desks and some have seats, and people may sit in both")
                .help(format!("ask for one zone: {}", named(&zones))))
        }
        ("desks", _) => {
            Err(Words::new("the scenario has no desks").help("give a zone desks, or use --of seats"))
        }
        ("seats", []) => Err(Words::new("no zone of the scenario has seats").help("use --of desks")),
        ("seats", [one]) => Ok(Target::Seats((*one).to_string())),
        ("seats", many) => {
            Err(Words::new("several zones have seats").help(format!("ask for one: {}", named(many))))
        }
        ("screens", _) if !super::screens::near(problem).is_empty() => Ok(Target::Screens),
        ("screens", _) => Err(Words::new("no must rule `distance` keeps desks of the scenario apart")
            .help("rota capacity PLAN --people N --days D tells the fewest screens of a plan, and between which desks")),
        _ => Err(unknown(name, scenario, problem)),
    }
}

fn of_rule(at: usize, limit: Option<&str>, entry: &RuleEntry, name: &str) -> Result<Target, Words> {
    let AnyRule::Headcount(rule) = &entry.rule else {
        return Err(Words::new(format!(
            "`{name}` is a rule `{}`, which sets no number of people",
            entry.rule.name()
        ))
        .help("only limits of a rule `headcount` can be counted"));
    };
    let people = |quota: Option<Quota>| matches!(quota, Some(Quota::People(_)));
    let target = match (limit, rule.at_most, rule.at_least) {
        (Some("at_least"), _, Some(_)) | (None, None, Some(_)) => Target::AtLeast(at),
        (Some("at_least"), ..) => {
            return Err(Words::new(format!("`{name}` has no `at_least`"))
                .help(format!("--of {name} asks for its `at_most`")));
        }
        (Some(_), None, _) => {
            return Err(Words::new(format!("`{name}` has no `at_most`"))
                .help(format!("--of {name} asks for its `at_least`")));
        }
        _ => Target::AtMost(at),
    };
    let quota = if matches!(target, Target::AtMost(_)) { rule.at_most } else { rule.at_least };
    if people(quota) {
        Ok(target)
    } else {
        Err(Words::new(format!("the limit of `{name}` is a share of those who work, not a number"))
            .help("write a number of people in the rule to ask for the fewest"))
    }
}

fn unknown(name: &str, scenario: &Scenario, problem: &Problem) -> Words {
    let is_headcount = |at: usize| matches!(scenario.rules[at].rule, AnyRule::Headcount(_));
    let ids: Vec<&str> = problem
        .rules
        .iter()
        .enumerate()
        .filter(|(at, _)| is_headcount(*at))
        .map(|(_, rule)| rule.id.as_str())
        .collect();
    let zones = problem.site.zones.iter().map(|zone| zone.id.as_str());
    let near = nearest(name, ids.iter().copied().chain(zones).chain(["desks", "seats", "screens"]));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if ids.is_empty() => {
            "write desks, seats, screens or a zone; bays, laptops and log-ins need a rule `headcount` with at_most".to_string()
        }
        None => format!(
            "write desks, seats, screens, a zone, or the id of a rule `headcount`, which stands for bays, laptops or log-ins: {}",
            ids.join(", ")
        ),
    };
    Words::new(format!("there is no rule or zone `{name}`")).help(help)
}

impl Target {
    /// Whether the most is wanted, not the fewest.
    pub fn wants_most(&self) -> bool {
        matches!(self, Target::AtLeast(_))
    }

    /// The number in the scenario.
    pub fn now(&self, scenario: &Scenario, site: &Site) -> Option<u32> {
        let people = |quota: Option<Quota>| match quota {
            Some(Quota::People(number)) => Some(number),
            _ => None,
        };
        match self {
            Target::AtMost(at) => headcount(scenario, *at).and_then(|rule| people(rule.at_most)),
            Target::AtLeast(at) => headcount(scenario, *at).and_then(|rule| people(rule.at_least)),
            Target::Seats(id) => site.zone_named(id).and_then(|zone| site.zone(zone).seats),
            Target::Desks(_) => Some(self.desks(site).len() as u32),
            Target::Screens => None,
        }
    }

    /// Ids of the desks that are counted.
    pub(super) fn desks(&self, site: &Site) -> Vec<String> {
        let zones = site.zones.iter().filter(|zone| match self {
            Target::Desks(Some(id)) => zone.id == *id,
            Target::Desks(None) => true,
            _ => false,
        });
        zones.flat_map(|zone| &zone.desks).map(|desk| site.desk(*desk).id.clone()).collect()
    }

    /// The scenario with this number as a must, or without a limit.
    pub(super) fn edited(&self, scenario: &Scenario, number: Option<u32>) -> Scenario {
        let mut edited = scenario.clone();
        match self {
            Target::AtMost(at) | Target::AtLeast(at) => {
                let entry = &mut edited.rules[*at];
                let AnyRule::Headcount(rule) = &mut entry.rule else { return edited };
                let quota = number.map(Quota::People);
                if self.wants_most() {
                    rule.at_least = quota.or(Some(Quota::People(0)));
                } else {
                    rule.at_most = quota;
                    // A rule must have a limit.
                    if quota.is_none() && rule.at_least.is_none() {
                        rule.at_least = Some(Quota::People(0));
                    }
                }
                entry.strength = Strength::Must;
            }
            Target::Seats(id) => {
                let all = scenario.people.len() as u32;
                for zone in
                    edited.sites.iter_mut().flat_map(|site| &mut site.zones).filter(|zone| zone.id == *id)
                {
                    let taken = zone.taken.iter().map(|taken| taken.seats).max().unwrap_or(0);
                    zone.seats = Some(number.unwrap_or(all + taken));
                }
            }
            Target::Desks(zone) => {
                let at = zone.clone().map_or(Where::Anywhere, Where::Zone);
                let mut rule = everybody_at(at);
                rule.at_most =
                    Some(number.map_or(Quota::People(scenario.people.len() as u32), Quota::People));
                let id = free_id(&edited, "desks-in-use");
                edited.rules.push(RuleEntry { id: Some(id), ..RuleEntry::new(AnyRule::Headcount(rule)) });
            }
            // Which they are matters: they are put in pair by pair.
            Target::Screens => {}
        }
        edited
    }

    /// How many a roster uses, or how many it has where many are wanted: no larger number changes anything.
    pub(super) fn used(&self, scenario: &Scenario, roster: &Roster) -> Option<u32> {
        let mut probe = scenario.clone();
        let at = match self {
            Target::AtMost(at) => *at,
            Target::AtLeast(_) | Target::Screens => return None,
            Target::Seats(_) | Target::Desks(_) => {
                let zone = match self {
                    Target::Seats(id) | Target::Desks(Some(id)) => Where::Zone(id.clone()),
                    _ => Where::Anywhere,
                };
                probe.rules.push(RuleEntry::new(AnyRule::Headcount(everybody_at(zone))));
                probe.rules.len() - 1
            }
        };
        let entry = &mut probe.rules[at];
        entry.strength = Strength::Must;
        entry.allow.clear();
        let AnyRule::Headcount(rule) = &mut entry.rule else { return None };
        (rule.at_most, rule.at_least) = (Some(Quota::People(0)), None);
        let (problem, _) = Problem::new(&probe).ok()?;
        let owner = Owner::Rule(at as u32);
        let judgement = Judgement::of(&problem, roster);
        let most =
            judgement.breaches.iter().filter(|breach| breach.owner == owner).map(|breach| breach.amount);
        let most = most.fold(0.0, f64::max).round() as u32;
        let taken = match self {
            Target::Seats(id) => problem
                .site
                .zone_named(id)
                .map_or(0, |zone| problem.site.zone(zone).taken.iter().copied().max().unwrap_or(0)),
            _ => 0,
        };
        Some(most + taken)
    }
}

fn headcount(scenario: &Scenario, at: usize) -> Option<&Headcount> {
    match &scenario.rules[at].rule {
        AnyRule::Headcount(rule) => Some(rule),
        _ => None,
    }
}

fn everybody_at(at: Where) -> Headcount {
    Headcount {
        who: Who::Everyone,
        place: rota_rules::model::Look::OnSite,
        per: rota_core::calendar::Per::Day,
        when: When::default(),
        at,
        at_least: None,
        at_most: Some(Quota::People(0)),
    }
}
