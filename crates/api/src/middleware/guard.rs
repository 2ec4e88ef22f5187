//! Who may ask at all (API.md 2.2), in which form (406), and for how long (504).

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::address::{is_api, is_service};
use crate::ApiState;
use crate::error::ApiError;

/// Refuses what no handler should see.
pub(crate) async fn guard(State(api): State<ApiState>, request: Request, next: Next) -> Response {
    if let Err(error) = check(&api, &request) {
        return error.into_response();
    }
    let answer = tokio::time::timeout(api.settings.deadline, next.run(request)).await;
    answer.unwrap_or_else(|_| {
        let message = "the server gave up the answer at its own deadline; ask for less";
        ApiError::new(StatusCode::GATEWAY_TIMEOUT, "timeout", message).into_response()
    })
}

fn check(api: &ApiState, request: &Request) -> Result<(), ApiError> {
    let headers = request.headers();
    if api.settings.loopback && !host_is_ours(api, request.uri(), headers) {
        let message = "this Host is not accepted; use a loopback name, or list it in server.allowed_hosts";
        return Err(ApiError::new(StatusCode::MISDIRECTED_REQUEST, "misdirected_request", message));
    }
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if (!is_safe || wants_upgrade(headers)) && !origin_may_act(api, request.uri(), headers) {
        let message = "pages of this origin may not act here; list it in server.allowed_origins";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "origin_rejected", message));
    }
    let path = request.uri().path();
    let answers_json = is_api(path) || (is_service(path) && !wants_upgrade(headers));
    if answers_json && !accepts_json(headers) {
        return Err(ApiError::not_acceptable());
    }
    Ok(())
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
        return headers.get("sec-fetch-site").is_none_or(|site| site.as_bytes() != b"cross-site");
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

fn accepts_json(headers: &HeaderMap) -> bool {
    let mut given = false;
    for value in headers.get_all(header::ACCEPT) {
        let Ok(value) = value.to_str() else { continue };
        for range in value.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let media_range = parts.next().unwrap_or_default();
            if media_range.is_empty() {
                continue;
            }
            given = true;
            let refused = parts.any(|part| {
                part.strip_prefix("q=").is_some_and(|q| q.parse::<f64>().is_ok_and(|q| q <= 0.0))
            });
            let matches = ["*/*", "application/*", "application/json"]
                .iter()
                .any(|accepted| accepted.eq_ignore_ascii_case(media_range));
            if matches && !refused {
                return true;
            }
        }
    }
    !given
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT, value.parse().expect("a header"))])
    }

    #[test]
    fn json_is_sent_where_it_is_accepted() {
        for value in ["*/*", "text/html, application/*;q=0.1", "Application/JSON", ""] {
            assert!(accepts_json(&accept(value)), "{value}");
        }
        for value in ["text/csv", "text/html;q=1, image/*", "application/json;q=0", "application/json; q=0.0"]
        {
            assert!(!accepts_json(&accept(value)), "{value}");
        }
        assert!(accepts_json(&HeaderMap::new()));
    }

    #[test]
    fn ports_are_no_part_of_a_host_name() {
        for (authority, name) in
            [("localhost:3001", "localhost"), ("[::1]:80", "[::1]"), ("[::1]", "[::1]"), ("a.b", "a.b")]
        {
            assert_eq!(without_port(authority), name);
        }
    }
}
