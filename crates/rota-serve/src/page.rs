//! The files of the page for managers; they stand in the program.

use axum::http::header;
use axum::response::{IntoResponse, Response};

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// What is served at each path. The example is the team that `rota init` writes.
pub const FILES: [(&str, &str, &str); 17] = [
    ("/", "text/html; charset=utf-8", include_str!("../page/index.html")),
    ("/style.css", "text/css; charset=utf-8", include_str!("../page/style.css")),
    ("/icon.svg", "image/svg+xml", include_str!("../page/icon.svg")),
    ("/example.json", "application/json", include_str!("../../rota-cli/starters/team.json")),
    ("/app.js", SCRIPT, include_str!("../page/app.js")),
    ("/api.js", SCRIPT, include_str!("../page/api.js")),
    ("/cover.js", SCRIPT, include_str!("../page/cover.js")),
    ("/day.js", SCRIPT, include_str!("../page/day.js")),
    ("/dom.js", SCRIPT, include_str!("../page/dom.js")),
    ("/files.js", SCRIPT, include_str!("../page/files.js")),
    ("/roster.js", SCRIPT, include_str!("../page/roster.js")),
    ("/rules.js", SCRIPT, include_str!("../page/rules.js")),
    ("/sheets.js", SCRIPT, include_str!("../page/sheets.js")),
    ("/solve.js", SCRIPT, include_str!("../page/solve.js")),
    ("/state.js", SCRIPT, include_str!("../page/state.js")),
    ("/steps.js", SCRIPT, include_str!("../page/steps.js")),
    ("/words.js", SCRIPT, include_str!("../page/words.js")),
];

/// A file as an answer.
pub fn file(kind: &'static str, contents: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], contents).into_response()
}
