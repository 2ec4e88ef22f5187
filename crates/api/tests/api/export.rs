//! Lists as CSV files.

use axum::http::{Method, StatusCode};
use bartizan_api::ApiSettings;
use bartizan_store::CommitBatch;

use crate::site::{Site, allowed, at, logged};

const THREATS: &str = "id,traffic_id,timestamp,class,type,severity,source,host,method,endpoint,status,user_agent,\
                       country_code,via,action,enforced,blocked,score,model,decided_by,payload,details";

#[tokio::test]
async fn a_list_is_a_file_where_that_is_asked() {
    let site = Site::new().await;
    let by_name = site.get("/api/v1/threats?format=csv&class=sql_injection").await;
    assert_eq!(by_name.status, StatusCode::OK);
    assert_eq!(by_name.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(by_name.header("content-disposition"), Some("attachment; filename=\"bartizan-threats.csv\""));
    assert_eq!(by_name.header("x-row-limit"), Some("1000000"));
    let row = "1,2,2026-03-04T05:01:00.123456Z,sql_injection,SQL Injection,high,198.51.100.7,shop.example.com,GET,\
               /products?id=9%27,200,curl/8.5.0,,log,block,false,true,0.9871,wall-test,model,9' or 1=1 --,\
               SQL syntax in query parameter id";
    assert_eq!(String::from_utf8_lossy(&by_name.body), format!("{THREATS}\r\n{row}\r\n"));
    let accept = [("accept", "text/csv")];
    let by_header = site.ask(Method::GET, "/api/v1/threats?class=sql_injection", &accept, "").await;
    assert_eq!(by_header.body, by_name.body);
    let json =
        site.ask(Method::GET, "/api/v1/threats?format=json", &[("accept", "text/csv, */*;q=0.1")], "").await;
    assert_eq!(json.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn every_csv_list_has_its_columns() {
    let site = Site::new().await;
    for (path, rows, first) in [
        ("traffic", 5, "id,timestamp,ip,host,"),
        ("traffic/recent", 5, "id,timestamp,ip,host,"),
        ("traffic/endpoint/%2Flogin", 2, "id,timestamp,ip,host,"),
        ("threats/recent", 3, "id,traffic_id,timestamp,class,"),
        ("threats/type/xss", 1, "id,traffic_id,timestamp,class,"),
        ("activities?action=block", 2, "id,timestamp,type,title,"),
        ("alerts/history", 1, "id,type,severity,title,"),
    ] {
        let separator = if path.contains('?') { '&' } else { '?' };
        let answer = site.get(&format!("/api/v1/{path}{separator}format=csv")).await;
        let text = String::from_utf8(answer.body).expect("UTF-8");
        assert!(text.starts_with(first), "{path}: {text}");
        assert_eq!(text.lines().count(), rows + 1, "{path}: {text}");
    }
}

#[tokio::test]
async fn a_file_holds_all_rows_up_to_the_cap_whatever_the_page() {
    for (cap, expected) in [(1_000_000, 2_505), (1_200, 1_200), (7, 7)] {
        let site = Site::with(ApiSettings { max_export_rows: cap, ..ApiSettings::default() }).await;
        let row =
            |n: usize| allowed(logged("2026-03-04T05:04:00Z", "192.0.2.1", "GET", &format!("/{n}"), 200));
        let batch = CommitBatch {
            judged: (0..2_500).map(row).collect(),
            source: None,
            received_at: at("2026-03-04T05:05:31Z"),
        };
        site.store.commit(batch).await.expect("committed");
        let answer = site.get("/api/v1/traffic?format=csv&limit=10").await;
        assert_eq!(String::from_utf8_lossy(&answer.body).lines().count(), expected + 1, "{cap}");
    }
}
