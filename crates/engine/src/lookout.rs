//! Files that are not read yet: those that a pattern will bring, and those that could not be opened at first.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bartizan_ingest::{Glob, MAX_GLOB_FILES, SourceConfig};
use bartizan_model::SourceState;

use crate::EngineError;
use crate::engine::Shared;
use crate::sources::{open, start};
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

/// Reads every file that matches a pattern, each as a source of its own, and looks for new ones until the engine stops.
pub(crate) async fn follow(shared: Arc<Shared>, glob: Glob, config: SourceConfig) {
    let nothing = format!("no file matches {} yet", config.path.display());
    wait_for(&shared, &config, SourceState::Waiting, nothing);
    look_again_and_again(shared, Wanted::Pattern(glob), config).await;
}

/// Tries a file again and again that could not be opened, until it can be or the engine stops.
pub(crate) async fn retry(shared: Arc<Shared>, config: SourceConfig, error: EngineError) {
    tracing::warn!(source.name = config.name, error = %error, "a source cannot be read, the others are");
    wait_for(&shared, &config, SourceState::Failed, error.to_string());
    let file = Wanted::File(config.path.clone());
    look_again_and_again(shared, file, config).await;
}

/// Shows a source of which nothing is read yet.
fn wait_for(shared: &Shared, config: &SourceConfig, state: SourceState, reason: String) {
    let placeholder = Arc::new(SourceTracker::new(config, None, Arc::clone(&shared.clock)));
    placeholder.set_state(state, Some(reason));
    shared.sources.add(placeholder);
}

async fn look_again_and_again(shared: Arc<Shared>, wanted: Wanted, config: SourceConfig) {
    let mut known = Known { shared: Arc::clone(&shared), wanted, config, looks: HashMap::new(), left_out: 0 };
    loop {
        known.look().await;
        tokio::select! {
            () = shared.stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// What one pattern has brought.
struct Known {
    shared: Arc<Shared>,
    wanted: Wanted,
    config: SourceConfig,
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
        let name = &self.config.name;
        self.shared.sources.remove(name);
        if self.left_out == 0 {
            return;
        }
        let reason = format!(
            "{} more files match {} and are not read: a pattern follows {MAX_GLOB_FILES} at most; name the rest in \
             further patterns, or move what is old elsewhere",
            self.left_out,
            self.config.path.display()
        );
        tracing::warn!(source.name = name, "{reason}");
        wait_for(&self.shared, &self.config, SourceState::Failed, reason);
    }

    /// Begins to read a file; otherwise the looks until it is tried again.
    async fn begin(&self, path: PathBuf) -> Option<u32> {
        let shared = &self.shared;
        let config = SourceConfig { name: self.name(&path), path, ..self.config.clone() };
        if config.name != self.config.name {
            shared.sources.remove(&self.config.name);
        }
        let failed = shared.sources.named(&config.name);
        if failed.as_ref().is_some_and(|tracker| tracker.status().state != SourceState::Failed) {
            // The configuration names this file as well.
            return None;
        }
        let started = match open(config.clone(), &shared.store, &shared.clock, &shared.judge.masking()).await
        {
            Ok(opened) => {
                shared.sources.remove(&config.name);
                start(shared, opened)
            }
            Err(error) => Err(error),
        };
        let Err(error) = started else {
            tracing::info!(source.name = config.name, "a file that matches a pattern is read");
            return None;
        };
        let tracker = failed.unwrap_or_else(|| {
            tracing::warn!(source.name = config.name, error = %error, "a matching file cannot be read");
            let tracker = Arc::new(SourceTracker::new(&config, None, Arc::clone(&shared.clock)));
            shared.sources.add(Arc::clone(&tracker));
            tracker
        });
        tracker.set_state(SourceState::Failed, Some(error.to_string()));
        Some(RETRY_LOOKS)
    }

    /// A pattern that was given a name lends it to its files.
    fn name(&self, path: &std::path::Path) -> String {
        let Wanted::Pattern(glob) = &self.wanted else { return self.config.name.clone() };
        if self.config.name == self.config.path.display().to_string() {
            return path.display().to_string();
        }
        format!("{}/{}", self.config.name, glob.open_part(path).display())
    }
}
