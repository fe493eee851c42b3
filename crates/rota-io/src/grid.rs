//! Many scenarios side by side, as a document and as a table that can be gone on with.

use crate::document::{LevelDocument, FORMAT};
use rota_planner::grid::{Axis, Cell};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What `rota what-if --grid` found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GridDocument {
    /// The version of the format: 1.
    pub grid: u32,
    /// SHA-256 of the scenario.
    pub scenario_sha256: String,
    /// The numbers that vary.
    pub axes: Vec<AxisDocument>,
    /// Every combination that was solved, the last number changing fastest.
    pub cells: Vec<GridCell>,
    /// Combinations that were not solved.
    pub missing: usize,
}

/// A number that varies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AxisDocument {
    /// As typed: `attendance.at_least`, `north.seats`, `desks`.
    pub name: String,
    /// Its values.
    pub values: Vec<Value>,
}

/// One combination.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GridCell {
    /// A value of each number.
    pub values: Vec<Value>,
    /// `optimal`, `feasible`, `impossible`, `unknown`, or `mistake`: these values make the scenario wrong.
    pub status: String,
    /// What makes the scenario wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mistake: Option<String>,
    /// The levels of the best roster found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelDocument>,
    /// Wishes asked for.
    pub wishes: u32,
    /// Wishes not granted.
    pub refused: u32,
    /// Person-days on site.
    pub visits: u32,
    /// Most people on site on one day.
    pub busiest: u32,
    /// Seconds of its solve.
    pub seconds: f64,
}

impl From<&Cell> for GridCell {
    fn from(cell: &Cell) -> GridCell {
        GridCell {
            values: cell.values.clone(),
            status: match cell.mistake {
                Some(_) => "mistake".to_string(),
                None => cell.status.word().to_string(),
            },
            mistake: cell.mistake.clone(),
            levels: cell.levels.iter().map(LevelDocument::from).collect(),
            wishes: cell.wishes.asked,
            refused: cell.wishes.refused,
            visits: cell.visits,
            busiest: cell.busiest,
            seconds: (cell.seconds * 100.0).round() / 100.0,
        }
    }
}

impl GridCell {
    /// Whether there is a roster.
    pub fn has_roster(&self) -> bool {
        matches!(self.status.as_str(), "optimal" | "feasible")
    }

    /// Whether a longer search could say more of it.
    pub fn is_open(&self) -> bool {
        self.status == "unknown"
    }

    /// The cost of a level.
    pub fn cost(&self, strength: &str) -> Option<f64> {
        self.levels.iter().find(|level| level.strength == strength).map(|level| level.cost)
    }
}

impl GridDocument {
    /// Cells in the order of `all` combinations.
    pub fn of(sha256: &str, axes: &[Axis], all: &[Vec<Value>], cells: &[GridCell]) -> GridDocument {
        let found: Vec<GridCell> = all
            .iter()
            .filter_map(|values| cells.iter().find(|cell| cell.values == *values))
            .cloned()
            .collect();
        GridDocument {
            grid: FORMAT,
            scenario_sha256: sha256.to_string(),
            axes: axes
                .iter()
                .map(|axis| AxisDocument { name: axis.name.clone(), values: axis.values.clone() })
                .collect(),
            missing: all.len() - found.len(),
            cells: found,
        }
    }
}

/// Levels of which the table has a cost and a bound.
const LEVELS: [&str; 4] = ["high", "medium", "low", "home_first"];
/// Columns after those of the axes and before those of the levels.
const BEFORE: [&str; 7] = ["status", "wishes", "refused", "visits", "busiest", "seconds", "mistake"];
/// The last column: of which scenario this is.
const SCENARIO: &str = "scenario_sha256";

fn head(axes: &[Axis]) -> Vec<String> {
    let names = axes.iter().map(|axis| axis.name.clone());
    let levels = LEVELS
        .iter()
        .flat_map(|level| [(*level).to_string(), format!("{level}_bound"), format!("{level}_proved")]);
    names.chain(BEFORE.map(str::to_string)).chain(levels).chain([SCENARIO.to_string()]).collect()
}

