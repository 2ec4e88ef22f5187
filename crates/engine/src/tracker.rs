//! What is known of a source while it runs; shared with whoever shows it.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bartizan_ingest::{ReadBatch, ReadState, SourceConfig};
use bartizan_model::{Clock, LineSample, SourceOrigin, SourceState, SourceStatus, Timestamp};
use bartizan_store::SourceRow;

/// Lines that did not parse, shown per source.
const SAMPLES: usize = 10;
/// Seconds over which the reading speed is averaged.
const RATE_SECONDS: i64 = 10;

/// The figures of one source.
#[derive(Debug)]
pub(crate) struct SourceTracker {
    state: Mutex<Tracked>,
    /// What is read, or would be.
    path: PathBuf,
    /// Whether it is read at all, and not merely shown because it cannot be yet.
    is_read: bool,
    clock: Arc<dyn Clock>,
}

#[derive(Debug)]
struct Tracked {
    status: SourceStatus,
    /// Lines committed per second.
    recent: VecDeque<(i64, u64)>,
    /// Lines read since the process started, for their mean length.
    read_lines: u64,
    /// Why the last commit failed, until one succeeds.
    commit_error: Option<String>,
    /// What was lost last.
    loss: Option<String>,
}

/// What a committed batch adds.
#[derive(Debug)]
pub(crate) struct Committed {
    lines: u64,
    failed: u64,
    samples: Vec<LineSample>,
    last_line_at: Option<Timestamp>,
    lag_s: Option<f64>,
    position: Option<u64>,
}

impl Committed {
    pub(crate) fn of(batch: &ReadBatch, lag_s: Option<f64>) -> Self {
        Self {
            lines: batch.lines,
            failed: batch.failed,
            samples: batch.samples.clone(),
            last_line_at: batch.last_line_at,
            lag_s,
            position: Some(batch.to.offset),
        }
    }
}

impl SourceTracker {
    /// The tracker of a source that `asked` stands for: who asked for it, under which name.
    pub(crate) fn new(
        config: &SourceConfig,
        asked: (SourceOrigin, &str),
        stored: Option<&SourceRow>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let lines = stored.map_or(0, |row| row.lines);
        let failed = stored.map_or(0, |row| row.failed);
        let status = SourceStatus {
            name: config.name.clone(),
            kind: config.kind,
            origin: asked.0,
            belongs_to: asked.1.to_owned(),
            state: SourceState::Running,
            lines,
            parsed: lines.saturating_sub(failed),
            failed,
            bytes: 0,
            dropped: 0,
            lines_per_second: 0.0,
            lag_s: None,
            lag_bytes: None,
            lag_lines: None,
            position: stored.and_then(|row| row.checkpoint.as_ref()).map(|checkpoint| checkpoint.offset),
            file: None,
            last_line_at: stored.and_then(|row| row.last_line_at),
            last_error: None,
            samples: stored.map(|row| row.samples.clone()).unwrap_or_default(),
        };
        let tracked =
            Tracked { status, recent: VecDeque::new(), read_lines: 0, commit_error: None, loss: None };
        Self { state: Mutex::new(tracked), path: config.path.clone(), is_read: true, clock }
    }

    /// The same for what cannot be read yet, in a state that says why.
    pub(crate) fn not_read(self, state: SourceState, reason: String) -> Self {
        self.set_state(state, Some(reason));
        Self { is_read: false, ..self }
    }

    pub(crate) fn is_read(&self) -> bool {
        self.is_read
    }

