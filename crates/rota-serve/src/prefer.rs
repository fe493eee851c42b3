//! How long the asker wants to wait: the header `Prefer` of RFC 7240, with `respond-async` and `wait=SECONDS`.

use crate::refusal::Refusal;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use rota_face::question::Kind;

/// The header.
pub const PREFER: HeaderName = HeaderName::from_static("prefer");

/// How long the asker wants to wait for the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefer {
    /// Not at all: where it will be is enough.
    Never,
    /// So many seconds; then where it will be.
    Seconds(u64),
    /// Until it is there.
    Whole,
}

impl Prefer {
    /// What is preferred; without the header nobody waits for `solve`, and everybody for other questions.
    pub fn of(headers: &HeaderMap, kind: Kind) -> Result<Prefer, Refusal> {
        let mut meant = None;
        let lines = headers.get_all(PREFER).iter().map(|value| value.to_str().unwrap_or("?"));
        for wish in lines.flat_map(|line| line.split(',')).map(str::trim) {
            let wish = wish.split(';').next().unwrap_or("").trim();
            if wish.eq_ignore_ascii_case("respond-async") {
                meant = meant.or(Some(Prefer::Never));
            } else if let Some((name, seconds)) = wish.split_once('=') {
                if name.trim().eq_ignore_ascii_case("wait") {
                    let seconds = seconds.trim().trim_matches('"');
                    meant = Some(Prefer::Seconds(seconds.parse().map_err(|_| unclear())?));
                }
            }
        }
        Ok(meant.unwrap_or(if kind == Kind::Solve { Prefer::Never } else { Prefer::Whole }))
    }
}

fn unclear() -> Refusal {
    Refusal::new(
        StatusCode::BAD_REQUEST,
        "serve.prefer",
        "the header Prefer asks to wait for a time that is none",
        "write it like `Prefer: wait=30`, in whole seconds",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn read(text: &'static str, kind: Kind) -> Option<Prefer> {
        let mut headers = HeaderMap::new();
        if !text.is_empty() {
            headers.insert(PREFER, HeaderValue::from_static(text));
        }
        Prefer::of(&headers, kind).ok()
    }

    #[test]
    fn solve_is_not_waited_for_unless_asked_and_others_are() {
        assert_eq!(read("", Kind::Solve), Some(Prefer::Never));
        assert_eq!(read("", Kind::Cover), Some(Prefer::Whole));
        assert_eq!(read("wait=20", Kind::Solve), Some(Prefer::Seconds(20)));
        assert_eq!(read("respond-async, wait=5", Kind::Cover), Some(Prefer::Seconds(5)));
        assert_eq!(read("Wait = \"7\"; x=1, handling=lenient", Kind::Cover), Some(Prefer::Seconds(7)));
        assert_eq!(read("respond-async", Kind::Cover), Some(Prefer::Never));
        assert_eq!(read("wait=soon", Kind::Cover), None);
    }
}
