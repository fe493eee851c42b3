//! What the page asks beside the questions: files read and written, free seats, forms. The same caps and the same
//! findings as for questions hold.

use crate::ask::is_json;
use crate::body::away;
use crate::refusal::{json, Refusal};
use crate::service::Service;
use axum::body::Body;
use axum::extract::State;
use axum::http::{header, HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::Router;
use rota_core::Finding;
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
    let most = service.caps.people;
    let file = quickly(&service, body, move |bytes| {
        let text = std::str::from_utf8(bytes).map_err(|wrong| not_utf8(wrong.valid_up_to()))?;
        let asked = Asked::read(kind, text.trim_start_matches('\u{feff}'));
        let asked = asked.map_err(|error| Refusal::of(&error))?;
        within(asked.scenario.problem.site.people.len(), most)?;
        let options = Options { threads: 1, ..Options::default() };
        asked.answer(&options).map_err(|error| Refusal::of(&error))
    })
    .await?;
    Ok(given(file))
}

/// Reads a workbook, a scenario or sheets; what is wrong with them is part of the answer.
async fn read(State(service): State<Arc<Service>>, body: Body) -> Response {
    let most = service.caps.people;
    let read = quickly(&service, body, move |bytes| {
        let document: ImportDocument = import(bytes);
        within(document.people, most)?;
        Ok(serde_json::to_string(&document).expect("a document is plain data"))
    });
    match read.await {
        Ok(text) => json(StatusCode::OK, text),
        Err(refusal) => refusal.into_response(),
    }
}

/// Does short work on a body, away from the thread that serves connections.
async fn quickly<T: Send + 'static>(
    service: &Arc<Service>,
    body: Body,
    work: impl FnOnce(&[u8]) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let taken = service.bodies.read(body, &service.caps).await?;
    let turn = Arc::clone(&service.quick).acquire_owned().await.expect("it is never closed");
    let done = tokio::task::spawn_blocking(move || {
        let done = work(&taken.text);
        drop((taken, turn));
        done
    });
    // A panic is a mistake of rota's own, and ends this request alone.
    done.await.unwrap_or_else(|_| Err(Refusal::internal()))
}

fn not_utf8(at: usize) -> Refusal {
    Refusal::new(
        StatusCode::BAD_REQUEST,
        "body.encoding",
        format!("the body is not UTF-8: byte {} cannot be read", at + 1),
        "save it as UTF-8",
    )
}

fn within(people: usize, most: usize) -> Result<(), Refusal> {
    if people <= most {
        return Ok(());
    }
    let message = format!("the scenario has {people} people, and this service takes {most}");
    let finding = Finding::error("serve.people", "/people", message)
        .help("send fewer, or start the service with a larger --max-people");
    Err(Refusal { status: StatusCode::UNPROCESSABLE_ENTITY, findings: vec![finding], retry: None })
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
