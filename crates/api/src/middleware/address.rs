//! Addresses as callers write them, brought to the form that is routed (API.md 1.1).

use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use axum::middleware::Next;
use axum::response::Response;

/// Names of the WAF service at the root, which the dashboard never claims.
const SERVICE: &[&str] = &["check", "health", "metrics", "update-threshold", "config", "forward-auth", "ws"];

/// Routes `/api/x` as `/api/v1/x`, and drops one trailing slash.
pub(crate) async fn rewrite(mut request: Request, next: Next) -> Response {
    if let Some(uri) = rewritten(request.uri()) {
        *request.uri_mut() = uri;
    }
    next.run(request).await
}

/// Whether a path belongs to the API, whose answers come in an envelope.
pub(crate) fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Whether a path belongs to the WAF service at the root.
pub(crate) fn is_service(path: &str) -> bool {
    let name = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    SERVICE.contains(&name)
}

/// Whether a path asks about a request that a proxy holds.
pub(crate) fn is_held(path: &str) -> bool {
    path == "/forward-auth"
}

/// Whether a path answers with figures for machines, which are text for some.
pub(crate) fn is_metrics(path: &str) -> bool {
    path == "/metrics"
}

fn rewritten(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    let shorter = path.strip_suffix('/').filter(|shorter| !shorter.is_empty()).unwrap_or(path);
    let versioned = shorter.strip_prefix("/api/").filter(|rest| *rest != "v1" && !rest.starts_with("v1/"));
    let path = match versioned {
        Some(rest) => format!("/api/v1/{rest}"),
        None if shorter.len() == path.len() => return None,
        None => shorter.to_owned(),
    };
    let path_and_query = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(path_and_query).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_brought_to_the_canonical_form() {
        for (given, expected) in [
            ("/api/traffic?limit=1", Some("/api/v1/traffic?limit=1")),
            ("/api/v1/traffic/", Some("/api/v1/traffic")),
            ("/api/v1/traffic", None),
            ("/api/traffic//", Some("/api/v1/traffic/")),
            ("/api/v2/traffic", Some("/api/v1/v2/traffic")),
            ("/api/v10", Some("/api/v1/v10")),
            ("/ws/", Some("/ws")),
            ("/", None),
            ("/apis/x", None),
            ("/api/traffic/endpoint/%2Flogin%2F", Some("/api/v1/traffic/endpoint/%2Flogin%2F")),
        ] {
            let uri: Uri = given.parse().expect("a path");
            assert_eq!(rewritten(&uri).map(|uri| uri.to_string()).as_deref(), expected, "{given}");
        }
    }
}
