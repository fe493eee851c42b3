//! Ties from a table: one, other, weight.

use rota_core::finding::Finding;
use rota_core::typed::Tie;

/// Reads ties from CSV with the columns `one,other,weight` (weight may be left out). Lines that cannot be read
/// are findings.
pub fn read_ties(path: &str, text: &str) -> (Vec<Tie>, Vec<Finding>) {
    let mut ties = Vec::new();
    let mut findings = Vec::new();
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    for (at, record) in reader.records().enumerate() {
        let mut problem = |message: String| {
            let mut finding =
                Finding::error("ties.row", "", message).help("write one,other,weight: amy,ben,12");
            finding.pointer = None;
            finding.file = Some(path.to_string());
            finding.line = Some(at as u32 + 2);
            finding.column = Some(1);
            findings.push(finding);
        };
        match record {
            Err(what) => problem(what.to_string()),
            Ok(record) => {
                let weight = record.get(2).filter(|text| !text.is_empty()).map_or(Ok(1.0), str::parse::<f64>);
                match (record.get(0), record.get(1), weight) {
                    (Some(one), Some(other), Ok(weight)) if !one.is_empty() && !other.is_empty() => {
                        ties.push(Tie { between: [one.to_string(), other.to_string()], weight });
                    }
                    _ => problem("a tie needs two people and a number".to_string()),
                }
            }
        }
    }
    (ties, findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_are_read_and_mistakes_named() {
        let (ties, findings) =
            read_ties("ties.csv", "one,other,weight\namy,ben,12\namy,cat\nben,,3\namy,ben,x\n");
        assert_eq!(ties.len(), 2);
        assert_eq!(ties[1].weight, 1.0);
        assert_eq!(findings.iter().map(|finding| finding.line).collect::<Vec<_>>(), [Some(4), Some(5)]);
    }
}
