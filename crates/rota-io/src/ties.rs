//! Ties from a table: one, other, weight.

use crate::table::{Kind, Table};
use rota_core::finding::Finding;
use rota_core::typed::Tie;

const TIES: Kind = Kind {
    code: "ties",
    known: &["one", "other", "weight"],
    needed: 2,
    full: true,
    others: false,
    example: "amy,ben,12",
};

/// Reads ties from CSV whose first line names the columns `one`, `other` and, where ties weigh differently,
/// `weight`. Lines that cannot be read are findings; then only the ties before the first of them are given, because
/// the places of the others in the list would no longer be those of the lines.
pub fn read_ties(path: &str, text: &str) -> (Vec<Tie>, Vec<Finding>) {
    let mut table = match Table::read(&TIES, path, text) {
        Ok(table) => table,
        Err(findings) => return (Vec::new(), findings),
    };
    let mut ties = Vec::new();
    let mut findings = std::mem::take(&mut table.findings);
    for row in &table.rows {
        let mut problem = |message: String, help: &str| {
            findings.push(TIES.mistake("row", path, row.line, message).help(help));
        };
        let weight = match table.value(row, "weight") {
            None if !table.has("weight") => Some(1.0),
            None => {
                problem(
                    "there is no `weight` on this line".to_string(),
                    "write a number, or leave the column out",
                );
                None
            }
            Some(text) => {
                let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
                if number.is_none() {
                    problem(
                        format!("the weight `{text}` is not a number"),
                        "write it like 12 or 3.5, with a point",
                    );
                }
                number
            }
        };
        for name in ["one", "other"] {
            if table.value(row, name).is_none() {
                problem(format!("there is no `{name}` on this line"), "a tie is between two people");
            }
        }
        if let (Some(one), Some(other), Some(weight)) =
            (table.value(row, "one"), table.value(row, "other"), weight)
        {
            ties.push(Tie { between: [one.to_string(), other.to_string()], weight });
        }
    }
    findings.sort_by_key(|finding| finding.line);
    if let Some(bad) = findings.first().and_then(|finding| finding.line) {
        let whole = table.rows.iter().zip(2..).take_while(|(row, line)| row.line == *line && row.line < bad);
        ties.truncate(whole.count());
    }
    (ties, findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(u32, String)> {
        let findings = read_ties("ties.csv", text).1;
        findings.into_iter().map(|finding| (finding.line.unwrap_or(0), finding.message)).collect()
    }

    #[test]
    fn ties_are_read_by_the_names_of_the_columns() {
        let (ties, findings) = read_ties("ties.csv", "weight,one,other\n12,amy,ben\n\n0.5,amy,cat\n");
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(ties[1], Tie { between: ["amy".to_string(), "cat".to_string()], weight: 0.5 });
        let (ties, _) = read_ties("ties.csv", "other;one\nben;amy\n");
        assert_eq!(ties, [Tie { between: ["amy".to_string(), "ben".to_string()], weight: 1.0 }]);
    }

    #[test]
    fn lines_that_are_no_ties_are_named() {
        let lines = "one,other,weight\namy,ben,12\namy,cat\n\nben,,3\namy,ben,x\namy,ben,\namy,ben,3,4\n\
                     amy,ben,\"3,5\"\namy,ben,inf\n";
        let wanted = [
            (3, "this line has 2 values, and there are 3 columns"),
            (5, "there is no `other` on this line"),
            (6, "the weight `x` is not a number"),
            (7, "there is no `weight` on this line"),
            (8, "this line has more values than there are columns (3)"),
            (9, "the weight `3,5` is not a number"),
            (10, "the weight `inf` is not a number"),
        ];
        assert_eq!(read_ties("ties.csv", lines).0.len(), 1);
        assert_eq!(told(lines), wanted.map(|(line, message)| (line, message.to_string())));
    }

    #[test]
    fn the_first_line_names_the_columns() {
        let first = |text: &str| told(text)[0].1.clone();
        assert_eq!(first("amy,ben,12\namy,cat,3\n"), "the first line does not name the columns");
        assert_eq!(first("one,other,wieght\namy,ben,12\n"), "unknown column `wieght`");
        assert_eq!(first("one,weight\namy,12\n"), "there is no column `other`");
        assert_eq!(first(""), "this file is empty");
    }
}
