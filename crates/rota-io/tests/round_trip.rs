//! Random scenarios that use every field and every rule, written as a workbook and as CSV files and read again: what
//! comes back is what was written, or the writing says what it cannot hold.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use rota_core::{words, Site};
use rota_io::workbook::cells::Book;
use rota_io::workbook::{folder, read_sheets, sheets, workbook, xlsx};
use rota_rules::{Problem, Scenario};
use serde_json::{json, Map, Value};
use std::collections::BTreeSet;

type Some_ = BoxedStrategy<Value>;

// ---------------------------------------------------------------- values

const PEOPLE: [&str; 5] = ["amy", "ben", "12", "siân", "x.y@z-1"];
const TEAMS: [&str; 4] = ["coding", "salt and pepper", "12", "post; scan"];
const TAGS: [&str; 4] = ["first_aider", "coding", "a, b", "not here"];
const SHIFTS: [&str; 3] = ["early", "mon", "2020-06-15"];
const PLACES: [&str; 3] = ["hq", "north", "1-2"];
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn of(known: &'static [&'static str]) -> Some_ {
    prop::sample::select(known).prop_map(|text| json!(text)).boxed()
}

/// Texts of which some are awkward in a cell.
fn text() -> Some_ {
    let awkward = [
        "=1+1",
        "'=1+1",
        "''",
        "'",
        "-",
        "-5",
        "+44 20",
        "@SUM(1)",
        "#REF!",
        "'#N/A",
        "12",
        "012",
        "1e5",
        "TRUE",
        "no",
        "2020-06-15",
        "15/06/2020",
        "09:00",
        "40%",
        "1-2",
        " leading",
        "trailing ",
        "two  blanks",
        "a\nb",
        "a\r\nb",
        "a\rb",
        "tab\there",
        "\"quoted\"",
        "a;b,c",
        "Siân O’Brien",
        "_x0041_",
        "<b>&amp;</b>",
        "{\"a\": 1}",
        "[",
        "everyone",
        "\u{a0}nbsp\u{a0}",
        "🙂",
        "\u{1}",
        "\u{feff}mark",
        "",
    ];
    prop_oneof![
        2 => "[A-Za-z][a-z ]{0,12}[a-z]".prop_map(Value::from),
        2 => prop::sample::select(awkward.to_vec()).prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
    ]
    .boxed()
}

fn date() -> Some_ {
    (0_u32..12).prop_map(|day| json!(format!("2020-06-{:02}", 15 + day))).boxed()
}

fn whole(most: u32) -> Some_ {
    (0..=most).prop_map(|number| json!(number)).boxed()
}

fn metres() -> Some_ {
    (-400_000_i32..4_000_000).prop_map(|x| json!(f64::from(x) / 1000.0)).boxed()
}

fn weight() -> Some_ {
    prop_oneof![
        (1_u32..9).prop_map(|own| json!(own)),
        (1_u32..9999).prop_map(|own| json!(f64::from(own) / 7.0))
    ]
    .boxed()
}

fn flag() -> Some_ {
    any::<bool>().prop_map(|own| json!(own)).boxed()
}

fn list(of: Some_, most: usize) -> Some_ {
    vec(of, 0..=most).prop_map(Value::Array).boxed()
}

fn some(of: Some_, most: usize) -> Some_ {
    vec(of, 1..=most).prop_map(Value::Array).boxed()
}

fn pair(of: Some_) -> Some_ {
    vec(of, 2).prop_map(Value::Array).boxed()
}

fn note() -> Some_ {
    prop_oneof![
        text(),
        Just(json!({ "any": ["thing", 1, null] })),
        Just(json!(1)),
        Just(json!("[1]")),
        Just(json!(false))
    ]
    .boxed()
}

/// An object with these fields, and any of the others.
fn object(needed: Vec<(&'static str, Some_)>, others: Vec<(&'static str, Some_)>) -> Some_ {
    let needed: Vec<_> =
        needed.into_iter().map(|(name, own)| own.prop_map(move |own| Some((name, own))).boxed()).collect();
    let others: Vec<_> = others
        .into_iter()
        .map(|(name, own)| option::weighted(0.3, own).prop_map(move |own| own.map(|own| (name, own))).boxed())
        .collect();
    (needed, others)
        .prop_map(|(needed, others)| {
            let fields = needed.into_iter().chain(others).flatten();
            Value::Object(fields.map(|(name, own)| (name.to_string(), own)).collect::<Map<_, _>>())
        })
        .boxed()
}

