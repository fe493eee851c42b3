//! `rota replan` as a user runs it. Answers were worked out by hand.

mod common;

use common::{fits_schema, folder_of, rota, rota_in, Run};
use serde_json::{json, Value};
use std::fs;
use std::path::Path;

/// Somebody opens the door each day. Ewa may only be at home. Bob asked for home on Tuesday.
const WEEK: &str = r#"{
  "scenario": 1, "title": "Front door", "note": { "kept": "as typed" },
  "calendar": { "from": "2020-06-15", "to": "2020-06-19" },
  "people": [ { "id": "ann", "name": "Ann Price" },
              { "id": "bob", "name": "Bob Shaw", "wishes": [ { "on": "tue", "place": "home" } ] },
              { "id": "cat", "name": "Cat Moss" },
              { "id": "ewa", "name": "Ewa Nowak", "base": "home" } ],
  "rules": [ { "id": "door", "headcount": { "at_least": 1 }, "because": "Somebody opens the door" },
             { "id": "wishes", "wishes": {}, "strength": "medium" } ]
}
"#;

/// Ann is in from Monday to Wednesday, Bob on Thursday and Friday.
fn roster(on_site: &[(&str, u32)], people: &[&str]) -> String {
    let mut lines = vec!["person,on,place".to_string()];
    for person in people {
        for day in 15..=19 {
            let place = if on_site.contains(&(person, day)) { "on_site" } else { "home" };
            lines.push(format!("{person},2020-06-{day},{place}"));
        }
    }
    lines.join("\n") + "\n"
}

const IN: [(&str, u32); 5] = [("ann", 15), ("ann", 16), ("ann", 17), ("bob", 18), ("bob", 19)];
const ALL: [&str; 4] = ["ann", "bob", "cat", "ewa"];

fn folder() -> tempfile::TempDir {
    folder_of(&[("week.json", WEEK), ("roster.csv", &roster(&IN, &ALL))])
}

fn replan(folder: &Path, more: &[&str]) -> Run {
    rota_in(folder, &[&["replan", "week.json", "roster.csv"], more].concat())
}

fn found(folder: &Path, more: &[&str]) -> Value {
    found_with(folder, more, 0)
}

fn found_with(folder: &Path, more: &[&str], exit: i32) -> Value {
    let document = replan(folder, &[more, &["--format", "json"]].concat()).exits(exit).json();
    fits_schema("replan", &document);
    fits_schema("roster", &document["roster"]);
    document
}

fn told(list: &Value) -> Vec<String> {
    let word = |change: &Value, field: &str| change[field].as_str().unwrap_or_default().to_string();
    list.as_array()
        .expect("a list")
        .iter()
        .map(|change| {
            let (old, new) = (word(&change["old"], "place"), word(&change["new"], "place"));
            format!("{} {} {old} {new}", word(change, "person"), word(change, "on"))
        })
        .collect()
}

/// One has to come in for Ann: Cat, because Bob asked for home and Ewa may not.
#[test]
fn one_change_for_one_absence() {
    let folder = folder();
    let more = ["--absent", "Ann Price:tue", "--today", "2020-06-15"];
    let document = found(folder.path(), &more);
    assert_eq!(document["least"], json!({ "changes": 1, "bound": 1, "proved": true }));
    assert_eq!(told(&document["changes"]), ["cat 2020-06-16 home on_site"]);
    assert_eq!(told(&document["others"]), ["ann 2020-06-16 on_site off"]);
    assert_eq!(document["best_of_these"], true);
    assert_eq!(document["breaches"], json!({ "begun": [], "ended": [], "changed": [] }));
    assert_eq!(
        document["messages"],
        json!([{ "person": "cat", "text": "Could you come in on Tue 16 June? Nothing else in your rota changes." }])
    );
    let page = replan(folder.path(), &more).exits(0).out;
    for wanted in [
        "Ann Price does not work on Tue 16 June.",
        "1 person-day changes, of 1 person, and fewer will not do (proved). Every law and must rule is kept.",
        "Cat Moss  Tue 16 June  home    on site",
        "Cat Moss: Could you come in on Tue 16 June?",
        "--save writes it there",
    ] {
        assert!(page.contains(wanted), "{wanted}\n{page}");
    }
    assert!(!page.contains("2020-06"), "{page}");
    assert!(replan(folder.path(), &[&more[..], &["--plain"]].concat())
        .exits(0)
        .out
        .contains("Cat Moss on Tue 16 June: before home; now on site."));
    let markdown = replan(folder.path(), &[&more[..], &["--format", "markdown"]].concat()).exits(0).out;
    assert!(markdown.contains("| Cat Moss | Tue 16 June | home | on site |"), "{markdown}");
}

