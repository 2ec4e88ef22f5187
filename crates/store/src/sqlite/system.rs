//! Measurements of the process per minute, and the health check's own row.

use bartizan_model::{RollupLevel, Span, Timestamp};
use sqlx::SqlitePool;

use super::decode::{get, instant};
use super::dialect::{CHECKPOINT, Connection};
use super::failed;
use crate::{StoreError, SystemSample};

pub(super) async fn record(
    connection: &mut Connection,
    at: Timestamp,
    sample: SystemSample,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO system_minutes (minute, samples, cpu, memory, judge_p99_ms, judge_mean_ms, lag_samples, lag_s, \
         connections, uptime_s) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (minute) DO UPDATE SET samples = system_minutes.samples + 1, \
         cpu = system_minutes.cpu + excluded.cpu, memory = system_minutes.memory + excluded.memory, \
         judge_p99_ms = MAX(system_minutes.judge_p99_ms, excluded.judge_p99_ms), \
         judge_mean_ms = system_minutes.judge_mean_ms + excluded.judge_mean_ms, \
         lag_samples = system_minutes.lag_samples + excluded.lag_samples, \
         lag_s = system_minutes.lag_s + excluded.lag_s, \
         connections = excluded.connections, uptime_s = excluded.uptime_s",
    )
    .bind(RollupLevel::Minute.bucket(at).micros())
    .bind(sample.cpu_percent)
    .bind(sample.memory_percent)
    .bind(sample.judge_p99_ms)
    .bind(sample.judge_mean_ms)
    .bind(i64::from(sample.ingest_lag_s.is_some()))
    .bind(sample.ingest_lag_s.unwrap_or(0.0))
    .bind(i64::try_from(sample.connections).unwrap_or(i64::MAX))
    .bind(i64::try_from(sample.uptime_s).unwrap_or(i64::MAX))
    .execute(connection)
    .await
    .map_err(failed("keeping a measurement"))?;
    Ok(())
}

pub(super) async fn minutes(
    readers: &SqlitePool,
    span: Span,
) -> Result<Vec<(Timestamp, SystemSample)>, StoreError> {
    let rows = sqlx::query("SELECT * FROM system_minutes WHERE minute >= $1 AND minute < $2 ORDER BY minute")
        .bind(span.from.micros())
        .bind(span.to.micros())
        .fetch_all(readers)
        .await
        .map_err(failed("reading measurements"))?;
    rows.iter()
        .map(|row| {
            let samples = get::<i64>(row, "samples")?.max(1) as f64;
            let lag_samples = get::<i64>(row, "lag_samples")?;
            let lag_sum: f64 = get(row, "lag_s")?;
            let sample = SystemSample {
                cpu_percent: get::<f64>(row, "cpu")? / samples,
                memory_percent: get::<f64>(row, "memory")? / samples,
                connections: u64::try_from(get::<i64>(row, "connections")?).unwrap_or(0),
                uptime_s: u64::try_from(get::<i64>(row, "uptime_s")?).unwrap_or(0),
                judge_p99_ms: get(row, "judge_p99_ms")?,
                judge_mean_ms: get::<f64>(row, "judge_mean_ms")? / samples,
                ingest_lag_s: (lag_samples > 0).then(|| lag_sum / lag_samples as f64),
            };
            Ok((instant(row, "minute")?, sample))
        })
        .collect()
}

pub(super) async fn write_probe(connection: &mut Connection, now_micros: i64) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO probes (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at")
        .bind(now_micros)
        .execute(connection)
        .await
        .map_err(failed("writing the health check's row"))?;
    Ok(())
}

/// # Errors
/// [`StoreError::Corrupt`] when what was written is not what is read; a later check may have written meanwhile.
pub(super) async fn read_probe(readers: &SqlitePool, written_micros: i64) -> Result<(), StoreError> {
    let read: i64 = sqlx::query_scalar("SELECT at FROM probes WHERE id = 1")
        .fetch_one(readers)
        .await
        .map_err(failed("reading the health check's row"))?;
    if read < written_micros {
        return Err(StoreError::Corrupt { what: "row of the health check".to_owned() });
    }
    Ok(())
}

pub(super) async fn checkpoint(connection: &mut Connection) -> Result<(), StoreError> {
    sqlx::query(CHECKPOINT).execute(connection).await.map_err(failed("folding in the write-ahead log"))?;
    Ok(())
}
