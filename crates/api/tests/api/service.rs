//! Verdicts on demand and the WAF service at the root.

use axum::http::Method;
use serde_json::json;

use crate::site::Site;

/// What any model has to see.
const ATTACK: &str = r#"{"method":"GET","path":"/products",
    "query_params":{"id":"1' UNION ALL SELECT NULL,username,password FROM users WHERE '1'='1'-- -"},
    "headers":{"user-agent":"curl/8.5.0"},"body":null}"#;
const BENIGN: &str = r#"{"method":"GET","path":"/","headers":{"user-agent":"Mozilla/5.0"}}"#;

#[tokio::test]
async fn a_check_judges_and_is_recorded_only_where_that_is_asked() {
    let site = Site::new().await;
    let result = site.post("/api/v1/waf/check?explain=true", ATTACK).await.json()["data"].clone();
    assert!(result["anomaly_score"].as_f64().is_some_and(|score| score > 0.5), "{result}");
    assert_eq!((&result["is_anomaly"], &result["action"]), (&json!(true), &json!("block")));
    assert_eq!((&result["class"], &result["type"]), (&json!("sql_injection"), &json!("SQL Injection")));
    assert_eq!((&result["enforced"], &result["error"]), (&json!(false), &json!(null)));
    assert!(
        result["normalized_request"]
            .as_str()
            .is_some_and(|text| text.starts_with("get /products id=1' union"))
    );
    let (span, fields) = (&result["explanation"][0], result["fields"].as_array().expect("fields"));
    let marked =
        fields.iter().find(|field| field["location"] == span["location"] && field["name"] == span["name"]);
    let value = marked.and_then(|field| field["value"].as_str()).unwrap_or_default();
    let offset =
        |edge| span[edge].as_u64().and_then(|offset| usize::try_from(offset).ok()).expect("an offset");
    let (start, end) = (offset("start"), offset("end"));
    assert!(start < end, "{result}");
    assert_eq!(value.get(start..end), span["decoded_from"].as_str(), "{result}");
    site.post("/api/v1/waf/check?record=true", ATTACK).await;
    site.post("/check?record=false", ATTACK).await;
    let bare = site.post("/check", ATTACK).await.json();
    assert_eq!((&bare["is_anomaly"], &bare["data"]), (&json!(true), &json!(null)));
    assert!(bare.get("explanation").is_none() && bare.get("fields").is_none());
    site.rows("/api/v1/traffic/recent", 7).await;
    let newest = site.data("/api/v1/traffic/recent?ip=-").await;
    assert_eq!(newest.as_array().map(Vec::len), Some(2), "{newest}");
    assert_eq!(newest[0]["via"], "check");
}

#[tokio::test]
async fn a_batch_is_answered_in_its_order() {
    let site = Site::new().await;
    let batch = format!("[{BENIGN},{ATTACK},{BENIGN}]");
    for (path, wrapped) in [("/check/batch?record=false", false), ("/api/waf/check/batch", true)] {
        let answer = site.post(path, &batch).await.json();
        let results = if wrapped { &answer["data"] } else { &answer };
        let anomalies: Vec<_> = (0..3).map(|n| results[n]["is_anomaly"].as_bool()).collect();
        assert_eq!(anomalies, [Some(false), Some(true), Some(false)], "{path}");
    }
    let many = format!("[{}]", vec![BENIGN; 257].join(","));
    let answer = site.post("/check/batch", &many).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, "validation_failed"));
}

#[tokio::test]
async fn the_configuration_is_the_one_in_force() {
    let site = Site::new().await;
    assert_eq!(
        site.data("/api/waf/config").await,
        json!({"threshold": 0.5, "flag_threshold": 0.3, "mode": "monitor", "model_available": true,
               "service_enabled": true})
    );
    let config = site.get("/config").await.json();
    assert_eq!((&config["max_batch_size"], &config["device"]), (&json!(256), &json!("cpu")));
    let model = site.data("/api/waf/model-info").await;
    assert_eq!((&model["model_loaded"], &model["model_path"]), (&json!(true), &json!(null)));
    assert!(model["card"]["hash"].as_str().is_some_and(|hash| hash.len() == 64));
    let health = site.get("/health").await;
    assert_eq!((health.status.as_u16(), &health.json()["status"]), (200, &json!("healthy")));
    assert_eq!(health.json()["timestamp"], 1_772_600_767.12);
}

