//! `rota cover` as a user runs it. Answers were worked out by hand.

mod common;

use common::{fits_schema, folder_of, rota, rota_in, Run};
use serde_json::{json, Value};
use std::fs;
use std::path::Path;

/// Two at the door each day, one of them with the key. Ann, Bob and Cat are in on Tuesday; Ann and Cat have the key.
/// Gus is away on Tuesday, Ewa may only be at home, Fay's Tuesday is fixed at home. Dan asked for home on Tuesday.
const WEEK: &str = r#"{
  "scenario": 1, "title": "Front door",
  "calendar": { "from": "2020-06-15", "to": "2020-06-19" },
  "people": [ { "id": "ann", "name": "Ann Price", "tags": ["key"] }, { "id": "bob", "name": "Bob Shaw" },
              { "id": "cat", "name": "Cat Moss", "tags": ["key"] },
              { "id": "dan", "name": "Dan Hall", "tags": ["key"], "wishes": [ { "on": "tue", "place": "home" } ] },
              { "id": "ewa", "name": "Ewa Nowak", "tags": ["key"], "base": "home" },
              { "id": "fay", "name": "Fay Long", "fixed": [ { "on": "tue", "place": "home" } ] },
              { "id": "gus", "name": "Gus Boyd", "tags": ["key"], "away": [ { "on": "2020-06-16", "why": "Dentist" } ] },
              { "id": "hal", "name": "Hal Dean" } ],
  "rules": [ { "id": "door", "headcount": { "when": { "weekdays": ["tue"] }, "at_least": 2 }, "because": "Two open the door" },
             { "id": "key", "headcount": { "who": "key", "when": { "weekdays": ["tue"] }, "at_least": 1 } },
             { "id": "wishes", "wishes": {}, "strength": "medium" } ] }
"#;

const ROSTER: &str =
    "person,on,place\nann,2020-06-16,on_site\nbob,2020-06-16,on_site\ncat,2020-06-16,on_site\n";

/// The roster with everybody who works at home on all other days.
fn roster() -> String {
    let mut text = ROSTER.to_string();
    for person in ["ann", "bob", "cat", "dan", "ewa", "fay", "gus", "hal"] {
        for day in 15..=19 {
            let line = format!("{person},2020-06-{day},");
            let is_away = person == "gus" && day == 16;
            if !is_away && !text.contains(&line) {
                text.push_str(&format!("{line}home\n"));
            }
        }
    }
    text
}

fn folder() -> tempfile::TempDir {
    folder_of(&[("week.json", WEEK), ("roster.csv", &roster())])
}

fn cover(folder: &Path, more: &[&str]) -> Run {
    rota_in(folder, &[&["cover", "week.json", "roster.csv", "--today", "2020-06-15"], more].concat())
}

fn found(folder: &Path, more: &[&str]) -> Value {
    let document = cover(folder, &[more, &["--format", "json"]].concat()).exits(0).json();
    fits_schema("cover", &document);
    document
}

