//! Exceptions (`allow`) and pins as edits of a scenario. A way out is exceptions and removed pins, nothing else; a
//! question about a roster adds a pin.

use rota_core::typed::Pin;
use rota_core::{About, On, Site};
use rota_rules::entry::Allow;
use rota_rules::{Problem, Scenario};
use rota_solver::ways_out::WayOut;
use serde_json::{json, Value};

/// One edit of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// An exception more.
    Allow {
        /// The rule, by its place in the scenario.
        rule: usize,
        /// The exception.
        allow: Allow,
    },
    /// A pin less.
    RemovePin {
        /// The person, by their place in the scenario.
        person: usize,
        /// The pin, by its place in the person's `fixed`.
        fixed: usize,
    },
    /// A pin more, after the others.
    AddPin {
        /// The person, by their place in the scenario.
        person: usize,
        /// The pin.
        pin: Pin,
    },
}

/// What has to be written into the scenario for a way out.
pub fn edits(problem: &Problem, way: &WayOut) -> Vec<Edit> {
    let allows = way
        .bent
        .iter()
        .map(|bent| Edit::Allow { rule: bent.rule, allow: allow(&problem.site, &bent.about, bent.amount) });
    let pins = way
        .pins
        .iter()
        .map(|(person, fixed)| Edit::RemovePin { person: person.at(), fixed: *fixed as usize });
    allows.chain(pins).collect()
}

/// The exception that forgives so much about a subject.
pub(crate) fn allow(site: &Site, about: &About, amount: f64) -> Allow {
    let subject = about.named(site);
    let on = subject.on.map(|from| match subject.to {
        Some(to) if to != from => On::Span { from, to },
        _ => On::Date(from),
    });
    // Never less than what was counted; written without a tail of decimals.
    let amount = ((amount * 1e6) - 1e-3).ceil() / 1e6;
    Allow {
        person: subject.person,
        with: subject.with,
        on,
        team: subject.team,
        shift: subject.shift,
        site: subject.site,
        zone: subject.zone,
        desk: subject.desk,
        with_desk: subject.with_desk,
        cohort: subject.cohort,
        group: subject.group,
        limit: about.limit,
        amount,
        because: None,
    }
}

/// Edits a scenario as typed.
pub fn apply(scenario: &mut Scenario, edits: &[Edit]) {
    for edit in in_order(edits) {
        match edit {
            Edit::Allow { rule, allow } => scenario.rules[*rule].allow.push(allow.clone()),
            Edit::RemovePin { person, fixed } => {
                scenario.people[*person].fixed.remove(*fixed);
            }
            Edit::AddPin { person, pin } => scenario.people[*person].fixed.push(pin.clone()),
        }
    }
}

/// Edits a scenario document; everything else in it stays as it is. The document is one that was read without a
/// mistake.
pub fn apply_to_document(document: &mut Value, edits: &[Edit]) {
    for edit in in_order(edits) {
        match edit {
            Edit::Allow { rule, allow } => push(&mut document["rules"][*rule], "allow", allow),
            Edit::AddPin { person, pin } => push(&mut document["people"][*person], "fixed", pin),
            Edit::RemovePin { person, fixed } => {
                let person = document["people"][*person].as_object_mut().expect("a person is an object");
                let pins = person.get_mut("fixed").and_then(Value::as_array_mut).expect("pins are a list");
                pins.remove(*fixed);
                if pins.is_empty() {
                    person.shift_remove("fixed");
                }
            }
        }
    }
}

/// Adds to a list of an object, which may not be there yet.
fn push<T: serde::Serialize>(object: &mut Value, field: &str, item: &T) {
    if object.get(field).is_none() {
        object[field] = json!([]);
    }
    let written = serde_json::to_value(item).expect("edits are plain data");
    object[field].as_array_mut().expect("the field is a list").push(written);
}

/// Later pins of a person first, so that the places of the others stay right.
fn in_order(edits: &[Edit]) -> Vec<&Edit> {
    let mut ordered: Vec<&Edit> = edits.iter().collect();
    ordered.sort_by_key(|edit| match edit {
        Edit::Allow { .. } | Edit::AddPin { .. } => 0,
        Edit::RemovePin { fixed, .. } => -(*fixed as i64) - 1,
    });
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use rota_core::Date;

    const TEXT: &str = r#"{ "note": "kept", "scenario": 1,
      "calendar": { "to": "2020-06-19", "from": "2020-06-15" },
      "people": [ { "id": "amy", "fixed": [
          { "on": "2020-06-15", "place": "home" }, { "on": "2020-06-16", "place": "home" }, { "on": "tue", "place": "home" } ] },
        { "note": 1, "id": "ben", "fixed": [ { "on": "fri", "place": "home" } ] } ],
      "rules": [ { "because": "Post", "headcount": { "at_least": 1 } } ] }"#;

    /// The same edits to the document and to what was read of it give the same scenario.
    #[test]
    fn document_and_scenario_are_edited_alike() {
        let edits = [
            Edit::RemovePin { person: 0, fixed: 0 },
            Edit::RemovePin { person: 0, fixed: 2 },
            Edit::RemovePin { person: 1, fixed: 0 },
            Edit::Allow {
                rule: 0,
                allow: Allow {
                    on: Some(On::Date(Date::new(2020, 6, 17))),
                    amount: 1.0,
                    ..serde_json::from_value(json!({ "amount": 1 })).expect("an exception")
                },
            },
        ];
        let mut scenario = Scenario::read(TEXT).scenario.expect("reads");
        let mut document: Value = serde_json::from_str(TEXT).expect("JSON");
        apply(&mut scenario, &edits);
        apply_to_document(&mut document, &edits);
        let read = Scenario::read(&document.to_string());
        assert!(read.findings.is_empty(), "{:?}", read.findings);
        assert_eq!(read.scenario.as_ref(), Some(&scenario));
        assert_eq!(scenario.people[0].fixed.len(), 1);
        assert_eq!(scenario.people[0].fixed[0].on, On::Date(Date::new(2020, 6, 16)));
        assert!(scenario.people[1].fixed.is_empty());
        let written = document.to_string();
        assert!(written.starts_with(r#"{"note":"kept","scenario":1,"calendar":{"to":"#), "{written}");
        assert!(
            written.contains(
                r#"{"because":"Post","headcount":{"at_least":1},"allow":[{"on":"2020-06-17","amount":1.0}]}"#
            ),
            "{written}"
        );
    }
}
