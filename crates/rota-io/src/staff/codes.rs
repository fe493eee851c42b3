//! What the cells of a grid or of weekday columns mean.

use crate::workbook::cells::{plain_word, Cell};
use std::collections::BTreeMap;

/// What a code says of a person and a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// Works, wherever.
    Works,
    /// Works at home.
    Home,
    /// Works on site.
    OnSite,
    /// Does not work; the reason is not kept.
    Away,
}

impl Code {
    /// The word used in what is said, and by `--code`.
    pub fn word(self) -> &'static str {
        match self {
            Code::Works => "works",
            Code::Home => "home",
            Code::OnSite => "on site",
            Code::Away => "away",
        }
    }

    /// The code of a word of `--code`.
    pub fn parse(word: &str) -> Option<Code> {
        let word = plain_word(word);
        [Code::Works, Code::Home, Code::OnSite, Code::Away]
            .into_iter()
            .find(|code| plain_word(code.word()) == word)
    }
}

const WORKS: &[&str] =
    &["y", "yes", "x", "1", "true", "w", "work", "works", "working", "in_or_home", "either", "available"];
const HOME: &[&str] = &["h", "home", "wfh", "remote", "at_home"];
const ON_SITE: &[&str] = &["o", "office", "in", "on_site", "onsite", "site", "in_office"];
const AWAY: &[&str] = &[
    "n",
    "no",
    "0",
    "false",
    "off",
    "l",
    "leave",
    "al",
    "a_l",
    "annual_leave",
    "hol",
    "holiday",
    "vacation",
    "s",
    "sick",
    "sl",
    "mat",
    "pat",
    "iso",
    "toil",
    "nwd",
    "not_working",
    "away",
    "a",
    "abs",
    "absent",
    "bh",
    "bank_holiday",
    "ul",
    "cl",
    "unavailable",
];

/// The meanings asked for on the command line, by the code as `plain_word` writes it.
pub type Asked = BTreeMap<String, Code>;

/// What a cell says; none when it is no known code.
pub fn read(cell: &Cell, asked: &Asked) -> Option<Code> {
    let text = match cell {
        Cell::Truth(true) => "yes".to_string(),
        Cell::Truth(false) => "no".to_string(),
        cell => cell.spoken(),
    };
    let word = plain_word(&text);
    if let Some(code) = asked.get(&word) {
        return Some(*code);
    }
    if matches!(text.as_str(), "-" | "–" | "—") {
        return Some(Code::Away);
    }
    if matches!(text.as_str(), "✓" | "✔") {
        return Some(Code::Works);
    }
    let of = |known: &[&str]| known.contains(&word.as_str());
    if of(WORKS) {
        Some(Code::Works)
    } else if of(HOME) {
        Some(Code::Home)
    } else if of(ON_SITE) {
        Some(Code::OnSite)
    } else if of(AWAY) {
        Some(Code::Away)
    } else {
        None
    }
}

/// The codes known, for help.
pub const EXPECTED: &str = "O or office, H or WFH, L or AL or leave, y or n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_any_capitals() {
        let read = |text: &str| read(&Cell::text(text).expect("something"), &Asked::new());
        for (text, code) in [
            ("O", Code::OnSite),
            ("wfh", Code::Home),
            ("AL", Code::Away),
            ("Annual leave", Code::Away),
            ("✓", Code::Works),
            ("-", Code::Away),
            ("On site", Code::OnSite),
        ] {
            assert_eq!(read(text), Some(code), "{text}");
        }
        assert_eq!(read("Q3"), None);
        let asked = Asked::from([("h".to_string(), Code::Away)]);
        assert_eq!(super::read(&Cell::Text("H".to_string()), &asked), Some(Code::Away));
    }
}
