//! The behaviours of the contract, on a real database. Another backend instantiates the same suite.

mod support;

use std::collections::HashSet;
use std::sync::Arc;

use bartizan_model::{
    Action, AlertStatus, Checkpoint, Fingerprint, LineSample, RollupLevel, Span, ThreatClass,
};
use bartizan_store::{
    AlertFilter, CommitBatch, Dimension, EndpointFilter, Filter, Page, RetentionCutoffs, SourceProgress,
    StoreError, SystemSample,
};
use support::{Site, alert, at, attack, batch, plain, read_all};

const DAY: i64 = 86_400;

fn checkpoint(offset: u64) -> Checkpoint {
    let fingerprint = Fingerprint { device: 1, inode: 2, head_len: 3, head_hash: "ab".to_owned() };
    Checkpoint { fingerprint, offset, format: Some("combined".to_owned()) }
}

fn progress(from: Option<u64>, to: u64, failed: u64) -> SourceProgress {
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

#[tokio::test]
async fn rows_and_position_are_committed_together_and_a_replay_is_refused() {
    let site = Site::new().await;
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

#[tokio::test]
async fn a_batch_without_requests_still_moves_the_position() {
    let site = Site::new().await;
    let mut empty = CommitBatch { received_at: at(10), ..CommitBatch::default() };
    empty.source = Some(progress(None, 100, 3));
    site.store.commit(empty).await.expect("committed");
    assert_eq!(site.store.source("site").await.expect("read").expect("known").failed, 3);
}

#[tokio::test]
async fn timestamps_are_unique_and_survive_a_restart() {
    let mut site = Site::new().await;
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

#[tokio::test]
async fn an_event_from_the_future_happened_when_it_arrived() {
    let site = Site::new().await;
    let committed = site.store.commit(batch(vec![plain(1_000_000, "/a")])).await.expect("committed");
    assert_eq!(committed.traffic[0].timestamp, committed.traffic[0].received_at);
}

#[tokio::test]
async fn the_feed_shows_every_threat_and_one_allowed_request_per_second() {
    let mut site = Site::new().await;
    let mixed = vec![plain(1, "/a"), plain(1, "/b"), attack(1, "/c"), attack(1, "/d"), plain(2, "/e")];
    assert_eq!(site.store.commit(batch(mixed)).await.expect("committed").activities.len(), 4);
    site.reopen().await;
    assert!(site.store.commit(batch(vec![plain(1, "/f")])).await.expect("committed").activities.is_empty());
    let feed = site.store.activities(&Filter::default(), &Page::newest(10)).await.expect("listed").rows;
    assert_eq!(feed.len(), 4);
    assert_eq!((feed[0].title.as_str(), feed[0].details.as_str()), ("GET /e", "200 to 203.0.113.9"));
}

#[tokio::test]
async fn pages_neither_skip_nor_repeat_while_rows_arrive() {
    let site = Site::new().await;
    site.store.commit(batch((0..25).map(|n| plain(n, "/a")).collect())).await.expect("committed");
    for ascending in [false, true] {
        let mut page = Page { ascending, count: true, ..Page::newest(10) };
        let mut seen = Vec::new();
        loop {
            let got = site.store.traffic(&Filter::default(), &page).await.expect("listed");
            assert!(got.total.is_some_and(|total| total >= 25));
            seen.extend(got.rows.iter().map(|row| row.id));
            let late = if ascending { plain(-5, "/older") } else { plain(100, "/newer") };
            site.store.commit(batch(vec![late])).await.expect("committed");
            match got.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        let unique: HashSet<i64> = seen.iter().copied().collect();
        assert_eq!(seen.len(), unique.len());
        assert!((1..=25).all(|id| unique.contains(&id)));
    }
}

#[tokio::test]
async fn a_page_has_between_one_and_a_thousand_rows() {
    let site = Site::new().await;
    site.store.commit(batch((0..1_100).map(|n| plain(n, "/a")).collect())).await.expect("committed");
    for (asked, got) in [(0, 1), (5, 5), (1_000_000, 1_000)] {
        let page = site.store.traffic(&Filter::default(), &Page::newest(asked)).await.expect("listed");
        assert_eq!((page.rows.len(), page.limit), (got, u32::try_from(got).expect("small")));
    }
}

#[tokio::test]
async fn filters_choose_rows() {
    let site = Site::new().await;
    let mut other = plain(3, "/shop/cart?id=7");
    other.request.client = "2001:db8::7".to_owned();
    other.request.host = Some("shop.example.com".to_owned());
    other.request.method = "POST".to_owned();
    other.request.status = 404;
    let mut named = plain(4, "/100%_sure");
    named.request.client = "client.example.com".to_owned();
    site.store
        .commit(batch(vec![plain(1, "/a"), attack(2, "/a?q=1"), other, named]))
        .await
        .expect("committed");
    let filter = |change: fn(&mut Filter)| {
        let mut filter = Filter::default();
        change(&mut filter);
        filter
    };
    for (what, filter, ids) in [
        ("everything", filter(|_| ()), vec![4, 3, 2, 1]),
        ("address", filter(|f| f.ip = vec!["2001:DB8:0::7".to_owned()]), vec![3]),
        ("block", filter(|f| f.ip = vec!["203.0.113.0/24".to_owned()]), vec![2, 1]),
        ("client name", filter(|f| f.ip = vec!["client.example.com".to_owned()]), vec![4]),
        ("method", filter(|f| f.method = vec!["POST".to_owned(), "PUT".to_owned()]), vec![3]),
        ("status class", filter(|f| f.status = vec![(400, 499)]), vec![3]),
        ("status", filter(|f| f.status = vec![(200, 200), (404, 404)]), vec![4, 3, 2, 1]),
        ("host", filter(|f| f.host = vec!["Shop.example.com".to_owned()]), vec![3]),
        ("subdomain", filter(|f| f.host = vec!["*.example.com".to_owned()]), vec![3]),
        ("path", filter(|f| f.endpoint = Some(EndpointFilter::Path("/a".to_owned()))), vec![2, 1]),
        ("target", filter(|f| f.endpoint = Some(EndpointFilter::Target("/a?q=1".to_owned()))), vec![2]),
        ("prefix", filter(|f| f.endpoint = Some(EndpointFilter::Prefix("/shop/".to_owned()))), vec![3]),
        (
            "prefix of a query",
            filter(|f| f.endpoint = Some(EndpointFilter::Prefix("/a?q".to_owned()))),
            vec![2],
        ),
        ("either", filter(|f| f.endpoint = Some(EndpointFilter::Either("/a".to_owned()))), vec![2, 1]),
        ("class", filter(|f| f.class = vec![ThreatClass::SqlInjection]), vec![2]),
        ("action", filter(|f| f.action = vec![Action::Block, Action::Flag]), vec![2]),
        ("allowed", filter(|f| f.action = vec![Action::Allow]), vec![4, 3, 1]),
        ("enforced", filter(|f| f.enforced = Some(true)), vec![]),
        ("score", filter(|f| f.min_score = Some(0.9)), vec![2]),
        ("word", filter(|f| f.words = vec!["SHOP".to_owned(), "cart".to_owned()]), vec![3]),
        ("payload", filter(|f| f.words = vec!["or 1=1".to_owned()]), vec![2]),
        ("wildcards are letters", filter(|f| f.words = vec!["0%_s".to_owned()]), vec![4]),
        ("no wildcard", filter(|f| f.words = vec!["%".to_owned(), "cart".to_owned()]), vec![]),
        ("quotes are letters", filter(|f| f.words = vec!["' OR '1'='1".to_owned()]), vec![]),
        ("span", filter(|f| f.span = Some(Span::new(at(2), at(3)))), vec![2]),
    ] {
        let rows = site.store.traffic(&filter, &Page::newest(10)).await.expect(what).rows;
        assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), ids, "{what}");
    }
    let threats =
        site.store.threats(&filter(|f| f.words = vec!["or 1=1".to_owned()]), &Page::newest(10)).await;
    assert_eq!(threats.expect("listed").rows.len(), 1);
}

#[tokio::test]
async fn a_threat_keeps_its_own_copy_of_the_request() {
    let site = Site::new().await;
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

#[tokio::test]
async fn rollups_agree_with_a_recount_of_the_rows() {
    let site = Site::new().await;
    let mut number = 7_u64;
    let mut random = |below: u64| {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (number >> 33) % below
    };
    for _ in 0..20 {
        let judged = (0..100)
            .map(|_| {
                let when = i64::try_from(random(3 * 86_400)).expect("small");
                let mut one = if random(5) == 0 { attack(when, "/x") } else { plain(when, "/y") };
                one.request.status = [200, 404, 500][usize::try_from(random(3)).expect("small")];
                one.request.host = (random(2) == 0).then(|| "a.example".to_owned());
                one.request.response_time_ms = (random(2) == 0).then_some(12.0);
                one.request.client = format!("198.51.100.{}", random(9));
                one
            })
            .collect();
        site.store.commit(batch(judged)).await.expect("committed");
    }
    let rows = read_all(&site.store).await;
    let whole = Span::new(at(-DAY), at(5 * DAY));
    for level in RollupLevel::ALL {
        for host in [None, Some("a.example")] {
            let mut sum = bartizan_model::Counts::default();
            let (mut classes, mut latencies) = (0, 0);
            for (start, bucket) in site.store.buckets(level, whole, host).await.expect("read") {
                assert_eq!(level.bucket(start), start);
                sum.add(&bucket.counts);
                classes += bucket.classes.values().sum::<u64>();
                latencies += bucket.latency.total();
            }
            let counted: Vec<_> =
                rows.iter().filter(|row| host.is_none() || row.host.as_deref() == host).collect();
            let threats = counted.iter().filter(|row| row.action != Action::Allow).count() as u64;
            let timed = counted.iter().filter(|row| row.response_time_ms.is_some()).count() as u64;
            assert_eq!(
                (sum.requests, sum.blocked + sum.flagged, classes),
                (counted.len() as u64, threats, threats)
            );
            assert_eq!((sum.latency_samples, latencies), (timed, timed));
        }
    }
    let statuses = site.store.dimension(Dimension::Status, whole, 10).await.expect("read");
    for status in &statuses {
        let counted = rows.iter().filter(|row| row.status.to_string() == status.value).count() as u64;
        assert_eq!(status.requests, counted);
    }
    assert_eq!(statuses.iter().map(|status| status.requests).sum::<u64>(), 2_000);
    let hosts = site.store.dimension(Dimension::Host, whole, 10).await.expect("read");
    assert_eq!(hosts.len(), 1);
    assert_eq!(site.store.unique_clients(whole).await.expect("read"), 9);
    assert!(site.store.knows_host("A.example").await.expect("read"));
    assert!(!site.store.knows_host("b.example").await.expect("read"));
}

#[tokio::test]
async fn a_client_cannot_make_up_hosts_without_end() {
    let site = Site::new().await;
    for part in 0..3 {
        let judged = (0..500)
            .map(|n| {
                let mut one = plain(n, "/");
                one.request.host = Some(format!("h{part}-{n}.example"));
                one
            })
            .collect();
        site.store.commit(batch(judged)).await.expect("committed");
    }
    let whole = Span::new(at(-DAY), at(5 * DAY));
    assert_eq!(site.store.dimension(Dimension::Host, whole, 10_000).await.expect("read").len(), 1_000);
}

#[tokio::test]
async fn alerts_are_kept_counted_and_handled() {
    let site = Site::new().await;
    let mut raised = alert("sql_injection|203.0.113.9");
    raised.id = site.store.insert_alert(&raised).await.expect("inserted");
    assert_eq!(raised.id, 1);
    raised.count = 9;
    site.store.update_alert(&raised).await.expect("updated");
    site.store.link_threats(1, &[4, 5, 5]).await.expect("linked");
    assert_eq!(site.store.alert(1).await.expect("read"), Some(raised));
    assert_eq!(site.store.alerts_of_threat(5).await.expect("read"), [1]);
    let active = AlertFilter { active_only: true, ..AlertFilter::default() };
    assert_eq!(site.store.alerts(&active, &Page::newest(10)).await.expect("read").rows.len(), 1);
    for _ in 0..2 {
        let done = site.store.set_alert_status(1, AlertStatus::Dismissed, "local", at(9)).await.expect("set");
        let done = done.expect("there");
        assert_eq!((done.status, done.handled_by.as_deref()), (AlertStatus::Dismissed, Some("local")));
    }
    assert_eq!(site.store.alerts(&active, &Page::newest(10)).await.expect("read").rows.len(), 0);
    assert_eq!(
        site.store.set_alert_status(2, AlertStatus::Dismissed, "local", at(9)).await.expect("set"),
        None
    );
    let words = AlertFilter { words: vec!["203.0.113".to_owned()], ..AlertFilter::default() };
    assert_eq!(site.store.alerts(&words, &Page::newest(10)).await.expect("read").rows.len(), 1);
}

#[tokio::test]
async fn measurements_are_averaged_per_minute() {
    let site = Site::new().await;
    for (second, cpu_percent, lag) in [(0, 10.0, Some(2.0)), (30, 30.0, None), (60, 50.0, Some(4.0))] {
        let sample =
            SystemSample { cpu_percent, ingest_lag_s: lag, connections: 3, ..SystemSample::default() };
        site.store.record_system(at(second), sample).await.expect("kept");
    }
    let minutes = site.store.system_minutes(Span::new(at(0), at(120))).await.expect("read");
    let cpu: Vec<String> = minutes.iter().map(|(_, sample)| format!("{:.1}", sample.cpu_percent)).collect();
    assert_eq!(cpu, ["20.0", "50.0"]);
    assert_eq!(minutes[0].1.ingest_lag_s, Some(2.0));
}

#[tokio::test]
async fn an_old_log_read_today_is_kept_and_what_arrived_long_ago_is_not() {
    let site = Site::new().await;
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

#[tokio::test]
async fn readers_see_whole_batches_while_one_writes() {
    let site = Site::new().await;
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
