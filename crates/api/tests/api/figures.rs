//! Metrics, charts, totals, top lists, and what is told of the server.

use bartizan_model::{Action, ThreatClass};
use bartizan_store::CommitBatch;
use serde_json::{Value, json};

use crate::site::{Site, at, attack, logged};

#[tokio::test]
async fn realtime_metrics_count_the_day_the_minutes_and_the_last_minute() {
    let site = Site::new().await;
    let metrics = site.data("/api/metrics/realtime").await;
    for (member, expected) in [
        ("requests", json!(5)),
        ("blocked", json!(2)),
        ("attackRate", json!(40.0)),
        ("flagged", json!(1)),
        ("enforced", json!(0)),
        ("uptime", json!(0)),
        ("total_requests", json!(1)),
        ("blocked_requests", json!(0)),
        ("allowed_requests", json!(1)),
        ("timestamp", json!("2026-03-04T05:06:07.120Z")),
        ("ingest_lag_s", Value::Null),
    ] {
        assert_eq!(metrics[member], expected, "{member}: {metrics}");
    }
    assert_eq!(site.data("/api/metrics/realtime?host=app.example.com").await["requests"], 1);
}

#[tokio::test]
async fn summary_and_realtime_metrics_agree() {
    let site = Site::new().await;
    let metrics = site.data("/api/v1/metrics/realtime").await;
    let summary = site.data("/api/v1/analytics/summary?range=24h").await;
    assert_eq!(summary["total_requests"], metrics["requests"]);
    assert_eq!(summary["blocked_requests"], metrics["blocked"]);
    assert_eq!(summary["attack_rate"], metrics["attackRate"]);
    assert_eq!(
        summary,
        json!({"total_requests": 5, "blocked_requests": 2, "allowed_requests": 3, "flagged_requests": 1,
               "enforced_requests": 0, "total_threats": 3, "attack_rate": 40.0, "block_rate": 40.0,
               "sql_injection": 1, "xss": 1, "ddos": 0, "other": 1,
               "threat_types": {"SQL Injection": 1, "XSS": 1, "Brute Force": 1},
               "threat_classes": {"sql_injection": 1, "xss": 1, "brute_force": 1}, "unique_ips": 4,
               "time_range": {"start": "2026-03-03T05:07:00Z", "end": "2026-03-04T05:07:00Z"}})
    );
}

#[tokio::test]
async fn a_summary_can_be_compared_with_the_span_before() {
    let site = Site::new().await;
    let summary = site.data("/api/v1/analytics/summary?range=4m&compare=previous").await;
    assert_eq!((&summary["total_requests"], &summary["previous"]["total_requests"]), (&json!(2), &json!(3)));
    assert_eq!(summary["previous"]["blocked_requests"], 1);
    assert_eq!(summary["previous"]["attack_rate"], 33.33);
}

#[tokio::test]
async fn every_series_has_the_points_that_the_contract_promises() {
    let site = Site::new().await;
    for (range, width, points) in [("15m", 60, 15), ("1h", 60, 60), ("24h", 1_800, 48), ("7d", 10_800, 56)] {
        for chart in [
            "charts/requests",
            "charts/threats",
            "charts/performance",
            "analytics/overview",
            "metrics/historical",
            "analytics/trends/latency",
        ] {
            let answer = site.get(&format!("/api/v1/{chart}?range={range}")).await.json();
            assert_eq!(answer["data"].as_array().map(Vec::len), Some(points), "{chart} {range}");
            assert_eq!(answer["window"]["bucket_s"], width, "{chart} {range}");
        }
    }
}

