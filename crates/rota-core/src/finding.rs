//! What is wrong or worth knowing about an input: one finding, one place, one remedy.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingLevel {
    /// Nothing is solved or judged until it is mended.
    Error,
    /// Likely a mistake; the work goes on.
    Warning,
    /// Worth knowing.
    Note,
}

impl FindingLevel {
    /// The word used on screen and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            FindingLevel::Error => "error",
            FindingLevel::Warning => "warning",
            FindingLevel::Note => "note",
        }
    }
}

/// One thing found in an input, with its place and its remedy.
///
/// `pointer` is a JSON pointer (RFC 6901) such as `/rules/3/headcount/who`. Line and column are 1-based and
/// counted in characters; they are filled in by [`crate::positions::Positions::place`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// How serious.
    pub level: FindingLevel,
    /// A stable slug: the thing, a dot, the reason (`headcount.nobody`).
    pub code: String,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The file read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// 1-based line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// 1-based column, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// JSON pointer to the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Sheet of a workbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Cell of a sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
}

impl Finding {
    fn new(
        level: FindingLevel,
        code: &str,
        pointer: impl Into<String>,
        message: impl Into<String>,
    ) -> Finding {
        Finding {
            level,
            code: code.to_string(),
            message: plain(&message.into()),
            help: None,
            file: None,
            line: None,
            column: None,
            pointer: Some(pointer.into()),
            sheet: None,
            cell: None,
        }
    }

    /// A mistake at `pointer`.
    pub fn error(code: &str, pointer: impl Into<String>, message: impl Into<String>) -> Finding {
        Finding::new(FindingLevel::Error, code, pointer, message)
    }

    /// A likely mistake at `pointer`.
    pub fn warning(code: &str, pointer: impl Into<String>, message: impl Into<String>) -> Finding {
        Finding::new(FindingLevel::Warning, code, pointer, message)
    }

    /// Something worth knowing at `pointer`.
    pub fn note(code: &str, pointer: impl Into<String>, message: impl Into<String>) -> Finding {
        Finding::new(FindingLevel::Note, code, pointer, message)
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Finding {
        self.help = Some(plain(&help.into()));
        self
    }

    /// Adds "did you mean ...?" when one of `candidates` is near `name`.
    #[must_use]
    pub fn did_you_mean<'a>(self, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Finding {
        self.near(nearest(name, candidates))
    }

    /// Adds "did you mean ...?" when there is a near name.
    #[must_use]
    pub fn near(self, near: Option<&str>) -> Finding {
        match near {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// Adds what to do when nothing was added before.
    #[must_use]
    pub fn or_help(self, help: impl Into<String>) -> Finding {
        if self.help.is_some() {
            self
        } else {
            self.help(help)
        }
    }

    /// Puts `prefix` before the pointer, for a finding made by a part that does not know where it stands.
    #[must_use]
    pub fn below(mut self, prefix: &str) -> Finding {
        let own = self.pointer.take().unwrap_or_default();
        self.pointer = Some(format!("{prefix}{own}"));
        self
    }

    /// Takes the pointer away: what it is about stands in no document that was read.
    #[must_use]
    pub fn without_pointer(mut self) -> Finding {
        self.pointer = None;
        self
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.level == FindingLevel::Error
    }

    /// The pointer as people read it, safe to print: `/rules/3/headcount/who` becomes `rules[3].headcount.who`.
    pub fn path(&self) -> String {
        plain(&self.pointer.as_deref().map(spoken_pointer).unwrap_or_default())
    }
}

/// `/rules/3/headcount/who` as `rules[3].headcount.who`.
pub fn spoken_pointer(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        if !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()) {
            path.push('[');
            path.push_str(&part);
            path.push(']');
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&part);
        }
    }
    path
}

/// One part of a JSON pointer, escaped.
pub fn pointer_part(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The longest quoted text, in characters, that a finding repeats.
const LONGEST_QUOTE: usize = 60;
/// The longest text between quotes, in characters.
const LONGEST_TEXT: usize = 600;

/// A text as it may be printed anywhere: what is quoted is cut where it is very long, and characters that steer
/// a screen (escape codes, marks that turn the direction of writing) are spelled out.
fn plain(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if text.len() <= LONGEST_QUOTE && !text.chars().any(steers) {
        return text.to_string();
    }
    let mut cut = String::with_capacity(text.len().min(1000));
    for (at, part) in text.split('`').enumerate() {
        if at > 0 {
            cut.push('`');
        }
        let longest = if at % 2 == 1 { LONGEST_QUOTE } else { LONGEST_TEXT };
        let end = part.char_indices().nth(longest).map_or(part.len(), |(end, _)| end);
        for c in part[..end].chars() {
            if steers(c) {
                cut.extend(c.escape_unicode());
            } else {
                cut.push(c);
            }
        }
        if end < part.len() {
            cut.push('…');
        }
        if at > 200 {
            break;
        }
    }
    cut
}

/// Longer names than this are nobody's slip of the fingers.
const LONGEST_NAME: usize = 100;

/// How many letters may be wrong in a name for another to be offered in its place.
pub(crate) fn most_slips(name: usize, candidate: usize) -> usize {
    1 + candidate.max(name) / 4
}

/// The candidate nearest to `name`, if it is near enough to be a slip of the fingers.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let length = lower.chars().count();
    if length == 0 || length > LONGEST_NAME {
        return None;
    }
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let other = candidate.chars().count();
            let most = most_slips(length, other);
            if other > LONGEST_NAME || other.abs_diff(length) > most {
                return None;
            }
            let distance = strsim::osa_distance(&lower, &candidate.to_lowercase());
            // Not every letter may be a slip.
            (distance <= most && distance < length.max(other)).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_spoken() {
        assert_eq!(spoken_pointer("/rules/3/headcount/who"), "rules[3].headcount.who");
        assert_eq!(spoken_pointer(""), "");
        assert_eq!(spoken_pointer("/a~1b/0"), "a/b[0]");
    }

    #[test]
    fn near_names_are_offered_and_far_ones_are_not() {
        assert_eq!(nearest("recepton", ["reception", "coding"]), Some("reception"));
        assert_eq!(nearest("amy", ["zoltan", "beatrice"]), None);
        assert_eq!(nearest("reecption", ["coding", "reception"]), Some("reception"));
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest(&"x".repeat(1 << 20), ["xx"]), None);
    }

    #[test]
    fn what_is_quoted_is_cut_and_spelled_out() {
        let long = Finding::error("a.b", "", format!("`{}` is long", "y".repeat(1000)));
        assert_eq!(long.message.chars().count(), "`` is long".len() + LONGEST_QUOTE + 1);
        let steering = Finding::error("a.b", "", "`\u{1b}[31mred\u{202e}` is no name").help("take \u{7} out");
        assert_eq!(steering.message, "`\\u{1b}[31mred\\u{202e}` is no name");
        assert_eq!(steering.help.as_deref(), Some("take \\u{7} out"));
    }
}
