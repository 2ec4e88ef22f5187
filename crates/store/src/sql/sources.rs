//! How far each log source was read.

use bartizan_model::{Checkpoint, LineSample, Timestamp};

use super::decode::int;
use super::dialect::Connection;
use super::store::failed;
use crate::text::{MAX_TEXT_CHARS, cut, storable};
use crate::{SourceProgress, SourceRow, StoreError};

/// Lines that did not parse, kept per source (API.md 4.7, Source).
const MAX_SAMPLES: usize = 10;

type Columns = (String, String, i64, i64, String, Option<i64>);

pub(super) async fn source(connection: &mut Connection, name: &str) -> Result<Option<SourceRow>, StoreError> {
    let found: Option<Columns> = sqlx::query_as(
        "SELECT name, checkpoint, lines, failed, samples, last_line_at FROM sources WHERE name = $1",
    )
    .bind(storable(name))
    .fetch_optional(connection)
    .await
    .map_err(failed("reading a source"))?;
    let Some((name, checkpoint, lines, failed, samples, last_line_at)) = found else { return Ok(None) };
    let checkpoint: Checkpoint =
        serde_json::from_str(&checkpoint).map_err(|_| corrupt("checkpoint", &name))?;
    let samples: Vec<LineSample> =
        serde_json::from_str(&samples).map_err(|_| corrupt("line samples", &name))?;
    Ok(Some(SourceRow {
        checkpoint: Some(checkpoint),
        lines: u64::try_from(lines).unwrap_or_default(),
        failed: u64::try_from(failed).unwrap_or_default(),
        samples,
        last_line_at: last_line_at.map(Timestamp::from_micros),
        name,
    }))
}

/// Moves a source from where the batch was read to where it ended.
///
/// # Errors
/// [`StoreError::StaleCheckpoint`] when it no longer stands where the batch was read.
pub(super) async fn advance(
    connection: &mut Connection,
    progress: &SourceProgress,
) -> Result<(), StoreError> {
    let known = source(connection, &progress.name).await?;
    if known.as_ref().and_then(|row| row.checkpoint.as_ref()) != progress.from.as_ref() {
        return Err(StoreError::StaleCheckpoint { name: progress.name.clone() });
    }
    let earlier = known.map(|row| row.samples).unwrap_or_default();
    let newest_first = progress.samples.iter().rev().map(capped).chain(earlier).take(MAX_SAMPLES);
    let samples = newest_first.collect::<Vec<LineSample>>();
    let samples = serde_json::to_string(&samples).map_err(|_| corrupt("line samples", &progress.name))?;
    let checkpoint =
        serde_json::to_string(&progress.to).map_err(|_| corrupt("checkpoint", &progress.name))?;
    sqlx::query(
        "INSERT INTO sources (name, checkpoint, lines, failed, samples, last_line_at) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (name) DO UPDATE SET checkpoint = excluded.checkpoint, lines = sources.lines + excluded.lines, \
         failed = sources.failed + excluded.failed, samples = excluded.samples, \
         last_line_at = COALESCE(excluded.last_line_at, sources.last_line_at)",
    )
    .bind(storable(&progress.name))
    .bind(checkpoint)
    .bind(int(progress.lines))
    .bind(int(progress.failed))
    .bind(samples)
    .bind(progress.last_line_at.map(Timestamp::micros))
    .execute(connection)
    .await
    .map_err(failed("moving a source on"))?;
    Ok(())
}

fn capped(sample: &LineSample) -> LineSample {
    LineSample { line: cut(&sample.line, MAX_TEXT_CHARS), problem: cut(&sample.problem, MAX_TEXT_CHARS) }
}

fn corrupt(what: &str, name: &str) -> StoreError {
    StoreError::Corrupt { what: format!("{what} of source {name}") }
}
