//! Scenarios made for a question: the must rules by themselves, and a rule of its own beside them.

use rota_core::typed::DefaultPlace;
use rota_rules::{AnyRule, Scenario, Strength};

/// The scenario with its must rules alone.
pub fn musts_alone(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.default_place = DefaultPlace::None;
    // Must rules may speak of the duties and cohorts of softer ones, which are not known when those are off.
    let named = scenario.rules.iter().any(|entry| {
        entry.strength == Strength::Must && matches!(entry.rule, AnyRule::Fair(_) | AnyRule::Mixing(_))
    });
    for entry in &mut scenario.rules {
        if entry.strength != Strength::Must {
            let names = named && matches!(entry.rule, AnyRule::Duty(_) | AnyRule::Cohorts(_));
            entry.strength =
                if names && entry.strength != Strength::Off { Strength::Low } else { Strength::Off };
        }
    }
    scenario
}

/// An id that no rule of the scenario has.
pub fn free_id(scenario: &Scenario, wanted: &str) -> String {
    let taken = |id: &str| scenario.rules.iter().any(|entry| entry.id.as_deref() == Some(id));
    let mut id = wanted.to_string();
    while taken(&id) {
        id.push('_');
    }
    id
}
