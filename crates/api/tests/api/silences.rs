//! Alerts in bulk, the way back, and silences.

use axum::http::Method;
use serde_json::json;

use crate::site::Site;

#[tokio::test]
async fn many_alerts_are_handled_at_once_and_reopened() {
    let site = Site::new().await;
    let answer =
        site.post("/api/v1/alerts/bulk", r#"{"ids":[1,77],"action":"dismiss","note":"ours"}"#).await.json();
    assert_eq!(answer["data"]["unknown"], json!([77]));
    let alert = &answer["data"]["alerts"][0];
    assert_eq!((&alert["status"], &alert["note"]), (&json!("dismissed"), &json!("ours")));
    assert_eq!(site.data("/api/alerts/active").await, json!([]));
    assert_eq!(site.post("/api/v1/alerts/1/reopen", "").await.json()["message"], "alert reopened");
    assert_eq!(site.data("/api/alerts/active").await[0]["status"], "open");
    for body in [
        r#"{"ids":[],"action":"dismiss"}"#.to_owned(),
        r#"{"ids":[1],"action":"delete"}"#.to_owned(),
        r#"{"ids":[1],"action":"dismiss","why":1}"#.to_owned(),
        format!(r#"{{"ids":[1],"action":"dismiss","note":"{}"}}"#, "x".repeat(1_001)),
        format!(r#"{{"ids":{:?},"action":"dismiss"}}"#, vec![1; 1_001]),
    ] {
        let answer = site.post("/api/v1/alerts/bulk", &body).await;
        assert_eq!(answer.status.as_u16(), 422, "{answer:?}");
    }
    assert_eq!(site.post("/api/v1/alerts/77/reopen", "").await.code(), "not_found");
}

#[tokio::test]
async fn the_audit_log_tells_which_alerts_a_silence_dismissed() {
    let site = Site::new().await;
    site.post("/api/v1/alerts/1/silence", r#"{"hours":1,"reason":"ours"}"#).await;
    assert_eq!(site.data("/api/alerts/active").await, json!([]));
    let entries = site.data("/api/v1/audit/logs?resource_type=alert").await;
    let details = entries[0]["details"].as_str().expect("told");
    let details: serde_json::Value = serde_json::from_str(details).expect("JSON");
    assert_eq!(details["after"]["dismissed_alerts"], json!([1]));
}

#[tokio::test]
async fn the_audit_log_tells_how_an_alert_stood_before() {
    let site = Site::new().await;
    site.post("/api/v1/alerts/bulk", r#"{"ids":[1],"action":"acknowledge"}"#).await;
    site.post("/api/v1/alerts/bulk", r#"{"ids":[1],"action":"resolve","note":"patched"}"#).await;
    site.post("/api/v1/alerts/1/dismiss", "").await;
    let entries = site.data("/api/v1/audit/logs?resource_type=alert").await;
    let changes: Vec<_> = (0..3)
        .map(|at| {
            let details = entries[at]["details"].as_str().expect("told");
            let details: serde_json::Value = serde_json::from_str(details).expect("JSON");
            (details["before"]["status"].clone(), details["after"]["status"].clone())
        })
        .collect();
    let expected = [("resolved", "dismissed"), ("acknowledged", "resolved"), ("open", "acknowledged")];
    assert_eq!(changes, expected.map(|(before, after)| (json!(before), json!(after))));
}

#[tokio::test]
async fn a_silence_begins_is_listed_and_ends() {
    let site = Site::new().await;
    let body = r#"{"class":"sql_injection","ip":"198.51.100.0/24","hours":2,"reason":"our own scanner"}"#;
    let silence = site.post("/api/v1/alerts/silences", body).await.json()["data"].clone();
    assert_eq!(silence["expires_at"], "2026-03-04T07:06:07.120000Z");
    assert_eq!(
        (&silence["is_active"], &silence["created_by"], &silence["hits"]),
        (&json!(true), &json!("local"), &json!(0))
    );
    assert_eq!(site.data("/api/alerts/silences").await, json!([silence]));
    let answer = site.ask(Method::DELETE, "/api/v1/alerts/silences/1", &[], "").await;
    assert_eq!(answer.json()["message"], "silence ended");
    let answer = site.ask(Method::DELETE, "/api/v1/alerts/silences/1", &[], "").await;
    assert_eq!(answer.code(), "not_found");
    assert_eq!(site.data("/api/alerts/silences").await, json!([]));
}

#[tokio::test]
async fn an_alert_is_silenced_by_its_own_cause() {
    let site = Site::new().await;
    let silence = site.post("/api/v1/alerts/1/silence", "").await.json()["data"].clone();
    assert_eq!(silence["expires_at"], "2026-03-05T05:06:07.120000Z");
    assert_eq!(
        (&silence["class"], &silence["ip"], &silence["host"], &silence["key"]),
        (&json!("sql_injection"), &json!("198.51.100.7"), &json!("shop.example.com"), &json!(null))
    );
    assert_eq!(site.data("/api/alerts/active").await, json!([]));
    assert_eq!(site.post("/api/v1/alerts/99/silence", "").await.code(), "not_found");
}

#[tokio::test]
async fn senseless_silences_are_refused() {
    let site = Site::new().await;
    for (body, field) in [
        ("{}", "body"),
        (r#"{"ip":"nowhere"}"#, "ip"),
        (r#"{"class":"nothing"}"#, "class"),
        (r#"{"source":"nobody"}"#, "source"),
        (r#"{"host":"a","hours":0}"#, "hours"),
        (r#"{"host":"a","expires_at":"2026-03-04T05:06:07Z"}"#, "expires_at"),
        (r#"{"host":"a","expires_at":"tomorrow"}"#, "expires_at"),
        (r#"{"host":"a","hours":1,"expires_at":"2027-01-01T00:00:00Z"}"#, "hours"),
        (r#"{"key":"a"}"#, "key"),
    ] {
        let answer = site.post("/api/v1/alerts/silences", body).await;
        let details = answer.json()["error"]["details"].clone();
        assert_eq!((answer.status.as_u16(), &details[0]["field"]), (422, &json!(field)), "{body} {details}");
    }
}
