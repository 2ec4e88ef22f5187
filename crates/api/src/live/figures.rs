//! The figures that every socket is sent: asked for once, however many sockets there are.

use std::sync::Arc;
use std::time::Duration;

use bartizan_engine::{Engine, EngineError};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::view::metrics::{Metrics, Performance};

/// The newest figures with the time when they were taken.
type Slot<T> = Mutex<Option<(Instant, Arc<T>)>>;

/// The newest figures. A slot is locked while it is renewed, so that sockets which ask together share one answer.
#[derive(Debug, Default)]
pub(crate) struct LiveFigures {
    metrics: Slot<Metrics>,
    performance: Slot<Performance>,
}

impl LiveFigures {
    /// Metrics that are at most half an interval old.
    pub(crate) async fn metrics(
        &self,
        engine: &Engine,
        interval: Duration,
    ) -> Result<Arc<Metrics>, EngineError> {
        let mut slot = self.metrics.lock().await;
        if let Some(known) = fresh(slot.as_ref(), interval) {
            return Ok(known);
        }
        let metrics = Arc::new(Metrics::from(&engine.metrics(None).await?));
        *slot = Some((Instant::now(), Arc::clone(&metrics)));
        Ok(metrics)
    }

    /// The load of the machine, at most half an interval old.
    pub(crate) async fn performance(
        &self,
        engine: &Engine,
        interval: Duration,
    ) -> Result<Arc<Performance>, EngineError> {
        let mut slot = self.performance.lock().await;
        if let Some(known) = fresh(slot.as_ref(), interval) {
            return Ok(known);
        }
        let performance = Arc::new(Performance::from(&engine.performance().await?));
        *slot = Some((Instant::now(), Arc::clone(&performance)));
        Ok(performance)
    }
}

fn fresh<T>(slot: Option<&(Instant, Arc<T>)>, interval: Duration) -> Option<Arc<T>> {
    slot.filter(|(at, _)| at.elapsed() < interval / 2).map(|(_, value)| Arc::clone(value))
}
