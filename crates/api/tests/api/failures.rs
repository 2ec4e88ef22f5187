//! Every failure that can occur: its status, its code, and its form.

use axum::http::{Method, StatusCode};
use bartizan_api::ApiSettings;
use serde_json::json;

use crate::site::Site;

#[tokio::test]
async fn wrong_requests_are_told_apart_by_status_and_code() {
    let site = Site::new().await;
    for (path, status, code) in [
        ("/api/nowhere", 404, "unknown_route"),
        ("/api", 404, "unknown_route"),
        ("/api/v1", 404, "unknown_route"),
        ("/api/v2/traffic", 404, "unknown_route"),
        ("/api/v1/Traffic", 404, "unknown_route"),
        ("/api/ip/blacklist", 404, "unknown_route"),
        ("/api/traffic/99", 404, "not_found"),
        ("/api/traffic/0", 404, "not_found"),
        ("/api/threats/abc", 404, "not_found"),
        ("/api/threats/type/nonsense", 404, "not_found"),
        ("/api/analytics/trends/nonsense", 404, "not_found"),
        ("/api/analytics/top/country", 404, "not_found"),
        ("/api/metrics/realtime?host=nowhere.example", 404, "not_found"),
        ("/api/charts/requests?host=nowhere.example", 404, "not_found"),
        ("/api/traffic/endpoint/%FF", 400, "malformed_request"),
        ("/api/traffic?q=%FF", 400, "malformed_request"),
        ("/api/traffic?cursor=x", 400, "bad_cursor"),
        ("/api/traffic?stauts=404", 422, "unsupported_parameter"),
        ("/api/traffic?offset=10", 422, "unsupported_parameter"),
        ("/api/activities?host=a", 422, "unsupported_parameter"),
        ("/api/charts/requests?ip=1.2.3.4", 422, "unsupported_parameter"),
        ("/api/alerts/active?range=1h", 422, "unsupported_parameter"),
        ("/api/traffic?range=0h", 422, "invalid_range"),
        ("/api/traffic?from=2027-01-01T00:00:00Z", 422, "invalid_range"),
        ("/api/traffic?from=2026-03-04T05:00:00Z&to=2026-03-04T04:00:00Z", 422, "invalid_range"),
        ("/api/charts/requests?range=500d", 422, "invalid_range"),
        ("/api/charts/requests?buckets=0", 422, "validation_failed"),
        ("/api/analytics/summary?compare=next", 422, "validation_failed"),
        ("/api/analytics/top/host?by=size", 422, "validation_failed"),
        ("/api/traffic?status=abc", 422, "validation_failed"),
        ("/api/traffic?limit=many", 422, "validation_failed"),
        ("/api/alerts/active?format=csv", 406, "not_acceptable"),
        ("/api/traffic?format=xml", 422, "validation_failed"),
        ("/ws", 426, "upgrade_required"),
        ("/forward-auth", 403, "forbidden"),
    ] {
        let answer = site.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{path}");
    }
}

#[tokio::test]
async fn a_failure_under_api_is_an_envelope_with_details_and_the_request_id() {
    let site = Site::new().await;
    let headers = [("x-request-id", "r-7f3a")];
    let answer = site.ask(Method::GET, "/api/charts/requests?range=0h", &headers, "").await;
    assert_eq!(
        answer.json(),
        json!({"success": false, "data": null, "message": "range must be between 1m and 400d",
               "timestamp": "2026-03-04T05:06:07.120Z",
               "error": {"code": "invalid_range",
                         "details": [{"field": "range", "problem": "must be between 1m and 400d"}],
                         "request_id": "r-7f3a"}})
    );
    assert_eq!(answer.header("x-request-id"), Some("r-7f3a"));
}

#[tokio::test]
async fn a_failure_of_a_root_route_is_bare() {
    let site = Site::new().await;
    let answer = site.post("/check", "{").await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, "malformed_json"));
    assert!(answer.json()["detail"].is_string() && answer.json()["success"].is_null());
}

#[tokio::test]
async fn a_wrong_method_is_told_which_are_allowed() {
    let site = Site::new().await;
    for (method, path, allow) in [
        (Method::POST, "/api/v1/traffic", "GET,HEAD"),
        (Method::GET, "/api/v1/alerts/1/dismiss", "POST"),
        (Method::DELETE, "/check", "POST"),
        (Method::POST, "/", "GET,HEAD"),
    ] {
        let answer = site.ask(method.clone(), path, &[], "").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        assert_eq!(answer.code(), "method_not_allowed");
        assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
    }
}

#[tokio::test]
async fn wrong_bodies_are_told_apart() {
    let site = Site::new().await;
    let large = format!("{{\"note\":\"{}\"}}", "x".repeat(1 << 20));
    let long_note = format!("{{\"note\":\"{}\"}}", "x".repeat(1_001));
    for (body, status, code) in [
        ("{", 400, "malformed_json"),
        ("{\"nite\":\"x\"}", 422, "validation_failed"),
        ("{\"note\":1}", 422, "validation_failed"),
        (long_note.as_str(), 422, "validation_failed"),
        (large.as_str(), 413, "payload_too_large"),
    ] {
        let answer = site.post("/api/alerts/1/dismiss", body).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{body:.20}");
    }
    let answer =
        site.ask(Method::POST, "/api/alerts/1/dismiss", &[("content-type", "text/plain")], "{}").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (415, "unsupported_media_type"));
    let answer = site.post("/api/alerts/99/dismiss", "").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "not_found"));
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_a_503_without_its_cause() {
    let site = Site::new().await;
    site.store.close().await;
    let answer = site.get("/api/v1/traffic").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "unavailable"));
    assert!(answer.header("retry-after").is_some());
    assert!(!String::from_utf8_lossy(&answer.body).contains("database"));
    let health = site.get("/health").await;
    assert_eq!((health.status.as_u16(), &health.json()["status"]), (503, &json!("unhealthy")));
    let (ready, health) = (site.get("/health/ready").await, site.get("/health").await);
    assert_eq!((ready.status, &ready.json()["status"]), (health.status, &health.json()["status"]));
    assert_eq!(site.get("/health/live").await.json(), json!({"status": "alive"}));
}

#[tokio::test]
async fn a_server_gives_up_at_its_own_deadline() {
    let settings = ApiSettings { deadline: std::time::Duration::ZERO, ..ApiSettings::default() };
    let site = Site::with(settings).await;
    let never = futures_util::stream::pending::<Result<axum::body::Bytes, std::io::Error>>();
    let answer = site.ask_with(Method::POST, "/check", &[], axum::body::Body::from_stream(never)).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (504, "timeout"));
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_a_408() {
    let body_timeout = std::time::Duration::from_millis(20);
    let site = Site::with(ApiSettings { body_timeout, ..ApiSettings::default() }).await;
    let never = futures_util::stream::pending::<Result<axum::body::Bytes, std::io::Error>>();
    let answer = site.ask_with(Method::POST, "/check", &[], axum::body::Body::from_stream(never)).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (408, "request_timeout"));
}
