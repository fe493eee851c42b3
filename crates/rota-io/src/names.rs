//! Names from outside as names of files.

use std::collections::BTreeSet;

/// Names that stand for devices on some systems, whatever ending they have.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
/// Longest name of a file without its ending, in bytes: file systems have room for 255.
const LONGEST_NAME: usize = 120;

/// A name from outside as the name of a file on any system: letters, digits and a few signs, not too long, never a
/// device's, without a dot at either end.
pub fn file_name(name: &str) -> String {
    let plain = |sign: char| if sign.is_alphanumeric() || " _-@.".contains(sign) { sign } else { '_' };
    let mut plain: String = name.chars().map(plain).collect();
    while plain.len() > LONGEST_NAME {
        plain.pop();
    }
    let plain = plain.trim_matches([' ', '.']);
    let first = plain.split('.').next().unwrap_or("").trim_end().to_lowercase();
    let is_device = DEVICES.contains(&first.trim_end_matches(|sign: char| sign.is_ascii_digit()));
    if plain.is_empty() || is_device {
        return format!("_{plain}");
    }
    plain.to_string()
}

/// A name that some file systems would take for one of those `taken`, in small letters, is told apart by a number; and
/// taken.
pub fn told_apart(name: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = |number: usize| if number == 1 { name.to_string() } else { format!("{name}-{number}") };
    // Fewer are taken than are tried, so that one is free.
    let most = taken.len() + 1;
    let free = (1..=most).map(numbered).find(|name| taken.insert(name.to_lowercase()));
    free.expect("one more than are taken were tried")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_possible_on_every_system() {
        for (name, wanted) in [
            ("coding", "coding"),
            ("amy.w@post", "amy.w@post"),
            ("a/b:c", "a_b_c"),
            ("../up", "_up"),
            ("..", "_"),
            ("CON", "_CON"),
            ("nul.team", "_nul.team"),
            ("lpt1", "_lpt1"),
            ("contact", "contact"),
            ("ends. ", "ends"),
            ("Siân", "Siân"),
        ] {
            assert_eq!(file_name(name), wanted, "{name}");
        }
        assert!(file_name(&"é".repeat(5000)).len() <= LONGEST_NAME);
    }

    #[test]
    fn names_that_make_one_file_are_told_apart() {
        let mut taken = BTreeSet::new();
        let names = ["a_b", "A_B", "a_b-2"].map(|name| told_apart(name, &mut taken));
        assert_eq!(names, ["a_b", "A_B-2", "a_b-2-2"]);
    }
}
