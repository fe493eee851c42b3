//! Rules that count people day by day, as lines of numbers under a table.

use crate::judge::Judgement;
use crate::model::{Look, Owner};
use crate::problem::{Problem, ProblemRule};
use crate::rule::AnyRule;
use rota_core::calendar::Per;
use rota_core::roster::{Place, Roster};
use rota_core::select::Presence;
use rota_core::{Day, Site, Who};

/// What a rule counts, one number a day.
#[derive(Debug, Clone)]
pub struct Counted<'r> {
    /// Whom.
    pub who: &'r Who,
    /// On site, at home or working.
    pub look: Look,
    /// The limits in words: `3 to 5`, `1 or more`.
    pub limits: String,
    /// On which shifts and where, for people on site.
    pub presence: Presence,
    /// The days on which it counts.
    pub days: Vec<Day>,
}

/// What a rule counts by the day; none for rules that count otherwise.
pub fn counted<'r>(problem: &Problem, rule: &'r ProblemRule) -> Option<Counted<'r>> {
    let site = &problem.site;
    let (who, look, limits, when, at) = match &rule.rule {
        AnyRule::Headcount(headcount) if headcount.per == Per::Day => {
            let limits = match (headcount.at_least, headcount.at_most) {
                (Some(least), Some(most)) => format!("{least} to {most}"),
                (Some(least), None) => format!("{least} or more"),
                (None, Some(most)) => format!("at most {most}"),
                (None, None) => return None,
            };
            (&headcount.who, headcount.place, limits, &headcount.when, &headcount.at)
        }
        AnyRule::Ratio(ratio) => {
            let limits = format!("{} for every {}", ratio.at_least, ratio.every);
            (&ratio.who, Look::OnSite, limits, &ratio.when, &ratio.at)
        }
        _ => return None,
    };
    let spots = at.spots(site);
    let read = when.read(site);
    // Read place by place, team by team or moment by moment, one number a day would say too little.
    if rule.for_each.is_some() || read.between.is_some() || spots.len() != 1 {
        return None;
    }
    let presence = Presence { shifts: read.shifts, spot: spots[0] };
    Some(Counted { who, look, limits, presence, days: read.days(site) })
}

impl Counted<'_> {
    /// How many are there on a day; none on a day on which nothing is counted.
    pub fn there(&self, site: &Site, roster: &Roster, day: Day) -> Option<usize> {
        if !self.days.contains(&day) {
            return None;
        }
        let is_there = |person: &rota_core::PersonIndex| match (self.look, roster.at(*person, day).place) {
            (Look::OnSite, _) => roster.is_there(site, *person, day, &self.presence),
            (Look::Home, place) => place == Place::Home,
            (Look::Working, place) => place != Place::Off,
        };
        Some(self.who.people(site).iter().filter(|person| is_there(person)).count())
    }
}

/// Whether a rule (by its place in the problem) is bent on a day, beyond what exceptions forgive.
pub fn is_bent(judgement: &Judgement, rule: usize, day: Day) -> bool {
    judgement.breaches.iter().any(|breach| {
        breach.owner == Owner::Rule(rule as u32) && breach.about.on == Some(day) && breach.cost() > 0.0
    })
}
