//! Retention, in steps of one short transaction each, so that commits are not held up.

use bartizan_model::{RollupLevel, Timestamp};
use sqlx::Transaction;

use super::dialect::{Connection, Db};
use super::store::{Memory, failed};
use super::{days, names, rollups};
use crate::{Expired, PUSH_PREFIX, RetentionCutoffs, StoreError};

/// Most rows that a step deletes.
const ROWS_PER_STEP: u64 = 5_000;

/// Names that a run of retention looks at; the next run goes on where this one ended.
const NAMES_PER_RUN: i64 = 20_000;

/// Most buckets that a step deletes; each may hold hundreds of rows.
const BUCKETS_PER_STEP: u64 = 20;

/// Hours are kept for 90 days and days for 400, the longest range that can be asked for (API.md 1.5), even where
/// minutes go earlier: together they are less than a thousandth of the rows.
const HOURS_KEPT_DAYS: i64 = 90;
const DAYS_KEPT_DAYS: i64 = 400;

const DOING: &str = "deleting expired rows";

/// A kind of row with the instant before which it expires; all count from arrival, which is never before the event.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Traffic(Timestamp),
    Threats(Timestamp),
    Alerts(Timestamp),
    Buckets(RollupLevel, Timestamp),
    System(Timestamp),
    /// Hosts without any bucket left make room for others.
    Hosts,
    /// Keys of pushed texts, before that day since 1970.
    Pushes(i64),
    /// Texts that no traffic row uses any more; a part of them each time.
    Names,
}

impl Kind {
    pub(super) fn all(cutoffs: &RetentionCutoffs, now: Timestamp) -> [Self; 10] {
        let days_ago =
            |days: i64| now.plus_micros(-days * RollupLevel::Day.seconds() * Timestamp::SECOND_MICROS);
        let metrics = cutoffs.metrics;
        [
            Self::Traffic(cutoffs.traffic),
            Self::Threats(cutoffs.threats),
            Self::Alerts(cutoffs.alerts),
            Self::Buckets(RollupLevel::Minute, metrics),
            Self::Buckets(RollupLevel::Hour, metrics.min(days_ago(HOURS_KEPT_DAYS))),
            Self::Buckets(RollupLevel::Day, metrics.min(days_ago(DAYS_KEPT_DAYS))),
            Self::System(metrics),
            Self::Hosts,
            Self::Pushes(now.secs().div_euclid(RollupLevel::Day.seconds()) - 1),
            Self::Names,
        ]
    }
}

/// What one step deleted.
#[derive(Debug)]
pub(super) struct Step {
    kind: Kind,
    /// Rows deleted.
    pub(super) rows: u64,
    activities: u64,
    /// Whether there may be more.
    pub(super) more: bool,
}

impl Step {
    pub(super) fn add_to(&self, expired: &mut Expired) {
        match self.kind {
            Kind::Traffic(_) => {
                expired.traffic += self.rows;
                expired.activities += self.activities;
            }
            Kind::Threats(_) => expired.threats += self.rows,
            Kind::Alerts(_) => expired.alerts += self.rows,
            Kind::Buckets(..) | Kind::System(_) => expired.rollups += self.rows,
            Kind::Hosts | Kind::Pushes(_) | Kind::Names => {}
        }
    }
}

