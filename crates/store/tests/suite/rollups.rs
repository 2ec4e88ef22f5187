//! Sums that charts and totals read.

use bartizan_model::{Action, AnomalyScore, RollupLevel, Span, TrafficRecord};
use bartizan_store::{Dimension, SCORE_BINS, SystemSample};

use super::Site;
use super::sample::{DAY, Random, at, attack, batch, plain, read_all};

pub(crate) async fn rollups_agree_with_a_recount_of_the_rows(site: Site) {
    let mut random = Random(7);
    for _ in 0..20 {
        let judged = (0..100)
            .map(|_| {
                let when = i64::try_from(random.below(3 * 86_400)).expect("small");
                let mut one = if random.below(5) == 0 { attack(when, "/x") } else { plain(when, "/y") };
                one.request.status = random.one_of(&[200, 404, 500]);
                one.request.host = (random.below(2) == 0).then(|| "a.example".to_owned());
                one.request.response_time_ms = (random.below(2) == 0).then_some(12.0);
                one.request.client = format!("198.51.100.{}", random.below(9));
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
            for (start, bucket) in site.store.buckets(level, whole, host).await.expect("read").iter() {
                assert_eq!(level.bucket(*start), *start);
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
    let inside = Span::new(at(7 * 3_600 + 120), at(2 * DAY + 60));
    let expected = rows.iter().filter(|row| inside.contains(row.timestamp)).count() as u64;
    let methods = site.store.dimension(Dimension::Method, inside, 10).await.expect("read");
    assert_eq!(methods.iter().map(|method| method.requests).collect::<Vec<_>>(), [expected]);
    assert_eq!(statuses.iter().map(|status| status.requests).sum::<u64>(), 2_000);
    let hosts = site.store.dimension(Dimension::Host, whole, 10).await.expect("read");
    assert_eq!(hosts.len(), 1);
    assert_eq!(site.store.unique_clients(whole).await.expect("read"), 9);
    for (dimension, value) in [
        (Dimension::Address, (|row| &row.ip) as fn(&TrafficRecord) -> &String),
        (Dimension::Path, |row| &row.path),
        (Dimension::UserAgent, |row| row.user_agent.as_ref().expect("every sample has one")),
    ] {
        let inside = Span::new(at(7 * 3_600 + 120), at(2 * DAY + 60));
        let hours = Span::new(at(7 * 3_600), at(2 * DAY + 3_600));
        let counted = site.store.dimension(dimension, inside, 10).await.expect("read");
        assert!(!counted.is_empty() && counted.is_sorted_by(|a, b| a.requests >= b.requests));
        for one in counted {
            let of_value =
                || rows.iter().filter(|row| hours.contains(row.timestamp) && *value(row) == one.value);
            let blocked = of_value().filter(|row| row.action == Action::Block).count();
            let threats = of_value().filter(|row| row.action != Action::Allow).count();
            let expected = [of_value().count(), blocked, threats].map(|count| count as u64);
            assert_eq!([one.requests, one.blocked, one.threats], expected, "{dimension:?} {}", one.value);
        }
    }
    assert!(site.store.knows_host("A.example").await.expect("read"));
    assert!(!site.store.knows_host("b.example").await.expect("read"));
}

pub(crate) async fn scores_are_counted_in_bins_of_whole_hours(site: Site) {
    let scored = |seconds: i64, score: f64| {
        let mut one = plain(seconds, "/");
        one.verdict.score = Some(AnomalyScore::new(score));
        one
    };
    let mut unscored = plain(5, "/");
    unscored.verdict.score = None;
    // The sample's clock begins at a full hour.
    let judged = vec![
        scored(0, 0.0),
        scored(3_599, 0.5),
        scored(3_600, 0.51),
        scored(26 * 3_600, 1.0),
        scored(27 * 3_600, 0.3),
        unscored,
    ];
    site.store.commit(batch(judged)).await.expect("committed");
    let mut expected = vec![0; SCORE_BINS];
    (expected[0], expected[25], expected[49]) = (1, 2, 1);
    let span = Span::new(at(60), at(26 * 3_600 + 1));
    assert_eq!(site.store.score_histogram(span).await.expect("read"), expected);
    let later = Span::new(at(27 * 3_600), at(28 * 3_600));
    assert_eq!(site.store.score_histogram(later).await.expect("read").iter().sum::<u64>(), 1);
}

pub(crate) async fn a_client_cannot_make_up_hosts_without_end(site: Site) {
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

pub(crate) async fn measurements_are_averaged_per_minute(site: Site) {
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
