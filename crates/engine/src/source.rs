//! One log source at work: a thread that reads and judges, and a task that commits, with a short queue between them.
//!
//! The queue is bounded, so a slow database slows the reader instead of filling the memory, and a batch leaves it only
//! when its rows and its position are committed together.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bartizan_ingest::{FileReader, ReadBatch, ReadState, SourceConfig, SourceError};
use bartizan_model::{Clock, LineSample, SourceState, SourceStatus, Timestamp};
use bartizan_store::{CommitBatch, SourceProgress, SourceRow, StoreError};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::judge::Judge;
use crate::masking::Masking;
use crate::recorder::Recorder;

/// Judged batches that wait for the database at most.
const QUEUE_BATCHES: usize = 2;
/// Lines that did not parse, shown per source.
const SAMPLES: usize = 10;
/// Seconds over which the reading speed is averaged.
const RATE_SECONDS: i64 = 10;
/// First and longest pause before a failed commit or read is tried again.
const RETRY_PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// How a source is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Lines per batch at most.
    pub(crate) batch_lines: usize,
    /// Pause between looks at a file that has nothing new.
    pub(crate) poll: Duration,
}

/// What is known of a source while it runs; shared with whoever shows it.
#[derive(Debug)]
pub(crate) struct SourceTracker {
    state: Mutex<Tracked>,
    clock: Arc<dyn Clock>,
}

#[derive(Debug)]
struct Tracked {
    status: SourceStatus,
    recent: VecDeque<(i64, u64)>,
}

impl SourceTracker {
    pub(crate) fn new(config: &SourceConfig, stored: Option<&SourceRow>, clock: Arc<dyn Clock>) -> Self {
        let lines = stored.map_or(0, |row| row.lines);
        let failed = stored.map_or(0, |row| row.failed);
        let status = SourceStatus {
            name: config.name.clone(),
            kind: config.kind,
            state: SourceState::Running,
            lines,
            parsed: lines.saturating_sub(failed),
            failed,
            lines_per_second: 0.0,
            lag_s: None,
            last_line_at: stored.and_then(|row| row.last_line_at),
            last_error: None,
            samples: stored.map(|row| row.samples.clone()).unwrap_or_default(),
        };
        Self { state: Mutex::new(Tracked { status, recent: VecDeque::new() }), clock }
    }

    pub(crate) fn status(&self) -> SourceStatus {
        let mut tracked = self.lock();
        let now = self.clock.now().secs();
        while tracked.recent.front().is_some_and(|(second, _)| *second <= now - RATE_SECONDS) {
            tracked.recent.pop_front();
        }
        let lines: u64 = tracked.recent.iter().map(|(_, lines)| lines).sum();
        SourceStatus { lines_per_second: lines as f64 / RATE_SECONDS as f64, ..tracked.status.clone() }
    }

    fn committed(&self, progress: &Committed) {
        let mut tracked = self.lock();
        let now = self.clock.now();
        tracked.recent.push_back((now.secs(), progress.lines));
        let status = &mut tracked.status;
        status.lines += progress.lines;
        status.failed += progress.failed;
        status.parsed = status.lines.saturating_sub(status.failed);
        status.last_line_at = progress.last_line_at.or(status.last_line_at);
        status.lag_s = progress.lag_s.or(status.lag_s);
        for sample in &progress.samples {
            status.samples.insert(0, sample.clone());
        }
        status.samples.truncate(SAMPLES);
    }

