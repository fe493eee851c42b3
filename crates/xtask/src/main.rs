//! `cargo xtask`: set-up, the demo, the tests and the lints, with the tools that building the solver needs.

mod install;
mod tools;
mod wheel;

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use tools::{Found, Setting};

/// What `cargo xtask` can do.
const HELP: &str = "\
Usage: cargo xtask COMMAND

  setup        find or install cmake and libclang, and print what plain `cargo build` needs
  demo [ARGS]  build everything and solve a real fixture; ARGS go to `rota solve`
  test [ARGS]  run all tests; ARGS go to `cargo test`
  wheel [--test [ARGS]]
               build the Python package into target/wheels; --test tries it, ARGS go to pytest
  lint         check the format, then clippy and the documentation; warnings are errors
  cargo ARGS   run any cargo command with the same tools
";

/// The scenario that the demo solves, from the workspace's root.
const DEMO: &str = "fixtures/clinical_coding/scenario.json";

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    match run(&arguments) {
        Ok(code) => ExitCode::from(code),
        Err(message) => {
            say(&message);
            ExitCode::FAILURE
        }
    }
}

/// Carries out one command line and gives the exit code.
fn run(arguments: &[OsString]) -> Result<u8, String> {
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.to_string_lossy(), rest),
        None => ("".into(), arguments),
    };
    match (&*command, rest) {
        ("setup", []) => setup(),
        ("demo", _) => {
            let demo = ["run", "--package", "rota", "--bin", "rota", "--", "solve", DEMO];
            become_command(Workspace::find()?.cargo(&demo)?.args(rest))
        }
        ("test", _) => become_command(Workspace::find()?.cargo(&["test", "--workspace"])?.args(rest)),
        ("wheel", _) => wheel::run(&Workspace::find()?, rest),
        ("lint", []) => lint(),
        ("cargo", [_, ..]) => {
            let workspace = Workspace::find()?;
            become_command(workspace.cargo(&[])?.args(rest).current_dir(&workspace.started_in))
        }
        ("help" | "--help" | "-h", []) => {
            print!("{HELP}");
            Ok(0)
        }
        _ => {
            eprint!("{HELP}");
            Ok(2)
        }
    }
}

/// Finds or installs the tools and prints, on standard output alone, what to export for plain cargo.
fn setup() -> Result<u8, String> {
    let found = Workspace::find()?.tools()?;
    for tool in &found {
        say(&tool.note);
    }
    let settings: Vec<&Setting> = found.iter().flat_map(|tool| &tool.settings).collect();
    if settings.is_empty() {
        say("plain `cargo build` works here as it is");
    } else {
        say("plain `cargo build` works once these lines are in the shell (`eval \"$(cargo xtask setup)\"`):");
    }
    for setting in settings {
        println!("{}", setting.shell());
    }
    Ok(0)
}

/// Checks the format, the lints and the documentation, up to the first that fails.
fn lint() -> Result<u8, String> {
    let workspace = Workspace::find()?;
    let code = status(workspace.plain_cargo().args(["fmt", "--all", "--check"]))?;
    if code != 0 {
        return Ok(code);
    }
    let clippy = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    let code = status(&mut workspace.cargo(&clippy)?)?;
    if code != 0 {
        return Ok(code);
    }
    let document = ["doc", "--workspace", "--no-deps"];
    status(workspace.cargo(&document)?.env("RUSTDOCFLAGS", "-D warnings"))
}

/// Where the workspace is and where it builds.
struct Workspace {
    root: PathBuf,
    target: PathBuf,
    started_in: PathBuf,
}

impl Workspace {
    /// The workspace that this program was built from.
    fn find() -> Result<Self, String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .expect("this crate is two folders below the workspace's root");
        let started_in = env::current_dir().map_err(|error| format!("no current folder: {error}"))?;
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) if !folder.is_empty() => started_in.join(folder),
            _ => root.join("target"),
        };
        Ok(Self { root: root.to_path_buf(), target, started_in })
    }

    /// The tools that building the solver needs, installed where they were missing.
    fn tools(&self) -> Result<Vec<Found>, String> {
        tools::find(&self.target.join("tools"))
    }

    /// Cargo in the workspace's root, with the tools.
    fn cargo(&self, arguments: &[&str]) -> Result<Command, String> {
        let found = self.tools()?;
        let mut command = self.plain_cargo();
        command.args(arguments);
        for setting in found.iter().flat_map(|tool| &tool.settings) {
            command.env(setting.name, &setting.value);
        }
        Ok(command)
    }

    /// The cargo that runs this program, in the workspace's root.
    fn plain_cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root);
        if env::var_os("CARGO_TARGET_DIR").is_some_and(|folder| !folder.is_empty()) {
            // It may be relative to the folder where the user is.
            command.env("CARGO_TARGET_DIR", &self.target);
        }
        command
    }
}

/// Runs a command to its end and gives its exit code.
fn status(command: &mut Command) -> Result<u8, String> {
    let status = command.status().map_err(|error| cannot_start(command.get_program(), &error))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

/// Lets a command take this process's place, so that Ctrl-C and the exit code are the command's own.
#[cfg(unix)]
fn become_command(command: &mut Command) -> Result<u8, String> {
    let error = std::os::unix::process::CommandExt::exec(command);
    Err(cannot_start(command.get_program(), &error))
}

/// Runs a command as the last thing this process does.
#[cfg(not(unix))]
fn become_command(command: &mut Command) -> Result<u8, String> {
    status(command)
}

/// Why a program did not run.
fn cannot_start(program: &OsStr, error: &std::io::Error) -> String {
    format!("cannot start {}: {error}", program.display())
}

/// Tells the user one thing, on standard error.
fn say(message: &str) {
    eprintln!("xtask: {message}");
}
