//! Every recipe of the README, read from the README and cooked: it has no mistakes, its promise holds in a
//! roster made under pressure that breaks it otherwise, and a roster that breaks it is found out by its rule.
//!
//! Rosters are drawn: a line a person, a column a day (Monday 15 June 2020 first, weekends left out). A cell
//! is `home`, `-` for not working, `on`, or the shift, desk and duty of a visit such as `early/N1`.

mod common;

use common::{project, rota_in};
use serde_json::{json, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// What a recipe is tried on.
struct Dish {
    /// The scenario but for the recipe: people, places, and what presses against it.
    base: Value,
    /// The rota that this one replaces.
    previous: Option<&'static str>,
    /// Whether a roster does what the recipe promises.
    promise: fn(&Table) -> bool,
    /// Rosters that break it, each with the rules and laws of the recipe that say so.
    broken: Vec<(&'static [&'static str], &'static str)>,
}

/// Who is where in a roster.
#[derive(Debug, Default)]
struct Table {
    cells: BTreeMap<(String, usize), Cell>,
}

#[derive(Debug, Default, Clone, PartialEq)]
struct Cell {
    place: String,
    shift: String,
    desk: String,
    duty: String,
}

// ------------------------------------------------------------------ the README

/// The recipes of the README in order: the test's name of each (its heading in small letters) and its block.
fn recipes() -> Vec<(String, Value)> {
    let text = fs::read_to_string(project("README.md")).expect("the README reads");
    let start = text.find("<!-- recipes -->").expect("the mark is there");
    let end = text.find("<!-- /recipes -->").expect("the closing mark is there");
    text[start..end]
        .split("\n### ")
        .skip(1)
        .map(|recipe| {
            let (heading, rest) = recipe.split_once('\n').expect("a heading");
            let small = heading.to_lowercase().replace(['-', '/'], " ").replace(',', "");
            let name = small.split_whitespace().collect::<Vec<_>>().join("_");
            let mut blocks = rest.split("```json\n").skip(1);
            let block = blocks.next().unwrap_or_else(|| panic!("`{heading}` has no block"));
            assert!(blocks.next().is_none(), "`{heading}` has two blocks");
            let block = block.split("```").next().expect("the block");
            let read = serde_json::from_str(block).unwrap_or_else(|problem| panic!("`{heading}`: {problem}"));
            (name, read)
        })
        .collect()
}

/// The block of one recipe.
fn recipe(name: &str) -> Value {
    let mut all = recipes().into_iter();
    all.find_map(|(own, block)| (own == name).then_some(block)).expect("a recipe of the README")
}

/// A recipe as part of a scenario: an entry and a list of entries are its rules.
fn as_part(recipe: &Value) -> Value {
    match recipe {
        Value::Array(entries) => json!({ "rules": entries }),
        Value::Object(fields)
            if fields.keys().all(|key| ["people", "calendar", "rules"].contains(&key.as_str())) =>
        {
            recipe.clone()
        }
        entry => json!({ "rules": [entry] }),
    }
}

/// Adds a part to a scenario: rules at the end, people by their ids, other fields one by one.
fn add(scenario: &mut Value, part: &Value) {
    for (field, value) in part.as_object().expect("a part") {
        match field.as_str() {
            "rules" => rules_of(scenario).extend(value.as_array().expect("rules").iter().cloned()),
            "people" => {
                for person in value.as_array().expect("people") {
                    let people = scenario["people"].as_array_mut().expect("people");
                    let own = people.iter_mut().find(|own| own["id"] == person["id"]);
                    let own = own.unwrap_or_else(|| panic!("{person} is not in the base"));
                    merge(own, person);
                }
            }
            other => merge(&mut scenario[other], value),
        }
    }
}

fn rules_of(scenario: &mut Value) -> &mut Vec<Value> {
    scenario["rules"].as_array_mut().expect("rules")
}

fn merge(own: &mut Value, more: &Value) {
    for (field, value) in more.as_object().expect("fields") {
        own[field] = value.clone();
    }
}

// ------------------------------------------------------------------ rosters

fn date(day: usize) -> String {
    format!("2020-06-{:02}", 15 + day / 5 * 7 + day % 5)
}

impl Table {
    fn solved(roster: &Value) -> Table {
        let mut table = Table::default();
        for cell in roster["assignments"].as_array().expect("assignments") {
            let word = |field: &str| cell[field].as_str().unwrap_or_default().to_string();
            let day = (0..10).find(|day| date(*day) == word("on")).expect("a day of the rota");
            let read =
                Cell { place: word("place"), shift: word("shift"), desk: word("desk"), duty: word("duty") };
            table.cells.insert((word("person"), day), read);
        }
        table
    }

    /// Reads a drawn roster; the scenario says which words are shifts, desks and duties.
    fn drawn(grid: &str, scenario: &Value) -> Table {
        let names = |list: &Value| -> Vec<String> {
            let ids = list.as_array().into_iter().flatten().filter_map(|item| item["id"].as_str());
            ids.map(str::to_string).collect()
        };
        let shifts = names(&scenario["calendar"]["shifts"]);
        let desks = names(&scenario["sites"][0]["zones"][0]["desks"]);
        let mut table = Table::default();
        for line in grid.lines() {
            let mut words = line.split_whitespace();
            let Some(person) = words.next() else { continue };
            for (day, word) in words.enumerate() {
                let mut cell = Cell { place: word.to_string(), ..Cell::default() };
                if word == "-" {
                    cell.place = "off".to_string();
                } else if word != "home" {
                    cell.place = "on_site".to_string();
                    for part in word.split('/').filter(|part| *part != "on").map(str::to_string) {
                        if shifts.contains(&part) {
                            cell.shift = part;
                        } else if desks.contains(&part) {
                            cell.desk = part;
                        } else {
                            cell.duty = part;
                        }
                    }
                }
                table.cells.insert((person.to_string(), day), cell);
            }
        }
        table
    }

    fn document(&self) -> Value {
        let assignments: Vec<Value> = self
            .cells
            .iter()
            .map(|((person, day), cell)| {
                let mut written = json!({ "person": person, "on": date(*day), "place": cell.place });
                for (field, word) in [("shift", &cell.shift), ("desk", &cell.desk), ("duty", &cell.duty)] {
                    if !word.is_empty() {
                        written[field] = json!(word);
                    }
                }
                written
            })
            .collect();
        json!({ "roster": 1, "assignments": assignments })
    }

    fn days(&self) -> std::ops::Range<usize> {
        0..self.cells.keys().map(|(_, day)| day + 1).max().unwrap_or(0)
    }

    fn cell(&self, person: &str, day: usize) -> Cell {
        self.cells.get(&(person.to_string(), day)).cloned().unwrap_or_default()
    }

    fn is_in(&self, person: &str, day: usize) -> bool {
        self.cell(person, day).place == "on_site"
    }

    /// The days on which a person is on site.
    fn visits(&self, person: &str) -> Vec<usize> {
        self.days().filter(|day| self.is_in(person, *day)).collect()
    }

    fn count(&self, day: usize, wanted: impl Fn(&str, &Cell) -> bool) -> usize {
        self.cells.iter().filter(|((person, on), cell)| *on == day && wanted(person, cell)).count()
    }

    /// How many are on site on a day.
    fn on_site(&self, day: usize) -> usize {
        self.count(day, |_, cell| cell.place == "on_site")
    }

    /// How many of these are on site on a day.
    fn of(&self, day: usize, people: &[&str]) -> usize {
        self.count(day, |person, cell| cell.place == "on_site" && people.contains(&person))
    }

    /// How many are on a shift.
    fn on_shift(&self, day: usize, shift: &str) -> usize {
        self.count(day, |_, cell| cell.shift == shift)
    }

    /// Whether something holds on every day.
    fn every_day(&self, holds: impl Fn(usize) -> bool) -> bool {
        self.days().all(holds)
    }
}

// ------------------------------------------------------------------ cooking

/// The must rules and laws that a roster breaks, and the recipe's own rules with what they cost.
fn judged(verdict: &Value, own: &BTreeSet<String>) -> (BTreeSet<String>, BTreeMap<String, f64>) {
    let mut named = BTreeSet::new();
    let mut costs = BTreeMap::new();
    for breach in verdict["breaches"].as_array().expect("breaches") {
        let rule = breach["rule"].as_str().expect("a rule").to_string();
        if breach["strength"] == "must" || rule.starts_with("law.") {
            named.insert(rule.clone());
        }
        if own.contains(&rule) {
            *costs.entry(rule).or_insert(0.0) += breach["cost"].as_f64().expect("a cost");
        }
    }
    (named, costs)
}

/// Who works is given, so this rule refuses leave but has no part in a roster; it has a test of its own.
const DECIDES_NOTHING: &str = "phones";

fn cook(name: &str, dish: &Dish) {
    let part = as_part(&recipe(name));
    let entries: Vec<Value> = part["rules"].as_array().cloned().unwrap_or_default();
    let ids: BTreeSet<String> =
        entries.iter().map(|entry| entry["id"].as_str().expect("an id").to_string()).collect();
    let soft: BTreeSet<String> = entries
        .iter()
        .filter(|entry| entry["strength"].is_string() && entry["strength"] != "must")
        .map(|entry| entry["id"].as_str().expect("an id").to_string())
        .collect();

    // The same with the recipe, and without: its calendar is kept, so that the pressure can be said.
    let mut with = dish.base.clone();
    let before = rules_of(&mut with).len();
    add(&mut with, &part);
    let mut without = with.clone();
    if entries.is_empty() {
        without = dish.base.clone();
    }
    rules_of(&mut without).truncate(before);

    let folder = tempfile::tempdir().expect("a folder");
    let write = |file: &str, document: &Value| {
        fs::write(folder.path().join(file), document.to_string()).expect("written");
    };
    write("with.json", &with);
    write("without.json", &without);
    let mut beside = vec!["--format", "json"];
    if let Some(grid) = dish.previous {
        write("previous.json", &Table::drawn(grid, &with).document());
        beside.extend(["--previous", "previous.json"]);
    }
    let run = |args: &[&str]| rota_in(folder.path(), &[args, &beside[..]].concat());

    let found = run(&["validate", "with.json"]).exits(0).json();
    for finding in found["list"].as_array().expect("a list") {
        assert_eq!(finding["level"], "note", "{name}: {finding}");
    }

    let pressed = Table::solved(&run(&["solve", "without.json"]).exits(0).json());
    assert!(!(dish.promise)(&pressed), "{name} holds without the recipe: {pressed:#?}");
    for (at, entry) in entries.iter().enumerate() {
        let mut less = with.clone();
        rules_of(&mut less).remove(before + at);
        write("less.json", &less);
        let solved = run(&["solve", "less.json"]);
        // What a rule says may be used by the next one: leaving it out is then a mistake.
        if entry["id"] != DECIDES_NOTHING && solved.code != 2 {
            let pressed = Table::solved(&solved.exits(0).json());
            assert!(!(dish.promise)(&pressed), "{name} holds without {entry}: {pressed:#?}");
        }
    }

    let roster = run(&["solve", "with.json"]).exits(0).json();
    assert_eq!(roster["status"], "optimal", "{name}");
    let solved = Table::solved(&roster);
    assert!((dish.promise)(&solved), "{name}: {solved:#?}");
    write("solved.json", &roster);
    let (named, least) = judged(&run(&["check", "with.json", "solved.json"]).exits(0).json(), &ids);
    assert!(named.is_empty(), "{name}: {named:?}");

    // As a wish it reads and solves just as well.
    let mut wished = with.clone();
    for entry in &mut rules_of(&mut wished)[before..] {
        if entry["strength"].is_null() {
            entry["strength"] = json!("medium");
        }
    }
    write("wished.json", &wished);
    run(&["validate", "wished.json"]).exits(0);
    let roster = run(&["solve", "wished.json"]).exits(0).json();
    assert_eq!(roster["status"], "optimal", "{name} as a wish");

    let mut said = BTreeSet::new();
    for (rules, grid) in &dish.broken {
        let table = Table::drawn(grid, &with);
        assert!(!(dish.promise)(&table), "{name} is not broken by {grid}");
        write("broken.json", &table.document());
        let wanted: BTreeSet<String> = rules.iter().map(ToString::to_string).collect();
        let refused = !wanted.is_subset(&soft);
        let verdict = run(&["check", "with.json", "broken.json"]).exits(i32::from(refused)).json();
        let (named, costs) = judged(&verdict, &ids);
        let must: BTreeSet<String> = wanted.difference(&soft).cloned().collect();
        assert_eq!(named, must, "{name}: {grid}\n{verdict:#}");
        for rule in wanted.intersection(&soft) {
            let cost = costs.get(rule).copied().unwrap_or(0.0);
            let least = least.get(rule).copied().unwrap_or(0.0);
            assert!(cost > least, "{name}: `{rule}` costs {cost}, and {least} at best: {grid}");
        }
        said.extend(wanted);
    }
    let silent: Vec<&String> = ids.difference(&said).collect();
    assert!(silent.is_empty() && !said.is_empty(), "{name}: no roster breaks {silent:?}");
}

macro_rules! cooked {
    ($($name:ident,)*) => {
        /// The recipes that are tried.
        const COOKED: &[&str] = &[$(stringify!($name)),*];

        $(
            #[test]
            fn $name() {
                cook(stringify!($name), &dishes::$name());
            }
        )*
    };
}

cooked! {
    lone_working,
    supervision,
    parking,
    late_starters_and_parking,
    fewest_car_journeys,
    laptops_that_do_not_go_round,
    two_kinds_of_remote_access,
    phone_cover_and_core_hours,
    team_day,
    anchor_days,
    homeworkers_who_come_to_team_days,
    one_to_ones,
    a_b_weeks,
    few_contacts,
    never_on_site,
    at_home_until_a_date,
    staggered_arrivals,
    hours_and_rest,
    desk_rest,
    a_duty_of_its_own_shared_fairly,
    change_as_little_as_possible,
}

#[test]
fn every_recipe_is_tried_and_every_trial_is_a_recipe() {
    let written: Vec<String> = recipes().into_iter().map(|(name, _)| name).collect();
    assert_eq!(written, COOKED);
}

/// Recipes are meant to be used together; only the team day stands in two of them, alike.
#[test]
fn no_two_recipes_use_one_id() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (name, recipe) in recipes() {
        for entry in as_part(&recipe)["rules"].as_array().into_iter().flatten() {
            let id = entry["id"].as_str().expect("an id").to_string();
            if let Some(other) = seen.insert(id.clone(), name.clone()) {
                assert_eq!(id, "team-day", "`{id}` is in {other} and in {name}");
            }
        }
    }
}

