//! Commits what was judged, then tells everyone.

use std::sync::Arc;

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
}

impl Recorder {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        tasks: Arc<Supervisor>,
        troubles: Arc<Troubles>,
        bus: LocalBus,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { store, tasks, troubles, bus, clock }
    }

    /// Commits a batch, publishes its rows, and has its threats taken into alerts.
    pub(crate) async fn record(&self, batch: CommitBatch) -> Result<Arc<Recorded>, StoreError> {
        let committed = self.store.commit(batch).await;
        if let Err(StoreError::Query { .. }) = &committed {
            self.troubles.note(self.clock.now());
        }
        let Committed { traffic, threats, activities } = committed?;
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