    pub(crate) fn origin(&self) -> SourceOrigin {
        self.lock().status.origin
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn belongs_to(&self, asked: (SourceOrigin, &str)) -> bool {
        let status = &self.lock().status;
        status.origin == asked.0 && status.belongs_to == asked.1
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    pub(crate) fn name(&self) -> String {
        self.lock().status.name.clone()
    }

    pub(crate) fn status(&self) -> SourceStatus {
        let mut tracked = self.lock();
        let now = self.clock.now().secs();
        // A clock that was set back leaves seconds of the future behind: they do not count either.
        tracked.recent.retain(|(second, _)| (now - RATE_SECONDS + 1..=now).contains(second));
        let lines: u64 = tracked.recent.iter().map(|(_, lines)| lines).sum();
        let mut status = tracked.status.clone();
        status.lines_per_second = lines as f64 / RATE_SECONDS as f64;
        status.lag_lines = status.lag_bytes.map(|lag| match tracked.read_lines {
            0 => 0,
            read => u64::try_from(u128::from(lag) * u128::from(read) / u128::from(status.bytes.max(1)))
                .unwrap_or(u64::MAX),
        });
        if let Some(error) = &tracked.commit_error {
            status.state = SourceState::Failed;
            status.last_error = Some(error.clone());
        } else if status.last_error.is_none() {
            status.last_error.clone_from(&tracked.loss);
        }
        status
    }

    /// Takes in what a look at the source showed, before anything of it is committed.
    pub(crate) fn noticed(&self, batch: &ReadBatch) {
        let mut tracked = self.lock();
        tracked.read_lines = tracked.read_lines.saturating_add(batch.lines);
        tracked.loss = batch.loss.clone().or_else(|| tracked.loss.take());
        let status = &mut tracked.status;
        (status.state, status.last_error) = match &batch.state {
            ReadState::Waiting { reason } => (SourceState::Waiting, Some(reason.clone())),
            ReadState::More | ReadState::CaughtUp | ReadState::Ended => (SourceState::Running, None),
        };
        status.bytes = status.bytes.saturating_add(batch.bytes);
        status.dropped = status.dropped.saturating_add(batch.dropped);
        status.lag_bytes = batch.lag_bytes;
        status.file = batch.file.as_ref().map(|path| path.display().to_string());
    }

    /// Takes in that a batch is durable.
    pub(crate) fn committed(&self, progress: &Committed) {
        let mut tracked = self.lock();
        let second = self.clock.now().secs();
        match tracked.recent.back_mut() {
            Some((last, lines)) if *last == second => *lines += progress.lines,
            _ => tracked.recent.push_back((second, progress.lines)),
        }
        // One entry per second and never more than are looked at, whatever the clock does.
        while tracked.recent.len() > usize::try_from(RATE_SECONDS).unwrap_or(1) {
            tracked.recent.pop_front();
        }
        tracked.commit_error = None;
        let status = &mut tracked.status;
        status.lines += progress.lines;
        status.failed += progress.failed;
        status.parsed = status.lines.saturating_sub(status.failed);
        status.last_line_at = progress.last_line_at.or(status.last_line_at);
        status.lag_s = progress.lag_s.or(status.lag_s);
        status.position = progress.position.or(status.position);
        for sample in &progress.samples {
            status.samples.insert(0, sample.clone());
        }
        status.samples.truncate(SAMPLES);
    }

    /// Takes in that a batch could not be committed; shown until one is.
    pub(crate) fn not_committed(&self, error: String) {
        self.lock().commit_error = Some(error);
    }

    pub(crate) fn set_state(&self, state: SourceState, error: Option<String>) {
        let status = &mut self.lock().status;
        status.state = state;
        status.last_error = error;
    }

    fn lock(&self) -> MutexGuard<'_, Tracked> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bartizan_model::SourceKind;
    use std::sync::atomic::{AtomicI64, Ordering};

    #[derive(Debug, Default)]
    struct SetClock(AtomicI64);

    impl Clock for SetClock {
        fn now(&self) -> Timestamp {
            Timestamp::from_secs(self.0.load(Ordering::Relaxed))
        }
    }

    fn tracker(clock: &Arc<SetClock>) -> SourceTracker {
        let config = SourceConfig {
            name: "site".to_owned(),
            path: "/access.log".into(),
            kind: SourceKind::File,
            follow: true,
            lines: bartizan_ingest::LineOptions::default(),
        };
        SourceTracker::new(
            &config,
            (SourceOrigin::Configuration, "site"),
            None,
            Arc::<SetClock>::clone(clock),
        )
    }

    fn committed(lines: u64) -> Committed {
        Committed { lines, failed: 0, samples: Vec::new(), last_line_at: None, lag_s: None, position: None }
    }

    #[test]
    fn a_clock_that_jumps_leaves_no_rate_behind() {
        let clock = Arc::new(SetClock::default());
        let tracker = tracker(&clock);
        for second in [1_000, 1_001, 500, 5_000, 400] {
            clock.0.store(second, Ordering::Relaxed);
            tracker.committed(&committed(100));
            assert!((tracker.status().lines_per_second - 10.0).abs() <= 10.0, "at {second}");
        }
        assert!((tracker.status().lines_per_second - 10.0).abs() < f64::EPSILON);
        clock.0.store(450, Ordering::Relaxed);
        assert!(tracker.status().lines_per_second.abs() < f64::EPSILON);
        assert_eq!(tracker.status().lines, 500);
    }

    #[test]
    fn a_failed_commit_is_shown_until_one_succeeds() {
        let tracker = tracker(&Arc::default());
        tracker.not_committed("disk full".to_owned());
        tracker.set_state(SourceState::Running, None);
        let status = tracker.status();
        assert_eq!((status.state, status.last_error.as_deref()), (SourceState::Failed, Some("disk full")));
        tracker.committed(&committed(1));
        assert_eq!((tracker.status().state, tracker.status().last_error), (SourceState::Running, None));
    }
}
