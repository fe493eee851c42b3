//! The Python package: a wheel built by maturin, and its tests by pytest, both fetched where they are missing.
//!
//! The wheel is built with the profile and in the folder of everything else, so that HiGHS is built once.

use std::env;
use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::install::{python, run_fetch, Package};
use crate::{say, status, Workspace};

/// What builds wheels of Rust crates.
const MATURIN: (&str, &str, &str) = ("maturin", "1.16.0", "10 MB");

/// What runs the tests, with what it needs: Python alone, so that any Python can use them.
const PYTEST: [(&str, &str, &str); 5] = [
    ("pytest", "9.2.0", "pytest/__init__.py"),
    ("pluggy", "1.7.0", "pluggy/__init__.py"),
    ("iniconfig", "2.3.1", "iniconfig/__init__.py"),
    ("packaging", "26.3", "packaging/__init__.py"),
    ("pygments", "2.21.0", "pygments/__init__.py"),
];

/// What pytest needs besides in Python 3.10.
const PYTEST_3_10: [(&str, &str, &str); 3] = [
    ("exceptiongroup", "1.3.1", "exceptiongroup/__init__.py"),
    ("tomli", "2.5.0", "tomli/__init__.py"),
    ("typing_extensions", "4.16.0", "typing_extensions.py"),
];

/// Builds the wheel, and tests it where that is asked for.
pub fn run(workspace: &Workspace, arguments: &[OsString]) -> Result<u8, String> {
    let tests = match arguments.split_first() {
        None => None,
        Some((first, rest)) if first == "--test" => Some(rest),
        Some(_) => return Err("`cargo xtask wheel` takes --test and, after it, arguments for pytest".into()),
    };
    let wheels = workspace.target.join("wheels");
    let (code, wheel) = build(workspace, &wheels)?;
    match (wheel, tests) {
        (Some(wheel), Some(arguments)) => test(workspace, &wheel, arguments),
        (Some(wheel), None) => {
            say(&format!("built {}", wheel.display()));
            Ok(code)
        }
        (None, _) => Ok(code),
    }
}

/// Builds the wheel into a folder that then holds it alone.
fn build(workspace: &Workspace, wheels: &Path) -> Result<(u8, Option<PathBuf>), String> {
    let (name, version, size) = MATURIN;
    let package = Package { name, version, size, file: format!("bin/maturin{EXE_SUFFIX}") };
    let maturin = package.obtain(&workspace.target.join("tools"))?;
    let python =
        python().ok_or("the Python package needs Python 3 (`apt install python3`), which is not here")?;
    for old in wheels_in(wheels) {
        fs::remove_file(&old).map_err(|error| format!("cannot remove {}: {error}", old.display()))?;
    }
    let mut command = Command::new(maturin);
    // Cargo's own settings, the tools among them, as in every other command here.
    for (variable, value) in workspace.cargo(&[])?.get_envs() {
        if let Some(value) = value {
            command.env(variable, value);
        }
    }
    command
        .current_dir(&workspace.root)
        .args(["build", "--profile", "dev", "--strip", "--quiet", "--interpreter", python])
        .args(["--manifest-path", "crates/rota-python/Cargo.toml", "--out"])
        .arg(wheels);
    let code = status(&mut command)?;
    if code != 0 {
        return Ok((code, None));
    }
    match wheels_in(wheels).pop() {
        Some(wheel) => Ok((0, Some(wheel))),
        None => Err(format!("maturin left no wheel in {}", wheels.display())),
    }
}

/// The wheels in a folder.
fn wheels_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.extension().is_some_and(|ending| ending == "whl")).collect()
}

/// Unpacks the wheel where Python finds it and nothing else of ours, and runs the tests with it.
fn test(workspace: &Workspace, wheel: &Path, arguments: &[OsString]) -> Result<u8, String> {
    let python = python().ok_or("the tests need Python 3, which is not here")?;
    let installed = workspace.target.join("wheels").join("installed");
    let _ = fs::remove_dir_all(&installed);
    let address = format!("file://{}", wheel.display().to_string().replace('\\', "/").replace(' ', "%20"));
    run_fetch(python, &["unpack", &address, &installed.to_string_lossy()])?;
    let is_old =
        !status(Command::new(python).args(["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]))
            .is_ok_and(|code| code == 0);
    let more: &[(&str, &str, &str)] = if is_old { &PYTEST_3_10 } else { &[] };
    let mut places = vec![installed];
    for (name, version, file) in PYTEST.iter().chain(more) {
        let package = Package { name, version, size: "1 MB", file: (*file).to_string() };
        package.obtain(&workspace.target.join("tools"))?;
        places.push(workspace.target.join("tools").join(format!("{name}-{version}")));
    }
    let places =
        env::join_paths(places).map_err(|error| format!("cannot tell Python where the wheel is: {error}"))?;
    let mut command = Command::new(python);
    command
        .current_dir(&workspace.root)
        .env("PYTHONPATH", places)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["-m", "pytest", "-p", "no:cacheprovider", "-q", "-ra", "crates/rota-python/tests"])
        .args(arguments);
    status(&mut command)
}
