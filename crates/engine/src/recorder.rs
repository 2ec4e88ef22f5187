//! Commits what was judged, then tells everyone.

use std::sync::Arc;

use bartizan_bus::{Event, LocalBus, Recorded};
use bartizan_model::Clock;
use bartizan_store::{CommitBatch, Committed, Store, StoreError};

use crate::alerts::AlertEngine;

/// Writes batches; what it has published is durable.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    store: Arc<dyn Store>,
    alerts: Arc<AlertEngine>,
    bus: LocalBus,
    clock: Arc<dyn Clock>,
}

impl Recorder {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        alerts: Arc<AlertEngine>,
        bus: LocalBus,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { store, alerts, bus, clock }
    }

    /// Commits a batch and publishes its rows. A failure to raise an alert is logged and does not undo the commit.
    pub(crate) async fn record(&self, batch: CommitBatch) -> Result<Arc<Recorded>, StoreError> {
        let Committed { traffic, threats, activities } = self.store.commit(batch).await?;
        let recorded = Arc::new(Recorded { traffic, threats, activities });
        if !recorded.traffic.is_empty() {
            self.bus.publish(Event::Recorded(Arc::clone(&recorded)));
        }
        if let Err(error) = self.alerts.observe(&recorded.threats, self.clock.now()).await {
            tracing::error!(error = &error as &dyn std::error::Error, "alerts could not be written");
        }
        Ok(recorded)
    }
}
