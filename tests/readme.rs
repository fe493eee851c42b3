//! What the README shows is what the program does.
//! `ROTA_UPDATE=1 cargo xtask test --test readme` writes the session and the rules table anew.

mod common;

use common::{project, rota, rota_reading};
use std::fs;

fn between<'t>(text: &'t str, name: &str) -> (&'t str, &'t str, &'t str) {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let start = text.find(&open).expect("the mark is there") + open.len();
    let end = text.find(&close).expect("the closing mark is there");
    (&text[..start], &text[start..end], &text[end..])
}

/// Compares a marked part of the README with what it should be, or writes it.
fn current(name: &str, wanted: &str) {
    let path = project("README.md");
    let text = fs::read_to_string(&path).expect("the README reads");
    let (before, found, after) = between(&text, name);
    if found == wanted {
        return;
    }
    if std::env::var_os("ROTA_UPDATE").is_some() {
        fs::write(&path, format!("{before}{wanted}{after}")).expect("the README is written");
    } else {
        panic!("the part `{name}` of README.md is stale; see the top of this test\n{wanted}");
    }
}

/// All parts in one test, because they may write one file.
#[test]
fn session_and_rules_are_current() {
    let rules = rota(&["rules", "--format", "markdown"]).exits(0).out;
    current("rules", &format!("{rules}\n").replace("\n\n", "\n"));
    let week = "fixtures/clinical_coding_week/scenario.json";
    let explained = rota(&["explain", week]).exits(1).out;
    current("explain", &format!("```text\n$ rota explain {week}\n{explained}```\n"));
    let scenario = "fixtures/clinical_coding/scenario.json";
    let solved = rota(&["solve", scenario]).exits(0).out;
    let text = fs::read_to_string(project("README.md")).expect("the README reads");
    let shown = between(&text, "session").1;
    let wanted = format!("```text\n$ rota solve {scenario}\n{solved}```\n");
    // Rosters of equal cost may differ between versions of the solver: what must agree is what is proved.
    let proved = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| {
                line.contains("proved") || line.contains("people,") || line.starts_with("Clinical")
            })
            .map(str::to_string)
            .collect()
    };
    if proved(shown) != proved(&wanted) || std::env::var_os("ROTA_UPDATE").is_some() {
        current("session", &wanted);
    }
}

#[test]
fn the_scenario_shown_solves() {
    let text = fs::read_to_string(project("README.md")).expect("the README reads");
    let json = between(&text, "scenario").1.trim().trim_start_matches("```json").trim_end_matches("```");
    rota_reading(&["validate", "-"], json).exits(0);
    let solved = rota_reading(&["solve", "-", "--format", "json"], json).exits(0).json();
    assert_eq!(solved["status"], "optimal");
}

#[test]
fn every_command_of_the_table_exists() {
    let text = fs::read_to_string(project("README.md")).expect("the README reads");
    let help = rota(&["--help"]).exits(0).out;
    for line in text.lines().filter(|line| line.starts_with("| `rota ")) {
        let command = line.trim_start_matches("| `rota ").split([' ', '`']).next().expect("a word");
        assert!(help.contains(&format!("  {command}")), "{command} is not a command");
    }
}

#[test]
fn the_programs_shown_are_the_examples() {
    for file in ["crates/rota/examples/process.mjs", "crates/rota/examples/RotaProcess.java"] {
        let kind = if file.ends_with("mjs") { "js" } else { "java" };
        let source = fs::read_to_string(project(file)).expect("the example reads");
        let text = fs::read_to_string(project("README.md")).expect("the README reads");
        let shown = between(&text, &format!("file {file}")).1;
        assert!(shown == format!("```{kind}\n{source}```\n"), "README.md shows another {file}");
    }
}

#[cfg(unix)]
#[test]
fn the_batch_shown_runs() {
    let text = fs::read_to_string(project("README.md")).expect("the README reads");
    let script = between(&text, "batch").1.trim().trim_start_matches("```sh").trim_end_matches("```");
    let folder = tempfile::tempdir().expect("a folder");
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_rota")).parent().expect("a folder");
    let path = std::env::join_paths(
        std::iter::once(program.to_path_buf())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let status = std::process::Command::new("sh")
        .args(["-euc", script])
        .current_dir(folder.path())
        .env("PATH", path.expect("a path"))
        .status();
    assert!(status.expect("sh runs").success());
    let lines =
        |name: &str| fs::read_to_string(folder.path().join(name)).expect("it was written").lines().count();
    assert_eq!((lines("rosters.ndjson"), lines("again.ndjson")), (2, 2));
}
