//! Lists, their pages and filters, and details.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::site::Site;

fn ids(data: &Value) -> Vec<i64> {
    let rows = data.as_array().unwrap_or_else(|| panic!("no list: {data}"));
    rows.iter().map(|row| row["id"].as_i64().expect("an id")).collect()
}

#[tokio::test]
async fn a_traffic_row_is_the_object_of_the_contract() {
    let site = Site::new().await;
    let rows = site.data("/api/v1/traffic/recent").await;
    assert_eq!(ids(&rows), [5, 4, 3, 2, 1]);
    let expected = json!({
        "id": 2, "timestamp": "2026-03-04T05:01:00.123456Z", "time": "05:01:00", "ip": "198.51.100.7",
        "host": "shop.example.com", "method": "GET", "endpoint": "/products?id=9%27", "path": "/products",
        "status": 200, "size": "1.5KB", "size_bytes": 1536, "response_time_ms": 12.5, "user_agent": "curl/8.5.0",
        "userAgent": "curl/8.5.0", "action": "block", "enforced": false, "was_blocked": true, "wasBlocked": true,
        "class": "sql_injection", "type": "SQL Injection", "severity": "high", "threat_type": "SQL Injection",
        "score": 0.9871, "anomaly_score": 0.9871, "model": "wall-test", "decided_by": "model", "via": "log",
        "log_source": null, "threat_id": 1, "country_code": null
    });
    assert_eq!(rows[3], expected);
    let allowed = &rows[0];
    for member in ["class", "type", "severity", "threat_type", "threat_id", "response_time_ms"] {
        assert_eq!(allowed[member], Value::Null, "{member}");
    }
}

#[tokio::test]
async fn a_threat_is_the_object_of_the_contract() {
    let site = Site::new().await;
    let rows = site.data("/api/threats?range=1h").await;
    assert_eq!(ids(&rows), [3, 2, 1]);
    let expected = json!({
        "id": 1, "traffic_id": 2, "timestamp": "2026-03-04T05:01:00.123456Z", "time": "05:01:00",
        "class": "sql_injection", "type": "SQL Injection", "severity": "high", "source": "198.51.100.7",
        "host": "shop.example.com", "method": "GET", "endpoint": "/products?id=9%27", "status": 200,
        "user_agent": "curl/8.5.0", "country_code": null, "via": "log", "action": "block", "enforced": false,
        "blocked": true, "score": 0.9871, "anomaly_score": 0.9871, "model": "wall-test", "decided_by": "model",
        "payload": "9' or 1=1 --", "details": "SQL syntax in query parameter id"
    });
    assert_eq!(rows[2], expected);
    assert_eq!((&rows[1]["score"], &rows[1]["decided_by"]), (&Value::Null, &json!("behaviour")));
}

#[tokio::test]
async fn a_detail_adds_what_was_seen_and_why() {
    let site = Site::new().await;
    for path in ["/api/v1/threats/1", "/api/v1/traffic/2"] {
        let detail = site.data(path).await;
        assert_eq!(detail["received_at"], "2026-03-04T05:05:31.000000Z", "{path}");
        assert_eq!(detail["target"], "/products?id=9%27");
        assert!(detail["raw_line"].as_str().is_some_and(|line| line.starts_with("198.51.100.7 - -")));
        assert_eq!((&detail["body"], &detail["exception_id"]), (&Value::Null, &Value::Null));
        assert!(detail["unseen"].as_array().is_some_and(|parts| parts.contains(&json!("body"))));
        assert_eq!(detail["scores"], json!({"sql_injection": 0.9871}));
        assert_eq!(
            detail["fields"],
            json!([{"location": "query", "name": "id", "value": "9%27", "truncated": false, "score": 0.9871,
                    "class": "sql_injection"}])
        );
        assert_eq!(
            detail["explanation"],
            json!([{"location": "query", "name": "id", "start": 1, "end": 4, "text": "'", "weight": 0.8333,
                    "decoded_from": "%27"}])
        );
        assert_eq!(detail["alert_ids"], json!([1]));
    }
    assert_eq!(site.data("/api/v1/traffic/1").await["explanation"], json!([]));
}

