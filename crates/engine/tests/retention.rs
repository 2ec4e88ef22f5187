//! What goes when the database may not grow any more.

use std::sync::Arc;

use bartizan_engine::{EngineError, Retention, prune};
use bartizan_model::{Assessment, Clock as _, HttpRequest, SystemClock, Timestamp, Verdict, Via};
use bartizan_store::{CommitBatch, Filter, Judged, Page, Store};

const HOUR_MICROS: i64 = 3_600 * Timestamp::SECOND_MICROS;

async fn commit(store: &dyn Store, hours_ago: i64, rows: u32) {
    let at = SystemClock.now().plus_micros(-hours_ago * HOUR_MICROS - HOUR_MICROS / 2);
    let judged = (0..rows).map(|row| {
        // Names outlive their rows by 100,000 further ones, so the rows must not be known by their names alone.
        let target = format!("/page-{row}?hour={hours_ago}&and=text-that-every-row-has-of-its-own-{row}");
        let mut request = HttpRequest::new(at, "GET", target.as_bytes(), Via::Log);
        request.status = 200;
        Judged { request, assessment: Assessment::default(), verdict: Verdict::allow(None), judged_us: 1 }
    });
    let batch = CommitBatch { judged: judged.collect(), source: None, received_at: at };
    store.commit(batch).await.expect("committed");
}

#[tokio::test]
async fn the_oldest_traffic_goes_until_the_limit_holds_but_never_the_last_hour() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite://{}", folder.path().join("rows.db").display());
    let store = bartizan_store::open(&url, Arc::new(SystemClock)).await.expect("opened");
    for hours_ago in (0..12).rev() {
        commit(&*store, hours_ago, 1_000).await;
    }
    let before = store.size().await.expect("read");
    assert_eq!(before.traffic_rows, 12_000);

    let limit = before.used_bytes * 7 / 10;
    let retention = Retention { max_bytes: Some(limit), ..Retention::default() };
    let gone = prune(&*store, SystemClock.now(), retention).await.expect("pruned");
    let after = store.size().await.expect("read");
    assert!(after.used_bytes <= limit, "{after:?} {limit}");
    assert_eq!(gone.traffic + after.traffic_rows, 12_000);
    assert!(after.traffic_rows >= 3_000, "no more goes than has to: {after:?}");
    assert!(after.oldest_traffic > before.oldest_traffic);

    let retention = Retention { max_bytes: Some(1), ..Retention::default() };
    let error = prune(&*store, SystemClock.now(), retention).await.expect_err("it cannot be that small");
    assert!(matches!(error, EngineError::DatabaseTooLarge { max_bytes: 1, .. }), "{error}");
    assert_eq!(store.size().await.expect("read").traffic_rows, 1_000, "the last hour stays");
    let newest = store.traffic(&Filter::default(), &Page::newest(1)).await;
    assert!(newest.expect("read").rows[0].endpoint.contains("?hour=0&"));
    store.close().await;
}
