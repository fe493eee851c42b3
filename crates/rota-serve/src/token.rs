//! Who may ask: bearer tokens.

use sha2::{Digest, Sha256};
use std::fmt;

/// Fewer characters can be guessed.
const LEAST_CHARACTERS: usize = 16;

/// The tokens of a token file, kept as digests. Each is a tenant of its own, who sees the jobs made with it alone.
#[derive(Clone)]
pub struct Tokens(Vec<[u8; 32]>);

impl fmt::Debug for Tokens {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Tokens({})", self.0.len())
    }
}

impl Tokens {
    /// Reads a token file: one token a line; empty lines and lines that begin with `#` are left out.
    ///
    /// # Errors
    ///
    /// What is wrong with it, without any token.
    pub fn read(text: &str) -> Result<Tokens, String> {
        let mut tokens = Vec::new();
        for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let token = line.trim();
            if token.is_empty() || token.starts_with('#') {
                continue;
            }
            if token.len() < LEAST_CHARACTERS || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(format!(
                    "line {} holds no token: {LEAST_CHARACTERS} or more letters, digits and signs, without spaces",
                    at + 1
                ));
            }
            tokens.push(digest(token));
        }
        if tokens.is_empty() {
            return Err("there is no token in it".to_string());
        }
        Ok(Tokens(tokens))
    }

    /// Whose token this is: its number in the file. Takes the same time for every wrong token.
    pub fn tenant(&self, token: &str) -> Option<usize> {
        let given = digest(token);
        let mut found = None;
        for (at, known) in self.0.iter().enumerate() {
            let differs = known.iter().zip(&given).fold(0, |all, (one, other)| all | (one ^ other));
            if std::hint::black_box(differs) == 0 {
                found = Some(at);
            }
        }
        found
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_a_tenant() {
        let tokens = Tokens::read("# two\nabcdefghijklmnop\n\n  ABCDEFGHIJKLMNOP \n").expect("two tokens");
        assert_eq!(tokens.tenant("abcdefghijklmnop"), Some(0));
        assert_eq!(tokens.tenant("ABCDEFGHIJKLMNOP"), Some(1));
        assert_eq!(tokens.tenant("abcdefghijklmnoq"), None);
        assert_eq!(tokens.tenant(""), None);
        assert_eq!(format!("{tokens:?}"), "Tokens(2)");
    }

    #[test]
    fn short_tokens_and_empty_files_are_refused() {
        assert!(Tokens::read("# nothing\n").expect_err("none").contains("no token"));
        let wrong = Tokens::read("abcdefghijklmnop\nsecret\n").expect_err("short");
        assert!(wrong.contains("line 2") && !wrong.contains("secret"), "{wrong}");
    }
}
