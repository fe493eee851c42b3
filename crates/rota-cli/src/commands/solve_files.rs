//! Which files `rota solve` writes, by `-o` and `--to`.

use crate::args::{ExportKind, SolveKind};
use std::path::{Path, PathBuf};

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contents {
    /// The roster document.
    Json,
    /// The table of the document.
    Table,
    /// What is printed, as Markdown.
    Markdown,
    /// What is printed.
    Page,
    /// What goes out to people.
    Export(ExportKind),
}

/// Endings that a roster can be written to.
const ENDINGS: [(&str, Contents); 7] = [
    ("json", Contents::Json),
    ("csv", Contents::Table),
    ("xlsx", Contents::Export(ExportKind::Xlsx)),
    ("html", Contents::Export(ExportKind::Html)),
    ("md", Contents::Markdown),
    ("txt", Contents::Page),
    ("svg", Contents::Export(ExportKind::Svg)),
];

/// One file, or for calendars and the charts of a folder the folder that they are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub contents: Contents,
}

/// The files that `-o` and `--to` ask for; none for standard output. The error says what is wrong with them.
pub fn places(output: Option<&Path>, to: &[SolveKind]) -> Result<Vec<Place>, String> {
    let Some(output) = output else { return Ok(Vec::new()) };
    if output == Path::new("-") {
        if to.is_empty() {
            return Ok(Vec::new());
        }
        return Err("error[output.kind]: --to writes files, and -o - is standard output\n  help: name a file or a folder with -o".to_string());
    }
    let is_folder = output.is_dir() || output.extension().is_none();
    let mut places: Vec<Place> = Vec::new();
    if to.is_empty() || !is_folder {
        let asked = match to {
            [one] => one_kind(output, *one),
            _ => None,
        };
        let contents = asked.map_or_else(|| by_ending(output), Ok)?;
        places.push(Place { path: output.to_path_buf(), contents });
        if asked.is_some() {
            return Ok(places);
        }
    }
    for kind in to {
        let place = if is_folder { in_folder(output, *kind) } else { beside(output, *kind) };
        if !places.iter().any(|other| other.path == place.path) {
            places.push(place);
        }
    }
    Ok(places)
}

fn by_ending(path: &Path) -> Result<Contents, String> {
    let typed = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    ENDINGS.iter().find(|(ending, _)| *ending == typed).map(|(_, contents)| *contents).ok_or_else(|| {
        let name = path.display();
        if typed == "ics" {
            return format!("error[export.many]: calendars of everybody do not fit in one file, `{name}`\n  help: name a folder with -o, and add --to ics");
        }
        format!("error[output.kind]: `{name}` does not say what to write\n  help: end the name with .json, .csv, .xlsx, .html, .svg, .md or .txt; or name a folder and add --to xlsx,html,ics")
    })
}

/// What the one kind asked for is, where the ending of the name fits it.
fn one_kind(path: &Path, kind: SolveKind) -> Option<Contents> {
    let ending = path.extension()?.to_string_lossy().to_lowercase();
    match (kind, ending.as_str()) {
        (SolveKind::SignIn, "html") | (SolveKind::Text, "txt") => Some(contents(kind)),
        _ => None,
    }
}

fn contents(kind: SolveKind) -> Contents {
    match kind {
        SolveKind::Json => Contents::Json,
        SolveKind::Csv => Contents::Table,
        SolveKind::Xlsx => Contents::Export(ExportKind::Xlsx),
        SolveKind::Html => Contents::Export(ExportKind::Html),
        SolveKind::Ics => Contents::Export(ExportKind::Ics),
        SolveKind::Svg => Contents::Export(ExportKind::Svg),
        SolveKind::Text => Contents::Export(ExportKind::Text),
        SolveKind::SignIn => Contents::Export(ExportKind::SignIn),
    }
}

fn in_folder(folder: &Path, kind: SolveKind) -> Place {
    let name = match kind {
        SolveKind::Json => "roster.json",
        SolveKind::Csv => "roster.csv",
        SolveKind::Xlsx => "roster.xlsx",
        SolveKind::Html => "roster.html",
        SolveKind::Ics => "calendars",
        SolveKind::Svg => "charts",
        SolveKind::Text => "days.txt",
        SolveKind::SignIn => "sign-in.html",
    };
    Place { path: folder.join(name), contents: contents(kind) }
}

/// `week sign-in.html` beside `week.json`.
fn beside(path: &Path, kind: SolveKind) -> Place {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let end = match kind {
        SolveKind::Json => ".json",
        SolveKind::Csv => ".csv",
        SolveKind::Xlsx => ".xlsx",
        SolveKind::Html => ".html",
        SolveKind::Ics => " calendars",
        SolveKind::Svg => ".svg",
        SolveKind::Text => " days.txt",
        SolveKind::SignIn => " sign-in.html",
    };
    Place { path: path.with_file_name(format!("{stem}{end}")), contents: contents(kind) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(output: &str, to: &[SolveKind]) -> Vec<String> {
        let places = places(Some(Path::new(output)), to).expect("they are possible");
        places.into_iter().map(|place| place.path.display().to_string()).collect()
    }

    #[test]
    fn the_name_gives_a_stem_or_a_folder() {
        let all = [SolveKind::Xlsx, SolveKind::Html, SolveKind::Ics, SolveKind::SignIn];
        assert_eq!(
            names("a/week.json", &all),
            ["a/week.json", "a/week.xlsx", "a/week.html", "a/week calendars", "a/week sign-in.html"]
        );
        assert_eq!(
            names("out", &all),
            ["out/roster.xlsx", "out/roster.html", "out/calendars", "out/sign-in.html"]
        );
        assert_eq!(names("week.xlsx", &[SolveKind::Xlsx, SolveKind::Html]), ["week.xlsx", "week.html"]);
        assert_eq!(names("week.html", &[]), ["week.html"]);
    }

    #[test]
    fn one_kind_takes_the_name_that_fits_it() {
        let door = places(Some(Path::new("door.html")), &[SolveKind::SignIn]).expect("possible");
        assert_eq!(door.len(), 1);
        assert_eq!(door[0].contents, Contents::Export(ExportKind::SignIn));
        assert_eq!(names("week.html", &[SolveKind::Xlsx]), ["week.html", "week.xlsx"]);
    }

    #[test]
    fn what_does_not_say_what_to_write_is_refused() {
        assert!(places(Some(Path::new("week.pdf")), &[]).is_err_and(|what| what.contains("does not say")));
        assert!(places(Some(Path::new("week")), &[]).is_err());
        let one = places(Some(Path::new("week.ics")), &[SolveKind::Ics]);
        assert!(one.is_err_and(|what| what.contains("name a folder")));
        assert!(places(Some(Path::new("-")), &[SolveKind::Html]).is_err());
    }
}
