//! Every mistake that a scenario may hold: its code, its exact place, and that something can be done about it.
//!
//! In the documents below `§` stands just before the place at which the finding must point.

use proptest::prelude::*;
use rota_core::positions::Positions;
use rota_core::{Finding, FindingLevel};
use rota_rules::{load, Problem, Scenario};

// ---------------------------------------------------------------- helpers

/// A document with people and what else is given, for the week of 15 June 2020.
fn week(rest: &str) -> String {
    format!(r#"{{ "scenario": 1, "calendar": {{ "from": "2020-06-15", "to": "2020-06-19" }}, {rest} }}"#)
}

/// A document with one person `amy` of the team `coding` and what is given about her.
fn amy(about: &str) -> String {
    week(&format!(
        r#""people": [ {{ "id": "amy", "team": "coding", "tags": ["key"], {about} }}, {{ "id": "ben" }} ], {PLACES}"#
    ))
}

/// A site with a zone of three desks and a zone of two seats.
const PLACES: &str = r#""sites": [ { "id": "hq", "zones": [
    { "id": "north", "desks": [ { "id": "N1", "at": [0, 0], "features": ["sit_stand"] },
                                { "id": "N2", "at": [1.4, 0], "for": { "people": ["ben"] } },
                                { "id": "N3", "at": [2.8, 0], "closed": ["2020-06-16"] } ] },
    { "id": "bay", "seats": 2, "taken": [ { "on": "2020-06-16", "seats": 1 } ] } ] } ]"#;

/// A document with five people in two teams, the places above, and these rules.
fn rules(list: &str) -> String {
    week(&format!(
        r#""people": [ {{ "id": "amy", "name": "Amy Walsh", "team": "coding", "tags": ["key"] }},
                      {{ "id": "ben", "name": "Ben O'Kafor", "team": "coding", "tags": ["new"] }},
                      {{ "id": "cat", "name": "Siân", "team": "front desk" }} ], {PLACES}, "rules": [ {list} ]"#
    ))
}

fn rule(text: &str) -> String {
    rules(&format!("{{ {text} }}"))
}

/// A document whose calendar has these fields besides its dates.
fn calendar(fields: &str) -> String {
    format!(
        r#"{{ "scenario": 1, "calendar": {{ "from": "2020-06-15", "to": "2020-06-19", {fields} }}, "people": [ {{ "id": "amy" }} ] }}"#
    )
}