/// Whom each choice asks, with those who would do as well.
fn choices(document: &Value) -> Vec<String> {
    let words = |list: &Value, field: &str| -> Vec<String> {
        let list = list.as_array().cloned().unwrap_or_default();
        list.iter().filter_map(|one| one[field].as_str().map(str::to_string)).collect()
    };
    document["choices"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|choice| {
            let mut told = words(&choice["ask"], "person").join("+");
            for other in choice["instead"].as_array().into_iter().flatten() {
                let people: Vec<&str> =
                    other["people"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
                told.push_str(&format!(
                    " ({} or {})",
                    other["of"].as_str().expect("an id"),
                    people.join(" or ")
                ));
            }
            told
        })
        .collect()
}

/// Each alone needs nobody: two are left. Together they need one. Ann has gone with her key, but Cat has one too, so
/// anybody will do: Hal first, and Dan, whose wish that would bend, after him.
#[test]
fn two_absences_that_need_nobody_alone_need_one_together() {
    let folder = folder();
    for alone in ["ann:tue", "bob:tue"] {
        let document = found(folder.path(), &["--absent", alone]);
        assert_eq!(document["answer"], "nobody_needed", "{alone}");
        assert_eq!((&document["missing"], &document["later"]), (&json!([]), &json!([])));
    }
    let document = found(folder.path(), &["--absent", "Ann Price:tue", "--absent", "bob:16 June"]);
    assert_eq!(document["answer"], "ask");
    assert_eq!(choices(&document), ["hal", "dan"]);
    let missing = document["missing"].as_array().expect("a list");
    assert_eq!((missing.len(), &missing[0]["rule"]), (1, &json!("door")));
    assert_eq!(document["not_asked"], json!(["ewa", "fay"]));
    assert_eq!(
        document["choices"][0]["costs"],
        json!({ "must": 0.0, "high": 0.0, "medium": 0.0, "low": 0.0 })
    );
    assert_eq!(document["choices"][1]["costs"]["medium"], 1.0);
    assert_eq!(
        document["choices"][0]["messages"],
        json!([{ "person": "hal", "text": "Could you come in on Tue 16 June? Nothing else in your rota changes." }])
    );
    let page = cover(folder.path(), &["--absent", "ann:tue", "--absent", "bob:tue"]).exits(0).out;
    for wanted in [
        "Ann Price does not work on Tue 16 June.\nBob Shaw does not work on Tue 16 June.",
        "One person has to be asked. Without that:\n  door: at least 2 people on site on Tue 16 June (found 1). \"Two open the door\"",
        "1  Hal Dean  on site  nothing",
        "2  Dan Hall  on site  Dan Hall asked for home on Tue 16 June",
        "Not asked: Ewa Nowak, Fay Long (at home that day, and that is fixed).",
        "Hal Dean: Could you come in on Tue 16 June? Nothing else in your rota changes.",
        "--take 1 -o new.json --save",
    ] {
        assert!(page.contains(wanted), "{wanted}\n{page}");
    }
    // Gus is away: neither asked, nor named, nor is the reason.
    assert!(!page.contains("Gus") && !page.contains("Dentist"), "{page}");
    let plain = cover(folder.path(), &["--absent", "ann:tue", "--absent", "bob:tue", "--plain"]).exits(0).out;
    assert!(plain.contains("1: ask Hal Dean; on site; what it bends: nothing."), "{plain}");
    let markdown =
        cover(folder.path(), &["--absent", "ann:tue", "--absent", "bob:tue", "--format", "markdown"])
            .exits(0)
            .out;
    assert!(markdown.contains("| 1 | Hal Dean | on site | nothing |"), "{markdown}");
}

/// Without both keys Dan is the only one left who has one and may come in.
#[test]
fn the_one_who_can_is_found() {
    let folder = folder();
    let document = found(folder.path(), &["--absent", "ann:tue", "--absent", "cat:tue"]);
    assert_eq!(choices(&document), ["dan"]);
    // With Bob gone as well two are needed, Dan among them; Hal is the only other one.
    let document =
        found(folder.path(), &["--absent", "ann:tue", "--absent", "cat:tue", "--absent", "bob:tue"]);
    assert_eq!(choices(&document).len(), 1);
    let mut asked: Vec<&str> = document["choices"][0]["ask"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|ask| ask["person"].as_str())
        .collect();
    asked.sort_unstable();
    assert_eq!(asked, ["dan", "hal"]);
}

#[test]
fn nobody_can() {
    let folder = folder();
    let more = ["--absent", "ann:tue", "--absent", "cat:tue", "--absent", "dan:tue"];
    let run = cover(folder.path(), &more).exits(1);
    assert!(run.out.contains("No set of people who may be asked was found"), "{}", run.out);
    assert!(run.out.contains("rota replan"), "{}", run.out);
    let document = cover(folder.path(), &[&more[..], &["--format", "json"]].concat()).exits(1).json();
    fits_schema("cover", &document);
    assert_eq!((&document["answer"], &document["choices"]), (&json!("nobody_can"), &json!([])));
    cover(folder.path(), &[&more[..], &["--take", "1", "-o", "new.json"]].concat()).exits(1);
    assert!(!folder.path().join("new.json").exists());
}

#[test]
fn a_choice_is_taken_and_the_absence_saved() {
    let folder = folder();
    let more = ["--absent", "ann:tue", "--absent", "bob:tue", "--take", "2", "-o", "new.json", "--save"];
    let run = cover(folder.path(), &more).exits(0);
    assert!(run.out.contains("Took choice 2. Saved new.json."), "{}", run.out);
    assert!(run.out.contains("Messages for choice 2\n  Dan Hall: "), "{}", run.out);
    let saved = fs::read_to_string(folder.path().join("week.json")).expect("reads");
    let tags = "\"tags\": [\"key\"] }, { \"id\": \"bob\"";
    assert_eq!(
        saved,
        WEEK.replacen(tags, "\"tags\": [\"key\"], \"away\": [\"2020-06-16\"] }, { \"id\": \"bob\"", 1)
            .replacen("\"Bob Shaw\" }", "\"Bob Shaw\", \"away\": [\"2020-06-16\"] }", 1)
    );
    let taken: Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("new.json")).expect("reads"))
            .expect("JSON");
    fits_schema("roster", &taken);
    let checked = rota_in(folder.path(), &["check", "week.json", "new.json", "--audit", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(checked["audit"]["made"]["same_scenario"], true);
    assert_eq!(checked["measures"]["by_day"]["2020-06-16"]["on_site"], 2);
    // Without -o the roster is the result.
    let folder = self::folder();
    let run = cover(folder.path(), &["--absent", "ann:tue", "--absent", "bob:tue", "--take", "1"]).exits(0);
    assert_eq!(run.json()["roster"], 1);
}

/// Two weeks: at most 3 days at home running. Cat is in on Thursday of the first week; without that visit she would be
/// at home from Monday on. It can be made up for on Friday.
#[test]
fn what_goes_wrong_later_is_put_right() {
    let folder = tempfile::tempdir().expect("a folder");
    let week = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-19" },
      "people": [ { "id": "ann" }, { "id": "cat" } ],
      "rules": [ { "id": "seen", "run": { "who": "cat", "place": "home", "at_most": 3 } } ] }"#;
    let roster = "person,on,place\ncat,2020-06-15,home\ncat,2020-06-16,home\ncat,2020-06-17,home\ncat,2020-06-18,on_site\ncat,2020-06-19,home\n\
        ann,2020-06-15,home\nann,2020-06-16,home\nann,2020-06-17,home\nann,2020-06-18,home\nann,2020-06-19,home\n";
    fs::write(folder.path().join("week.json"), week).expect("written");
    fs::write(folder.path().join("roster.csv"), roster).expect("written");
    let document = found(folder.path(), &["--absent", "cat:thu"]);
    assert_eq!(document["answer"], "nobody_needed");
    let later: Vec<&str> = document["later"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|breach| breach["about"]["on"].as_str())
        .collect();
    assert_eq!(later, ["2020-06-19"]);
    let also = document["choices"][0]["also"].as_array().expect("a list");
    assert_eq!(also.len(), 1, "{also:?}");
    assert_eq!(
        (&also[0]["person"], &also[0]["on"], &also[0]["new"]["place"]),
        (&json!("cat"), &json!("2020-06-19"), &json!("on_site"))
    );
    assert_eq!(document["choices"][0]["left"], json!([]));
    let page = cover(folder.path(), &["--absent", "cat:thu"]).exits(0).out;
    assert!(page.contains("cat on Fri 19 June: on site puts that right"), "{page}");
}