/// Ann was not there on Monday and Tuesday: that cannot be mended, and does not stand in the way of Wednesday.
#[test]
fn what_is_past_stays() {
    let folder = folder();
    let more = ["--absent", "ann:15 June..17 June", "--since", "wed", "--today", "2020-06-17"];
    let document = found_with(folder.path(), &more, 1);
    assert_eq!(document["least"]["changes"], 1);
    let changes = told(&document["changes"]);
    assert!(
        changes == ["bob 2020-06-17 home on_site"] || changes == ["cat 2020-06-17 home on_site"],
        "{changes:?}"
    );
    let past: Vec<&str> = document["past_new"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|breach| breach["about"]["on"].as_str())
        .collect();
    assert_eq!(past, ["2020-06-15", "2020-06-16"]);
    assert_eq!(document["roster"]["musts_kept"], false);
    let page =
        replan(folder.path(), &["--absent", "ann:15 June..17 June", "--since", "17 June"]).exits(1).out;
    assert!(page.contains("From Wed 17 June on every law and must rule is kept."), "{page}");
    assert!(page.contains("Broken by the change on days that stay as they are"), "{page}");
}

/// Cat comes in on Tuesday and Wednesday beside Ann, for nothing. With changes to spare she is sent home: on
/// Wednesday, but not on Tuesday, which is today; with `--since` on both days.
#[test]
fn today_only_adds_people() {
    let folder = folder();
    let crowded = [&IN[..], &[("cat", 16), ("cat", 17)]].concat();
    fs::write(folder.path().join("roster.csv"), roster(&crowded, &ALL)).expect("written");
    let spare = ["--max-changes", "2", "--today", "2020-06-16"];
    let document = found(folder.path(), &spare);
    assert_eq!(document["least"]["changes"], 0);
    let changes = told(&document["changes"]);
    assert!(!changes.iter().any(|change| change.contains("2020-06-16 on_site home")), "{changes:?}");
    assert_eq!(document["roster"]["measures"]["on_site_days"], 6);
    let document = found(folder.path(), &[&spare[..], &["--since", "tue"]].concat());
    assert_eq!(document["roster"]["measures"]["on_site_days"], 5);
    // As few as can be is none at all.
    let document = found(folder.path(), &["--today", "2020-06-16"]);
    assert_eq!(told(&document["changes"]), Vec::<String>::new());
    assert_eq!(document["roster"]["measures"]["on_site_days"], 7);
}

#[test]
fn too_few_changes_is_a_no() {
    let folder = folder();
    let more = [
        "--absent",
        "ann:tue",
        "--absent",
        "bob:thu",
        "--today",
        "2020-06-15",
        "--max-changes",
        "1",
        "-o",
        "new.csv",
    ];
    let run = replan(folder.path(), &more).exits(1);
    assert!(run.out.contains("No: 1 change will not do; it takes 2 changes (proved)."), "{}", run.out);
    assert!(!folder.path().join("new.csv").exists());
    let document = replan(folder.path(), &[&more[..], &["--format", "json"]].concat()).exits(1).json();
    fits_schema("replan", &document);
    assert_eq!((&document["result"], &document["least"]["changes"]), (&json!("too_many"), &json!(2)));
}

