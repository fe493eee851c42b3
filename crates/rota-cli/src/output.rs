//! Where words and documents go.

use crate::{Exit, MISTAKE};
use rota_io::files::write_whole;
use std::io::Write;
use std::path::Path;

/// Prints a result to standard output. A reader that has gone away is no error.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let ended = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let _ = write!(out, "{text}{ended}").and_then(|()| out.flush());
}

/// Says something on standard error.
pub fn say(text: &str) {
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
        Some(path) => match write_whole(path, text.as_bytes()) {
            Ok(used) => {
                if used != path {
                    say(&format!("`{}` cannot be replaced just now; using another name", path.display()));
                }
                return Ok(Some(used.display().to_string()));
            }
            Err(what) => {
                say(&format!("error[file.write]: {what}\n  help: choose another place with -o"));
                return Err(MISTAKE);
            }
        },
    }
    Ok(None)
}
