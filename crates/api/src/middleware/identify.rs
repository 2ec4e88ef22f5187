//! Who asks, and whether not too often: before anything is routed.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::address::{is_held, is_metrics, is_service};
use crate::ApiState;
use crate::access::{Client, Identity, Standing};
use crate::error::ApiError;

/// Finds out who asks; whether that is enough, each route says itself.
pub(crate) async fn identify(State(api): State<ApiState>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let client = Client::of(&api, request.headers(), request.extensions());
    // What a proxy holds bears the credentials of another server.
    let identity =
        if is_held(path) { Identity::Unknown } else { Identity::of(&api, request.headers(), &client).await };
    let standing = match &api.limiter {
        Some(limiter) if !is_exempt(path) => Some(limiter.take(&key(&identity, &client), api.now())),
        _ => None,
    };
    request.extensions_mut().insert(client);
    request.extensions_mut().insert(identity);
    let mut response = match standing {
        Some(standing) if !standing.passes => ApiError::rate_limited(&standing).into_response(),
        _ => next.run(request).await,
    };
    if let Some(standing) = standing {
        tell(response.headers_mut(), &standing);
    }
    response
}

/// What watches us, and what asks before every request of a site, has limits of its own or none.
fn is_exempt(path: &str) -> bool {
    is_held(path)
        || is_metrics(path)
        || ["/health", "/check"].iter().any(|name| is_service(path) && path.starts_with(name))
}

/// A token, else a session, else an address.
fn key(identity: &Identity, client: &Client) -> String {
    let credential = match identity {
        Identity::Known(caller) => caller.key(),
        Identity::Unknown | Identity::Failed(_) => None,
    };
    match (credential, client.ip) {
        (Some(credential), _) => credential.to_owned(),
        (None, Some(std::net::IpAddr::V6(ip))) => format!("{:x}", u128::from(ip) >> 64),
        (None, Some(ip)) => ip.to_string(),
        (None, None) => String::new(),
    }
}

fn tell(headers: &mut HeaderMap, standing: &Standing) {
    headers.insert("ratelimit-limit", HeaderValue::from(standing.limit));
    headers.insert("ratelimit-remaining", HeaderValue::from(standing.remaining));
    headers.insert("ratelimit-reset", HeaderValue::from(standing.reset_s));
}