/// Deletes some expired rows of a kind.
pub(super) async fn step(
    mut transaction: Transaction<'_, Db>,
    memory: &mut Memory,
    kind: Kind,
) -> Result<Step, StoreError> {
    let connection = &mut *transaction;
    let limit = i64::try_from(ROWS_PER_STEP).unwrap_or(i64::MAX);
    let mut step = Step { kind, rows: 0, activities: 0, more: false };
    match kind {
        Kind::Traffic(cutoff) => {
            let deleted = days::expire(connection, &mut memory.days, cutoff, limit).await?;
            step.rows = deleted.rows;
            step.activities = deleted.activities;
            step.more = deleted.more;
        }
        Kind::Threats(cutoff) => {
            sqlx::query(
                "DELETE FROM alert_threats WHERE threat_id IN \
                 (SELECT id FROM threats WHERE received < $1 ORDER BY received, id LIMIT $2)",
            )
            .bind(cutoff.micros())
            .bind(limit)
            .execute(&mut *connection)
            .await
            .map_err(failed(DOING))?;
            let delete = "DELETE FROM threats WHERE id IN \
                 (SELECT id FROM threats WHERE received < $1 ORDER BY received, id LIMIT $2)";
            step.rows = delete_rows(connection, delete, cutoff, limit).await?;
            step.more = step.rows >= ROWS_PER_STEP;
        }
        Kind::Alerts(cutoff) => {
            let delete = "DELETE FROM alerts WHERE id IN \
                 (SELECT id FROM alerts WHERE touched < $1 AND last_seen < $1 LIMIT $2)";
            step.rows = delete_rows(connection, delete, cutoff, limit).await?;
            step.more = step.rows >= ROWS_PER_STEP;
            for delete in [
                "DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE created_at < $1 LIMIT $2)",
                "DELETE FROM silences WHERE id IN (SELECT id FROM silences WHERE expires_at < $1 LIMIT $2)",
                "DELETE FROM alert_groups WHERE key IN (SELECT key FROM alert_groups WHERE touched < $1 LIMIT $2)",
            ] {
                step.more |= delete_rows(&mut transaction, delete, cutoff, limit).await? >= ROWS_PER_STEP;
            }
        }
        Kind::System(cutoff) => {
            let delete = "DELETE FROM system_minutes WHERE minute IN \
                 (SELECT minute FROM system_minutes WHERE minute < $1 ORDER BY minute LIMIT $2)";
            step.rows = delete_rows(connection, delete, cutoff, limit).await?;
            step.more = step.rows >= ROWS_PER_STEP;
        }
        Kind::Buckets(level, cutoff) => {
            let buckets = delete_buckets(connection, level, cutoff, &mut step.rows).await?;
            step.more = buckets >= BUCKETS_PER_STEP;
        }
        Kind::Pushes(day) => {
            let done = sqlx::query(
                "DELETE FROM sources WHERE name IN \
                 (SELECT name FROM sources WHERE name >= $1 AND name < $2 LIMIT $3)",
            )
            .bind(PUSH_PREFIX)
            .bind(format!("{PUSH_PREFIX}{day:06}"))
            .bind(limit)
            .execute(connection)
            .await;
            step.rows = done.map_err(failed(DOING))?.rows_affected();
            step.more = step.rows >= ROWS_PER_STEP;
        }
        Kind::Names => {
            let last = names::sweep(connection, memory.swept, NAMES_PER_RUN).await?;
            transaction.commit().await.map_err(failed(DOING))?;
            memory.swept = last.unwrap_or_default();
            return Ok(step);
        }
        Kind::Hosts => {
            sqlx::query("DELETE FROM hosts WHERE host NOT IN (SELECT host FROM rollups WHERE width = 86400)")
                .execute(&mut *connection)
                .await
                .map_err(failed(DOING))?;
            let left = rollups::hosts(connection).await?;
            transaction.commit().await.map_err(failed(DOING))?;
            memory.hosts = left;
            return Ok(step);
        }
    }
    transaction.commit().await.map_err(failed(DOING))?;
    Ok(step)
}

async fn delete_rows(
    connection: &mut Connection,
    delete: &'static str,
    cutoff: Timestamp,
    limit: i64,
) -> Result<u64, StoreError> {
    let done = sqlx::query(delete).bind(cutoff.micros()).bind(limit).execute(connection).await;
    Ok(done.map_err(failed(DOING))?.rows_affected())
}

/// Deletes whole buckets: the row of all hosts is the last to be added to, so it tells for every row of its bucket.
async fn delete_buckets(
    connection: &mut Connection,
    level: RollupLevel,
    cutoff: Timestamp,
    deleted: &mut u64,
) -> Result<u64, StoreError> {
    let buckets: Vec<i64> = sqlx::query_scalar(
        "SELECT bucket FROM rollups WHERE width = $1 AND host = '' AND received < $2 ORDER BY received LIMIT $3",
    )
    .bind(level.seconds())
    .bind(cutoff.micros())
    .bind(i64::try_from(BUCKETS_PER_STEP).unwrap_or(i64::MAX))
    .fetch_all(&mut *connection)
    .await
    .map_err(failed(DOING))?;
    for bucket in &buckets {
        for delete in [
            "DELETE FROM rollups WHERE width = $1 AND bucket = $2",
            "DELETE FROM rollup_sketches WHERE width = $1 AND bucket = $2",
            "DELETE FROM rollup_values WHERE dimension IN ('class', 'method', 'score', 'status') AND width = $1 AND bucket = $2",
        ] {
            let done =
                sqlx::query(delete).bind(level.seconds()).bind(*bucket).execute(&mut *connection).await;
            *deleted += done.map_err(failed(DOING))?.rows_affected();
        }
    }
    Ok(rows(buckets.len()))
}

fn rows(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
