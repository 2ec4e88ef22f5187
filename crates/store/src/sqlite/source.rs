//! How far log sources were read.

use bartizan_model::{Checkpoint, LineSample, Timestamp};
use sqlx::{Row as _, SqlitePool};

use super::dialect::{Connection, Row};
use super::failed;
use crate::{SourceProgress, SourceRow, StoreError};

/// Lines that did not parse, kept per source.
const MAX_SAMPLES: usize = 10;

/// Moves a source on, inside the transaction that keeps its rows.
///
/// # Errors
/// [`StoreError::StaleCheckpoint`] when the stored position is not the one that the batch was read from.
pub(super) async fn advance(
    connection: &mut Connection,
    progress: &SourceProgress,
) -> Result<(), StoreError> {
    let stored = sqlx::query(SELECT)
        .bind(progress.name.clone())
        .fetch_optional(&mut *connection)
        .await
        .map_err(failed("reading a source's position"))?
        .map(|row| decode(&row))
        .transpose()?;
    let position = stored.as_ref().and_then(|row| row.checkpoint.as_ref());
    if position != progress.from.as_ref() {
        return Err(StoreError::StaleCheckpoint { name: progress.name.clone() });
    }
    let mut samples: Vec<LineSample> = progress.samples.iter().rev().cloned().collect();
    samples.extend(stored.iter().flat_map(|row| row.samples.iter().cloned()));
    samples.truncate(MAX_SAMPLES);
    let (lines, failed_lines) = stored.as_ref().map_or((0, 0), |row| (row.lines, row.failed));
    let last_line_at = progress.last_line_at.or(stored.and_then(|row| row.last_line_at));
    sqlx::query(
        "INSERT INTO sources (name, checkpoint, lines, failed, samples, last_line_at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (name) DO UPDATE SET checkpoint = excluded.checkpoint, lines = excluded.lines, \
         failed = excluded.failed, samples = excluded.samples, last_line_at = excluded.last_line_at",
    )
    .bind(progress.name.clone())
    .bind(json(&progress.to)?)
    .bind(i64::try_from(lines + progress.lines).unwrap_or(i64::MAX))
    .bind(i64::try_from(failed_lines + progress.failed).unwrap_or(i64::MAX))
    .bind(json(&samples)?)
    .bind(last_line_at.map(Timestamp::micros))
    .execute(connection)
    .await
    .map_err(failed("moving a source on"))?;
    Ok(())
}

pub(super) async fn read(readers: &SqlitePool, name: &str) -> Result<Option<SourceRow>, StoreError> {
    sqlx::query(SELECT)
        .bind(name.to_owned())
        .fetch_optional(readers)
        .await
        .map_err(failed("reading a source's position"))?
        .map(|row| decode(&row))
        .transpose()
}

const SELECT: &str =
    "SELECT name, checkpoint, lines, failed, samples, last_line_at FROM sources WHERE name = $1";

fn decode(row: &Row) -> Result<SourceRow, StoreError> {
    let get = |source| failed("reading a source")(source);
    let checkpoint: String = row.try_get(1).map_err(get)?;
    let samples: String = row.try_get(4).map_err(get)?;
    let last_line_at: Option<i64> = row.try_get(5).map_err(get)?;
    Ok(SourceRow {
        name: row.try_get(0).map_err(get)?,
        checkpoint: Some(unjson::<Checkpoint>(&checkpoint)?),
        lines: u64::try_from(row.try_get::<i64, _>(2).map_err(get)?).unwrap_or(0),
        failed: u64::try_from(row.try_get::<i64, _>(3).map_err(get)?).unwrap_or(0),
        samples: unjson(&samples)?,
        last_line_at: last_line_at.map(Timestamp::from_micros),
    })
}

fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|source| StoreError::Query { doing: "writing a source as JSON", source: Box::new(source) })
}

fn unjson<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text)
        .map_err(|_| StoreError::Corrupt { what: "position of a log source".to_owned() })
}