/// Bob can only be at home on Thursday and Friday: two other people-days, and never Ewa's.
#[test]
fn home_only_days_are_covered_by_others() {
    let folder = folder();
    let document = found(folder.path(), &["--home-only", "bob:thu, fri", "--today", "2020-06-15"]);
    // Bob's own two days change as well: he was to be in.
    assert_eq!(document["least"], json!({ "changes": 4, "bound": 4, "proved": true }));
    let changes = told(&document["changes"]);
    assert!(changes.contains(&"bob 2020-06-18 on_site home".to_string()), "{changes:?}");
    assert!(!changes.iter().any(|change| change.starts_with("ewa")), "{changes:?}");
}

/// With Ann, Bob and Cat away on Tuesday only Ewa is left, who is never called in.
#[test]
fn nobody_is_left() {
    let folder = folder();
    let more = [
        "--absent",
        "ann:tue",
        "--absent",
        "bob:tue",
        "--absent",
        "cat:tue",
        "--today",
        "2020-06-15",
        "--save",
    ];
    let run = replan(folder.path(), &more).exits(1);
    assert!(run.out.contains("No roster keeps every rule from there on (proved)."), "{}", run.out);
    assert!(run.out.contains("Somebody opens the door") && run.out.contains("on Tue 16 June"), "{}", run.out);
    assert!(run.err.contains("nothing is saved"), "{}", run.err);
    assert_eq!(fs::read_to_string(folder.path().join("week.json")).expect("reads"), WEEK);
    let document = replan(folder.path(), &[&more[..8], &["--format", "json"]].concat()).exits(1).json();
    fits_schema("replan", &document);
    assert_eq!(document["conflict"]["irreducible"], true);
}

/// The roster was changed by hand so that nobody opens the door on Thursday; the other edit, Cat in on Monday, stays.
#[test]
fn hand_edits_are_kept_and_what_they_break_is_mended() {
    let folder = folder();
    let edited = [("ann", 15), ("cat", 15), ("ann", 16), ("ann", 17), ("bob", 19)];
    fs::write(folder.path().join("roster.csv"), roster(&edited, &ALL)).expect("written");
    let document = found(folder.path(), &["--today", "2020-06-15"]);
    assert_eq!(document["least"]["changes"], 1);
    let changes = told(&document["changes"]);
    assert!(changes[0].contains("2020-06-18 home on_site") && !changes[0].starts_with("ewa"), "{changes:?}");
    let ended = document["breaches"]["ended"].as_array().expect("a list");
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0]["rule"], "door");
}