/// Where a recipe says what a further field does, it does.
#[test]
fn nobody_is_alone_in_a_zone() {
    let mut scenario = json!({
        "scenario": 1,
        "calendar": { "from": "2020-06-15", "to": "2020-06-15" },
        "people": [
            { "id": "amy", "fixed": [{ "on": "mon", "place": "on_site", "zone": "north" }] },
            { "id": "ben", "fixed": [{ "on": "mon", "place": "on_site", "zone": "south" }] },
            { "id": "cara" }, { "id": "dan" }
        ],
        "sites": [{ "id": "hq", "zones": [{ "id": "north", "seats": 3 }, { "id": "south", "seats": 3 }] }],
    });
    let solve = |scenario: &Value| {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("week.json"), scenario.to_string()).expect("written");
        let roster = rota_in(folder.path(), &["solve", "week.json", "--format", "json"]).exits(0).json();
        Table::solved(&roster).on_site(0)
    };
    let mut entry = recipe("lone_working");
    scenario["rules"] = json!([entry]);
    assert_eq!(solve(&scenario), 2);
    entry["accompanied"]["where"] = json!("each zone");
    scenario["rules"] = json!([entry]);
    assert_eq!(solve(&scenario), 4);
}

/// The same: one of the team may be missing.
#[test]
fn one_may_be_missing_from_the_team_day() {
    let mut scenario = dishes::team_day().base;
    let mut entry = recipe("team_day");
    // Now no day suits all three.
    scenario["people"][0]["works"] = json!(["mon", "tue"]);
    for (missing, code) in [(0, 1), (1, 0)] {
        entry["together"]["missing"] = json!(missing);
        scenario["rules"] = json!([entry]);
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("week.json"), scenario.to_string()).expect("written");
        rota_in(folder.path(), &["solve", "week.json"]).exits(code);
    }
}

