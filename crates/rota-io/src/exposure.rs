//! Who meets whom in a roster, and what one case breaks, as a document.

use crate::document::{breach, BreachDocument, FORMAT};
use rota_core::{Date, Day, PersonIndex, Site};
use rota_planner::exposure::{from, Case, Exposure, Terms};
use rota_rules::rules::contacts::Within;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What `rota what-if --case` or `--contacts` found. For whoever makes the roster, not for sharing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExposureDocument {
    /// The version of the format: 1.
    pub exposure: u32,
    /// What people share who meet.
    pub within: Within,
    /// Calendar days looked at before the day on which it becomes known.
    pub back_days: u32,
    /// Calendar days people stay away, that day included.
    pub stay_days: u32,
    /// How much people mix in the roster; with `--contacts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacts: Option<ContactsDocument>,
    /// What is left when one person has to stay away; with `--case`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseDocument>,
}

/// How much people mix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ContactsDocument {
    /// Pairs of people who meet.
    pub pairs: usize,
    /// Of these, pairs of two teams.
    pub across_teams: usize,
    /// Of these, pairs of two cohorts; only where there are cohorts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub across_cohorts: Option<usize>,
    /// The largest group that one case keeps away, that person included.
    pub largest_group: usize,
    /// How each person is exposed, in the order of the scenario.
    pub people: Vec<ExposedDocument>,
}

/// How one person is exposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExposedDocument {
    /// The person's id.
    pub person: String,
    /// How many others they meet.
    pub contacts: usize,
    /// Of these, people of other teams.
    pub other_teams: usize,
    /// Of these, people of other cohorts; only where there are cohorts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_cohorts: Option<usize>,
    /// How many stay away, the person included, when it becomes known on the worst day for that.
    pub group: usize,
    /// The first of the days on which it is so many.
    pub known: Date,
}

/// What is left when one person has to stay away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CaseDocument {
    /// The person's id.
    pub person: String,
    /// The day before whose work it becomes known: as asked, else the worst.
    pub known: Date,
    /// The last day of the calendar on which they stay away.
    pub until: Date,
    /// Who met the person and stays away too, by id.
    pub contacts: Vec<String>,
    /// How many visits do not happen.
    pub visits_lost: usize,
    /// Must rules that fail then and were kept before, the first day first.
    pub broken: Vec<BreachDocument>,
    /// The first day about which a must rule fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Date>,
    /// The same in short for each day on which it may become known; only where no day was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_day: Vec<CaseDay>,
}

/// What comes of it becoming known on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseDay {
    /// The day before whose work it becomes known.
    pub known: Date,
    /// How many stay away, the person included.
    pub group: usize,
    /// How many visits do not happen.
    pub visits_lost: usize,
    /// In how many places must rules fail.
    pub broken: usize,
    /// The first day about which one fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Date>,
}

impl ExposureDocument {
    fn empty(terms: Terms) -> ExposureDocument {
        ExposureDocument {
            exposure: FORMAT,
            within: terms.within,
            back_days: terms.back,
            stay_days: terms.stay,
            contacts: None,
            case: None,
        }
    }

    /// The document of how much people mix.
    pub fn contacts(site: &Site, terms: Terms, found: &Exposure) -> ExposureDocument {
        let has_cohorts = !site.names.cohorts.is_empty();
        let people = found
            .people
            .iter()
            .map(|one| ExposedDocument {
                person: site.person(one.person).id.clone(),
                contacts: one.contacts,
                other_teams: one.other_teams,
                other_cohorts: has_cohorts.then_some(one.other_cohorts),
                group: one.group,
                known: site.calendar.date(one.known),
            })
            .collect();
        let contacts = ContactsDocument {
            pairs: found.pairs,
            across_teams: found.across_teams,
            across_cohorts: has_cohorts.then_some(found.across_cohorts),
            largest_group: found.people.iter().map(|one| one.group).max().unwrap_or(0),
            people,
        };
        ExposureDocument { contacts: Some(contacts), ..ExposureDocument::empty(terms) }
    }

    /// The document of one case, and in short of the days on which it may become known.
    pub fn case(person: PersonIndex, terms: Terms, case: &Case, days: &[Case]) -> ExposureDocument {
        let site = &case.problem.site;
        let date = |day: Day| site.calendar.date(day);
        let by_day = |case: &Case| CaseDay {
            known: date(case.known),
            group: case.contacts.len() + 1,
            visits_lost: case.visits_lost,
            broken: case.broken.len(),
            first: case.first().map(date),
        };
        let found = CaseDocument {
            person: site.person(person).id.clone(),
            known: date(case.known),
            until: date(case.until),
            contacts: case.contacts.iter().map(|other| site.person(*other).id.clone()).collect(),
            visits_lost: case.visits_lost,
            broken: case.broken.iter().map(|found| breach(&case.problem, found)).collect(),
            first: case.broken.iter().map(|breach| from(breach, case.known)).min().map(date),
            by_day: days.iter().map(by_day).collect(),
        };
        ExposureDocument { case: Some(found), ..ExposureDocument::empty(terms) }
    }
}
