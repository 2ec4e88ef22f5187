//! Addresses, headers, CORS, origin and host.

use axum::http::{Method, StatusCode};
use bartizan_api::ApiSettings;

use crate::site::Site;

const LISTED: &str = "http://localhost:3000";
const FOREIGN: &str = "http://evil.example";

#[tokio::test]
async fn both_base_paths_and_one_trailing_slash_lead_to_the_same_route() {
    let site = Site::new().await;
    let expected = site.data("/api/v1/traffic/recent").await;
    for path in ["/api/traffic/recent", "/api/v1/traffic/recent/", "/api/traffic/recent/?limit=50"] {
        assert_eq!(site.data(path).await, expected, "{path}");
    }
    assert_eq!(site.get("/api/traffic/recent//").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_get_route_answers_head_without_a_body() {
    let site = Site::new().await;
    for (path, status) in [
        ("/api/v1/traffic", 200),
        ("/health", 200),
        ("/", 200),
        ("/api/v1/nowhere", 404),
        ("/api/traffic?a=1", 422),
    ] {
        let answer = site.ask(Method::HEAD, path, &[], "").await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (status, 0), "{path}");
        assert!(answer.header("x-request-id").is_some());
    }
}

#[tokio::test]
async fn every_answer_carries_the_common_headers() {
    let site = Site::new().await;
    for path in ["/api/v1/traffic", "/api/v1/nowhere", "/health", "/"] {
        let answer = site.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        let caching = if path == "/" { "no-cache" } else { "no-store" };
        assert_eq!(answer.header("cache-control"), Some(caching), "{path}");
        assert!(answer.headers.get_all("vary").iter().any(|vary| vary == "Origin"), "{path}");
    }
    let odd = site.ask(Method::GET, "/health", &[("x-request-id", "a b\"c")], "").await;
    assert!(odd.header("x-request-id").is_some_and(|id| id.starts_with("r-")));
    let one = site.get("/health").await.header("x-request-id").map(str::to_owned);
    assert_ne!(one, site.get("/health").await.header("x-request-id").map(str::to_owned));
}

#[tokio::test]
async fn answers_are_compressed_where_that_is_accepted() {
    let site = Site::new().await;
    let answer = site.ask(Method::GET, "/api/v1/openapi.json", &[("accept-encoding", "gzip")], "").await;
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    assert!(answer.body.starts_with(&[0x1f, 0x8b]));
}

#[tokio::test]
async fn pages_of_listed_origins_may_read_even_failures() {
    let site = Site::new().await;
    for path in ["/api/v1/traffic", "/api/v1/nowhere", "/api/v1/traffic?range=0h", "/check"] {
        let answer = site.ask(Method::GET, path, &[("origin", LISTED)], "").await;
        assert_eq!(answer.header("access-control-allow-origin"), Some(LISTED), "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
        assert!(
            answer
                .header("access-control-expose-headers")
                .is_some_and(|names| names.contains("X-Request-Id"))
        );
        let answer = site.ask(Method::GET, path, &[("origin", FOREIGN)], "").await;
        assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control")), "{path}");
    }
}

#[tokio::test]
async fn a_preflight_is_answered_before_anything_else() {
    let site = Site::new().await;
    for path in ["/api/v1/alerts/1/dismiss", "/api/anything", "/check", "/health"] {
        let headers = [("origin", LISTED), ("access-control-request-method", "POST")];
        let answer = site.ask(Method::OPTIONS, path, &headers, "").await;
        assert_eq!((answer.status, answer.body.len()), (StatusCode::NO_CONTENT, 0), "{path}");
        assert_eq!(answer.header("access-control-allow-methods"), Some("GET, POST, PUT, PATCH, DELETE"));
        assert_eq!(
            answer.header("access-control-allow-headers"),
            Some("content-type, authorization, x-request-id")
        );
        assert_eq!(answer.header("access-control-max-age"), Some("600"));
    }
    let answer = site.ask(Method::OPTIONS, "/api/v1/traffic", &[("origin", FOREIGN)], "").await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (StatusCode::NO_CONTENT, None));
}

#[tokio::test]
async fn only_pages_of_known_origins_may_act() {
    let site = Site::new().await;
    for (headers, passes) in [
        (vec![], true),
        (vec![("origin", LISTED)], true),
        (vec![("origin", "http://127.0.0.1:3001")], true),
        (vec![("sec-fetch-site", "same-origin")], true),
        (vec![("origin", FOREIGN)], false),
        (vec![("origin", "null")], false),
        (vec![("origin", "http://127.0.0.1:3001.evil.example")], false),
        (vec![("sec-fetch-site", "cross-site")], false),
    ] {
        let answer = site.ask(Method::POST, "/api/alerts/1/acknowledge", &headers, "").await;
        let expected = if passes { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(answer.status, expected, "{headers:?}");
        if !passes {
            assert_eq!(answer.code(), "origin_rejected");
        }
        // Reading is not acting.
        assert_eq!(site.ask(Method::GET, "/api/alerts/active", &headers, "").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn on_loopback_a_rebound_name_reaches_nothing() {
    let settings = ApiSettings { allowed_hosts: vec!["waf.internal".to_owned()], ..ApiSettings::default() };
    let site = Site::with(settings).await;
    for (host, status) in [
        ("localhost:3001", 200),
        ("127.0.0.1", 200),
        ("127.9.9.9:80", 200),
        ("[::1]:3001", 200),
        ("WAF.internal:3001", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example:3001", 421),
        ("192.0.2.1", 421),
    ] {
        let answer = site.ask(Method::GET, "/api/v1/system/sources", &[("host", host)], "").await;
        assert_eq!(answer.status.as_u16(), status, "{host}");
        if status == 421 {
            assert_eq!(answer.code(), "misdirected_request");
        }
    }
    let open = Site::with(ApiSettings { loopback: false, ..ApiSettings::default() }).await;
    let answer = open.ask(Method::GET, "/health/live", &[("host", "waf.example.com")], "").await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn what_the_caller_cannot_read_is_not_sent() {
    let site = Site::new().await;
    let answer = site.ask(Method::GET, "/api/v1/system/info", &[("accept", "text/csv")], "").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (406, "not_acceptable"));
    let answer = site.ask(Method::GET, "/api/v1/traffic", &[("accept", "text/html")], "").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (406, "not_acceptable"));
    let answer = site.ask(Method::GET, "/api/v1/traffic", &[("accept", "text/html, */*;q=0.8")], "").await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn the_content_type_of_a_request_without_a_body_is_ignored() {
    let site = Site::new().await;
    for content_type in ["application/json", "text/plain"] {
        let answer = site.ask(Method::GET, "/api/traffic", &[("content-type", content_type)], "").await;
        assert_eq!(answer.status, StatusCode::OK);
        let answer =
            site.ask(Method::POST, "/api/alerts/1/dismiss", &[("content-type", content_type)], "").await;
        assert_eq!(answer.status, StatusCode::OK);
    }
}