/// All of them in one rota, as wishes where they are not the law: nothing in one of them troubles another.
#[test]
fn all_recipes_together() {
    let tags = json!([
        ["trainee", "drives", "homeworker"],
        ["supervisor", "lead", "key_holder"],
        ["drives", "red_car", "shared_laptop"],
        ["drives", "red_car", "full_access"],
        ["trainee", "blue_car", "shared_laptop"],
        ["supervisor", "blue_car"],
        ["lead", "key_holder", "shared_laptop"],
        ["full_access", "homeworker"],
        ["full_access"]
    ]);
    let ids = ["amy", "ben", "cara", "dan", "eve", "fay", "gil", "ewa", "kofi"];
    let people: Vec<Value> = ids
        .iter()
        .zip(tags.as_array().expect("tags"))
        .enumerate()
        .map(|(at, (id, tags))| json!({ "id": id, "team": (["coding", "desk"][at % 2]), "tags": tags }))
        .collect();
    let desks: Vec<Value> = (1..=6).map(|desk| json!({ "id": format!("N{desk}") })).collect();
    let mut scenario = json!({
        "scenario": 1,
        "calendar": { "from": "2020-06-15", "to": "2020-06-19" },
        "people": people,
        "sites": [{ "id": "hq", "zones": [{ "id": "north", "desks": desks }] }],
        "rules": [],
    });
    for (_, recipe) in recipes() {
        add(&mut scenario, &as_part(&recipe));
    }
    let mut seen = BTreeSet::new();
    rules_of(&mut scenario).retain(|entry| seen.insert(entry["id"].to_string()));
    for entry in rules_of(&mut scenario) {
        if entry["strength"].is_null() {
            entry["strength"] = json!("medium");
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("week.json"), scenario.to_string()).expect("written");
    let grid: String = ids.map(|id| format!("{id} home home home home home\n")).concat();
    fs::write(folder.path().join("roster.json"), Table::drawn(&grid, &scenario).document().to_string())
        .expect("written");
    let run = |args: &[&str]| {
        let beside = ["--previous", "roster.json", "--format", "json"];
        rota_in(folder.path(), &[args, &beside].concat()).exits(0).json()
    };
    for finding in run(&["validate", "week.json"])["list"].as_array().expect("a list") {
        assert_eq!(finding["level"], "note", "{finding}");
    }
    let roster = run(&["solve", "week.json", "--time-limit", "10"]);
    assert!(Table::solved(&roster).visits("ewa").is_empty(), "{roster}");
}

/// Whether enough answer the phone is not rota's to decide: leave that leaves too few is named beforehand.
#[test]
fn leave_that_leaves_too_few_for_the_phones_is_named() {
    let mut scenario = dishes::phone_cover_and_core_hours().base;
    add(&mut scenario, &as_part(&recipe("phone_cover_and_core_hours")));
    for person in [1, 2] {
        scenario["people"][person]["away"] = json!(["2020-06-17"]);
    }
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("week.json"), scenario.to_string()).expect("written");
    let found = rota_in(folder.path(), &["validate", "week.json"]).exits(1);
    assert_eq!(found.out.matches("error[").count(), 1, "{}", found.out);
    assert!(
        found.out.contains("at least 2 of desk working on Wed 17 June, but at most 1 can be"),
        "{}",
        found.out
    );
    let refused = rota_in(folder.path(), &["solve", "week.json", "--format", "json"]).exits(1).json();
    assert_eq!(refused["status"], "impossible");
    assert!(refused["conflict"].to_string().contains("\"phones\""), "{refused}");
}

