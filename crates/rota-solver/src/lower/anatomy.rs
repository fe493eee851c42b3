//! The program as a network: what is decided, and what follows from it by plain evaluation.

use super::{choice_column, Lowered, Origin};
use crate::choices::Way;
use rota_core::{Day, PersonIndex};
use rota_rules::model::{Meaning, Sum};
use std::collections::{BTreeMap, HashMap};

/// One thing to be decided: none of its options, or one of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Decision {
    /// Set to 1 with any option.
    pub lead: Option<usize>,
    /// The column of each option with a number for the way it stands for: the same way on another day, or of another
    /// person, has the same number.
    pub options: Vec<(usize, u32)>,
    /// The decision without an option of which this one cannot have any.
    pub under: Option<usize>,
}

/// How a column follows from others, all of them earlier.
#[derive(Debug, Clone, PartialEq)]
pub enum Follow {
    /// 1 exactly when the sum is at least so much.
    AtLeast(Vec<(usize, f64)>, f64),
    /// The sum with a constant, divided by a number and rounded up.
    Blocks(Vec<(usize, f64)>, f64, f64),
    /// The least slack that the program's rows with it need.
    Slack,
    /// What the last of the program's rows that speak of slacks and of this column lets it be, at most its upper
    /// bound; whole or not.
    Forgiven,
}

/// What a program is made of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Anatomy {
    /// First one decision for each person-day, `person * days + day`, whether there is anything to decide or not,
    /// then duties, cohorts and desks set aside.
    pub decisions: Vec<Decision>,
    /// How many of them are person-days.
    pub person_days: usize,
    /// Days of the calendar.
    pub days: usize,
    /// Columns that follow, in an order in which each speaks of earlier ones only.
    pub follows: Vec<(usize, Follow)>,
    /// So many of the first rows hold whatever is decided, once every column follows.
    pub holding: usize,
}

impl Lowered<'_> {
    /// The program as decisions and what follows from them.
    pub fn anatomy(&self) -> Anatomy {
        let mut ways: HashMap<Way, u32> = HashMap::new();
        let mut decisions: Vec<Decision> = Vec::with_capacity(self.on_site.len());
        for (cell, on_site) in self.on_site.iter().enumerate() {
            let (Some(on_site), Some(kind)) = (on_site, self.choices.of(cell)) else {
                decisions.push(Decision::default());
                continue;
            };
            let count = kind.choices.len();
            let options = kind.choices.iter().enumerate().map(|(at, way)| {
                let next = ways.len() as u32;
                (choice_column(*on_site, count, at), *ways.entry(*way).or_insert(next))
            });
            let options = options.collect();
            decisions.push(Decision { lead: (count > 1).then_some(*on_site), options, under: None });
        }
        let person_days = decisions.len();
        let mut duties: BTreeMap<(PersonIndex, Day), Vec<(usize, u32)>> = BTreeMap::new();
        let mut cohorts: BTreeMap<PersonIndex, Vec<(usize, u32)>> = BTreeMap::new();
        let mut aside: Vec<(usize, u32)> = Vec::new();
        let mut follows = Vec::new();
        for (column, origin) in self.origins.iter().enumerate() {
            let at = match origin {
                Origin::OnSite(..) | Origin::Choice(..) => continue,
                Origin::Slack => {
                    follows.push((column, Follow::Slack));
                    continue;
                }
                Origin::Forgiven => {
                    follows.push((column, Follow::Forgiven));
                    continue;
                }
                Origin::Model(at) => *at,
            };
            let at_least = |sum: &Sum, least: f64| {
                let terms = sum.terms.iter().map(|(column, factor)| (column.at(), *factor)).collect();
                Follow::AtLeast(terms, least - sum.constant)
            };
            let follow = match &self.model.columns[at] {
                Meaning::There { .. } => continue,
                Meaning::Duty { person, day, duty } => {
                    duties.entry((*person, *day)).or_default().push((column, duty.at() as u32));
                    continue;
                }
                Meaning::Cohort { person, cohort } => {
                    cohorts.entry(*person).or_default().push((column, cohort.at() as u32));
                    continue;
                }
                Meaning::Taken { desk, day, shifts } => {
                    let group = self.group_of_desk[desk.at()];
                    if self.groups[group].desks.len() == 1 {
                        at_least(&self.users(group, *day, *shifts), 1.0)
                    } else {
                        aside.push((column, u32::MAX));
                        continue;
                    }
                }
                Meaning::AnyOf(sum) => at_least(&self.read(sum), 1.0),
                Meaning::Enough(sum, least) => at_least(&self.read(sum), *least),
                // Each is 0 or 1.
                Meaning::Both(one, other) => at_least(&(self.read(one) + self.read(other)), 2.0),
                Meaning::Blocks(sum, every) => {
                    let sum = self.read(sum);
                    let terms = sum.terms.iter().map(|(column, factor)| (column.at(), *factor)).collect();
                    Follow::Blocks(terms, sum.constant, *every)
                }
            };
            follows.push((column, follow));
        }
        let duties =
            duties.into_iter().map(|((person, day), options)| (options, Some(self.cell(person, day))));
        let cohorts = cohorts.into_values().map(|options| (options, None));
        let aside = aside.into_iter().map(|option| (vec![option], None));
        for (options, under) in duties.chain(cohorts).chain(aside) {
            decisions.push(Decision { lead: None, options, under });
        }
        Anatomy {
            decisions,
            person_days,
            days: self.problem.site.calendar.len(),
            follows,
            holding: self.holding,
        }
    }
}
