//! Who may ask, from where; and what every answer says to a browser.

use crate::body::away;
use crate::refusal::Refusal;
use crate::service::Service;
use axum::extract::{Request, State};
use axum::http::{header, HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;
use std::sync::Arc;

/// Whose request it is, for the routes behind [`admit`].
#[derive(Debug, Clone, Copy)]
pub struct Asker(pub crate::jobs::Tenant);

/// What every answer says to a browser: nothing from elsewhere, nothing kept, nothing told to other sites.
const TOLD: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Puts what a browser is told on every answer.
pub async fn tell(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in TOLD {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Lets in who may ask.
pub async fn admit(State(service): State<Arc<Service>>, mut request: Request, next: Next) -> Response {
    match tenant(&service, request.headers()) {
        Ok(tenant) => {
            request.extensions_mut().insert(Asker(tenant));
            next.run(request).await
        }
        Err(refusal) => {
            away(request.into_body()).await;
            refusal.into_response()
        }
    }
}

fn tenant(service: &Service, headers: &HeaderMap) -> Result<crate::jobs::Tenant, Refusal> {
    same_site(headers)?;
    let Some(tokens) = &service.tokens else {
        // Without a token only this computer is served; a name that another site points here is not this computer's.
        return own_name(headers).map(|()| None);
    };
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = given
        .and_then(|given| given.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let tenant = token.and_then(|(_, token)| tokens.tenant(token.trim()));
    tenant.map(Some).ok_or_else(|| {
        Refusal::new(
            StatusCode::UNAUTHORIZED,
            "serve.token",
            "this service needs a token, and this request has none that it knows",
            "send the header `Authorization: Bearer TOKEN` with a token of the service's --token-file",
        )
    })
}

/// Refuses what a page of another site sends.
fn same_site(headers: &HeaderMap) -> Result<(), Refusal> {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let elsewhere = || {
        Refusal::new(
            StatusCode::FORBIDDEN,
            "serve.origin",
            "a page of another site may not use this service",
            "ask from a program, or from the page that this service has at /",
        )
    };
    let fetch = text(HeaderName::from_static("sec-fetch-site"));
    if fetch.is_some_and(|site| site != "same-origin" && site != "none") {
        return Err(elsewhere());
    }
    let Some(origin) = text(header::ORIGIN) else { return Ok(()) };
    let own = text(header::HOST).unwrap_or("");
    let is_own = ["http://", "https://"].iter().any(|scheme| {
        origin.strip_prefix(scheme).is_some_and(|host| !own.is_empty() && host.eq_ignore_ascii_case(own))
    });
    if is_own {
        Ok(())
    } else {
        Err(elsewhere())
    }
}

/// Refuses every name but those of this computer itself.
fn own_name(headers: &HeaderMap) -> Result<(), Refusal> {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("");
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    if name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback()) {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::FORBIDDEN,
        "serve.host",
        "this service answers only to the names of this computer itself: localhost, 127.0.0.1, [::1]",
        "use one of them; to be reached by another name, start it with --token-file",
    ))
}
