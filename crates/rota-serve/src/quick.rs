//! Short work on a body, away from the thread that serves connections; and what is asked of every body.

use crate::refusal::Refusal;
use crate::service::Service;
use axum::http::StatusCode;
use rota_core::Finding;
use std::sync::Arc;

/// Does short work when it is its turn. A panic in it is a mistake of rota's own, and ends this request alone.
pub async fn quickly<T: Send + 'static>(
    service: &Arc<Service>,
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let turn = Arc::clone(&service.quick).acquire_owned().await.expect("it is never closed");
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    });
    done.await.unwrap_or_else(|_| Err(Refusal::internal()))
}

/// The text of a body, without the mark that some programs put before it.
pub fn text(bytes: &[u8]) -> Result<&str, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|wrong| {
        Refusal::new(
            StatusCode::BAD_REQUEST,
            "body.encoding",
            format!("the body is not UTF-8: byte {} cannot be read", wrong.valid_up_to() + 1),
            "save it as UTF-8",
        )
    })?;
    Ok(text.trim_start_matches('\u{feff}'))
}

/// Refuses scenarios of more people than the service takes.
pub fn within(people: usize, service: &Service) -> Result<(), Refusal> {
    let most = service.caps.people;
    if people <= most {
        return Ok(());
    }
    let message = format!("the scenario has {people} people, and this service takes {most}");
    let finding = Finding::error("serve.people", "/people", message)
        .help("send fewer, or start the service with a larger --max-people");
    Err(Refusal { status: StatusCode::UNPROCESSABLE_ENTITY, findings: vec![finding], retry: None })
}
