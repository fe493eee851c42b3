//! A grid of scenarios as a picture: one square for each combination, told by its words and shaded by its cost.

use crate::grid::{spoken, GridCell, GridDocument};
use crate::pictures::{escape, short, svg, Drawing};
use serde_json::Value;

/// The levels in their order; the picture shows the first at which the combinations differ.
const LEVELS: [(&str, &str); 4] = [
    ("high", "cost of high rules"),
    ("medium", "cost of medium rules"),
    ("low", "cost of low rules"),
    ("home_first", "days away from the usual place"),
];

const WIDE: f64 = 96.0;
const HIGH: f64 = 44.0;
const LEFT: f64 = 190.0;
const TOP: f64 = 92.0;
/// Room for a letter of a label, and of a title.
const LETTER: f64 = 8.5;
const BOLD: f64 = 11.0;

/// Which level the picture shows, and its words: the first at which the combinations differ.
pub fn shown(document: &GridDocument) -> (&'static str, &'static str) {
    let differs = |name: &str| {
        let mut costs =
            document.cells.iter().filter(|cell| cell.has_roster()).filter_map(|cell| cell.cost(name));
        let first = costs.next();
        costs.any(|cost| first.is_some_and(|first| (first - cost).abs() > 1e-6))
    };
    LEVELS.into_iter().find(|(name, _)| differs(name)).unwrap_or(LEVELS[3])
}

/// The picture: the last number goes across, the one before it down; one block for each combination of the others.
pub fn heat_map(document: &GridDocument, title: &str) -> String {
    let (level, words) = shown(document);
    let costs = || document.cells.iter().filter_map(|cell| cell.cost(level));
    let (least, most) = (costs().fold(f64::INFINITY, f64::min), costs().fold(f64::NEG_INFINITY, f64::max));
    let axes = &document.axes;
    let across = axes.last().map_or(&[] as &[Value], |axis| &axis.values);
    let down_name = axes.len().checked_sub(2).map(|at| &axes[at]);
    let none = [Value::Null];
    let down = down_name.map_or(&none as &[Value], |axis| &axis.values);
    let outer: Vec<Vec<Value>> =
        axes[..axes.len().saturating_sub(2)].iter().fold(vec![Vec::new()], |found, axis| {
            found
                .iter()
                .flat_map(|values| {
                    axis.values.iter().map(move |value| [values.clone(), vec![value.clone()]].concat())
                })
                .collect()
        });
    let block_high = down.len() as f64 * HIGH + 64.0;
    let label = |value: &Value| down_name.map(|axis| format!("{} {}", axis.name, spoken(value)));
    let longest = down.iter().filter_map(label).map(|label| label.chars().count()).max().unwrap_or(0);
    let left = LEFT.max(longest as f64 * LETTER + 28.0);
    // The title needs its room too.
    let width =
        (left + across.len() as f64 * WIDE + 20.0).max(short(title).chars().count() as f64 * BOLD + 28.0);
    let height = TOP + outer.len() as f64 * block_high - 40.0;
    let mut body = format!(
        "<text class=\"head\" x=\"14\" y=\"26\">{}</text><text x=\"14\" y=\"48\">{}: darker is more; a broken line: no roster</text>",
        escape(&short(title)),
        escape(words)
    );
    for (at, rest) in outer.iter().enumerate() {
        let top = TOP + at as f64 * block_high;
        let given: Vec<String> =
            axes.iter().zip(rest).map(|(axis, value)| format!("{} {}", axis.name, spoken(value))).collect();
        let name = axes.last().map_or("", |axis| axis.name.as_str());
        body.push_str(&text(left, top - 22.0, "", &[given.join(", "), name.to_string()].join("  ")));
        for (column, value) in across.iter().enumerate() {
            body.push_str(&text(left + column as f64 * WIDE + 8.0, top - 6.0, "", &spoken(value)));
        }
        for (row, value) in down.iter().enumerate() {
            let y = top + row as f64 * HIGH;
            if let Some(label) = label(value) {
                body.push_str(&text(14.0, y + 26.0, "", &label));
            }
            for (column, other) in across.iter().enumerate() {
                let inner = down_name.map(|_| value.clone()).into_iter().chain([other.clone()]);
                let values: Vec<Value> = rest.iter().cloned().chain(inner).collect();
                let cell = document.cells.iter().find(|cell| cell.values == values);
                body.push_str(&square(left + column as f64 * WIDE, y, cell, level, (least, most)));
            }
        }
    }
    let about = format!("{words} of {} combinations", document.cells.len());
    svg(&Drawing { width, height, body }, title, &about)
}