// ------------------------------------------------------------------ the dishes

mod dishes {
    use super::{Dish, Table};
    use serde_json::{json, Value};
    use std::collections::BTreeSet;

    /// The first so many work days from Monday 15 June, with these people, what presses, and wishes.
    #[allow(clippy::needless_pass_by_value)] // dishes read better without references
    fn rota(days: usize, people: Value, mut pressure: Value) -> Value {
        pressure.as_array_mut().expect("rules").push(json!({ "wishes": {}, "strength": "medium" }));
        json!({
            "scenario": 1,
            "calendar": { "from": "2020-06-15", "to": super::date(days - 1) },
            "people": people,
            "rules": pressure,
        })
    }

    fn with_shifts(mut base: Value, shifts: Value) -> Value {
        base["calendar"]["shifts"] = shifts;
        base
    }

    fn early_and_late() -> Value {
        json!([
            { "id": "early", "from": "07:30", "to": "15:30" },
            { "id": "late", "from": "10:00", "to": "18:00" }
        ])
    }

    /// Amy has to be in early on Monday, and nobody else has a reason to come.
    pub fn lone_working() -> Dish {
        let base = rota(
            2,
            json!([
                { "id": "amy", "fixed": [{ "on": "mon", "place": "on_site", "shift": "early" }] },
                { "id": "ben", "wishes": [{ "on": "tue", "place": "on_site" }] },
                { "id": "cara", "wishes": [{ "on": "mon", "place": "home" }] },
            ]),
            json!([]),
        );
        Dish {
            base: with_shifts(base, early_and_late()),
            previous: None,
            // At 07:30 the early shift is in, at 10:00 both are, at 15:30 the late one is.
            promise: |table| {
                table.every_day(|day| table.on_shift(day, "early") != 1 && table.on_shift(day, "late") != 1)
            },
            broken: vec![
                (&["lone-working"], "amy early home\nben home home\ncara home home"),
                (&["lone-working"], "amy early home\nben late home\ncara home home"),
            ],
        }
    }

    /// Tom has to be in on both days, and Sue is away on one.
    pub fn supervision() -> Dish {
        Dish {
            base: rota(
                2,
                json!([
                    { "id": "tom", "tags": ["trainee"], "base": "on_site" },
                    { "id": "sue", "tags": ["supervisor"], "away": ["2020-06-15"] },
                    { "id": "sam", "tags": ["supervisor"], "wishes": [{ "on": "mon", "place": "home" }] },
                    { "id": "amy" },
                ]),
                json!([{ "headcount": { "at_least": 2 } }]),
            ),
            previous: None,
            promise: |table| {
                table.every_day(|day| !table.is_in("tom", day) || table.of(day, &["sue", "sam"]) > 0)
            },
            broken: vec![(&["supervision"], "tom on on\nsue - on\nsam home home\namy on home")],
        }
    }

