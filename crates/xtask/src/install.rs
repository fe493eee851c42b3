//! Programs from the Python package index, put into a folder of our own: with pip, else with Python's standard library alone.

use std::env;
use std::env::consts::{ARCH, OS};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};

use crate::say;
use crate::tools::runs;

/// Reads a package index and unpacks wheels, for a Python without pip.
const FETCH: &str = include_str!("fetch.py");

/// A package of the Python package index that brings a tool.
pub struct Package {
    /// Its name there.
    pub name: &'static str,
    /// The one version that is installed.
    pub version: &'static str,
    /// About how much is downloaded.
    pub size: &'static str,
    /// The tool, inside the folder where the package is installed.
    pub file: String,
}

impl Package {
    /// The tool, installed below `folder` unless an earlier run did that.
    ///
    /// The package's own folder appears there whole or not at all.
    pub fn obtain(&self, folder: &Path) -> Result<PathBuf, String> {
        let home = folder.join(format!("{}-{}", self.name, self.version));
        let tool = home.join(&self.file);
        if tool.is_file() {
            return Ok(tool);
        }
        say(&format!(
            "{}: not on this machine; fetching it from PyPI into {} (once, about {})",
            self.name,
            folder.display(),
            self.size
        ));
        let staging = folder.join(format!("{}-{}.part-{}", self.name, self.version, process::id()));
        let fetched = fs::create_dir_all(&staging)
            .map_err(|error| format!("cannot make {}: {error}", staging.display()))
            .and_then(|()| self.fetch(&staging));
        // Another run may be as far as this one: the first to rename wins.
        if fetched.is_ok() && fs::rename(&staging, &home).is_err() && !tool.is_file() {
            // Something is in the way that lacks the tool.
            let _ = fs::remove_dir_all(&home);
            let _ = fs::rename(&staging, &home);
        }
        let _ = fs::remove_dir_all(&staging);
        fetched.map_err(|reason| {
            format!("{}: {reason}. Or install it with this machine's package manager", self.name)
        })?;
        if tool.is_file() {
            Ok(tool)
        } else {
            Err(format!("{}: cannot put it into {}", self.name, home.display()))
        }
    }

    /// Installs the package into `folder`.
    fn fetch(&self, folder: &Path) -> Result<(), String> {
        let python =
            python().ok_or("fetching it needs Python 3 (`apt install python3`), which is not here")?;
        // Pip knows the mirrors and certificates that a company configured for it.
        if !self.install_with_pip(python, folder) {
            self.download(python, folder)?;
        }
        if folder.join(&self.file).is_file() {
            Ok(())
        } else {
            Err(format!("the package from PyPI has no {}", self.file))
        }
    }

    /// Tries pip, and tells whether it could.
    fn install_with_pip(&self, python: &str, folder: &Path) -> bool {
        let pip = |arguments: &[&str]| {
            let mut command = Command::new(python);
            command.args(["-m", "pip"]).args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
            command
        };
        let there = pip(&["--version"]).stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        if !there {
            return false;
        }
        let installed = pip(&["install", "--quiet", "--no-deps", "--only-binary", ":all:", "--target"])
            .arg(folder)
            .arg(format!("{}=={}", self.name, self.version))
            // A folder of our own is none of the system's business, whatever its pip is told to refuse.
            .env("PIP_BREAK_SYSTEM_PACKAGES", "1")
            .env("PIP_REQUIRE_VIRTUALENV", "0")
            .env("PIP_USER", "0")
            .env("PIP_ROOT_USER_ACTION", "ignore")
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
            .status()
            .is_ok_and(|status| status.success());
        if !installed {
            say(&format!("{}: pip could not; downloading it without pip", self.name));
        }
        installed
    }

    /// Downloads and unpacks the wheel for this machine.
    fn download(&self, python: &str, folder: &Path) -> Result<(), String> {
        let index = env::var("PIP_INDEX_URL").unwrap_or_default();
        let index = if index.is_empty() { "https://pypi.org/simple" } else { index.trim_end_matches('/') };
        let links = run_fetch(python, &["links", &format!("{index}/{}/", self.name)])?;
        let start = format!("{}-{}-", self.name, self.version);
        let machine = Machine { os: OS, arch: ARCH, musl: cfg!(target_env = "musl") };
        let link = links
            .lines()
            .find(|link| link.rsplit('/').next().is_some_and(|file| machine.takes(file, &start)))
            .ok_or_else(|| format!("PyPI has no {} {} for this machine", self.name, self.version))?;
        run_fetch(python, &["unpack", link, &folder.to_string_lossy()])?;
        Ok(())
    }
}

