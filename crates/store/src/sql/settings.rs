//! What operators set while the server runs, and the history of security checks.

use bartizan_model::Timestamp;
use sqlx::Transaction;

use super::decode::Columns;
use super::dialect::{Connection, Db};
use super::store::failed;
use crate::text::storable;
use crate::{CheckChange, StoreError};

/// The value of a setting.
pub(super) async fn setting(connection: &mut Connection, name: &str) -> Result<Option<String>, StoreError> {
    sqlx::query_scalar("SELECT value FROM settings WHERE name = $1")
        .bind(name)
        .fetch_optional(connection)
        .await
        .map_err(failed("reading a setting"))
}

/// Writes a setting.
pub(super) async fn set(
    mut transaction: Transaction<'_, Db>,
    name: &str,
    value: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let doing = "writing a setting";
    sqlx::query(
        "INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at",
    )
    .bind(name)
    .bind(storable(value))
    .bind(at.micros())
    .execute(&mut *transaction)
    .await
    .map_err(failed(doing))?;
    transaction.commit().await.map_err(failed(doing))
}

/// Notes that a check's result changed, and forgets changes before `oldest`; the newest of each check stays.
pub(super) async fn record_check(
    mut transaction: Transaction<'_, Db>,
    change: &CheckChange,
    oldest: Timestamp,
) -> Result<(), StoreError> {
    let doing = "writing the result of a check";
    sqlx::query(
        "INSERT INTO check_results (key, at, status, message) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (key, at) DO UPDATE SET status = excluded.status, message = excluded.message",
    )
    .bind(change.key.as_str())
    .bind(change.at.micros())
    .bind(change.status.as_str())
    .bind(storable(&change.message))
    .execute(&mut *transaction)
    .await
    .map_err(failed(doing))?;
    sqlx::query(
        "DELETE FROM check_results WHERE at < $1 AND at < \
         (SELECT MAX(newest.at) FROM check_results newest WHERE newest.key = check_results.key)",
    )
    .bind(oldest.micros())
    .execute(&mut *transaction)
    .await
    .map_err(failed(doing))?;
    transaction.commit().await.map_err(failed(doing))
}

/// The newest changes.
pub(super) async fn check_history(
    connection: &mut Connection,
    limit: u32,
) -> Result<Vec<CheckChange>, StoreError> {
    let rows =
        sqlx::query("SELECT key, at, status, message FROM check_results ORDER BY at DESC, key LIMIT $1")
            .bind(i64::from(limit))
            .fetch_all(connection)
            .await
            .map_err(failed("reading results of checks"))?;
    let mut changes = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut columns = Columns::new(row);
        changes.push(CheckChange {
            key: columns.next()?,
            at: columns.instant()?,
            status: columns.name()?,
            message: columns.next()?,
        });
    }
    Ok(changes)
}