    /// Three are needed, and all who wish to come drive.
    pub fn parking() -> Dish {
        Dish {
            base: rota(
                2,
                json!([
                    { "id": "amy", "tags": ["drives"], "wishes": [{ "on": "mon", "place": "on_site" }] },
                    { "id": "ben", "tags": ["drives"], "wishes": [{ "on": "mon", "place": "on_site" }] },
                    { "id": "cara", "tags": ["drives"], "wishes": [{ "on": "mon", "place": "on_site" }] },
                    { "id": "dan" },
                ]),
                json!([{ "headcount": { "at_least": 3 } }]),
            ),
            previous: None,
            promise: |table| table.every_day(|day| table.of(day, &["amy", "ben", "cara"]) <= 2),
            broken: vec![(&["parking"], "amy on on\nben on on\ncara on home\ndan home on")],
        }
    }

    /// Amy and Ben would both start late, and three drivers early. Fay has
    /// not asked for the late shift; Gus has, and comes on foot.
    pub fn late_starters_and_parking() -> Dish {
        Dish {
            base: rota(
                1,
                json!([
                    { "id": "amy", "tags": ["drives"], "wishes": [{ "on": "mon", "shift": "late" }] },
                    { "id": "ben", "tags": ["drives"], "wishes": [{ "on": "mon", "shift": "late" }] },
                    { "id": "cara", "tags": ["drives"], "wishes": [{ "on": "mon", "shift": "early" }] },
                    { "id": "dan", "tags": ["drives"], "wishes": [{ "on": "mon", "shift": "early" }] },
                    { "id": "eve", "tags": ["drives"], "wishes": [{ "on": "mon", "shift": "early" }] },
                    { "id": "fay" },
                    { "id": "gus", "wishes": [{ "on": "mon", "shift": "late" }] },
                ]),
                json!([{ "headcount": { "when": { "shifts": ["early"] }, "at_least": 3 } }]),
            ),
            previous: None,
            promise: |table| {
                let drivers = |shift: &str| {
                    table.count(0, |person, cell| !["fay", "gus"].contains(&person) && cell.shift == shift)
                };
                drivers("early") <= 2
                    && drivers("late") <= 1
                    && table.cell("fay", 0).shift != "late"
                    && table.cell("gus", 0).shift == "late"
            },
            broken: vec![
                (&["early-bays"], "amy late\nben home\ncara early\ndan early\neve early\nfay home\ngus late"),
                (&["late-bay"], "amy late\nben late\ncara early\ndan early\neve home\nfay early\ngus late"),
                (
                    &["early-bays", "law.shift"],
                    "amy home\nben home\ncara early\ndan early\neve early\nfay late\ngus late",
                ),
            ],
        }
    }

    /// One has to be in. Amy drives, and would like to come a little.
    pub fn fewest_car_journeys() -> Dish {
        let mut base = rota(
            2,
            json!([
                { "id": "amy", "tags": ["drives"],
                  "wishes": [{ "on": { "from": "2020-06-15", "to": "2020-06-16" }, "place": "on_site" }] },
                { "id": "ben", "tags": ["drives"] },
                { "id": "cara" },
            ]),
            json!([{ "headcount": { "at_least": 1 } }]),
        );
        base["rules"][1]["strength"] = json!("low");
        base["rules"][1]["weight"] = json!(0.5);
        Dish {
            base,
            previous: None,
            promise: |table| table.every_day(|day| table.of(day, &["amy", "ben"]) == 0),
            broken: vec![(&["car-journeys"], "amy on on\nben home home\ncara home home")],
        }
    }

    /// Everybody is at home if nothing speaks against it.
    pub fn laptops_that_do_not_go_round() -> Dish {
        Dish {
            base: rota(
                2,
                json!([
                    { "id": "amy", "tags": ["shared_laptop"], "wishes": [{ "on": "mon", "place": "home" }] },
                    { "id": "ben", "tags": ["shared_laptop"], "wishes": [{ "on": "mon", "place": "home" }] },
                    { "id": "cara", "tags": ["shared_laptop"], "wishes": [{ "on": "mon", "place": "home" }] },
                    { "id": "dan" },
                ]),
                json!([]),
            ),
            previous: None,
            promise: |table| {
                table.every_day(|day| {
                    table.count(day, |person, cell| person != "dan" && cell.place == "home") <= 2
                })
            },
            broken: vec![(&["laptops"], "amy home home\nben home home\ncara on home\ndan on home")],
        }
    }

    /// The same, with six people, three of them with full access.
    pub fn two_kinds_of_remote_access() -> Dish {
        Dish {
            base: rota(
                1,
                json!([
                    { "id": "amy", "tags": ["full_access"], "wishes": [{ "on": "mon", "place": "home" }] },
                    { "id": "ben", "tags": ["full_access"], "wishes": [{ "on": "mon", "place": "home" }] },
                    { "id": "cara", "tags": ["full_access"], "wishes": [{ "on": "mon", "place": "home" }] },
                    { "id": "dan", "wishes": [{ "on": "mon", "place": "home" }] },
                    { "id": "eve" },
                    { "id": "fay" },
                ]),
                json!([]),
            ),
            previous: None,
            promise: |table| {
                let home = |people: &[&str]| {
                    table.count(0, |person, cell| cell.place == "home" && people.contains(&person))
                };
                home(&["amy", "ben", "cara"]) <= 2 && home(&["amy", "ben", "cara", "dan", "eve", "fay"]) <= 4
            },
            broken: vec![
                (&["remote-access"], "amy home\nben home\ncara on\ndan home\neve home\nfay home"),
                (&["full-access"], "amy home\nben home\ncara home\ndan home\neve on\nfay on"),
            ],
        }
    }