    fn set_state(&self, state: SourceState, error: Option<String>) {
        let status = &mut self.lock().status;
        status.state = state;
        status.last_error = error;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Tracked> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// What a committed batch adds to the tracker.
struct Committed {
    lines: u64,
    failed: u64,
    samples: Vec<LineSample>,
    last_line_at: Option<Timestamp>,
    lag_s: Option<f64>,
}

/// A batch on its way to the database.
struct Pending {
    batch: CommitBatch,
    counted: Committed,
}

/// Starts the thread and the task of one source; both end after `stop`, the task last, when all it held is committed.
pub(crate) fn start(
    config: SourceConfig,
    reader: FileReader,
    judge: Arc<Judge>,
    recorder: Recorder,
    tracker: Arc<SourceTracker>,
    pace: Pace,
    stop: CancellationToken,
) -> std::io::Result<impl Future<Output = ()> + Send> {
    let (sender, receiver) = mpsc::channel(QUEUE_BATCHES);
    let reading = Reading {
        config,
        reader,
        judge,
        clock: Arc::clone(&tracker.clock),
        tracker: Arc::clone(&tracker),
        pace,
        stop: stop.clone(),
        runtime: tokio::runtime::Handle::current(),
    };
    std::thread::Builder::new().name("source".to_owned()).spawn(move || reading.run(&sender))?;
    Ok(commit_all(receiver, recorder, tracker, stop))
}

struct Reading {
    config: SourceConfig,
    reader: FileReader,
    judge: Arc<Judge>,
    clock: Arc<dyn Clock>,
    tracker: Arc<SourceTracker>,
    pace: Pace,
    stop: CancellationToken,
    runtime: tokio::runtime::Handle,
}

impl Reading {
    fn run(mut self, sender: &mpsc::Sender<Pending>) {
        let mut retry = RETRY_PAUSES.0;
        while !self.stop.is_cancelled() {
            let batch = match self.reader.read_batch(self.pace.batch_lines) {
                Ok(batch) => batch,
                Err(error) => {
                    let message = masked(error, self.judge.masking()).to_string();
                    tracing::warn!(
                        source.name = self.config.name,
                        error = message,
                        "reading failed, will try again"
                    );
                    self.tracker.set_state(SourceState::Failed, Some(message));
                    self.pause(retry);
                    retry = (retry * 2).min(RETRY_PAUSES.1);
                    continue;
                }
            };
            retry = RETRY_PAUSES.0;
            let state = batch.state.clone();
            match &state {
                ReadState::Waiting { reason } => {
                    self.tracker.set_state(SourceState::Waiting, Some(reason.clone()));
                }
                ReadState::More | ReadState::CaughtUp => self.tracker.set_state(SourceState::Running, None),
            }
            if batch.has_moved() && sender.blocking_send(self.judge(batch)).is_err() {
                return;
            }
            if state != ReadState::More {
                if !self.config.follow && state == ReadState::CaughtUp {
                    self.tracker.set_state(SourceState::Finished, None);
                    return;
                }
                self.pause(self.pace.poll);
            }
        }
    }

    fn judge(&self, mut batch: ReadBatch) -> Pending {
        self.judge.masking().hide_in_samples(&mut batch.samples);
        let now = self.clock.now();
        let lag_s = batch.last_line_at.map(|newest| now.seconds_since(newest).max(0.0));
        let counted = Committed {
            lines: batch.lines,
            failed: batch.failed,
            samples: batch.samples.clone(),
            last_line_at: batch.last_line_at,
            lag_s,
        };
        let source = SourceProgress {
            name: self.config.name.clone(),
            from: batch.from,
            to: batch.to,
            lines: batch.lines,
            failed: batch.failed,
            samples: batch.samples,
            last_line_at: batch.last_line_at,
        };
        let judged = self.judge.judge(batch.requests);
        Pending { batch: CommitBatch { judged, source: Some(source), received_at: now }, counted }
    }

    fn pause(&self, duration: Duration) {
        self.runtime.block_on(async {
            let _ = tokio::time::timeout(duration, self.stop.cancelled()).await;
        });
    }
}

/// The error without the secrets of the line that it may quote.
pub(crate) fn masked(error: SourceError, masking: &Masking) -> SourceError {
    match error {
        SourceError::UnknownFormat { path, lines, first_line } => {
            SourceError::UnknownFormat { path, lines, first_line: masking.text(&first_line).into_owned() }
        }
        other => other,
    }
}

async fn commit_all(
    mut receiver: mpsc::Receiver<Pending>,
    recorder: Recorder,
    tracker: Arc<SourceTracker>,
    stop: CancellationToken,
) {
    while let Some(Pending { batch, counted }) = receiver.recv().await {
        let mut pause = RETRY_PAUSES.0;
        loop {
            match recorder.record(batch.clone()).await {
                Ok(_) => {
                    tracker.committed(&counted);
                    break;
                }
                Err(error @ StoreError::StaleCheckpoint { .. }) => {
                    // Another writer moved this source on: what we hold is already there, reading on would repeat it.
                    tracing::error!(error = %error, "a source stopped");
                    tracker.set_state(SourceState::Failed, Some(error.to_string()));
                    return;
                }
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        retry_ms = pause.as_millis(),
                        "a batch could not be committed, nothing is lost, will try again"
                    );
                    tracker.set_state(SourceState::Failed, Some(error.to_string()));
                    if stop.is_cancelled() {
                        // The position was not moved either: the next start reads these lines again.
                        return;
                    }
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(RETRY_PAUSES.1);
                }
            }
        }
    }
}