fn span() -> Some_ {
    object(vec![("from", date()), ("to", date())], vec![])
}

fn on() -> Some_ {
    prop_oneof![date(), of(&DAYS), span()].boxed()
}

/// A day off.
fn absence() -> Some_ {
    prop_oneof![
        date(),
        of(&DAYS),
        object(vec![("on", prop_oneof![date(), of(&DAYS)].boxed())], vec![("why", text())]),
        object(vec![("from", date()), ("to", date())], vec![("why", text())]),
    ]
    .boxed()
}

fn clock() -> Some_ {
    (0_u32..24, 0_u32..60).prop_map(|(hour, minute)| json!(format!("{hour:02}:{minute:02}"))).boxed()
}

// ---------------------------------------------------------------- selectors

fn who() -> Some_ {
    let single = prop_oneof![
        Just(json!("everyone")),
        of(&TEAMS).prop_map(|own| json!({ "team": own })),
        of(&TAGS).prop_map(|own| json!({ "tag": own })),
        list(of(&PEOPLE), 3).prop_map(|own| json!({ "people": own })),
    ];
    let nested = single.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(|own| json!({ "any": own })),
            vec(inner.clone(), 0..3).prop_map(|own| json!({ "all": own })),
            inner.prop_map(|own| json!({ "not": own })),
        ]
    });
    let words = of(&[
        "team coding",
        "amy; ben",
        "tag coding and not 12",
        "\"salt and pepper\"",
        "coding",
        "not siân",
        "(amy or ben) and team coding",
        "nobody of this name",
        "Everyone",
        "first_aider",
    ]);
    prop_oneof![3 => nested, 1 => words].boxed()
}

fn when() -> Some_ {
    let between = (clock(), clock()).prop_map(|(from, to)| {
        json!(format!("{}-{}", from.as_str().unwrap_or_default(), to.as_str().unwrap_or_default()))
    });
    let fields = object(
        vec![],
        vec![
            ("weekdays", list(of(&DAYS), 3)),
            ("dates", list(date(), 2)),
            ("from", date()),
            ("to", date()),
            ("shifts", list(of(&SHIFTS), 2)),
            ("between", between.boxed()),
        ],
    );
    let words = of(&[
        "Mon, Wed",
        "early",
        "Mon-Thu",
        "15 June 2020",
        "09:00-12:00",
        "2020-06-15..2020-06-17",
        "tue and 15:00-16:00",
    ]);
    prop_oneof![3 => fields, 1 => words].boxed()
}

fn place() -> Some_ {
    prop_oneof![
        Just(json!({ "each": "site" })),
        Just(json!({ "each": "zone" })),
        of(&PLACES).prop_map(|own| json!({ "site": own })),
        of(&PLACES).prop_map(|own| json!({ "zone": own })),
        of(&["hq", "north", "zone north", "site hq", "each zone", "nowhere"]),
    ]
    .boxed()
}

// ---------------------------------------------------------------- rules

