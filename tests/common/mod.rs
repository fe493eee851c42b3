//! What the whole-program tests share.

#![allow(dead_code)] // each test binary uses its part

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run of the program gave.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// A file of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A new folder with these files.
pub fn folder_of(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, contents) in files {
        std::fs::write(folder.path().join(name), contents).expect("written");
    }
    folder
}

/// Runs `rota` in a folder.
pub fn rota_in(folder: &Path, args: &[&str]) -> Run {
    run(Command::new(env!("CARGO_BIN_EXE_rota")).current_dir(folder).args(args).stdin(Stdio::null()))
}

/// Runs `rota` at the top of the project.
pub fn rota(args: &[&str]) -> Run {
    rota_in(&project(""), args)
}

/// Runs `rota` with a text on standard input.
pub fn rota_reading(args: &[&str], input: &str) -> Run {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_rota"))
        .args(args)
        .env_remove("TERM")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("rota starts");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("rota reads");
    read(child.wait_with_output().expect("rota ends"))
}

fn run(command: &mut Command) -> Run {
    read(command.env_remove("TERM").env_remove("COLUMNS").output().expect("rota runs"))
}

fn read(output: std::process::Output) -> Run {
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

impl Run {
    /// Standard output as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|problem| panic!("{problem}: {}\n{}", self.out, self.err))
    }

    /// Fails unless the exit code is this one.
    #[track_caller]
    pub fn exits(self, code: i32) -> Run {
        assert_eq!(self.code, code, "standard output:\n{}\nstandard error:\n{}", self.out, self.err);
        self
    }
}

/// Fails unless a document fits the schema that the program gives for its kind.
#[track_caller]
pub fn fits_schema(kind: &str, document: &serde_json::Value) {
    let schema = rota(&["schema", kind]).exits(0).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema is a schema");
    let problems: Vec<String> = validator
        .iter_errors(document)
        .map(|problem| format!("{}: {problem}", problem.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