#[tokio::test]
async fn a_policy_that_is_set_is_in_force_for_the_next_request_and_only_where_it_makes_sense() {
    let site = Site::new().await;
    let put = async |path: &str, body: &str| {
        site.ask(Method::PUT, path, &[("content-type", "application/json")], body).await
    };
    let config = put("/api/waf/config", r#"{"threshold":0.9,"mode":"block"}"#).await.json()["data"].clone();
    assert_eq!((&config["threshold"], &config["flag_threshold"]), (&json!(0.9), &json!(0.3)));
    assert_eq!(config["mode"], "block");
    let enforced = site.post("/check?record=false", ATTACK).await.json();
    assert_eq!((&enforced["enforced"], &enforced["threshold"]), (&json!(true), &json!(0.9)));
    assert_eq!(site.post("/check?record=false", BENIGN).await.json()["enforced"], json!(false));
    let config = put("/api/waf/config?threshold=0.2", "").await.json()["data"].clone();
    assert_eq!(
        (&config["threshold"], &config["flag_threshold"]),
        (&json!(0.2), &json!(0.2)),
        "it goes along"
    );
    let answer = site.post("/update-threshold", r#"{"threshold":0.6}"#).await;
    assert_eq!(answer.json(), json!({"status": "success", "new_threshold": 0.6}));
    assert_eq!(site.get("/config").await.json()["threshold"], 0.6);
    assert_eq!(site.get("/health").await.json()["threshold"], 0.6);
    assert_eq!(site.data("/api/waf/stats").await["threshold"], 0.6);
    for (path, body, field) in [
        ("/api/waf/config", r#"{"threshold":1.1}"#, "threshold"),
        ("/api/waf/config", r#"{"flag_threshold":-1}"#, "flag_threshold"),
        ("/api/waf/config", r#"{"mode":"off"}"#, "body"),
        ("/api/waf/config", r#"{"treshold":0.5}"#, "treshold"),
        ("/api/waf/config?threshold=NaN", "", "threshold"),
        ("/api/waf/config?threshold=0.4", r#"{"threshold":0.5}"#, "threshold"),
        ("/api/waf/config?treshold=0.4", "", "treshold"),
    ] {
        let answer = put(path, body).await;
        assert_eq!(answer.status.as_u16(), 422, "{path} {body}");
        assert_eq!(answer.json()["error"]["details"][0]["field"], field, "{path} {body}");
    }
    assert_eq!(put("/api/waf/config", r#"{"flag_threshold":0.9}"#).await.status.as_u16(), 422);
    assert_eq!(site.post("/update-threshold", r#"{"threshold":2}"#).await.code(), "validation_failed");
    assert_eq!(site.get("/config").await.json()["threshold"], 0.6, "what was refused changed nothing");
}

#[tokio::test]
async fn figures_come_as_text_or_as_json_where_that_is_preferred() {
    let site = Site::new().await;
    site.post("/check?record=false", ATTACK).await;
    site.post("/check?record=false", BENIGN).await;
    let text = site.get("/metrics").await;
    assert!(text.header("content-type").is_some_and(|kind| kind.starts_with("text/plain; version=0.0.4")));
    let lines = String::from_utf8(text.body).expect("text");
    assert!(lines.contains("\nbartizan_requests_total{action=\"block\"} 1\n"), "{lines}");
    assert!(lines.contains("# TYPE bartizan_threshold gauge\nbartizan_threshold 0.5\n"), "{lines}");
    let ask = async |accept: &str| site.ask(Method::GET, "/metrics", &[("accept", accept)], "").await;
    let json = ask("application/json").await.json();
    assert_eq!((&json["total_requests"], &json["anomaly_rate"]), (&json!(2), &json!(0.5)));
    assert!(json["max_processing_time_ms"].as_f64() >= json["min_processing_time_ms"].as_f64(), "{json}");
    for scraper in [
        "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1",
        "text/plain",
        "*/*",
    ] {
        assert!(ask(scraper).await.body.starts_with(b"# HELP"), "{scraper}");
    }
    assert_eq!(ask("image/png").await.code(), "not_acceptable");
}
