//! What the page asks beside the questions: files read and written, free seats, forms. The same caps and the same
//! findings as for questions hold.

use crate::ask::is_json;
use crate::body::away;
use crate::quick::{quickly, text, within};
use crate::refusal::{json, Refusal};
use crate::service::Service;
use axum::body::Body;
use axum::extract::State;
use axum::http::{header, HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::Router;
use rota_face::beside::{forms_text, Asked, Beside};
use rota_face::books::{import, ImportDocument};
use rota_face::shared::GivenFile;
use rota_face::Options;
use std::sync::Arc;

/// Adds the routes; whoever adds the guard adds it after them.
pub fn routes(mut router: Router<Arc<Service>>) -> Router<Arc<Service>> {
    for kind in Beside::ALL {
        let answer = move |State(service): State<Arc<Service>>, headers: HeaderMap, body: Body| async move {
            answer(service, kind, headers, body).await.unwrap_or_else(IntoResponse::into_response)
        };
        router = router.route(&format!("/v1/{}", kind.name()), post(answer));
    }
    router.route("/v1/import", post(read)).route("/v1/forms", get(forms))
}

async fn forms() -> Response {
    json(StatusCode::OK, forms_text())
}

async fn answer(
    service: Arc<Service>,
    kind: Beside,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    if let Err(refusal) = is_json(&headers) {
        away(body).await;
        return Err(refusal);
    }
    let taken = service.bodies.read(body, &service.caps).await?;
    let own = Arc::clone(&service);
    let file = quickly(&service, move || {
        let asked = Asked::read(kind, text(&taken.text)?).map_err(|error| Refusal::of(&error))?;
        within(asked.scenario.problem.site.people.len(), &own)?;
        let options = Options { threads: 1, ..Options::default() };
        asked.answer(&options).map_err(|error| Refusal::of(&error))
    })
    .await?;
    Ok(given(file))
}

/// Reads a workbook, a scenario or sheets; what is wrong with them is part of the answer.
async fn read(State(service): State<Arc<Service>>, body: Body) -> Response {
    match imported(&service, body).await {
        Ok(text) => json(StatusCode::OK, text),
        Err(refusal) => refusal.into_response(),
    }
}

async fn imported(service: &Arc<Service>, body: Body) -> Result<String, Refusal> {
    let taken = service.bodies.read(body, &service.caps).await?;
    let own = Arc::clone(service);
    let read = quickly(service, move || {
        let document: ImportDocument = import(&taken.text);
        within(document.people, &own)?;
        Ok(serde_json::to_string(&document).expect("a document is plain data"))
    });
    read.await
}

/// A file as an answer. Its name is made of plain letters and digits alone.
fn given(file: GivenFile) -> Response {
    let mut response =
        (StatusCode::OK, [(header::CONTENT_TYPE, file.media_type)], file.bytes).into_response();
    if !file.name.is_empty() {
        let said = format!("attachment; filename=\"{}\"", file.name);
        let said = HeaderValue::from_str(&said).expect("names of files are plain letters and digits");
        response.headers_mut().insert(header::CONTENT_DISPOSITION, said);
    }
    response
}
