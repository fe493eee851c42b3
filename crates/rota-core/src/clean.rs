//! Text from outside made safe to show.

/// Text from outside made safe for a terminal and for a line of its own: control characters and marks that turn
/// the direction of writing are shown as `?`.
pub fn clean(text: &str) -> String {
    text.chars()
        .map(|sign| {
            let turns =
                matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            if sign.is_control() || turns {
                '?'
            } else {
                sign
            }
        })
        .collect()
}

/// Words as one enumeration: `Ann`, `Ann and Bob`, `Ann, Bob and Cat`; `last` stands before the last one.
pub fn joined(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., end] => format!("{} {last} {end}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_do_not_reach_the_terminal() {
        assert_eq!(clean("Amy\u{1b}[31m\u{202e}x\n"), "Amy?[31m?x?");
        assert_eq!(clean("Siân O'Brien 山田"), "Siân O'Brien 山田");
    }
}
