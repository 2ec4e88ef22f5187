//! The embedded dashboard.

use axum::http::{Method, StatusCode};

use crate::site::Site;

#[tokio::test]
async fn the_start_page_is_served_for_every_page_of_the_dashboard() {
    let site = Site::new().await;
    for path in ["/", "/traffic", "/threats/12", "/settings/", "/?status=4xx&status=5xx&q=%FF"] {
        let page = site.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        assert_eq!(page.header("cache-control"), Some("no-cache"));
        let policy = page.header("content-security-policy").unwrap_or_default().to_owned();
        for rule in ["default-src 'self'", "script-src 'self'", "object-src 'none'", "frame-ancestors 'none'"]
        {
            assert!(policy.contains(rule), "{rule}");
        }
        assert!(!policy.contains("unsafe"));
    }
}

#[tokio::test]
async fn what_is_not_part_of_the_dashboard_is_not_the_start_page() {
    let site = Site::new().await;
    for path in
        ["/missing.js", "/assets/../../Cargo.toml", "/assets/none-1234.css", "/config/x", "/health/dead"]
    {
        let answer = site.get(path).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::NOT_FOUND, "unknown_route"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_page_that_the_browser_holds_is_not_sent_again() {
    let site = Site::new().await;
    let page = site.get("/").await;
    let etag = page.header("etag").expect("an etag").to_owned();
    let again = site.ask(Method::GET, "/", &[("if-none-match", &etag)], "").await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
}
