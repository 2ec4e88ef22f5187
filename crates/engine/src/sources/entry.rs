//! One source that was asked for, at work until it is ended.

use std::sync::Arc;

use bartizan_ingest::SourceConfig;
use bartizan_model::{SourceKind, SourceOrigin};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::engine::Shared;

/// A file, every file of a pattern, or an address: what stands in the configuration as one source.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) config: SourceConfig,
    pub(crate) origin: SourceOrigin,
    /// Cancelled when the source is to end, or the engine.
    pub(crate) stop: CancellationToken,
    tasks: TaskTracker,
}

impl Entry {
    pub(crate) fn new(shared: &Shared, config: SourceConfig, origin: SourceOrigin) -> Arc<Self> {
        let origin = if config.kind == SourceKind::Demo { SourceOrigin::Server } else { origin };
        Arc::new(Self { config, origin, stop: shared.stop.child_token(), tasks: TaskTracker::new() })
    }

    /// Who asked for it, under which name.
    pub(crate) fn asked(&self) -> (SourceOrigin, &str) {
        (self.origin, &self.config.name)
    }

    /// Runs a task of the source: who ends the source waits for it, and so does who stops the engine.
    pub(crate) fn spawn(&self, shared: &Shared, task: impl Future<Output = ()> + Send + 'static) {
        shared.tasks.spawn(self.tasks.track_future(task));
    }

    /// Stops reading. Returns when what was read is committed.
    pub(crate) async fn end(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}
