//! Who may ask at all (API.md 2.2), in which form (406), and for how long (504).

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::address::{is_api, is_held, is_metrics, is_service};
use crate::ApiState;
use crate::accept::{accepts_csv, accepts_json, accepts_text};
use crate::access::holds_session;
use crate::error::ApiError;

/// Refuses what no handler should see.
pub(crate) async fn guard(State(api): State<ApiState>, request: Request, next: Next) -> Response {
    if is_preflight(&request) {
        return StatusCode::NO_CONTENT.into_response();
    }
    if let Err(error) = check(&api, &request) {
        return error.into_response();
    }
    let path = request.uri().path();
    let csv_alone = is_api(path) && !accepts_json(request.headers());
    let answer = tokio::time::timeout(api.settings.deadline, next.run(request)).await;
    let answer = answer.unwrap_or_else(|_| {
        let message = "the server gave up the answer at its own deadline; ask for less";
        ApiError::new(StatusCode::GATEWAY_TIMEOUT, "timeout", message).into_response()
    });
    // Only the route knows whether it can be sent as CSV.
    if csv_alone && answer.status().is_success() && !is_csv(&answer) {
        return ApiError::not_acceptable().into_response();
    }
    answer
}

fn check(api: &ApiState, request: &Request) -> Result<(), ApiError> {
    let headers = request.headers();
    // Host, origin and what is accepted are those of the request that a proxy holds, meant for another server.
    if is_held(request.uri().path()) {
        return Ok(());
    }
    if api.settings.loopback && !host_is_ours(api, request.uri(), headers) {
        let message = "this Host is not accepted; use a loopback name, or list it in server.allowed_hosts";
        return Err(ApiError::new(StatusCode::MISDIRECTED_REQUEST, "misdirected_request", message));
    }
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if (!is_safe || wants_upgrade(headers)) && !origin_may_act(api, request.uri(), headers) {
        let message = "pages of this origin may not act here; list it in server.allowed_origins";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "origin_rejected", message));
    }
    // Reading may be answered with CSV; what acts must not be refused after it was done.
    let csv = is_safe && is_api(request.uri().path()) && accepts_csv(headers);
    let text = is_metrics(request.uri().path()) && accepts_text(headers);
    if answers_data(request) && !accepts_json(headers) && !csv && !text {
        return Err(ApiError::not_acceptable());
    }
    Ok(())
}

/// The question of a browser before the request of a page: it is answered whoever asks.
pub(crate) fn is_preflight(request: &Request) -> bool {
    let path = request.uri().path();
    let is_ours = is_api(path) || (is_service(path) && !is_held(path));
    request.method() == Method::OPTIONS && is_ours
}

/// Whether the answer is data, not a page, a file or a socket.
fn answers_data(request: &Request) -> bool {
    let path = request.uri().path();
    is_api(path) || (is_service(path) && !wants_upgrade(request.headers()))
}

fn is_csv(response: &Response) -> bool {
    let media_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type.is_some_and(|media_type| media_type.starts_with("text/csv"))
}

/// A page that makes its own name resolve to loopback still sends that name as `Host`.
fn host_is_ours(api: &ApiState, uri: &Uri, headers: &HeaderMap) -> bool {
    let Some(authority) = authority(uri, headers) else { return false };
    let name = without_port(&authority);
    let is_loopback = name == "localhost"
        || name.ends_with(".localhost")
        || name
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.to_canonical().is_loopback());
    is_loopback
        || api
            .settings
            .allowed_hosts
            .iter()
            .any(|allowed| allowed.eq_ignore_ascii_case(name) || allowed.eq_ignore_ascii_case(&authority))
}

/// State-changing requests of pages pass only from our own origin or a listed one; programs send no origin.
fn origin_may_act(api: &ApiState, uri: &Uri, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
        // A browser that brings a session has to say which page sent it.
        if api.settings.authenticate && holds_session(headers) {
            return site == Some(b"same-origin");
        }
        return site != Some(b"cross-site");
    };
    let Ok(origin) = origin.to_str() else { return false };
    let is_own = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"))
        .zip(authority(uri, headers))
        .is_some_and(|(from, own)| from.eq_ignore_ascii_case(&own));
    is_own || api.settings.allowed_origins.iter().any(|listed| listed == origin)
}

fn authority(uri: &Uri, headers: &HeaderMap) -> Option<String> {
    if let Some(authority) = uri.authority() {
        return Some(authority.as_str().to_lowercase());
    }
    headers.get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_lowercase)
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => authority,
    }
}

fn wants_upgrade(headers: &HeaderMap) -> bool {
    headers.get(header::UPGRADE).is_some_and(|upgrade| upgrade.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_no_part_of_a_host_name() {
        for (authority, name) in
            [("localhost:3001", "localhost"), ("[::1]:80", "[::1]"), ("[::1]", "[::1]"), ("a.b", "a.b")]
        {
            assert_eq!(without_port(authority), name);
        }
    }
}
