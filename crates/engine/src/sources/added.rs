//! Sources that somebody adds while the server runs: kept in the store, and begun again at each start.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bartizan_ingest::{LineOptions, SourceConfig, resolved};
use bartizan_model::{SourceKind, SourceOrigin};
use serde::{Deserialize, Serialize};

use super::preview::look;
use super::{Entry, begin, claim, prepare};
use crate::engine::Shared;
use crate::intake;
use crate::{Engine, EngineError};

/// Name of the setting in the store.
const SETTING: &str = "sources";

/// Sources that can be added; each takes a thread per file.
const MAX_ADDED: usize = 64;

/// Longest name and path, in characters, and format: as long as nginx takes one.
const MAX_NAME: usize = 128;
const MAX_PATH: usize = 1_024;
const MAX_FORMAT: usize = 4_096;

/// Names that mean something else where sources are named: lines that are sent to the API, and a route.
const RESERVED: [&str; 2] = [intake::NAME, "preview"];

/// A source that somebody wants to add, in the words of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewSource {
    /// The file, or a pattern of files.
    pub path: String,
    /// Its name; the path when left out.
    pub name: Option<String>,
    /// The format of its lines; found in them when left out.
    pub format: Option<String>,
    /// The zone of times that name none.
    pub time_zone: Option<String>,
}

/// A source that was added, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedSource {
    /// Its name.
    pub name: String,
    /// The file, or a pattern of files.
    pub path: PathBuf,
    /// The format that was given.
    #[serde(default)]
    pub format: Option<String>,
    /// The zone that was given.
    #[serde(default)]
    pub time_zone: Option<String>,
}

/// What is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Kept {
    sources: Vec<AddedSource>,
}

impl NewSource {
    /// The source that it would be.
    ///
    /// # Errors
    /// [`EngineError::NewSource`] names the member that makes no sense, and the remedy.
    pub(super) fn config(&self) -> Result<SourceConfig, EngineError> {
        let refused =
            |field, problem: &str| Err(EngineError::NewSource { field, problem: problem.to_owned() });
        for (field, text, max) in [
            ("path", Some(&self.path), MAX_PATH),
            ("name", self.name.as_ref(), MAX_NAME),
            ("format", self.format.as_ref(), MAX_FORMAT),
            ("time_zone", self.time_zone.as_ref(), MAX_NAME),
        ] {
            let Some(text) = text else { continue };
            if text.trim().is_empty() {
                let remedy =
                    if field == "path" { "name the log file" } else { "leave it out, or fill it in" };
                return refused(field, &format!("is empty: {remedy}"));
            }
            if text.chars().count() > max {
                return refused(field, &format!("must have at most {max} characters"));
            }
            if text.chars().any(char::is_control) {
                return refused(field, "must not hold control characters");
            }
        }
        let path = self.path.trim();
        if !path.starts_with('/') {
            return refused("path", "must be absolute: begin with /, as in /var/log/nginx/access.log");
        }
        let Ok(path) = resolved(Path::new(path)) else {
            return refused("path", "is no path of a file");
        };
        let name =
            self.name.as_deref().map_or_else(|| path.display().to_string(), |name| name.trim().to_owned());
        if RESERVED.contains(&name.as_str()) {
            return refused("name", "is used by the server itself: choose another");
        }
        Ok(SourceConfig {
            name,
            path,
            kind: SourceKind::File,
            follow: true,
            lines: lines(self.format.as_deref(), self.time_zone.as_deref())?,
        })
    }
}

impl AddedSource {
    fn config(&self) -> Result<SourceConfig, EngineError> {
        Ok(SourceConfig {
            name: self.name.clone(),
            path: self.path.clone(),
            kind: SourceKind::File,
            follow: true,
            lines: lines(self.format.as_deref(), self.time_zone.as_deref())?,
        })
    }
}