#[tokio::test]
async fn points_are_the_objects_of_the_contract() {
    let site = Site::new().await;
    let last_bucket = async |path: &str| {
        let data = site.data(path).await;
        data.as_array().and_then(|points| points.last().cloned()).expect("points")
    };
    assert_eq!(
        last_bucket("/api/charts/requests").await,
        json!({"time": "2026-03-04T05:00:00Z", "date": "03-04 05:00", "requests": 5, "blocked": 2, "allowed": 3,
               "flagged": 1, "enforced": 0})
    );
    assert_eq!(
        last_bucket("/api/charts/threats").await,
        json!({"time": "2026-03-04T05:00:00Z", "date": "03-04 05:00", "sql": 1, "xss": 1, "ddos": 0, "other": 1,
               "by_class": {"sql_injection": 1, "xss": 1, "brute_force": 1}})
    );
    let performance = last_bucket("/api/charts/performance").await;
    assert_eq!((&performance["latency"], &performance["samples"]), (&json!(12.5), &json!(4)));
    assert!(
        performance["latency_p50"].as_f64().is_some_and(|p50| (12.5..14.0).contains(&p50)),
        "{performance}"
    );
    let overview = last_bucket("/api/analytics/overview").await;
    assert_eq!((&overview["total_requests"], &overview["sql"]), (&json!(5), &json!(1)));
    let history = last_bucket("/api/metrics/historical").await;
    assert_eq!((&history["attackRate"], &history["attack_rate"]), (&json!(40.0), &json!(40.0)));
    assert_eq!(
        last_bucket("/api/analytics/trends/threats").await,
        json!({"time": "2026-03-04T05:00:00Z", "date": "03-04 05:00", "value": 3.0, "samples": 5})
    );
    let empty = site.data("/api/charts/performance?range=15m").await[0].clone();
    assert_eq!((&empty["samples"], &empty["latency_p99"]), (&json!(0), &Value::Null));
}

