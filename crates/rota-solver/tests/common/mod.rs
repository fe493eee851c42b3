//! Random scenarios small enough to try every roster, and what trying them all says.

#![allow(dead_code, clippy::unwrap_used)]

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rota_core::roster::Roster;
use rota_core::PersonIndex;
use rota_rules::judge::{home_first, Judgement};
use rota_rules::model::Law;
use rota_rules::rule::NAMES;
use rota_rules::tiny::{every_roster, states};
use rota_rules::{Owner, Problem, Scenario, Strength};
use rota_solver::{Flow, Level, Options, Solved, Status};
use serde_json::{json, Map, Value};
use std::panic::{catch_unwind, AssertUnwindSafe};

/// The most rosters that are tried for one scenario.
pub const MOST_ROSTERS: usize = 4_000;

/// The numbers from which a scenario is drawn, part by part, so that a failure shrinks to fewer parts and smaller
/// numbers; 0 always stands for the plainest choice.
#[derive(Debug, Clone)]
pub struct Draw {
    pub calendar: Vec<u16>,
    pub people: Vec<Vec<u16>>,
    pub places: Vec<u16>,
    pub rules: Vec<Vec<u16>>,
}

fn numbers(count: usize) -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(any::<u16>(), count)
}

pub fn draws() -> impl Strategy<Value = Draw> {
    (
        numbers(20),
        prop::collection::vec(numbers(50), 2..=3),
        numbers(60),
        prop::collection::vec(numbers(40), 1..=4),
    )
        .prop_map(|(calendar, people, places, rules)| Draw { calendar, people, places, rules })
}

/// Hands out the numbers of one part, zeros after its end.
struct Dice<'a> {
    numbers: std::slice::Iter<'a, u16>,
}

