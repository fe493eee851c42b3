//! The files of the page for managers; they stand in the program.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// What is served at each path.
pub const FILES: [(&str, &str, &str); 3] = [
    ("/", "text/html; charset=utf-8", include_str!("../page/index.html")),
    ("/app.js", "text/javascript; charset=utf-8", include_str!("../page/app.js")),
    ("/style.css", "text/css; charset=utf-8", include_str!("../page/style.css")),
];

/// A file as an answer.
pub fn file(kind: &'static str, contents: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], contents).into_response()
}