/// The own fields of a rule: those needed, and the others.
fn fields(rule: &str) -> Some_ {
    let per = || of(&["day", "week", "fortnight", "rota"]);
    let look = || of(&["on_site", "home", "working"]);
    let quota = || {
        prop_oneof![whole(9), (1_u32..1000).prop_map(|own| json!(format!("{}%", f64::from(own) / 10.0)))]
            .boxed()
    };
    let hours =
        || prop_oneof![whole(60), (0_u32..9999).prop_map(|own| json!(f64::from(own) / 100.0))].boxed();
    let three = || vec![("who", who()), ("when", when()), ("where", place())];
    let with = |mut others: Vec<(&'static str, Some_)>, more: Vec<(&'static str, Some_)>| {
        others.extend(more);
        others
    };
    let cycle = || {
        let day = prop_oneof![of(&DAYS), (1_u32..15).prop_map(|own| json!(own))];
        let on = btree_map("[AB]", some(day.boxed(), 3), 1..3).prop_map(|own| json!(own));
        prop_oneof![
            of(&["week_about", "days_about", "2-2-3", "four_on_ten_off"]),
            object(
                vec![("on", on.boxed())],
                vec![("length", (1_u32..15).prop_map(|own| json!(own)).boxed())]
            ),
        ]
        .boxed()
    };
    let limits = |own: fn() -> Some_| vec![("at_least", own()), ("at_most", own())];
    match rule {
        "accompanied" => object(vec![("at_least", whole(4))], with(three(), vec![("by", who())])),
        "arrivals" => object(vec![("minutes", whole(90)), ("at_most", whole(9))], three()),
        "cohorts" => {
            let members =
                btree_map("[AB]", prop_oneof![list(of(&PEOPLE), 2), who()], 0..3).prop_map(|own| json!(own));
            let others = vec![
                ("who", who()),
                ("names", list(of(&["A", "B", "a, b", "1"]), 3)),
                ("count", whole(4)),
                ("cycle", cycle()),
                ("members", members.boxed()),
                ("split", list(who(), 2)),
                ("whole", list(who(), 2)),
                ("anew", flag()),
            ];
            object(vec![], with(others, limits(|| whole(9))))
        }
        "contacts" => {
            object(vec![("at_most", whole(9))], with(three(), vec![("within", of(&["site", "zone"]))]))
        }
        "days" => object(
            vec![],
            with(
                three(),
                with(limits(|| whole(9)), vec![("place", look()), ("per", per()), ("pro_rata", flag())]),
            ),
        ),
        "desk_rest" => object(vec![("days", whole(9))], vec![]),
        "distance" => object(vec![("metres", metres())], vec![("where", place())]),
        "duty" => {
            object(vec![("name", of(&["post", "12", "front desk"]))], with(three(), limits(|| whole(9))))
        }
        "fair" => {
            let burden = of(&["on_site", "home", "refused_wishes", "post", "12", "on site"]);
            object(vec![("of", burden)], vec![("who", who()), ("when", when())])
        }
        "headcount" => object(
            vec![],
            with(
                three(),
                vec![("at_least", quota()), ("at_most", quota()), ("place", look()), ("per", per())],
            ),
        ),
        "hours" => object(
            vec![],
            vec![
                ("who", who()),
                ("per", per()),
                ("at_least", hours()),
                ("at_most", hours()),
                ("pro_rata", flag()),
            ],
        ),
        "keep" => {
            object(vec![], vec![("who", who()), ("when", when()), ("at_most", whole(9)), ("desks", flag())])
        }
        "meets" => object(vec![("by", who())], vec![("who", who()), ("at_least", whole(9)), ("per", per())]),
        "mixing" => object(vec![("want", of(&["little", "much"]))], vec![("who", who())]),
        "ratio" => {
            object(vec![("every", whole(60))], with(three(), vec![("at_least", whole(9)), ("of", who())]))
        }
        "rest" => object(
            vec![],
            vec![("who", who()), ("hours", hours()), ("never_after", list(pair(of(&SHIFTS)), 2))],
        ),
        "run" => object(
            vec![],
            with(vec![("who", who()), ("place", look()), ("off_ends", flag())], limits(|| whole(9))),
        ),
        "same_desk" => object(vec![], vec![("who", who())]),
        "same_zone" => object(vec![], vec![("who", who()), ("at_most", whole(9)), ("when", when())]),
        "together" => {
            object(vec![], with(three(), vec![("at_least", whole(9)), ("per", per()), ("missing", whole(3))]))
        }
        "weekends" => object(vec![("at_most", whole(9))], vec![("who", who())]),
        "wishes" => object(vec![], vec![("who", who()), ("equal", flag())]),
        other => panic!("no fields are known for the rule {other}"),
    }
}