fn sites(list: &str) -> String {
    week(&format!(r#""people": [ {{ "id": "amy", "tags": ["key"] }} ], "sites": [ {list} ]"#))
}

/// A site with one zone.
fn zone(fields: &str) -> String {
    sites(&format!(r#"{{ "id": "hq", "zones": [ {{ "id": "north", {fields} }} ] }}"#))
}

fn wrong(finding: &Finding) -> String {
    format!(
        "{}[{}]: {} --> {:?}:{:?} {:?} help: {:?}",
        finding.level.word(),
        finding.code,
        finding.message,
        finding.line,
        finding.column,
        finding.pointer,
        finding.help
    )
}

fn all(findings: &[Finding]) -> String {
    findings.iter().map(wrong).collect::<Vec<_>>().join("\n")
}

/// Line and column of the marks in a text, and the text without them.
fn unmark(marked: &str) -> (String, Vec<(u32, u32)>) {
    let mut text = String::new();
    let mut marks = Vec::new();
    let (mut line, mut column) = (1, 1);
    for c in marked.chars() {
        if c == '§' {
            marks.push((line, column));
            continue;
        }
        text.push(c);
        (line, column) = match c {
            '\n' => (line + 1, 1),
            '\u{feff}' if text.len() == c.len_utf8() => (line, column),
            _ => (line, column + 1),
        };
    }
    (text, marks)
}

fn findings(text: &str) -> Vec<Finding> {
    let loaded = load(text);
    let has_error = loaded.findings.iter().any(Finding::is_error);
    assert_eq!(loaded.problem.is_none(), has_error, "{}", all(&loaded.findings));
    for finding in &loaded.findings {
        sound(text, finding);
    }
    loaded.findings
}

/// Every finding has a place in the document, a pointer that exists, a remedy, and no word of serde's.
fn sound(text: &str, finding: &Finding) {
    let (Some(line), Some(column), Some(pointer)) =
        (finding.line, finding.column, finding.pointer.as_deref())
    else {
        panic!("no place: {}", wrong(finding));
    };
    let found =
        text.split('\n').nth(line as usize - 1).unwrap_or_else(|| panic!("no such line: {}", wrong(finding)));
    let characters = found.trim_start_matches('\u{feff}').chars().count();
    assert!(column as usize <= characters + 1, "no such column: {}", wrong(finding));
    if !finding.code.starts_with("json.") {
        assert_eq!(Positions::new(text).existing(pointer), pointer, "no such pointer: {}", wrong(finding));
    }
    let has_remedy = finding.help.as_ref().is_some_and(|help| help.len() > 4);
    assert!(has_remedy || finding.level == FindingLevel::Note, "no remedy: {}", wrong(finding));
    assert!(!finding.message.is_empty() && !finding.message.ends_with('.'), "{}", wrong(finding));
    assert!(finding.code.split_once('.').is_some_and(|(thing, why)| !thing.is_empty() && !why.is_empty()));
    assert!(finding.file.is_none());
    let own: String = finding.message.split(['`', '"']).step_by(2).collect();
    for word in ["struct ", "serde", "enum ", "variant", "u32", "f64", "line 1 column"] {
        assert!(!own.contains(word), "{}", wrong(finding));
    }
}

/// One case: the document must give exactly one finding of that level, and this one.
type Case = Result<Finding, String>;

fn one(level: FindingLevel, code: &str, pointer: &str, help: &str, marked: &str) -> Case {
    let (text, marks) = unmark(marked);
    let found = findings(&text);
    let ours: Vec<&Finding> = found.iter().filter(|finding| finding.level == level).collect();
    let complain = |what: String| Err(format!("{what}\n{}\nin {text:.900}", all(&found)));
    let [finding] = ours.as_slice() else { return complain(format!("not one {code} but")) };
    let place = (finding.line.unwrap_or(0), finding.column.unwrap_or(0));
    let remedy = finding.help.as_deref().unwrap_or("");
    if (finding.code.as_str(), finding.pointer.as_deref()) != (code, Some(pointer)) {
        complain(format!("not {code} at {pointer} but"))
    } else if vec![place] != marks {
        complain(format!("not at {marks:?} but"))
    } else if !remedy.contains(help) && !finding.message.contains(help) {
        complain(format!("no word of `{help}` in"))
    } else {
        Ok((*finding).clone())
    }
}

fn error(code: &str, pointer: &str, help: &str, marked: &str) -> Case {
    one(FindingLevel::Error, code, pointer, help, marked)
}

fn warning(code: &str, pointer: &str, help: &str, marked: &str) -> Case {
    assert!(
        !findings(&unmark(marked).0).iter().any(Finding::is_error),
        "{}",
        all(&findings(&unmark(marked).0))
    );
    one(FindingLevel::Warning, code, pointer, help, marked)
}

fn note(code: &str, pointer: &str, help: &str, marked: &str) -> Case {
    one(FindingLevel::Note, code, pointer, help, marked)
}

/// Documents with nothing but notes.
fn right(text: &str) -> Case {
    let found = findings(text);
    if found.iter().any(|finding| finding.level != FindingLevel::Note) {
        return Err(format!("found\n{}\nin {text:.900}", all(&found)));
    }
    Ok(Finding::note("none", "", ""))
}

#[track_caller]
fn every(cases: Vec<Case>) {
    let failed: Vec<String> = cases.into_iter().filter_map(Result::err).collect();
    assert!(failed.is_empty(), "{} cases failed:\n\n{}", failed.len(), failed.join("\n\n"));
}

// ---------------------------------------------------------------- not JSON

#[test]
fn what_is_not_json() {
    every(vec![
        error("json.empty", "", "rota init", "§"),
        error("json.empty", "", "rota init", "§  \n\t\n"),
        error("json.empty", "", "rota init", "\u{feff}§"),
        error("field.type", "", "write an object", "§[1, 2]"),
        error("field.type", "", "write an object", "\n  §\"scenario\""),
        error(
            "json.syntax",
            "/calendar/to",
            "put a comma between",
            "{ \"scenario\": 1,\n  \"calendar\": { \"from\": \"2020-06-15\"\n  §\"to\": \"2020-06-19\" },\n \"people\": [] }",
        ),
        error("json.syntax", "/people/1", "put a comma", "{ \"people\": [ { \"id\": \"amy\" }\n\t§{ \"id\": \"ben\" } ] }"),
        error("json.syntax", "/people", "take the last comma out", "{ \"people\": [ { \"id\": \"amy\" }, §] }"),
        error("json.syntax", "", "take the last comma out", "{ \"scenario\": 1, §}"),
        error("json.syntax", "/people/0/id", "close what is still open", "{ \"scenario\": 1,\n \"people\": [ { \"id\": \"amy\"§\n\n"),
        error("json.syntax", "/people/0/id", "look for a missing \"", "{ \"people\": [ { \"id\": \"amy§"),
        error("json.syntax", "", "double quotes", "{ §'scenario': 1 }"),
        error("json.syntax", "", "double quotes", "{ §scenario: 1 }"),
        error("json.syntax", "", "straight double quotes", "{ §“scenario”: 1 }"),
        error("json.syntax", "", "take the comment out", "{ §// a comment\n \"scenario\": 1 }"),
        error("json.syntax", "/scenario", "plain number", "{ \"scenario\": §NaN }"),
        error("json.syntax", "/scenario", "true, false or null", "{ \"scenario\": §True }"),
        error("json.syntax", "", "take out what follows", "{ \"scenario\": 1 }\n§}"),
        error("json.syntax", "/title", "close the quotes", "{ \"title\": \"x§\n\", \"b\": 1 }"),
        error("json.syntax", "", "colon", "{ \"title\" §1 }"),
        error("json.syntax", "/title", "backslash", "{ \"title\": \"C:\\team\\§x\" }"),
    ]);
}

#[test]
fn text_that_is_json_but_no_value() {
    every(vec![
        error(
            "field.type",
            "/people/0/wishes/0/weight",
            "smaller number",
            &amy(r#""wishes": [ { "on": "mon", "place": "home", "weight": §1e999 } ]"#),
        ),
        error("json.syntax", "/title", "anew", &week(r#""title": §"\ud800", "people": [ { "id": "amy" } ]"#)),
    ]);
}

#[test]
fn deep_nesting_overflows_nothing() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
    every(vec![
        error(
            "json.depth",
            "/note",
            "120 deep",
            &week(&format!(r#""note": §{}, "people": [ {{ "id": "amy" }} ]"#, deep("[", "]"))),
        ),
        error(
            "json.depth",
            "/rules/0/headcount/who",
            "120 deep",
            &rules(&format!(
                r#"{{ "headcount": {{ "at_least": 1, "who": §{} }} }}"#,
                deep("{ \"not\": ", "}")
            )),
        ),
        error(
            "headcount.nobody",
            "/rules/0/headcount/who",
            "fewer brackets",
            &rules(&format!(r#"{{ "headcount": {{ "at_least": 1, "who": §"{}" }} }}"#, "(".repeat(10_000))),
        ),
    ]);
    assert_eq!(findings(&"[".repeat(100_000))[0].code, "field.type");
    assert_eq!(findings(&"{\"a\":".repeat(100_000))[0].code, "json.syntax");
    right(&rules(&format!(
        r#"{{ "headcount": {{ "at_least": 1, "who": {}"coding"{} }} }}"#,
        "{\"not\":".repeat(50),
        "}".repeat(50)
    )))
    .expect("fifty deep is read");
}

// ---------------------------------------------------------------- shape

#[test]
fn fields_of_the_document() {
    let people = r#""people": [ { "id": "amy" } ]"#;
    every(vec![
        error(
            "field.unknown",
            "/peeple",
            "did you mean `people`?",
            &week(&format!(r#"{people}, §"peeple": []"#)),
        ),
        error("field.unknown", "/colour", "known here", &week(&format!(r#"{people}, §"colour": []"#))),
        error("field.unknown", "/a~1b", "known here", &week(&format!(r#"{people}, §"a/b": 1"#))),
        error("field.duplicate", "/people", "keep one", &week(&format!("{people}, §{people}"))),
        error(
            "field.missing",
            "",
            "\"scenario\": 1",
            &format!("§{}", week(people).replace("\"scenario\": 1, ", "")),
        ),
        error("field.missing", "", "add \"people\"", &format!("§{}", week("\"title\": \"x\""))),
        error("field.missing", "", "add \"calendar\"", &format!(r#"§{{ "scenario": 1, {people} }}"#)),
        error(
            "scenario.format",
            "/scenario",
            "newer rota",
            &format!(r#"{{ "scenario": §2, {people}, "roomz": [] }}"#),
        ),
        error(
            "scenario.format",
            "/scenario",
            "\"scenario\": 1",
            &week(people).replace("\"scenario\": 1", "\"scenario\": §0"),
        ),
        error(
            "field.type",
            "/scenario",
            "whole number",
            &week(people).replace("\"scenario\": 1", "\"scenario\": §\"1\""),
        ),
        error(
            "field.value",
            "/default_place",
            "did you mean `home`?",
            &week(&format!(r#"{people}, "default_place": §"hoem""#)),
        ),
        error("field.type", "/title", "text in quotes", &week(&format!(r#"{people}, "title": §7"#))),
        error("field.type", "/people", "list", &week(r#""people": §{}"#)),
        error("field.type", "/people", "list", &week(r#""people": §null"#)),
        error("field.type", "/rules", "list", &week(&format!(r#"{people}, "rules": §null"#))),
        error("field.type", "/sites", "list", &week(&format!(r#"{people}, "sites": §"hq""#))),
        error("field.type", "/history", "object", &week(&format!(r#"{people}, "history": §[]"#))),
        error(
            "field.unknown",
            "/history/dayz",
            "did you mean `days`?",
            &week(&format!(r#"{people}, "history": {{ §"dayz": [] }}"#)),
        ),
        error(
            "field.duplicate",
            "/history/days",
            "keep one",
            &week(&format!(r#"{people}, "history": {{ "days": [], §"days": [] }}"#)),
        ),
        error(
            "field.type",
            "/calendar",
            "object",
            &format!(r#"{{ "scenario": 1, "calendar": §null, {people} }}"#),
        ),
        error("people.none", "/people", "at least one person", &week(r#""people": §[]"#)),
    ]);
}

#[test]
fn shape_of_items() {
    every(vec![
        error("field.unknown", "/people/0/nmae", "did you mean `name`?", &amy(r#"§"nmae": "x""#)),
        error("field.unknown", "/people/0/desk", "known here: id, name", &amy(r#"§"desk": "x""#)),
        error(
            "field.unknown",
            "/people/0/only/0/form",
            "did you mean `from`?",
            &amy(r#""only": [ { "place": "home", §"form" : "2020-06-15" } ]"#),
        ),
        error("field.duplicate", "/people/0/id", "keep one", &amy(r#"§"id": "amy2""#)),
        error("field.missing", "/people/0/fixed/0", "add `on`", &amy(r#""fixed": [ §{ "place": "home" } ]"#)),
        error(
            "field.missing",
            "/people/1",
            "add `id`",
            &week(r#""people": [ { "id": "amy" }, §{ "name": "Ben" } ]"#),
        ),
        error(
            "field.type",
            "/people/1",
            "write an object",
            &week(r#""people": [ { "id": "amy" }, §["ben"] ]"#),
        ),
        error("field.type", "/people/1", "write an object", &week(r#""people": [ { "id": "amy" }, §null ]"#)),
        error("field.type", "/people/0/only/0", "write an object", &amy(r#""only": [ §["home"] ]"#)),
        error(
            "field.type",
            "/people/0/tags",
            "write a list",
            &amy(r#""works": ["mon"]"#).replace("[\"key\"]", "§\"key\""),
        ),
        error("field.type", "/people/0/away", "write a list", &amy(r#""away": §"2020-06-15""#)),
        error("field.type", "/people/0/away", "write a list", &amy(r#""away": §null"#)),
        error("field.type", "/people/0/away/0", "a date", &amy(r#""away": [ §20200615 ]"#)),
        error("field.type", "/people/0/name", "text in quotes", &amy(r#""name": §12"#)),
        error("field.value", "/people/0/base", "did you mean `on_site`?", &amy(r#""base": §"onsite""#)),
        error(
            "field.type",
            "/people/0/base/either",
            "one field too many",
            &amy(r#""base": { "home": null, §"either": null }"#),
        ),
        error("field.type", "/people/0/base", "one of", &amy(r#""base": §["home"]"#)),
        error(
            "field.value",
            "/people/0/works/1",
            "write it like mon",
            &amy(r#""works": ["mon", §"tusday"]"#),
        ),
        error("field.value", "/people/0/works", "not both", &amy(r#""works": §["mon", ["tue"]]"#)),
        error("field.value", "/people/0/away/0", "2020-06-15 or mon", &amy(r#""away": [ §"next week" ]"#)),
        error("field.value", "/people/0/away/0", "like 2020-06-15", &amy(r#""away": [ §"15/06/2020" ]"#)),
        error(
            "field.value",
            "/people/0/away/0",
            "both `from` and `to`",
            &amy(r#""away": [ §{ "from": "2020-06-15" } ]"#),
        ),
        error(
            "field.value",
            "/people/0/away/0",
            "either `on`",
            &amy(r#""away": [ §{ "on": "mon", "from": "2020-06-15", "to": "2020-06-16" } ]"#),
        ),
        error(
            "field.unknown",
            "/people/0/away/0/reason",
            "known here",
            &amy(r#""away": [ { "on": "mon", §"reason": "x" } ]"#),
        ),
        error(
            "field.missing",
            "/people/0/fixed/0/on",
            "add `to`",
            &amy(r#""fixed": [ { "on": §{ "from": "2020-06-15" }, "place": "home" } ]"#),
        ),
        error("date.impossible", "/people/0/away/0", "correct the day", &amy(r#""away": [ §"2020-06-31" ]"#)),
        error(
            "date.impossible",
            "/people/0/away/0/to",
            "correct the day",
            &amy(r#""away": [ { "from": "2020-06-15", "to": §"2021-02-29" } ]"#),
        ),
        error("date.impossible", "/people/0/starts", "correct the day", &amy(r#""starts": §"2020-13-01""#)),
        error(
            "date.impossible",
            "/rules/0/review",
            "correct the day",
            &rule(r#""headcount": { "at_least": 1 }, "review": §"2020-00-10""#),
        ),
        error(
            "date.impossible",
            "/calendar/closed/0",
            "correct the day",
            &calendar(r#""closed": [ §"2020-06-31" ]"#),
        ),
        error("field.type", "/sites/0/zones/0/seats", "whole number", &zone(r#""seats": §-2"#)),
        error("field.type", "/sites/0/zones/0/seats", "whole number", &zone(r#""seats": §2.5"#)),
        error("field.type", "/sites/0/zones/0/seats", "4294967295", &zone(r#""seats": §99999999999"#)),
        error(
            "field.type",
            "/sites/0/zones/0/seats",
            "whole number",
            &zone(r#""seats": §123456789012345678901234567890"#),
        ),
        error("field.type", "/sites/0/zones/0/seats", "whole number", &zone(r#""seats": §"six""#)),
        error(
            "field.type",
            "/sites/0/zones/0/desks/0/at",
            "exactly 2",
            &zone(r#""desks": [ { "id": "N1", "at": §[1, 2, 3] } ]"#),
        ),
        error(
            "field.type",
            "/sites/0/zones/0/desks/0/at",
            "exactly 2",
            &zone(r#""desks": [ { "id": "N1", "at": §[1] } ]"#),
        ),
        error(
            "field.type",
            "/sites/0/zones/0/desks/0/at/1",
            "a number",
            &zone(r#""desks": [ { "id": "N1", "at": [1, §"2"] } ]"#),
        ),
        error("field.type", "/sites/0/zones", "write a list", &sites(r#"{ "id": "hq", "zones": §{} }"#)),
        error(
            "field.value",
            "/calendar/shifts/0/from",
            "write it like 07:30",
            &calendar(r#""shifts": [ { "id": "a", "from": §"7.30", "to": "15:00" } ]"#),
        ),
        error(
            "field.value",
            "/calendar/shifts/0/to",
            "write it like 07:30",
            &calendar(r#""shifts": [ { "id": "a", "from": "07:00", "to": §"24:01" } ]"#),
        ),
        error(
            "field.value",
            "/calendar/work_days/1",
            "did you mean `tue`?",
            &calendar(r#""work_days": ["mon", §"tues"]"#),
        ),
        error(
            "field.type",
            "/ties/0/between",
            "exactly 2",
            &week(r#""people": [ { "id": "amy" } ], "ties": [ { "between": §["amy"] } ]"#),
        ),
        error(
            "field.value",
            "/previous/0/place",
            "did you mean `home`?",
            &week(
                r#""people": [ { "id": "amy" } ], "previous": [ { "person": "amy", "on": "2020-06-15", "place": §"hoem" } ]"#,
            ),
        ),
        error(
            "field.unknown",
            "/history/people/0/worked/mno",
            "did you mean `mon`?",
            &week(
                r#""people": [ { "id": "amy" } ], "history": { "people": [ { "person": "amy", "worked": { §"mno": 1 } } ] }"#,
            ),
        ),
    ]);
}

#[test]
fn rule_entries() {
    every(vec![
        error(
            "field.unknown",
            "/rules/0/headcuont",
            "did you mean `headcount`?",
            &rule(r#"§"headcuont": { "at_least": 1 }"#),
        ),
        error("field.unknown", "/rules/0/parking", "the rules are", &rule(r#"§"parking": {}"#)),
        error(
            "field.unknown",
            "/rules/0/strenght",
            "did you mean `strength`?",
            &rule(r#""headcount": { "at_least": 1 }, §"strenght": "low""#),
        ),
        error(
            "field.unknown",
            "/rules/0/headcount/at_lest",
            "did you mean `at_least`?",
            &rule(r#""headcount": { §"at_lest": 1 }"#),
        ),
        error(
            "field.value",
            "/rules/0/strength",
            "did you mean `medium`?",
            &rule(r#""headcount": { "at_least": 1 }, "strength": §"medum""#),
        ),
        error(
            "field.value",
            "/rules/0/for_each",
            "team",
            &rule(r#""headcount": { "at_least": 1 }, "for_each": §"person""#),
        ),
        error("field.type", "/rules/0/headcount", "write an object", &rule(r#""headcount": §3"#)),
        error("field.type", "/rules/0/headcount", "write an object", &rule(r#""headcount": §["coding"]"#)),
        error(
            "field.type",
            "/rules/0/headcount/at_least",
            "a number of people",
            &rule(r#""headcount": { "at_least": §-1 }"#),
        ),
        error(
            "field.value",
            "/rules/0/headcount/at_least",
            "from 0% to 100%",
            &rule(r#""headcount": { "at_least": §"400%" }"#),
        ),
        error(
            "field.type",
            "/rules/0/weight",
            "a number",
            &rule(r#""headcount": { "at_least": 1 }, "weight": §"2""#),
        ),
        error(
            "field.type",
            "/rules/0/private",
            "true or false",
            &rule(r#""headcount": { "at_least": 1 }, "private": §"yes""#),
        ),
        error(
            "field.duplicate",
            "/rules/0/headcount",
            "keep one",
            &rule(r#""headcount": { "at_least": 1 }, §"headcount": { "at_most": 1 }"#),
        ),
        error(
            "rule.two",
            "/rules/0/distance",
            "entry of its own",
            &rule(r#""headcount": { "at_least": 1 }, §"distance": { "metres": 2 }"#),
        ),
        error("rule.none", "/rules/0", "give one of", &rules(r#"§{ "id": "x", "strength": "low" }"#)),
        error("rule.none", "/rules/0", "give one of", &rules("§{}")),
        error("field.type", "/rules/0", "an object with the rule", &rules("§[]")),
        error(
            "rule.id",
            "/rules/0/id",
            "letters, digits",
            &rule(r#""id": §"two words", "headcount": { "at_least": 1 }"#),
        ),
        error(
            "rule.duplicate",
            "/rules/1/id",
            "the first is rules[0]",
            &rules(
                r#"{ "id": "a", "headcount": { "at_least": 1 } }, { "id": §"a", "headcount": { "at_most": 3 } }"#,
            ),
        ),
        error(
            "rule.weight",
            "/rules/0/weight",
            "number in between",
            &rule(r#""headcount": { "at_least": 1 }, "weight": §0"#),
        ),
        error(
            "rule.weight",
            "/rules/0/weight",
            "number in between",
            &rule(r#""headcount": { "at_least": 1 }, "weight": §-2.5"#),
        ),
        error(
            "rule.no_team",
            "/rules/0/for_each",
            "give people a `team`",
            &week(
                r#""people": [ { "id": "amy" } ], "rules": [ { "headcount": { "at_least": 1 }, "for_each": §"team" } ]"#,
            ),
        ),
        error("field.missing", "/rules/0/distance", "add `metres`", &rule(r#""distance": §{}"#)),
        error(
            "field.missing",
            "/rules/0/allow/0",
            "add `amount`",
            &rule(r#""headcount": { "at_least": 1 }, "allow": [ §{ "person": "amy" } ]"#),
        ),
    ]);
}

#[test]
fn exceptions() {
    let allow =
        |fields: &str| rule(&format!(r#""headcount": {{ "at_least": 1 }}, "allow": [ {{ {fields} }} ]"#));
    every(vec![
        error(
            "allow.amount",
            "/rules/0/allow/0/amount",
            "above 0",
            &allow(r#""person": "amy", "amount": §0"#),
        ),
        error(
            "allow.unknown_person",
            "/rules/0/allow/0/person",
            "did you mean `amy`?",
            &allow(r#""person": §"amyy", "amount": 1"#),
        ),
        error(
            "allow.unknown_person",
            "/rules/0/allow/0/with",
            "use the id `cat`",
            &allow(r#""with": §"Siân", "amount": 1"#),
        ),
        error(
            "allow.unknown_team",
            "/rules/0/allow/0/team",
            "did you mean `coding`?",
            &allow(r#""team": §"codng", "amount": 1"#),
        ),
        error(
            "allow.unknown_shift",
            "/rules/0/allow/0/shift",
            "calendar.shifts",
            &allow(r#""shift": §"late", "amount": 1"#),
        ),
        error(
            "allow.unknown_site",
            "/rules/0/allow/0/site",
            "did you mean `hq`?",
            &allow(r#""site": §"hqq", "amount": 1"#),
        ),
        error(
            "allow.unknown_zone",
            "/rules/0/allow/0/zone",
            "did you mean `north`?",
            &allow(r#""zone": §"nroth", "amount": 1"#),
        ),
        error(
            "allow.unknown_desk",
            "/rules/0/allow/0/desk",
            "did you mean `N1`?",
            &allow(r#""desk": §"N9", "amount": 1"#),
        ),
        error(
            "date.order",
            "/rules/0/allow/0/on",
            "swap",
            &allow(r#""on": §{ "from": "2020-06-18", "to": "2020-06-16" }, "amount": 1"#),
        ),
        right(&allow(r#""person": "amy", "on": "2021-01-01", "amount": 0.5, "because": "x""#)),
    ]);
}

// ---------------------------------------------------------------- calendar and shifts

#[test]
fn calendars() {
    let dated = |from: &str, to: &str| {
        format!(
            r#"{{ "scenario": 1, "calendar": {{ "from": "{from}", "to": §"{to}" }}, "people": [ {{ "id": "amy" }} ] }}"#
        )
    };
    every(vec![
        error("calendar.order", "/calendar/to", "swap", &dated("2020-06-19", "2020-06-15")),
        error("calendar.too_long", "/calendar/to", "rota next", &dated("2020-01-01", "2320-01-01")),
        error("calendar.too_long", "/calendar/to", "rota next", &dated("2020-01-01", "2021-01-01")),
        error("calendar.too_long", "/calendar/to", "rota next", &dated("0000-01-01", "9999-12-31")),
        right(&dated("2020-01-01", "2020-12-31").replace('§', "")),
        right(&dated("9999-12-31", "9999-12-31").replace('§', "")),
        error(
            "calendar.no_work_day",
            "/calendar/work_days",
            "list weekdays",
            &calendar(r#""work_days": §[]"#),
        ),
        error(
            "calendar.time_zone",
            "/calendar/time_zone",
            "Europe/London",
            &calendar(r#""time_zone": §"half past""#),
        ),
        warning(
            "calendar.no_open_day",
            "/calendar",
            "closed",
            &calendar(r#""work_days": ["sun"]"#).replace("\"calendar\": ", "\"calendar\": §"),
        ),
        warning(
            "calendar.no_open_day",
            "/calendar",
            "closed",
            &calendar(r#""closed": [ { "from": "2020-06-01", "to": "2020-06-30" } ]"#)
                .replace("\"calendar\": ", "\"calendar\": §"),
        ),
        error(
            "date.order",
            "/calendar/closed/0",
            "swap",
            &calendar(r#""closed": [ §{ "from": "2020-06-18", "to": "2020-06-16" } ]"#),
        ),
        note(
            "date.outside",
            "/calendar/closed/0",
            "may be kept for the year",
            &calendar(r#""closed": [ §"2020-12-25" ]"#),
        ),
        error(
            "shift.id",
            "/calendar/shifts/0/id",
            "letters, digits",
            &calendar(r#""shifts": [ { "id": §"early bird" } ]"#),
        ),
        error(
            "shift.duplicate",
            "/calendar/shifts/1/id",
            "the first is calendar.shifts[0]",
            &calendar(r#""shifts": [ { "id": "a" }, { "id": §"a" } ]"#),
        ),
        error(
            "shift.times",
            "/calendar/shifts/0",
            "give both times",
            &calendar(r#""shifts": [ §{ "id": "a", "from": "07:30" } ]"#),
        ),
        error(
            "shift.times",
            "/calendar/shifts/0/from",
            "00:00",
            &calendar(r#""shifts": [ { "id": "a", "from": §"24:00", "to": "08:00" } ]"#),
        ),
        error(
            "shift.hours",
            "/calendar/shifts/0/hours",
            "paid hours",
            &calendar(r#""shifts": [ { "id": "a", "hours": §0 } ]"#),
        ),
        error(
            "shift.hours",
            "/calendar/shifts/0/hours",
            "paid hours",
            &calendar(r#""shifts": [ { "id": "a", "hours": §25 } ]"#),
        ),
        right(&calendar(
            r#""shifts": [ { "id": "night", "from": "22:00", "to": "06:00" }, { "id": "late", "from": "16:00", "to": "24:00", "hours": 7.5, "by_request": true }, { "id": "free" } ], "anchor": "2019-01-07", "time_zone": "Europe/London""#,
        )),
    ]);
    let many: Vec<String> = (0..65).map(|number| format!(r#"{{ "id": "s{number}" }}"#)).collect();
    every(vec![error(
        "shift.too_many",
        "/calendar/shifts",
        "leave out",
        &calendar(&format!(r#""shifts": §[ {} ]"#, many.join(", "))),
    )]);
}

// ---------------------------------------------------------------- people

#[test]
fn people() {
    every(vec![
        error(
            "person.id",
            "/people/1/id",
            "letters, digits",
            &week(r#""people": [ { "id": "amy" }, { "id": §"ben ok" } ]"#),
        ),
        error(
            "person.id",
            "/people/1/id",
            "letters, digits",
            &week(r#""people": [ { "id": "amy" }, { "id": §"" } ]"#),
        ),
        error(
            "person.id",
            "/people/1/id",
            "letters, digits",
            &week(r#""people": [ { "id": "amy" }, { "id": §"a:b" } ]"#),
        ),
        error(
            "person.id",
            "/people/1/id",
            "at most 64",
            &week(&format!(r#""people": [ {{ "id": "amy" }}, {{ "id": §"{}" }} ]"#, "b".repeat(65))),
        ),
        right(&week(&format!(
            r#""people": [ {{ "id": "{}" }}, {{ "id": "siân.o@nhs-1_x", "name": "O'Brien: \"x\", y" }} ]"#,
            "b".repeat(64)
        ))),
        error(
            "person.duplicate",
            "/people/2/id",
            "the first is people[0]",
            &week(r#""people": [ { "id": "amy" }, { "id": "ben" }, { "id": §"amy" } ]"#),
        ),
        error(
            "works.outside",
            "/people/0/works/1",
            "calendar.work_days",
            &amy(r#""works": ["mon", §"sat"]"#),
        ),
        error(
            "works.outside",
            "/people/0/works/1/0",
            "calendar.work_days",
            r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-19", "anchor": "2020-06-08" }, "people": [ { "id": "amy", "works": [["mon"], [§"sun"]] } ] }"#,
        ),
        error(
            "works.anchor",
            "/people/0/works",
            "\"anchor\": \"2020-06-15\"",
            &amy(r#""works": §[["mon", "tue", "wed", "thu", "fri"], ["mon", "tue", "wed", "thu"]]"#),
        ),
        right(&amy(r#""works": []"#)),
        right(&amy(r#""comes": 5, "absent_rate": 0"#)),
        error("comes.days", "/people/0/comes", "from 0 to 5", &amy(r#""comes": §5.5"#)),
        error(
            "comes.days",
            "/people/0/comes",
            "from 0 to 2",
            &amy(r#""works": ["mon", "tue"], "comes": §2.5"#),
        ),
        error("comes.days", "/people/0/comes", "from 0 to 0", &amy(r#""works": [], "comes": §1"#)),
        error("comes.days", "/people/0/comes", "from 0 to 5", &amy(r#""comes": §-1"#)),
        error("absent_rate.share", "/people/0/absent_rate", "0.05 for one day", &amy(r#""absent_rate": §1"#)),
        error(
            "absent_rate.share",
            "/people/0/absent_rate",
            "0.05 for one day",
            &amy(r#""absent_rate": §-0.1"#),
        ),
        error(
            "date.order",
            "/people/0/ends",
            "swap",
            &amy(r#""starts": "2020-06-18", "ends": §"2020-06-16""#),
        ),
        error(
            "date.order",
            "/people/0/away/1",
            "swap",
            &amy(r#""away": [ "mon", §{ "from": "2020-06-18", "to": "2020-06-16", "why": "x" } ]"#),
        ),
        error(
            "date.order",
            "/people/0/only/0",
            "swap",
            &amy(r#""only": [ §{ "place": "home", "from": "2020-06-18", "to": "2020-06-16" } ]"#),
        ),
        error(
            "only.contradiction",
            "/people/0/only/0",
            "keep the one",
            &amy(r#""base": "home", "only": [ §{ "place": "on_site" } ]"#),
        ),
        error(
            "only.contradiction",
            "/people/0/only/1",
            "keep the one",
            &amy(
                r#""only": [ { "place": "home", "to": "2020-06-16" }, §{ "place": "on_site", "from": "2020-06-16" } ]"#,
            ),
        ),
        right(&amy(
            r#""only": [ { "place": "home", "to": "2020-06-16" }, { "place": "on_site", "from": "2020-06-17" } ]"#,
        )),
        error(
            "needs.unknown",
            "/people/0/needs/0",
            "did you mean `sit_stand`?",
            &amy(r#""needs": [ §"sit-stand" ]"#),
        ),
        error("needs.unknown", "/people/0/needs/0", "`features`", &amy(r#""needs": [ §"window" ]"#)),
        note(
            "date.outside",
            "/people/0/away/0",
            "may be kept for the year",
            &amy(r#""away": [ §{ "from": "2020-07-01", "to": "2020-07-10" } ]"#),
        ),
        note(
            "date.outside",
            "/people/0/away/0",
            "and 2 more like it",
            &amy(r#""away": [ §"2020-07-01", "2020-07-02", "2020-06-16", "2020-07-03" ]"#),
        ),
        warning(
            "wishes.unread",
            "/people/0/wishes",
            "\"wishes\": {}",
            &amy(r#""wishes": §[ { "on": "mon", "place": "home" } ]"#),
        ),
    ]);
}

#[test]
fn pins() {
    let fixed = |pin: &str| amy(&format!(r#""fixed": [ {pin} ]"#));
    every(vec![
        right(&fixed(
            r#"{ "on": "2020-06-15", "place": "on_site", "site": "hq", "zone": "north", "desk": "N1" }"#,
        )),
        right(&fixed(r#"{ "on": "mon", "place": "home" }, { "on": "tue", "zone": "bay" }"#)),
        error("pin.nothing", "/people/0/fixed/0", "add one of", &fixed(r#"§{ "on": "mon" }"#)),
        error(
            "pin.home",
            "/people/0/fixed/0",
            "\"on_site\"",
            &fixed(r#"§{ "on": "mon", "place": "home", "desk": "N1" }"#),
        ),
        error(
            "pin.places",
            "/people/0/fixed/0",
            "name the desk alone",
            &fixed(r#"§{ "on": "mon", "zone": "bay", "desk": "N1" }"#),
        ),
        error(
            "pin.unknown_shift",
            "/people/0/fixed/0/shift",
            "calendar.shifts",
            &fixed(r#"{ "on": "mon", "shift": §"late" }"#),
        ),
        error(
            "pin.unknown_site",
            "/people/0/fixed/0/site",
            "did you mean `hq`?",
            &fixed(r#"{ "on": "mon", "site": §"hqx" }"#),
        ),
        error(
            "pin.unknown_zone",
            "/people/0/fixed/0/zone",
            "did you mean `north`?",
            &fixed(r#"{ "on": "mon", "zone": §"North" }"#),
        ),
        error(
            "pin.unknown_desk",
            "/people/0/fixed/0/desk",
            "did you mean `N1`?",
            &fixed(r#"{ "on": "mon", "desk": §"N7" }"#),
        ),
        error(
            "date.order",
            "/people/0/fixed/0",
            "swap",
            &fixed(r#"§{ "on": { "from": "2020-06-18", "to": "2020-06-16" }, "place": "home" }"#),
        ),
        note(
            "date.outside",
            "/people/0/fixed/0",
            "correct the date",
            &fixed(r#"§{ "on": "2020-07-16", "place": "home" }"#),
        ),
        // Off days.
        error(
            "pin.off",
            "/people/0/fixed/0",
            "`away`",
            &amy(r#""away": ["2020-06-16"], "fixed": [ §{ "on": "2020-06-16", "place": "home" } ]"#),
        ),
        error(
            "pin.off",
            "/people/0/fixed/0",
            "`works`",
            &amy(r#""works": ["mon"], "fixed": [ §{ "on": "2020-06-16", "place": "home" } ]"#),
        ),
        error(
            "pin.off",
            "/people/0/fixed/0",
            "`starts`",
            &amy(r#""starts": "2020-06-17", "fixed": [ §{ "on": "2020-06-16", "place": "home" } ]"#),
        ),
        error(
            "pin.off",
            "/people/0/fixed/0",
            "calendar.closed",
            &fixed(r#"§{ "on": "2020-06-16", "place": "home" }"#)
                .replace("\"to\": \"2020-06-19\"", "\"to\": \"2020-06-19\", \"closed\": [\"2020-06-16\"]"),
        ),
        error(
            "pin.off",
            "/people/0/fixed/0",
            "calendar.work_days",
            &fixed(r#"§{ "on": "2020-06-20", "place": "home" }"#).replace("2020-06-19", "2020-06-21"),
        ),
        error(
            "pin.off",
            "/people/0/fixed/0",
            "nor on any other day",
            &amy(
                r#""away": ["2020-06-16", "2020-06-17"], "fixed": [ §{ "on": { "from": "2020-06-16", "to": "2020-06-17" }, "place": "home" } ]"#,
            ),
        ),
        right(&amy(
            r#""away": ["2020-06-16"], "fixed": [ { "on": "tue", "place": "home" }, { "on": { "from": "2020-06-15", "to": "2020-06-17" }, "place": "home" } ]"#,
        )),
        // Against what is laid down.
        error(
            "pin.only",
            "/people/0/fixed/0",
            "`only`",
            &amy(
                r#""only": [ { "place": "home", "to": "2020-06-16" } ], "fixed": [ §{ "on": "2020-06-16", "desk": "N1" } ]"#,
            ),
        ),
        error(
            "pin.only",
            "/people/0/fixed/0",
            "`base`",
            &amy(r#""base": "on_site", "fixed": [ §{ "on": "2020-06-16", "place": "home" } ]"#),
        ),
        right(&amy(
            r#""only": [ { "place": "home", "to": "2020-06-16" } ], "fixed": [ { "on": "2020-06-17", "desk": "N1" } ]"#,
        )),
        // Against the place.
        error("pin.place", "/people/0/fixed/0", "closed then", &fixed(r#"§{ "on": "tue", "desk": "N3" }"#)),
        error("pin.place", "/people/0/fixed/0", "`for` others", &fixed(r#"§{ "on": "tue", "desk": "N2" }"#)),
        error(
            "pin.place",
            "/people/0/fixed/0",
            "`needs`",
            &amy(r#""needs": ["sit_stand"], "fixed": [ §{ "on": "tue", "zone": "bay" } ]"#),
        ),
        error(
            "pin.place",
            "/people/0/fixed/0",
            "every place",
            &amy(r#""needs": ["sit_stand"], "fixed": [ §{ "on": "tue", "place": "on_site" } ]"#)
                .replace(r#""N1", "at": [0, 0],"#, r#""N1", "at": [0, 0], "closed": ["2020-06-16"],"#),
        ),
        // Against each other.
        error(
            "pin.contradiction",
            "/people/0/fixed/1",
            "keep one",
            &fixed(r#"{ "on": "mon", "place": "home" }, §{ "on": "2020-06-15", "place": "on_site" }"#),
        ),
        error(
            "pin.contradiction",
            "/people/0/fixed/1",
            "keep one",
            &fixed(r#"{ "on": "mon", "zone": "bay" }, §{ "on": "2020-06-15", "desk": "N1" }"#),
        ),
        right(&fixed(
            r#"{ "on": "mon", "zone": "north" }, { "on": "2020-06-15", "desk": "N1" }, { "on": "mon", "site": "hq" }"#,
        )),
        error(
            "pin.contradiction",
            "/people/0/fixed/1",
            "keep one",
            r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-19", "shifts": [ { "id": "a" }, { "id": "b" } ] },
            "people": [ { "id": "amy", "fixed": [ { "on": "mon", "shift": "a" }, §{ "on": "mon", "shift": "b" } ] } ] }"#,
        ),
        error(
            "pin.contradiction",
            "/people/1/fixed/0",
            "one person at a time",
            &week(&format!(
                r#""people": [ {{ "id": "amy", "fixed": [ {{ "on": "mon", "desk": "N1" }} ] }},
            {{ "id": "ben", "fixed": [ §{{ "on": {{ "from": "2020-06-15", "to": "2020-06-16" }}, "desk": "N1" }} ] }} ], {PLACES}"#
            )),
        ),
        error(
            "pin.contradiction",
            "/people/1/fixed/0",
            "`seats` or `taken`",
            &week(&format!(
                r#""people": [ {{ "id": "amy", "fixed": [ {{ "on": "tue", "zone": "bay" }} ] }},
            {{ "id": "ben", "fixed": [ §{{ "on": "tue", "zone": "bay" }} ] }} ], {PLACES}"#
            )),
        ),
    ]);
}

#[test]
fn desks_shared_by_shifts() {
    let document = |one: &str, other: &str| {
        format!(
            r#"{{ "scenario": 1, "calendar": {{ "from": "2020-06-15", "to": "2020-06-19",
               "shifts": [ {{ "id": "early", "from": "06:00", "to": "14:00" }}, {{ "id": "late", "from": "14:00", "to": "22:00" }} ] }},
               "people": [ {{ "id": "amy", "fixed": [ {{ "on": "mon", "desk": "N1", "shift": "{one}" }} ] }},
                           {{ "id": "ben", "fixed": [ §{{ "on": "mon", "desk": "N1", "shift": "{other}" }} ] }} ], {PLACES} }}"#
        )
    };
    every(vec![
        right(&document("early", "late").replace('§', "")),
        error("pin.contradiction", "/people/1/fixed/0", "one person at a time", &document("late", "late")),
    ]);
}

#[test]
fn wishes() {
    let wished = |wish: &str| {
        amy(&format!(r#""wishes": [ {wish} ]"#)).replacen(
            "\"people\"",
            "\"rules\": [ { \"wishes\": {}, \"strength\": \"low\" } ], \"people\"",
            1,
        )
    };
    every(vec![
        right(&wished(
            r#"{ "on": "mon", "place": "home", "weight": 0.5, "avoid": true }, { "on": "2020-06-16", "desk": "N1" }"#,
        )),
        error("wish.nothing", "/people/0/wishes/0", "add one of", &wished(r#"§{ "on": "mon" }"#)),
        error(
            "wish.home",
            "/people/0/wishes/0",
            "\"on_site\"",
            &wished(r#"§{ "on": "mon", "place": "home", "zone": "bay" }"#),
        ),
        error(
            "wish.places",
            "/people/0/wishes/0",
            "name the desk alone",
            &wished(r#"§{ "on": "mon", "zone": "bay", "desk": "N1" }"#),
        ),
        error(
            "wish.unknown_shift",
            "/people/0/wishes/0/shift",
            "calendar.shifts",
            &wished(r#"{ "on": "mon", "shift": §"late" }"#),
        ),
        error(
            "wish.unknown_site",
            "/people/0/wishes/0/site",
            "did you mean `hq`?",
            &wished(r#"{ "on": "mon", "site": §"HQ" }"#),
        ),
        error(
            "wish.unknown_zone",
            "/people/0/wishes/0/zone",
            "did you mean `bay`?",
            &wished(r#"{ "on": "mon", "zone": §"bey" }"#),
        ),
        error(
            "wish.unknown_desk",
            "/people/0/wishes/0/desk",
            "add the desk",
            &wished(r#"{ "on": "mon", "desk": §"window seat" }"#),
        ),
        error(
            "wish.weight",
            "/people/0/wishes/0/weight",
            "number in between",
            &wished(r#"{ "on": "mon", "place": "home", "weight": §0 }"#),
        ),
        error(
            "date.order",
            "/people/0/wishes/0",
            "swap",
            &wished(r#"§{ "on": { "from": "2020-06-18", "to": "2020-06-16" }, "place": "home" }"#),
        ),
        note(
            "date.outside",
            "/people/0/wishes/0",
            "kept for the year",
            &wished(r#"§{ "on": "2020-07-16", "place": "home" }"#),
        ),
        error(
            "wishes.nobody",
            "/rules/0/wishes/who/team",
            "did you mean `coding`?",
            &rule(r#""wishes": { "who": { "team": §"coden" } }"#),
        ),
    ]);
}

// ---------------------------------------------------------------- places

#[test]
fn places() {
    let pair = |field: &str, pair: &str| {
        zone(&format!(r#""desks": [ {{ "id": "N1" }}, {{ "id": "N2" }} ], "{field}": [ {pair} ]"#))
    };
    every(vec![
        error(
            "site.id",
            "/sites/0/id",
            "letters, digits",
            &sites(r#"{ "id": §"head office", "zones": [ { "id": "a", "seats": 1 } ] }"#),
        ),
        error(
            "site.duplicate",
            "/sites/1/id",
            "the first is sites[0]",
            &sites(
                r#"{ "id": "a", "zones": [ { "id": "a", "seats": 1 } ] }, { "id": §"a", "zones": [ { "id": "b", "seats": 1 } ] }"#,
            ),
        ),
        error("site.no_zone", "/sites/0", "add a zone", &sites(r#"§{ "id": "hq" }"#)),
        error(
            "zone.id",
            "/sites/0/zones/0/id",
            "letters, digits",
            &sites(r#"{ "id": "hq", "zones": [ { "id": §"a,b", "seats": 1 } ] }"#),
        ),
        error(
            "zone.duplicate",
            "/sites/1/zones/0/id",
            "the first is sites[0].zones[0]",
            &sites(
                r#"{ "id": "a", "zones": [ { "id": "z", "seats": 1 } ] }, { "id": "b", "zones": [ { "id": §"z", "seats": 1 } ] }"#,
            ),
        ),
        error(
            "desk.id",
            "/sites/0/zones/0/desks/0/id",
            "letters, digits",
            &zone(r#""desks": [ { "id": §"N 1" } ]"#),
        ),
        error(
            "desk.duplicate",
            "/sites/0/zones/1/desks/0/id",
            "the first is sites[0].zones[0].desks[0]",
            &sites(
                r#"{ "id": "hq", "zones": [ { "id": "a", "desks": [ { "id": "N1" } ] }, { "id": "b", "desks": [ { "id": §"N1" } ] } ] }"#,
            ),
        ),
        error(
            "zone.desks_or_seats",
            "/sites/0/zones/0",
            "`seats` where only",
            &sites(r#"{ "id": "hq", "zones": [ §{ "id": "a", "seats": 1, "desks": [ { "id": "N1" } ] } ] }"#),
        ),
        error(
            "zone.desks_or_seats",
            "/sites/0/zones/0",
            "give `desks`",
            &sites(r#"{ "id": "hq", "zones": [ §{ "id": "a" } ] }"#),
        ),
        error(
            "zone.taken",
            "/sites/0/zones/0/taken/1",
            "take no more seats",
            &zone(
                r#""seats": 3, "taken": [ { "on": "mon", "seats": 2 }, §{ "on": { "from": "2020-06-15", "to": "2020-06-16" }, "seats": 2 } ]"#,
            ),
        ),
        error(
            "zone.taken",
            "/sites/0/zones/0/taken/0",
            "and too many on 4 more days",
            &zone(
                r#""seats": 3, "taken": [ §{ "on": { "from": "2020-06-15", "to": "2020-06-19" }, "seats": 4294967295 } ]"#,
            ),
        ),
        error(
            "zone.taken",
            "/sites/0/zones/0/taken/0",
            "`closed` on the desks",
            &zone(r#""desks": [ { "id": "N1" } ], "taken": [ §{ "on": "mon", "seats": 1 } ]"#),
        ),
        note(
            "date.outside",
            "/sites/0/zones/0/taken/0",
            "kept for the year",
            &zone(r#""seats": 1, "taken": [ §{ "on": "2020-08-01", "seats": 9 } ]"#),
        ),
        error(
            "date.order",
            "/sites/0/zones/0/taken/0",
            "swap",
            &zone(
                r#""seats": 1, "taken": [ §{ "on": { "from": "2020-06-18", "to": "2020-06-16" }, "seats": 1 } ]"#,
            ),
        ),
        error(
            "date.order",
            "/sites/0/zones/0/closed/0",
            "swap",
            &zone(r#""seats": 1, "closed": [ §{ "from": "2020-06-18", "to": "2020-06-16" } ]"#),
        ),
        error(
            "zone.unknown_desk",
            "/sites/0/zones/0/screened/0/1",
            "did you mean `N1`?",
            &pair("screened", r#"["N2", §"N11"]"#),
        ),
        error(
            "zone.unknown_desk",
            "/sites/0/zones/0/too_close/0/0",
            "two desks of this zone",
            &pair("too_close", r#"[§"window", "N2"]"#),
        ),
        error(
            "zone.same_desk",
            "/sites/0/zones/0/screened/0",
            "two different desks",
            &pair("screened", r#"§["N2", "N2"]"#),
        ),
        error(
            "zone.contradiction",
            "/sites/0/zones/0/too_close/0",
            "keep one",
            &zone(
                r#""desks": [ { "id": "N1" }, { "id": "N2" } ], "screened": [["N2", "N1"]], "too_close": [ §["N1", "N2"] ]"#,
            ),
        ),
        error(
            "for.nobody",
            "/sites/0/zones/0/for/tag",
            "did you mean `key`?",
            &zone(r#""seats": 1, "for": { "tag": §"kee" }"#),
        ),
        error(
            "for.nobody",
            "/sites/0/zones/0/desks/0/for",
            "did you mean `key`?",
            &zone(r#""desks": [ { "id": "N1", "for": §"kee" } ]"#),
        ),
        error(
            "for.unknown_person",
            "/sites/0/zones/0/for/people/0",
            "did you mean `amy`?",
            &zone(r#""seats": 1, "for": { "people": [ §"ammy" ] }"#),
        ),
        warning(
            "for.empty",
            "/sites/0/zones/0/for",
            "nothing needs doing",
            &zone(r#""seats": 1, "for": §{ "not": "everyone" }"#),
        ),
    ]);
}

#[test]
fn positions_that_cannot_be_right() {
    let desks = |at: &[&str]| {
        let desks: Vec<String> = at
            .iter()
            .enumerate()
            .map(|(number, at)| format!(r#"{{ "id": "N{number}", "at": {at} }}"#))
            .collect();
        zone(&format!(r#""floor": "2", "desks": [ {} ]"#, desks.join(", ")))
    };
    every(vec![
        warning(
            "desk.position",
            "/sites/0/zones/0/desks/4/at",
            "leave this desk out",
            &desks(&["[0, 0]", "[2, 0]", "[0, 2]", "[2, 2]", "§[2000, 0]"]),
        ),
        error(
            "desk.at",
            "/sites/0/zones/0/desks/4/at",
            "in metres on the plan",
            &desks(&["[0, 0]", "[2, 0]", "[0, 2]", "[2, 2]", "§[1e300, -1e300]"]),
        ),
        warning(
            "desk.position",
            "/sites/0/zones/0/desks/4/at",
            "correct `at`",
            &desks(&["[0, 0]", "[2, 0]", "[0, 2]", "[2, 2]", "§[40, 0]"]),
        ),
        right(&desks(&["[0, 0]", "[2, 0]", "[0, 2]", "[2, 2]", "[37, 11]"])),
        right(&desks(&["[0, 0]", "[2000, 0]"])),
    ]);
    let (text, marks) = unmark(&desks(&["§[0, 0]", "[2, 0]", "§[0.001, -0.0]", "[2, 2]", "§[0, 0]"]));
    let found = findings(&text);
    let places: Vec<(u32, u32)> =
        found.iter().map(|f| (f.line.unwrap_or(0), f.column.unwrap_or(0))).collect();
    assert_eq!(places, marks, "{}", all(&found));
    assert!(found.iter().all(|f| f.code == "desk.position" && f.message.contains("`N0` and `N2` and `N4`")));
    // A suspect desk is left out of the rule about distance; the others are not.
    let scenario = Scenario::read(&text).scenario.expect("reads");
    let (problem, _) = Problem::build(&scenario);
    assert_eq!(
        problem.site.desks.iter().map(|desk| desk.suspect).collect::<Vec<_>>(),
        [true, false, true, false, true]
    );
}

#[test]
fn positions_of_programs_are_checked_too() {
    let mut scenario =
        Scenario::read(&zone(r#""desks": [ { "id": "N1", "at": [1, 2] } ]"#)).scenario.expect("reads");
    let desks = scenario.sites[0].zones[0].desks.as_mut().expect("desks");
    desks[0].at = Some([f64::NAN, 0.0]);
    let findings = Problem::new(&scenario).expect_err("a mistake");
    assert_eq!(findings[0].code, "desk.at");
    assert!(findings[0].help.is_some());
}

// ---------------------------------------------------------------- what went before

#[test]
fn history_previous_and_ties() {
    let with = |rest: &str| week(&format!(r#""people": [ {{ "id": "amy" }}, {{ "id": "ben" }} ], {rest}"#));
    let days = |days: &str| with(&format!(r#""history": {{ "days": [ {days} ] }}"#));
    every(vec![
        right(&days(
            r#"{ "person": "gone", "on": "2020-06-12", "place": "home" }, { "person": "amy", "on": "2020-06-12", "place": "on_site", "desk": "old" }, { "person": "amy", "on": "1999-01-01", "place": "off" }"#,
        )),
        right(&with(
            r#""history": null, "ties": [ { "between": ["amy", "ben"] } ],
              "rules": [ { "cohorts": { "count": 2, "cycle": { "on": { "A": ["mon"], "B": ["tue"] } } } },
                         { "mixing": { "want": "little" }, "strength": "low" } ]"#,
        )),
        error(
            "history.not_past",
            "/history/days/0/on",
            "before `calendar.from`",
            &days(r#"{ "person": "amy", "on": §"2020-06-15", "place": "home" }"#),
        ),
        error(
            "history.twice",
            "/history/days/1",
            "keep one",
            &days(
                r#"{ "person": "amy", "on": "2020-06-12", "place": "home" }, §{ "person": "amy", "on": "2020-06-12", "place": "off" }"#,
            ),
        ),
        error(
            "history.twice",
            "/history/people/1",
            "keep one",
            &with(r#""history": { "people": [ { "person": "amy" }, §{ "person": "amy" } ] }"#),
        ),
        error(
            "history.wishes",
            "/history/people/0/wishes",
            "correct `asked`",
            &with(
                r#""history": { "people": [ { "person": "amy", "wishes": §{ "asked": 1, "refused": 2 } } ] }"#,
            ),
        ),
        error(
            "date.impossible",
            "/history/anchor",
            "correct the day",
            &with(r#""history": { "anchor": §"2020-02-30" }"#),
        ),
        error(
            "previous.twice",
            "/previous/1",
            "keep one",
            &with(
                r#""previous": [ { "person": "amy", "on": "2020-06-15", "place": "home" }, §{ "person": "amy", "on": "2020-06-15", "place": "off" } ]"#,
            ),
        ),
        note(
            "previous.left",
            "/previous/0/person",
            "who have left",
            &with(
                r#""previous": [ { "person": §"zed", "on": "2020-06-15", "place": "home" }, { "person": "zed", "on": "2020-06-16", "place": "home" } ]"#,
            ),
        ),
        note(
            "previous.left",
            "/previous/0/person",
            "and 1 other",
            &with(
                r#""previous": [ { "person": §"zed", "on": "2020-06-15", "place": "home" }, { "person": "yan", "on": "2020-06-16", "place": "home" } ]"#,
            ),
        ),
        note(
            "date.outside",
            "/previous/0",
            "nothing needs doing",
            &with(
                r#""previous": [ §{ "person": "amy", "on": "2020-06-12", "place": "home" }, { "person": "ben", "on": "2020-06-20", "place": "home" } ]"#,
            ),
        ),
        error(
            "tie.unknown_person",
            "/ties/0/between/1",
            "did you mean `ben`?",
            &with(r#""ties": [ { "between": ["amy", §"benn"] } ]"#),
        ),
        error(
            "tie.same",
            "/ties/0/between",
            "name two people",
            &with(r#""ties": [ { "between": §["amy", "amy"] } ]"#),
        ),
        error(
            "tie.weight",
            "/ties/0/weight",
            "number in between",
            &with(r#""ties": [ { "between": ["amy", "ben"], "weight": §-1 } ]"#),
        ),
    ]);
}

#[test]
fn rosters() {
    let text = rules("");
    let problem = load(&text).problem.expect("right");
    let line = |person: &str, on: &str, rest: &str| {
        let text = format!(r#"{{ "person": "{person}", "on": "{on}", "place": "on_site" {rest} }}"#);
        serde_json::from_str(&text).expect("an assignment")
    };
    let lines: Vec<rota_core::typed::Assignment> = vec![
        line("amy", "2020-06-15", r#", "zone": "north", "desk": "N1""#),
        line("amyy", "2020-06-15", ""),
        line("amy", "2020-06-15", ""),
        line("amy", "2020-06-14", ""),
        line("ben", "2020-06-15", r#", "shift": "late", "site": "hqq", "zone": "nort", "desk": "N11""#),
    ];
    let (_, found) = rota_core::Roster::read(&problem.site, &lines, &std::collections::BTreeMap::new());
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|finding| {
            assert!(finding.is_error() && finding.help.is_some(), "{}", wrong(finding));
            (finding.code.as_str(), finding.pointer.as_deref().unwrap_or(""))
        })
        .collect();
    assert_eq!(
        found,
        [
            ("roster.unknown_person", "/assignments/1/person"),
            ("roster.twice", "/assignments/2"),
            ("roster.outside", "/assignments/3/on"),
            ("roster.unknown_shift", "/assignments/4/shift"),
            ("roster.unknown_site", "/assignments/4/site"),
            ("roster.unknown_zone", "/assignments/4/zone"),
            ("roster.unknown_desk", "/assignments/4/desk"),
        ]
    );
}

#[test]
fn a_history_file_of_its_own() {
    let (history, found) = Scenario::read_history("\u{feff}{ \"days\": [ { \"person\": \"amy\", \"on\": \"2020-06-31\", \"place\": \"home\" },\r\n {\"person\": \"ben\", \"on\": \"2020-06-12\", \"place\": \"home\"} ], \"peple\": [] }");
    assert_eq!(history.map(|history| history.days.len()), Some(1));
    let places: Vec<_> =
        found.iter().map(|f| (f.code.as_str(), f.pointer.as_deref(), f.line, f.column)).collect();
    assert_eq!(
        places,
        [
            ("date.impossible", Some("/days/0/on"), Some(1), Some(38)),
            ("field.unknown", Some("/peple"), Some(2), Some(60)),
        ]
    );
}

// ---------------------------------------------------------------- selectors

#[test]
fn who_by_fields() {
    let who = |who: &str| rule(&format!(r#""headcount": {{ "who": {who}, "at_least": 1 }}"#));
    let at = |rest: &str| format!("/rules/0/headcount/who{rest}");
    every(vec![
        right(&who(r#""everyone""#)),
        right(&who(r#"{ "team": "coding" }"#)),
        right(&who(r#"{ "tag": "key" }"#)),
        right(&who(r#"{ "people": ["amy", "ben"] }"#)),
        right(&who(r#"{ "any": [ { "team": "coding" }, "cat" ] }"#)),
        right(&who(r#"{ "all": [ { "team": "coding" }, { "not": { "tag": "new" } } ] }"#)),
        error("headcount.nobody", &at("/team"), "did you mean `coding`?", &who(r#"{ "team": §"codding" }"#)),
        error("headcount.nobody", &at("/team"), "is a tag", &who(r#"{ "team": §"key" }"#)),
        error("headcount.nobody", &at("/team"), "give people this `team`", &who(r#"{ "team": §"payroll" }"#)),
        error("headcount.nobody", &at("/tag"), "is a team", &who(r#"{ "tag": §"coding" }"#)),
        error("headcount.nobody", &at("/tag"), "`tags` of people", &who(r#"{ "tag": §"validator" }"#)),
        error(
            "headcount.unknown_person",
            &at("/people/1"),
            "did you mean `ben`?",
            &who(r#"{ "people": ["amy", §"bem"] }"#),
        ),
        error(
            "headcount.unknown_person",
            &at("/people/0"),
            "use the id `amy`",
            &who(r#"{ "people": [§"Amy Walsh"] }"#),
        ),
        error(
            "headcount.unknown_person",
            &at("/people/0"),
            "did you mean `amy`?",
            &who(r#"{ "people": [§"Amy Welsh"] }"#),
        ),
        error(
            "headcount.unknown_person",
            &at("/people/0"),
            "add the person",
            &who(r#"{ "people": [§"zachary"] }"#),
        ),
        error(
            "headcount.nobody",
            &at("/any/1/not/tag"),
            "did you mean `new`?",
            &who(r#"{ "any": [ "amy", { "not": { "tag": §"nwe" } } ] }"#),
        ),
        error("field.value", &at("/tag"), "\"all\"", &who(r#"{ "team": "coding", §"tag": "key" }"#)),
        error("field.unknown", &at("/teams"), "did you mean `team`?", &who(r#"{ §"teams": "coding" }"#)),
        error("field.value", &at(""), "give one of team", &who("§{}")),
        error("field.type", &at(""), "{team}", &who(r#"§["amy"]"#)),
        error("field.type", &at(""), "{team}", &who("§null")),
        error("field.type", &at("/people"), "a list", &who(r#"{ "people": §"amy" }"#)),
        warning(
            "headcount.empty",
            &at(""),
            "nothing needs doing",
            &who(r#"§{ "all": [ { "tag": "key" }, { "tag": "new" } ] }"#),
        ),
        warning("headcount.empty", &at(""), "nothing needs doing", &who(r#"§{ "people": [] }"#)),
    ]);
}

#[test]
fn who_in_words() {
    let who = |who: &str| rule(&format!(r#""headcount": {{ "who": "{who}", "at_least": 1 }}"#));
    let wrong = |help: &str, words: &str| {
        error(
            "headcount.nobody",
            "/rules/0/headcount/who",
            help,
            &who(words).replace("\"who\": \"§", "\"who\": §\""),
        )
    };
    for (words, people) in [
        ("everyone", "amy ben cat"),
        ("Everybody", "amy ben cat"),
        ("coding and not new", "amy"),
        ("amy; ben", "amy ben"),
        ("amy, ben;", "amy ben"),
        ("CODING or cat", "amy ben cat"),
        ("not (coding and key)", "ben cat"),
        ("not coding", "cat"),
        ("not not coding", "amy ben"),
        ("team coding", "amy ben"),
        ("tag:new", "ben"),
        ("person amy", "amy"),
        ("Amy Walsh", "amy"),
        ("amy walsh and coding", "amy"),
        ("Ben O'Kafor", "ben"),
        ("siân", "cat"),
        ("front desk", "cat"),
        ("\\\"front desk\\\" or \\\"Amy Walsh\\\"", "amy cat"),
        ("team front desk", "cat"),
        ("key and coding or cat", "amy cat"),
        ("cat or key and coding", "amy cat"),
        ("(cat or key) and coding", "amy"),
    ] {
        let text = who(words);
        right(&text).unwrap_or_else(|problem| panic!("{words}: {problem}"));
        let problem = load(&text).problem.expect("right");
        let rota_rules::AnyRule::Headcount(rule) = &problem.rules[0].rule else { panic!("a headcount") };
        let found: Vec<&str> = rule
            .who
            .people(&problem.site)
            .into_iter()
            .map(|person| problem.site.person(person).id.as_str())
            .collect();
        assert_eq!(found.join(" "), people, "{words}");
    }
    every(vec![
        wrong("did you mean `coding`?", "§codin"),
        wrong("did you mean `new`?", "coding and not §nwe"),
        wrong("did you mean `Amy Walsh`?", "ben, §Amy Wash"),
        wrong("did you mean `coding`?", "team §codng"),
        wrong("there is no tag `coding`", "key or tag §coding"),
        wrong("join names: `amy, ben`", "§amy ben"),
        wrong("joined with", "§zachary"),
        wrong("no words", "§"),
        wrong("no words", "§ "),
        wrong("both sides", "§coding and"),
        wrong("both sides", "§and coding"),
        wrong("after `not`", "§not"),
        wrong("both sides", "§amy,,ben"),
        wrong("close it with )", "§(coding or cat"),
        wrong("link names", "§coding) or cat"),
        wrong("link names", "§coding (amy)"),
        error(
            "headcount.nobody",
            "/rules/0/headcount/who",
            "double quote at both ends",
            &who("\\§\"front desk"),
        ),
    ]);
    // Each name is pointed at, also behind others in a long text.
    error(
        "headcount.nobody",
        "/rules/0/headcount/who",
        "did you mean `coding`?",
        &who("(amy or ben) and not (cat or §coden)"),
    )
    .unwrap_or_else(|problem| panic!("{problem}"));
    let ambiguous = |words: &str, help: &str| {
        let text = week(&format!(
            r#""people": [ {{ "id": "a1", "name": "Sam", "team": "desk", "tags": ["desk"] }}, {{ "id": "a2", "name": "sam", "team": "Desk" }}, {{ "id": "x", "name": "Tag Heuer" }} ],
               "rules": [ {{ "headcount": {{ "who": {words}, "at_least": 1 }} }} ]"#
        ));
        error("headcount.nobody", "/rules/0/headcount/who", help, &text)
    };
    every(vec![
        ambiguous("§\"desk\"", "write `team desk` or `tag desk`"),
        ambiguous("§\"SAM\"", "use the id"),
        ambiguous("§\"sam\"", "use the id"),
        ambiguous("\"team §DESK\"", "use the id"),
    ]);
    let text = week(
        r#""people": [ { "id": "a1", "team": "desk", "tags": ["desk"] }, { "id": "x", "name": "Tag Heuer" } ], "rules": [ { "headcount": { "who": "tag heuer, team desk, tag desk", "at_least": 1 } } ]"#,
    );
    right(&text).unwrap_or_else(|problem| panic!("{problem}"));
}

#[test]
fn when_by_fields_and_in_words() {
    let document = |when: &str| {
        format!(
            r#"{{ "scenario": 1, "calendar": {{ "from": "2020-06-15", "to": "2020-06-28", "closed": ["2020-06-22"],
                 "shifts": [ {{ "id": "early", "name": "Early shift", "from": "07:00", "to": "15:00" }}, {{ "id": "late", "from": "14:00", "to": "22:00" }}, {{ "id": "on and off" }} ] }},
               "people": [ {{ "id": "amy" }} ], "rules": [ {{ "headcount": {{ "when": {when}, "at_most": 1 }} }} ] }}"#
        )
        .replace("on and off\"", "split\", \"name\": \"On and off\"")
    };
    for (words, days, rest) in [
        ("Mon, Wed", "15 17 24", ""),
        ("mondays and Wednesdays", "15 17 24", ""),
        ("tue..thu", "16 17 18 23 24 25", ""),
        ("Fri to Mon", "15 19 26", ""),
        ("2020-06-18", "18", ""),
        ("18 June", "18", ""),
        ("18 jun 2020; Fri 19 June", "18 19", ""),
        ("1st July, 18th June", "18", ""),
        ("17 June..19 June", "17 18 19", ""),
        ("2020-06-17 to 19 June, thu", "18", ""),
        ("09:00-12:00", "15 16 17 18 19 23 24 25 26", "540-720"),
        ("Mon, 22:00–06:00", "15", "1320-1800"),
        ("late", "15 16 17 18 19 23 24 25 26", "late"),
        ("Thu, LATE, early shift", "18 25", "early late"),
        ("On and off", "15 16 17 18 19 23 24 25 26", "split"),
        ("\\\"on and off\\\", wed", "17 24", "split"),
    ] {
        let text = document(&format!("\"{words}\""));
        right(&text).unwrap_or_else(|problem| panic!("{words}: {problem}"));
        let problem = load(&text).problem.expect("right");
        let rota_rules::AnyRule::Headcount(rule) = &problem.rules[0].rule else { panic!("a headcount") };
        let site = &problem.site;
        let read = rule.when.read(site);
        let found: Vec<String> = read.days(site).into_iter().map(|day| (day.0 + 15).to_string()).collect();
        let mut times = read.between.map(|(from, to)| format!("{from}-{to}")).unwrap_or_default();
        if read.shifts != rota_core::ShiftSet::ALL {
            let ids: Vec<&str> = rota_core::ShiftIndex::all(3)
                .filter(|shift| read.shifts.has(Some(*shift)))
                .map(|shift| site.calendar.shifts[shift.at()].id.as_str())
                .collect();
            times = ids.join(" ");
        }
        assert_eq!((found.join(" ").as_str(), times.as_str()), (days, rest), "{words}");
    }
    let at = "/rules/0/headcount/when";
    let wrong = |help: &str, when: &str| error("headcount.when", at, help, &document(when));
    every(vec![
        right(&document(
            r#"{ "weekdays": ["mon"], "dates": ["2020-06-15"], "from": "2020-06-01", "to": "2020-07-01", "between": { "from": "09:00", "to": "10:00" } }"#,
        )),
        right(&document("{}")),
        wrong("did you mean `Wednesday`?", "\"Mon, §Wensday\""),
        wrong("like Mon, 2020-06-18", "§\"whenever\""),
        wrong("no days or times", "§\"\""),
        wrong("no days or times", "§\" , \""),
        wrong("correct the day", "§\"31 June\""),
        wrong("correct the day", "§\"2020-06-31\""),
        wrong("correct the day", "\"18 June..§31 June\""),
        wrong("is a Thursday", "§\"Fri 18 June\""),
        wrong("swap", "§\"19 June..17 June\""),
        wrong("is not a date", "\"19 June..§sometime\""),
        wrong("one span", "\"15 June..16 June, §18 June..19 June\""),
        wrong("two rules", "§\"Mon, 18 June\""),
        wrong("one time of day", "\"08:00-09:00, §12:00-13:00\""),
        wrong("07:30", "\"09:00-§25:00\""),
        wrong("begin at 00:00", "\"§24:00-02:00\""),
        wrong("swap", r#"§{ "from": "2020-06-19", "to": "2020-06-17" }"#),
        wrong("keep one", r#"§{ "shifts": ["late"], "between": "09:00-10:00" }"#),
        wrong("keep one", "§\"late, 09:00-10:00\""),
        wrong("double quote at both ends", "\"\\§\"late\""),
        error(
            "headcount.unknown_shift",
            "/rules/0/headcount/when/shifts/0",
            "did you mean `late`?",
            &document(r#"{ "shifts": [ §"lat" ] }"#),
        ),
        error(
            "field.value",
            "/rules/0/headcount/when/weekdays/0",
            "did you mean `mon`?",
            &document(r#"{ "weekdays": [ §"mo" ] }"#),
        ),
        error(
            "field.unknown",
            "/rules/0/headcount/when/weekday",
            "did you mean `weekdays`?",
            &document(r#"{ §"weekday": ["mon"] }"#),
        ),
        error(
            "field.value",
            "/rules/0/headcount/when/between",
            "09:00-12:00",
            &document(r#"{ "between": §"nine to five" }"#),
        ),
        error(
            "field.type",
            "/rules/0/headcount/when/between",
            "09:00-12:00",
            &document(r#"{ "between": §9 }"#),
        ),
        error(
            "date.impossible",
            "/rules/0/headcount/when/dates/0",
            "correct the day",
            &document(r#"{ "dates": [ §"2020-06-31" ] }"#),
        ),
        warning("headcount.no_day", at, "nothing needs doing", &document(r#"§{ "dates": ["2020-06-22"] }"#)),
        warning("headcount.no_day", at, "nothing needs doing", &document("§\"sat\"")),
        warning("headcount.no_day", at, "nothing needs doing", &document("§\"18 July\"")),
    ]);
}

#[test]
fn days_without_a_year_fall_into_the_calendar() {
    let text = r#"{ "scenario": 1, "calendar": { "from": "2020-12-28", "to": "2021-01-08" }, "people": [ { "id": "amy" } ],
        "rules": [ { "headcount": { "when": "30 Dec, 5 Jan", "at_most": 1 } }, { "headcount": { "when": "30 Dec..5 Jan", "at_most": 1 } } ] }"#;
    let problem = load(text).problem.expect("right");
    let days = |at: usize| {
        let rota_rules::AnyRule::Headcount(rule) = &problem.rules[at].rule else { panic!("a headcount") };
        rule.when.read(&problem.site).days(&problem.site).len()
    };
    assert_eq!((days(0), days(1)), (2, 5));
}

#[test]
fn where_by_fields_and_in_words() {
    let place = |place: &str| rule(&format!(r#""headcount": {{ "where": {place}, "at_most": 1 }}"#));
    let at = "/rules/0/headcount/where";
    for words in [
        "north",
        "NORTH",
        "zone north",
        "zone: bay",
        "site hq",
        "hq",
        "each zone",
        "Each Site",
        "anywhere",
        "\\\"north\\\"",
    ] {
        right(&place(&format!("\"{words}\""))).unwrap_or_else(|problem| panic!("{words}: {problem}"));
    }
    let nowhere = |place: &str| {
        week(&format!(
            r#""people": [ {{ "id": "amy" }} ], "rules": [ {{ "headcount": {{ "where": {place}, "at_most": 1 }} }} ]"#
        ))
    };
    let twice = |place: &str| {
        week(&format!(
            r#""people": [ {{ "id": "amy" }} ], "sites": [ {{ "id": "hq", "zones": [ {{ "id": "hq", "seats": 1 }}, {{ "id": "a", "name": "Bay", "seats": 1 }}, {{ "id": "b", "name": "bay", "seats": 1 }} ] }} ],
               "rules": [ {{ "headcount": {{ "where": {place}, "at_most": 1 }} }} ]"#
        ))
    };
    every(vec![
        right(&place(r#"{ "site": "hq" }"#)),
        right(&place(r#"{ "each": "zone" }"#)),
        right(&twice("\"zone hq\"")),
        error("headcount.nowhere", at, "did you mean `north`?", &place("§\"nroth\"")),
        error("headcount.nowhere", at, "there is no site `north`", &place("\"site §north\"")),
        error("headcount.nowhere", at, "write a site or zone", &place("§\"basement\"")),
        error("headcount.nowhere", at, "write `site hq` or `zone hq`", &twice("§\"hq\"")),
        error("headcount.nowhere", at, "use the id", &twice("§\"bay\"")),
        error(
            "headcount.nowhere",
            &format!("{at}/zone"),
            "did you mean `north`?",
            &place(r#"{ "zone": §"nroth" }"#),
        ),
        error("headcount.nowhere", &format!("{at}/site"), "add the site", &place(r#"{ "site": §"annexe" }"#)),
        error("headcount.nowhere", at, "add `sites`", &nowhere(r#"§{ "each": "zone" }"#)),
        error("headcount.nowhere", at, "add `sites`", &nowhere("§\"each zone\"")),
        error(
            "field.value",
            &format!("{at}/site"),
            "one of site, zone and each",
            &place(r#"{ "zone": "north", §"site": "hq" }"#),
        ),
        error("field.value", &format!("{at}/each"), "site, zone", &place(r#"{ "each": §"floor" }"#)),
        error("field.type", at, "{\"site\"}", &place("§3")),
        error("field.value", at, "give one of site", &place("§{}")),
    ]);
}

// ---------------------------------------------------------------- rules

#[test]
fn limits_of_rules() {
    let headcount = |fields: &str| rule(&format!(r#""headcount": {{ {fields} }}"#));
    let at = "/rules/0/headcount";
    every(vec![
        error("headcount.limits", at, "add `at_least`", &rule(r#""headcount": §{}"#)),
        error(
            "headcount.limits",
            &format!("{at}/at_least"),
            "swap",
            &headcount(r#""at_least": §3, "at_most": 2"#),
        ),
        error(
            "headcount.limits",
            &format!("{at}/at_least"),
            "on Mon 15 June",
            &headcount(r#""at_least": §"40%", "at_most": "50%""#),
        ),
        right(&headcount(r#""at_least": "40%", "at_most": "70%""#)),
        error(
            "headcount.place",
            &format!("{at}/place"),
            "leave out",
            &headcount(r#""place": §"home", "at_most": 2, "where": "north""#),
        ),
        error(
            "field.value",
            &format!("{at}/place"),
            "did you mean `working`?",
            &headcount(r#""place": §"workin", "at_most": 2"#),
        ),
        error(
            "headcount.per",
            &format!("{at}/per"),
            "week or rota",
            &headcount(r#""per": §"fortnight", "at_most": 2"#),
        ),
        error(
            "headcount.per",
            &format!("{at}/per"),
            "give numbers",
            &headcount(r#""per": §"week", "at_most": "20%""#),
        ),
        error(
            "headcount.per",
            &format!("{at}/per"),
            "leave out `per`",
            &headcount(r#""per": §"week", "at_most": 3, "when": "09:00-12:00""#),
        ),
        error(
            "distance.metres",
            "/rules/0/distance/metres",
            "\"off\"",
            &rule(r#""distance": { "metres": §0 }"#),
        ),
        error(
            "distance.metres",
            "/rules/0/distance/metres",
            "\"off\"",
            &rule(r#""distance": { "metres": §-2 }"#),
        ),
        error(
            "distance.nowhere",
            "/rules/0/distance/where/zone",
            "did you mean `bay`?",
            &rule(r#""distance": { "metres": 2, "where": { "zone": §"bya" } }"#),
        ),
        warning(
            "distance.no_desk",
            "/rules/0/distance",
            "`at`",
            &week(r#""people": [ { "id": "amy" } ], "rules": [ { "distance": §{ "metres": 2 } } ]"#),
        ),
        warning(
            "distance.no_position",
            "/rules/0/distance",
            "add `at`",
            &rule(r#""distance": §{ "metres": 2 }"#).replace("\"N1\", \"at\": [0, 0]", "\"N1\""),
        ),
    ]);
}

/// A document with one person, these shifts and a rule.
fn with_shifts(shifts: &str, rule: &str) -> String {
    format!(
        r#"{{ "scenario": 1, "calendar": {{ "from": "2020-06-15", "to": "2020-06-19", "shifts": [ {shifts} ] }},
             "people": [ {{ "id": "amy" }} ], "rules": [ {{ {rule} }} ] }}"#
    )
}

/// A document with one person, a day of hers in the rota before, and a rule `keep`.
fn with_previous(on: &str, keep: &str) -> String {
    let previous = format!(r#"[ {{ "person": "amy", "on": {on}, "place": "home" }} ]"#);
    week(&format!(
        r#""people": [ {{ "id": "amy" }} ], "previous": {previous}, "rules": [ {{ "keep": {keep} }} ]"#
    ))
}

#[test]
fn rules_about_shifts_and_the_rota_before() {
    const TIMED: &str = r#"{ "id": "early", "from": "06:00", "to": "14:00" }, { "id": "late", "from": "14:00", "to": "22:00" }"#;
    let timed = |rule: &str| with_shifts(TIMED, rule);
    let untimed = |rule: &str| with_shifts(&format!(r#"{TIMED}, {{ "id": "visit" }}"#), rule);
    every(vec![
        error("hours.no_shifts", "/rules/0/hours", "`shifts`", &rule(r#""hours": §{ "at_most": 40 }"#)),
        error("hours.length", "/rules/0/hours", "`hours`", &untimed(r#""hours": §{ "at_most": 40 }"#)),
        error(
            "hours.limits",
            "/rules/0/hours/at_least",
            "swap",
            &timed(r#""hours": { "at_least": §40, "at_most": 37.5 }"#),
        ),
        error("hours.limits", "/rules/0/hours/at_most", "0 or", &timed(r#""hours": { "at_most": §-1 }"#)),
        note(
            "hours.eased",
            "/rules/0/hours/at_least",
            "nothing needs doing",
            &timed(r#""hours": { "at_least": §41 }"#),
        ),
        right(&timed(r#""hours": { "at_least": 40 }"#)),
        error("rest.limits", "/rules/0/rest", "`never_after`", &timed(r#""rest": §{}"#)),
        error("rest.hours", "/rules/0/rest/hours", "above 0", &timed(r#""rest": { "hours": §0 }"#)),
        error("rest.no_shifts", "/rules/0/rest", "`shifts`", &rule(r#""rest": §{ "hours": 11 }"#)),
        error(
            "rest.unknown_shift",
            "/rules/0/rest/never_after/0/1",
            "did you mean `early`?",
            &timed(r#""rest": { "never_after": [["late", §"earl"]] }"#),
        ),
        warning(
            "rest.no_times",
            "/rules/0/rest/hours",
            "`never_after`",
            &untimed(r#""rest": { "hours": §11 }"#),
        ),
        right(&timed(r#""rest": { "hours": 11, "never_after": [["late", "early"]] }"#)),
        error("field.missing", "/rules/0/weekends", "add `at_most`", &rule(r#""weekends": §{}"#)),
        warning(
            "weekends.no_day",
            "/rules/0/weekends",
            "`calendar.work_days`",
            &rule(r#""weekends": §{ "at_most": 1 }"#),
        ),
        error(
            "field.missing",
            "/rules/0/arrivals",
            "add `minutes`",
            &timed(r#""arrivals": §{ "at_most": 2 }"#),
        ),
        error(
            "arrivals.minutes",
            "/rules/0/arrivals/minutes",
            "above 0",
            &timed(r#""arrivals": { "at_most": 2, "minutes": §0 }"#),
        ),
        error(
            "arrivals.no_shifts",
            "/rules/0/arrivals",
            "`from` and `to`",
            &rule(r#""arrivals": §{ "at_most": 2, "minutes": 15 }"#),
        ),
        error(
            "arrivals.no_times",
            "/rules/0/arrivals",
            "`when`",
            &untimed(r#""arrivals": §{ "at_most": 2, "minutes": 15 }"#),
        ),
        warning(
            "arrivals.no_start",
            "/rules/0/arrivals/when",
            "correct the times",
            &timed(r#""arrivals": { "at_most": 2, "minutes": 15, "when": §"01:00-02:00" }"#),
        ),
        warning("keep.no_previous", "/rules/0/keep", "--previous", &rule(r#""keep": §{}"#)),
        error(
            "keep.when",
            "/rules/0/keep/when",
            "leave out",
            &with_previous(r#""2020-06-15""#, r#"{ "when": §"09:00-12:00" }"#),
        ),
        right(&with_previous(r#""2020-06-15""#, "{}")),
        warning("keep.no_day", "/rules/0/keep", "in common", &with_previous(r#""2020-06-12""#, "§{}")),
    ]);
    // What follows from a shift or a day that could not be read is not said.
    for text in [
        with_shifts(r#"{ "id": 7 }"#, r#""hours": { "at_most": 9 }"#),
        with_shifts(r#"{ "id": 7 }"#, r#""rest": { "hours": 11 }"#),
        with_shifts(r#"{ "id": 7 }"#, r#""arrivals": { "minutes": 5, "at_most": 9 }"#),
        with_previous(r#""2020-06-31""#, "{}"),
    ] {
        assert_eq!(findings(&text).len(), 1, "{}", all(&findings(&text)));
    }
}

#[test]
fn rules_get_an_id_of_their_own() {
    let text = rules(
        r#"{ "headcount": { "at_most": 3 } }, { "id": "headcount-2", "headcount": { "at_most": 3 } }, { "headcount": { "at_most": 3 } },
           { "headcount": { "at_most": 3 } }, { "id": "distance", "headcount": { "at_most": 3 } }, { "distance": { "metres": 2 } }"#,
    );
    let problem = load(&text).problem.expect("right");
    let ids: Vec<&str> = problem.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["headcount", "headcount-2", "headcount-3", "headcount-4", "distance", "distance-2"]);
}

// ---------------------------------------------------------------- many at once

/// Every mistake of a document with marks, in the order of the text.
#[track_caller]
fn many(marked: &str, codes: &[&str]) {
    let (text, marks) = unmark(marked);
    let mut found: Vec<Finding> = findings(&text).into_iter().filter(Finding::is_error).collect();
    found.sort_by_key(|finding| (finding.line, finding.column));
    let places: Vec<(u32, u32)> =
        found.iter().map(|f| (f.line.unwrap_or(0), f.column.unwrap_or(0))).collect();
    let found_codes: Vec<&str> = found.iter().map(|f| f.code.as_str()).collect();
    assert_eq!(found_codes, codes, "{}", all(&found));
    assert_eq!(places, marks, "{}", all(&found));
}

const MANY: &str = r#"{
  "scenario": 1, §"titel": "Clinical coding",
  "calendar": { "from": "2020-06-15", "to": "2020-06-19", "closed": ["2020-06-19", §"2020-06-31"],
                "shifts": [ { "id": "early", "from": "07:30", "to": "15:30" }, §{ "id": "late", "from": "10:00" } ] },
  "people": [
    { "id": "amy", "name": "Amy Größe 日本", "team": "coding", §"tegs": ["validator"], "works": ["mon", "tue", §"sat"] },
    { "id": "ben", "away": ["2020-06-17"], "fixed": [ §{ "on": "2020-06-17", "place": "home" }, { "on": "mon", "shift": §"erly" } ] },
	{ "name": "日本",	"id": §7, "base": §"nowhere" },
    { "id": "cat", "base": "home", "fixed": [ §{ "on": "tue", "desk": "N1" } ], "only": [ { "place": "home", "from": §20200615 } ] },
    { "id": §"ben" },
    { "id": "dan", "fixed": [ { "on": "mon", "desk": "N1" }, §{ "on": "mon", "place": "home" } ], "tags": ["validator"] }
  ],
  "sites": [ { "id": "hq", "zones": [
      §{ "id": "north", "seats": 4, "desks": [ { "id": "N1", "at": [0, §"x"] }, { "id": "N2", "at": §[1] }, { "id": §"N1" } ] },
      { "id": "bay", "seats": §-6 } ] } ],
  "rules": [
    { "headcount": { "who": "coding and §validatr", "at_least": 1 } },
    { §"fares": {} },
    { "headcount": { "at_least": §3, "at_most": 2 }, "weight": §0 },
    { §"contracts": { "at_most": 2 } },
    { "headcount": { "when": "Mon, §Wensday", "at_most": 2 }, "allow": [ { "person": §"dann", "amount": 1 } ] },
    { "distance": { "metres": 2 }, §"headcount": { "at_most": 1 } }
  ],
  "ties": [ { "between": ["amy", §"den"] }, { "between": ["amy", "dan"], "weight": §null } ]
}"#;

const MANY_CODES: &[&str] = &[
    "field.unknown",
    "date.impossible",
    "shift.times",
    "field.unknown",
    "works.outside",
    "pin.off",
    "pin.unknown_shift",
    "field.type",
    "field.value",
    "pin.only",
    "field.type",
    "person.duplicate",
    "pin.contradiction",
    "zone.desks_or_seats",
    "field.type",
    "field.type",
    "desk.duplicate",
    "field.type",
    "headcount.nobody",
    "field.unknown",
    "headcount.limits",
    "rule.weight",
    "field.unknown",
    "headcount.when",
    "allow.unknown_person",
    "rule.two",
    "tie.unknown_person",
    "field.type",
];

#[test]
fn all_mistakes_of_a_document_are_found_in_one_run() {
    // The calendar's own mistake of shape is mended by leaving it out, so days still count.
    many(MANY, MANY_CODES);
}

#[test]
fn ends_of_lines_and_byte_order_marks_move_nothing() {
    many(&MANY.replace('\n', "\r\n"), MANY_CODES);
    many(&format!("\u{feff}{MANY}"), MANY_CODES);
    many(&format!("\n\n\t{MANY}\n"), MANY_CODES);
    // All on one line.
    many(&MANY.replace('\n', " "), MANY_CODES);
}

#[test]
fn a_broken_calendar_hides_no_other_mistake() {
    many(
        r#"{ "scenario": 1, "calendar": { "from": §"2020-06-31", "to": "2020-06-19" },
             "people": [ { "id": "amy", "works": ["mon", "sat"], "fixed": [ { "on": "2020-06-20", "place": "home" }, { "on": "mon", "desk": §"N1" } ] }, { "id": §"amy" } ],
             "rules": [ { "headcount": { "who": { "team": §"x" }, "when": "sun", "at_least": §2, "at_most": 1 } } ] }"#,
        &["date.impossible", "pin.unknown_desk", "person.duplicate", "headcount.nobody", "headcount.limits"],
    );
    many(
        r#"{ "scenario": 1, "calendar": { "from": "2020-06-19", "to": §"2020-06-15" },
             "people": [ { "id": "amy", "away": ["2020-06-18"], "fixed": [ { "on": "2020-06-18", "place": "home" } ] }, { "id": §"amy" } ] }"#,
        &["calendar.order", "person.duplicate"],
    );
}

#[test]
fn what_follows_from_a_mistake_of_shape_is_not_said() {
    every(vec![
        // A person who cannot be read is still spoken of.
        error("field.type", "/people/0/id", "text in quotes", &week(r#""people": [ { "id": §3, "team": "x" }, { "id": "ben" } ], "ties": [ { "between": ["ben", "3"] } ], "rules": [ { "headcount": { "who": "x", "at_least": 1 } } ]"#)),
        error("field.value", "/people/0/works/1", "write it like mon", &amy(r#""works": ["mon", §"tusday"], "fixed": [ { "on": "2020-06-16", "place": "home" } ]"#)),
        error("field.value", "/calendar/work_days/1", "did you mean `tue`?", &calendar(r#""work_days": ["mon", §"tues"]"#).replace("\"amy\"", "\"amy\", \"works\": [\"mon\", \"tue\"], \"fixed\": [ { \"on\": \"2020-06-16\", \"place\": \"home\" } ]")),
        error("date.impossible", "/calendar/anchor", "correct the day", &calendar(r#""anchor": §"2020-06-31""#).replace("\"amy\"", "\"amy\", \"works\": [[\"mon\"], [\"tue\"]]")),
        error("field.missing", "/people/1", "add `id`", &week(r#""people": [ { "id": "ben" }, §{ "name": "Amy" } ], "rules": [ { "headcount": { "who": "amy.walsh", "at_least": 1 } } ]"#)),
        error("field.unknown", "/people/0/tegs", "did you mean `tags`?", &week(r#""people": [ { "id": "ben", §"tegs": ["key"] } ], "rules": [ { "headcount": { "who": { "tag": "key" }, "at_least": 1 } } ]"#)),
        error("field.type", "/people/1", "object", &week(r#""people": [ { "id": "ben" }, §"amy" ], "rules": [ { "headcount": { "who": { "people": ["amy"] }, "at_least": 1 } } ]"#)),
        error("field.type", "/people", "list", &week(r#""people": §"amy", "rules": [ { "headcount": { "who": "coding", "at_least": 1 } } ]"#)),
        error("field.type", "/sites/0/zones/0/desks/0/id", "text in quotes", &week(r#""people": [ { "id": "amy", "needs": ["lamp"], "fixed": [ { "on": "mon", "desk": "1" } ] } ], "sites": [ { "id": "hq", "zones": [ { "id": "a", "desks": [ { "id": §1, "features": ["lamp"] } ] } ] } ]"#)),
        error("field.value", "/calendar/shifts/0/from", "07:30", &calendar(r#""shifts": [ { "id": "late", "from": §"x", "to": "12:00" } ]"#).replace("\"amy\"", "\"amy\", \"fixed\": [ { \"on\": \"mon\", \"shift\": \"late\" } ]")),
        error("field.missing", "/rules/0/contacts", "add `at_most`", &amy(r#""wishes": [ { "on": "mon", "place": "home" } ]"#).replacen("\"people\"", "\"rules\": [ { \"contacts\": §{} } ], \"people\"", 1)),
        error("field.type", "/rules/0/headcount/at_least", "number", &rule(r#""headcount": { "at_least": §[] }"#)),
    ]);
    // Positions in lists are those of the text, although a broken item stands before.
    many(
        r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-19" },
             "people": [ §7, { "id": "amy", "away": [ §true, { "from": §"x", "to": "2020-06-15" } ], "fixed": [ §0, { "on": "mon", "place": "home" }, §{ "on": "mon", "place": "on_site" } ] }, { "id": "ben" }, { "id": §"amy" } ],
             "rules": [ §{}, { "id": "a", "headcount": { "at_most": 1 } }, { "id": §"a", "headcount": { "at_most": 1 } } ] }"#,
        &[
            "field.type",
            "field.type",
            "field.value",
            "field.type",
            "pin.contradiction",
            "person.duplicate",
            "rule.none",
            "rule.duplicate",
        ],
    );
    let found = findings(&week(r#""people": [ 7, { "id": "amy" }, { "id": "amy" } ]"#));
    let duplicate = found.iter().find(|finding| finding.code == "person.duplicate").expect("found");
    assert_eq!(duplicate.help.as_deref(), Some("the first is people[1]; give this one another id"));
}

#[test]
fn very_many_mistakes_of_one_item_are_cut() {
    let desks: Vec<String> =
        (0..300).map(|number| format!(r#"{{ "id": "N{number}", "att": [0, 0] }}"#)).collect();
    let found = findings(&zone(&format!(r#""desks": [ {} ]"#, desks.join(", "))));
    assert_eq!(found.iter().filter(|finding| finding.code == "field.unknown").count(), 100);
    assert_eq!(found.iter().filter(|finding| finding.code == "json.more").count(), 1, "{}", found.len());
}

#[test]
fn long_and_hostile_names_are_cut_and_spelled_out() {
    let long = "x".repeat(1 << 20);
    for text in [
        week(&format!(
            r#""people": [ {{ "id": "amy", "team": "{long}" }}, {{ "id": "{long}" }} ], "ties": [ {{ "between": ["amy", "{long}y"] }} ]"#
        )),
        rule(&format!(
            r#""{long}": 1, "headcount": {{ "who": "{long}", "when": "{long}", "where": "{long}", "at_least": "{long}" }}"#
        )),
        amy(&format!(r#""base": "{long}", "away": ["{long}"], "starts": "{long}", "{long}": 1"#)),
        week(&format!("\"people\": [ {{ \"id\": \"{long}` {long}\" }} ]")),
    ] {
        let found = findings(&text);
        assert!(found.iter().any(Finding::is_error));
        for finding in &found {
            assert!(finding.message.chars().count() < 1500, "{}", finding.message.len());
            assert!(finding.help.as_ref().is_none_or(|help| help.chars().count() < 2500));
        }
    }
    for text in [
        week("\"people\": [ { \"id\": \"a\\u001b[31m\\u202eb\" } ]"),
        amy(r#""base": "\u001b[2J""#),
        amy(r#""\u001b[2J": 1"#),
    ] {
        for finding in findings(&text) {
            let shown =
                format!("{} {} {}", finding.message, finding.help.as_deref().unwrap_or(""), finding.path());
            assert!(!shown.chars().any(|c| c.is_control() || c == '\u{202e}'), "{shown:?}");
        }
    }
}

#[test]
fn only_the_faulty_cell_is_repeated() {
    let text = week(
        r#""people": [ { "id": "amy", "name": "Secret Name", "away": [ { "on": "2020-06-16", "why": "Secret reason" }, "2020-06-17" ], "note": "Secret note",
        "only": [ { "place": "home", "to": "2020-06-15" } ], "wishes": [ { "on": "mon", "place": "home" } ],
        "fixed": [ { "on": "2020-06-16", "place": "home" }, { "on": "2020-06-15", "place": "on_site" }, { "on": "2020-06-18", "desk": "N1" }, { "on": "2020-06-17", "shift": "x" } ] },
        { "id": "amy", "name": "Secret Name" } ], "rules": [ { "headcount": { "who": "nobody", "at_least": 1 }, "because": "Secret because", "private": true } ]"#,
    );
    let found = findings(&text);
    assert!(found.iter().filter(|finding| finding.is_error()).count() > 4, "{}", all(&found));
    for finding in &found {
        assert!(!format!("{} {:?}", finding.message, finding.help).contains("Secret"), "{}", wrong(finding));
    }
}

#[test]
fn thousands_of_unknown_names_are_found_quickly() {
    // Quadratic work over these would take minutes; the test has no clock, but it would be noticed.
    let people: Vec<String> = (0..4000).map(|number| format!(r#"{{ "id": "p{number:05}", "name": "Person {number}", "fixed": [ {{ "on": "mon", "desk": "X{number}" }} ], "away": ["2021-01-01"] }}"#)).collect();
    let ties: Vec<String> =
        (0..4000).map(|number| format!(r#"{{ "between": ["q{number:05}", "p{number:06}"] }}"#)).collect();
    let text =
        week(&format!(r#""people": [ {} ], "ties": [ {} ], {PLACES}"#, people.join(","), ties.join(",")));
    let loaded = load(&text);
    let unknown = loaded.findings.iter().filter(|finding| finding.code.contains(".unknown_"));
    assert_eq!(unknown.count(), 12_001); // `ben` of the desks is one more
    assert_eq!(loaded.findings.iter().filter(|finding| finding.code == "date.outside").count(), 1);
    let near = loaded
        .findings
        .iter()
        .find(|finding| finding.message == "there is no person `p000123`")
        .expect("found");
    assert!(near.help.as_deref().is_some_and(|help| help.starts_with("did you mean `p00")), "{near:?}");
}

// ---------------------------------------------------------------- right documents

/// Every field of the format.
const FULL: &str = r#"{
  "$schema": "https://example.org/scenario-1.json", "scenario": 1, "default_place": "on_site", "title": "Everything", "note": { "any": ["JSON", 1.5, null] },
  "calendar": { "from": "2020-06-15", "to": "2020-06-28", "work_days": ["mon", "tue", "wed", "thu", "fri"],
    "closed": [ "2020-06-19", { "on": "2020-06-22", "why": "Power works" }, { "from": "2020-07-01", "to": "2020-07-02", "why": "x" } ],
    "shifts": [ { "id": "early", "name": "Early", "from": "07:30", "to": "15:30" }, { "id": "late", "from": "10:00", "to": "18:00", "hours": 7.5, "by_request": true }, { "id": "free", "hours": 4 } ],
    "anchor": "2020-06-15", "time_zone": "Europe/London" },
  "people": [
    { "id": "amy", "name": "Amy Walsh", "team": "coding", "tags": ["first_aider", "drives"], "starts": "2019-01-01", "ends": "2021-01-01",
      "works": ["mon", "tue", "wed", "thu"], "away": [ "2020-06-17", "fri", { "on": "2020-06-18", "why": "x" }, { "from": "2020-06-29", "to": "2020-07-03", "why": "Leave" } ],
      "base": "either", "only": [ { "place": "home", "from": "2020-06-23", "to": "2020-06-26" }, { "place": "home", "from": "2020-07-01" } ],
      "needs": ["sit_stand"], "fixed": [ { "on": "2020-06-15", "place": "on_site", "shift": "early", "site": "hq", "zone": "north", "desk": "N1" }, { "on": { "from": "2020-06-24", "to": "2020-06-25" }, "place": "home" } ],
      "wishes": [ { "on": "thu", "place": "home", "weight": 2.5 }, { "on": "tue", "shift": "late", "avoid": true }, { "on": "mon", "site": "hq", "zone": "bay" } ], "note": 1 },
    { "id": "ben", "team": "coding", "works": [["mon", "tue"], ["wed", "thu", "fri"]], "base": "on_site" },
    { "id": "cara", "base": "home" } ],
  "sites": [ { "id": "hq", "name": "Head office", "closed": ["2020-06-26"], "note": "x", "zones": [
      { "id": "north", "name": "North", "floor": "2", "closed": [ { "on": "tue" } ], "features": ["window"], "for": { "any": [ { "team": "coding" }, { "tag": "drives" }, "cara" ] },
        "desks": [ { "id": "N1", "name": "Window", "at": [0.0, -1.5], "features": ["sit_stand"], "for": { "people": ["amy"] }, "closed": [ { "from": "2020-06-24", "to": "2020-06-24" } ], "note": [] }, { "id": "N2", "at": [1.4, 0] }, { "id": "N3" } ],
        "screened": [["N1", "N2"]], "too_close": [["N2", "N3"]], "note": {} },
      { "id": "bay", "seats": 6, "taken": [ { "on": "2020-06-16", "seats": 2, "why": "Visitors" }, { "on": "wed", "seats": 1 } ] } ] } ],
  "rules": [
    { "id": "paper-notes", "headcount": { "who": { "team": "coding" }, "at_least": 1 }, "because": "x", "review": "2020-07-01", "private": true, "note": 0 },
    { "headcount": { "who": { "all": [ { "not": { "tag": "drives" } }, "everyone", { "people": ["ben"] } ] }, "place": "working", "when": { "weekdays": ["thu"], "dates": ["2020-06-18", "2020-06-25"], "from": "2020-06-15", "to": "2020-06-26" }, "at_least": "10%", "at_most": 5 },
      "strength": "high", "weight": 2.5, "for_each": "team",
      "allow": [ { "person": "amy", "with": "ben", "on": { "from": "2020-07-02", "to": "2020-07-03" }, "team": "coding", "shift": "late", "site": "hq", "zone": "north", "desk": "N1", "cohort": "A", "amount": 1.5, "because": "Agreed" } ] },
    { "headcount": { "who": "coding and not drives", "when": "Mon, 09:00-12:00", "where": "zone north", "at_most": 4, "per": "day" }, "strength": "low" },
    { "headcount": { "when": { "between": { "from": "22:00", "to": "06:00" } }, "where": { "each": "zone" }, "at_most": 4 }, "strength": "off" },
    { "headcount": { "when": { "shifts": ["early", "late"] }, "where": { "site": "hq" }, "at_most": 40, "per": "week" } },
    { "distance": { "metres": 2.0, "where": { "zone": "north" } } },
    { "wishes": { "who": { "team": "coding" }, "equal": true }, "strength": "medium" } ],
  "history": { "anchor": "2020-06-01",
    "days": [ { "person": "amy", "on": "2020-06-12", "place": "on_site", "shift": "early", "site": "hq", "zone": "north", "desk": "N1", "duty": "post", "needed_for": ["wish"] }, { "person": "gone", "on": "2020-06-11", "place": "off" } ],
    "people": [ { "person": "amy", "worked": { "mon": 9, "fri": 0 }, "on_site": { "mon": 3 }, "shifts": { "early": 5 }, "wishes": { "asked": 9, "refused": 2 }, "cohort": "A" } ] },
  "previous": [ { "person": "amy", "on": "2020-06-15", "place": "home" } ],
  "ties": [ { "between": ["amy", "ben"], "weight": 12 }, { "between": ["ben", "cara"] } ]
}"#;

#[test]
fn a_scenario_written_and_read_again_is_the_same() {
    let loaded = load(FULL);
    let serious: Vec<Finding> =
        loaded.findings.iter().filter(|f| f.is_error() || f.code == "field.unknown").cloned().collect();
    assert!(serious.is_empty(), "{}", all(&serious));
    assert!(loaded.problem.is_some());
    let scenario = loaded.scenario.expect("reads");
    let text = serde_json::to_string_pretty(&scenario).expect("writes");
    let again = Scenario::read(&text);
    assert!(again.findings.is_empty() && again.broken.is_empty(), "{}", all(&again.findings));
    assert_eq!(again.scenario.as_ref(), Some(&scenario));
    // Nothing of the document is lost on the way: every field's name is written again.
    let names = |text: &str| -> std::collections::BTreeSet<String> {
        fn gather(value: &serde_json::Value, names: &mut std::collections::BTreeSet<String>) {
            match value {
                serde_json::Value::Object(members) => members.iter().for_each(|(name, value)| {
                    names.insert(name.clone());
                    gather(value, names);
                }),
                serde_json::Value::Array(items) => items.iter().for_each(|item| gather(item, names)),
                _ => {}
            }
        }
        let mut found = std::collections::BTreeSet::new();
        gather(&serde_json::from_str(text).expect("JSON"), &mut found);
        found
    };
    let lost: Vec<String> = names(FULL).difference(&names(&text)).cloned().collect();
    assert!(lost.is_empty(), "{lost:?}");
}

/// The example of the format's own description.
const EXAMPLE: &str = r#"{
  "$schema": "https://…/scenario-1.json",
  "scenario": 1,
  "default_place": "home",
  "title": "Clinical coding, week of 15 June 2020",
  "calendar": {
    "from": "2020-06-15", "to": "2020-06-19",
    "work_days": ["mon", "tue", "wed", "thu", "fri"],
    "closed": [ { "on": "2020-06-19", "why": "Power works" } ],
    "shifts": [ { "id": "early", "from": "07:30", "to": "15:30" },
                { "id": "late",  "from": "10:00", "to": "18:00", "hours": 7.5, "by_request": true } ],
    "anchor": "2020-06-15", "time_zone": "Europe/London"
  },
  "people": [
    { "id": "amy", "name": "Amy Walsh", "team": "coding", "tags": ["first_aider", "drives"],
      "works": ["mon", "tue", "wed", "thu"],
      "away": ["2020-06-17", { "from": "2020-06-29", "to": "2020-07-03", "why": "Leave" }],
      "only": [ { "place": "home", "from": "2020-06-22", "to": "2020-06-26" } ],
      "needs": ["sit_stand"],
      "fixed":  [ { "on": "2020-06-15", "place": "on_site", "shift": "early", "desk": "N1" } ],
      "wishes": [ { "on": "thu", "place": "home", "weight": 2 } ] },
    { "id": "ben",  "team": "coding", "wishes": [ { "on": "tue", "shift": "late", "avoid": true } ] },
    { "id": "cara", "team": "coding", "base": "home" }
  ],
  "sites": [
    { "id": "hq", "zones": [
        { "id": "north", "floor": "2", "desks": [
            { "id": "N1", "at": [0.0, 0.0], "features": ["sit_stand"], "for": { "people": ["amy"] } },
            { "id": "N2", "at": [1.4, 0.0], "closed": ["2020-06-16"] } ],
          "screened": [["N1", "N2"]] },
        { "id": "bay", "seats": 6, "taken": [ { "on": "2020-06-16", "seats": 2, "why": "Visitors" } ] } ] }
  ],
  "rules": [
    { "id": "paper-notes", "headcount": { "who": { "team": "coding" }, "at_least": 1 },
      "because": "A coder must reach the paper notes", "review": "2020-07-01" },
    { "headcount": { "who": { "team": "coding" }, "when": { "weekdays": ["thu"] }, "at_least": 2 },
      "allow": [ { "on": "2020-07-02", "amount": 1, "because": "Agreed with Dr Ames" } ] },
    { "distance": { "metres": 2.0 } },
    { "wishes": {}, "strength": "medium", "weight": 2 }
  ]
}"#;

#[test]
fn the_example_of_the_format_is_right() {
    let found = findings(EXAMPLE);
    assert_eq!(found.len(), 1, "{}", all(&found));
    assert_eq!(
        (found[0].code.as_str(), found[0].pointer.as_deref()),
        ("date.outside", Some("/people/0/away/1"))
    );
}

// ---------------------------------------------------------------- any text at all

/// The pieces of a JSON text that a slip of the fingers may hit.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if first == '"' {
            rest[1..].find('"').map_or(rest.len(), |end| end + 2)
        } else if first.is_alphanumeric() || first == '-' {
            rest.find(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-')).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        pieces.push(&rest[..end]);
        rest = &rest[end..];
    }
    pieces
}

const SLIPS: &[&str] = &[
    "null",
    "true",
    "{}",
    "[]",
    "\"\"",
    "-1",
    "1e999",
    "1e308",
    "99999999999999999999",
    "0",
    "0.5",
    "\"mon\"",
    "\"2020-06-31\"",
    "\"2020-06-16\"",
    "\"0000-01-01\"",
    "\"9999-12-31\"",
    "\"amy\"",
    "\"N1\"",
    "\"home\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\"24:00\"",
    "\"coding and\"",
    "\"not (\"",
    "{\"on\":\"mon\"}",
    "[[\"mon\"]]",
    "\u{feff}",
    "é",
    "\t",
    "\u{0}",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens to a document, reading it never panics, and what is found has a place in it.
    #[test]
    fn slips_are_told_in_their_place(
        changes in prop::collection::vec((0usize..4, any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..6),
        full in any::<bool>(),
    ) {
        let mut parts: Vec<String> = pieces(if full { FULL } else { EXAMPLE }).into_iter().map(str::to_string).collect();
        for (kind, at, other) in changes {
            let (at, slip) = (at.index(parts.len()), other.index(SLIPS.len()));
            let other = other.index(parts.len());
            match kind {
                0 => parts[at] = SLIPS[slip].to_string(),
                1 => parts.swap(at, other),
                2 => parts[at] = parts[other].clone(),
                _ => parts[at].clear(),
            }
        }
        findings(&parts.concat());
    }

    #[test]
    fn changed_bytes_are_told_in_their_place(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 1..4),
    ) {
        let mut bytes = EXAMPLE.as_bytes().to_vec();
        for (at, byte, whole) in changes {
            let at = at.index(bytes.len());
            if whole {
                bytes.truncate(at.max(1));
            } else {
                bytes[at] = byte;
            }
        }
        findings(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_words_are_told_in_their_place(words in "[a-z0-9 ,;()\"..:June-]{0,24}", kind in 0usize..3) {
        let field = ["who", "when", "where"][kind];
        let words = serde_json::to_string(&words).expect("writes");
        findings(&rule(&format!(r#""headcount": {{ "{field}": {words}, "at_most": 1 }}"#)));
    }
}
