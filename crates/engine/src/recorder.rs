//! Commits what was judged, then tells everyone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bartizan_bus::{Event, LocalBus, Recorded};
use bartizan_model::Clock;
use bartizan_store::{CommitBatch, Committed, Store, StoreError};

use crate::task::{self, Supervisor};
use crate::watch::Troubles;

/// Writes batches; what it has published is durable.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    store: Arc<dyn Store>,
    tasks: Arc<Supervisor>,
    troubles: Arc<Troubles>,
    bus: LocalBus,
    clock: Arc<dyn Clock>,
    figures: Arc<Figures>,
}

/// Commits that succeeded since the process started.
#[derive(Debug, Default)]
struct Figures {
    commits: AtomicU64,
    micros: AtomicU64,
}

impl Recorder {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        tasks: Arc<Supervisor>,
        troubles: Arc<Troubles>,
        bus: LocalBus,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { store, tasks, troubles, bus, clock, figures: Arc::default() }
    }

    /// How many batches were committed since the process started, and how long that took.
    pub(crate) fn commits(&self) -> (u64, Duration) {
        let micros = self.figures.micros.load(Ordering::Relaxed);
        (self.figures.commits.load(Ordering::Relaxed), Duration::from_micros(micros))
    }

    /// Commits a batch, publishes its rows, and has its threats taken into alerts.
    pub(crate) async fn record(&self, batch: CommitBatch) -> Result<Arc<Recorded>, StoreError> {
        let begun = Instant::now();
        let committed = self.store.commit(batch).await;
        if let Err(StoreError::Query { .. }) = &committed {
            self.troubles.note(self.clock.now());
        }
        let Committed { traffic, threats, activities } = committed?;
        let took = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.figures.micros.fetch_add(took, Ordering::Relaxed);
        self.figures.commits.fetch_add(1, Ordering::Relaxed);
        let recorded = Arc::new(Recorded { traffic, threats, activities });
        if !recorded.traffic.is_empty() {
            self.bus.publish(Event::Recorded(Arc::clone(&recorded)));
        }
        if !recorded.threats.is_empty() {
            self.tasks.nudge(task::ALERTS);
        }
        Ok(recorded)
    }
}
