//! Lines that are sent: kept once, counted, and refused where they are too many.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use base64::Engine as _;
use serde_json::json;

use crate::site::{Answer, Site};

const LINE: &str = "192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"x\"\n";

/// [`LINE`] three times, packed with gzip.
const PACKED: &str = "H4sIAAAAAAACAzO0NNIz0DPSM1TQBcJoAxN938QifSMDIzMrA1MrAyBprqBtAASxCkruriEK+okKHiEhAfqGeoZKCkYGBgqmCkq6SgpKFUpchoPSKADpOFcu4QAAAA==";

async fn send(site: &Site, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    site.ask_with(Method::POST, "/api/v1/ingest", headers, body.into()).await
}

async fn requests(site: &Site) -> u64 {
    let listed = site.data("/api/v1/traffic?range=1h&endpoint=/a&limit=1000").await;
    listed.as_array().expect("a list").len() as u64
}

#[tokio::test]
async fn lines_are_kept_and_counted() {
    let site = Site::new().await;
    let object = "{\"remote_addr\":\"192.0.2.1\",\"request\":\"GET /a HTTP/1.1\",\"status\":200}\n";
    let answer = send(&site, &[], format!("{LINE}junk\n\n{object}{}", LINE.trim_end())).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let data = &answer.json()["data"];
    assert_eq!(
        (&data["lines"], &data["parsed"], &data["failed"], &data["duplicate"]),
        (&json!(4), &json!(3), &json!(1), &json!(false))
    );
    assert_eq!(data["samples"][0]["line"], "junk");
    // The object has no time, so it came now, and a range ends before now.
    site.clock.advance(1);
    assert_eq!(requests(&site).await, 3);
    let source = site.data("/api/v1/system/sources").await[0].clone();
    assert_eq!(
        (&source["kind"], &source["lines"], &source["failed"]),
        (&json!("ingest"), &json!(4), &json!(1))
    );
    assert_eq!(send(&site, &[], "").await.json()["data"]["lines"], 0);
}

/// An array was one line that did not parse, and answered with 200.
#[tokio::test]
async fn an_array_of_objects_is_as_good_as_lines() {
    let site = Site::new().await;
    let object = json!({"remote_addr": "192.0.2.1", "request": "GET /a HTTP/1.1", "status": 200});
    let array = json!([object, {"msg": "started"}, object, object]);
    let headers = [("content-type", "application/json")];
    for text in [serde_json::to_string_pretty(&array), serde_json::to_string(&array)] {
        let answer = send(&site, &headers, text.expect("JSON")).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let data = &answer.json()["data"];
        assert_eq!((&data["lines"], &data["parsed"], &data["failed"]), (&json!(4), &json!(3), &json!(1)));
        let sample = data["samples"][0]["line"].as_str().expect("a line");
        assert!(sample.contains("started") && !sample.contains("remote_addr"), "{sample}");
    }
    site.clock.advance(1);
    assert_eq!(requests(&site).await, 6);
}

#[tokio::test]
async fn the_same_lines_under_the_same_key_are_kept_once_within_a_day() {
    let site = Site::new().await;
    let key = [("idempotency-key", "batch-1")];
    let first = send(&site, &key, LINE.repeat(2_500)).await;
    assert_eq!(first.json()["data"]["parsed"], 2_500, "{first:?}");
    for hours in [0, 20] {
        site.clock.advance(hours * 3_600);
        let again = send(&site, &key, LINE.repeat(2_500)).await.json()["data"].clone();
        assert_eq!((&again["parsed"], &again["duplicate"]), (&json!(2_500), &json!(true)));
    }
    let other = send(&site, &key, LINE).await;
    assert_eq!((other.status, other.code().as_str()), (StatusCode::CONFLICT, "conflict"));
    site.clock.advance(48 * 3_600);
    assert_eq!(send(&site, &key, LINE).await.json()["data"]["duplicate"], false);
    let listed = site.data("/api/v1/traffic?range=4d&endpoint=/a&limit=1").await;
    assert_eq!(listed[0]["log_source"], "ingest", "the key is not shown");
    for key in ["", "a b", "\u{e9}"] {
        let answer = send(&site, &[("idempotency-key", key)], LINE).await;
        assert_eq!(answer.code(), "validation_failed", "{key}");
    }
}

#[tokio::test]
async fn packed_lines_are_unpacked_and_what_is_too_large_is_refused() {
    let site = Site::new().await;
    let packed = base64::engine::general_purpose::STANDARD.decode(PACKED).expect("base64");
    let gzip = [("content-encoding", "gzip")];
    assert_eq!(send(&site, &gzip, packed.clone()).await.json()["data"]["parsed"], 3);
    let refusals = [
        (send(&site, &gzip, packed[..50].to_vec()).await, 400, "malformed_request"),
        (send(&site, &gzip, LINE).await, 400, "malformed_request"),
        (send(&site, &[("content-encoding", "zstd")], packed).await, 400, "malformed_request"),
        (send(&site, &[("content-encoding", "br")], LINE).await, 415, "unsupported_media_type"),
        (send(&site, &[], vec![b'\n'; (8 << 20) + 1]).await, 413, "payload_too_large"),
    ];
    for (answer, status, code) in refusals {
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code));
    }
}

#[tokio::test]
async fn too_many_batches_are_told_when_to_come_back() {
    let site = Site::new().await;
    let mut refused = None;
    for _ in 0..500 {
        let answer = send(&site, &[], "").await;
        if answer.status != StatusCode::OK {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("is limited");
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "rate_limited"));
    assert_eq!(refused.header("retry-after"), Some("1"));

    let site = Site::new().await;
    let held: Vec<_> = (0..3).map(|_| site.engine.admit().expect("a place")).collect();
    let refused = send(&site, &[], LINE).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "overloaded"));
    assert!(refused.header("retry-after").is_some());
    drop(held);
    assert_eq!(send(&site, &[], LINE).await.status, StatusCode::OK);
}
