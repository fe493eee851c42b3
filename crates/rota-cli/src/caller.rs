//! The program that started this one and speaks to it on standard input: a scenario, and then when to stop.
//!
//! The scenario is one JSON value, over as many lines as it likes; it ends where its brackets do, so that standard
//! input may stay open. Lines after it are orders: `{"cancel": true}`. The end of standard input is not an order,
//! because most programs close it when they have sent what they have, unless the caller says that it is.

use crate::args::{ProgressKind, Solve};
use crate::lines;
use crate::output::say;
use crate::render::findings;
use rota_core::Finding;
use rota_face::Cancel;
use rota_io::files::{text_of, LARGEST};
use rota_io::rosters::file_problem;
use serde::Deserialize;
use std::io::{self, BufRead, Read};

/// The longest order, in bytes.
const LONGEST: u64 = 4096;

/// An order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    cancel: bool,
}

/// The scenario sent by a caller that may go on to send orders, which are listened to from then on; none where nobody
/// is listened to, or the scenario is a file.
pub fn scenario(args: &Solve, cancel: &Cancel) -> Result<Option<String>, Vec<Finding>> {
    let is_sent = args.scenario == "-";
    if !args.cancel_on_close && !(is_sent && args.progress == ProgressKind::Jsonl) {
        return Ok(None);
    }
    let sent = if is_sent {
        let value = first_value(&mut io::stdin().lock(), LARGEST);
        let bytes = value.map_err(|what| vec![file_problem("-", format!("cannot read `-`: {what}"))])?;
        Some(text_of("-", bytes).map_err(|what| vec![file_problem("-", what)])?)
    } else {
        None
    };
    let (cancel, on_close) = (cancel.clone(), args.cancel_on_close);
    // It ends with the process: nothing can wake a thread that waits for a line.
    std::thread::spawn(move || listen(&mut io::stdin().lock(), &cancel, on_close));
    Ok(sent)
}

/// Carries out orders up to the end.
fn listen(from: &mut impl BufRead, cancel: &Cancel, on_close: bool) {
    loop {
        let mut order = Vec::new();
        match from.by_ref().take(LONGEST).read_until(b'\n', &mut order) {
            Ok(0) | Err(_) => {
                if on_close {
                    cancel.cancel();
                }
                return;
            }
            Ok(_) if order.iter().all(u8::is_ascii_whitespace) => {}
            Ok(_) => match serde_json::from_slice::<Order>(&order) {
                Ok(Order { cancel: true }) => cancel.cancel(),
                Ok(Order { cancel: false }) => {}
                Err(_) => {
                    let text = String::from_utf8_lossy(&order);
                    let message = format!("`{}` on standard input is not understood", text.trim());
                    let help = "after the scenario send nothing, or the line {\"cancel\": true}";
                    tell(Finding::warning("stdin.order", "", message).help(help).without_pointer());
                }
            },
        }
    }
}

fn tell(finding: Finding) {
    if lines::on() {
        lines::finding(finding);
    } else {
        say(&findings::text(&[finding]));
    }
}

/// The bytes of the first whole JSON value, or all there are where none is whole; at most one more than `most`.
fn first_value(from: &mut impl BufRead, most: u64) -> io::Result<Vec<u8>> {
    let mut value = Vec::new();
    let mut scan = Scan::default();
    loop {
        let chunk = match from.fill_buf() {
            Err(what) if what.kind() == io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        let end = chunk.iter().position(|byte| scan.ends_with(*byte));
        let used = end.map_or(chunk.len(), |at| at + 1);
        value.extend_from_slice(&chunk[..used]);
        from.consume(used);
        if used == 0 || end.is_some() || value.len() as u64 > most {
            return Ok(value);
        }
    }
}

/// How far into a JSON value the reading is. What is no JSON ends with its line; the reader of the document says so.
#[derive(Default)]
struct Scan {
    depth: usize,
    in_text: bool,
    is_escaped: bool,
    is_bare: bool,
}

impl Scan {
    /// Whether the value ends with this byte.
    fn ends_with(&mut self, byte: u8) -> bool {
        if self.in_text {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.in_text = false,
                _ => {}
            }
            return !self.in_text && self.depth == 0;
        }
        match byte {
            _ if self.is_bare => return byte == b'\n',
            b'"' => self.in_text = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' if self.depth > 0 => {
                self.depth -= 1;
                return self.depth == 0;
            }
            // White space, or the mark that some programs put before UTF-8.
            b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xbb | 0xbf => {}
            _ => self.is_bare = self.depth == 0,
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> (String, String) {
        // Small chunks, as a pipe may give them.
        let mut from = io::BufReader::with_capacity(3, text.as_bytes());
        let value = first_value(&mut from, 1 << 20).expect("memory reads");
        let mut rest = String::new();
        from.read_to_string(&mut rest).expect("memory reads");
        (String::from_utf8(value).expect("UTF-8"), rest)
    }

    #[test]
    fn a_value_ends_where_its_brackets_do() {
        for (value, rest) in [
            ("{\n \"a\": [1, \"}\\\"]\", {}]\n}", "\n{\"cancel\": true}\n"),
            ("\u{feff} {\"ä{\": \"\\\\\"}", " more"),
            ("[]", ""),
            ("\"a b\"", "\nx"),
            ("week.json\n", "more"),
            ("{\"a\": ", ""),
            ("", ""),
        ] {
            assert_eq!(split(&format!("{value}{rest}")), (value.to_string(), rest.to_string()));
        }
    }

    #[test]
    fn too_much_is_cut_off() {
        let mut from = io::BufReader::with_capacity(8, "[".repeat(100).as_bytes().to_vec().leak() as &[u8]);
        let value = first_value(&mut from, 20).expect("memory reads");
        assert!(value.len() > 20 && value.len() <= 28);
    }

    #[test]
    fn orders_are_carried_out() {
        for (text, on_close, wanted) in [
            ("\n\n{\"cancel\": true}\n", false, true),
            ("{\"cancel\": false}\n", false, false),
            ("stop\n", false, false),
            ("", false, false),
            ("", true, true),
        ] {
            let cancel = Cancel::new();
            listen(&mut text.as_bytes(), &cancel, on_close);
            assert_eq!(cancel.is_cancelled(), wanted, "{text}");
        }
    }

    fn any_value() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![any::<i32>().prop_map(Into::into), ".{0,6}".prop_map(Into::into)];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
                proptest::collection::btree_map(".{0,4}", inner, 0..4)
                    .prop_map(|map| map.into_iter().collect::<serde_json::Value>()),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_follows_any_object_is_left(value in any_value(), pretty in any::<bool>()) {
            let value = serde_json::json!({ "it": value });
            let text = if pretty { format!("{value:#}") } else { value.to_string() };
            prop_assert_eq!(split(&format!("{text}\nrest")), (text, "\nrest".to_string()));
        }
    }
}
