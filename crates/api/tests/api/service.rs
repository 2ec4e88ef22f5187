//! Verdicts on demand and the WAF service at the root.

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
    assert!(result["explanation"].as_array().is_some_and(|spans| !spans.is_empty()));
    let requests = async |site: &Site| {
        // A range ends before the present instant.
        site.clock.advance(1);
        site.data("/api/v1/traffic").await.as_array().map(Vec::len)
    };
    assert_eq!(requests(&site).await, Some(5));
    site.post("/api/v1/waf/check?record=true", ATTACK).await;
    assert_eq!(requests(&site).await, Some(6));
    site.post("/check?record=false", ATTACK).await;
    assert_eq!(requests(&site).await, Some(6));
    let bare = site.post("/check", ATTACK).await.json();
    assert_eq!((&bare["is_anomaly"], &bare["data"]), (&json!(true), &json!(null)));
    assert!(bare.get("explanation").is_none());
    assert_eq!(requests(&site).await, Some(7));
    assert_eq!(site.data("/api/v1/traffic?ip=-&limit=1").await[0]["via"], "check");
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
