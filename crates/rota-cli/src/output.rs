//! Where words and documents go.

use crate::args::Beside;
use crate::lines;
use crate::render::clean;
use crate::{Exit, MISTAKE};
use rota_io::files::{is_special, keep_as, write_whole};
use rota_io::seal::{known, Known};
use std::io::Write;
use std::path::Path;

/// What a roster that was changed by hand is called when another takes its name.
const EDITED: &str = "edited";
/// What a file that may have been changed by hand is called then.
const BEFORE: &str = "before";

/// Prints a result to standard output. A reader that has gone away is no error; a full disk ends the program.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let ended = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let written = write!(out, "{text}{ended}").and_then(|()| out.flush());
    if let Err(what) = written {
        if what.kind() != std::io::ErrorKind::BrokenPipe {
            say(&format!(
                "error[output]: cannot write to standard output: {what}\n  help: write to a file with -o"
            ));
            lines::end(MISTAKE);
            std::process::exit(i32::from(MISTAKE));
        }
    }
}

/// Says something on standard error; as JSON lines where those were asked for.
pub fn say(text: &str) {
    if lines::on() {
        return lines::said(text);
    }
    let mut err = std::io::stderr().lock();
    let _ = writeln!(err, "{text}");
}

/// A document as JSON with line breaks.
pub fn json<T: serde::Serialize>(document: &T) -> String {
    let mut text = serde_json::to_string_pretty(document).expect("documents are plain data");
    text.push('\n');
    text
}

/// Writes a result to a file, or to standard output for `-` and where no file is named. Gives the name used.
pub fn write(path: Option<&Path>, text: &str) -> Result<Option<String>, Exit> {
    match path {
        None => print(text),
        Some(path) if path == Path::new("-") => print(text),
        Some(path) => return write_bytes(path, text.as_bytes()),
    }
    Ok(None)
}

/// Writes a result to a file, saying so where one is replaced; one that somebody has changed, or may have, is kept
/// under another name. Gives the name used.
pub fn write_bytes(path: &Path, contents: &[u8]) -> Result<Option<String>, Exit> {
    if keep_changed(path, contents)? {
        return replace_bytes(path, contents);
    }
    let was_there = path.exists();
    let used = replace_bytes(path, contents)?;
    if was_there && used.as_deref() == Some(path.display().to_string().as_str()) {
        say(&format!("note: `{}` was there and is replaced", path.display()));
    }
    Ok(used)
}

/// Keeps a file that somebody has changed, or may have, under another name, before `contents` take its place; one that
/// says the same already needs no keeping. Says so, and gives whether one was kept.
pub fn keep_changed(path: &Path, contents: &[u8]) -> Result<bool, Exit> {
    let (word, why) = match known(path) {
        Known::AsWritten => return Ok(false),
        Known::Changed => (EDITED, "was changed since rota wrote it"),
        Known::Unsure if std::fs::read(path).is_ok_and(|there| there == contents) => return Ok(false),
        Known::Unsure => (BEFORE, "was there, and may have been changed by hand"),
    };
    let kept = keep_as(path, word).map_err(|what| cannot_write(&what))?;
    say(&format!(
        "note: `{}` {why}; it is kept as `{}`",
        clean(&path.display().to_string()),
        clean(&kept.display().to_string())
    ));
    Ok(true)
}

/// Writes a file whole, over one that is there. Gives the name used.
pub fn replace(path: &Path, text: &str) -> Result<Option<String>, Exit> {
    replace_bytes(path, text.as_bytes())
}

/// The same for what is no text.
pub fn replace_bytes(path: &Path, contents: &[u8]) -> Result<Option<String>, Exit> {
    match write_whole(path, contents) {
        Ok(used) => {
            if used != path {
                say(&format!("`{}` cannot be replaced just now; using another name", path.display()));
            }
            Ok(Some(used.display().to_string()))
        }
        Err(what) => Err(cannot_write(&what)),
    }
}

fn cannot_write(what: &str) -> Exit {
    say(&format!("error[file.write]: {what}\n  help: choose another place with -o"));
    MISTAKE
}

/// Refuses, before any work, outputs that are the same file as an input or as each other, or whose folder does not
/// exist.
pub fn apart(outputs: &[(Option<&Path>, &str)], inputs: &[&str], beside: &Beside) -> Result<(), Exit> {
    let same = |one: &Path, other: &Path| {
        one == other
            || one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
    };
    let inputs: Vec<&Path> = inputs
        .iter()
        .copied()
        .chain(
            [&beside.history, &beside.previous, &beside.ties].into_iter().filter_map(|file| file.as_deref()),
        )
        .map(Path::new)
        .collect();
    let mut before: Vec<(&Path, &str)> = Vec::new();
    let mut problems = Vec::new();
    for (path, option) in outputs.iter().filter_map(|(path, option)| path.map(|path| (path, *option))) {
        if let Some((_, other)) = before.iter().find(|(other, _)| same(path, other)) {
            problems.push(format!(
                "error[output.same]: {other} and {option} name the same place, `{}`\n  help: give each its own",
                path.display()
            ));
        }
        before.push((path, option));
        if path == Path::new("-") {
            continue;
        }
        if inputs.iter().any(|input| same(path, input)) {
            problems.push(format!(
                "error[output.input]: {option} would write over `{}`, which is read\n  help: choose another name",
                path.display()
            ));
        }
        if is_special(path) {
            problems.push(format!(
                "error[output.special]: {option} names `{}`, which is no file that can be replaced\n  help: name a file, or - for standard output",
                path.display()
            ));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            problems.push(format!(
                "error[output.folder]: there is no folder `{}` for {option}\n  help: make it, or choose another place",
                folder.display()
            ));
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    say(&problems.join("\n"));
    Err(MISTAKE)
}
