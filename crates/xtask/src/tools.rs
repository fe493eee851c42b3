//! The tools that building the solver needs: a C++ compiler, cmake with make or ninja, and libclang.
//!
//! What the build finds by itself is left alone: a variable that came and went between `cargo build` and
//! `cargo xtask` would build the solver's bindings anew each time.

use std::env;
use std::env::consts::{DLL_SUFFIX, EXE_SUFFIX};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::install::Package;

/// The oldest cmake that the solver's build takes.
const CMAKE_AT_LEAST: (u32, u32) = (3, 15);

/// A tool that is there, and what to set for the build to use it.
pub struct Found {
    /// Which one it is, for people.
    pub note: String,
    /// Empty where the build finds the tool by itself.
    pub settings: Vec<Setting>,
}

impl Found {
    fn new(note: String, settings: Vec<Setting>) -> Self {
        Self { note, settings }
    }
}

/// An environment variable for the build.
pub struct Setting {
    /// The variable.
    pub name: &'static str,
    /// What it is set to.
    pub value: OsString,
}

impl Setting {
    fn new(name: &'static str, value: impl Into<OsString>) -> Self {
        Self { name, value: value.into() }
    }

    /// The line that sets it in a shell.
    pub fn shell(&self) -> String {
        format!("export {}={}", self.name, quote(&self.value.to_string_lossy()))
    }
}

/// Every tool, those missing on this machine installed into `folder`.
pub fn find(folder: &Path) -> Result<Vec<Found>, String> {
    Ok(vec![compiler()?, cmake(folder)?, builder(folder)?, libclang(folder)?])
}

/// The C++ compiler, the one tool that has to come from the system.
fn compiler() -> Result<Found, String> {
    if let Some(program) = variable("CXX") {
        return Ok(Found::new(format!("C++ compiler: {}, from CXX", program.display()), vec![]));
    }
    if cfg!(windows) || runs("c++") {
        return Ok(Found::new("C++ compiler: the system's".into(), vec![]));
    }
    match ["g++", "clang++"].into_iter().find(|program| runs(program)) {
        Some(program) => {
            Ok(Found::new(format!("C++ compiler: {program}"), vec![Setting::new("CXX", program)]))
        }
        None => Err("no C++ compiler here, and HiGHS is C++. Install one: \
             `apt install g++`, `dnf install gcc-c++`, `apk add g++` or `xcode-select --install`"
            .into()),
    }
}

/// A cmake that is new enough.
fn cmake(folder: &Path) -> Result<Found, String> {
    if let Some(program) = path_from_elsewhere("CMAKE", folder) {
        return match cmake_version(&program) {
            Some(version) if version >= CMAKE_AT_LEAST => {
                Ok(Found::new(format!("cmake: {}, from CMAKE", program.display()), vec![]))
            }
            _ => Err(format!(
                "CMAKE is {}, which is no cmake that runs here and is at least {}.{}: set it to one, or unset it",
                program.display(),
                CMAKE_AT_LEAST.0,
                CMAKE_AT_LEAST.1
            )),
        };
    }
    if cmake_version("cmake").is_some_and(|version| version >= CMAKE_AT_LEAST) {
        return Ok(Found::new("cmake: the system's".into(), vec![]));
    }
    let package = Package {
        name: "cmake",
        version: "4.4.4",
        size: "30 MB",
        file: format!("cmake/data/bin/cmake{EXE_SUFFIX}"),
    };
    let program = package.obtain(folder)?;
    if cmake_version(&program).is_none() {
        return Err(format!(
            "{} does not run on this machine: install cmake with its package manager",
            program.display()
        ));
    }
    Ok(Found::new(format!("cmake: {}", program.display()), vec![Setting::new("CMAKE", program)]))
}