/// A new person is no change; two at the door from now on are one change on each of five days.
#[test]
fn a_new_person_and_another_limit() {
    let folder = folder();
    let hired = WEEK.replace(r#"{ "id": "ewa","#, r#"{ "id": "dan", "name": "Dan Hall" }, { "id": "ewa","#);
    fs::write(folder.path().join("week.json"), &hired).expect("written");
    let document = found(folder.path(), &["--today", "2020-06-15"]);
    assert_eq!(document["least"]["changes"], 0);
    assert_eq!(document["others"].as_array().map(Vec::len), Some(5));
    assert!(told(&document["others"])
        .iter()
        .all(|change| change.starts_with("dan") && change.ends_with("off home")));
    fs::write(folder.path().join("week.json"), hired.replace("\"at_least\": 1", "\"at_least\": 2"))
        .expect("written");
    let document = found(folder.path(), &["--today", "2020-06-15"]);
    // Dan's days are new, so he may come in without a change to anybody.
    assert_eq!(document["least"], json!({ "changes": 0, "bound": 0, "proved": true }));
    fs::write(folder.path().join("week.json"), WEEK.replace("\"at_least\": 1", "\"at_least\": 2"))
        .expect("written");
    let document = found(folder.path(), &["--today", "2020-06-15"]);
    assert_eq!(document["least"], json!({ "changes": 5, "bound": 5, "proved": true }));
}

/// Two zones of one seat; Ann's is closed on Monday. She moves, and nobody's day changes.
#[test]
fn a_closed_zone_moves_people_before_it_changes_days() {
    let folder = folder();
    let zones = r#""sites": [ { "id": "hq", "zones": [ { "id": "north", "seats": 1 }, { "id": "south", "desks": [ { "id": "S1" }, { "id": "S2" } ] } ] } ], "rules""#;
    fs::write(folder.path().join("week.json"), WEEK.replace("\"rules\"", zones)).expect("written");
    let seated: String = roster(&IN, &ALL)
        .lines()
        .map(|line| match line.rsplit(',').next() {
            Some("place") => format!("{line},zone\n"),
            Some("on_site") => format!("{line},north\n"),
            _ => format!("{line},\n"),
        })
        .collect();
    fs::write(folder.path().join("roster.csv"), seated).expect("written");
    let document = found(folder.path(), &["--closed", "north:mon", "--today", "2020-06-15"]);
    assert_eq!((&document["least"]["changes"], &document["changes"]), (&json!(0), &json!([])));
    let seats = document["seats"].as_array().expect("a list");
    assert_eq!(seats.len(), 1, "{seats:?}");
    assert_eq!(
        (&seats[0]["person"], &seats[0]["old"]["zone"], &seats[0]["new"]["zone"]),
        (&json!("ann"), &json!("north"), &json!("south"))
    );
    let message = document["messages"][0]["text"].as_str().expect("a text");
    assert!(message.starts_with("On Mon 15 June you sit at desk S"), "{message}");
    let page = replan(folder.path(), &["--closed", "north:mon", "--today", "2020-06-15"]).exits(0).out;
    assert!(
        page.contains("Nobody's days need to change; 1 seat is another.")
            && page.contains("North is closed on Mon 15 June."),
        "{page}"
    );
}

#[test]
fn what_was_said_is_saved_and_the_mended_roster_keeps_it() {
    let folder = folder();
    let more = ["--absent", "ann:tue", "--today", "2020-06-15", "--save", "-o", "new.json"];
    let run = replan(folder.path(), &more).exits(0);
    assert!(run.err.contains("Saved in week.json: 1 change."), "{}", run.err);
    let saved = fs::read_to_string(folder.path().join("week.json")).expect("reads");
    assert_eq!(
        saved,
        WEEK.replace("\"name\": \"Ann Price\" }", "\"name\": \"Ann Price\", \"away\": [\"2020-06-16\"] }")
    );
    let audit = rota_in(folder.path(), &["check", "week.json", "new.json", "--audit", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(audit["audit"]["made"]["same_scenario"], true);
    // Mended once, nothing is left to mend.
    let again = rota_in(
        folder.path(),
        &["replan", "week.json", "new.json", "--today", "2020-06-15", "--format", "json"],
    )
    .exits(0)
    .json();
    assert_eq!(again["least"]["changes"], 0);
}

#[test]
fn mistakes_are_named() {
    let folder_of_all = folder();
    let both = ["--absent", "ann:thu", "--home-only", "Ann Price:wed..thu", "--since", "2020-06-15"];
    let run = replan(folder_of_all.path(), &both).exits(2);
    assert!(run.err.contains("both away and at home on Thu 18 June"), "{}", run.err);
    let run = replan(folder_of_all.path(), &["--absent", "shaw:thu", "--since", "2020-06-15"]).exits(2);
    assert!(run.err.contains("did you mean `Bob Shaw`?"), "{}", run.err);
    let run = replan(folder_of_all.path(), &["--max-changes", "-1"]).exits(2);
    assert!(run.err.contains("give a whole number, 0 or more"), "{}", run.err);

    let folder = folder();
    fs::write(folder.path().join("other.csv"), "person,on,place\nzoe,2020-06-15,home\n").expect("written");
    let on = ["--today", "2020-06-15"];
    for (more, wanted) in [
        (vec!["--absent", "anne:tue"], "did you mean `ann`?"),
        (vec!["--absent", "ann:2 July"], "Thu 2 July is not in the calendar"),
        (vec!["--absent", "ann"], "absent.unclear"),
        (vec!["--closed", "north:mon"], "closed.unclear"),
        (vec!["--since", "soon"], "since.unclear"),
        (vec!["-o", "new.xlsx"], "output.kind"),
        (vec!["-o", "week.json"], "output.input"),
    ] {
        let run = replan(folder.path(), &[&on[..], &more].concat()).exits(2);
        assert!(run.err.contains(wanted), "{more:?}: {}", run.err);
    }
    let run = replan(folder.path(), &["--today", "2020-07-15"]).exits(2);
    assert!(run.err.contains("this rota ended on Fri 19 June"), "{}", run.err);
    let run = rota_in(folder.path(), &["replan", "week.json", "other.csv", "--today", "2020-06-15"]).exits(2);
    assert!(run.err.contains("there is no person `zoe`"), "{}", run.err);
    let run = rota_in(folder.path(), &["replan", "week.json", "none.csv", "--today", "2020-06-15"]).exits(2);
    assert!(run.err.contains("there is no such file"), "{}", run.err);
    // Ewa was in yesterday, which she may not be: no roster can have that.
    fs::write(folder.path().join("roster.csv"), roster(&[&IN[..], &[("ewa", 15)]].concat(), &ALL))
        .expect("written");
    let run = replan(folder.path(), &["--since", "tue"]).exits(2);
    assert!(run.err.contains("law.only") && run.err.contains("what is past breaks a law"), "{}", run.err);
}

/// The team of the first fixture: on Friday 19 June one of Ben and Jo is the validator; without that one the other
/// must come in, against a wish for home. Nobody else can take it, so one change is the least.
#[test]
fn a_real_team() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = "fixtures/clinical_coding/scenario.json";
    let path = folder.path().join("roster.json").to_str().expect("UTF-8").to_string();
    rota(&["solve", scenario, "-o", &path]).exits(0);
    let solved: Value = serde_json::from_str(&fs::read_to_string(&path).expect("reads")).expect("JSON");
    let is_in = |person: &str| {
        solved["assignments"]
            .as_array()
            .expect("a list")
            .iter()
            .any(|one| one["person"] == person && one["on"] == "2020-06-19" && one["place"] == "on_site")
    };
    let (gone, left) = if is_in("ben") { ("ben", "jo") } else { ("jo", "ben") };
    let run = rota(&[
        "replan",
        scenario,
        &path,
        "--absent",
        &format!("{gone}:19 June"),
        "--today",
        "2020-06-18",
        "--format",
        "json",
    ])
    .exits(0);
    let document = run.json();
    assert_eq!(document["least"]["proved"], true);
    assert_eq!(document["least"]["changes"], 1);
    assert_eq!(told(&document["changes"]), [format!("{left} 2020-06-19 home on_site")]);
    // What is past is as it was, to the desk.
    let days = |roster: &Value| -> Vec<Value> {
        let place = |one: &Value| json!([one["person"], one["on"], one["place"], one["desk"]]);
        let list = roster["assignments"].as_array().expect("a list");
        list.iter().filter(|one| one["on"].as_str() < Some("2020-06-18")).map(place).collect()
    };
    assert_eq!(days(&document["roster"]), days(&solved));
    assert!(days(&solved).len() > 20);
}

/// The roster is proved best, so that no change that is allowed would make it better.
#[test]
fn changes_that_gain_nothing_are_not_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let roster = folder.path().join("roster.json").display().to_string();
    let scenario = "fixtures/clinical_coding/scenario.json";
    rota(&["solve", scenario, "-o", &roster]).exits(0);
    let args = ["replan", scenario, &roster, "--since", "2020-06-19", "--max-changes", "4"];
    let page = rota(&args).exits(0).out;
    assert!(page.contains("Nothing needs to change."), "{page}");
}

#[test]
fn too_many_threads_are_a_mistake() {
    let run = replan(folder().path(), &["--today", "2020-06-15", "--threads", "3000"]).exits(2);
    assert!(run.err.contains("3000 threads are too many"), "{}", run.err);
}

/// Ann was away on Monday after all, and nobody opened the door: that cannot be mended from Tuesday on. It is the
/// change that breaks it, so the answer is no, and the roster is written all the same.
#[test]
fn what_the_change_breaks_in_the_past_is_a_no() {
    let folder = folder();
    let more = ["--absent", "ann:15 June", "--since", "2020-06-16", "-o", "new.json", "--format", "json"];
    let document = replan(folder.path(), &more).exits(1).json();
    fits_schema("replan", &document);
    assert_eq!(document["past"], json!([]));
    assert_eq!(document["past_new"][0]["rule"], "door");
    assert!(folder.path().join("new.json").exists());
    // Where nobody was in on Monday anyway, the roster that is mended is what breaks it.
    fs::write(folder.path().join("roster.csv"), roster(&IN[1..], &ALL)).expect("written");
    let document = found_with(folder.path(), &["--since", "2020-06-16"], 1);
    assert_eq!(document["past"][0]["rule"], "door");
    assert!(document.get("past_new").is_none());
}

/// Leave that is there is not written a second time, and the file stays as it is.
#[test]
fn what_is_known_is_not_saved_again() {
    let folder = folder();
    let more = ["--absent", "ann:tue..wed", "--today", "2020-06-15", "--save"];
    replan(folder.path(), &more).exits(0);
    let saved = fs::read_to_string(folder.path().join("week.json")).expect("read");
    let run = replan(folder.path(), &["--absent", "ann:wed", "--today", "2020-06-15", "--save"]).exits(0);
    assert!(run.err.contains("says so already"), "{}", run.err);
    assert_eq!(fs::read_to_string(folder.path().join("week.json")).expect("read"), saved);
}

/// Two people sit at desks in a room of two. With one change needed today, a second that gains something may be made
/// tomorrow; nobody moves to another desk today for it.
#[test]
fn nobody_moves_today_for_the_sake_of_something_better() {
    let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-16" },
      "people": [ { "id": "ann", "wishes": [ { "on": "mon", "place": "on_site", "desk": "D2" } ] },
                  { "id": "bob" },
                  { "id": "cat", "wishes": [ { "on": "tue", "place": "home" } ] } ],
      "sites": [ { "id": "hq", "zones": [ { "id": "room", "desks": [ { "id": "D1" }, { "id": "D2" } ] } ] } ],
      "rules": [ { "id": "door", "headcount": { "at_least": 1 } },
                 { "id": "wishes", "wishes": {}, "strength": "medium" } ] }"#;
    let scenario = scenario.replace(r#""place": "on_site", "desk": "D2""#, r#""desk": "D2""#);
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("week.json"), scenario).expect("written");
    let roster = "person,on,place,zone,desk\nann,2020-06-15,on_site,room,D1\nbob,2020-06-15,home,,\ncat,2020-06-15,home,,\n\
                  ann,2020-06-16,home,,\nbob,2020-06-16,home,,\ncat,2020-06-16,on_site,room,D1\n";
    fs::write(folder.path().join("roster.csv"), roster).expect("written");
    let document = found(folder.path(), &["--today", "2020-06-15", "--max-changes", "4"]);
    let days = |list: &str| told(&document[list]);
    assert!(days("seats").is_empty(), "{:?}", days("seats"));
    // Cat's wish is granted by somebody else on Tuesday; Ann's desk stays.
    assert!(days("changes").contains(&"cat 2020-06-16 on_site home".to_string()), "{:?}", days("changes"));
    // From tomorrow's point of view nothing holds Ann at her desk.
    let free = found(folder.path(), &["--since", "2020-06-15", "--max-changes", "4"]);
    assert_eq!(told(&free["seats"]).len(), 1, "{}", free["seats"]);
}