/// This machine's Python 3.
pub fn python() -> Option<&'static str> {
    ["python3", "python"].into_iter().find(|python| runs(python))
}

/// Runs `fetch.py` and gives what it prints.
pub fn run_fetch(python: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(python)
        .args(["-c", FETCH])
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot start {python}: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err("the download failed (the reason is above; it needs the network, once)".into())
    }
}

/// The machine that a wheel has to fit, in Rust's words.
struct Machine {
    os: &'static str,
    arch: &'static str,
    musl: bool,
}

impl Machine {
    /// Whether a file of the package index is a wheel for this machine; its name has to start with `start`.
    ///
    /// A link's `#sha256=...` may follow the name.
    fn takes(&self, file: &str, start: &str) -> bool {
        let name = file.split('#').next().unwrap_or(file);
        let Some(tags) = name.strip_prefix(start).and_then(|rest| rest.strip_suffix(".whl")) else {
            return false;
        };
        if tags.ends_with("-none-any") {
            return true;
        }
        let arch = match self.arch {
            "x86" => "i686",
            "arm" => "armv7l",
            "powerpc64" => "ppc64le",
            other => other,
        };
        let made_for = |system: &str, arch: &str| tags.contains(system) && tags.ends_with(arch);
        match self.os {
            "linux" => made_for(if self.musl { "musllinux" } else { "manylinux" }, &format!("_{arch}")),
            "macos" => {
                let arch = if arch == "aarch64" { "_arm64" } else { "_x86_64" };
                made_for("macosx", "_universal2") || made_for("macosx", arch)
            }
            "windows" => match arch {
                "x86_64" => tags.ends_with("win_amd64"),
                "aarch64" => tags.ends_with("win_arm64"),
                _ => tags.ends_with("win32"),
            },
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files of two packages, as the index lists them.
    const FILES: [&str; 11] = [
        "cmake-4.4.3-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        "cmake-4.4.4.tar.gz",
        "cmake-4.4.4-py3-none-manylinux2014_i686.manylinux_2_17_i686.whl",
        "cmake-4.4.4-py3-none-musllinux_1_2_x86_64.whl",
        "cmake-4.4.4-py3-none-manylinux2014_aarch64.manylinux_2_17_aarch64.whl",
        "cmake-4.4.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl#sha256=00",
        "cmake-4.4.4-py3-none-macosx_10_10_universal2.whl",
        "cmake-4.4.4-py3-none-win_amd64.whl",
        "libclang-18.1.1-1-py2.py3-none-macosx_11_0_arm64.whl",
        "libclang-18.1.1-py2.py3-none-macosx_10_9_x86_64.whl",
        "libclang-18.1.1-py2.py3-none-manylinux2010_x86_64.whl",
    ];

    /// The first file that a machine takes.
    fn choice(start: &str, os: &'static str, arch: &'static str, musl: bool) -> Option<&'static str> {
        let machine = Machine { os, arch, musl };
        FILES.into_iter().find(|file| machine.takes(file, start))
    }

    #[test]
    fn each_machine_gets_its_own_wheel() {
        let cmake = "cmake-4.4.4-";
        assert_eq!(choice(cmake, "linux", "x86_64", false), Some(FILES[5]));
        assert_eq!(choice(cmake, "linux", "x86_64", true), Some(FILES[3]));
        assert_eq!(choice(cmake, "linux", "x86", false), Some(FILES[2]));
        assert_eq!(choice(cmake, "linux", "aarch64", false), Some(FILES[4]));
        assert_eq!(choice(cmake, "macos", "aarch64", false), Some(FILES[6]));
        assert_eq!(choice(cmake, "windows", "x86_64", false), Some(FILES[7]));
        let libclang = "libclang-18.1.1-";
        assert_eq!(choice(libclang, "macos", "aarch64", false), Some(FILES[8]));
        assert_eq!(choice(libclang, "macos", "x86_64", false), Some(FILES[9]));
        assert_eq!(choice(libclang, "linux", "x86_64", false), Some(FILES[10]));
    }

    #[test]
    fn what_is_python_alone_fits_every_machine() {
        let machine = Machine { os: "freebsd", arch: "riscv64", musl: false };
        assert!(machine.takes("pluggy-1.6.0-py3-none-any.whl", "pluggy-1.6.0-"));
        assert!(!machine.takes("pluggy-1.6.0.tar.gz", "pluggy-1.6.0-"));
    }

    #[test]
    fn a_machine_without_a_wheel_gets_none() {
        assert_eq!(choice("libclang-18.1.1-", "linux", "riscv64", false), None);
        assert_eq!(choice("cmake-4.4.4-", "freebsd", "x86_64", false), None);
    }
}
