//! Checks that measure, and what they add up to.

use bartizan_engine::{PolicyChange, Surroundings};
use serde_json::{Value, json};

use crate::site::Site;

async fn check(site: &Site, key: &str) -> Value {
    let checks = site.data("/api/v1/security/checks").await;
    let found = checks.as_array().and_then(|checks| checks.iter().find(|check| check["key"] == key));
    found.unwrap_or_else(|| panic!("no check {key}: {checks}")).clone()
}

#[tokio::test]
async fn every_check_says_what_it_measured_why_and_what_to_do() {
    let site = Site::new().await;
    let checks = site.data("/api/security/checks").await;
    let checks = checks.as_array().expect("a list");
    assert_eq!(checks.len(), 16);
    for check in checks {
        for member in ["key", "name", "status", "message", "value", "why", "lastChecked"] {
            assert!(check[member].as_str().is_some_and(|text| !text.is_empty()), "{member} of {check}");
        }
        let passes = check["status"] == "pass";
        assert_eq!(check["remedy"].is_null(), passes, "{check}");
    }
    let score = site.data("/api/security/compliance-score").await;
    let count = |status: &str| checks.iter().filter(|check| check["status"] == status).count();
    assert_eq!(score["total"], json!(checks.len()));
    assert_eq!((&score["passed"], &score["failed"]), (&json!(count("pass")), &json!(count("fail"))));
    assert_eq!(site.data("/api/v1/security/history").await.as_array().map(Vec::len), Some(checks.len()));
}

#[tokio::test]
async fn a_check_that_is_run_again_sees_what_changed() {
    let site = Site::new().await;
    let before = check(&site, "thresholds").await;
    assert_eq!(before["status"], "pass", "{before}");
    let change = PolicyChange { threshold: Some(1.0), ..PolicyChange::default() };
    site.engine.set_policy(change).await.expect("set");
    assert_eq!(check(&site, "thresholds").await["status"], "pass", "nobody looked since");
    site.clock.advance(60);
    let run = site.post(&format!("/api/v1/security/checks/{}/run", before["id"]), "").await;
    assert_eq!(run.json()["data"]["status"], "fail");
    assert_eq!(check(&site, "thresholds").await["status"], "fail");
    let history = site.data("/api/v1/security/history").await;
    assert_eq!((&history[0]["key"], &history[0]["status"]), (&json!("thresholds"), &json!("fail")));
    for id in ["0", "99", "abc"] {
        let answer = site.post(&format!("/api/v1/security/checks/{id}/run"), "").await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (404, "not_found"), "{id}");
    }
}

#[tokio::test]
async fn an_open_server_and_a_closed_store_are_found() {
    let site = Site::new().await;
    site.engine.describe(Surroundings {
        loopback: false,
        authenticated: false,
        allowed_origins: vec!["null".to_owned()],
        ..Surroundings::default()
    });
    assert_eq!(check(&site, "authentication").await["status"], "fail");
    assert_eq!(check(&site, "cors").await["status"], "fail");
    let store = check(&site, "store").await;
    assert_eq!(store["status"], "pass", "{store}");
    site.store.close().await;
    let run = site.post(&format!("/api/v1/security/checks/{}/run", store["id"]), "").await;
    assert_eq!((run.status.as_u16(), &run.json()["data"]["status"]), (200, &json!("fail")));
}
