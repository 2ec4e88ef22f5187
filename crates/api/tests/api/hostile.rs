//! Hostile input: whatever is asked, the answer is never a defect of ours.

use axum::http::{Method, Uri};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::site::Site;

const ROUTES: &[&str] = &[
    "/api/traffic",
    "/api/v1/traffic/recent",
    "/api/traffic/endpoint/%2F",
    "/api/threats/type/xss",
    "/api/threats/stats",
    "/api/activities",
    "/api/alerts/history",
    "/api/alerts/active",
    "/api/charts/requests",
    "/api/charts/performance",
    "/api/metrics/historical",
    "/api/metrics/realtime",
    "/api/analytics/summary",
    "/api/analytics/top/host",
    "/api/analytics/trends/latency",
    "/ws",
    "/",
];

const NAMES: &[&str] = &[
    "range",
    "from",
    "to",
    "buckets",
    "limit",
    "cursor",
    "order",
    "count",
    "ip",
    "method",
    "status",
    "host",
    "endpoint",
    "class",
    "severity",
    "action",
    "enforced",
    "min_score",
    "q",
    "compare",
    "by",
    "format",
    "types",
    "since",
];

const VALUES: &[&str] = &[
    "1m",
    "400d",
    "9999999d",
    "0001-01-02T00:00:00Z",
    "9999-12-30T21:59:59Z",
    "2026-03-04T05:06:07.12Z",
    "-9223372036854775808",
    "18446744073709551616",
    "1",
    "1000",
    "asc",
    "true",
    "198.51.100.7/0",
    "::/0",
    "::ffff:1.2.3.4",
    "%00",
    "%25",
    "%27%20OR%201=1--",
    "*",
    "*.*",
    "/*",
    "?",
    "%25_%5C",
    "GET,,POST",
    "4xx",
    "sql_injection",
    "high",
    "block",
    "NaN",
    "1e-400",
    "%22%3B%20DROP%20TABLE%20traffic",
    "a%00b",
    "previous",
    "csv",
    "%F0%9F%92%A9%F0%9F%92%A9",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
];

fn query() -> impl Strategy<Value = String> {
    let pair = (prop::sample::select(NAMES), prop::sample::select(VALUES));
    let pairs = prop::collection::vec(pair.prop_map(|(name, value)| format!("{name}={value}")), 0..4);
    pairs.prop_map(|pairs| pairs.join("&"))
}

#[test]
fn whatever_is_asked_is_answered_without_a_defect() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let site = runtime.block_on(Site::new());
    let mut runner = TestRunner::new(Config { cases: 600, failure_persistence: None, ..Config::default() });
    let known = (prop::sample::select(ROUTES), query()).prop_map(|(route, query)| format!("{route}?{query}"));
    let any = "/[ -~]{0,60}";
    let asked = prop_oneof![3 => known, 1 => any];
    let result = runner.run(&asked, |path| {
        if path.parse::<Uri>().is_err() {
            return Ok(());
        }
        let answer = runtime.block_on(site.ask(Method::GET, &path, &[], ""));
        prop_assert!(answer.status.as_u16() < 500, "{} {}", path, String::from_utf8_lossy(&answer.body));
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn any_body_is_judged_or_refused_without_a_defect() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let site = runtime.block_on(Site::new());
    let mut runner = TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
    let text = prop_oneof!["\\PC{0,40}", Just("\u{0}\u{1}".to_owned()), Just("a:b:c".to_owned())];
    let request = (text.clone(), text.clone(), text.clone(), text.clone(), text).prop_map(
        |(method, path, name, value, body)| {
            serde_json::json!({"method": method, "path": path, "query_params": {&name: [&value, 1]},
                               "headers": {&name: value}, "host": name, "client_ip": body, "body": body})
            .to_string()
        },
    );
    let bodies = prop_oneof![4 => request, 1 => "\\PC{0,60}"];
    let result = runner.run(&bodies, |body| {
        for path in ["/check", "/api/v1/waf/check?explain=true"] {
            let answer = runtime.block_on(site.post(path, &body));
            prop_assert!(answer.status.as_u16() < 500, "{} {}", body, String::from_utf8_lossy(&answer.body));
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    // What was recorded can be read.
    let answer = runtime.block_on(site.get("/api/v1/traffic/recent?limit=1000"));
    assert_eq!(answer.status.as_u16(), 200);
}
