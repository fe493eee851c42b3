//! Which path leads where.

use crate::ask::ask;
use crate::events::events;
use crate::guard::{admit, tell, Asker};
use crate::job_document::written;
use crate::jobs::Job;
use crate::page;
use crate::refusal::{json, Refusal};
use crate::service::Service;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use rota_face::question::Kind;
use std::sync::Arc;

/// All routes.
pub fn routes(service: &Arc<Service>) -> Router {
    let mut guarded = Router::new()
        .route("/v1/jobs/{id}", get(job).delete(cancel))
        .route("/v1/jobs/{id}/events", get(follow));
    for kind in Kind::ALL {
        let answer = move |State(service): State<Arc<Service>>,
                           Extension(asker): Extension<Asker>,
                           headers: HeaderMap,
                           body: Body| ask(service, asker, kind, headers, body);
        guarded = guarded.route(&format!("/v1/{}", kind.name()), post(answer));
    }
    let guarded = crate::aside::routes(guarded);
    let guarded = guarded.route_layer(from_fn_with_state(Arc::clone(service), admit));
    let mut all = guarded.route("/healthz", get(health)).route("/openapi.json", get(openapi_document));
    for (path, kind, contents) in page::FILES {
        all = all.route(path, get(move || async move { page::file(kind, contents) }));
    }
    all.fallback(nowhere)
        .method_not_allowed_fallback(no_method)
        .layer(from_fn(tell))
        .with_state(Arc::clone(service))
}

async fn health() -> Response {
    json(StatusCode::OK, r#"{"health":1,"ok":true}"#.to_string())
}

async fn openapi_document(State(service): State<Arc<Service>>) -> Response {
    json(StatusCode::OK, service.openapi.clone())
}

fn known(
    service: &Service,
    id: Result<Path<String>, PathRejection>,
    asker: Asker,
) -> Result<Arc<Job>, Refusal> {
    id.ok().and_then(|Path(id)| service.book.get(&id, asker.0)).ok_or_else(|| {
        Refusal::new(
            StatusCode::NOT_FOUND,
            "serve.job",
            "there is no job of this name, or its result is kept no longer",
            "use the name that the question was answered with, in time",
        )
    })
}

async fn job(
    State(service): State<Arc<Service>>,
    Extension(asker): Extension<Asker>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Refusal> {
    let job = known(&service, id, asker)?;
    Ok(json(StatusCode::OK, written(&job, &job.now(), service.book.ahead(&job), true)))
}

async fn cancel(
    State(service): State<Arc<Service>>,
    Extension(asker): Extension<Asker>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Refusal> {
    let job = known(&service, id, asker)?;
    service.book.cancel(&job);
    let now = job.now();
    let status = if now.state.is_over() { StatusCode::OK } else { StatusCode::ACCEPTED };
    Ok(json(status, written(&job, &now, None, true)))
}

async fn follow(
    State(service): State<Arc<Service>>,
    Extension(asker): Extension<Asker>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Refusal> {
    let job = known(&service, id, asker)?;
    Ok(events(service, job))
}

async fn nowhere(uri: Uri, body: Body) -> Response {
    crate::body::away(body).await;
    let paths = Kind::ALL.map(|kind| format!("/v1/{}", kind.name()));
    let finding = rota_core::Finding::error("serve.path", "", "there is nothing at this path")
        .did_you_mean(uri.path(), paths.iter().map(String::as_str))
        .or_help("what there is stands in /openapi.json")
        .without_pointer();
    Refusal { status: StatusCode::NOT_FOUND, findings: vec![finding], retry: None }.into_response()
}

async fn no_method(body: Body) -> Response {
    crate::body::away(body).await;
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "serve.method",
        "this path does not take this method",
        "what it takes stands in /openapi.json",
    )
    .into_response()
}
