//! The suite of the contract on a PostgreSQL server, and what only a server can do: be gone for a while.

#[macro_use]
mod suite;
mod postgres_server;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use bartizan_model::{Classify as _, ErrorKind, RollupLevel, Span, Timestamp};
use bartizan_store::{AccessStore, Filter, Page, RetentionCutoffs, Store, StoreError};
use postgres_server::Server;
use suite::commits::progress;
use suite::sample::{Later, attack, batch, plain, read_all};
use suite::{Backend, Site};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// A database on the server that all tests of the suite share.
struct Database(String);

#[async_trait::async_trait]
impl Backend for Database {
    async fn open(&self) -> Arc<dyn Store> {
        open(&self.0).await.expect("opened")
    }

    async fn open_access(&self) -> Arc<dyn AccessStore> {
        bartizan_store::open_access(&self.0, Arc::new(Later)).await.expect("opened")
    }

    fn url(&self) -> String {
        self.0.clone()
    }
}

async fn open(url: &str) -> Result<Arc<dyn Store>, StoreError> {
    bartizan_store::open(url, Arc::new(Later)).await
}

/// The URL of a fresh database.
fn database() -> String {
    static SERVER: OnceLock<Server> = OnceLock::new();
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let server = SERVER.get_or_init(Server::start);
    let name = format!("t{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    server.create(&name);
    server.url(&name)
}

async fn site() -> Site {
    Site::new(Database(database())).await
}

store_test_suite!(site);

#[tokio::test]
async fn a_second_process_is_refused_while_the_first_runs() {
    let url = database();
    let first = open(&url).await.expect("opened");
    let error = open(&url).await.expect_err("refused").to_string();
    assert!(error.contains("another bartizan"), "{error}");
    first.close().await;
    open(&url).await.expect("free again");
}

/// Words that a search looks for.
fn holding(word: &str) -> Filter {
    Filter { words: vec![word.to_owned()], ..Filter::default() }
}

#[tokio::test]
async fn words_are_found_through_an_index_and_without_the_extension_all_the_same() {
    let may_not = "CREATE ROLE plain LOGIN; GRANT CREATE ON SCHEMA public TO plain";
    for (role, is_listed) in [("postgres", true), ("plain", false)] {
        let url = database();
        let options: sqlx::postgres::PgConnectOptions = url.parse().expect("a URL");
        let mut connection = sqlx::ConnectOptions::connect(&options).await.expect("connected");
        if !is_listed {
            sqlx::raw_sql(may_not).execute(&mut connection).await.expect("granted");
        }
        let store = open(&url.replace("postgres@", &format!("{role}@"))).await.expect("opened");
        let rows = (0..300).map(|n| plain(n, &format!("/p{n}?v={n}"))).chain([plain(301, "/p?v=needle")]);
        store.commit(batch(rows.collect())).await.expect("committed");
        let found: bool = sqlx::query_scalar("SELECT to_regclass('traffic_words') IS NOT NULL")
            .fetch_one(&mut connection)
            .await
            .expect("asked");
        assert_eq!(found, is_listed, "{role}");
        let rows = store.traffic(&holding("needle"), &Page::newest(10)).await.expect("listed").rows;
        assert_eq!(rows.len(), 1, "{role}");
        store.close().await;
    }
}

/// What makes each earlier version of the one before it.
const STEPS: [&str; 9] = [
    include_str!("../migrations/postgres/0001_base.sql"),
    include_str!("../migrations/postgres/0002_access.sql"),
    include_str!("../migrations/postgres/0003_alerts.sql"),
    include_str!("../migrations/postgres/0004_alert_parts.sql"),
    include_str!("../migrations/postgres/0005_search.sql"),
    include_str!("../migrations/postgres/0006_lists.sql"),
    include_str!("../migrations/postgres/0007_histograms.sql"),
    include_str!("../migrations/postgres/0008_days.sql"),
    include_str!("../migrations/postgres/0009_reads.sql"),
];

/// The version from which on a bucket's latencies stand beside its sums.
const ONE_HISTOGRAM: usize = 7;

/// The version from which on the earliest event of a day stands beside the day.
const EARLIEST: usize = 8;
const EARLIEST_OF_THE_DAY: &str = "UPDATE traffic_days SET earliest = 1772600400000000 WHERE day = 20516";

/// A request as the first version kept it, on the day of its arrival.
const ROW_OF_THE_FIRST_VERSION: &str = "
    INSERT INTO names (id, kind, name, ip_key, seen) VALUES
        (2, 3, '198.51.100.7', decode('00000000000000000000ffffc6336407', 'hex'), 1), (3, 4, '/old', NULL, 1);
    SELECT make_traffic_day(20516);
    INSERT INTO traffic (id, ts, received, ip_id, method_id, path_id, query, status, action, enforced, decided_by, via)
        VALUES (1, 1772600400000000, 1772600900000000, 2, 1, 3, '?id=1', 404, 0, 0, 0, 0);
    UPDATE sequences SET last = 1 WHERE name = 'traffic';
    UPDATE sequences SET last = 3 WHERE name = 'names';
    INSERT INTO rollups (width, bucket, host, requests, blocked, flagged, enforced, latency_samples, latency_sum_ms, received)
        VALUES (60, 1772600400000000, '', 3, 0, 0, 0, 3, 36.0, 1772600900000000);";
const LATENCIES_OF_THE_FIRST_VERSION: &str = "INSERT INTO rollup_latency VALUES
    (60, 1772600400000000, '', 100, 2), (60, 1772600400000000, '', 110, 1)";

#[tokio::test]
async fn rows_of_every_earlier_version_are_found_as_they_were() {
    for version in 1..=STEPS.len() {
        let url = database();
        let options: sqlx::postgres::PgConnectOptions = url.parse().expect("a URL");
        let mut connection = sqlx::ConnectOptions::connect(&options).await.expect("connected");
        let table =
            "CREATE TABLE bartizan_schema (version BIGINT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)";
        sqlx::raw_sql(table).execute(&mut connection).await.expect("made");
        for (number, step) in (1_i64..).zip(STEPS).take(version) {
            sqlx::raw_sql(step).execute(&mut connection).await.expect("made");
            let applied = "INSERT INTO bartizan_schema (version, applied_at) VALUES ($1, 0)";
            sqlx::query(applied).bind(number).execute(&mut connection).await.expect("written");
        }
        sqlx::raw_sql(ROW_OF_THE_FIRST_VERSION).execute(&mut connection).await.expect("written");
        if version < ONE_HISTOGRAM {
            sqlx::raw_sql(LATENCIES_OF_THE_FIRST_VERSION).execute(&mut connection).await.expect("written");
        }
        if version >= EARLIEST {
            sqlx::raw_sql(EARLIEST_OF_THE_DAY).execute(&mut connection).await.expect("written");
        }
        let found = bartizan_store::status(&url).await.expect("a database");
        assert_eq!(found.schema, i64::try_from(version).expect("small"));
        assert_eq!(
            found.newest_schema,
            i64::try_from(STEPS.len()).expect("small") + 1,
            "a version without a test"
        );

        let store = open(&url).await.expect("moved");
        let kept = store.traffic(&Filter::default(), &Page::newest(10)).await.expect("listed").rows;
        assert_eq!(kept.len(), 1, "version {version}");
        let row = &kept[0];
        let found = (row.id, row.ip.as_str(), row.method.as_str(), row.endpoint.as_str(), row.status);
        assert_eq!(found, (1, "198.51.100.7", "GET", "/old?id=1", 404), "version {version}");
        let minute = Timestamp::from_micros(1_772_600_400_000_000);
        let span = Span::new(minute, minute.plus_micros(60_000_000));
        let sums = store.buckets(RollupLevel::Minute, span, None).await.expect("read");
        let latency: Vec<(u16, u64)> = sums[0].1.latency.bins().collect();
        let expected = if version < ONE_HISTOGRAM { vec![(100, 2), (110, 1)] } else { Vec::new() };
        assert_eq!(latency, expected, "version {version}");
        let committed = store.commit(batch(vec![plain(1, "/new")])).await.expect("committed");
        assert_eq!(committed.traffic[0].id, 2, "ids go on where they were");
        store.close().await;
    }
}

#[tokio::test]
async fn a_day_that_is_being_read_expires_later_and_holds_nobody_up() {
    let url = database();
    let store = open(&url).await.expect("opened");
    store.commit(batch(vec![plain(1, "/a"), plain(2, "/b")])).await.expect("committed");
    let options: sqlx::postgres::PgConnectOptions = url.parse().expect("a URL");
    let mut reader = sqlx::ConnectOptions::connect(&options).await.expect("connected");
    sqlx::raw_sql("BEGIN; SELECT COUNT(*) FROM traffic").execute(&mut reader).await.expect("read");
    let before = Timestamp::from_secs(i64::from(u32::MAX));
    let cutoffs = RetentionCutoffs { traffic: before, threats: before, alerts: before, metrics: before };
    assert_eq!(store.expire(cutoffs).await.expect("no failure").traffic, 0);
    assert_eq!(read_all(&store).await.len(), 2);
    sqlx::raw_sql("COMMIT").execute(&mut reader).await.expect("ended");
    assert_eq!(store.expire(cutoffs).await.expect("expired").traffic, 2);
    store.close().await;
}

#[tokio::test]
async fn databases_of_newer_versions_and_of_other_programs_are_refused() {
    let url = database();
    open(&url).await.expect("opened").close().await;
    let options: sqlx::postgres::PgConnectOptions = url.parse().expect("a URL");
    let mut connection = sqlx::ConnectOptions::connect(&options).await.expect("connected");
    let newer = "INSERT INTO bartizan_schema (version, applied_at) VALUES (999, 0)";
    sqlx::query(newer).execute(&mut connection).await.expect("written");
    assert!(matches!(open(&url).await, Err(StoreError::Newer { found: 999, .. })));
    sqlx::query("DROP TABLE bartizan_schema").execute(&mut connection).await.expect("dropped");
    let error = open(&url).await.expect_err("refused").to_string();
    assert!(error.contains("another program"), "{error}");
}

#[tokio::test]
async fn what_cannot_be_opened_is_refused_with_a_remedy_and_without_the_password() {
    let url = database();
    for (given, remedy) in [
        (url.replace("localhost/", "localhost/absent_"), "createdb"),
        ("postgres://ann:hunter2@127.0.0.1:1/waf".to_owned(), "server runs"),
        ("postgres://ann:hunter2@127.0.0.1:1/waf?sslmod=x".to_owned(), "sslmode"),
    ] {
        let error = open(&given).await.expect_err("refused");
        let message = format!("{error} {error:?}");
        assert!(message.contains(remedy) && !message.contains("hunter2"), "{message}");
        assert_eq!(error.kind(), ErrorKind::Unavailable);
    }
}

#[tokio::test]
async fn a_server_that_crashes_and_comes_back_loses_and_repeats_nothing() {
    let mut server = Server::start();
    server.create("waf");
    let store = open(&server.url("waf")).await.expect("opened");
    let part = |from: u64, to: u64| {
        let start = (from > 0).then_some(from);
        let mut part = batch((from..to).map(|n| plain(i64::try_from(n).expect("small"), "/a")).collect());
        part.source = Some(progress(start, to, 0));
        part
    };
    store.commit(part(0, 10)).await.expect("committed");
    server.crash();
    let error = store.commit(part(10, 20)).await.expect_err("the server is gone");
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    server.resume();
    store.commit(part(10, 20)).await.expect("committed");
    assert_eq!(read_all(&store).await.len(), 20);
    assert_eq!(store.source("site").await.expect("read").expect("known").lines, 20);
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_is_answered_and_not_written_again() {
    let server = Server::start();
    server.create("waf");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let address = listener.local_addr().expect("bound");
    let socket = server.folder().join(".s.PGSQL.5432");
    let cut = Arc::new(AtomicU32::new(0));
    let cuts = Arc::clone(&cut);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = tokio::net::UnixStream::connect(&socket).await.expect("connected");
            tokio::spawn(between(client, server, Arc::clone(&cuts)));
        }
    });
    let url = format!("postgres://postgres@{address}/waf?sslmode=disable");
    let store = open(&url).await.expect("opened");
    let mut first = batch(vec![plain(1, "/a"), attack(2, "/b?x=1")]);
    first.source = Some(progress(None, 2, 0));
    cut.store(1, Ordering::Relaxed);
    let error = store.commit(first.clone()).await.expect_err("the answer was lost");
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    assert_eq!(cut.load(Ordering::Relaxed), 0, "the connection was cut at the commit");
    let again = loop {
        match store.commit(first.clone()).await {
            Ok(committed) => break committed,
            // The server may not have noticed yet that the connection is gone.
            Err(error) => assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}"),
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert_eq!(again.traffic, {
        let mut rows = read_all(&store).await;
        rows.reverse();
        rows
    });
    assert_eq!(again.threats, store.threats(&Filter::default(), &Page::newest(9)).await.expect("read").rows);
    let mut second = batch(vec![plain(3, "/c")]);
    second.source = Some(progress(Some(2), 3, 0));
    store.commit(second).await.expect("committed");
    assert_eq!(read_all(&store).await.len(), 3);
}

/// Passes bytes on, until a commit comes while a cut is wanted: that is passed on, and its answer is not.
async fn between(
    mut client: tokio::net::TcpStream,
    mut server: tokio::net::UnixStream,
    cuts: Arc<AtomicU32>,
) {
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let read = read.unwrap_or(0);
                let is_commit = asked[..read].windows(6).any(|word| word == b"COMMIT");
                if read == 0 || server.write_all(&asked[..read]).await.is_err() {
                    return;
                }
                if is_commit && cuts.swap(0, Ordering::Relaxed) > 0 {
                    let answer = server.read(&mut answered).await.expect("the answer");
                    assert!(answered[..answer].windows(6).any(|word| word == b"COMMIT"));
                    return;
                }
            }
            read = server.read(&mut answered) => {
                let read = read.unwrap_or(0);
                if read == 0 || client.write_all(&answered[..read]).await.is_err() {
                    return;
                }
            }
        }
    }
}
