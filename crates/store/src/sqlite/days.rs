//! SQLite keeps all traffic in one table, whose expired rows are deleted in steps.

use bartizan_model::{Timestamp, TrafficRecord};

use super::dialect::Connection;
use super::sql::{Day, failed};
use crate::StoreError;

/// Nothing to know: there are no partitions.
#[derive(Debug, Clone, Default)]
pub(super) struct Days;

/// Traffic that was deleted in one step.
#[derive(Debug)]
pub(super) struct Deleted {
    pub(super) rows: u64,
    pub(super) activities: u64,
    /// Whether there may be more.
    pub(super) more: bool,
}

/// Nothing to make.
#[expect(clippy::unused_async, reason = "as for PostgreSQL, which has to ask")]
pub(super) async fn prepare(
    _connection: &mut Connection,
    _known: &Days,
    _received_at: Timestamp,
) -> Result<Days, StoreError> {
    Ok(Days)
}

/// Nothing to note.
#[expect(clippy::unused_async, reason = "as for PostgreSQL, which has to write")]
pub(super) async fn note(
    _connection: &mut Connection,
    _days: &mut Days,
    _rows: impl Iterator<Item = &TrafficRecord>,
) -> Result<(), StoreError> {
    Ok(())
}

/// None: all rows are in one table.
#[expect(clippy::unused_async, reason = "as for PostgreSQL, which has to ask")]
pub(super) async fn list(_connection: &mut Connection) -> Result<Vec<Day>, StoreError> {
    Ok(Vec::new())
}

/// Deletes at most that many rows that arrived before the cutoff.
pub(super) async fn expire(
    connection: &mut Connection,
    _known: &mut Days,
    cutoff: Timestamp,
    most_rows: i64,
) -> Result<Deleted, StoreError> {
    let deleted: Vec<Option<i64>> = sqlx::query_scalar(
        // Ids rise with arrival, so what is oldest comes first.
        "DELETE FROM traffic WHERE id IN (SELECT id FROM (SELECT id, received FROM traffic ORDER BY id LIMIT $2) \
         AS oldest WHERE received < $1) RETURNING activity_id",
    )
    .bind(cutoff.micros())
    .bind(most_rows)
    .fetch_all(connection)
    .await
    .map_err(failed("deleting expired traffic"))?;
    let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
    let rows = count(deleted.len());
    let more = i64::try_from(deleted.len()).is_ok_and(|rows| rows >= most_rows);
    Ok(Deleted { rows, activities: count(deleted.iter().flatten().count()), more })
}