/// One desk, two shifts that overlap: whoever comes in for Ann sits at the desk she leaves, on her shift.
#[test]
fn a_freed_desk_and_shift_are_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let week = r#"{ "scenario": 1,
      "calendar": { "from": "2020-06-15", "to": "2020-06-15",
        "shifts": [ { "id": "early", "from": "07:00", "to": "15:00" }, { "id": "late", "from": "12:00", "to": "20:00" } ] },
      "people": [ { "id": "ann" }, { "id": "bob" }, { "id": "cat" } ],
      "sites": [ { "id": "hq", "zones": [ { "id": "hall", "desks": [ { "id": "H1" }, { "id": "H2" } ] } ] } ],
      "rules": [ { "id": "first", "headcount": { "when": "early", "at_least": 1 } }, { "id": "last", "headcount": { "when": "late", "at_least": 1 } } ] }"#;
    let roster = "person,on,place,shift,zone,desk\nann,2020-06-15,on_site,early,hall,H1\nbob,2020-06-15,on_site,late,hall,H2\ncat,2020-06-15,home,,,\n";
    fs::write(folder.path().join("week.json"), week).expect("written");
    fs::write(folder.path().join("roster.csv"), roster).expect("written");
    let document = found(folder.path(), &["--absent", "ann:mon"]);
    assert_eq!(choices(&document), ["cat"]);
    let new = &document["choices"][0]["ask"][0]["new"];
    assert_eq!(
        *new,
        json!({ "place": "on_site", "shift": "early", "site": "hq", "zone": "hall", "desk": "H1" })
    );
}

