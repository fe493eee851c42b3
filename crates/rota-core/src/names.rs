//! What rules add to the things that a roster can say: duties and cohorts.

use crate::index::{CohortIndex, Day, DutyIndex, PersonIndex};
use crate::site::Site;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Duties and cohorts, as the rules name them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Names {
    /// Names of duties, in order of first mention.
    pub duties: Vec<String>,
    /// Who may do which duties on a day on site, each list in order.
    pub duty_days: BTreeMap<(PersonIndex, Day), Vec<DutyIndex>>,
    /// Names of cohorts, in order of first mention.
    pub cohorts: Vec<String>,
    /// Which cohorts each person may be in; people in none are left out.
    pub members: BTreeMap<PersonIndex, Membership>,
}

/// The cohorts that one person may be in.
#[derive(Debug, Clone, PartialEq)]
pub struct Membership {
    /// The cohorts, in the order of their rule.
    pub choices: Vec<CohortIndex>,
    /// The one laid down.
    pub given: Option<CohortIndex>,
    /// For each of the choices and each day of the calendar, whether it may be on site.
    pub on: Arc<Vec<Vec<bool>>>,
}

impl Membership {
    /// Whether a cohort may be on site on a day of the calendar.
    pub fn is_on(&self, cohort: CohortIndex, day: Day) -> bool {
        let choice = self.choices.iter().position(|choice| *choice == cohort);
        choice.is_some_and(|choice| self.on[choice][day.0 as usize])
    }
}

impl Names {
    /// The duty of this name, added if it is new.
    pub fn duty(&mut self, name: &str) -> DutyIndex {
        DutyIndex(place(&mut self.duties, name))
    }

    /// The cohort of this name, added if it is new.
    pub fn cohort(&mut self, name: &str) -> CohortIndex {
        CohortIndex(place(&mut self.cohorts, name))
    }

    /// Lets a person do a duty on a day.
    pub fn may_do(&mut self, person: PersonIndex, day: Day, duty: DutyIndex) {
        let duties = self.duty_days.entry((person, day)).or_default();
        if let Err(at) = duties.binary_search(&duty) {
            duties.insert(at, duty);
        }
    }
}

fn place(names: &mut Vec<String>, name: &str) -> u32 {
    let at = names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(name.to_string());
        names.len() - 1
    });
    at as u32
}

impl Site {
    /// The duty of this name.
    pub fn duty(&self, name: &str) -> Option<DutyIndex> {
        self.names.duties.iter().position(|known| known == name).map(|at| DutyIndex(at as u32))
    }

    /// The cohort of this name.
    pub fn cohort(&self, name: &str) -> Option<CohortIndex> {
        self.names.cohorts.iter().position(|known| known == name).map(|at| CohortIndex(at as u32))
    }

    /// The duties that a person may do on a day when on site.
    pub fn duties_of(&self, person: PersonIndex, day: Day) -> &[DutyIndex] {
        self.names.duty_days.get(&(person, day)).map_or(&[], Vec::as_slice)
    }

    /// The cohorts that a person may be in; none for people in no `cohorts` rule.
    pub fn membership(&self, person: PersonIndex) -> Option<&Membership> {
        self.names.members.get(&person)
    }
}