/// What cmake builds with; a machine with g++ may well lack make.
fn builder(folder: &Path) -> Result<Found, String> {
    const NINJA: &str = "Ninja";
    match variable("CMAKE_GENERATOR") {
        Some(generator) if generator == NINJA => {}
        Some(generator) => {
            let note = format!("build program: {}, from CMAKE_GENERATOR", generator.display());
            return Ok(Found::new(note, vec![]));
        }
        None if cfg!(windows) || runs("make") || runs("gmake") => {
            return Ok(Found::new("build program: the system's".into(), vec![]));
        }
        None => {}
    }
    let generator = Setting::new("CMAKE_GENERATOR", NINJA);
    if runs("ninja") {
        return Ok(Found::new("build program: the system's ninja".into(), vec![generator]));
    }
    let package =
        Package { name: "ninja", version: "1.13.2", size: "1 MB", file: format!("bin/ninja{EXE_SUFFIX}") };
    let program = package.obtain(folder)?;
    if !runs(&program) {
        return Err(format!(
            "{} does not run on this machine: install make with its package manager",
            program.display()
        ));
    }
    let mut search = vec![parent(&program)];
    search.extend(folders_in("CMAKE_PROGRAM_PATH").into_iter().filter(|path| !path.starts_with(folder)));
    let search =
        env::join_paths(search).map_err(|error| format!("cannot tell cmake where ninja is: {error}"))?;
    Ok(Found::new(
        format!("build program: {}", program.display()),
        vec![generator, Setting::new("CMAKE_PROGRAM_PATH", search)],
    ))
}

/// The library that reads the solver's C header.
fn libclang(folder: &Path) -> Result<Found, String> {
    if let Some(path) = path_from_elsewhere("LIBCLANG_PATH", folder) {
        let is_it = path.is_file() && is_libclang(&path) || holds_libclang(&path);
        return if is_it {
            Ok(Found::new(format!("libclang: {}, from LIBCLANG_PATH", path.display()), vec![]))
        } else {
            Err(format!(
                "LIBCLANG_PATH is {}, where no libclang is: set it to the folder with one, or unset it",
                path.display()
            ))
        };
    }
    if let Some(path) = system_libclang() {
        return Ok(Found::new(format!("libclang: {}", path.display()), vec![]));
    }
    let package = Package {
        name: "libclang",
        version: "18.1.1",
        size: "25 MB",
        file: format!("clang/native/libclang{DLL_SUFFIX}"),
    };
    let path = parent(&package.obtain(folder)?);
    Ok(Found::new(format!("libclang: {}", path.display()), vec![Setting::new("LIBCLANG_PATH", path)]))
}

/// The folder of a libclang that the build (clang-sys) finds by itself.
fn system_libclang() -> Option<PathBuf> {
    let llvm_config = variable("LLVM_CONFIG_PATH").unwrap_or_else(|| "llvm-config".into());
    let prefix = output(llvm_config, "--prefix").map(|prefix| PathBuf::from(prefix.trim()));
    let of_llvm = prefix.iter().flat_map(|prefix| ["bin", "lib", "lib64"].map(|name| prefix.join(name)));
    let of_linker = ["LD_LIBRARY_PATH", "LIBRARY_PATH"].into_iter().flat_map(folders_in);
    let fixed = [
        "/Library/Developer/CommandLineTools/usr/lib",
        "/Applications/Xcode.app/Contents/Developer/Toolchains/XcodeDefault.xctoolchain/usr/lib",
        "C:\\Program Files\\LLVM\\bin",
    ]
    .map(PathBuf::from);
    let deep = [("/usr/local", "llvm", 1), ("/usr/local", "lib", 2), ("/usr", "lib", 2)];
    of_llvm.chain(of_linker).chain(fixed).find(|folder| holds_libclang(folder)).or_else(|| {
        deep.into_iter().find_map(|(folder, name, depth)| libclang_below(Path::new(folder), name, depth))
    })
}