fn rule() -> Some_ {
    let allow = object(
        vec![("amount", weight())],
        vec![
            ("person", of(&PEOPLE)),
            ("with", of(&PEOPLE)),
            ("on", on()),
            ("team", of(&TEAMS)),
            ("shift", of(&SHIFTS)),
            ("site", of(&PLACES)),
            ("zone", of(&PLACES)),
            ("desk", of(&PLACES)),
            ("with_desk", of(&PLACES)),
            ("cohort", of(&["A", "B"])),
            ("group", whole(3)),
            ("limit", of(&["at_least", "at_most"])),
            ("because", text()),
        ],
    );
    prop::sample::select(rota_rules::rule::NAMES)
        .prop_flat_map(move |name| {
            let beside = vec![
                ("id", of(&["paper-notes", "12", "a.b", "first"])),
                ("strength", of(&["must", "high", "medium", "low", "off"])),
                ("weight", weight()),
                ("because", text()),
                ("private", flag()),
                ("review", date()),
                ("for_each", of(&["team"])),
                ("allow", list(allow.clone(), 2)),
                ("note", note()),
            ];
            object(vec![(name, fields(name))], beside)
        })
        .boxed()
}

// ---------------------------------------------------------------- people, places, past

fn wish(more: Vec<(&'static str, Some_)>) -> Some_ {
    let mut others = vec![
        ("place", of(&["home", "on_site"])),
        ("shift", of(&SHIFTS)),
        ("site", of(&PLACES)),
        ("zone", of(&PLACES)),
        ("desk", of(&PLACES)),
    ];
    others.extend(more);
    object(vec![("on", on())], others)
}

fn people() -> Some_ {
    let days = || list(of(&DAYS), 4);
    let works = prop_oneof![days(), some(days(), 3)];
    let only = object(vec![("place", of(&["home", "on_site"]))], vec![("from", date()), ("to", date())]);
    let share = || (0_u32..=100).prop_map(|own| json!(f64::from(own) / 100.0)).boxed();
    let person = object(
        vec![],
        vec![
            ("name", prop_oneof![text(), of(&["Sam Lee", "amy"])].boxed()),
            ("team", of(&TEAMS)),
            ("tags", list(prop_oneof![3 => of(&TAGS), 1 => text()].boxed(), 3)),
            ("starts", date()),
            ("ends", date()),
            ("works", works.boxed()),
            ("away", list(absence(), 3)),
            ("base", of(&["either", "on_site", "home"])),
            ("only", list(only, 2)),
            ("needs", list(of(&["sit_stand", "a, b"]), 2)),
            ("fixed", list(wish(vec![]), 2)),
            ("wishes", list(wish(vec![("weight", weight()), ("avoid", flag())]), 3)),
            ("comes", share()),
            ("absent_rate", share()),
            ("note", note()),
        ],
    );
    vec(person, 0..=PEOPLE.len())
        .prop_map(|mut people| {
            for (person, id) in people.iter_mut().zip(PEOPLE) {
                let own = person.as_object_mut().expect("an object");
                own.insert("id".to_string(), json!(id));
            }
            Value::Array(people)
        })
        .boxed()
}

fn sites() -> Some_ {
    let desk = object(
        vec![],
        vec![
            ("name", text()),
            ("at", pair(metres())),
            ("features", list(of(&["sit_stand", "quiet"]), 2)),
            ("for", who()),
            ("closed", list(absence(), 2)),
            ("note", note()),
        ],
    );
    let taken = object(vec![("on", on()), ("seats", whole(3))], vec![("why", text())]);
    let desks = || pair(of(&["D0", "D1", "1-2"]));
    let zone = object(
        vec![],
        vec![
            ("name", text()),
            ("floor", text()),
            ("desks", list(desk, 3)),
            ("seats", whole(9)),
            ("closed", list(absence(), 2)),
            ("taken", list(taken, 2)),
            ("screened", list(desks(), 2)),
            ("too_close", list(desks(), 2)),
            ("walls", list(pair(pair(metres())), 2)),
            ("features", list(of(&["sit_stand", "quiet"]), 2)),
            ("for", who()),
            ("note", note()),
        ],
    );
    let site = object(
        vec![("zones", list(zone, 3))],
        vec![("name", text()), ("closed", list(absence(), 2)), ("note", note())],
    );
    vec(site, 0..3)
        .prop_map(|mut sites| {
            // Ids of their own, some of which a spreadsheet would take for numbers or dates.
            let mut number = 0;
            let mut id = |own: &mut Value, kind: &str| {
                number += 1;
                let text = if number % 4 == 0 { format!("{number}-2") } else { format!("{kind}{number}") };
                own.as_object_mut().expect("an object").insert("id".to_string(), json!(text));
            };
            for site in &mut sites {
                id(site, "site");
                for zone in site["zones"].as_array_mut().expect("zones") {
                    id(zone, "zone");
                    for desk in zone.get_mut("desks").and_then(Value::as_array_mut).into_iter().flatten() {
                        id(desk, "D");
                    }
                }
            }
            Value::Array(sites)
        })
        .boxed()
}

fn assignment() -> Some_ {
    object(
        vec![
            ("person", of(&["amy", "ben", "gone.away"])),
            ("on", date()),
            ("place", of(&["on_site", "home", "off"])),
        ],
        vec![
            ("shift", of(&SHIFTS)),
            ("site", of(&PLACES)),
            ("zone", of(&PLACES)),
            ("desk", of(&PLACES)),
            ("duty", of(&["post", "12"])),
            ("needed_for", list(of(&["paper-notes", "wish"]), 2)),
        ],
    )
}

fn history() -> Some_ {
    let by_day =
        || btree_map(prop::sample::select(&DAYS[..]), 0_u32..40, 0..3).prop_map(|own| json!(own)).boxed();
    let by_name = || btree_map("[a-z]{1,4}", 0_u32..40, 0..3).prop_map(|own| json!(own)).boxed();
    let counts = object(
        vec![("person", of(&["amy", "12", "gone.away"]))],
        vec![
            ("worked", by_day()),
            ("on_site", by_day()),
            ("duties", by_name()),
            ("shifts", by_name()),
            ("wishes", object(vec![], vec![("asked", whole(9)), ("refused", whole(9))])),
            ("cohort", of(&["A", "12"])),
        ],
    );
    object(vec![], vec![("anchor", date()), ("days", list(assignment(), 3)), ("people", list(counts, 3))])
}

fn scenario() -> Some_ {
    let shift = object(
        vec![],
        vec![
            ("name", text()),
            ("from", clock()),
            ("to", clock()),
            ("hours", weight()),
            ("by_request", flag()),
        ],
    );
    let shifts = vec(shift, 0..=SHIFTS.len()).prop_map(|mut shifts| {
        for (shift, id) in shifts.iter_mut().zip(SHIFTS) {
            shift.as_object_mut().expect("an object").insert("id".to_string(), json!(id));
        }
        Value::Array(shifts)
    });
    let calendar = object(
        vec![("from", date()), ("to", date())],
        vec![
            ("work_days", some(of(&DAYS), 7)),
            ("closed", list(absence(), 3)),
            ("shifts", shifts.boxed()),
            ("anchor", date()),
            ("time_zone", of(&["Europe/London", "UTC"])),
        ],
    );
    let tie = object(vec![("between", pair(of(&["amy", "ben", "12"])))], vec![("weight", weight())]);
    object(
        vec![("scenario", Just(json!(1)).boxed()), ("calendar", calendar), ("people", people())],
        vec![
            ("$schema", text()),
            ("default_place", of(&["home", "on_site", "none"])),
            ("title", text()),
            ("note", note()),
            ("sites", sites()),
            ("rules", list(rule(), 6)),
            ("history", history()),
            ("previous", list(assignment(), 3)),
            ("ties", list(tie, 3)),
        ],
    )
}

// ---------------------------------------------------------------- what comes back

/// The scenario with selectors in words read as `rota_core` reads them.
fn in_fields(scenario: &Scenario) -> Value {
    let mut bare = scenario.clone();
    bare.rules.clear();
    let (problem, _) = Problem::build(&bare);
    let mut value = serde_json::to_value(scenario).expect("plain data");
    read_words(&mut value, &problem.site);
    // A history with nothing in it says what none says.
    if value.get("history").is_some_and(|history| *history == json!({})) {
        value.as_object_mut().expect("an object").remove("history");
    }
    value
}

fn read_words(value: &mut Value, site: &Site) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|own| read_words(own, site)),
        Value::Object(fields) => {
            for (name, own) in fields.iter_mut() {
                let read = own.as_str().and_then(|text| match name.as_str() {
                    "who" | "by" | "of" | "for" => {
                        words::who(text, site).ok().and_then(|who| serde_json::to_value(who).ok())
                    }
                    "when" => words::when(text, site).ok().and_then(|when| serde_json::to_value(when).ok()),
                    "where" => {
                        words::place(text, site).ok().and_then(|place| serde_json::to_value(place).ok())
                    }
                    _ => None,
                });
                match read {
                    Some(read) => *own = listed(read),
                    None => read_words(own, site),
                }
            }
        }
        _ => {}
    }
}

