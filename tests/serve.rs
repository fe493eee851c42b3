//! `rota serve` as a program: how it starts, refuses to start and ends; and what the README shows of it.

mod common;
#[path = "common/service.rs"]
mod service;

use common::{project, rota};
use serde_json::Value;
use service::Service;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const JSON: &str = "Content-Type: application/json\r\n";

/// Words that stand in the body alone.
fn canary() -> String {
    let scenario = fs::read_to_string(project("fixtures/clinical_coding/scenario.json")).expect("it reads");
    scenario.replace("Amy Walsh", "Canary Walsh")
}

#[test]
#[cfg(unix)]
fn it_answers_says_nothing_and_ends_when_asked() {
    let token = tempfile::NamedTempFile::new().expect("a file");
    fs::write(token.path(), "canary-canary-canary\n").expect("it is written");
    let service = Service::start(&["--token-file", &token.path().display().to_string()]);
    let body = format!(r#"{{ "scenario": {} }}"#, canary());
    assert!(service.send("POST", "/v1/solve", JSON, body.as_bytes()).starts_with("HTTP/1.1 401 "));
    let headers = format!("{JSON}Authorization: Bearer canary-canary-canary\r\nPrefer: wait=300\r\n");
    let answer = service.send("POST", "/v1/solve", &headers, body.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let document: Value =
        serde_json::from_str(answer.split_once("\r\n\r\n").expect("a body").1).expect("JSON");
    assert_eq!(document["status"], "optimal");
    let (code, said) = service.end();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("Ending:"), "{said}");
    assert!(!said.to_lowercase().contains("canary"), "{said}");
}

#[test]
#[cfg(unix)]
fn it_ends_within_seconds_while_a_job_runs() {
    let service = Service::start(&[]);
    // A department for which an hour is not too long.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("big.json").display().to_string();
    rota(&["generate", "--people", "200", "--days", "20", "--seed", "1", "-o", &path]).exits(0);
    let scenario = fs::read_to_string(&path).expect("it reads");
    let body = format!(r#"{{ "scenario": {scenario}, "options": {{ "time_limit": 3600 }} }}"#);
    let answer = service.send("POST", "/v1/solve", JSON, body.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
    let (code, said) = service.end();
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn beyond_this_computer_it_needs_a_token() {
    let refused = rota(&["serve", "--listen", "0.0.0.0:0"]).exits(2);
    assert!(refused.err.starts_with("error[serve.no_token]: 0.0.0.0:0 can be reached"), "{}", refused.err);
    assert!(refused.err.contains("--token-file"), "{}", refused.err);
    rota(&["serve", "--listen", "[::]:0"]).exits(2);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("token");
    let given = |text: &str| {
        fs::write(&path, text).expect("it is written");
        rota(&["serve", "--listen", "0.0.0.0:0", "--token-file", &path.display().to_string()]).exits(2).err
    };
    assert!(given("# none\n").contains("there is no token in it"));
    let short = given("short\n");
    assert!(short.contains("line 1 holds no token") && !short.contains("short"), "{short}");
    let missing = rota(&["serve", "--token-file", "nowhere/token"]).exits(2);
    assert!(
        missing.err.starts_with("error[serve.token_file]: `nowhere/token`: cannot be read"),
        "{}",
        missing.err
    );
}

#[test]
fn addresses_that_are_taken_or_no_address_are_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let refused = rota(&["serve", "--listen", &address]).exits(2);
    assert!(
        refused.err.starts_with(&format!("error[serve.listen]: cannot listen on {address}")),
        "{}",
        refused.err
    );
    for wrong in [
        ["--listen", "here"],
        ["--max-body", "lots"],
        ["--max-seconds", "0"],
        ["--jobs", "0"],
        ["--keep", "15"],
    ] {
        rota(&[&["serve"][..], &wrong[..]].concat()).exits(2);
    }
}

/// The commands of the README's section, as they stand there, at the port that is free here.
#[test]
#[cfg(unix)]
fn the_commands_of_the_readme_work() {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("SKIPPED: this machine has no curl, so the README's commands of the service were not run");
        return;
    }
    let text = fs::read_to_string(project("README.md")).expect("it reads");
    let (_, rest) = text.split_once("<!-- service -->\n```sh\n").expect("the mark is there");
    let (commands, _) = rest.split_once("```\n<!-- /service -->").expect("the closing mark is there");
    let service = Service::start(&[]);
    let folder = tempfile::tempdir().expect("a folder");
    fs::copy(project("fixtures/clinical_coding/scenario.json"), folder.path().join("week.json"))
        .expect("copied");
    let said = shell(&commands.replace("127.0.0.1:8787", &service.address), folder.path());
    let shown: Vec<&str> = text
        .split_once("<!-- service -->")
        .and_then(|(_, rest)| rest.split_once("<!-- /service -->"))
        .map(|(part, _)| {
            part.lines().filter_map(|line| line.split_once("# -> ")).map(|(_, said)| said).collect()
        })
        .expect("the part is there");
    assert!(shown.len() > 3, "{shown:?}");
    let mut rest = said.as_str();
    for wanted in shown {
        let at = rest.find(wanted).unwrap_or_else(|| panic!("`{wanted}` is not said, or not then:\n{said}"));
        rest = &rest[at + wanted.len()..];
    }
}

fn shell(commands: &str, folder: &Path) -> String {
    let output = Command::new("sh")
        .args(["-eu", "-c", commands])
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    said
}