#[tokio::test]
async fn top_lists_are_sorted_by_the_count_asked_for() {
    let site = Site::new().await;
    let methods = site.data("/api/v1/analytics/top/method").await;
    assert_eq!(methods[0], json!({"value": "GET", "requests": 4, "blocked": 2, "threats": 2, "share": 0.8}));
    let statuses = site.data("/api/v1/analytics/top/status?by=threats&limit=2").await;
    assert_eq!(statuses.as_array().map(Vec::len), Some(2));
    assert_eq!(statuses[0]["share"], 0.3333);
    let hosts = site.data("/api/v1/analytics/top/host").await;
    assert_eq!(hosts[0]["value"], "shop.example.com");
    assert_eq!(site.data("/api/v1/analytics/top/class").await.as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn threat_statistics_are_keyed_by_display_name() {
    let site = Site::new().await;
    let stats = site.data("/api/threats/stats").await;
    assert_eq!(stats, json!({"SQL Injection": 1, "XSS": 1, "Brute Force": 1}));
}

#[tokio::test]
async fn the_server_tells_what_it_is_and_holds() {
    let site = Site::new().await;
    let info = site.data("/api/system/info").await;
    assert_eq!((&info["mode"], &info["auth"]), (&json!("monitor"), &json!("off")));
    assert_eq!((&info["threshold"], &info["flag_threshold"]), (&json!(0.5), &json!(0.3)));
    assert_eq!(info["data_from"].as_str().map(|from| &from[..10]), Some("2026-03-04"));
    assert_eq!(info["data_to"], "2026-03-04T05:05:30.500000Z");
    assert_eq!(info["retention"]["traffic_days"], 7);
    assert_eq!(info["features"], json!(["users", "tokens", "audit"]));
    assert_eq!(site.data("/api/system/sources").await, json!([]));
    let me = site.data("/api/auth/me").await;
    assert_eq!(
        (&me["user"]["id"], &me["user"]["username"], &me["kind"]),
        (&json!(0), &json!("local"), &json!("local"))
    );
    assert_eq!(me["scopes"], json!(["read", "operate", "admin"]));
}

#[tokio::test]
async fn the_served_document_is_the_committed_one() {
    let site = Site::new().await;
    let served = site.get("/api/v1/openapi.json").await;
    assert_eq!(served.header("content-type"), Some("application/json"));
    let committed: Value = serde_json::from_str(include_str!("../../openapi.json")).expect("JSON");
    assert!(served.json() == committed, "the served document differs from crates/api/openapi.json");
}

#[tokio::test]
async fn another_threshold_tells_what_it_would_have_blocked() {
    let site = Site::new().await;
    let scores = site.data("/api/v1/analytics/scores?range=1h&threshold=0.9").await;
    let bins = scores["bins"].as_array().expect("bins");
    assert_eq!((bins.len(), &bins[0]["from"], &bins[49]["to"]), (50, &json!(0.0), &json!(1.0)));
    let requests: u64 = bins.iter().filter_map(|bin| bin["requests"].as_u64()).sum();
    assert_eq!(requests, 4, "one of the five was judged by counters alone");
    assert_eq!((&scores["blocked"], &scores["would_block"]), (&json!(2), &json!(1)));
    assert_eq!((&scores["threshold"], &scores["flag_threshold"]), (&json!(0.5), &json!(0.3)));
    assert_eq!(site.data("/api/v1/analytics/scores").await["would_block"], json!(null));
    for (query, code) in [
        ("threshold=1.5", "validation_failed"),
        ("thershold=0.5", "unsupported_parameter"),
        ("range=0h", "invalid_range"),
    ] {
        let answer = site.get(&format!("/api/v1/analytics/scores?{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, code), "{query}");
    }
}

#[tokio::test]
async fn addresses_paths_and_user_agents_have_top_lists() {
    let site = Site::new().await;
    for (dimension, value, requests) in
        [("ip", "203.0.113.40", 2), ("path", "/login", 2), ("user_agent", "curl/8.5.0", 5)]
    {
        let top = site.data(&format!("/api/v1/analytics/top/{dimension}?range=1h")).await;
        assert_eq!((&top[0]["value"], &top[0]["requests"]), (&json!(value), &json!(requests)), "{top}");
    }
}

#[tokio::test]
async fn what_another_threshold_would_change_is_told_with_paths_clients_and_samples() {
    let site = Site::new().await;
    // Blocked by scores of 0.8 and 0.9871 at a threshold of 0.5.
    let looser = site.data("/api/v1/detection/what-if?range=1h&threshold=0.9").await;
    assert_eq!((&looser["current"], &looser["threshold"]), (&json!(0.5), &json!(0.9)));
    assert_eq!((&looser["newly_blocked"], &looser["newly_allowed"]), (&json!(0), &json!(1)));
    assert_eq!(looser["paths"], json!([{"value": "/search", "requests": 1}]));
    assert_eq!(looser["clients"], json!([{"value": "198.51.100.8", "requests": 1}]));
    assert_eq!(looser["samples"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&looser["samples"][0]["path"], &looser["samples"][0]["score"]),
        (&json!("/search"), &json!(0.8))
    );
    assert_eq!((&looser["examined"], &looser["examined_from"]), (&json!(2), &json!(null)));

    let request = logged("2026-03-04T05:04:00Z", "198.51.100.9", "GET", "/near?q=select", 200);
    let near = attack(request, ThreatClass::SqlInjection, Action::Flag, Some(0.4));
    let batch = CommitBatch { judged: [near].into(), source: None, received_at: at("2026-03-04T05:05:40Z") };
    site.store.commit(batch).await.expect("committed");
    let stricter = site.data("/api/v1/detection/what-if?range=1h&threshold=0.4").await;
    assert_eq!((&stricter["newly_blocked"], &stricter["newly_allowed"]), (&json!(1), &json!(0)));
    assert_eq!(stricter["paths"], json!([{"value": "/near", "requests": 1}]));
    let same = site.data("/api/v1/detection/what-if?range=1h&threshold=0.5").await;
    assert_eq!(
        (&same["newly_blocked"], &same["newly_allowed"], &same["samples"]),
        (&json!(0), &json!(0), &json!([]))
    );

    for (query, code, says) in [
        ("range=1h", "validation_failed", "threshold is missing"),
        ("threshold=0.05", "validation_failed", "threshold 0.05 is too low"),
        ("threshold=2", "validation_failed", "from 0 to 1"),
        ("threshold=0.4&flag=1", "unsupported_parameter", "flag"),
        ("threshold=0.4&range=0h", "invalid_range", "range"),
    ] {
        let answer = site.get(&format!("/api/v1/detection/what-if?{query}")).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, code), "{query}");
        let message = answer.json()["message"].as_str().expect("a message").to_owned();
        assert!(message.contains(says), "{query}: {message}");
    }
}
