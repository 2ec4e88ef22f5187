//! Files that are not read yet: those that a pattern will bring, and those that could not be opened at first.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bartizan_ingest::{Glob, MAX_GLOB_FILES, SourceConfig};
use bartizan_model::SourceState;

use crate::EngineError;
use crate::engine::Shared;
use crate::sources::{Entry, open, start};
use crate::tracker::SourceTracker;

/// How often folders are looked at for new files.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Looks after which a file that could not be opened is tried again.
const RETRY_LOOKS: u32 = 15;

/// What files a source stands for.
#[derive(Debug, Clone)]
enum Wanted {
    /// Every file that matches.
    Pattern(Glob),
    /// One file that could not be opened at first.
    File(PathBuf),
}

impl Wanted {
    fn files(&self) -> Vec<PathBuf> {
        match self {
            Self::Pattern(glob) => glob.files(),
            Self::File(path) => vec![path.clone()],
        }
    }
}

/// Reads every file that matches a pattern, each as a source of its own, and looks for new ones until the source ends.
pub(crate) fn follow(shared: &Arc<Shared>, entry: &Arc<Entry>, glob: Glob) {
    let nothing = format!("no file matches {} yet", entry.config.path.display());
    wait_for(shared, entry, &entry.config, SourceState::Waiting, nothing);
    look_again_and_again(shared, Wanted::Pattern(glob), entry, HashMap::new());
}

/// Tries a file again and again that could not be opened, until it can be or the source ends.
pub(crate) fn retry(shared: &Arc<Shared>, entry: &Arc<Entry>, error: &EngineError) {
    let config = &entry.config;
    let (path, (state, looks)) = (config.path.clone(), patience(error));
    if state == SourceState::Failed {
        tracing::warn!(source.name = config.name, error = %error, "a source cannot be read, the others are");
    }
    wait_for(shared, entry, config, state, error.to_string());
    look_again_and_again(shared, Wanted::File(path.clone()), entry, HashMap::from([(path, Some(looks))]));
}

/// How a source is shown that cannot be opened, and the looks until it is tried again.
fn patience(error: &EngineError) -> (SourceState, u32) {
    match error {
        EngineError::Early { .. } => (SourceState::Waiting, 0),
        _ => (SourceState::Failed, RETRY_LOOKS),
    }
}

/// Shows a source of which nothing is read yet.
fn wait_for(shared: &Shared, entry: &Entry, config: &SourceConfig, state: SourceState, reason: String) {
    let tracker = SourceTracker::new(config, entry.asked(), None, Arc::clone(&shared.clock));
    shared.sources.add(Arc::new(tracker.not_read(state, reason)));
}

fn look_again_and_again(
    shared: &Arc<Shared>,
    wanted: Wanted,
    entry: &Arc<Entry>,
    looks: HashMap<PathBuf, Option<u32>>,
) {
    let mut known =
        Known { shared: Arc::clone(shared), wanted, entry: Arc::clone(entry), looks, left_out: 0 };
    let looking = Arc::clone(entry);
    entry.spawn(shared, async move {
        while !looking.stop.is_cancelled() {
            known.look().await;
            let _ = tokio::time::timeout(LOOK_EVERY, looking.stop.cancelled()).await;
        }
    });
}

/// What one pattern has brought.
struct Known {
    shared: Arc<Shared>,
    wanted: Wanted,
    entry: Arc<Entry>,
    /// Each file with the looks until it is tried again; none when it is being read.
    looks: HashMap<PathBuf, Option<u32>>,
    /// Files that match beyond those that can be followed.
    left_out: usize,
}

impl Known {
    async fn look(&mut self) {
        let wanted = self.wanted.clone();
        let Ok(files) = tokio::task::spawn_blocking(move || wanted.files()).await else {
            return;
        };
        let mut left_out = 0;
        for path in files {
            if self.entry.stop.is_cancelled() {
                return;
            }
            let is_full = self.looks.len() >= MAX_GLOB_FILES;
            let is_due = match self.looks.get_mut(&path) {
                None if is_full => {
                    left_out += 1;
                    false
                }
                None | Some(Some(0)) => true,
                Some(None) => false,
                Some(Some(left)) => {
                    *left -= 1;
                    false
                }
            };
            if is_due {
                let retry = self.begin(path.clone()).await;
                self.looks.insert(path, retry);
            }
        }
        if left_out != self.left_out {
            self.left_out = left_out;
            self.tell_what_is_left_out();
        }
    }

    /// A file that is not read must not go unnoticed.
    fn tell_what_is_left_out(&self) {
        let config = &self.entry.config;
        self.shared.sources.remove(&config.name);
        if self.left_out == 0 {
            return;
        }
        let reason = format!(
            "{} more files match {} and are not read: a pattern follows {MAX_GLOB_FILES} at most; name the rest in \
             further patterns, or move what is old elsewhere",
            self.left_out,
            config.path.display()
        );
        tracing::warn!(source.name = config.name, "{reason}");
        wait_for(&self.shared, &self.entry, config, SourceState::Failed, reason);
    }

    /// Begins to read a file; otherwise the looks until it is tried again.
    async fn begin(&self, path: PathBuf) -> Option<u32> {
        let shared = &self.shared;
        let config = SourceConfig { name: self.name(&path), path, ..self.entry.config.clone() };
        let is_of_pattern = config.name != self.entry.config.name;
        if is_of_pattern {
            shared.sources.remove(&self.entry.config.name);
        }
        let shown = shared.sources.named(&config.name);
        if shown.as_ref().is_some_and(|tracker| !tracker.belongs_to(self.entry.asked())) {
            // Another source names this file as well; it may end.
            return Some(RETRY_LOOKS);
        }
        let started = match open(shared, &self.entry, config.clone()).await {
            Ok(opened) => {
                shared.sources.remove(&config.name);
                start(shared, &self.entry, opened)
            }
            Err(error) => Err(error),
        };
        let Err(error) = started else {
            tracing::info!(source.name = config.name, "a file is read now");
            return None;
        };
        if is_of_pattern && matches!(error, EngineError::SourceTaken { .. }) {
            return Some(RETRY_LOOKS);
        }
        let (state, looks) = patience(&error);
        if let Some(tracker) = shared.sources.named(&config.name) {
            tracker.set_state(state, Some(error.to_string()));
        } else {
            if state == SourceState::Failed {
                tracing::warn!(source.name = config.name, error = %error, "a matching file cannot be read");
            }
            wait_for(shared, &self.entry, &config, state, error.to_string());
        }
        Some(looks)
    }

    /// A pattern that was given a name lends it to its files.
    fn name(&self, path: &Path) -> String {
        let config = &self.entry.config;
        let Wanted::Pattern(glob) = &self.wanted else { return config.name.clone() };
        if config.name == config.path.display().to_string() {
            return path.display().to_string();
        }
        format!("{}/{}", config.name, glob.open_part(path).display())
    }
}
