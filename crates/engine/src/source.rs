//! One log source at work: a thread that reads and judges, and a task that commits, with a short queue between them.
//!
//! The queue is bounded, so a slow database slows the reader instead of filling the memory, and a batch leaves it only
//! when its rows and its position are committed together.

use std::sync::Arc;
use std::time::Duration;

use bartizan_ingest::{LineSource, ReadBatch, ReadState, SourceConfig, SourceError};
use bartizan_model::{Clock, SourceOrigin, SourceState};
use bartizan_store::{CommitBatch, SourceProgress, StoreError};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::judge::Judge;
use crate::masking::Masking;
use crate::recorder::Recorder;
use crate::tracker::{Committed, SourceTracker};

/// Judged batches that wait for the database at most: beside the one being judged and the one being written.
const QUEUE_BATCHES: usize = 1;
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

/// A batch on its way to the database.
struct Pending {
    batch: CommitBatch,
    counted: Committed,
}

/// Starts the thread and the task of one source; both end after `stop`, the task last, when all it held is committed.
pub(crate) fn start(
    config: SourceConfig,
    reader: Box<dyn LineSource>,
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
        clock: tracker.clock(),
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
    reader: Box<dyn LineSource>,
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
                    let message = told(error, &self.judge.masking(), self.tracker.origin()).to_string();
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
            self.tracker.noticed(&batch);
            if batch.has_moved() && sender.blocking_send(self.judge(batch)).is_err() {
                return;
            }
            match state {
                ReadState::More => {}
                ReadState::Ended => return self.tracker.set_state(SourceState::Finished, None),
                ReadState::CaughtUp if !self.config.follow => {
                    return self.tracker.set_state(SourceState::Finished, None);
                }
                ReadState::CaughtUp | ReadState::Waiting { .. } => self.pause(self.pace.poll),
            }
        }
        self.drain(sender);
    }

    /// Reads what was taken in from senders that will not send it again.
    fn drain(&mut self, sender: &mpsc::Sender<Pending>) {
        let mut may_wait = self.reader.close();
        while may_wait && let Ok(batch) = self.reader.read_batch(self.pace.batch_lines) {
            may_wait = batch.state == ReadState::More;
            if batch.has_moved() && sender.blocking_send(self.judge(batch)).is_err() {
                return;
            }
        }
    }

    fn judge(&self, mut batch: ReadBatch) -> Pending {
        self.judge.masking().hide_in_samples(&mut batch.samples);
        let now = self.clock.now();
        let lag_s = batch.last_line_at.map(|newest| now.seconds_since(newest).max(0.0));
        let counted = Committed::of(&batch, lag_s);
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
        Pending {
            batch: CommitBatch { judged: judged.into(), source: Some(source), received_at: now },
            counted,
        }
    }

    fn pause(&self, duration: Duration) {
        self.runtime.block_on(async {
            let _ = tokio::time::timeout(duration, self.stop.cancelled()).await;
        });
    }
}

/// The error as it may be told: without the secrets of the line that it may quote, and without the line itself where
/// somebody has named the file from afar, who must not be able to read with it what is no log.
pub(crate) fn told(error: SourceError, masking: &Masking, origin: SourceOrigin) -> SourceError {
    let shown = |line: String| match origin {
        SourceOrigin::Added => "(not shown)".to_owned(),
        SourceOrigin::Configuration | SourceOrigin::Server => masking.text(&line).into_owned(),
    };
    match error {
        SourceError::UnknownFormat { path, lines, first_line } => {
            SourceError::UnknownFormat { path, lines, first_line: shown(first_line) }
        }
        SourceError::WrongFormat { path, format, lines, problem, first_line } => {
            SourceError::WrongFormat { path, format, lines, problem, first_line: shown(first_line) }
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
                    tracker.not_committed(error.to_string());
                    return;
                }
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        retry_ms = pause.as_millis(),
                        "a batch could not be committed, nothing is lost, will try again"
                    );
                    tracker.not_committed(error.to_string());
                    if stop.is_cancelled() {
                        // The position was not moved either: the next start reads these lines again.
                        return;
                    }
                    // A stop tries once more and does not wait.
                    let _ = tokio::time::timeout(pause, stop.cancelled()).await;
                    pause = (pause * 2).min(RETRY_PAUSES.1);
                }
            }
        }
    }
}
