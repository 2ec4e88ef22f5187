//! A database that an earlier version filled is moved to the newest schema and answers as before.

use std::path::Path;
use std::sync::Arc;

use bartizan_model::{
    Action, Assessment, Clock as _, DecidedBy, HttpRequest, RollupLevel, Severity, Span, SystemClock,
    ThreatClass, Timestamp, TrafficRecord, Verdict, Via,
};
use bartizan_store::{CommitBatch, EndpointFilter, Filter, Judged, Page, Store, open};
use sqlx::{ConnectOptions as _, Connection as _};

const ROWS: i64 = 300;

/// What makes each version of the one before it, by plain SQL.
const STEPS: [&str; 10] = [
    include_str!("../migrations/sqlite/0001_base.sql"),
    include_str!("../migrations/sqlite/0002_settings.sql"),
    include_str!("../migrations/sqlite/0003_names.sql"),
    include_str!("../migrations/sqlite/0004_sketches.sql"),
    include_str!("../migrations/sqlite/0005_access.sql"),
    include_str!("../migrations/sqlite/0006_alerts.sql"),
    include_str!("../migrations/sqlite/0007_alert_parts.sql"),
    include_str!("../migrations/sqlite/0008_search.sql"),
    include_str!("../migrations/sqlite/0009_histograms.sql"),
    include_str!("../migrations/sqlite/0010_scores.sql"),
];

/// The version whose step also counts clients anew, which SQL cannot do.
const COUNTS_CLIENTS: usize = 4;
const PATHS: [&str; 3] = ["/", "/a/b", "/%C3%BC'x"];
const QUERIES: [&str; 2] = ["", "?q=1%27"];
const AGENTS: [Option<&str>; 2] = [None, Some("curl/8.5.0 – ü")];
const CLASSES: [ThreatClass; 3] = [ThreatClass::SqlInjection, ThreatClass::Scanner, ThreatClass::Anomaly];

/// What the first version kept as row `n`.
fn row(n: i64) -> TrafficRecord {
    fn of<T: Clone>(n: i64, all: &[T]) -> T {
        all[usize::try_from(n).expect("small") % all.len()].clone()
    }
    let threat = n % 7 == 0;
    let path = of(n, &PATHS);
    let action = if threat { of(n / 7, &[Action::Flag, Action::Block]) } else { Action::Allow };
    TrafficRecord {
        id: n,
        timestamp: Timestamp::from_micros(1_772_600_400_000_000 + n * 700_001),
        received_at: Timestamp::from_micros(1_772_600_900_000_000),
        ip: of(n, &["198.51.100.7", "2001:db8::1", "client.example.com"]).to_owned(),
        host: of(n, &[None, Some("shop.example.com".to_owned())]),
        method: of(n, &["GET", "POST", "-"]).to_owned(),
        endpoint: format!("{path}{}", of(n / 3, &QUERIES)),
        path: path.to_owned(),
        status: of(n, &[200, 404, 0]),
        response_bytes: of(n, &[None, Some(1_536)]),
        response_time_ms: of(n, &[None, Some(12.25)]),
        user_agent: of(n / 2, &AGENTS).map(str::to_owned),
        action,
        enforced: action == Action::Block && n % 2 == 0,
        class: threat.then(|| of(n, &CLASSES)),
        severity: threat.then(|| of(n, &Severity::ALL)),
        score: of(n, &[None, Some(0.25)]),
        model: of(n, &[None, Some("wall-2".to_owned())]),
        decided_by: of(n, &DecidedBy::ALL),
        via: of(n, &Via::ALL),
        log_source: of(n, &[None, Some("shop-nginx".to_owned())]),
        threat_id: threat.then_some(n / 7),
    }
}

/// Makes a database as the first version did, and brings it to another as an update did.
async fn write_old(path: &Path, version: usize) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut connection = options.connect().await.expect("connected");
    sqlx::raw_sql(
        "CREATE TABLE bartizan_schema (version INTEGER NOT NULL PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT;
         INSERT INTO bartizan_schema VALUES (1, 0)",
    )
    .execute(&mut connection)
    .await
    .expect("made");
    sqlx::raw_sql(STEPS[0]).execute(&mut connection).await.expect("made");
    for row in (1..=ROWS).map(row) {
        let key = row.ip.parse().ok().map(|address| match address {
            std::net::IpAddr::V4(v4) => v4.to_ipv6_mapped().octets().to_vec(),
            std::net::IpAddr::V6(v6) => v6.octets().to_vec(),
        });
        sqlx::query(
            "INSERT INTO traffic VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
             $18, $19, $20, $21, $22, $23, NULL, $24)",
        )
        .bind(row.id)
        .bind(row.timestamp.micros())
        .bind(row.received_at.micros())
        .bind(&row.ip)
        .bind(key)
        .bind(&row.host)
        .bind(&row.method)
        .bind(&row.endpoint)
        .bind(&row.path)
        .bind(i64::from(row.status))
        .bind(row.response_bytes.map(|bytes| i64::try_from(bytes).expect("small")))
        .bind(row.response_time_ms)
        .bind(&row.user_agent)
        .bind(row.action.as_str())
        .bind(i64::from(row.enforced))
        .bind(row.class.map(ThreatClass::as_str))
        .bind(row.severity.map(Severity::as_str))
        .bind(row.score)
        .bind(&row.model)
        .bind(row.decided_by.as_str())
        .bind(row.via.as_str())
        .bind(&row.log_source)
        .bind(row.threat_id)
        .bind(format!("{{\"l\":\"line {}\"}}", row.id))
        .execute(&mut connection)
        .await
        .expect("written");
    }
    sqlx::raw_sql(
        "INSERT INTO rollup_clients VALUES (1772600400000000, '198.51.100.7', 0), \
         (1772600400000000, '198.51.100.8', 0), (1772604000000000, '198.51.100.7', 0);
         INSERT INTO rollups VALUES (60, 1772600400000000, '', 3, 0, 0, 0, 3, 36.0, 1772600900000000);
         INSERT INTO rollup_latency VALUES (60, 1772600400000000, '', 100, 2), (60, 1772600400000000, '', 110, 1)",
    )
    .execute(&mut connection)
    .await
    .expect("written");
    sqlx::query("UPDATE sequences SET last = $1 WHERE name = 'traffic'")
        .bind(ROWS)
        .execute(&mut connection)
        .await
        .expect("written");
    for (number, step) in STEPS.iter().enumerate().take(version).skip(1) {
        sqlx::raw_sql(*step).execute(&mut connection).await.expect("moved");
        sqlx::query("INSERT INTO bartizan_schema VALUES ($1, 0)")
            .bind(i64::try_from(number + 1).expect("small"))
            .execute(&mut connection)
            .await
            .expect("written");
    }
    connection.close().await.expect("closed");
}