/// `amy; ben` in words is a list of people, or any of two people: the same.
fn listed(who: Value) -> Value {
    let Some(parts) = who.get("any").and_then(Value::as_array) else {
        return match who {
            Value::Object(fields) => {
                Value::Object(fields.into_iter().map(|(name, own)| (name, listed(own))).collect())
            }
            Value::Array(list) => list.into_iter().map(listed).collect(),
            other => other,
        };
    };
    let people: Option<Vec<&Value>> = parts
        .iter()
        .map(|part| part.get("people")?.as_array().filter(|one| one.len() == 1)?.first())
        .collect();
    people.map_or_else(|| json!({ "any": parts }), |people| json!({ "people": people }))
}

fn read_back(book: &Book) -> Result<Scenario, String> {
    let mut read = read_sheets(book).map_err(|findings| format!("{findings:#?}"))?;
    let mut parts = Scenario::read(&read.text);
    read.settle(&mut parts);
    let errors: Vec<_> = parts.findings.iter().filter(|finding| finding.is_error()).collect();
    if errors.is_empty() {
        Ok(parts.scenario.expect("it was read"))
    } else {
        Err(format!("{errors:#?}"))
    }
}

fn comes_back(scenario: &Scenario) -> Result<(), TestCaseError> {
    let book = match sheets(scenario) {
        Ok(book) => book,
        // Nothing is dropped silently; that little is refused is seen to below.
        Err(what) => {
            prop_assert!(!what.is_empty());
            return Ok(());
        }
    };
    let wanted = in_fields(scenario);
    let bytes = workbook(&book).expect("a workbook can be made");
    let opened = xlsx::read("team.xlsx", &bytes).expect("a workbook is read");
    let back = read_back(&opened);
    prop_assert_eq!(back.map(|back| in_fields(&back)), Ok(wanted.clone()), "as a workbook");
    let tables = folder::tables(&book)
        .into_iter()
        .map(|(name, text)| folder::sheet(name.strip_suffix(".csv").expect("a CSV file"), &text));
    let opened = Book { path: "team".to_string(), sheets: tables.collect() };
    prop_assert_eq!(read_back(&opened).map(|back| in_fields(&back)), Ok(wanted), "as CSV files");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, max_shrink_iters: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_scenarios_come_back(value in scenario()) {
        let read = Scenario::read(&value.to_string());
        // What is no scenario is for the tests of reading.
        prop_assume!(read.findings.is_empty());
        comes_back(&read.scenario.expect("it was read"))?;
    }
}

/// The scenarios tried use every rule, and nearly none of them is refused.
#[test]
fn the_random_scenarios_are_worth_trying() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut read, mut refused, mut used) = (0, Vec::new(), BTreeSet::new());
    let mut mistakes: Vec<String> = Vec::new();
    let random = scenario();
    for _ in 0..300 {
        let value = random.new_tree(&mut runner).expect("a scenario").current();
        let parts = Scenario::read(&value.to_string());
        mistakes.extend(parts.findings.iter().map(|finding| finding.message.clone()));
        let Some(scenario) = parts.scenario.filter(|_| parts.findings.is_empty()) else { continue };
        read += 1;
        used.extend(scenario.rules.iter().map(|rule| rule.rule.name()));
        refused.extend(sheets(&scenario).err());
    }
    assert!(read > 200, "{read} of 300 are scenarios: {mistakes:#?}");
    assert_eq!(used.len(), rota_rules::rule::NAMES.len(), "{used:?}");
    assert!(refused.len() < 60, "{refused:#?}");
}
