//! How much room the database takes.

use bartizan_model::Timestamp;

use super::decode::count;
use super::dialect::{Connection, USED_BYTES};
use super::store::failed;
use crate::{StoreError, StoreSize};

pub(in super::super) async fn measure(connection: &mut Connection) -> Result<StoreSize, StoreError> {
    let doing = "measuring the database";
    let used: i64 =
        sqlx::query_scalar(USED_BYTES).fetch_one(&mut *connection).await.map_err(failed(doing))?;
    let ends: (Option<i64>, Option<i64>) = sqlx::query_as(
        "SELECT (SELECT id FROM traffic ORDER BY id LIMIT 1), (SELECT id FROM traffic ORDER BY id DESC LIMIT 1)",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(failed(doing))?;
    // Ids rise with arrival.
    let oldest: Option<i64> = sqlx::query_scalar("SELECT received FROM traffic ORDER BY id LIMIT 1")
        .fetch_optional(connection)
        .await
        .map_err(failed(doing))?;
    let rows = ends.0.zip(ends.1).map_or(0, |(first, last)| last - first + 1);
    Ok(StoreSize {
        used_bytes: count(used),
        traffic_rows: count(rows),
        oldest_traffic: oldest.map(Timestamp::from_micros),
    })
}