async fn ids(store: &Arc<dyn Store>, filter: &Filter) -> Vec<i64> {
    let page = Page { ascending: true, ..Page::newest(1_000) };
    store.traffic(filter, &page).await.expect("listed").rows.iter().map(|row| row.id).collect()
}

#[tokio::test]
async fn rows_of_every_earlier_version_are_found_as_they_were() {
    for version in 1..=STEPS.len() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("rows.db");
        write_old(&path, version).await;
        let found =
            bartizan_store::status(&format!("sqlite://{}", path.display())).await.expect("a database");
        assert_eq!(found.schema, i64::try_from(version).expect("small"));
        assert_eq!(
            found.newest_schema,
            i64::try_from(STEPS.len()).expect("small") + 1,
            "a version without a test"
        );
        is_found_as_it_was(&path, version).await;
    }
}

async fn is_found_as_it_was(path: &Path, version: usize) {
    let url = path.display().to_string();
    let store = open(&url, Arc::new(SystemClock)).await.expect("moved");
    let page = Page { ascending: true, ..Page::newest(1_000) };
    let kept = store.traffic(&Filter::default(), &page).await.expect("listed").rows;
    assert_eq!(kept, (1..=ROWS).map(row).collect::<Vec<_>>());
    let (_, request) = store.traffic_by_id(5).await.expect("read").expect("there");
    assert_eq!(request.raw_line.as_deref(), Some("line 5"));

    let hour = Timestamp::from_micros(1_772_600_400_000_000);
    let minute = Span::new(hour, hour.plus_micros(60 * Timestamp::SECOND_MICROS));
    let sums = store.buckets(RollupLevel::Minute, minute, None).await.expect("read");
    assert_eq!(sums[0].1.latency.bins().collect::<Vec<_>>(), [(100, 2), (110, 1)]);
    for (hours, clients) in [(1, 2), (2, 2), (72, 2)] {
        if version >= COUNTS_CLIENTS {
            break;
        }
        let span = Span::new(hour, hour.plus_micros(hours * 3_600 * Timestamp::SECOND_MICROS));
        assert_eq!(store.unique_clients(span).await.expect("read"), clients);
    }

    // What was stored before and what is stored now share their texts.
    let mut request = HttpRequest::new(SystemClock.now(), "POST", b"/a/b?q=1%27", Via::Log);
    "198.51.100.7".clone_into(&mut request.client);
    let judged =
        Judged { request, assessment: Assessment::default(), verdict: Verdict::allow(None), judged_us: 1 };
    let batch = CommitBatch { judged: [judged].into(), source: None, received_at: SystemClock.now() };
    assert_eq!(store.commit(batch).await.expect("committed").traffic[0].id, ROWS + 1);
    let of = |matches: fn(&TrafficRecord) -> bool| -> Vec<i64> {
        (1..=ROWS).map(row).filter(matches).map(|row| row.id).chain([ROWS + 1]).collect()
    };
    let ip = Filter { ip: vec!["198.51.100.7".to_owned()], ..Filter::default() };
    assert_eq!(ids(&store, &ip).await, of(|row| row.ip == "198.51.100.7"));
    let target = EndpointFilter::Target("/a/b?q=1%27".to_owned());
    let target = Filter { endpoint: Some(target), ..Filter::default() };
    assert_eq!(ids(&store, &target).await, of(|row| row.endpoint == "/a/b?q=1%27"));
    let method = Filter { method: vec!["POST".to_owned()], ..Filter::default() };
    assert_eq!(ids(&store, &method).await, of(|row| row.method == "POST"));
    store.close().await;
    drop(store);
    open(&url, Arc::new(SystemClock)).await.expect("opened again").probe().await.expect("answers");
}