/// The table: one line for each combination solved.
pub fn written(axes: &[Axis], document: &GridDocument) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut line = |fields: Vec<String>| writer.write_record(fields).expect("memory can be written to");
    line(head(axes));
    for cell in &document.cells {
        let mut fields: Vec<String> = cell.values.iter().map(spoken).collect();
        fields.push(cell.status.clone());
        fields
            .extend([cell.wishes, cell.refused, cell.visits, cell.busiest].map(|number| number.to_string()));
        fields.push(cell.seconds.to_string());
        fields.push(cell.mistake.clone().unwrap_or_default());
        for name in LEVELS {
            match cell.levels.iter().find(|level| level.strength == name) {
                Some(level) => {
                    fields.extend([
                        level.cost.to_string(),
                        level.bound.to_string(),
                        level.proved.to_string(),
                    ]);
                }
                None => fields.extend([String::new(), String::new(), String::new()]),
            }
        }
        fields.push(document.scenario_sha256.clone());
        line(fields);
    }
    let bytes = writer.into_inner().expect("memory can be written to");
    String::from_utf8(bytes).expect("text was written")
}

/// A value without quotation marks.
pub fn spoken(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

/// Reads a table of the same axes and scenario, to go on with it. An error says why it is another one.
pub fn read(text: &str, axes: &[Axis], sha256: &str) -> Result<Vec<GridCell>, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let wanted = head(axes);
    let found: Vec<String> =
        reader.headers().map_err(|what| what.to_string())?.iter().map(str::to_string).collect();
    if found != wanted {
        return Err("its columns are not those of this grid".to_string());
    }
    let mut cells = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|what| what.to_string())?;
        let line = at + 2;
        let field = |name: &str| {
            let column = wanted.iter().position(|column| column == name).expect("a column of the table");
            record.get(column).unwrap_or_default()
        };
        if field(SCENARIO) != sha256 {
            return Err(format!("line {line} is of another scenario, or the scenario has changed since"));
        }
        let values: Option<Vec<Value>> = axes
            .iter()
            .zip(record.iter())
            .map(|(axis, typed)| axis.values.iter().find(|value| spoken(value) == typed).cloned())
            .collect();
        // Values that are no longer asked for are left out.
        let Some(values) = values else { continue };
        let number = |name: &str| {
            field(name)
                .parse::<f64>()
                .map_err(|_| format!("line {line}: `{}` is no number ({name})", field(name)))
        };
        let whole = |name: &str| number(name).map(|number| number as u32);
        let mut levels = Vec::new();
        for name in LEVELS.iter().filter(|name| !field(name).is_empty()) {
            levels.push(LevelDocument {
                strength: (*name).to_string(),
                cost: number(name)?,
                bound: number(&format!("{name}_bound"))?,
                proved: field(&format!("{name}_proved")) == "true",
            });
        }
        cells.push(GridCell {
            values,
            status: field("status").to_string(),
            mistake: Some(field("mistake")).filter(|what| !what.is_empty()).map(str::to_string),
            levels,
            wishes: whole("wishes")?,
            refused: whole("refused")?,
            visits: whole("visits")?,
            busiest: whole("busiest")?,
            seconds: number("seconds")?,
        });
    }
    Ok(cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rota_planner::grid::{combinations, Change};

    #[test]
    fn a_table_is_gone_on_with() {
        let axis = |name: &str, values: &[f64]| Axis {
            name: name.to_string(),
            change: Change::Desks,
            values: values.iter().map(|value| Value::from(*value)).collect(),
        };
        let axes = [axis("a.metres", &[1.0, 1.5]), axis("desks", &[2.0])];
        let all = combinations(&axes);
        let level = LevelDocument { strength: "medium".to_string(), cost: 2.5, bound: 2.0, proved: false };
        let cell = |at: usize| GridCell {
            values: all[at].clone(),
            status: "feasible".to_string(),
            mistake: None,
            levels: vec![level.clone()],
            wishes: 7,
            refused: 2,
            visits: 12,
            busiest: 3,
            seconds: 0.25,
        };
        let document = GridDocument::of("abc", &axes, &all, &[cell(1)]);
        assert_eq!(document.missing, 1);
        let text = written(&axes, &document);
        assert!(text.starts_with("a.metres,desks,status,"), "{text}");
        assert_eq!(read(&text, &axes, "abc"), Ok(vec![cell(1)]));
        assert!(read(&text, &axes, "abd").is_err());
        assert!(read(&text, &axes[..1], "abc").is_err());
        assert_eq!(read(&text, &[axis("a.metres", &[1.0]), axes[1].clone()], "abc"), Ok(Vec::new()));
    }
}
