//! What a commit keeps, and what it refuses.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use bartizan_model::{Checkpoint, Fingerprint, LineSample};
use bartizan_store::{CommitBatch, Filter, Page, SourceProgress, StoreError};

use super::Site;
use super::sample::{at, attack, batch, plain, read_all};

fn checkpoint(offset: u64) -> Checkpoint {
    let fingerprint = Fingerprint { device: 1, inode: 2, head_len: 3, head_hash: "ab".to_owned() };
    Checkpoint { fingerprint, offset, format: Some("combined".to_owned()) }
}

pub(crate) fn progress(from: Option<u64>, to: u64, failed: u64) -> SourceProgress {
    SourceProgress {
        name: "site".to_owned(),
        from: from.map(checkpoint),
        to: checkpoint(to),
        lines: 10,
        failed,
        samples: (0..failed)
            .map(|n| LineSample { line: format!("{to}-{n}"), problem: "no request line".to_owned() })
            .collect(),
        last_line_at: Some(at(5)),
    }
}

pub(crate) async fn rows_and_position_are_committed_together_and_a_replay_is_refused(site: Site) {
    let mut first = batch(vec![plain(1, "/a"), attack(2, "/b?x=1")]);
    first.source = Some(progress(None, 100, 1));
    let committed = site.store.commit(first.clone()).await.expect("committed");
    assert_eq!((committed.traffic.len(), committed.threats.len(), committed.activities.len()), (2, 1, 2));

    let replay = site.store.commit(first).await;
    assert!(matches!(replay, Err(StoreError::StaleCheckpoint { .. })), "{replay:?}");
    assert_eq!(read_all(&site.store).await.len(), 2);

    let mut second = batch(vec![plain(3, "/c")]);
    second.source = Some(progress(Some(100), 200, 12));
    site.store.commit(second).await.expect("committed");
    let source = site.store.source("site").await.expect("read").expect("known");
    assert_eq!(source.checkpoint, Some(checkpoint(200)));
    assert_eq!((source.lines, source.failed, source.samples.len()), (20, 13, 10));
    assert_eq!(source.samples[0].line, "200-11", "the newest sample comes first");
    assert_eq!(site.store.source("other").await.expect("read"), None);
}

pub(crate) async fn a_batch_without_requests_still_moves_the_position(site: Site) {
    let mut empty = CommitBatch { received_at: at(10), ..CommitBatch::default() };
    empty.source = Some(progress(None, 100, 3));
    site.store.commit(empty).await.expect("committed");
    assert_eq!(site.store.source("site").await.expect("read").expect("known").failed, 3);
}

pub(crate) async fn timestamps_are_unique_and_survive_a_restart(mut site: Site) {
    for _ in 0..3 {
        let same = (0..200).map(|_| plain(50, "/same")).collect();
        site.store.commit(batch(same)).await.expect("committed");
        site.reopen().await;
    }
    // A line that comes late, among rows that are there.
    site.store.commit(batch(vec![plain(60, "/later"), plain(50, "/late")])).await.expect("committed");
    let rows = read_all(&site.store).await;
    let times: HashSet<i64> = rows.iter().map(|row| row.timestamp.micros()).collect();
    let ids: HashSet<i64> = rows.iter().map(|row| row.id).collect();
    assert_eq!((rows.len(), times.len(), ids.len()), (602, 602, 602));
    assert!(rows.iter().filter(|row| row.path == "/same").all(|row| row.timestamp.secs() == at(50).secs()));
}

pub(crate) async fn an_event_from_the_future_happened_when_it_arrived(site: Site) {
    let committed = site.store.commit(batch(vec![plain(1_000_000, "/a")])).await.expect("committed");
    assert_eq!(committed.traffic[0].timestamp, committed.traffic[0].received_at);
}

pub(crate) async fn the_feed_shows_every_threat_and_one_allowed_request_per_second(mut site: Site) {
    let mixed = vec![plain(1, "/a"), plain(1, "/b"), attack(1, "/c"), attack(1, "/d"), plain(2, "/e")];
    assert_eq!(site.store.commit(batch(mixed)).await.expect("committed").activities.len(), 4);
    site.reopen().await;
    assert!(site.store.commit(batch(vec![plain(1, "/f")])).await.expect("committed").activities.is_empty());
    let feed = site.store.activities(&Filter::default(), &Page::newest(10)).await.expect("listed").rows;
    assert_eq!(feed.len(), 4);
    assert_eq!((feed[0].title.as_str(), feed[0].details.as_str()), ("GET /e", "200 to 203.0.113.9"));
}

pub(crate) async fn readers_see_whole_batches_while_one_writes(site: Site) {
    let store = Arc::clone(&site.store);
    let writing = tokio::spawn(async move {
        for n in 0..40 {
            store.commit(batch((0..50).map(|_| plain(n, "/a")).collect())).await.expect("committed");
        }
    });
    loop {
        let page = Page { count: true, ..Page::newest(1) };
        let total =
            site.store.traffic(&Filter::default(), &page).await.expect("listed").total.expect("counted");
        assert_eq!(total % 50, 0, "half a batch was seen");
        if total == 2_000 {
            break;
        }
    }
    writing.await.expect("ended");
    site.store.probe().await.expect("answers");
}

pub(crate) async fn a_commit_that_is_dropped_leaves_everything_or_nothing(mut site: Site) {
    let mut from = None;
    let mut kept = 0;
    for n in 0..30 {
        let mut batch = batch((0..50).map(|_| attack(n, "/a?x")).collect());
        batch.source = Some(progress(from, u64::try_from(n).expect("small") + 1, 0));
        // Sooner or later than the commit ends, which takes a few milliseconds.
        let patience = Duration::from_micros(u64::try_from(n).expect("small") * 500);
        let _ = tokio::time::timeout(patience, site.store.commit(batch)).await;
        // Waits for a commit that is under way all the same: the questions below are asked one after the other.
        site.store.probe().await.expect("writable");
        let source = site.store.source("site").await.expect("read");
        let offset = source.and_then(|row| row.checkpoint).map(|checkpoint| checkpoint.offset);
        kept += if offset == from { 0 } else { 50 };
        from = offset;
        if n == 15 {
            site.reopen().await;
        }
        let page = Page { count: true, ..Page::newest(1) };
        let threats = site.store.threats(&Filter::default(), &page).await.expect("listed").total;
        let rows = site.store.traffic(&Filter::default(), &page).await.expect("listed").total;
        assert_eq!((rows, threats), (Some(kept), Some(kept)));
    }
}

pub(crate) async fn a_closed_store_answers_with_an_error(site: Site) {
    site.store.close().await;
    site.store.close().await;
    assert!(matches!(site.store.commit(batch(vec![plain(1, "/")])).await, Err(StoreError::Query { .. })));
    assert!(matches!(site.store.traffic_by_id(1).await, Err(StoreError::Query { .. })));
    assert!(matches!(site.store.probe().await, Err(StoreError::Query { .. })));
}