/// Somebody who is in already can take over the duty of whoever is away; nobody has to come in.
#[test]
fn a_duty_is_taken_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let week = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15" },
      "people": [ { "id": "ann", "name": "Ann" }, { "id": "bob", "name": "Bob" }, { "id": "cat", "name": "Cat" } ],
      "rules": [ { "duty": { "name": "post" } }, { "id": "low", "headcount": { "at_most": 2 } } ] }"#;
    let roster =
        "person,on,place,duty\nann,2020-06-15,on_site,post\nbob,2020-06-15,on_site,\ncat,2020-06-15,home,\n";
    fs::write(folder.path().join("week.json"), week).expect("written");
    fs::write(folder.path().join("roster.csv"), roster).expect("written");
    let document = found(folder.path(), &["--absent", "ann:mon"]);
    // Cat could come in and take it, but that would be a visit more.
    assert_eq!(choices(&document), ["bob", "cat"]);
    assert_eq!(
        document["choices"][0]["messages"][0]["text"],
        "Could you take post on Mon 15 June? Nothing else in your rota changes."
    );
    assert_eq!(document["choices"][0]["ask"][0]["new"], json!({ "place": "on_site", "duty": "post" }));
}

#[test]
fn may_leave_be_granted() {
    let folder = folder();
    let yes = rota_in(folder.path(), &["cover", "week.json", "--absent", "ann:tue", "--today", "2020-06-15"])
        .exits(0);
    assert!(yes.out.contains("Yes: a roster with this leave keeps every law and must rule."), "{}", yes.out);
    assert!(yes.out.contains("costs nothing"), "{}", yes.out);
    // Without Ann, Cat and Dan nobody with a key may come in: Ewa is at home only, Gus away.
    let more =
        ["cover", "week.json", "--absent", "ann:tue", "--absent", "cat:tue", "--absent", "dan:tue", "--save"];
    let no = rota_in(folder.path(), &more).exits(1);
    assert!(no.out.contains("No: with this leave no roster keeps every rule (proved)."), "{}", no.out);
    assert!(no.out.contains("at least 1 of key on site on Tue 16 June"), "{}", no.out);
    assert_eq!(fs::read_to_string(folder.path().join("week.json")).expect("reads"), WEEK);
    // Without Ann and Cat it is Dan, against his wish.
    let more = ["cover", "week.json", "--absent", "ann:tue", "--absent", "cat:tue", "--format", "json"];
    let document = rota_in(folder.path(), &more).exits(0).json();
    fits_schema("cover", &document);
    assert_eq!(document["answer"], "grant");
    let medium = |levels: &Value| {
        levels
            .as_array()
            .expect("a list")
            .iter()
            .find(|level| level["strength"] == "medium")
            .expect("there is one")["cost"]
            .clone()
    };
    assert_eq!(
        (medium(&document["leave"]["without"]), medium(&document["leave"]["with"])),
        (json!(0.0), json!(1.0))
    );
}