fn lines(format: Option<&str>, time_zone: Option<&str>) -> Result<LineOptions, EngineError> {
    let refused = |field, problem: String| EngineError::NewSource {
        field,
        problem: format!("cannot be used: {problem}"),
    };
    let format = format
        .map(str::parse)
        .transpose()
        .map_err(|error: bartizan_ingest::FormatError| refused("format", error.to_string()))?;
    let time_zone = time_zone.map(|zone| zone.trim().parse()).transpose();
    let time_zone =
        time_zone.map_err(|error: bartizan_ingest::ZoneError| refused("time_zone", error.to_string()))?;
    Ok(LineOptions { format, time_zone: time_zone.unwrap_or_default() })
}

/// Refuses a name that another source is shown by: the name is what the position is kept under.
pub(super) fn check_name(shared: &Shared, name: &str) -> Result<(), EngineError> {
    if shared.sources.entry(name).is_none() && shared.sources.named(name).is_none() {
        return Ok(());
    }
    let problem = format!("there is a log source {name} already; give this one another name");
    Err(EngineError::SourceTaken { problem })
}

impl Engine {
    /// Whether sources may be added while the server runs.
    pub fn may_add_sources(&self) -> bool {
        self.shared.sources.may_add()
    }

    /// Lets sources be added while the server runs, or not. Those that were added stay.
    pub fn allow_adding_sources(&self, allowed: bool) {
        self.shared.sources.allow_adding(allowed);
    }

    /// Keeps a source and begins to read it, now and at each start. A name that was read under before goes on where it
    /// stood.
    ///
    /// # Errors
    /// [`EngineError::NewSource`] when it makes no sense or is no access log, [`EngineError::SourceTaken`] when its name
    /// or a file of it has a source, [`EngineError::AddingOff`]; [`EngineError::Store`] when it cannot be kept. Nothing
    /// begins then.
    pub async fn add_source(&self, new: NewSource) -> Result<AddedSource, EngineError> {
        if !self.shared.sources.may_add() {
            return Err(EngineError::AddingOff);
        }
        let shared = Arc::clone(&self.shared);
        // A task of its own: whoever asked may go away, and what was begun is done to its end.
        let added = self.shared.tasks.spawn(async move { add(&shared, new).await });
        added.await.map_err(|_| EngineError::Judging)?
    }

    /// Ends a source that was added: what was read of it is committed, its position stays for when it is added again.
    ///
    /// # Errors
    /// [`EngineError::SourceTaken`] when it was not added but stands in the configuration; [`EngineError::NotFound`].
    pub async fn remove_source(&self, name: &str) -> Result<AddedSource, EngineError> {
        let (shared, name) = (Arc::clone(&self.shared), name.to_owned());
        let removed = self.shared.tasks.spawn(async move { remove(&shared, &name).await });
        removed.await.map_err(|_| EngineError::Judging)?
    }
}

async fn add(shared: &Arc<Shared>, new: NewSource) -> Result<AddedSource, EngineError> {
    let config = new.config()?;
    let _one_at_a_time = shared.sources.change.lock().await;
    check_name(shared, &config.name)?;
    let (asked, others, now) = (config.clone(), shared.sources.entries(), shared.clock.now());
    let masking = shared.judge.masking();
    tokio::task::spawn_blocking(move || match claim::clash(&asked, &others) {
        Some(problem) => Err(EngineError::SourceTaken { problem }),
        None => look(&asked, now, &masking).map(drop),
    })
    .await
    .map_err(|_| EngineError::Reading { name: config.name.clone() })??;
    let mut kept = kept(shared).await?;
    if kept.sources.len() >= MAX_ADDED {
        let problem = format!(
            "{MAX_ADDED} log sources were added, which is as many as can be; remove one, use a pattern, or name them in \
             the configuration"
        );
        return Err(EngineError::SourceTaken { problem });
    }
    let added = AddedSource {
        name: config.name.clone(),
        path: config.path.clone(),
        format: new.format,
        time_zone: new.time_zone,
    };
    // Kept under its name once, also when a start has left an earlier one aside.
    kept.sources.retain(|known| known.name != added.name);
    kept.sources.push(added.clone());
    keep(shared, &kept).await?;
    let entry = Entry::new(shared, config, SourceOrigin::Added);
    let beginning = prepare(shared, &entry).await;
    begin(shared, &entry, beginning);
    tracing::info!(source.name = added.name, "a log source was added");
    Ok(added)
}

