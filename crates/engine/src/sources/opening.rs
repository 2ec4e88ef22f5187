//! How a source is opened at its stored position and begins to be read.

use std::sync::Arc;

use bartizan_ingest::{FileReader, FirstLines, LineSource, SourceConfig, open_source};
use bartizan_model::{Checkpoint, Clock, SourceKind, SourceOrigin};

use super::Entry;
use super::preview::not_a_log;
use crate::EngineError;
use crate::engine::Shared;
use crate::source::{Pace, told};
use crate::tracker::SourceTracker;

/// A source that was opened and is not read yet.
#[derive(Debug)]
pub(crate) struct Opened {
    config: SourceConfig,
    reader: Box<dyn LineSource>,
    tracker: Arc<SourceTracker>,
    /// Whether nothing was ever read of it.
    is_new: bool,
}

/// Opens a source, or a file that its pattern has brought, at its stored position.
///
/// # Errors
/// [`EngineError::Early`] for a file that was added and has no line yet, [`EngineError::SourceTaken`] when another source
/// reads the file, [`EngineError::Source`] when it cannot be read or is no access log.
pub(crate) async fn open(
    shared: &Shared,
    entry: &Entry,
    config: SourceConfig,
) -> Result<Opened, EngineError> {
    let is_file = matches!(config.kind, SourceKind::File | SourceKind::Demo);
    if is_file && let Some(reader) = shared.sources.reader_of(&config.path, entry.asked()) {
        let problem =
            format!("{} is read already by the source {reader}; remove one of both", config.path.display());
        return Err(EngineError::SourceTaken { problem });
    }
    let stored = shared.store.source(&config.name).await?;
    let checkpoint = stored.as_ref().and_then(|row| row.checkpoint.clone());
    let is_strict = entry.origin == SourceOrigin::Added && is_file;
    let (opening, clock) = (config.clone(), Arc::clone(&shared.clock));
    let reader = tokio::task::spawn_blocking(move || open_checked(&opening, checkpoint, clock, is_strict))
        .await
        .map_err(|_| EngineError::Reading { name: config.name.clone() })?
        .map_err(|error| match error {
            EngineError::Source(error) => {
                EngineError::Source(told(error, &shared.judge.masking(), entry.origin))
            }
            error => error,
        })?;
    let tracker = SourceTracker::new(&config, entry.asked(), stored.as_ref(), Arc::clone(&shared.clock));
    Ok(Opened { config, reader, tracker: Arc::new(tracker), is_new: stored.is_none() })
}

/// Opens a source. Of what somebody named from afar most of the first lines have to be requests, unless reading goes on
/// in a file that was read before.
fn open_checked(
    config: &SourceConfig,
    checkpoint: Option<Checkpoint>,
    clock: Arc<dyn Clock>,
    is_strict: bool,
) -> Result<Box<dyn LineSource>, EngineError> {
    let goes_on = |checkpoint: &Checkpoint| FileReader::can_resume(&config.path, checkpoint);
    if is_strict && !checkpoint.as_ref().is_some_and(goes_on) {
        let first = FirstLines::of(&config.path, &config.lines, clock.now())?;
        if first.is_early() {
            return Err(EngineError::Early { path: config.path.clone() });
        }
        if !first.is_access_log() {
            let problem = not_a_log(&config.path, config.lines.format.is_some(), &first);
            return Err(EngineError::NewSource { field: "path", problem });
        }
    }
    Ok(open_source(config, checkpoint, clock)?)
}

/// Begins to read a source.
pub(crate) fn start(shared: &Arc<Shared>, entry: &Entry, opened: Opened) -> Result<(), EngineError> {
    let Opened { config, reader, tracker, is_new } = opened;
    let name = config.name.clone();
    // Who added it stands in the audit log by name.
    let is_told = entry.origin == SourceOrigin::Added && name == entry.config.name;
    if is_new && !is_told {
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
        entry.stop.clone(),
    )
    .map_err(|source| EngineError::Thread { name, source })?;
    shared.sources.add(tracker);
    entry.spawn(shared, committing);
    Ok(())
}
