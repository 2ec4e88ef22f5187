//! The schema and its versions; a database moves forward when it is opened and never back.

use sqlx::Connection as _;

use super::connect::translate;
use super::dialect::{BEGIN_WRITE, Connection};
use crate::StoreError;

/// Every step in order; step n makes version n of version n − 1. A released step is never edited.
const STEPS: [&str; 10] = [
    include_str!("../../migrations/postgres/0001_base.sql"),
    include_str!("../../migrations/postgres/0002_access.sql"),
    include_str!("../../migrations/postgres/0003_alerts.sql"),
    include_str!("../../migrations/postgres/0004_alert_parts.sql"),
    include_str!("../../migrations/postgres/0005_search.sql"),
    include_str!("../../migrations/postgres/0006_lists.sql"),
    include_str!("../../migrations/postgres/0007_histograms.sql"),
    include_str!("../../migrations/postgres/0008_days.sql"),
    include_str!("../../migrations/postgres/0009_reads.sql"),
    include_str!("../../migrations/postgres/0010_indexes.sql"),
];

/// Held while the schema changes, so that two processes cannot change it at a time: the letters `bartmigr` as a number.
const LOCK: i64 = i64::from_be_bytes(*b"bartmigr");

/// Brings the database to the newest version, in one transaction. `address` is shown in errors.
///
/// # Errors
/// [`StoreError::Newer`] when a newer build made it; [`StoreError::Open`] when it holds something else.
pub(super) async fn migrate(
    connection: &mut Connection,
    address: &str,
    now_micros: i64,
) -> Result<(), StoreError> {
    let known = newest();
    let failed = |error| translate(address, error);
    let mut transaction = connection.begin_with(BEGIN_WRITE).await.map_err(failed)?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(LOCK)
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
    let found = version(&mut transaction, address).await?;
    if found > known {
        return Err(StoreError::Newer { url: address.to_owned(), found, known });
    }
    for (version, step) in (1..).zip(STEPS) {
        if version <= found {
            continue;
        }
        sqlx::raw_sql(step).execute(&mut *transaction).await.map_err(failed)?;
        sqlx::query("INSERT INTO bartizan_schema (version, applied_at) VALUES ($1, $2)")
            .bind(version)
            .bind(now_micros)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}

/// Whether the database is of the newest version, for whoever must not change it.
///
/// # Errors
/// [`StoreError::Newer`], and [`StoreError::Open`] when it is older.
pub(super) async fn check(connection: &mut Connection, address: &str) -> Result<(), StoreError> {
    let known = newest();
    match peek(connection, address).await? {
        found if found > known => Err(StoreError::Newer { url: address.to_owned(), found, known }),
        found if found < known => Err(StoreError::older_in_use(address)),
        _ => Ok(()),
    }
}

/// The newest version that this build knows.
pub(super) fn newest() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// The version of the database, which is given a table for it when it is empty.
async fn version(connection: &mut Connection, address: &str) -> Result<i64, StoreError> {
    let found = peek(connection, address).await?;
    if found == 0 {
        sqlx::raw_sql(
            "CREATE TABLE IF NOT EXISTS bartizan_schema (version BIGINT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)",
        )
        .execute(connection)
        .await
        .map_err(|error| translate(address, error))?;
    }
    Ok(found)
}

/// The version of the database; 0 for an empty one.
pub(super) async fn peek(connection: &mut Connection, address: &str) -> Result<i64, StoreError> {
    let failed = |error| translate(address, error);
    let (tables, ours): (i64, i64) = sqlx::query_as(
        "SELECT COUNT(*), COUNT(*) FILTER (WHERE tablename = 'bartizan_schema') FROM pg_tables \
         WHERE schemaname = current_schema()",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(failed)?;
    if ours == 0 && tables > 0 {
        return Err(StoreError::Open {
            url: address.to_owned(),
            remedy: "it belongs to another program; make a database for bartizan with createdb and name that with --db"
                .to_owned(),
            source: None,
        });
    }
    if ours == 0 {
        return Ok(0);
    }
    sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM bartizan_schema")
        .fetch_one(&mut *connection)
        .await
        .map_err(failed)
}