async fn remove(shared: &Arc<Shared>, name: &str) -> Result<AddedSource, EngineError> {
    let _one_at_a_time = shared.sources.change.lock().await;
    let mut kept = kept(shared).await?;
    let Some(at) = kept.sources.iter().position(|known| known.name == name) else {
        return Err(not_removable(shared, name));
    };
    let removed = kept.sources.remove(at);
    keep(shared, &kept).await?;
    if let Some(entry) = shared.sources.entry(name).filter(|entry| entry.origin == SourceOrigin::Added) {
        shared.sources.end(&entry).await;
    }
    tracing::info!(source.name = name, "a log source was removed");
    Ok(removed)
}

/// Why a source that was not added cannot be removed.
fn not_removable(shared: &Shared, name: &str) -> EngineError {
    let Some(status) = shared.sources.statuses().into_iter().find(|status| status.name == name) else {
        return EngineError::NotFound { what: "log source", name: name.chars().take(MAX_PATH).collect() };
    };
    let problem = match status.origin {
        SourceOrigin::Configuration => format!(
            "the log source {} stands in the configuration: remove it there, and it ends without a restart; what was given \
             by --log ends with the server",
            status.belongs_to
        ),
        SourceOrigin::Added => {
            format!("{name} is a file of the log source {}: remove that one", status.belongs_to)
        }
        SourceOrigin::Server => format!("the log source {name} is part of the server itself"),
    };
    EngineError::SourceTaken { problem }
}

/// Begins what was added before. What the configuration names meanwhile is the configuration's.
pub(crate) async fn start(shared: &Arc<Shared>) -> Result<(), EngineError> {
    let _one_at_a_time = shared.sources.change.lock().await;
    let kept = match kept(shared).await {
        Ok(kept) => kept,
        Err(EngineError::AddedUnreadable) => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut absorbed = Vec::new();
    for added in &kept.sources {
        if shared.sources.entry(&added.name).is_some() {
            absorbed.push(added.name.as_str());
            continue;
        }
        let config = match added.config() {
            Ok(config) => config,
            Err(error) => {
                tracing::error!(source.name = added.name, %error, "a log source that was added cannot be read any more");
                continue;
            }
        };
        let entry = Entry::new(shared, config, SourceOrigin::Added);
        let beginning = prepare(shared, &entry).await;
        begin(shared, &entry, beginning);
    }
    forget(shared, &absorbed).await
}

/// Forgets sources that were added because the configuration names them now.
pub(super) async fn forget(shared: &Shared, names: &[&str]) -> Result<(), EngineError> {
    if names.is_empty() {
        return Ok(());
    }
    let mut kept = kept(shared).await?;
    kept.sources.retain(|known| !names.contains(&known.name.as_str()));
    tracing::info!("log sources that were added stand in the configuration now: {}", names.join(", "));
    keep(shared, &kept).await
}

async fn kept(shared: &Shared) -> Result<Kept, EngineError> {
    let Some(text) = shared.store.setting(SETTING).await? else { return Ok(Kept::default()) };
    serde_json::from_str(&text).map_err(|error| {
        tracing::error!(%error, "the log sources that were added cannot be read from the database and are left aside");
        EngineError::AddedUnreadable
    })
}

async fn keep(shared: &Shared, kept: &Kept) -> Result<(), EngineError> {
    let text = serde_json::to_string(kept).map_err(|_| EngineError::Judging)?;
    Ok(shared.store.set_setting(SETTING, &text, shared.clock.now()).await?)
}
