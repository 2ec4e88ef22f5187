//! Measurements of the process, summed per minute, and the probe of the health check.

use bartizan_model::{RollupLevel, Span, Timestamp};
use sqlx::{Row as _, Transaction};

use super::decode::{Columns, count, int};
use super::dialect::{Connection, Db};
use super::store::failed;
use crate::{StoreError, SystemSample};

pub(super) async fn record(
    mut transaction: Transaction<'_, Db>,
    at: Timestamp,
    sample: SystemSample,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO system_minutes (minute, samples, cpu, memory, judge_p99_ms, judge_mean_ms, lag_samples, lag_s, \
         connections, uptime_s) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (minute) DO UPDATE SET samples = system_minutes.samples + 1, \
         cpu = system_minutes.cpu + excluded.cpu, memory = system_minutes.memory + excluded.memory, \
         judge_p99_ms = system_minutes.judge_p99_ms + excluded.judge_p99_ms, \
         judge_mean_ms = system_minutes.judge_mean_ms + excluded.judge_mean_ms, \
         lag_samples = system_minutes.lag_samples + excluded.lag_samples, \
         lag_s = system_minutes.lag_s + excluded.lag_s, connections = excluded.connections, \
         uptime_s = excluded.uptime_s",
    )
    .bind(RollupLevel::Minute.bucket(at).micros())
    .bind(finite(sample.cpu_percent))
    .bind(finite(sample.memory_percent))
    .bind(finite(sample.judge_p99_ms))
    .bind(finite(sample.judge_mean_ms))
    .bind(i64::from(sample.ingest_lag_s.is_some()))
    .bind(finite(sample.ingest_lag_s.unwrap_or_default()))
    .bind(int(sample.connections))
    .bind(int(sample.uptime_s))
    .execute(&mut *transaction)
    .await
    .map_err(failed("writing a measurement"))?;
    transaction.commit().await.map_err(failed("writing a measurement"))
}

/// One number that is none would spoil the minute's sum for good.
fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

pub(super) async fn minutes(
    connection: &mut Connection,
    span: Span,
) -> Result<Vec<(Timestamp, SystemSample)>, StoreError> {
    let rows = sqlx::query(
        "SELECT minute, samples, cpu, memory, judge_p99_ms, judge_mean_ms, lag_samples, lag_s, connections, uptime_s \
         FROM system_minutes WHERE minute >= $1 AND minute < $2 ORDER BY minute",
    )
    .bind(span.from.micros())
    .bind(span.to.micros())
    .fetch_all(connection)
    .await
    .map_err(failed("reading measurements"))?;
    let mut minutes = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut columns = Columns::new(row);
        let minute = columns.instant()?;
        let samples = count(columns.next()?).max(1) as f64;
        let mut mean = || columns.next::<f64>().map(|sum| sum / samples);
        let (cpu_percent, memory_percent, judge_p99_ms, judge_mean_ms) = (mean()?, mean()?, mean()?, mean()?);
        let lag_samples = count(columns.next()?);
        let lag_s: f64 = columns.next()?;
        minutes.push((
            minute,
            SystemSample {
                cpu_percent,
                memory_percent,
                connections: count(columns.next()?),
                uptime_s: count(columns.next()?),
                judge_p99_ms,
                judge_mean_ms,
                ingest_lag_s: (lag_samples > 0).then(|| lag_s / lag_samples as f64),
            },
        ));
    }
    Ok(minutes)
}

/// Writes a row and reads it back.
pub(super) async fn probe(mut transaction: Transaction<'_, Db>, now: Timestamp) -> Result<(), StoreError> {
    let doing = "writing and reading back a row";
    let read: i64 = sqlx::query(
        "INSERT INTO probes (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at RETURNING at",
    )
    .bind(now.micros())
    .fetch_one(&mut *transaction)
    .await
    .and_then(|row| row.try_get(0))
    .map_err(failed(doing))?;
    transaction.commit().await.map_err(failed(doing))?;
    if read == now.micros() {
        Ok(())
    } else {
        Err(StoreError::Corrupt { what: "row of the health check".to_owned() })
    }
}
