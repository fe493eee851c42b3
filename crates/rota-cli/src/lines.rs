//! Standard error as JSON lines (`--progress jsonl`): whoever reads it meets no line of another kind.
//!
//! Standard error belongs to the whole process, and so does the way it is written.

use crate::render::clean;
use crate::Exit;
use rota_core::{Finding, FindingLevel};
use rota_io::progress::LineDocument;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Mutex;

static ON: AtomicBool = AtomicBool::new(false);
/// How the search ended, for the last line.
static STATUS: Mutex<Option<String>> = Mutex::new(None);

/// From now on everything said is a JSON line, a panic too.
pub fn begin() {
    ON.store(true, Ordering::Relaxed);
    std::panic::set_hook(Box::new(|panic| {
        let message = format!("rota failed: {}", panic.to_string().replace('\n', " "));
        let help = "this is a mistake in rota; please report it with the scenario (pseudonyms will do)";
        finding(Finding::error("internal", "", message).help(help).without_pointer());
    }));
}

/// Whether it is so.
pub fn on() -> bool {
    ON.load(Ordering::Relaxed)
}

/// Writes a line.
pub fn line(line: &LineDocument) {
    let text = serde_json::to_string(line).expect("lines are plain data");
    // Whole lines, whichever thread speaks.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Writes what was found.
pub fn finding(finding: Finding) {
    line(&LineDocument::Finding { finding });
}

/// Remembers how the search ended.
pub fn ends_as(status: &str) {
    *STATUS.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(status.to_string());
}

/// Writes the last line, where lines are written.
pub fn end(exit_code: Exit) {
    if on() {
        let status = STATUS.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        line(&LineDocument::End { status, exit_code });
    }
}

/// Arguments that are not understood.
pub fn of_arguments(problem: &clap::Error) -> Finding {
    let text = clean(&problem.to_string().replace('\n', " "));
    let text = text.trim().trim_start_matches("error: ");
    let text = text.split("For more information").next().unwrap_or(text).trim();
    let (message, usage) = text.split_once("Usage:").unwrap_or((text, "rota --help"));
    Finding::error("arguments", "", message.trim()).help(format!("Usage: {}", usage.trim())).without_pointer()
}

/// Writes what was meant for people: what is said in the way findings are said is a finding.
pub fn said(text: &str) {
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.match_indices('\n').map(|(at, _)| at).find(|at| level_of(&rest[at + 1..]).is_some());
        let (block, after) = end.map_or((rest, ""), |at| (&rest[..at], &rest[at + 1..]));
        match found(block) {
            Some(own) => finding(own),
            None => line(&LineDocument::Message { text: clean(&block.replace('\n', " ")) }),
        }
        rest = after;
    }
}

/// The level, and what follows it, of `error[a.b]: ...`.
fn level_of(text: &str) -> Option<(FindingLevel, &str)> {
    [FindingLevel::Error, FindingLevel::Warning, FindingLevel::Note].into_iter().find_map(|level| {
        let rest = text.strip_prefix(level.word())?.strip_prefix('[')?;
        Some((level, rest))
    })
}

/// `error[a.b]: message` and `  help: remedy` as a finding.
fn found(block: &str) -> Option<Finding> {
    let (level, rest) = level_of(block)?;
    let (code, rest) = rest.split_once("]: ")?;
    let (message, help) = rest.split_once("\n  help: ").unwrap_or((rest, ""));
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut finding = Finding::error(code, "", flat(message)).without_pointer();
    finding.level = level;
    Some(if help.is_empty() { finding } else { finding.help(flat(help)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_like_a_finding_is_one() {
        let own = found("error[a.b]: it is\n  wrong\n  help: mend it").expect("a finding");
        assert_eq!((own.level, own.code.as_str()), (FindingLevel::Error, "a.b"));
        assert_eq!((own.message.as_str(), own.help.as_deref()), ("it is wrong", Some("mend it")));
        assert!(found("Wrote roster.json.").is_none());
        assert!(found("error: without a code").is_none());
    }
}
