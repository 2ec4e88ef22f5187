//! What runs beside the requests, each as a type, and all of them in one list.
//!
//! A [`Task`] is idempotent and takes no input, so it may run at its time, by hand, or again after a crash. The
//! [`Supervisor`] sees to it that a task never overlaps itself and that a panic stays inside.

mod close_minutes;
mod expire;
mod follow_model;
mod measure;
mod status;
mod supervisor;
mod watch_lag;

use std::sync::Arc;
use std::time::Duration;

use bartizan_model::{Alert, AlertKind, AlertStatus, Severity, Timestamp};

pub use status::{TaskState, TaskStatus};
pub(crate) use supervisor::Supervisor;

use crate::engine::Shared;

/// Starts every task; each ends when the engine stops.
pub(crate) fn start_all(shared: &Arc<Shared>) {
    let tasks = &shared.supervisor;
    tasks.start(measure::Measure::new(Arc::clone(shared)));
    tasks.start(close_minutes::CloseMinutes::new(Arc::clone(shared)));
    tasks.start(watch_lag::WatchLag::new(Arc::clone(shared)));
    tasks.start(expire::Expire::new(Arc::clone(shared)));
    tasks.start(crate::checks::RunChecks::new(Arc::clone(shared)));
    if let Some(folder) = &shared.model_folder {
        let every = shared.settings.look_at_model_every;
        tasks.start(follow_model::FollowModel::new(Arc::clone(folder), every));
    }
    shared.tasks.spawn(report_panics(Arc::clone(shared)));
    shared.tasks.spawn(crate::live::run(
        Arc::clone(&shared.broadcaster),
        shared.bus.clone(),
        Arc::clone(&shared.clock),
        shared.settings.flush_every,
        shared.stop.clone(),
    ));
}

/// Raises an alert for each task that panics.
async fn report_panics(shared: Arc<Shared>) {
    let panicked = shared.supervisor.panicked();
    loop {
        tokio::select! {
            () = shared.stop.cancelled() => return,
            () = panicked.notified() => {}
        }
        for task in shared.supervisor.statuses().into_iter().filter(|task| task.panics_in_a_row > 0) {
            let alert = panic_alert(&task, shared.clock.now());
            if let Err(error) = shared.alerts.raise(alert).await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "an alert of a defect was not written"
                );
            }
        }
    }
}

fn panic_alert(task: &TaskStatus, now: Timestamp) -> Alert {
    Alert {
        id: 0,
        key: format!("task|{}", task.name),
        kind: AlertKind::Warning,
        severity: Severity::High,
        title: format!("Background task {} ended by a defect", task.name),
        description: format!(
            "{}; it is tried again by itself. Please report this with the server's log",
            task.last_error.as_deref().unwrap_or("without words")
        ),
        raised_at: now,
        first_seen: now,
        last_seen: now,
        count: 1,
        source: "system".to_owned(),
        status: AlertStatus::Open,
        handled_by: None,
        handled_at: None,
        class: None,
        related_ip: None,
        related_endpoint: None,
        related_threat_id: None,
    }
}

/// Work that is done again and again: idempotent, and without input.
pub(crate) trait Task: Send + Sync + 'static {
    /// Its name in the API, which must not change.
    const NAME: &'static str;
    /// What it does, in one line for people.
    const ABOUT: &'static str;
    /// Pause between the end of a run and the next one.
    const EVERY: Duration;
    /// Whether the first run comes at once instead of after a pause.
    const AT_START: bool = true;

    /// Pause after a run that ended at `now`.
    fn pause(&self, _now: Timestamp) -> Duration {
        Self::EVERY
    }

    /// Does the work once.
    ///
    /// # Errors
    /// What kept it from being done; the next run comes after the usual pause.
    fn run(&self, trigger: Trigger) -> impl Future<Output = Result<(), TaskError>> + Send;
}

/// Why a task runs now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trigger {
    /// Its time has come.
    Timer,
    /// Someone asked for it.
    Manual,
}

/// Why a run did not do its work, in words for operators.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct TaskError(String);

impl TaskError {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl From<bartizan_store::StoreError> for TaskError {
    fn from(error: bartizan_store::StoreError) -> Self {
        Self(error.to_string())
    }
}

impl From<crate::EngineError> for TaskError {
    fn from(error: crate::EngineError) -> Self {
        Self(error.to_string())
    }
}
