//! What is asked beside the questions, by those who show scenarios and rosters to people: files, and free seats.

use crate::error::Error;
use crate::forms::{forms, FormsDocument};
use crate::options::Options;
use crate::question::read;
use crate::ready::text;
use crate::scenario::Scenario;
use crate::shared::{give, scenario_name, GivenFile, Giving, To};
use crate::{books, free, place, Looking};
use rota_core::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::value::RawValue;

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// A scenario as a workbook.
    Workbook,
    /// A roster as a file.
    Export,
    /// Which desks and seats are free on a day.
    Free,
}

impl Beside {
    /// All of them.
    pub const ALL: [Beside; 3] = [Beside::Workbook, Beside::Export, Beside::Free];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Beside::Workbook => "workbook",
            Beside::Export => "export",
            Beside::Free => "free",
        }
    }
}

/// A scenario to be written as a workbook.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkbookBody {
    /// The scenario.
    #[schemars(with = "rota_rules::Scenario")]
    pub scenario: Box<RawValue>,
}

/// A roster to be written as a file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportBody {
    /// The scenario.
    #[schemars(with = "rota_rules::Scenario")]
    pub scenario: Box<RawValue>,
    /// The roster: a roster document, or a table (CSV) as text.
    #[schemars(with = "serde_json::Value")]
    pub roster: Box<RawValue>,
    /// As what.
    pub to: To,
    /// For one person alone: an id or a name.
    #[serde(default)]
    pub for_person: Option<String>,
    /// For one team alone.
    #[serde(default)]
    pub for_team: Option<String>,
    /// The date that stands on it.
    pub made: Date,
    /// Whether somebody has decided that it holds; a draft otherwise.
    #[serde(default)]
    pub published: bool,
}

/// A day on which somebody needs a seat.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FreeBody {
    /// The scenario.
    #[schemars(with = "rota_rules::Scenario")]
    pub scenario: Box<RawValue>,
    /// The roster: a roster document, or a table (CSV) as text.
    #[schemars(with = "serde_json::Value")]
    pub roster: Box<RawValue>,
    /// The day, like `2020-06-18` or `thu`.
    pub on: String,
    /// For one person: an id or a name.
    #[serde(default)]
    pub person: Option<String>,
}

enum Rest {
    Workbook,
    Export(ExportBody),
    Free(FreeBody),
}

/// What was asked, with its scenario read.
pub struct Asked {
    /// The scenario.
    pub scenario: Scenario,
    rest: Rest,
}

impl Asked {
    /// Reads a body.
    ///
    /// # Errors
    ///
    /// What is wrong with the body, and every mistake in the scenario.
    pub fn read(kind: Beside, body: &str) -> Result<Asked, Error> {
        let (scenario, rest) = match kind {
            Beside::Workbook => (read::<WorkbookBody>(body)?.scenario, Rest::Workbook),
            Beside::Export => {
                let body: ExportBody = read(body)?;
                (body.scenario.clone(), Rest::Export(body))
            }
            Beside::Free => {
                let body: FreeBody = read(body)?;
                (body.scenario.clone(), Rest::Free(body))
            }
        };
        Ok(Asked { scenario: Scenario::read(scenario.get())?, rest })
    }

    /// Answers it with a file; one without a name is a document.
    ///
    /// # Errors
    ///
    /// Every mistake in what was given.
    pub fn answer(&self, options: &Options<'_>) -> Result<GivenFile, Error> {
        let scenario = &self.scenario;
        match &self.rest {
            Rest::Workbook => Ok(GivenFile {
                name: scenario_name(scenario.typed.title.as_deref(), "xlsx"),
                media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                bytes: books::book(&scenario.typed)?,
            }),
            Rest::Export(body) => {
                let giving = Giving {
                    to: body.to,
                    person: body.for_person.as_deref(),
                    team: body.for_team.as_deref(),
                    made: body.made,
                    published: body.published,
                };
                give(scenario, &scenario.roster(&text(&body.roster))?, &giving, options)
            }
            Rest::Free(body) => {
                let roster = scenario.roster(&text(&body.roster))?;
                let looking = Looking { on: &body.on, person: body.person.as_deref(), ..Looking::default() };
                let found = free(scenario, &roster, &place(scenario, &looking)?, options)?;
                let bytes = serde_json::to_vec(&found).expect("a document is plain data");
                Ok(GivenFile { name: String::new(), media_type: "application/json", bytes })
            }
        }
    }
}

/// Sheets and rules as forms, as JSON.
pub fn forms_text() -> String {
    let forms: FormsDocument = forms();
    serde_json::to_string(&forms).expect("a document is plain data")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roster_may_be_a_table() {
        let body = r#"{ "scenario": { "scenario": 1, "title": "A week", "calendar": { "from": "2020-06-15", "to": "2020-06-15" },
            "people": [ { "id": "amy" } ] }, "roster": "person,on,place\namy,2020-06-15,home\n", "to": "csv", "made": "2020-06-12" }"#;
        let asked = Asked::read(Beside::Export, body).expect("reads");
        let file = asked.answer(&Options::default()).expect("answers");
        assert_eq!(file.name, "A week roster.csv");
        assert!(String::from_utf8(file.bytes).expect("is text").contains("amy,2020-06-15,home"));
        let wrong = Asked::read(Beside::Export, &body.replace("csv\"", "exe\""));
        assert_eq!(wrong.err().expect("is refused").findings()[0].code, "body.shape");
    }
}
