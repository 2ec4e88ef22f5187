//! All log sources of a running engine: which there are, and how they begin and end while it runs.

mod added;
mod claim;
mod configured;
mod entry;
mod opening;
mod preview;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use bartizan_ingest::{Glob, SourceConfig};
use bartizan_model::{SourceKind, SourceOrigin, SourceStatus};

use crate::engine::Shared;
use crate::lookout;
use crate::tracker::SourceTracker;

pub(crate) use added::start as start_added;
pub use added::{AddedSource, NewSource};
pub use configured::SourceChanges;
pub(crate) use entry::Entry;
pub(crate) use opening::{Opened, open, start};
pub use preview::{FilePreview, SourcePreview};

/// The sources of an engine.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    /// What is shown, in the order in which it began.
    trackers: RwLock<Vec<Arc<SourceTracker>>>,
    /// What was asked for and is at work.
    entries: RwLock<Vec<Arc<Entry>>>,
    /// Held while sources begin and end.
    change: tokio::sync::Mutex<()>,
    /// Whether sources may be added while the engine runs.
    may_add: AtomicBool,
}

impl Sources {
    pub(crate) fn statuses(&self) -> Vec<SourceStatus> {
        self.trackers().iter().map(|tracker| tracker.status()).collect()
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

    /// The name under which another source reads a file.
    pub(crate) fn reader_of(&self, path: &Path, asked: (SourceOrigin, &str)) -> Option<String> {
        let trackers = self.trackers();
        let mut others = trackers.iter().filter(|tracker| tracker.is_read() && !tracker.belongs_to(asked));
        others.find(|tracker| claim::are_same(tracker.path(), path)).map(|tracker| tracker.name())
    }

    /// Whether sources may be added while the engine runs.
    pub(crate) fn may_add(&self) -> bool {
        self.may_add.load(Ordering::Relaxed)
    }

    pub(crate) fn allow_adding(&self, allowed: bool) {
        self.may_add.store(allowed, Ordering::Relaxed);
    }

    fn trackers(&self) -> Vec<Arc<SourceTracker>> {
        self.trackers.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn entries(&self) -> Vec<Arc<Entry>> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn entry(&self, name: &str) -> Option<Arc<Entry>> {
        self.entries().into_iter().find(|entry| entry.config.name == name)
    }

    /// Ends a source: what it has read is committed, its position stays, and it is shown no more.
    async fn end(&self, entry: &Arc<Entry>) {
        entry.end().await;
        self.entries
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|known| !Arc::ptr_eq(known, entry));
        self.trackers
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|tracker| !tracker.belongs_to(entry.asked()));
    }
}

/// What becomes of a source that is to begin.
#[derive(Debug)]
pub(crate) enum Beginning {
    /// It is read.
    Opened(Opened),
    /// Its files are looked for.
    Pattern(Glob),
    /// It is tried again.
    Failed(crate::EngineError),
}

/// Opens a source, or finds out why it cannot be read yet.
pub(crate) async fn prepare(shared: &Shared, entry: &Entry) -> Beginning {
    match pattern(&entry.config) {
        Some(glob) => Beginning::Pattern(glob),
        None => match open(shared, entry, entry.config.clone()).await {
            Ok(opened) => Beginning::Opened(opened),
            Err(error) => Beginning::Failed(error),
        },
    }
}

/// Shows a source and sets it to work.
pub(crate) fn begin(shared: &Arc<Shared>, entry: &Arc<Entry>, beginning: Beginning) {
    shared.sources.entries.write().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(entry));
    match beginning {
        Beginning::Opened(opened) => {
            if let Err(error) = start(shared, entry, opened) {
                lookout::retry(shared, entry, &error);
            }
        }
        Beginning::Pattern(glob) => lookout::follow(shared, entry, glob),
        Beginning::Failed(error) => lookout::retry(shared, entry, &error),
    }
}

/// The pattern that a source is, if it is one.
pub(crate) fn pattern(config: &SourceConfig) -> Option<Glob> {
    (config.kind == SourceKind::File).then(|| Glob::of(&config.path)).flatten()
}