    /// Somebody of the desk has to be in, and Amy, who wishes to come, leaves at one o'clock.
    pub fn phone_cover_and_core_hours() -> Dish {
        let base = rota(
            3,
            json!([
                { "id": "amy", "team": "desk", "wishes": [{ "on": "mon", "shift": "morning" }] },
                { "id": "ben", "team": "desk", "away": ["2020-06-16"] },
                { "id": "cara", "team": "desk", "base": "home" },
                { "id": "dan", "team": "post", "wishes": [{ "on": "mon", "shift": "day" }] },
            ]),
            json!([]),
        );
        let shifts = json!([
            { "id": "morning", "from": "08:00", "to": "13:00" },
            { "id": "day", "from": "09:30", "to": "17:30" }
        ]);
        Dish {
            base: with_shifts(base, shifts),
            previous: None,
            promise: |table| {
                let desk = ["amy", "ben", "cara"];
                table.every_day(|day| {
                    let covered = desk.iter().any(|person| table.cell(person, day).shift == "day");
                    let works =
                        |person: &str| ["on_site", "home"].contains(&table.cell(person, day).place.as_str());
                    covered && desk.iter().filter(|person| works(person)).count() >= 2
                })
            },
            broken: vec![
                (
                    &["core-hours"],
                    "amy morning day day\nben home - home\ncara home home home\ndan day home home",
                ),
                (
                    &["law.state", "phones"],
                    "amy day day day\nben home - home\ncara home - home\ndan home home home",
                ),
            ],
        }
    }

    /// Leave and days off leave one day on which all of the team can be in.
    pub fn team_day() -> Dish {
        Dish {
            base: rota(
                5,
                json!([
                    { "id": "amy", "team": "coding", "works": ["mon", "tue", "wed"],
                      "wishes": [{ "on": "wed", "place": "home" }] },
                    { "id": "ben", "team": "coding", "away": ["2020-06-16"] },
                    { "id": "cara", "team": "coding", "only": [{ "place": "home", "to": "2020-06-15" }] },
                    { "id": "dan", "team": "desk" },
                ]),
                json!([]),
            ),
            previous: None,
            promise: |table| table.days().any(|day| table.of(day, &["amy", "ben", "cara"]) == 3),
            broken: vec![(
                &["team-day"],
                "amy  on   on   home -    -
                 ben  on   -    on   on   home
                 cara home on   on   on   home
                 dan  on   on   on   on   on",
            )],
        }
    }

    /// Ben would rather be at home on Wednesday; Cara is on leave, and Dan is of another team.
    pub fn anchor_days() -> Dish {
        Dish {
            base: rota(
                5,
                json!([
                    { "id": "amy", "team": "coding", "works": ["mon", "tue", "wed"] },
                    { "id": "ben", "team": "coding", "wishes": [{ "on": "wed", "place": "home" }] },
                    { "id": "cara", "team": "coding", "away": ["2020-06-17"] },
                    { "id": "dan", "team": "desk" },
                ]),
                json!([]),
            ),
            previous: None,
            promise: |table| table.is_in("amy", 2) && table.is_in("ben", 2),
            broken: vec![(
                &["anchor-day"],
                "amy  on   home on   -    -
                 ben  home on   home on   home
                 cara home home -    home home
                 dan  home home on   home home",
            )],
        }
    }

    /// Hal wishes to come on other days too, and somebody of the first aiders is needed every day.
    pub fn homeworkers_who_come_to_team_days() -> Dish {
        Dish {
            base: rota(
                5,
                json!([
                    { "id": "amy", "works": ["mon", "tue", "thu"] },
                    { "id": "ben" },
                    { "id": "hal", "tags": ["homeworker"], "wishes": [
                        { "on": "mon", "place": "on_site" }, { "on": "wed", "place": "on_site" } ] },
                ]),
                json!([{ "headcount": { "at_least": 1 } }]),
            ),
            previous: None,
            promise: |table| {
                let visits = table.visits("hal");
                visits.len() == 1 && table.of(visits[0], &["amy", "ben"]) == 2
            },
            broken: vec![
                (
                    &["homeworkers"],
                    "amy on   home -    home -
                     ben on   on   home on   on
                     hal on   home on   home home",
                ),
                (
                    &["team-day"],
                    "amy on   home -    home -
                     ben home on   home on   on
                     hal home home on   home home",
                ),
            ],
        }
    }

    /// Trainees and leads come on different days if nobody brings them together.
    pub fn one_to_ones() -> Dish {
        Dish {
            base: rota(
                10,
                json!([
                    { "id": "tom", "tags": ["trainee"], "wishes": [{ "on": "mon", "place": "on_site" }] },
                    { "id": "tia", "tags": ["trainee"], "works": ["thu", "fri"] },
                    { "id": "lou", "tags": ["lead"], "wishes": [{ "on": "tue", "place": "on_site" }] },
                    { "id": "lee", "tags": ["lead"], "away": [{ "from": "2020-06-15", "to": "2020-06-18" }] },
                ]),
                json!([]),
            ),
            previous: None,
            promise: |table| {
                ["tom", "tia"].iter().all(|trainee| {
                    let met: BTreeSet<usize> = table
                        .visits(trainee)
                        .iter()
                        .filter(|day| table.of(**day, &["lou", "lee"]) > 0)
                        .map(|day| day / 5)
                        .collect();
                    met.len() == 2
                })
            },
            broken: vec![(
                &["one-to-ones"],
                "tom on   on   home home home on   on   home home home
                 tia -    -    -    on   home -    -    -    home on
                 lou home on   home home home home on   home home home
                 lee -    -    -    -    on   home home home home on",
            )],
        }
    }

