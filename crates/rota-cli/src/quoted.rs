//! Names of files as they stand in a command to be typed again.

use crate::render::clean;

/// A name as a shell takes it for one word: in quotes where it holds blanks or signs that steer a shell.
pub fn quoted(name: &str) -> String {
    let name = clean(name);
    let is_plain = |c: char| c.is_alphanumeric() || "_./@-+,:=%~\\".contains(c);
    // A name that begins like an option is one of this folder.
    let name = if name.starts_with('-') && name != "-" { format!("./{name}") } else { name };
    if !name.is_empty() && name.chars().all(is_plain) {
        name
    } else if !name.contains(['"', '$', '`', '\\', '!']) {
        format!("\"{name}\"")
    } else {
        format!("'{}'", name.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_word_each() {
        for (name, word) in [
            ("team.xlsx", "team.xlsx"),
            ("a/b-c_d.json", "a/b-c_d.json"),
            ("C:\\rota\\team.xlsx", "C:\\rota\\team.xlsx"),
            ("-", "-"),
            ("our team.xlsx", "\"our team.xlsx\""),
            ("Siân.xlsx", "Siân.xlsx"),
            ("team (2).xlsx", "\"team (2).xlsx\""),
            ("it's.xlsx", "\"it's.xlsx\""),
            ("$HOME's.xlsx", "'$HOME'\\''s.xlsx'"),
            ("-rf.json", "./-rf.json"),
            ("", "\"\""),
        ] {
            assert_eq!(quoted(name), word);
        }
    }
}