#[test]
fn mistakes_are_named() {
    let folder = folder();
    for (more, wanted) in [
        (vec![], "absent.none"),
        (vec!["--absent", "an:tue"], "did you mean `ann`?"),
        (vec!["--absent", "ann:sat..sun"], "is not in the calendar"),
        (vec!["--absent", "ann:tue", "--absent", "bob:tue", "--take", "9"], "give a number from 1 to 2"),
        (vec!["--absent", "ann:tue", "--take", "1", "-o", "roster.csv"], "output.input"),
    ] {
        let run = cover(folder.path(), &more).exits(2);
        assert!(run.err.contains(wanted), "{more:?}: {}", run.err);
    }
}

/// The team of the first fixture. On Thursday 25 June the room holds Dev, Cara and Jo, whatever best roster was found:
/// without the validator and the first aider both must be made up for, and by nobody who may not come in.
#[test]
fn a_real_team() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = "fixtures/clinical_coding/scenario.json";
    let path = folder.path().join("roster.json").to_str().expect("UTF-8").to_string();
    rota(&["solve", scenario, "-o", &path]).exits(0);
    let solved: Value = serde_json::from_str(&fs::read_to_string(&path).expect("reads")).expect("JSON");
    let on = |day: &str| -> Vec<String> {
        let list = solved["assignments"].as_array().expect("a list").iter();
        let there =
            list.filter(|one| one["on"] == day && one["place"] == "on_site" && one["person"] != "dev");
        there.map(|one| one["person"].as_str().expect("an id").to_string()).collect()
    };
    let gone = on("2020-06-18");
    let mut args = vec![
        "cover".to_string(),
        scenario.to_string(),
        path.clone(),
        "--today".into(),
        "2020-06-16".into(),
        "--format".into(),
        "json".into(),
    ];
    for person in &gone {
        args.extend(["--absent".to_string(), format!("{person}:thu")]);
    }
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let document = rota(&args).exits(0).json();
    fits_schema("cover", &document);
    assert_eq!(document["answer"], "ask");
    assert_eq!(document["not_asked"], json!(["ewa", "kofi"]));
    let choices = document["choices"].as_array().expect("a list");
    assert!(choices.len() >= 2, "{choices:?}");
    for choice in choices {
        let asked: Vec<&str> = choice["ask"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|ask| ask["person"].as_str())
            .collect();
        // At least as many as are gone below three, a validator among them, and never those who are away or at home only.
        assert_eq!(asked.len(), 2, "{asked:?}");
        assert!(asked.iter().any(|id| ["amy", "ben", "jo"].contains(id)), "{asked:?}");
        assert!(asked.iter().any(|id| ["amy", "cara", "grace"].contains(id)), "{asked:?}");
        assert!(
            !asked.iter().any(|id| gone.iter().any(|gone| gone == id) || ["ewa", "kofi"].contains(id)),
            "{asked:?}"
        );
    }
}

#[test]
fn nobody_is_asked_for_a_day_that_is_over() {
    let folder = folder();
    let args = ["cover", "week.json", "roster.csv", "--absent", "ann:16 June", "--today", "2020-06-17"];
    let run = rota_in(folder.path(), &args).exits(2);
    assert!(run.err.contains("Tue 16 June is over"), "{}", run.err);
}