/// A folder with libclang among those in `folder` whose names start with `name`, and `depth` folders deeper.
fn libclang_below(folder: &Path, name: &str, depth: usize) -> Option<PathBuf> {
    let starts_so =
        |path: &Path| path.file_name().is_some_and(|found| found.to_string_lossy().starts_with(name));
    entries(folder).into_iter().filter(|path| starts_so(path) && path.is_dir()).find_map(|path| {
        if holds_libclang(&path) {
            return Some(path);
        }
        depth.checked_sub(1).and_then(|depth| libclang_below(&path, "", depth))
    })
}

/// Whether a folder has a libclang in it.
fn holds_libclang(folder: &Path) -> bool {
    entries(folder).iter().any(|path| is_libclang(path) && path.is_file())
}

/// Whether a file's name is libclang's, which libclang-cpp's is not.
fn is_libclang(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(OsStr::to_str) else {
        return false;
    };
    let Some(rest) = name.strip_prefix("libclang") else {
        return name == "clang.dll";
    };
    let versioned = rest.starts_with('-') && rest.contains(".so");
    let plain = [".so", ".dylib", ".dll"].contains(&rest) || rest.starts_with(".so.");
    (plain || versioned) && !rest.contains("-cpp.")
}

/// What is in a folder, in the order of names; nothing where it cannot be read.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// The folder that a file is in.
fn parent(file: &Path) -> PathBuf {
    file.parent().expect("a file inside the tools' folder").to_path_buf()
}

/// The folders that a variable such as PATH lists.
fn folders_in(name: &str) -> Vec<PathBuf> {
    variable(name).map(|list| env::split_paths(&list).collect()).unwrap_or_default()
}

/// A variable's path, unless it is one that an earlier run told the user to set: `cargo clean` may have
/// removed what was there.
fn path_from_elsewhere(name: &str, folder: &Path) -> Option<PathBuf> {
    variable(name).map(PathBuf::from).filter(|path| !path.starts_with(folder))
}

/// An environment variable that is set to something.
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// Whether a program is there and runs.
pub fn runs(program: impl AsRef<OsStr>) -> bool {
    output(program, "--version").is_some()
}

/// What a program prints for one argument, if it is there and succeeds.
fn output(program: impl AsRef<OsStr>, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The version of a cmake that runs.
fn cmake_version(program: impl AsRef<OsStr>) -> Option<(u32, u32)> {
    parse_cmake_version(&output(program, "--version")?)
}

/// The version in what `cmake --version` prints.
fn parse_cmake_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.lines().next()?.strip_prefix("cmake version ")?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// A word of a shell's command line.
fn quote(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+:,@%".contains(letter);
    if !text.is_empty() && text.chars().all(plain) {
        text.into()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libclang_is_told_from_its_neighbours() {
        for name in [
            "libclang.so",
            "libclang.so.1",
            "libclang-14.so.1",
            "libclang-3.9.so",
            "libclang.dylib",
            "clang.dll",
        ] {
            assert!(is_libclang(Path::new(name)), "{name}");
        }
        for name in
            ["libclang-cpp.so", "libclang-cpp.so.14", "libclang.a", "libclangAST.so", "libclang_rt.so"]
        {
            assert!(!is_libclang(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn cmake_versions_are_read() {
        assert_eq!(parse_cmake_version("cmake version 3.25.1\n\nmore"), Some((3, 25)));
        assert_eq!(parse_cmake_version("cmake version 4.1.0-rc2"), Some((4, 1)));
        assert_eq!(parse_cmake_version("pyenv: cmake: command not found"), None);
        assert_eq!(parse_cmake_version(""), None);
    }

    #[test]
    fn shell_words_are_quoted_where_needed() {
        assert_eq!(quote("/usr/lib/llvm-14/lib"), "/usr/lib/llvm-14/lib");
        assert_eq!(quote("/a b/c"), "'/a b/c'");
        assert_eq!(quote("it's"), "'it'\\''s'");
        assert_eq!(quote(""), "''");
        assert_eq!(Setting::new("CMAKE", "/$x").shell(), "export CMAKE='/$x'");
    }
}