#[tokio::test]
async fn filters_choose_the_rows_that_they_describe() {
    let site = Site::new().await;
    for (query, expected) in [
        ("ip=198.51.100.0/24", vec![4, 2]),
        ("ip=2001:db8::/32", vec![5]),
        ("method=POST", vec![3]),
        ("status=4xx", vec![4, 3]),
        ("status=404,401&method=GET", vec![4]),
        ("host=*.example.com", vec![5, 4, 3, 2, 1]),
        ("host=APP.example.com", vec![5]),
        ("endpoint=/login", vec![5, 3]),
        ("endpoint=/products", vec![2]),
        ("endpoint=/products%3Fid%3D9%2527", vec![2]),
        ("endpoint=/s*", vec![4]),
        ("class=xss,sql_injection", vec![4, 2]),
        ("severity=high", vec![2]),
        ("action=flag", vec![3]),
        ("verdict=block", vec![4, 2]),
        ("enforced=true", vec![]),
        ("min_score=0.9", vec![2]),
        ("q=CURL%20search", vec![4]),
        ("order=asc&limit=2", vec![1, 2]),
        ("_=1772600767", vec![5, 4, 3, 2, 1]),
        ("range=2m", vec![5]),
        ("from=2026-03-04T05:01:00Z&to=2026-03-04T05:03:00Z", vec![3, 2]),
    ] {
        assert_eq!(ids(&site.data(&format!("/api/v1/traffic?{query}")).await), expected, "{query}");
    }
    assert_eq!(ids(&site.data("/api/v1/activities?action=flag").await).len(), 1);
    assert_eq!(ids(&site.data("/api/v1/threats/recent?range=4m").await), [3]);
}

