//! Whether two names typed in different ways are those of one person.

use crate::workbook::cells::is_blank;
use rota_core::words::without_accents;

/// What may stand before a name.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "doctor",
    "prof",
    "professor",
    "sir",
    "dame",
    "rev",
    "sister",
    "nurse",
];

/// A name with one blank between its parts.
pub fn spaced(name: &str) -> String {
    name.split(is_blank).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The parts of a name as they are compared: given names first, without titles, capitals and accents.
/// `Dr. Walsh, Siân` gives `sian`, `walsh`.
pub fn parts(name: &str) -> Vec<String> {
    let turned = match name.split_once(',') {
        Some((surname, given)) if !given.trim_matches(is_blank).is_empty() => format!("{given} {surname}"),
        _ => name.to_string(),
    };
    let bare = without_accents(&turned).to_lowercase();
    let mut parts: Vec<String> = bare
        .split(|c: char| is_blank(c) || c == '.' || c == ',')
        .map(|part| part.chars().filter(|c| c.is_alphanumeric()).collect::<String>())
        .filter(|part: &String| !part.is_empty())
        .collect();
    let named: Vec<String> = parts.iter().filter(|part| !TITLES.contains(&part.as_str())).cloned().collect();
    // A name that is nothing but a title is a name.
    if !named.is_empty() {
        parts = named;
    }
    parts
}

/// Whether one of two names has the first letter of the other's given name alone: `A Walsh` and `Amy Walsh`.
pub fn is_initial_of(one: &str, other: &str) -> bool {
    let (one, other) = (parts(one), parts(other));
    let (Some((first, rest)), Some((second, others))) = (one.split_first(), other.split_first()) else {
        return false;
    };
    let lengths = (first.chars().count(), second.chars().count());
    !rest.is_empty()
        && rest.last() == others.last()
        && first.chars().next() == second.chars().next()
        && (lengths.0 == 1) != (lengths.1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_in_many_ways() {
        for name in [
            "Amy Walsh",
            "Walsh, Amy",
            "WALSH,Amy",
            "Mrs Amy  Walsh",
            "Dr. Amy\u{a0}Walsh",
            "Walsh, Dr Amy",
            " amy walsh ",
        ] {
            assert_eq!(parts(name), ["amy", "walsh"], "{name}");
        }
        assert_eq!(parts("Siân O’Brien"), parts("Sian O'Brien"));
        assert_eq!(parts("Zoe\u{308} Smith-Jones"), parts("Zoë SmithJones"));
        assert_ne!(parts("Amy Jane Walsh"), parts("Amy Walsh"));
        assert_eq!(parts("Doctor"), ["doctor"]);
        assert_eq!(parts("Walsh,"), ["walsh"]);
        assert!(parts(" . ").is_empty());
        assert_eq!(parts("李 明"), ["李", "明"]);
    }

    #[test]
    fn initials_are_told() {
        assert!(is_initial_of("A Walsh", "Amy Walsh"));
        assert!(is_initial_of("Amy Walsh", "Walsh, A."));
        assert!(is_initial_of("A. J. Walsh", "Amy Walsh"));
        assert!(!is_initial_of("Adam Walsh", "Amy Walsh"));
        assert!(!is_initial_of("B Walsh", "Amy Walsh"));
        assert!(!is_initial_of("Amy", "A"));
    }
}
