//! Lines that are sent to us in one piece: few at a time, each piece at most once.
//!
//! A piece that carries a key is kept track of like a log: the position within it is committed with its rows, under a
//! name made of the day and the key. A piece that is sent again goes on where it was interrupted, or is answered with
//! what it brought. Keys of the day before yesterday are deleted.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use bartizan_ingest::{
    Compression, LineOptions, LineSource, ReadBatch, ReadState, SourceConfig, SourceError, TextReader,
    split_json_array, unpack,
};
use bartizan_model::{LineSample, SourceKind, SourceOrigin};
use bartizan_store::{CommitBatch, PUSH_PREFIX, SourceProgress, SourceRow, StoreError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::tracker::{Committed, SourceTracker};
use crate::{Engine, EngineError};

/// Pieces that are taken in at a time; each holds its text, unpacked.
const MAX_AT_ONCE: usize = 3;
/// Largest piece, unpacked: about 100,000 lines, which are judged in seconds.
const MAX_TEXT_BYTES: usize = 16 * 1024 * 1024;
/// Pieces per second, and how many may come at once. With keys of 300 bytes a day's worth fills less than a gigabyte.
const MAX_PER_SECOND: f64 = 20.0;
const BURST: f64 = 60.0;
/// Samples in an answer.
const SAMPLES: usize = 10;
/// The source that is shown.
pub(crate) const NAME: &str = "ingest";
/// Seconds of a day.
const DAY_S: i64 = 86_400;

/// What limits the taking in.
#[derive(Debug)]
pub(crate) struct Intake {
    places: Arc<Semaphore>,
    bucket: Mutex<Bucket>,
}

#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Default for Intake {
    fn default() -> Self {
        let bucket = Mutex::new(Bucket { left: BURST, at: Instant::now() });
        Self { places: Arc::new(Semaphore::new(MAX_AT_ONCE)), bucket }
    }
}

impl Intake {
    fn admit(&self, now: Instant) -> Result<OwnedSemaphorePermit, EngineError> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| EngineError::Overloaded)?;
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let elapsed = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.at = now;
        bucket.left = (bucket.left + elapsed * MAX_PER_SECOND).min(BURST);
        if bucket.left < 1.0 {
            return Err(EngineError::RateLimited { retry_after_s: 1 });
        }
        bucket.left -= 1.0;
        Ok(place)
    }
}

/// Lines that were sent in one piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// The lines, or a JSON array of objects, perhaps packed.
    pub body: Vec<u8>,
    /// How they are packed.
    pub compression: Option<Compression>,
    /// What makes the same piece the same when it is sent again.
    pub key: Option<String>,
}

/// What a piece brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ingested {
    /// Lines in it, without empty ones.
    pub lines: u64,
    /// Of these, lines that became requests.
    pub parsed: u64,
    /// Of these, lines that did not parse.
    pub failed: u64,
    /// At most ten of those, newest first.
    pub samples: Vec<LineSample>,
    /// Whether all of it had been taken in before.
    pub is_duplicate: bool,
}

/// A place for one piece, to be had before its bytes are read.
#[derive(Debug)]
pub struct Admission {
    engine: Engine,
    _place: OwnedSemaphorePermit,
}

impl Engine {
    /// Asks for a place for one piece of lines.
    ///
    /// # Errors
    /// [`EngineError::Overloaded`] and [`EngineError::RateLimited`]: try again later.
    pub fn admit(&self) -> Result<Admission, EngineError> {
        let place = self.shared.intake.admit(Instant::now())?;
        Ok(Admission { engine: self.clone(), _place: place })
    }
}

