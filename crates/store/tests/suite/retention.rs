//! What expires and what stays.

use std::sync::Arc;

use bartizan_model::{RollupLevel, Span};
use bartizan_store::{PUSH_PREFIX, RetentionCutoffs};

use super::Site;
use super::commits::progress;
use super::sample::{DAY, at, attack, batch, plain, read_all};

pub(crate) async fn a_threat_keeps_its_own_copy_of_the_request(site: Site) {
    let committed = site.store.commit(batch(vec![attack(2, "/a?q=1")])).await.expect("committed");
    let (row, request) = site.store.traffic_by_id(1).await.expect("read").expect("there");
    assert_eq!(row, committed.traffic[0]);
    assert_eq!(request.target, "/a?q=1");
    let now = at(100 * DAY);
    let cutoffs = RetentionCutoffs { traffic: now, threats: at(0), alerts: at(0), metrics: at(0) };
    assert_eq!(site.store.expire(cutoffs).await.expect("expired").traffic, 1);
    assert_eq!(site.store.traffic_by_id(1).await.expect("read"), None);
    let (threat, kept, detail, _) = site.store.threat_by_id(1).await.expect("read").expect("there");
    assert_eq!((threat, kept), (committed.threats[0].clone(), request));
    assert_eq!(detail.explanation.len(), 1);
}

pub(crate) async fn an_old_log_read_today_is_kept_and_what_arrived_long_ago_is_not(site: Site) {
    // Arrived at day 10, happened ten years before.
    let mut old = batch(vec![plain(-3_650 * DAY, "/old"), attack(-3_650 * DAY, "/old?x")]);
    old.received_at = at(10 * DAY);
    site.store.commit(old).await.expect("committed");
    let cutoffs = |day: i64| {
        let before = at(day * DAY);
        RetentionCutoffs { traffic: before, threats: before, alerts: before, metrics: before }
    };
    let kept = site.store.expire(cutoffs(9)).await.expect("expired");
    assert_eq!(kept, bartizan_store::Expired::default());
    assert!(site.store.extent().await.expect("read").is_some());
    let whole = Span::new(at(-4_000 * DAY), at(0));
    assert_eq!(site.store.buckets(RollupLevel::Minute, whole, None).await.expect("read").len(), 1);
    assert_eq!(site.store.unique_clients(whole).await.expect("read"), 1);

    let gone = site.store.expire(cutoffs(11)).await.expect("expired");
    assert_eq!((gone.traffic, gone.threats), (2, 1));
    // Days are kept for as long as a range may reach back, so the extent still tells of that one.
    let extent = site.store.extent().await.expect("read").expect("a day is left");
    assert_eq!(RollupLevel::Day.bucket(extent.0), extent.0);
    assert!(site.store.buckets(RollupLevel::Minute, whole, None).await.expect("read").is_empty());
    let fresh = site.store.commit(batch(vec![plain(1, "/new")])).await.expect("committed");
    assert_eq!(fresh.traffic[0].id, 3, "ids are never given twice");
}

pub(crate) async fn commits_go_on_while_many_rows_expire(site: Site) {
    for part in 0..6 {
        let mut old = batch((0..2_000).map(|n| plain(n / 10, &format!("/{part}"))).collect());
        old.received_at = at(DAY);
        site.store.commit(old).await.expect("committed");
    }
    let store = Arc::clone(&site.store);
    let expiring = tokio::spawn(async move {
        let before = at(2 * DAY);
        let cutoffs = RetentionCutoffs { traffic: before, threats: before, alerts: before, metrics: before };
        store.expire(cutoffs).await.expect("expired")
    });
    let mut fresh = batch(vec![plain(3 * DAY, "/fresh")]);
    fresh.received_at = at(3 * DAY);
    site.store.commit(fresh).await.expect("committed");
    let expired = expiring.await.expect("ended");
    assert_eq!((expired.traffic, expired.activities), (12_000, 200));
    assert_eq!(
        read_all(&site.store).await.iter().map(|row| row.path.as_str()).collect::<Vec<_>>(),
        ["/fresh"]
    );
}

pub(crate) async fn keys_of_pushed_texts_are_forgotten_and_positions_of_sources_never(site: Site) {
    let names = [
        ("site".to_owned(), true),
        ("ingest".to_owned(), true),
        (format!("{PUSH_PREFIX}000000\u{1f}old"), false),
        (format!("{PUSH_PREFIX}999999\u{1f}new"), true),
    ];
    for (name, _) in &names {
        let mut pushed = batch(vec![plain(1, "/pushed")]);
        pushed.source = Some(bartizan_store::SourceProgress { name: name.clone(), ..progress(None, 10, 0) });
        let committed = site.store.commit(pushed).await.expect("committed");
        let shown = committed.traffic[0].log_source.clone().expect("a name");
        assert!(!shown.contains('\u{1f}'), "{shown}");
    }
    let before = at(0);
    let cutoffs = RetentionCutoffs { traffic: before, threats: before, alerts: before, metrics: before };
    site.store.expire(cutoffs).await.expect("expired");
    for (name, stays) in &names {
        assert_eq!(site.store.source(name).await.expect("read").is_some(), *stays, "{name:?}");
    }
}