    /// Three are needed every day; Amy wishes to come in both weeks, and Cara and Dan, who share a car, in
    /// different ones.
    pub fn a_b_weeks() -> Dish {
        Dish {
            base: rota(
                10,
                json!([
                    { "id": "amy", "tags": ["key_holder"], "wishes": [{ "on": "thu", "place": "on_site" }] },
                    { "id": "ben", "tags": ["key_holder"],
                      "wishes": [{ "on": "2020-06-15", "place": "on_site" }] },
                    { "id": "cara", "tags": ["red_car"],
                      "wishes": [{ "on": "2020-06-16", "place": "on_site" }] },
                    { "id": "dan", "tags": ["red_car"],
                      "wishes": [{ "on": "2020-06-23", "place": "on_site" }] },
                    { "id": "eve", "tags": ["blue_car"] },
                    { "id": "fay", "tags": ["blue_car"] },
                ]),
                json!([{ "headcount": { "at_least": 3 } }]),
            ),
            previous: None,
            promise: |table| {
                let weeks = |person: &str| -> BTreeSet<usize> {
                    table.visits(person).iter().map(|day| day / 5).collect()
                };
                ["amy", "ben", "cara", "dan", "eve", "fay"].iter().all(|person| weeks(person).len() == 1)
                    && weeks("amy") != weeks("ben")
                    && weeks("cara") == weeks("dan")
                    && weeks("eve") == weeks("fay")
            },
            broken: vec![
                (
                    // Amy comes in both weeks.
                    &["a-b-weeks"],
                    "amy  on   on   on   on   on   home home home on   home
                     ben  home home home home home on   on   on   on   on
                     cara on   on   on   on   on   home home home home home
                     dan  on   on   on   on   on   home home home home home
                     eve  home home home home home on   on   on   on   on
                     fay  home home home home home on   on   on   on   on",
                ),
                (
                    // Both key-holders and one car in each group; nobody holds the keys in the second week.
                    &["a-b-weeks"],
                    "amy  on   on   on   on   on   home home home home home
                     ben  on   on   on   on   on   home home home home home
                     cara on   on   on   on   on   home home home home home
                     dan  home home home home home on   on   on   on   on
                     eve  home home home home home on   on   on   on   on
                     fay  home home home home home on   on   on   on   on",
                ),
                (
                    // Both cars are torn apart.
                    &["a-b-weeks"],
                    "amy  on   on   on   on   on   home home home home home
                     ben  home home home home home on   on   on   on   on
                     cara on   on   on   on   on   home home home home home
                     dan  home home home home home on   on   on   on   on
                     eve  on   on   on   on   on   home home home home home
                     fay  home home home home home on   on   on   on   on",
                ),
            ],
        }
    }

    /// Two are needed every day, and Amy and one other wish to be these two, another one every day.
    pub fn few_contacts() -> Dish {
        Dish {
            base: rota(
                3,
                json!([
                    { "id": "amy", "base": "on_site" },
                    { "id": "ben", "wishes": [{ "on": "mon", "place": "on_site" }] },
                    { "id": "cara", "wishes": [{ "on": "tue", "place": "on_site" }] },
                    { "id": "dan", "wishes": [{ "on": "wed", "place": "on_site" }] },
                ]),
                json!([{ "headcount": { "at_least": 2 } }]),
            ),
            previous: None,
            promise: |table| {
                let people = ["amy", "ben", "cara", "dan"];
                people.iter().all(|person| {
                    let meets = |other: &&&str| {
                        *other != person && table.visits(person).iter().any(|day| table.is_in(other, *day))
                    };
                    people.iter().filter(meets).count() <= 2
                })
            },
            broken: vec![(
                &["few-contacts"],
                "amy on on on\nben on home home\ncara home on home\ndan home home on",
            )],
        }
    }

    /// Somebody has to fetch the post, and Ewa wishes to.
    pub fn never_on_site() -> Dish {
        Dish {
            base: rota(
                2,
                json!([
                    { "id": "amy", "wishes": [{ "on": "mon", "place": "home" }] },
                    { "id": "ben", "away": ["2020-06-15"], "wishes": [{ "on": "tue", "place": "home" }] },
                    { "id": "ewa" },
                ]),
                json!([{ "headcount": { "at_least": 1 } }]),
            ),
            previous: None,
            promise: |table| table.visits("ewa").is_empty() && table.every_day(|day| table.on_site(day) == 1),
            broken: vec![(&["law.only"], "amy on home\nben - home\newa home on")],
        }
    }

    /// Kofi wishes to come every day, and does so from the third.
    pub fn at_home_until_a_date() -> Dish {
        Dish {
            base: rota(
                3,
                json!([
                    { "id": "amy" },
                    { "id": "kofi",
                      "wishes": [
                        { "on": { "from": "2020-06-15", "to": "2020-06-17" }, "place": "on_site" }] },
                ]),
                json!([{ "headcount": { "at_least": 1 } }]),
            ),
            previous: None,
            promise: |table| table.visits("kofi") == [2],
            broken: vec![(&["law.only"], "amy on on on\nkofi home on on")],
        }
    }

    /// All four are needed, and all wish to start at eight.
    pub fn staggered_arrivals() -> Dish {
        let wish = json!([{ "on": "mon", "shift": "eight" }]);
        let base = rota(
            1,
            json!([
                { "id": "amy", "wishes": wish }, { "id": "ben", "wishes": wish },
                { "id": "cara", "wishes": wish }, { "id": "dan", "wishes": wish },
            ]),
            json!([{ "headcount": { "at_least": 4 }, "because": "Stocktaking" }]),
        );
        let shifts = json!([
            { "id": "eight", "from": "08:00", "to": "16:00" },
            { "id": "twenty_past", "from": "08:20", "to": "16:20" },
            { "id": "nine", "from": "09:00", "to": "17:00" }
        ]);
        Dish {
            base: with_shifts(base, shifts),
            previous: None,
            promise: |table| {
                table.on_shift(0, "eight") + table.on_shift(0, "twenty_past") <= 2
                    && table.on_shift(0, "nine") <= 2
            },
            broken: vec![
                (&["arrivals"], "amy eight\nben eight\ncara twenty_past\ndan nine"),
                (&["arrivals"], "amy eight\nben nine\ncara nine\ndan nine"),
            ],
        }
    }

