//! The partitions of traffic: one per UTC day of arrival, made before they are needed and dropped as a whole.

use std::collections::BTreeSet;

use bartizan_model::{RollupLevel, Timestamp};

use super::dialect::Connection;
use super::sql::failed;
use crate::StoreError;

/// The days that are known to have a partition, counted from 1970; only saves questions.
#[derive(Debug, Clone, Default)]
pub(super) struct Days(BTreeSet<i64>);

/// Traffic that was deleted in one step.
#[derive(Debug)]
pub(super) struct Deleted {
    pub(super) rows: u64,
    pub(super) activities: u64,
    /// Whether there may be more.
    pub(super) more: bool,
}

/// Makes the partitions of the day and of the next one where they are missing; returns what is known once this
/// transaction is committed.
pub(super) async fn prepare(
    connection: &mut Connection,
    known: &Days,
    received_at: Timestamp,
) -> Result<Days, StoreError> {
    let today = received_at.secs().div_euclid(RollupLevel::Day.seconds());
    let mut days = known.clone();
    for day in [today, today + 1] {
        if days.0.contains(&day) {
            continue;
        }
        let made = sqlx::query("SELECT make_traffic_day($1)").bind(day).execute(&mut *connection).await;
        made.map_err(failed("making a partition for a day of traffic"))?;
        days.0.insert(day);
    }
    Ok(days)
}

/// Drops the oldest day, when all of it arrived before the cutoff. So a row may stay up to a day longer than asked for.
pub(super) async fn expire(
    connection: &mut Connection,
    known: &mut Days,
    cutoff: Timestamp,
    _most_rows: i64,
) -> Result<Deleted, StoreError> {
    let dropped: Option<(i64, i64)> = sqlx::query_as("SELECT dropped, activities FROM drop_traffic_day($1)")
        .bind(cutoff.micros())
        .fetch_optional(connection)
        .await
        .map_err(failed("dropping a day of traffic"))?;
    known.0.clear();
    let count = |rows: i64| u64::try_from(rows).unwrap_or_default();
    let (rows, activities) = dropped.unwrap_or_default();
    Ok(Deleted { rows: count(rows), activities: count(activities), more: dropped.is_some() })
}
