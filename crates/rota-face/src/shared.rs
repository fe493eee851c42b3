//! A roster as files for people, in memory: workbook, page, calendars, table. Each is written from what may be shared
//! alone, as `rota export` does; the roster itself as JSON is for programs and for the manager.

use crate::error::Error;
use crate::options::Options;
use crate::scenario::Scenario;
use crate::solve::asked;
use rota_core::{Date, Finding, Roster};
use rota_io::export::ics::{self, Before, Issued, Whose};
use rota_io::export::{csv, html, xlsx};
use rota_io::names::{file_name, told_apart};
use rota_io::share::{For, Issue, Shared};
use rota_io::RosterDocument;
use rota_rules::judge::all_reasons;
use rota_rules::laws::Says;
use rota_rules::Judgement;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use std::time::Instant;

/// What a roster can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum To {
    /// A workbook.
    Xlsx,
    /// A page that needs no network.
    Html,
    /// A calendar; a zip file with one for each person where it is for everybody.
    Ics,
    /// A table.
    Csv,
    /// The roster document: every person-day with what it is needed for, and what is bent.
    Json,
}

/// How a roster is given out.
#[derive(Debug, Clone, Copy)]
pub struct Giving<'a> {
    /// As what.
    pub to: To,
    /// For one person: an id or a name.
    pub person: Option<&'a str>,
    /// For one team.
    pub team: Option<&'a str>,
    /// The date that stands on it.
    pub made: Date,
    /// Whether somebody has decided that it holds; a draft otherwise.
    pub published: bool,
}

/// A file to be saved or sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenFile {
    /// A name of plain letters, digits, blanks, `-` and `_`, with its ending.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

/// Writes a roster as a file.
///
/// # Errors
///
/// A person or team that is not there; a time zone that is none; what the kind of file cannot hold.
pub fn give(
    scenario: &Scenario,
    roster: &Roster,
    giving: &Giving<'_>,
    options: &Options<'_>,
) -> Result<GivenFile, Error> {
    let clock = Instant::now();
    let problem = &scenario.problem;
    let audience = audience(scenario, giving)?;
    if giving.to == To::Json {
        if audience != For::Everybody {
            let finding = Finding::error("export.option", "", "the roster as JSON is always whole")
                .help("leave the person and the team out, or ask for xlsx, html, ics or csv");
            return Err(Error::of(finding));
        }
        let asked = asked(scenario, options, clock);
        let document = options.run(|_| {
            let judgement = Judgement::with(problem, roster, Says::of(&problem.site, roster));
            RosterDocument::of_roster(problem, (roster, &judgement), &all_reasons(problem, roster), &asked)
        })?;
        let text = serde_json::to_string_pretty(&document)
            .expect("a document has names for keys and finite numbers");
        return Ok(file(scenario, giving, "json", "application/json", (text + "\n").into_bytes()));
    }
    let issue = Issue {
        made: giving.made,
        version: env!("CARGO_PKG_VERSION").to_string(),
        published: giving.published,
        large_print: false,
    };
    let shared = options.run(|_| Shared::judged(problem, roster, &issue, audience))?;
    let cannot = |what: String| {
        Error::of(
            Finding::error("export.write", "", what).help("ask for csv, or shorten what is named in it"),
        )
    };
    Ok(match giving.to {
        To::Xlsx => {
            let bytes = xlsx::write(&shared).map_err(cannot)?;
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            file(scenario, giving, "xlsx", kind, bytes)
        }
        To::Html => {
            file(scenario, giving, "html", "text/html; charset=utf-8", html::write(&shared).into_bytes())
        }
        To::Csv => file(scenario, giving, "csv", "text/csv; charset=utf-8", csv::write(&shared).into_bytes()),
        To::Ics | To::Json => calendars(scenario, giving, &shared, audience)?,
    })
}

fn audience(scenario: &Scenario, giving: &Giving<'_>) -> Result<For, Error> {
    if giving.person.is_some() && giving.team.is_some() {
        let finding = Finding::error("export.option", "", "both a person and a team are named");
        return Err(Error::of(finding.help("name one of the two")));
    }
    For::named(&scenario.problem.site, giving.person, giving.team).map_err(|found| Error::of(*found))
}

/// One calendar, or for everybody one for each person, packed together.
fn calendars(
    scenario: &Scenario,
    giving: &Giving<'_>,
    shared: &Shared,
    audience: For,
) -> Result<GivenFile, Error> {
    let zone = ics::zone(shared).map_err(|what| {
        Error::of(
            Finding::error("export.time_zone", "", what).help("correct `calendar.time_zone` in the scenario"),
        )
    })?;
    let one = |whose: Whose| {
        let before = Before { sequence: None, old: None };
        ics::write(shared, whose, zone, &before, &Issued::new()).into_bytes()
    };
    let calendar = |bytes| file(scenario, giving, "ics", "text/calendar; charset=utf-8", bytes);
    match audience {
        For::Person(_) => return Ok(calendar(one(Whose::Person(0)))),
        For::Team(_) => return Ok(calendar(one(Whose::Team(0)))),
        For::Everybody => {}
    }
    let mut taken = BTreeSet::new();
    let mut pack = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (at, person) in shared.people.iter().enumerate() {
        let name = told_apart(&file_name(&person.id), &mut taken);
        let packed = pack
            .start_file(format!("{name}.ics"), zip::write::SimpleFileOptions::default())
            .map_err(|what| what.to_string())
            .and_then(|()| pack.write_all(&one(Whose::Person(at))).map_err(|what| what.to_string()));
        packed.map_err(|what| Error::of(Finding::error("export.write", "", what)))?;
    }
    let bytes =
        pack.finish().map_err(|what| Error::of(Finding::error("export.write", "", what.to_string())))?;
    let mut given = file(scenario, giving, "zip", "application/zip", bytes.into_inner());
    given.name = given.name.replace(" roster.zip", " calendars.zip");
    Ok(given)
}

