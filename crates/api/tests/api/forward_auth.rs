//! What a proxy is told about the request that it holds.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request};
use bartizan_api::{ApiSettings, InlineSettings, OnFailure, TrustedProxies};
use bartizan_engine::PolicyChange;
use bartizan_model::Mode;
use serde_json::json;
use tower::ServiceExt as _;

use crate::site::{Answer, Site};

const ATTACK: &str = "/products?id=9%27%20UNION%20SELECT%20username,password%20FROM%20users--%20-";

/// Asks as a proxy at that address.
async fn ask(site: &Site, peer: &str, method: Method, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri("/forward-auth");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).expect("a request");
    let peer: SocketAddr = peer.parse().expect("an address");
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = site.router.clone().oneshot(request).await.expect("the router answers");
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.expect("a body").to_vec();
    Answer { status: parts.status, headers: parts.headers, body }
}

async fn block(site: &Site) {
    let change = PolicyChange { mode: Some(Mode::Block), ..PolicyChange::default() };
    site.engine.set_policy(change).await.expect("set");
}

#[tokio::test]
async fn a_held_attack_is_refused_in_block_mode_only_and_recorded_as_what_it_was() {
    let site = Site::new().await;
    let attack = [
        ("host", "shop.example.com"),
        ("x-forwarded-uri", ATTACK),
        ("x-forwarded-method", "post"),
        ("x-forwarded-host", "Shop.example.com:443"),
        ("x-forwarded-for", "1.1.1.1, 203.0.113.77"),
        ("accept", "text/html"),
        ("origin", "https://elsewhere.example"),
        ("user-agent", "curl/8.5.0"),
    ];
    let monitored = ask(&site, "127.0.0.1:9", Method::GET, &attack).await;
    assert_eq!(monitored.status.as_u16(), 200);
    assert_eq!(monitored.header("x-bartizan-action"), Some("block"));
    assert_eq!(monitored.header("x-bartizan-class"), Some("sql_injection"));
    block(&site).await;
    for method in [Method::GET, Method::POST, Method::OPTIONS, Method::DELETE] {
        let refused = ask(&site, "[::1]:9", method.clone(), &attack).await;
        assert_eq!(refused.status.as_u16(), 403, "{method}");
        let page = String::from_utf8(refused.body.clone()).expect("text");
        assert!(page.contains(refused.header("x-request-id").expect("an id")), "{page}");
        assert!(!page.contains("SELECT"), "{page}");
        let score: f64 = refused.header("x-bartizan-score").expect("a score").parse().expect("a number");
        assert!(score > 0.5);
    }
    let benign = [("x-original-uri", "/cart"), ("x-original-method", "GET"), ("host", "shop.example.com")];
    let passed = ask(&site, "127.0.0.1:9", Method::GET, &benign).await;
    assert_eq!((passed.status.as_u16(), passed.header("x-bartizan-action")), (200, Some("allow")));
    assert_eq!(passed.header("x-bartizan-class"), Some("-"));
    site.rows("/api/v1/traffic/recent", 11).await;
    let rows = site.data("/api/v1/traffic/recent?ip=203.0.113.77&enforced=true").await;
    assert_eq!(rows.as_array().map(Vec::len), Some(4), "{rows}");
    let row = &rows[0];
    assert_eq!(
        (&row["via"], &row["method"], &row["host"]),
        (&json!("forward_auth"), &json!("POST"), &json!("shop.example.com"))
    );
    assert_eq!(row["endpoint"], ATTACK);
}

#[tokio::test]
async fn only_trusted_proxies_that_name_a_request_are_answered() {
    let proxies = TrustedProxies::parse(["192.0.2.0/24"]).expect("sound");
    let inline = InlineSettings { trusted_proxies: proxies, ..InlineSettings::default() };
    let site = Site::with(ApiSettings { inline, ..ApiSettings::default() }).await;
    let held = [("x-forwarded-uri", "/"), ("x-forwarded-method", "GET")];
    assert_eq!(ask(&site, "192.0.2.5:9", Method::GET, &held).await.status.as_u16(), 200);
    for peer in ["127.0.0.1:9", "198.51.100.1:9"] {
        let answer = ask(&site, peer, Method::GET, &held).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "forbidden"), "{peer}");
    }
    let nameless = ask(&site, "192.0.2.5:9", Method::GET, &[("host", "a")]).await;
    assert_eq!((nameless.status.as_u16(), nameless.code().as_str()), (400, "malformed_request"));
}

#[tokio::test]
async fn a_late_verdict_lets_pass_or_refuses_as_is_set() {
    for (on_failure, status) in [(OnFailure::Open, 200), (OnFailure::Closed, 403)] {
        let inline =
            InlineSettings { on_failure, deadline: std::time::Duration::ZERO, ..InlineSettings::default() };
        let site = Site::with(ApiSettings { inline, ..ApiSettings::default() }).await;
        // Takes longer to judge than the timer needs to notice that no time is left.
        let long = format!("/?q={}", "a%20b".repeat(100_000));
        let held = [("x-forwarded-uri", long.as_str())];
        assert_eq!(ask(&site, "127.0.0.1:9", Method::GET, &held).await.status.as_u16(), 200, "monitoring");
        block(&site).await;
        let answer = ask(&site, "127.0.0.1:9", Method::GET, &held).await;
        assert_eq!(answer.status.as_u16(), status);
        assert_eq!(answer.header("x-bartizan-action"), Some("allow"));
    }
}
