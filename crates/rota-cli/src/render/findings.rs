//! Findings for people.

use super::{clean, count, markdown};
use rota_core::finding::{Finding, FindingLevel};

/// Where a finding stands: `week.json:41:32 rules[3].headcount.who`.
fn place(finding: &Finding) -> String {
    let mut place = String::new();
    if let Some(file) = &finding.file {
        place.push_str(file);
    }
    if let Some(sheet) = &finding.sheet {
        place.push_str(&format!(" {sheet}!{}", finding.cell.as_deref().unwrap_or("")));
    }
    if let Some(line) = finding.line {
        place.push_str(&format!(":{line}"));
        if let Some(column) = finding.column {
            place.push_str(&format!(":{column}"));
        }
    }
    let path = finding.path();
    if !path.is_empty() {
        place.push(' ');
        place.push_str(&path);
    }
    clean(place.trim())
}

/// One finding after the other, each with its place and its remedy.
pub fn text(list: &[Finding]) -> String {
    let mut blocks = Vec::new();
    for finding in list {
        let mut block = format!("{}[{}]: {}", finding.level.word(), finding.code, clean(&finding.message));
        let place = place(finding);
        if !place.is_empty() {
            block.push_str(&format!("\n  --> {place}"));
        }
        if let Some(help) = &finding.help {
            block.push_str(&format!("\n  help: {}", clean(help)));
        }
        blocks.push(block);
    }
    blocks.join("\n")
}

/// A list in Markdown.
pub fn markdown(list: &[Finding]) -> String {
    let mut lines = Vec::new();
    for finding in list {
        let help = finding
            .help
            .as_ref()
            .map(|help| format!(" {}.", markdown::escape(&clean(help))))
            .unwrap_or_default();
        lines.push(format!(
            "- **{}** `{}` {}.{help} _{}_",
            finding.level.word(),
            finding.code,
            markdown::escape(&clean(&finding.message)),
            markdown::escape(&place(finding))
        ));
    }
    lines.join("\n")
}

/// `3 errors, 1 warning`.
pub fn summary(list: &[Finding]) -> String {
    let of = |level: FindingLevel| list.iter().filter(|finding| finding.level == level).count();
    let parts: Vec<String> = [
        (of(FindingLevel::Error), "error", "errors"),
        (of(FindingLevel::Warning), "warning", "warnings"),
        (of(FindingLevel::Note), "note", "notes"),
    ]
    .into_iter()
    .filter(|(number, ..)| *number > 0)
    .map(|(number, one, many)| count(number, one, many))
    .collect();
    if parts.is_empty() {
        "no mistakes".to_string()
    } else {
        parts.join(", ")
    }
}
