//! What the sheets of a scenario ask for, for whoever shows them as forms: the columns with what they may hold, and
//! the rules with their fields. Made from the lists from which workbooks are read and written.

use rota_io::workbook::kinds::Kind;
use rota_io::workbook::layout::{Column, SHEETS};
use rota_io::workbook::HELP;
use rota_rules::entry::BESIDE;
use rota_rules::rule::{page, schemas, NAMES};
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde_json::Value;

/// The version of the format.
const FORMAT: u32 = 1;

/// Sheets and rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FormsDocument {
    /// The version of the format: 1.
    pub forms: u32,
    /// The sheets, in their order.
    pub sheets: Vec<SheetForm>,
    /// The rules, in alphabetical order.
    pub rules: Vec<RuleForm>,
}

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SheetForm {
    /// Its name.
    pub name: String,
    /// What stands in it, where that is not plain.
    pub about: Option<String>,
    /// Its columns.
    pub columns: Vec<ColumnForm>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ColumnForm {
    /// What stands above it.
    pub heading: String,
    /// What it holds: `text`, `words`, `date`, `day`, `number`, `share`, `flag`, `who`, `when`, `where`, `json` ...
    pub kind: String,
    /// Words to choose from; others are mistakes where the kind is `words`.
    pub words: Vec<String>,
    /// Whether it is there even where nothing fills it.
    pub usual: bool,
    /// What goes there.
    pub about: Option<String>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RuleForm {
    /// Its name.
    pub name: String,
    /// What it asks, in one sentence.
    pub asks: String,
    /// The headings of its own columns.
    pub fields: Vec<String>,
    /// The headings of those that must be filled.
    pub needed: Vec<String>,
}

/// All sheets and rules.
pub fn forms() -> FormsDocument {
    let sheets = SHEETS.iter().map(|(name, columns)| SheetForm {
        name: (*name).to_string(),
        about: help(name, ""),
        columns: columns.iter().map(|column| form(name, column)).collect(),
    });
    FormsDocument { forms: FORMAT, sheets: sheets.collect(), rules: rules() }
}

fn help(sheet: &str, column: &str) -> Option<String> {
    let is_it = |columns: &str| columns.split(", ").any(|one| one == column);
    HELP.iter()
        .find(|(own, columns, _)| *own == sheet && is_it(columns))
        .map(|(.., text)| (*text).to_string())
}

fn form(sheet: &str, column: &Column) -> ColumnForm {
    let spoken = |words: &[&str]| words.iter().map(|word| word.replace('_', " ")).collect();
    let (kind, words) = match column.kind {
        Kind::Text => ("text", Vec::new()),
        Kind::Texts => ("texts", Vec::new()),
        Kind::Word(words) => ("words", spoken(words)),
        Kind::WordOrText(words) => ("text", spoken(words)),
        Kind::Weekdays => ("weekdays", Vec::new()),
        Kind::Works => ("works", Vec::new()),
        Kind::Date => ("date", Vec::new()),
        Kind::On => ("day", Vec::new()),
        Kind::Closed => ("days", Vec::new()),
        Kind::Clock => ("time", Vec::new()),
        Kind::Number => ("number", Vec::new()),
        Kind::Share => ("share", Vec::new()),
        Kind::Flag => ("flag", spoken(&["yes", "no"])),
        Kind::Who => ("who", Vec::new()),
        Kind::When => ("when", Vec::new()),
        Kind::Where => ("where", Vec::new()),
        Kind::Json => ("json", Vec::new()),
    };
    ColumnForm {
        heading: column.heading.to_string(),
        kind: kind.to_string(),
        words,
        usual: column.usual,
        about: help(sheet, column.heading),
    }
}

fn rules() -> Vec<RuleForm> {
    let mut generator = SchemaGenerator::default();
    let references = schemas(&mut generator);
    let columns = SHEETS.iter().find(|(name, _)| *name == "Rules").expect("rules have a sheet").1;
    let own = columns.iter().filter(|column| !BESIDE.contains(&column.field));
    let form = |name: &&str| {
        let reference = references.iter().find(|(found, _)| found == name);
        let schema = reference.map(|(_, schema)| schema.as_value().clone()).unwrap_or_default();
        let definition = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
        let schema = definition.and_then(|name| generator.definitions().get(name)).unwrap_or(&schema);
        let properties = schema.get("properties").and_then(Value::as_object);
        let needed = schema.get("required").and_then(Value::as_array);
        let is_field = |column: &&Column| properties.is_some_and(|fields| fields.contains_key(column.field));
        let is_needed =
            |column: &&Column| needed.is_some_and(|names| names.iter().any(|name| name == column.field));
        let heading = |column: &Column| column.heading.to_string();
        let fields: Vec<&Column> = own.clone().filter(is_field).collect();
        RuleForm {
            name: (*name).to_string(),
            asks: page(name).unwrap_or_default().split("\n\n").next().unwrap_or("").replace('\n', " "),
            needed: fields.iter().copied().filter(is_needed).map(heading).collect(),
            fields: fields.into_iter().map(heading).collect(),
        }
    };
    NAMES.iter().map(form).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_own_fields() {
        let forms = forms();
        let rule = |name: &str| forms.rules.iter().find(|rule| rule.name == name).expect("is there");
        assert_eq!(rule("distance").fields, ["Where", "Metres"]);
        assert_eq!(rule("distance").needed, ["Metres"]);
        assert_eq!(rule("headcount").fields, ["Who", "When", "Where", "At least", "At most", "Per", "Place"]);
        assert_eq!(forms.rules.len(), NAMES.len());
        assert!(forms.rules.iter().all(|rule| !rule.asks.is_empty()));
    }

    #[test]
    fn columns_tell_what_they_hold() {
        let forms = forms();
        let people = &forms.sheets[0];
        assert_eq!(people.name, "People");
        let works = people.columns.iter().find(|column| column.heading == "Works").expect("is there");
        assert!(works.about.as_deref().is_some_and(|about| about.starts_with("Weekdays worked")));
        let base = people.columns.iter().find(|column| column.heading == "Base").expect("is there");
        assert_eq!(base.words, ["either", "on site", "home"]);
        let ends = people.columns.iter().find(|column| column.heading == "Ends").expect("is there");
        assert!(ends.about.is_some());
    }
}
