//! The sources of a configuration that was read again: new ones begin, removed ones end, changed ones do both.

use std::sync::Arc;
use std::time::Duration;

use bartizan_ingest::SourceConfig;
use bartizan_model::{SourceKind, SourceOrigin};

use super::{Beginning, Entry, added, begin, claim, prepare};
use crate::engine::Shared;
use crate::{Engine, EngineError};

/// How long an address may take to become free that a source has just left, and how often it is tried.
const FREE_AFTER: (u32, Duration) = (10, Duration::from_millis(100));

/// What a configuration that was read again changed about the sources.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceChanges {
    /// Sources that began, by name.
    pub started: Vec<String>,
    /// Sources that ended.
    pub stopped: Vec<String>,
    /// Sources that ended and began anew, read in another way from where they stood.
    pub restarted: Vec<String>,
    /// Of those that began, the ones that cannot be read yet, and why; they are tried again.
    pub failed: Vec<(String, String)>,
    /// Whether standard input waits for a restart: it can be opened once only.
    pub waits: bool,
}

impl Engine {
    /// Whether these sources could be read beside those that were added.
    ///
    /// # Errors
    /// [`EngineError::SourceTaken`] when one of them reads the same lines as one that was added under another name.
    pub async fn check_sources(&self, wanted: &[SourceConfig]) -> Result<(), EngineError> {
        let added = self.shared.sources.entries();
        let added: Vec<_> = added.into_iter().filter(|entry| entry.origin == SourceOrigin::Added).collect();
        let wanted = wanted.to_vec();
        let clash = tokio::task::spawn_blocking(move || {
            wanted.iter().find_map(|config| {
                let is_other = |entry: &&Arc<Entry>| entry.config.name != config.name;
                let others: Vec<_> = added.iter().filter(is_other).cloned().collect();
                claim::clash(config, &others)
            })
        });
        match clash.await.map_err(|_| EngineError::Judging)? {
            Some(clash) => {
                let problem = format!(
                    "sources: {clash}, which was added while the server ran; remove that one, or give this one the same \
                     name, under which reading goes on where it stands"
                );
                Err(EngineError::SourceTaken { problem })
            }
            None => Ok(()),
        }
    }

    /// Takes over the sources of a configuration that was read again. One that cannot be read is told, shown as failed
    /// and tried again; the others are not disturbed. One that was added under the same name becomes the configuration's.
    ///
    /// # Errors
    /// As [`Engine::check_sources`]; [`EngineError::Store`]. Nothing changes then.
    pub async fn configure_sources(&self, wanted: Vec<SourceConfig>) -> Result<SourceChanges, EngineError> {
        let shared = &self.shared;
        let _one_at_a_time = shared.sources.change.lock().await;
        self.check_sources(&wanted).await?;
        let known = shared.sources.entries();
        let is_named = |entry: &Arc<Entry>, names: &[SourceConfig]| {
            names.iter().any(|config| config.name == entry.config.name)
        };
        let absorbed: Vec<_> = known
            .iter()
            .filter(|entry| entry.origin == SourceOrigin::Added && is_named(entry, &wanted))
            .map(|entry| entry.config.name.as_str())
            .collect();
        added::forget(shared, &absorbed).await?;

        let mut changes = SourceChanges::default();
        let is_input = |config: &SourceConfig| config.kind == SourceKind::StandardInput;
        let before = known.iter().find(|entry| is_input(&entry.config)).map(|entry| &entry.config);
        changes.waits = before != wanted.iter().find(|config| is_input(config));
        for entry in known.iter().filter(|entry| !is_input(&entry.config)) {
            let is_kept = wanted.contains(&entry.config) && entry.origin != SourceOrigin::Added;
            let is_replaced = is_named(entry, &wanted);
            if is_kept || (entry.origin == SourceOrigin::Added && !is_replaced) {
                continue;
            }
            shared.sources.end(entry).await;
            let ended = if is_replaced { &mut changes.restarted } else { &mut changes.stopped };
            ended.push(entry.config.name.clone());
        }
        for config in wanted.into_iter().filter(|config| !is_input(config)) {
            if shared.sources.entry(&config.name).is_some() {
                continue;
            }
            let name = config.name.clone();
            if let Some(why) = bring(shared, config).await {
                changes.failed.push((name.clone(), why));
            }
            if !changes.restarted.contains(&name) {
                changes.started.push(name);
            }
        }
        Ok(changes)
    }
}

/// Begins a source; why it cannot be read yet.
async fn bring(shared: &Arc<Shared>, config: SourceConfig) -> Option<String> {
    let is_address = config.kind == SourceKind::Syslog;
    let entry = Entry::new(shared, config, SourceOrigin::Configuration);
    let mut beginning = prepare(shared, &entry).await;
    for _ in 0..FREE_AFTER.0 {
        // Whoever listened there may still be looking whether it is to end.
        if !is_address || !matches!(beginning, Beginning::Failed(_)) {
            break;
        }
        tokio::time::sleep(FREE_AFTER.1).await;
        beginning = prepare(shared, &entry).await;
    }
    let why = if let Beginning::Failed(error) = &beginning { Some(error.to_string()) } else { None };
    begin(shared, &entry, beginning);
    why
}
