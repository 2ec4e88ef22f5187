//! What runs beside the requests, each as a type, and all of them in one list.
//!
//! A [`Task`] is idempotent and takes no input, so it may run at its time, by hand, or again after a crash. The
//! [`Supervisor`] sees to it that a task never overlaps itself and that a panic stays inside.

mod close_minutes;
mod expire;
mod follow_model;
mod keep_alerts;
mod measure;
mod raise_alerts;
mod send_messages;
mod status;
mod supervisor;

use std::sync::Arc;
use std::time::Duration;

use bartizan_model::Timestamp;

pub use status::{TaskState, TaskStatus};
pub(crate) use supervisor::Supervisor;

use crate::engine::Shared;

/// Starts every task; each ends when the engine stops.
pub(crate) fn start_all(shared: &Arc<Shared>) {
    let tasks = &shared.supervisor;
    tasks.start(measure::Measure::new(Arc::clone(shared)));
    tasks.start(close_minutes::CloseMinutes::new(Arc::clone(shared)));
    tasks.start(raise_alerts::RaiseAlerts::new(Arc::clone(&shared.alerts)));
    tasks.start(keep_alerts::KeepAlerts::new(Arc::clone(shared)));
    tasks.start(expire::Expire::new(Arc::clone(shared)));
    tasks.start(crate::checks::RunChecks::new(Arc::clone(shared)));
    tasks.start(send_messages::SendMessages::new(Arc::clone(&shared.outbox)));
    tasks.ask_on_panic(ALERT_UPKEEP);
    if let Some(folder) = &shared.model_folder {
        let every = shared.settings.look_at_model_every;
        tasks.start(follow_model::FollowModel::new(Arc::clone(folder), every, Arc::clone(shared)));
    }
    shared.tasks.spawn(crate::live::run(
        Arc::clone(&shared.broadcaster),
        shared.bus.clone(),
        Arc::clone(&shared.clock),
        shared.settings.flush_every,
        shared.stop.clone(),
    ));
}

/// Name of the task that takes threats into alerts.
pub(crate) const ALERTS: &str = "alerts";
/// Name of the task that watches conditions.
pub(crate) const ALERT_UPKEEP: &str = "alert_upkeep";

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
