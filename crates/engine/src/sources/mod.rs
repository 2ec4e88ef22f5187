//! All log sources of a running engine, opened and started.

use std::sync::{Arc, PoisonError, RwLock};

use bartizan_ingest::{Glob, LineSource, SourceConfig, open_source};
use bartizan_model::{Clock, SourceKind, SourceStatus};
use bartizan_store::Store;

use crate::EngineError;
use crate::engine::Shared;
use crate::masking::Masking;
use crate::source::{Pace, masked};
use crate::tracker::SourceTracker;

/// The sources that are shown, in the order in which they began.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    trackers: RwLock<Vec<Arc<SourceTracker>>>,
}

impl Sources {
    pub(crate) fn statuses(&self) -> Vec<SourceStatus> {
        let trackers = self.trackers.read().unwrap_or_else(PoisonError::into_inner).clone();
        trackers.iter().map(|tracker| tracker.status()).collect()
    }

    pub(crate) fn add(&self, tracker: Arc<SourceTracker>) {
        self.trackers.write().unwrap_or_else(PoisonError::into_inner).push(tracker);
    }

    pub(crate) fn named(&self, name: &str) -> Option<Arc<SourceTracker>> {
        let trackers = self.trackers.read().unwrap_or_else(PoisonError::into_inner);
        trackers.iter().find(|tracker| tracker.name() == name).cloned()
    }

    /// The tracker of that name, made and shown when there is none.
    pub(crate) fn named_or(&self, name: &str, make: impl FnOnce() -> SourceTracker) -> Arc<SourceTracker> {
        let mut trackers = self.trackers.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = trackers.iter().find(|tracker| tracker.name() == name) {
            return Arc::clone(known);
        }
        let tracker = Arc::new(make());
        trackers.push(Arc::clone(&tracker));
        tracker
    }

    pub(crate) fn remove(&self, name: &str) {
        let mut trackers = self.trackers.write().unwrap_or_else(PoisonError::into_inner);
        trackers.retain(|tracker| tracker.name() != name);
    }
}

/// A source that was opened and is not read yet.
#[derive(Debug)]
pub(crate) struct Opened {
    config: SourceConfig,
    reader: Box<dyn LineSource>,
    tracker: Arc<SourceTracker>,
    /// Whether nothing was ever read of it.
    is_new: bool,
}

/// Opens a source at its stored position.
pub(crate) async fn open(
    config: SourceConfig,
    store: &Arc<dyn Store>,
    clock: &Arc<dyn Clock>,
    masking: &Masking,
) -> Result<Opened, EngineError> {
    let stored = store.source(&config.name).await?;
    let checkpoint = stored.as_ref().and_then(|row| row.checkpoint.clone());
    let (opening, time) = (config.clone(), Arc::clone(clock));
    let reader = tokio::task::spawn_blocking(move || open_source(&opening, checkpoint, time))
        .await
        .map_err(|_| EngineError::Reading { name: config.name.clone() })?
        .map_err(|error| masked(error, masking))?;
    let tracker = Arc::new(SourceTracker::new(&config, stored.as_ref(), Arc::clone(clock)));
    Ok(Opened { config, reader, tracker, is_new: stored.is_none() })
}

/// Starts to read a source.
pub(crate) fn start(shared: &Arc<Shared>, opened: Opened) -> Result<(), EngineError> {
    let Opened { config, reader, tracker, is_new } = opened;
    let name = config.name.clone();
    if is_new {
        let (shared, name) = (Arc::clone(shared), name.clone());
        shared.tasks.clone().spawn(async move { shared.access.note_new_source(&name).await });
    }
    let committing = crate::source::start(
        config,
        reader,
        Arc::clone(&shared.judge),
        shared.recorder.clone(),
        Arc::clone(&tracker),
        Pace { batch_lines: shared.settings.batch_lines, poll: shared.settings.poll },
        shared.stop.clone(),
    )
    .map_err(|source| EngineError::Thread { name, source })?;
    shared.sources.add(tracker);
    shared.tasks.spawn(committing);
    Ok(())
}

/// The pattern that a source is, if it is one.
pub(crate) fn pattern(config: &SourceConfig) -> Option<Glob> {
    (config.kind == SourceKind::File).then(|| Glob::of(&config.path)).flatten()
}
