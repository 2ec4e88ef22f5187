//! The partitions of traffic: one per UTC day of arrival, made before they are needed and dropped as a whole.

use std::collections::BTreeMap;

use bartizan_model::{RollupLevel, Timestamp, TrafficRecord};

use super::dialect::Connection;
use super::sql::{Day, failed};
use crate::StoreError;

/// The days that are known to have a partition, counted from 1970, each with the earliest event that is noted for it as far as
/// that is known; only saves questions.
#[derive(Debug, Clone, Default)]
pub(super) struct Days(BTreeMap<i64, Option<i64>>);

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
    let today = day_of(received_at);
    let mut days = known.clone();
    for day in [today, today + 1] {
        if days.0.contains_key(&day) {
            continue;
        }
        let made = sqlx::query("SELECT make_traffic_day($1)").bind(day).execute(&mut *connection).await;
        made.map_err(failed("making a partition for a day of traffic"))?;
        days.0.insert(day, None);
    }
    Ok(days)
}

/// Notes the earliest event of what arrived on each day, where it is earlier than what is noted.
pub(super) async fn note(
    connection: &mut Connection,
    days: &mut Days,
    rows: impl Iterator<Item = &TrafficRecord>,
) -> Result<(), StoreError> {
    let mut arrived: BTreeMap<i64, i64> = BTreeMap::new();
    for row in rows {
        let event = row.timestamp.micros();
        arrived
            .entry(day_of(row.received_at))
            .and_modify(|known| *known = event.min(*known))
            .or_insert(event);
    }
    for (day, earliest) in arrived {
        let noted = days.0.entry(day).or_default();
        if noted.is_some_and(|noted| noted <= earliest) {
            continue;
        }
        let now: i64 = sqlx::query_scalar(
            "UPDATE traffic_days SET earliest = LEAST(earliest, $2) WHERE day = $1 RETURNING earliest",
        )
        .bind(day)
        .bind(earliest)
        .fetch_one(&mut *connection)
        .await
        .map_err(failed("noting the earliest event of a day"))?;
        *noted = Some(now);
    }
    Ok(())
}

/// All days that have a partition, in their order.
pub(super) async fn list(connection: &mut Connection) -> Result<Vec<Day>, StoreError> {
    let days: Vec<(i64, Option<i64>)> = sqlx::query_as("SELECT day, earliest FROM traffic_days ORDER BY day")
        .fetch_all(connection)
        .await
        .map_err(failed("reading the days of traffic"))?;
    let width = RollupLevel::Day.seconds() * Timestamp::SECOND_MICROS;
    Ok(days.into_iter().map(|(day, earliest)| Day { begins: day.saturating_mul(width), earliest }).collect())
}

fn day_of(received_at: Timestamp) -> i64 {
    received_at.secs().div_euclid(RollupLevel::Day.seconds())
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
