//! Why a request is not answered: a status and findings, as everywhere.

use axum::body::Body;
use axum::http::{header, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use rota_core::Finding;
use rota_face::Error;
use rota_io::FindingsDocument;

/// More findings than this nobody reads; a body of nothing but mistakes must not make a larger answer.
const MOST_FINDINGS: usize = 1000;

/// Why a request is not answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub status: StatusCode,
    pub findings: Vec<Finding>,
    /// Seconds after which to try again.
    pub retry: Option<u32>,
}

impl Refusal {
    pub fn new(status: StatusCode, code: &str, message: impl Into<String>, help: &str) -> Refusal {
        let finding = Finding::error(code, "", message).help(help).without_pointer();
        Refusal { status, findings: vec![finding], retry: None }
    }

    pub fn retry(self, seconds: u32) -> Refusal {
        Refusal { retry: Some(seconds), ..self }
    }

    /// A mistake of rota's own; what it was stands on standard error, without anything of the body.
    pub fn internal() -> Refusal {
        Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "rota failed at this question; nothing is given out",
            "this is a mistake in rota, not in your scenario; please report it with the scenario (pseudonyms will do)",
        )
    }

    /// What a question was not answered for.
    pub fn of(error: &Error) -> Refusal {
        let findings = error.findings();
        let is_broken = findings.iter().any(|finding| finding.code == "body.json");
        let status = match error {
            Error::Mistakes(_) if is_broken => StatusCode::BAD_REQUEST,
            Error::Mistakes(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Disagreement { .. } | Error::Threads { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Refusal { status, findings, retry: None }
    }

    /// The findings as JSON.
    pub fn document(&self) -> String {
        let mut list = self.findings.clone();
        if let Some(more) = list.len().checked_sub(MOST_FINDINGS).filter(|more| *more > 0) {
            list.truncate(MOST_FINDINGS);
            list.push(Finding::note("serve.more", "", format!("{more} more are left out")).without_pointer());
        }
        serde_json::to_string(&FindingsDocument::new(list)).expect("findings are plain data")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = json(self.status, self.document());
        if let Some(seconds) = self.retry {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// A document as an answer.
pub fn json(status: StatusCode, document: impl Into<Body>) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], document.into()).into_response()
}
