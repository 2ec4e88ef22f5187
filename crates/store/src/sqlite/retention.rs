//! Deleting what is no longer kept, in steps that are short enough for commits to wait for.

use bartizan_model::Timestamp;

use super::dialect::{Connection, GIVE_BACK};
use super::failed;
use crate::{Expired, RetentionCutoffs, StoreError};

const DOING: &str = "deleting expired rows";

/// Rows per step.
const STEP_ROWS: i64 = 5_000;

/// Hourly sums are kept so many days at least, daily ones so many: they are small, and long ranges are drawn from them.
const HOUR_DAYS: i64 = 90;
const DAY_DAYS: i64 = 400;

// SQL has to be constant text, so the three widths of a bucket are three texts.
macro_rules! values_of {
    ($width:literal) => {
        concat!(
            "DELETE FROM rollup_values WHERE (dimension, width, bucket, host, value) IN \
             (SELECT v.dimension, v.width, v.bucket, v.host, v.value FROM rollups r JOIN rollup_values v \
             ON v.dimension IN ('class', 'method', 'status') AND v.width = r.width AND v.bucket = r.bucket \
             WHERE r.host = '' AND r.received < $1 AND r.width = ",
            $width,
            " LIMIT $2)"
        )
    };
}
macro_rules! latency_of {
    ($width:literal) => {
        concat!(
            "DELETE FROM rollup_latency WHERE (width, bucket, host, bin) IN \
             (SELECT l.width, l.bucket, l.host, l.bin FROM rollups r JOIN rollup_latency l \
             ON l.width = r.width AND l.bucket = r.bucket \
             WHERE r.host = '' AND r.received < $1 AND r.width = ",
            $width,
            " LIMIT $2)"
        )
    };
}
macro_rules! sums_of {
    ($width:literal) => {
        // The host '' comes last, because it is what finds the others.
        concat!(
            "DELETE FROM rollups WHERE (width, bucket, host) IN \
             (SELECT h.width, h.bucket, h.host FROM rollups r JOIN rollups h \
             ON h.width = r.width AND h.bucket = r.bucket \
             WHERE r.host = '' AND r.received < $1 AND r.width = ",
            $width,
            " ORDER BY h.bucket, h.host DESC LIMIT $2)"
        )
    };
}

/// One kind of row: how it is deleted, before which instant, and where it is counted.
struct Kind {
    delete: &'static str,
    before: Timestamp,
    count: fn(&mut Expired) -> &mut u64,
}

/// Deletes one step; `Ok(true)` when there may be more.
pub(super) async fn step(
    connection: &mut Connection,
    cutoffs: RetentionCutoffs,
    now: Timestamp,
    expired: &mut Expired,
) -> Result<bool, StoreError> {
    for kind in kinds(cutoffs, now) {
        let deleted = sqlx::query(kind.delete)
            .bind(kind.before.micros())
            .bind(STEP_ROWS)
            .execute(&mut *connection)
            .await
            .map_err(failed(DOING))?
            .rows_affected();
        *(kind.count)(expired) += deleted;
        if deleted > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Gives the freed pages back to the file system.
pub(super) async fn give_back(connection: &mut Connection) -> Result<(), StoreError> {
    sqlx::query(GIVE_BACK).execute(connection).await.map_err(failed("shrinking the database"))?;
    Ok(())
}

/// Retention counts from the later of event and arrival. An event is never kept with a time after its arrival, so
/// the arrival alone decides; a bucket's arrival is that of its newest row.
fn kinds(cutoffs: RetentionCutoffs, now: Timestamp) -> [Kind; 14] {
    let at_least =
        |days: i64| cutoffs.metrics.min(now.plus_micros(-days * 86_400 * Timestamp::SECOND_MICROS));
    let rollups = |delete, before| Kind { delete, before, count: |expired| &mut expired.rollups };
    [
        // Feed lines are traffic rows, so they go with them.
        Kind {
            delete: "DELETE FROM traffic WHERE id IN (SELECT id FROM traffic WHERE received < $1 LIMIT $2)",
            before: cutoffs.traffic,
            count: |expired| &mut expired.traffic,
        },
        Kind {
            delete: "DELETE FROM threats WHERE id IN (SELECT id FROM threats WHERE received < $1 LIMIT $2)",
            before: cutoffs.threats,
            count: |expired| &mut expired.threats,
        },
        Kind {
            delete: "DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE touched < $1 LIMIT $2)",
            before: cutoffs.alerts,
            count: |expired| &mut expired.alerts,
        },
        rollups(
            "DELETE FROM system_minutes WHERE minute IN (SELECT minute FROM system_minutes WHERE minute < $1 LIMIT $2)",
            cutoffs.metrics,
        ),
        // A bucket's details go before its sum, which tells when they arrived.
        rollups(values_of!("60"), cutoffs.metrics),
        rollups(latency_of!("60"), cutoffs.metrics),
        rollups(sums_of!("60"), cutoffs.metrics),
        rollups(values_of!("3600"), at_least(HOUR_DAYS)),
        rollups(latency_of!("3600"), at_least(HOUR_DAYS)),
        rollups(sums_of!("3600"), at_least(HOUR_DAYS)),
        rollups(values_of!("86400"), at_least(DAY_DAYS)),
        rollups(latency_of!("86400"), at_least(DAY_DAYS)),
        rollups(sums_of!("86400"), at_least(DAY_DAYS)),
        rollups(
            "DELETE FROM client_hours WHERE (bucket, ip) IN (SELECT c.bucket, c.ip FROM client_hours c \
             WHERE c.bucket < $1 AND NOT EXISTS (SELECT 1 FROM rollups r \
             WHERE r.width = 3600 AND r.bucket = c.bucket AND r.host = '') LIMIT $2)",
            at_least(HOUR_DAYS),
        ),
    ]
}
