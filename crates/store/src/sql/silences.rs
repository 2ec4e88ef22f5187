//! What raises no alert for a while.

use bartizan_model::{Silence, SilenceMatch, ThreatClass, Timestamp};
use sqlx::Transaction;

use super::commit::reserve;
use super::decode::{Columns, count, int};
use super::dialect::{Connection, Db};
use super::store::failed;
use crate::StoreError;
use crate::text::{MAX_NAME_CHARS, MAX_TEXT_CHARS, cut};

const WRITING: &str = "writing a silence";
const READING: &str = "reading silences";
/// Silences that are kept at a time, ended ones included.
const MAX_SILENCES: i64 = 1_000;

pub(super) async fn insert(
    mut transaction: Transaction<'_, Db>,
    silence: &Silence,
) -> Result<i64, StoreError> {
    let id = reserve(&mut transaction, "silences", 1).await?.next().unwrap_or_default();
    let matches = &silence.matches;
    let name = |text: &Option<String>| text.as_deref().map(|text| cut(text, MAX_NAME_CHARS));
    sqlx::query(
        "INSERT INTO silences (id, created_at, created_by, expires_at, reason, source, class, ip, host, key, hits, \
         last_hit) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(id)
    .bind(silence.created_at.micros())
    .bind(cut(&silence.created_by, MAX_NAME_CHARS))
    .bind(silence.expires_at.map(Timestamp::micros))
    .bind(silence.reason.as_deref().map(|reason| cut(reason, MAX_TEXT_CHARS)))
    .bind(name(&matches.source))
    .bind(matches.class.map(ThreatClass::as_str))
    .bind(name(&matches.ip))
    .bind(name(&matches.host))
    .bind(matches.key.as_deref().map(|key| cut(key, MAX_TEXT_CHARS)))
    .bind(int(silence.hits))
    .bind(silence.last_hit.map(Timestamp::micros))
    .execute(&mut *transaction)
    .await
    .map_err(failed(WRITING))?;
    transaction.commit().await.map_err(failed(WRITING))?;
    Ok(id)
}

/// Counts events that a silence held back.
pub(super) async fn hit(
    connection: &mut Connection,
    id: i64,
    hits: u64,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE silences SET hits = hits + $1, last_hit = $2 WHERE id = $3")
        .bind(int(hits))
        .bind(at.micros())
        .bind(id)
        .execute(connection)
        .await
        .map_err(failed(WRITING))?;
    Ok(())
}

pub(super) async fn delete(mut transaction: Transaction<'_, Db>, id: i64) -> Result<bool, StoreError> {
    let deleted = sqlx::query("DELETE FROM silences WHERE id = $1")
        .bind(id)
        .execute(&mut *transaction)
        .await
        .map_err(failed(WRITING))?;
    transaction.commit().await.map_err(failed(WRITING))?;
    Ok(deleted.rows_affected() > 0)
}

pub(super) async fn all(connection: &mut Connection) -> Result<Vec<Silence>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, created_at, created_by, expires_at, reason, source, class, ip, host, key, hits, last_hit \
         FROM silences ORDER BY created_at DESC, id DESC LIMIT $1",
    )
    .bind(MAX_SILENCES)
    .fetch_all(connection)
    .await
    .map_err(failed(READING))?;
    rows.iter().map(|row| decode(&mut Columns::new(row))).collect()
}

fn decode(columns: &mut Columns<'_>) -> Result<Silence, StoreError> {
    Ok(Silence {
        id: columns.next()?,
        created_at: columns.instant()?,
        created_by: columns.next()?,
        expires_at: columns.next::<Option<i64>>()?.map(Timestamp::from_micros),
        reason: columns.next()?,
        matches: SilenceMatch {
            source: columns.next()?,
            class: columns.optional_name()?,
            ip: columns.next()?,
            host: columns.next()?,
            key: columns.next()?,
        },
        hits: count(columns.next()?),
        last_hit: columns.next::<Option<i64>>()?.map(Timestamp::from_micros),
    })
}