impl<'a> Dice<'a> {
    fn new(numbers: &'a [u16]) -> Dice<'a> {
        Dice { numbers: numbers.iter() }
    }

    fn below(&mut self, count: usize) -> usize {
        usize::from(self.numbers.next().copied().unwrap_or(0)) % count
    }

    /// True in so many of a hundred.
    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

/// Runs `test` on random draws: `CASES` of them from `SEED`, where the environment sets these. A failure is shrunk
/// and told once; with `KEEP_GOING` every failure is told, unshrunk.
pub fn run(cases: u32, seed: u64, test: impl Fn(&Draw)) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let cases = number("CASES").map_or(cases, |cases| cases as u32);
    let seed = number("SEED").unwrap_or(seed);
    let mut bytes = [0u8; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let failure = |draw: &Draw| -> Option<String> {
        let result = catch_unwind(AssertUnwindSafe(|| test(draw)));
        let what = result.err()?;
        let told = what.downcast_ref::<String>().cloned();
        Some(told.or_else(|| what.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default())
    };
    let mut failures = 0;
    for _ in 0..cases {
        let mut tree = draws().new_tree(&mut runner).expect("draws are never refused");
        let Some(mut what) = failure(&tree.current()) else { continue };
        if std::env::var("KEEP_GOING").is_ok() {
            failures += 1;
            println!("FAILURE {what}");
            continue;
        }
        let mut moved = tree.simplify();
        for _ in 0..MOST_SHRINKS {
            if !moved {
                break;
            }
            moved = match failure(&tree.current()) {
                Some(simpler) => {
                    what = simpler;
                    tree.simplify()
                }
                None => tree.complicate(),
            };
        }
        panic!("{what}");
    }
    assert_eq!(failures, 0);
}

const MOST_SHRINKS: usize = 400;

const IDS: [&str; 3] = ["ann", "bob", "cat"];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What the later parts need to know of the earlier ones.
#[derive(Debug, Clone, Default)]
struct Drawn {
    /// Dates of the calendar.
    dates: Vec<String>,
    /// Their weekdays, Monday 0.
    weekdays: Vec<usize>,
    shifts: Vec<&'static str>,
    by_request: Vec<&'static str>,
    timed: bool,
    sites: Vec<&'static str>,
    zones: Vec<&'static str>,
    desks: Vec<&'static str>,
    people: usize,
}

fn calendar(dice: &mut Dice, days: usize, drawn: &mut Drawn) -> Value {
    // Monday 15 June 2020; Friday 19 June before a weekend; Sunday 21 June.
    let first = [15, 15, 15, 19, 21][dice.below(5)];
    drawn.dates = (0..days).map(|day| format!("2020-06-{}", first + day)).collect();
    drawn.weekdays = (0..days).map(|day| (first + day - 15) % 7).collect();
    let mut calendar = json!({ "from": drawn.dates[0], "to": drawn.dates[days - 1] });
    let every_day = first != 15 || dice.percent(30);
    if every_day {
        calendar["work_days"] = json!(WEEKDAYS);
    }
    if dice.percent(20) {
        let closed = dice.pick(&drawn.dates);
        calendar["closed"] = json!([closed]);
    }
    let shift = |id: &str, from: &str, to: &str| json!({ "id": id, "from": from, "to": to });
    let shifts: Vec<Value> = match dice.below(12) {
        0..=5 => Vec::new(),
        6 => vec![shift("day", "08:00", "16:00")],
        7 => vec![shift("early", "06:00", "12:00"), shift("late", "12:00", "18:00")],
        8 => vec![shift("early", "06:00", "14:00"), shift("late", "12:00", "20:00")],
        9 => vec![shift("day", "08:00", "20:00"), shift("night", "19:00", "09:00")],
        10 => vec![json!({ "id": "one", "hours": 4.0 }), shift("late", "12:00", "20:00")],
        _ => vec![shift("a", "08:00", "12:00"), shift("b", "12:00", "16:00"), shift("c", "12:00", "15:00")],
    };
    for id in ["day", "early", "late", "night", "one", "a", "b", "c"] {
        if shifts.iter().any(|shift| shift["id"] == id) {
            drawn.shifts.push(id);
        }
    }
    drawn.timed = shifts.iter().any(|shift| shift.get("from").is_some());
    let mut shifts = shifts;
    if shifts.len() > 1 && dice.percent(25) {
        let at = dice.below(shifts.len());
        shifts[at]["by_request"] = json!(true);
    }
    if !shifts.is_empty() {
        calendar["shifts"] = json!(shifts);
    }
    if dice.percent(40) {
        calendar["anchor"] = json!(drawn.dates[0]);
    }
    calendar
}

fn places(dice: &mut Dice, drawn: &mut Drawn) -> Value {
    let closed = |dice: &mut Dice, drawn: &Drawn, of: &mut Value| {
        if dice.percent(15) {
            of["closed"] = json!([dice.pick(&drawn.dates)]);
        }
    };
    let whom = |dice: &mut Dice, of: &mut Value| {
        if dice.percent(20) {
            of["for"] =
                dice.pick(&[json!({ "team": "red" }), json!({ "people": ["ann"] }), json!({ "tag": "key" })]);
        }
        if dice.percent(30) {
            of["features"] = json!(["screen"]);
        }
    };
    let seats = |dice: &mut Dice, drawn: &mut Drawn, id: &'static str| {
        drawn.zones.push(id);
        let count = 1 + dice.below(3);
        let mut zone = json!({ "id": id, "seats": count });
        if dice.percent(30) {
            zone["taken"] = json!([{ "on": dice.pick(&drawn.dates), "seats": 1 }]);
        }
        closed(dice, drawn, &mut zone);
        whom(dice, &mut zone);
        zone
    };
    let desks = |dice: &mut Dice, drawn: &mut Drawn, id: &'static str, names: &[&'static str]| {
        drawn.zones.push(id);
        let list: Vec<Value> = names
            .iter()
            .enumerate()
            .map(|(at, name)| {
                drawn.desks.push(name);
                let mut desk = json!({ "id": name });
                if !dice.percent(20) {
                    desk["at"] = json!([1.4 * at as f64, 0.0]);
                }
                closed(dice, drawn, &mut desk);
                if dice.percent(30) {
                    whom(dice, &mut desk);
                }
                desk
            })
            .collect();
        let mut zone = json!({ "id": id, "desks": list });
        if dice.percent(20) {
            zone["floor"] = json!("1");
        }
        if names.len() > 1 && dice.percent(15) {
            let kind = dice.pick(&["screened", "too_close"]);
            zone[kind] = json!([[names[0], names[1]]]);
        }
        closed(dice, drawn, &mut zone);
        whom(dice, &mut zone);
        zone
    };
    let zones: Vec<Value> = match dice.below(12) {
        0..=3 => return json!([]),
        4 => vec![seats(dice, drawn, "bay")],
        5 => vec![seats(dice, drawn, "bay"), seats(dice, drawn, "hall")],
        6 => vec![desks(dice, drawn, "north", &["N1", "N2"])],
        7 => vec![desks(dice, drawn, "north", &["N1", "N2", "N3"])],
        8 => vec![desks(dice, drawn, "north", &["N1"]), desks(dice, drawn, "south", &["S1"])],
        9 => vec![desks(dice, drawn, "north", &["N1", "N2"]), desks(dice, drawn, "south", &["S1"])],
        10 => vec![desks(dice, drawn, "north", &["N1", "N2"]), seats(dice, drawn, "bay")],
        _ => vec![desks(dice, drawn, "north", &["N1"]), seats(dice, drawn, "bay")],
    };
    if zones.len() > 1 && dice.percent(40) {
        drawn.sites = vec!["main", "annex"];
        let mut main = json!({ "id": "main", "zones": [zones[0]] });
        closed(dice, drawn, &mut main);
        return json!([main, { "id": "annex", "zones": zones[1..] }]);
    }
    drawn.sites = vec!["main"];
    json!([{ "id": "main", "zones": zones }])
}

/// Place, shift, site, zone or desk of a pin or wish.
fn wanted(dice: &mut Dice, drawn: &Drawn, of: &mut Map<String, Value>, free_shift: bool) {
    let mut said = false;
    if !drawn.shifts.is_empty() && dice.percent(35) {
        let shifts: Vec<&str> =
            drawn.shifts.iter().copied().filter(|id| free_shift || !drawn.by_request.contains(id)).collect();
        if !shifts.is_empty() {
            of.insert("shift".to_string(), json!(dice.pick(&shifts)));
            said = true;
        }
    }
    if !drawn.zones.is_empty() {
        match dice.below(6) {
            0..=2 => {}
            3 => {
                of.insert("site".to_string(), json!(dice.pick(&drawn.sites)));
                said = true;
            }
            4 => {
                of.insert("zone".to_string(), json!(dice.pick(&drawn.zones)));
                said = true;
            }
            _ => {
                if !drawn.desks.is_empty() {
                    of.insert("desk".to_string(), json!(dice.pick(&drawn.desks)));
                    said = true;
                }
            }
        }
    }
    if !said {
        of.insert("place".to_string(), json!(dice.pick(&["home", "on_site"])));
    }
}

fn on(dice: &mut Dice, drawn: &Drawn) -> Value {
    let at = dice.below(drawn.dates.len());
    if dice.percent(40) {
        json!(WEEKDAYS[drawn.weekdays[at]])
    } else {
        json!(drawn.dates[at])
    }
}

fn person(dice: &mut Dice, drawn: &Drawn, at: usize) -> Value {
    let mut person = json!({ "id": IDS[at], "team": dice.pick(&["red", "blue"]) });
    let tags = dice.pick(&[json!(["key"]), json!([]), json!(["key", "new"]), json!(["new"])]);
    if tags != json!([]) {
        person["tags"] = tags;
    }
    let date = dice.pick(&drawn.dates);
    match dice.below(20) {
        0..=9 => {}
        10 | 11 => person["away"] = json!([date]),
        12 => person["base"] = json!("home"),
        13 => person["base"] = json!("on_site"),
        14 => person["only"] = json!([{ "place": "home", "from": date, "to": date }]),
        15 => person["only"] = json!([{ "place": "on_site", "from": date, "to": date }]),
        16 => person["starts"] = json!(date),
        17 => person["ends"] = json!(date),
        _ => person["works"] = json!([WEEKDAYS[drawn.weekdays[0]]]),
    }
    if !drawn.zones.is_empty() && dice.percent(15) {
        person["needs"] = json!(["screen"]);
    }
    if dice.percent(20) {
        let mut pin = Map::new();
        pin.insert("on".to_string(), on(dice, drawn));
        wanted(dice, drawn, &mut pin, true);
        person["fixed"] = json!([pin]);
    }
    let wishes: Vec<Value> = (0..[0, 0, 1, 1, 2][dice.below(5)])
        .map(|_| {
            let mut wish = Map::new();
            wish.insert("on".to_string(), on(dice, drawn));
            wanted(dice, drawn, &mut wish, true);
            let weight = dice.pick(&[1.0, 1.0, 2.0, 0.5]);
            if weight != 1.0 {
                wish.insert("weight".to_string(), json!(weight));
            }
            if dice.percent(30) {
                wish.insert("avoid".to_string(), json!(true));
            }
            json!(wish)
        })
        .collect();
    if !wishes.is_empty() {
        person["wishes"] = json!(wishes);
    }
    person
}

fn history(dice: &mut Dice, drawn: &Drawn) -> Value {
    let first: usize = drawn.dates[0][8..].parse().unwrap();
    let mut days = Vec::new();
    for id in IDS.iter().take(drawn.people) {
        for back in 1..=2usize {
            if !dice.percent(45) {
                continue;
            }
            let mut day =
                json!({ "person": id, "on": format!("2020-06-{}", first - back), "place": "on_site" });
            match dice.below(4) {
                0 => day["place"] = json!("home"),
                1 => day["place"] = json!("off"),
                _ => {
                    if !drawn.shifts.is_empty() {
                        let last = drawn.shifts[drawn.shifts.len() - 1];
                        day["shift"] = json!(dice.pick(&[last, last, drawn.shifts[0]]));
                    }
                    if !drawn.desks.is_empty() {
                        day["desk"] = json!(dice.pick(&drawn.desks));
                    } else if !drawn.zones.is_empty() {
                        day["zone"] = json!(dice.pick(&drawn.zones));
                    }
                }
            }
            days.push(day);
        }
    }
    let mut history = json!({});
    if !days.is_empty() {
        history["days"] = json!(days);
    }
    if dice.percent(40) {
        history["people"] = json!([{
            "person": IDS[dice.below(drawn.people)],
            "worked": { "mon": 5, "tue": 5, "fri": 4 },
            "on_site": { "mon": 1 + dice.below(4), "tue": dice.below(3) },
            "wishes": { "asked": 5, "refused": dice.below(4) },
            "duties": { "post": dice.below(3) },
            "cohort": dice.pick(&["A", "B"])
        }]);
    }
    history
}

fn who(dice: &mut Dice) -> Value {
    match dice.below(8) {
        0..=2 => json!("everyone"),
        3 => json!({ "team": "red" }),
        4 => json!({ "tag": "key" }),
        5 => json!({ "people": ["ann", "bob"] }),
        6 => json!({ "not": { "tag": "key" } }),
        _ => json!({ "people": [IDS[dice.below(2)]] }),
    }
}

/// Days, and shifts or times where `fine` allows them.
fn when(dice: &mut Dice, drawn: &Drawn, fine: &[&str]) -> Value {
    let mut when = json!({});
    if dice.percent(30) {
        when["weekdays"] = json!([WEEKDAYS[drawn.weekdays[dice.below(drawn.dates.len())]]]);
    }
    if fine.contains(&"shifts") && !drawn.shifts.is_empty() && dice.percent(30) {
        when["shifts"] = json!([dice.pick(&drawn.shifts)]);
    } else if fine.contains(&"between") && drawn.timed && dice.percent(40) {
        when["between"] = json!(dice.pick(&["08:30-09:30", "07:00-13:00", "19:00-07:00", "11:00-15:00"]));
    }
    when
}

fn place(dice: &mut Dice, drawn: &Drawn) -> Option<Value> {
    if drawn.zones.is_empty() || !dice.percent(40) {
        return None;
    }
    Some(match dice.below(4) {
        0 => json!({ "each": "zone" }),
        1 => json!({ "each": "site" }),
        2 => json!({ "zone": dice.pick(&drawn.zones) }),
        _ => json!({ "site": dice.pick(&drawn.sites) }),
    })
}

fn limits(dice: &mut Dice, rule: &mut Value, most: usize) {
    let low = dice.below(most + 1);
    match dice.below(3) {
        0 => rule["at_least"] = json!(low.max(1)),
        1 => rule["at_most"] = json!(low),
        _ => {
            rule["at_least"] = json!(low);
            rule["at_most"] = json!(low + dice.below(2));
        }
    }
}

fn rule(dice: &mut Dice, drawn: &Drawn) -> Value {
    let kinds: Vec<&str> = NAMES
        .iter()
        .copied()
        .filter(|name| !["distance", "same_desk", "desk_rest"].contains(name) || !drawn.desks.is_empty())
        .filter(|name| !["hours", "arrivals", "rest"].contains(name) || !drawn.shifts.is_empty())
        .filter(|name| *name != "same_zone" || !drawn.zones.is_empty())
        .chain(["headcount", "wishes", "headcount", "wishes", "days", "cohorts", "mixing"])
        .collect();
    let kind = dice.pick(&kinds);
    let mut rule = json!({});
    if !["distance", "desk_rest"].contains(&kind) {
        let who = who(dice);
        if who != json!("everyone") {
            rule["who"] = who;
        }
    }
    let fine: &[&str] = match kind {
        "headcount" | "ratio" | "accompanied" | "together" | "duty" | "same_zone" | "arrivals" => {
            &["shifts", "between"]
        }
        "days" | "contacts" => &["shifts"],
        _ => &[],
    };
    let with_when = [
        "headcount",
        "ratio",
        "accompanied",
        "together",
        "days",
        "fair",
        "duty",
        "same_zone",
        "arrivals",
        "contacts",
        "keep",
    ];
    if with_when.contains(&kind) {
        let when = when(dice, drawn, fine);
        if when != json!({}) {
            rule["when"] = when;
        }
    }
    let with_where =
        ["headcount", "ratio", "accompanied", "together", "days", "duty", "arrivals", "contacts"];
    if with_where.contains(&kind) {
        if let Some(place) = place(dice, drawn) {
            rule["where"] = place;
        }
    }
    match kind {
        "headcount" => {
            if dice.percent(20) {
                rule["at_least"] = json!(dice.pick(&["50%", "34%", "100%"]));
            } else {
                limits(dice, &mut rule, drawn.people);
            }
            match dice.below(6) {
                0..=3 => {}
                4 => rule["per"] = json!(dice.pick(&["week", "rota"])),
                _ => {
                    rule["place"] = json!(dice.pick(&["home", "working"]));
                    rule.as_object_mut().unwrap().remove("where");
                    if let Some(when) = rule.get_mut("when").and_then(Value::as_object_mut) {
                        when.remove("between");
                        when.remove("shifts");
                    }
                }
            }
        }
        "ratio" => {
            rule["every"] = json!(1 + dice.below(3));
            rule["at_least"] = json!(1 + dice.below(2));
            if dice.percent(40) {
                rule["of"] = who(dice);
            }
        }
        "days" => {
            limits(dice, &mut rule, 3);
            rule["per"] = json!(dice.pick(&["week", "rota", "fortnight"]));
            if dice.percent(20) {
                rule["pro_rata"] = json!(true);
            }
            if dice.percent(25) && rule.get("where").is_none() && rule.get("when").is_none() {
                rule["place"] = json!("home");
            }
        }
        "run" => {
            match dice.below(3) {
                0 => rule["at_most"] = json!(dice.below(3)),
                1 => rule["at_least"] = json!(2 + dice.below(2)),
                _ => {
                    rule["at_least"] = json!(2);
                    rule["at_most"] = json!(2);
                }
            }
            if dice.percent(40) {
                rule["place"] = json!("home");
            }
            if dice.percent(30) {
                rule["off_ends"] = json!(true);
            }
        }
        "together" => {
            rule["at_least"] = json!(1 + dice.below(2));
            rule["per"] = json!(dice.pick(&["week", "rota"]));
            rule["missing"] = json!(dice.below(2));
        }
        "accompanied" => {
            rule["at_least"] = json!(1 + dice.below(3));
            if dice.percent(50) {
                rule["by"] = who(dice);
            }
        }
        "distance" => rule["metres"] = json!(dice.pick(&[1.0, 2.0, 3.0])),
        "fair" => rule["of"] = json!(dice.pick(&["on_site", "home", "refused_wishes", "post"])),
        "duty" => {
            rule["name"] = json!(dice.pick(&["post", "post", "phones"]));
            match dice.below(4) {
                0 | 1 => {}
                2 => rule["at_most"] = json!(1 + dice.below(2)),
                _ => {
                    rule["at_least"] = json!(dice.below(3));
                    rule["at_most"] = json!(2);
                }
            }
        }
        "hours" => {
            let low = dice.pick(&[4.0, 8.0, 10.5, 16.0]);
            rule["per"] = json!(dice.pick(&["week", "rota", "fortnight"]));
            match dice.below(3) {
                0 => rule["at_least"] = json!(low),
                1 => rule["at_most"] = json!(low),
                _ => {
                    rule["at_least"] = json!(low);
                    rule["at_most"] = json!(low + 4.0);
                }
            }
            if dice.percent(20) {
                rule["pro_rata"] = json!(true);
            }
        }
        "rest" => {
            if dice.percent(60) {
                rule["hours"] = json!(dice.pick(&[11.0, 14.0, 18.0, 40.0]));
            }
            if rule.get("hours").is_none() || dice.percent(40) {
                rule["never_after"] = json!([[dice.pick(&drawn.shifts), dice.pick(&drawn.shifts)]]);
            }
        }
        "weekends" => rule["at_most"] = json!(dice.below(2)),
        "arrivals" => {
            rule["at_most"] = json!(dice.below(3));
            rule["minutes"] = json!(dice.pick(&[15, 60, 240, 600]));
        }
        "contacts" => {
            rule["at_most"] = json!(dice.below(2));
            if dice.percent(40) {
                rule["within"] = json!("zone");
            }
        }
        "meets" => {
            rule["by"] = who(dice);
            rule["per"] = json!(dice.pick(&["week", "rota", "fortnight"]));
            rule["at_least"] = json!(1 + dice.below(2));
        }
        "same_desk" => {}
        "same_zone" => {
            rule["at_most"] = json!(dice.below(2));
        }
        "desk_rest" => rule["days"] = json!(dice.below(3)),
        "keep" => {
            rule["at_most"] = json!(dice.below(2));
            if dice.percent(40) {
                rule["desks"] = json!(true);
            }
        }
        "mixing" => rule["want"] = json!(dice.pick(&["little", "much"])),
        "cohorts" => {
            rule["count"] = json!(2);
            match dice.below(4) {
                0 => rule["cycle"] = json!("days_about"),
                1 => rule["cycle"] = json!("week_about"),
                2 => {
                    let day = |at: usize| WEEKDAYS[drawn.weekdays[at % drawn.weekdays.len()]];
                    rule["cycle"] = json!({ "on": { "A": [day(0)], "B": [day(1), day(2)] } });
                }
                _ => {}
            }
            if dice.percent(40) {
                rule["at_least"] = json!(0);
                rule["at_most"] = json!(3);
            }
            if dice.percent(30) {
                rule["split"] = json!([{ "tag": "key" }]);
            }
            if dice.percent(30) {
                rule["whole"] = json!([{ "team": "red" }]);
            }
            if dice.percent(20) {
                rule["members"] = json!({ "B": [IDS[dice.below(2)]] });
            }
            if dice.percent(20) {
                rule["anew"] = json!(true);
            }
        }
        _ => {
            if dice.percent(25) {
                rule["equal"] = json!(true);
            }
        }
    }
    let mut entry = json!({ kind: rule });
    let strength = dice.pick(&["must", "must", "high", "medium", "low", "medium", "high", "off"]);
    if strength != "must" {
        entry["strength"] = json!(strength);
    }
    let weight = dice.pick(&[1.0, 1.0, 1.0, 2.0, 0.5, 0.1, 3.0]);
    if weight != 1.0 {
        entry["weight"] = json!(weight);
    }
    if dice.percent(20)
        && ["headcount", "ratio", "accompanied", "together", "days", "wishes", "run"].contains(&kind)
    {
        entry["for_each"] = json!("team");
    }
    if dice.percent(25) {
        let mut allow = json!({ "amount": dice.pick(&[1.0, 2.0, 0.5]) });
        match dice.below(4) {
            0 => {}
            1 => allow["on"] = json!(dice.pick(&drawn.dates)),
            2 => allow["person"] = json!(IDS[dice.below(drawn.people)]),
            _ => allow["team"] = json!("red"),
        }
        entry["allow"] = json!([allow]);
    }
    entry
}

/// The scenario of a draw; with fewer days or people where there would be too many rosters. None when it has a
/// mistake.
pub fn scenario(draw: &Draw) -> Option<(Value, Problem)> {
    for (days, people) in [(3, 3), (3, 2), (2, 3), (2, 2), (1, 3), (1, 2)] {
        if people > draw.people.len() {
            continue;
        }
        let value = written(draw, days, people);
        let Some(problem) = problem(&value) else { continue };
        if rosters(&problem) <= MOST_ROSTERS {
            return Some((value, problem));
        }
    }
    None
}

fn written(draw: &Draw, days: usize, people: usize) -> Value {
    let mut drawn = Drawn { people, ..Drawn::default() };
    let mut dice = Dice::new(&draw.calendar);
    let calendar = calendar(&mut dice, days, &mut drawn);
    drawn.by_request = drawn
        .shifts
        .iter()
        .copied()
        .filter(|id| {
            calendar["shifts"]
                .as_array()
                .unwrap()
                .iter()
                .any(|shift| shift["id"] == *id && shift["by_request"] == true)
        })
        .collect();
    let mut scenario = json!({ "scenario": 1, "calendar": calendar });
    match dice.below(5) {
        0..=2 => {}
        3 => scenario["default_place"] = json!("on_site"),
        _ => scenario["default_place"] = json!("none"),
    }
    let has_history = dice.percent(35);
    let mut dice = Dice::new(&draw.places);
    let sites = places(&mut dice, &mut drawn);
    if sites != json!([]) {
        scenario["sites"] = sites;
    }
    if has_history {
        let history = history(&mut dice, &drawn);
        if history != json!({}) {
            scenario["history"] = history;
        }
    }
    let persons: Vec<Value> =
        (0..people).map(|at| person(&mut Dice::new(&draw.people[at]), &drawn, at)).collect();
    scenario["people"] = json!(persons);
    if people > 1 && dice.percent(50) {
        let mut ties = vec![json!({ "between": ["ann", "bob"], "weight": dice.pick(&[2.0, 1.0, 0.5]) })];
        if people > 2 {
            ties.push(json!({ "between": ["cat", "bob"] }));
        }
        scenario["ties"] = json!(ties);
    }
    if dice.percent(30) {
        scenario["previous"] = previous(&mut dice, &drawn);
    }
    scenario["rules"] = json!([]);
    for numbers in &draw.rules {
        let mut more = scenario.clone();
        let rules = more["rules"].as_array_mut().expect("a list");
        rules.push(rule(&mut Dice::new(numbers), &drawn));
        // A rule that this scenario does not allow is left out.
        if problem(&more).is_some() {
            scenario = more;
        }
    }
    scenario
}

fn previous(dice: &mut Dice, drawn: &Drawn) -> Value {
    let mut days = Vec::new();
    for id in IDS.iter().take(drawn.people) {
        for date in &drawn.dates {
            let mut day =
                json!({ "person": id, "on": date, "place": dice.pick(&["home", "on_site", "off"]) });
            if day["place"] == "on_site" {
                if !drawn.shifts.is_empty() && dice.percent(70) {
                    day["shift"] = json!(dice.pick(&drawn.shifts));
                }
                if !drawn.desks.is_empty() && dice.percent(50) {
                    day["desk"] = json!(dice.pick(&drawn.desks));
                } else if !drawn.zones.is_empty() && dice.percent(50) {
                    day["zone"] = json!(dice.pick(&drawn.zones));
                }
            }
            days.push(day);
        }
    }
    json!(days)
}

/// The problem of a scenario; none when it has a mistake.
pub fn problem(scenario: &Value) -> Option<Problem> {
    let read = Scenario::read(&scenario.to_string());
    if !read.findings.is_empty() {
        return None;
    }
    Problem::new(&read.scenario?).ok().map(|(problem, _)| problem)
}

/// How many rosters there are.
pub fn rosters(problem: &Problem) -> usize {
    let site = &problem.site;
    PersonIndex::all(site.people.len())
        .flat_map(|person| site.calendar.days().map(move |day| (person, day)))
        .map(|(person, day)| states(site, person, day).len())
        .chain(site.names.members.values().map(|membership| match membership.given {
            Some(_) => 1,
            None => membership.choices.len(),
        }))
        .fold(1usize, usize::saturating_mul)
}

/// What a roster costs: must, high, medium, low, home first.
pub type Costs = [f64; 5];

pub fn costs(problem: &Problem, roster: &Roster, judgement: &Judgement) -> Costs {
    // Laws are judged as musts too; only rosters that keep them are asked about here.
    [
        judgement.cost(Strength::Must),
        judgement.cost(Strength::High),
        judgement.cost(Strength::Medium),
        judgement.cost(Strength::Low),
        home_first(problem, roster).unwrap_or(0.0),
    ]
}

fn is_less(one: &Costs, other: &Costs) -> bool {
    let differs = one.iter().zip(other).find(|(one, other)| (**one - **other).abs() > 1e-7);
    differs.is_some_and(|(one, other)| one < other)
}

/// The least costs over all rosters: with musts kept, and with musts paid for. None where there is no roster.
pub fn best(problem: &Problem) -> (Option<Costs>, Option<Costs>) {
    let (mut strict, mut paid): (Option<Costs>, Option<Costs>) = (None, None);
    every_roster(&problem.site, &mut |roster| {
        let judgement = Judgement::of(problem, roster);
        if !judgement.laws_kept() {
            return;
        }
        let found = costs(problem, roster, &judgement);
        if found[0] == 0.0 && strict.as_ref().is_none_or(|best| is_less(&found, best)) {
            strict = Some(found);
        }
        if paid.as_ref().is_none_or(|best| is_less(&found, best)) {
            paid = Some(found);
        }
    });
    (strict, paid)
}

pub fn solve(problem: &Problem, options: &Options) -> Solved {
    rota_solver::solve(problem, options, &mut |_| Flow::Continue)
}

pub fn level_at(level: Level) -> usize {
    match level {
        Level::Rules(Strength::Must) => 0,
        Level::Rules(Strength::High) => 1,
        Level::Rules(Strength::Medium) => 2,
        Level::Rules(_) => 3,
        Level::HomeFirst => 4,
    }
}

/// The solver says what trying every roster says.
pub fn assert_best(what: &str, problem: &Problem, solved: &Solved, expected: Option<&Costs>) {
    assert_eq!(solved.disagreement, None, "{what}");
    let Some(expected) = expected else {
        assert_eq!(solved.status, Status::Impossible, "{what}: no roster keeps the laws and musts");
        let conflict = solved.conflict.as_ref().expect("a conflict");
        assert!(conflict.irreducible && !conflict.parts.is_empty(), "{what}: {conflict:?}");
        return;
    };
    assert_eq!(solved.status, Status::Optimal, "{what}: {solved:#?}, best is {expected:?}");
    let roster = solved.roster.as_ref().expect("an optimal roster");
    let judgement = Judgement::of(problem, roster);
    assert!(judgement.laws_kept(), "{what}: {:?}", judgement.breaches);
    let found = costs(problem, roster, &judgement);
    let mut seen = [false; 5];
    for level in &solved.levels {
        let at = level_at(level.level);
        seen[at] = true;
        let same = |one: f64, other: f64| (one - other).abs() <= 1e-6 * other.abs().max(1.0);
        assert!(
            same(level.cost, expected[at])
                && same(level.bound, expected[at])
                && same(found[at], expected[at]),
            "{what}: {level:?}, the roster costs {found:?}, best is {expected:?}"
        );
        assert!(level.bound <= level.cost + 1e-12, "{what}: {level:?}");
        assert!(level.proved, "{what}: {level:?}");
    }
    for (at, seen) in seen.iter().enumerate() {
        assert!(*seen || expected[at] == 0.0, "{what}: level {at} was not solved, {expected:?}");
    }
    let order: Vec<usize> = solved.levels.iter().map(|level| level_at(level.level)).collect();
    assert!(order.windows(2).all(|pair| pair[0] < pair[1]), "{what}: {order:?}");
    if problem.site.default_place == rota_core::typed::DefaultPlace::Home {
        let without = solved.reasons.iter().find(|(_, reasons)| reasons.is_empty());
        assert_eq!(without, None, "{what}: a visit without a reason");
    }
}

/// Solves a scenario with and without `best_effort`, and compares with trying every roster.
pub fn check(what: &str, problem: &Problem) -> (Option<Costs>, Option<Costs>) {
    let (strict, paid) = best(problem);
    let options = Options { time_limit: None, ..Options::default() };
    assert_best(what, problem, &solve(problem, &options), strict.as_ref());
    if strict.is_none() {
        let options = Options { best_effort: true, ..options };
        assert_best(&format!("best effort: {what}"), problem, &solve(problem, &options), paid.as_ref());
    }
    (strict, paid)
}

/// Laws that are the shape of the choices: no part of a conflict.
pub fn keeps_shape(problem: &Problem, roster: &Roster) -> bool {
    use rota_rules::laws::{self, Says};
    let shape = [Law::State, Law::Shift, Law::Place, Law::Needs, Law::For];
    laws::check(&problem.site, roster, Says::ALL).iter().all(|breach| !shape.contains(&breach.law))
}

/// The owner of a rule.
pub fn rule_owner(at: usize) -> Owner {
    Owner::Rule(at as u32)
}