impl Admission {
    /// Judges and keeps every line; what it answers is durable.
    ///
    /// # Errors
    /// [`EngineError::TooLarge`], [`EngineError::NotPacked`], [`EngineError::KeyInUse`]; [`EngineError::Store`] when
    /// not all of it could be kept, then the same piece with the same key goes on where this one ended.
    pub async fn take(self, push: Push) -> Result<Ingested, EngineError> {
        let shared = &self.engine.shared;
        let (name, stored) = match &push.key {
            Some(key) => {
                let (name, stored) = self.stored(key).await?;
                (Some(name), stored)
            }
            None => (None, None),
        };
        let mut ingested = Ingested::of(stored.as_ref());
        let checkpoint = stored.and_then(|row| row.checkpoint);
        let (body, compression, clock) = (push.body, push.compression, Arc::clone(&shared.clock));
        let mut reader = tokio::task::spawn_blocking(move || {
            let mut text = text(body, compression)?;
            split_json_array(&mut text);
            Ok(TextReader::open(text, checkpoint, clock)?)
        })
        .await
        .map_err(|_| EngineError::Judging)?
        .map_err(|error: EngineError| match error {
            EngineError::Source(SourceError::OtherText) => {
                EngineError::KeyInUse { problem: "was used for other lines; use a new one for each batch" }
            }
            error => error,
        })?;
        let tracker = self.tracker();
        let mut is_duplicate = name.is_some();
        loop {
            let (judge, lines) = (Arc::clone(&shared.judge), shared.settings.batch_lines);
            let (read, judged, batch) = tokio::task::spawn_blocking(move || {
                let mut batch = reader.read_batch(lines)?;
                judge.masking().hide_in_samples(&mut batch.samples);
                let judged = judge.judge(std::mem::take(&mut batch.requests));
                Ok::<_, SourceError>((reader, judged, batch))
            })
            .await
            .map_err(|_| EngineError::Judging)??;
            reader = read;
            let state = batch.state.clone();
            if batch.has_moved() {
                is_duplicate = false;
                tracker.noticed(&batch);
                let received_at = shared.clock.now();
                let lag_s = batch.last_line_at.map(|newest| received_at.seconds_since(newest).max(0.0));
                let counted = Committed::of(&batch, lag_s);
                ingested.add(&batch);
                let source = name.as_ref().map(|name| progress(name, batch));
                shared
                    .recorder
                    .record(CommitBatch { judged: judged.into(), source, received_at })
                    .await
                    .map_err(|error| match error {
                        StoreError::StaleCheckpoint { .. } => EngineError::KeyInUse {
                            problem: "belongs to lines that are being taken in right now",
                        },
                        error => EngineError::Store(error),
                    })?;
                tracker.committed(&counted);
            }
            if state != ReadState::More {
                ingested.is_duplicate = is_duplicate;
                return Ok(ingested);
            }
        }
    }

    /// Under which name the key is kept, and what is known of it. Yesterday's keys are still known.
    async fn stored(&self, key: &str) -> Result<(String, Option<SourceRow>), EngineError> {
        let shared = &self.engine.shared;
        let day = shared.clock.now().secs().div_euclid(DAY_S);
        let hash = bartizan_ingest::text_hash(key.as_bytes());
        let name = |day: i64| format!("{PUSH_PREFIX}{day:06}\u{1f}{hash}");
        for known in [name(day), name(day - 1)] {
            if let Some(row) = shared.store.source(&known).await? {
                return Ok((known, Some(row)));
            }
        }
        Ok((name(day), None))
    }

    fn tracker(&self) -> Arc<SourceTracker> {
        let shared = &self.engine.shared;
        let config = SourceConfig {
            name: NAME.to_owned(),
            path: NAME.into(),
            kind: SourceKind::Ingest,
            follow: true,
            lines: LineOptions::default(),
        };
        shared.sources.named_or(NAME, || {
            SourceTracker::new(&config, (SourceOrigin::Server, NAME), None, Arc::clone(&shared.clock))
        })
    }
}

impl Ingested {
    fn of(stored: Option<&SourceRow>) -> Self {
        let (lines, failed) = stored.map_or((0, 0), |row| (row.lines, row.failed));
        let samples = stored.map(|row| row.samples.clone()).unwrap_or_default();
        Self { lines, parsed: lines.saturating_sub(failed), failed, samples, is_duplicate: false }
    }

    fn add(&mut self, batch: &ReadBatch) {
        self.lines += batch.lines;
        self.failed += batch.failed;
        self.parsed = self.lines.saturating_sub(self.failed);
        for sample in &batch.samples {
            self.samples.insert(0, sample.clone());
        }
        self.samples.truncate(SAMPLES);
    }
}

fn text(body: Vec<u8>, compression: Option<Compression>) -> Result<Vec<u8>, EngineError> {
    let too_large = EngineError::TooLarge { limit_bytes: MAX_TEXT_BYTES };
    match compression {
        None if body.len() > MAX_TEXT_BYTES => Err(too_large),
        None => Ok(body),
        Some(compression) => unpack(&body, compression, MAX_TEXT_BYTES).map_err(|error| match error.kind() {
            std::io::ErrorKind::FileTooLarge => too_large,
            _ => EngineError::NotPacked,
        }),
    }
}

fn progress(name: &str, batch: ReadBatch) -> SourceProgress {
    SourceProgress {
        name: name.to_owned(),
        from: batch.from,
        to: batch.to,
        lines: batch.lines,
        failed: batch.failed,
        samples: batch.samples,
        last_line_at: batch.last_line_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn places_and_rate_are_limited() {
        let intake = Intake::default();
        let start = Instant::now();
        let held: Vec<_> = (0..MAX_AT_ONCE).map(|_| intake.admit(start).expect("a place")).collect();
        assert!(matches!(intake.admit(start), Err(EngineError::Overloaded)));
        drop(held);
        let taken = (0..1_000).filter(|_| intake.admit(start).is_ok()).count();
        assert_eq!(taken, 57, "the burst, less what was taken before");
        assert!(matches!(intake.admit(start), Err(EngineError::RateLimited { .. })));
        assert!(intake.admit(start + Duration::from_millis(100)).is_ok());
    }
}