#[tokio::test]
async fn an_endpoint_and_a_threat_type_are_path_variables() {
    let site = Site::new().await;
    for (path, expected) in [
        ("/api/traffic/endpoint/%2Flogin", vec![5, 3]),
        ("/api/traffic/endpoint//login", vec![5, 3]),
        ("/api/traffic/endpoint/%2Fproducts%3Fid%3D9%2527", vec![2]),
        ("/api/traffic/endpoint/%2Fproducts", vec![2]),
        ("/api/traffic/endpoint/%2Fnowhere", vec![]),
        ("/api/threats/type/SQL%20Injection", vec![1]),
        ("/api/threats/type/brute_FORCE", vec![2]),
        ("/api/threats/type/ddos", vec![]),
    ] {
        assert_eq!(ids(&site.data(path).await), expected, "{path}");
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let site = Site::new().await;
    for order in ["desc", "asc"] {
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let answer =
                site.get(&format!("/api/v1/traffic?limit=2&count=true&order={order}{cursor}")).await.json();
            assert_eq!((&answer["page"]["limit"], &answer["page"]["total"]), (&json!(2), &json!(5)));
            seen.extend(ids(&answer["data"]));
            // Time goes on between two pages: the window of the first one stays.
            site.clock.advance(60);
            match answer["page"]["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let mut expected = vec![5, 4, 3, 2, 1];
        if order == "asc" {
            expected.reverse();
        }
        assert_eq!(seen, expected);
    }
}

#[tokio::test]
async fn a_cursor_of_another_query_is_refused() {
    let site = Site::new().await;
    let page = site.get("/api/v1/traffic?limit=1").await.json();
    let cursor = page["page"]["next"].as_str().expect("more rows").to_owned();
    for path in [
        format!("/api/v1/traffic?limit=1&method=GET&cursor={cursor}"),
        format!("/api/v1/threats?limit=1&cursor={cursor}"),
        format!("/api/v1/traffic/recent?limit=1&cursor={cursor}"),
        format!("/api/v1/traffic/endpoint/%2F?limit=1&cursor={cursor}"),
        "/api/v1/traffic?cursor=nonsense".to_owned(),
    ] {
        let answer = site.get(&path).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::BAD_REQUEST, "bad_cursor"),
            "{path}"
        );
    }
    assert_eq!(site.get(&format!("/api/v1/traffic?limit=3&cursor={cursor}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn limits_are_clamped_and_told() {
    let site = Site::new().await;
    for (path, limit) in [
        ("/api/traffic/recent?limit=1000", 1000),
        ("/api/traffic/recent?limit=999999999999", 1000),
        ("/api/traffic/recent?limit=-4", 1),
        ("/api/traffic/recent", 50),
        ("/api/threats/recent", 20),
        ("/api/activities/recent", 10),
        ("/api/alerts/active", 100),
        ("/api/alerts/history", 500),
        ("/api/traffic", 500),
    ] {
        assert_eq!(site.get(path).await.json()["page"]["limit"], limit, "{path}");
    }
}

#[tokio::test]
async fn a_list_with_a_range_tells_its_window() {
    let site = Site::new().await;
    let answer = site.get("/api/v1/threats?range=24h&limit=1").await.json();
    assert_eq!(
        answer["window"],
        json!({"from": "2026-03-03T05:06:07.120Z", "to": "2026-03-04T05:06:07.120Z", "bucket_s": null,
               "retained_from": "2025-12-04T05:06:07.120Z"})
    );
    assert_eq!(
        (&answer["success"], &answer["timestamp"]),
        (&json!(true), &json!("2026-03-04T05:06:07.120Z"))
    );
    assert_eq!(site.get("/api/v1/threats/recent").await.json()["window"], Value::Null);
}

#[tokio::test]
async fn alerts_are_listed_acknowledged_and_dismissed() {
    let site = Site::new().await;
    let active = site.data("/api/alerts/active").await;
    assert_eq!(
        active[0],
        json!({"id": 1, "type": "critical", "severity": "high", "title": "SQL injection attempts",
               "description": "9 hits in 60 s from 198.51.100.7", "timestamp": "2026-03-04T05:01:01.250000Z",
               "time": "05:01:01", "icon": "database", "source": "detector", "actions": ["investigate", "dismiss"],
               "status": "open", "is_active": true, "is_acknowledged": false, "is_dismissed": false,
               "handled_by": null, "handled_at": null, "class": "sql_injection", "count": 9,
               "last_seen": "2026-03-04T05:01:00.123456Z", "related_ip": "198.51.100.7",
               "related_endpoint": "/products", "related_threat_id": 1,
               "first_seen": "2026-03-04T05:01:00.123456Z", "host": "shop.example.com", "clients": 1, "targets": 2,
               "classes": [{"class": "sql_injection", "count": 9}], "part_of": null,
               "advice": "Look at the samples.", "note": null})
    );
    for (filter, found) in [("class=xss", 0), ("class=sql_injection&severity=critical&q=hits&sort=weight", 1)]
    {
        let active = site.data(&format!("/api/alerts/active?{filter}")).await;
        assert_eq!(active.as_array().map(Vec::len), Some(found), "{filter}");
    }
    let threats = site.data("/api/threats/recent?alert=1").await;
    assert_eq!((&threats[0]["id"], threats.as_array().map(Vec::len)), (&json!(1), Some(1)));
    let traffic = site.data("/api/traffic/recent?alert=1").await;
    assert_eq!((&traffic[0]["threat_id"], traffic.as_array().map(Vec::len)), (&json!(1), Some(1)));
    assert_eq!(site.data("/api/threats/recent?alert=7").await, json!([]));
    let answer = site.post("/api/alerts/1/acknowledge", "").await;
    assert_eq!((answer.status, &answer.json()["data"]), (StatusCode::OK, &Value::Null));
    assert_eq!(site.data("/api/alerts/active").await[0]["is_acknowledged"], true);
    for _ in 0..2 {
        let answer = site.post("/api/alerts/1/dismiss", r#"{"note":"known scanner"}"#).await;
        assert_eq!(answer.json()["message"], "alert dismissed");
    }
    assert_eq!(site.data("/api/alerts/active").await, json!([]));
    let history = site.data("/api/alerts/history?class=sql_injection&severity=high&q=hits").await;
    assert_eq!((&history[0]["status"], &history[0]["handled_by"]), (&json!("dismissed"), &json!("local")));
    assert_eq!(history[0]["actions"], json!(["investigate"]));
}

#[tokio::test]
async fn what_happened_beside_the_requests_is_listed() {
    let site = Site::new().await;
    let raised = site.data("/api/v1/activities/events?type=alert_raised").await;
    assert_eq!(
        raised,
        json!([{"id": 2, "timestamp": "2026-03-04T05:01:01.250000Z", "time": "05:01:01", "type": "alert_raised",
                "title": "SQL injection attempts", "details": "9 hits in 60 s from 198.51.100.7", "by": null,
                "alert_id": 1}])
    );
    assert_eq!(site.get("/api/v1/activities/events?type=tea").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_feed_shows_what_was_not_allowed_and_some_of_what_was() {
    let site = Site::new().await;
    let feed = site.data("/api/activities/recent").await;
    let blocked = feed.as_array().expect("a list").iter().find(|line| line["class"] == "sql_injection");
    let blocked = blocked.expect("the attack is in the feed");
    assert_eq!((&blocked["type"], &blocked["title"]), (&json!("blocked"), &json!("GET /products")));
    assert_eq!(
        (&blocked["threat_type"], &blocked["anomaly_score"]),
        (&json!("SQL Injection"), &json!(0.9871))
    );
    assert!(feed.as_array().is_some_and(|lines| lines.iter().any(|line| line["type"] == "allowed")));
}