fn text(x: f64, y: f64, class: &str, words: &str) -> String {
    // White letters on dark squares.
    let style =
        if class == "dark" { "style=\"fill:#fff\"".to_string() } else { format!("class=\"{class}\"") };
    format!("<text {style} x=\"{x:.0}\" y=\"{y:.0}\">{}</text>", escape(words.trim()))
}

/// One combination: its cost, or why there is none.
fn square(x: f64, y: f64, cell: Option<&GridCell>, level: &str, (least, most): (f64, f64)) -> String {
    let cost = cell.filter(|cell| cell.has_roster()).and_then(|cell| cell.cost(level));
    let (words, class, fill) = match (cell, cost) {
        (_, Some(cost)) => {
            let share = if most > least { (cost - least) / (most - least) } else { 0.0 };
            // From a light to a dark blue; white letters on the darker half.
            let blend = |light: f64, dark: f64| (light + (dark - light) * share).round();
            let fill =
                format!("rgb({:.0},{:.0},{:.0})", blend(222.0, 8.0), blend(235.0, 48.0), blend(247.0, 107.0));
            let proved = cell.is_some_and(|cell| cell.status == "optimal");
            let mark = if proved { "" } else { " *" };
            let words = format!("{}{mark}", (cost * 100.0).round() / 100.0);
            (words, if share > 0.5 { "dark" } else { "" }, Some(fill))
        }
        (Some(cell), None) => match cell.status.as_str() {
            "impossible" => ("no roster".to_string(), "small", None),
            "mistake" => ("cannot be".to_string(), "small", None),
            _ => ("not found".to_string(), "small", None),
        },
        (None, None) => ("not solved".to_string(), "small", None),
    };
    let (wide, high) = (WIDE - 2.0, HIGH - 2.0);
    let shape = match fill {
        Some(fill) => format!("<rect stroke=\"#fff\" stroke-width=\"2\" x=\"{x:.0}\" y=\"{y:.0}\" width=\"{wide:.0}\" height=\"{high:.0}\" fill=\"{fill}\"/>"),
        None => format!("<rect fill=\"#fff\" stroke=\"#777\" stroke-dasharray=\"4 3\" x=\"{:.0}\" y=\"{:.0}\" width=\"{:.0}\" height=\"{:.0}\"/>", x + 1.0, y + 1.0, wide - 2.0, high - 2.0),
    };
    shape + &text(x + 8.0, y + 26.0, class, &words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::LevelDocument;
    use crate::grid::AxisDocument;

    fn cell(values: [f64; 2], status: &str, medium: Option<f64>) -> GridCell {
        let level =
            |cost: f64| LevelDocument { strength: "medium".to_string(), cost, bound: cost, proved: true };
        GridCell {
            values: values.iter().map(|value| Value::from(*value)).collect(),
            status: status.to_string(),
            mistake: None,
            levels: medium.map(level).into_iter().collect(),
            wishes: 0,
            refused: 0,
            visits: 0,
            busiest: 0,
            seconds: 0.0,
        }
    }

    #[test]
    fn every_combination_has_words() {
        let axis = |name: &str, values: [f64; 2]| AxisDocument {
            name: name.to_string(),
            values: values.map(Value::from).to_vec(),
        };
        let document = GridDocument {
            grid: 1,
            scenario_sha256: String::new(),
            axes: vec![axis("a<b", [1.0, 2.0]), axis("desks", [3.0, 4.0])],
            cells: vec![
                cell([1.0, 3.0], "optimal", Some(0.0)),
                cell([1.0, 4.0], "feasible", Some(7.5)),
                cell([2.0, 3.0], "impossible", None),
            ],
            missing: 1,
        };
        assert_eq!(shown(&document).0, "medium");
        let picture = heat_map(&document, "Grid & more");
        for words in [
            "a&lt;b 1.0",
            "Grid &amp; more",
            ">0</text>",
            ">7.5 *</text>",
            "no roster",
            "not solved",
            "fill:#fff",
        ] {
            assert!(picture.contains(words), "{words}\n{picture}");
        }
    }
}