fn file(
    scenario: &Scenario,
    giving: &Giving<'_>,
    ending: &str,
    media_type: &'static str,
    bytes: Vec<u8>,
) -> GivenFile {
    let title = scenario.problem.site.title.as_deref().unwrap_or("Rota");
    let whose = giving.person.or(giving.team).map(|name| format!("{name} ")).unwrap_or_default();
    GivenFile { name: format!("{}roster.{ending}", plain(&format!("{title} {whose}"))), media_type, bytes }
}

/// The name of a file with a scenario in it, by its title: `Ward clerks.xlsx`.
pub fn scenario_name(title: Option<&str>, ending: &str) -> String {
    let stem = plain(title.unwrap_or("Team"));
    format!("{}.{ending}", if stem.is_empty() { "Team" } else { stem.trim_end() })
}

/// A text as part of a file's name, whatever stands in it; a blank after it where anything is left.
fn plain(text: &str) -> String {
    let kept = |sign: char| if sign.is_ascii_alphanumeric() || "-_".contains(sign) { sign } else { ' ' };
    let words: String = text.chars().map(kept).collect();
    let words: Vec<&str> = words.split_whitespace().collect();
    let mut name: String = words.join(" ").chars().take(80).collect();
    if !name.is_empty() {
        name.push(' ');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::solve;

    const WEEK: &str = r#"{ "scenario": 1, "title": "A \"week\"\r\n../x",
        "calendar": { "from": "2020-06-15", "to": "2020-06-16", "time_zone": "Europe/London" },
        "people": [ { "id": "amy", "team": "coding", "tags": ["canary_tag"],
                      "away": [ { "on": "2020-06-16", "why": "canary_why" } ] },
                    { "id": "Amy", "name": "Other Amy", "base": "home", "needs": [], "wishes": [ { "on": "mon", "place": "on_site" } ] } ],
        "rules": [ { "id": "canary_rule", "headcount": { "who": { "team": "coding" }, "at_least": 1,
                     "when": { "dates": ["2020-06-15"] } }, "private": true, "because": "canary_because" } ] }"#;

    fn given(to: To, person: Option<&str>) -> GivenFile {
        let scenario = Scenario::read(WEEK).expect("reads");
        let outcome = solve(&scenario, &Options::default()).expect("solves");
        let roster = outcome.planned().expect("there is one").roster.clone();
        let giving = Giving { to, person, team: None, made: Date::new(2020, 6, 12), published: false };
        give(&scenario, &roster, &giving, &Options::default()).expect("is given")
    }

    #[test]
    fn names_are_safe_whatever_the_title() {
        assert_eq!(given(To::Csv, None).name, "A week x roster.csv");
        assert_eq!(given(To::Ics, Some("amy")).name, "A week x amy roster.ics");
        assert_eq!(given(To::Ics, None).name, "A week x calendars.zip");
        assert_eq!(scenario_name(Some("../.."), "xlsx"), "Team.xlsx");
        assert_eq!(scenario_name(Some("Ward clerks"), "xlsx"), "Ward clerks.xlsx");
    }

    #[test]
    fn what_is_private_gets_into_no_shared_file() {
        for to in [To::Html, To::Csv] {
            let text = String::from_utf8(given(to, None).bytes).expect("is text");
            assert!(text.contains("Amy") && text.contains("home"), "{text}");
            assert!(!text.contains("canary"), "{to:?}: {text}");
        }
    }

    #[test]
    fn calendars_of_everybody_are_one_each() {
        let bytes = given(To::Ics, None).bytes;
        let mut pack = zip::ZipArchive::new(Cursor::new(bytes)).expect("is packed");
        let names: Vec<String> = (0..pack.len())
            .map(|at| pack.by_index(at).expect("is there").name().expect("is text").to_string())
            .collect();
        assert_eq!(names, ["amy.ics", "Amy-2.ics"]);
    }

    #[test]
    fn a_roster_is_given_with_its_reasons() {
        let text = String::from_utf8(given(To::Json, None).bytes).expect("is text");
        let document: serde_json::Value = serde_json::from_str(&text).expect("is JSON");
        assert_eq!(document["musts_kept"], true);
        assert_eq!(document["assignments"][0]["needed_for"][0], "canary_rule");
        let scenario = Scenario::read(WEEK).expect("reads");
        let roster = scenario.roster(&text).expect("reads back");
        let giving = Giving {
            to: To::Json,
            person: Some("amy"),
            team: None,
            made: Date::new(2020, 6, 12),
            published: false,
        };
        assert!(give(&scenario, &roster, &giving, &Options::default()).is_err());
    }
}