    /// Both shifts are needed every day. Amy wishes for five days, Ben for an early shift after a late one.
    pub fn hours_and_rest() -> Dish {
        let base = rota(
            5,
            json!([
                { "id": "amy",
                  "wishes": [{ "on": { "from": "2020-06-15", "to": "2020-06-19" }, "shift": "early" }] },
                { "id": "ben",
                  "wishes": [{ "on": "mon", "shift": "late" }, { "on": "tue", "shift": "early" }] },
                { "id": "cara" },
            ]),
            json!([
                { "headcount": { "when": { "shifts": ["early"] }, "at_least": 1 } },
                { "headcount": { "when": { "shifts": ["late"] }, "at_least": 1 } },
            ]),
        );
        let shifts = json!([
            { "id": "early", "from": "07:00", "to": "15:00" },
            { "id": "late", "from": "13:00", "to": "21:00" }
        ]);
        Dish {
            base: with_shifts(base, shifts),
            previous: None,
            // Four shifts are 32 hours, five are 40. From a late shift to the next early one are ten hours.
            promise: |table| {
                ["amy", "ben", "cara"].iter().all(|person| {
                    let on = |day: usize, shift: &str| table.cell(person, day).shift == shift;
                    table.visits(person).len() <= 4
                        && (0..4).all(|day| !(on(day, "late") && on(day + 1, "early")))
                })
            },
            broken: vec![
                (
                    &["week-hours"],
                    "amy  early early early early early
                     ben  late  late  late  home  home
                     cara home  home  home  late  late",
                ),
                (
                    &["night-rest"],
                    "amy  late  early early late  home
                     ben  early late  late  home  late
                     cara home  home  home  early early",
                ),
            ],
        }
    }

    /// Three people want the same desk, one after another.
    pub fn desk_rest() -> Dish {
        let wish = |day: &str| json!([{ "on": day, "desk": "N1", "weight": 3 }]);
        let mut base = rota(
            4,
            json!([
                { "id": "amy", "wishes": wish("mon") },
                { "id": "ben", "wishes": wish("wed") },
                { "id": "cara", "wishes": wish("thu") },
            ]),
            json!([{ "headcount": { "when": "Mon, Wed", "at_least": 1 } }]),
        );
        base["sites"] =
            json!([{ "id": "hq", "zones": [{ "id": "north", "desks": [{ "id": "N1" }, { "id": "N2" }] }] }]);
        Dish {
            base,
            previous: None,
            promise: |table| {
                let uses: Vec<_> = table.cells.iter().filter(|(_, cell)| !cell.desk.is_empty()).collect();
                !uses.is_empty()
                    && uses.iter().all(|((person, day), cell)| {
                        uses.iter().all(|((other, then), another)| {
                            person == other || cell.desk != another.desk || day.abs_diff(*then) > 2
                        })
                    })
            },
            broken: vec![(
                &["desk-rest"],
                "amy  on/N1 home home  home
                 ben  home  home on/N1 home
                 cara home  home home  home",
            )],
        }
    }

    /// Dan would rather be at home: nothing but fairness gives him a turn with the post.
    pub fn a_duty_of_its_own_shared_fairly() -> Dish {
        fn doing(table: &Table, day: usize, duty: &str) -> usize {
            table.count(day, |_, cell| cell.duty == duty)
        }
        let mut base = rota(
            4,
            json!([
                { "id": "amy", "base": "on_site" }, { "id": "ben" }, { "id": "cara" },
                { "id": "dan",
                  "wishes": [{ "on": { "from": "2020-06-15", "to": "2020-06-18" }, "place": "home" }] },
            ]),
            json!([{ "headcount": { "at_least": 2 } }]),
        );
        base["rules"][1]["strength"] = json!("low");
        Dish {
            base,
            previous: None,
            promise: |table| {
                let turns =
                    |person: &str| table.days().filter(|day| table.cell(person, *day).duty == "post").count();
                table.every_day(|day| doing(table, day, "counter") >= 2 && doing(table, day, "post") == 1)
                    && ["amy", "ben", "cara", "dan"].iter().all(|person| turns(person) == 1)
            },
            broken: vec![
                (
                    &["post-in-turn"],
                    "amy  on/post    on/post    on/post    on/post
                     ben  on/counter on/counter on/counter home
                     cara on/counter on/counter home       on/counter
                     dan  home       home       on/counter on/counter",
                ),
                (
                    &["counter"],
                    "amy  on/post    on/counter on/counter on/counter
                     ben  on/counter on/post    on/counter home
                     cara home       on/counter on/post    on/counter
                     dan  home       home       home       on/post",
                ),
                (
                    &["post"],
                    "amy  on/counter on/counter on/counter on/counter
                     ben  on/counter on/post    on/counter home
                     cara on/counter on/counter on/post    on/counter
                     dan  home       home       home       on/post",
                ),
            ],
        }
    }

    /// Fewer would do than the rota that is replaced has; and Amy, who was to come on Monday, is now away.
    pub fn change_as_little_as_possible() -> Dish {
        Dish {
            base: rota(
                3,
                json!([
                    { "id": "amy", "away": ["2020-06-15"] },
                    { "id": "ben", "wishes": [{ "on": "tue", "place": "home" }] },
                    { "id": "cara" },
                ]),
                json!([{ "headcount": { "at_least": 1 } }]),
            ),
            previous: Some("amy on home on\nben home on on\ncara home home home"),
            promise: |table| {
                table.visits("amy") == [2]
                    && table.visits("ben").ends_with(&[1, 2])
                    && table.visits("cara").iter().all(|day| *day == 0)
                    && table.on_site(0) == 1
            },
            broken: vec![(&["as-told"], "amy - on home\nben on home home\ncara home home on")],
        }
    }
}
