//! The schema and its versions; a database moves forward when it is opened and never back.

use sqlx::Connection as _;

use super::connect::translate;
use super::convert;
use super::dialect::{BEGIN_WRITE, Connection};
use crate::StoreError;

/// Every step in order; step n makes version n of version n − 1. A released step is never edited.
const STEPS: [&str; 11] = [
    include_str!("../../migrations/sqlite/0001_base.sql"),
    include_str!("../../migrations/sqlite/0002_settings.sql"),
    include_str!("../../migrations/sqlite/0003_names.sql"),
    include_str!("../../migrations/sqlite/0004_sketches.sql"),
    include_str!("../../migrations/sqlite/0005_access.sql"),
    include_str!("../../migrations/sqlite/0006_alerts.sql"),
    include_str!("../../migrations/sqlite/0007_alert_parts.sql"),
    include_str!("../../migrations/sqlite/0008_search.sql"),
    include_str!("../../migrations/sqlite/0009_histograms.sql"),
    include_str!("../../migrations/sqlite/0010_scores.sql"),
    include_str!("../../migrations/sqlite/0011_listed_words.sql"),
];

/// The step that also moves what clients were counted.
const SKETCHES: i64 = 4;

/// Brings the database to the newest version, in one transaction.
///
/// # Errors
/// [`StoreError::Newer`] when a newer build made it; [`StoreError::Open`] when it holds something else.
pub(super) async fn migrate(
    connection: &mut Connection,
    url: &str,
    now_micros: i64,
) -> Result<(), StoreError> {
    // Indexes over millions of rows are sorted in files, not in memory.
    sqlx::raw_sql("PRAGMA temp_store = FILE")
        .execute(&mut *connection)
        .await
        .map_err(|error| translate(url, error))?;
    move_up(connection, url, now_micros).await?;
    let back = sqlx::raw_sql("PRAGMA temp_store = MEMORY").execute(connection).await;
    back.map(drop).map_err(|error| translate(url, error))
}

/// Whether the database is of the newest version, for whoever must not change it.
///
/// # Errors
/// [`StoreError::Newer`], and [`StoreError::Open`] when it is older.
pub(super) async fn check(connection: &mut Connection, url: &str) -> Result<(), StoreError> {
    let known = newest();
    match peek(connection, url).await? {
        found if found > known => Err(StoreError::Newer { url: url.to_owned(), found, known }),
        found if found < known => Err(StoreError::older_in_use(url)),
        _ => Ok(()),
    }
}

async fn move_up(connection: &mut Connection, url: &str, now_micros: i64) -> Result<(), StoreError> {
    let known = newest();
    let mut transaction = connection.begin_with(BEGIN_WRITE).await.map_err(|error| translate(url, error))?;
    let found = version(&mut transaction, url).await?;
    if found > known {
        return Err(StoreError::Newer { url: url.to_owned(), found, known });
    }
    for (version, step) in (1..).zip(STEPS) {
        if version <= found {
            continue;
        }
        sqlx::raw_sql(step).execute(&mut *transaction).await.map_err(|error| translate(url, error))?;
        if version == SKETCHES {
            convert::sketch_clients(&mut transaction).await?;
        }
        sqlx::query("INSERT INTO bartizan_schema (version, applied_at) VALUES ($1, $2)")
            .bind(version)
            .bind(now_micros)
            .execute(&mut *transaction)
            .await
            .map_err(|error| translate(url, error))?;
    }
    transaction.commit().await.map_err(|error| translate(url, error))
}

/// The newest version that this build knows.
pub(super) fn newest() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// The version of the database, which is given a table for it when it is empty.
async fn version(connection: &mut Connection, url: &str) -> Result<i64, StoreError> {
    let found = peek(connection, url).await?;
    if found == 0 {
        sqlx::raw_sql(
            "CREATE TABLE IF NOT EXISTS bartizan_schema (version INTEGER NOT NULL PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT",
        )
        .execute(connection)
        .await
        .map_err(|error| translate(url, error))?;
    }
    Ok(found)
}

/// The version of the database; 0 for an empty one.
pub(super) async fn peek(connection: &mut Connection, url: &str) -> Result<i64, StoreError> {
    let (tables, ours): (i64, i64) = sqlx::query_as(
        "SELECT COUNT(*), COALESCE(SUM(name = 'bartizan_schema'), 0) FROM sqlite_master WHERE type = 'table'",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(|error| translate(url, error))?;
    if ours == 0 && tables > 0 {
        return Err(StoreError::Open {
            url: url.to_owned(),
            remedy: "it belongs to another program; choose another file with --db".to_owned(),
            source: None,
        });
    }
    if ours == 0 {
        return Ok(0);
    }
    sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM bartizan_schema")
        .fetch_one(&mut *connection)
        .await
        .map_err(|error| translate(url, error))
}
