//! The last hand on every answer: request id, the headers that all carry, and the body of failures.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::address::is_api;
use crate::ApiState;
use crate::error::{ApiError, BareError, ErrorBody, ErrorEnvelope};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest request id that is taken from a caller.
const MAX_ID: usize = 64;

/// Hands out request ids: unique within a process, and among processes by their start.
#[derive(Debug, Default)]
pub(crate) struct RequestIds {
    next: AtomicU64,
}

impl RequestIds {
    fn id(&self, api: &ApiState) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        format!("r-{:x}-{number:x}", api.engine.started_at().secs())
    }
}

/// The id of the request that is being answered.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for RequestId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let id = parts.extensions.get::<Self>().cloned();
        id.ok_or_else(|| ApiError::internal("a request has no id"))
    }
}

/// Finishes the answer of whatever lies within.
pub(crate) async fn finish(State(api): State<ApiState>, mut request: Request, next: Next) -> Response {
    let id = given_id(request.headers()).unwrap_or_else(|| api.request_ids.id(&api));
    let is_api = is_api(request.uri().path());
    let is_head = request.method() == Method::HEAD;
    let what = format!("{} {}", request.method(), request.uri().path().chars().take(200).collect::<String>());
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<Arc<ApiError>>() {
        log(&error, &what, &id);
        let body = body(&error, is_api, &id, &api);
        if let Some(seconds) = error.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if error.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if error.status == StatusCode::UPGRADE_REQUIRED {
            response.headers_mut().insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        }
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_LENGTH);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *response.body_mut() = if is_head { Body::empty() } else { Body::from(body) };
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::try_from(id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

fn given_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    ((1..=MAX_ID).contains(&id.len()) && id.bytes().all(is_plain)).then(|| id.to_owned())
}

fn body(error: &ApiError, is_api: bool, request_id: &str, api: &ApiState) -> Vec<u8> {
    let told = ErrorBody { code: error.code, details: &error.details, request_id };
    let written = if is_api {
        serde_json::to_vec(&ErrorEnvelope {
            success: false,
            data: None,
            message: &error.message,
            timestamp: api.now().to_rfc3339_millis(),
            error: told,
        })
    } else {
        serde_json::to_vec(&BareError { detail: &error.message, error: told })
    };
    written.unwrap_or_default()
}

fn log(error: &ApiError, request: &str, request_id: &str) {
    if error.status.is_server_error() {
        let cause = error.cause.as_deref().unwrap_or(&error.message);
        tracing::error!(request_id, request, status = error.status.as_u16(), "request failed: {cause}");
    } else {
        tracing::debug!(
            request_id,
            request,
            status = error.status.as_u16(),
            "request refused: {}",
            error.message
        );
    }
}
