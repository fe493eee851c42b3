//! Did-you-mean over long lists of names: looked up, not compared one by one.

use crate::finding::nearest;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Lists up to this long are compared name by name.
const SHORT: usize = 300;
/// Longer names are not looked up.
const LONGEST: usize = 64;

/// Names that may be meant by a misspelt one.
#[derive(Debug, Clone, Default)]
pub struct Near {
    names: Vec<String>,
    /// Each name and each name less one letter, in small letters; built when first asked.
    slips: OnceLock<HashMap<String, Vec<u32>>>,
}

/// A name in small letters, and the same less each one of its letters.
fn less_one(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    let letters: Vec<char> = lower.chars().collect();
    if letters.len() > LONGEST {
        return Vec::new();
    }
    let mut all: Vec<String> = (0..letters.len())
        .map(|gone| {
            letters.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, letter)| *letter).collect()
        })
        .collect();
    all.push(lower);
    all.sort();
    all.dedup();
    all
}

impl Near {
    /// The names, in the order in which they are preferred.
    pub fn new(names: impl IntoIterator<Item = String>) -> Near {
        Near { names: names.into_iter().collect(), slips: OnceLock::new() }
    }

    /// The nearest name: in a long list, one that differs by a letter (missing, added, changed or swapped).
    pub fn nearest(&self, name: &str) -> Option<&str> {
        if self.names.len() <= SHORT {
            return nearest(name, self.names.iter().map(String::as_str));
        }
        let slips = self.slips.get_or_init(|| {
            let mut slips: HashMap<String, Vec<u32>> = HashMap::new();
            for (at, name) in self.names.iter().enumerate() {
                for slip in less_one(name) {
                    slips.entry(slip).or_default().push(at as u32);
                }
            }
            slips
        });
        let mut found: Vec<u32> = Vec::new();
        for slip in less_one(name) {
            // Thousands of names one letter apart (p00001, p00002, ...) say nothing; the first few do.
            found.extend(slips.get(&slip).into_iter().flatten().take(20));
        }
        found.sort_unstable();
        found.dedup();
        nearest(name, found.into_iter().map(|at| self.names[at as usize].as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_in_long_lists() {
        let mut names: Vec<String> = (0..1000).map(|number| format!("person{number:04}")).collect();
        names.push("recepton.desk".to_string());
        let near = Near::new(names);
        assert_eq!(near.nearest("reception.desk"), Some("recepton.desk"));
        assert_eq!(near.nearest("receptno.desk"), Some("recepton.desk"));
        assert_eq!(near.nearest("Person042"), Some("person0042"));
        assert_eq!(near.nearest("somebody else"), None);
    }
}
