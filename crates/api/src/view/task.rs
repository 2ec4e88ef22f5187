//! One background task.

use bartizan_engine::TaskStatus;
use serde::Serialize;
use utoipa::ToSchema;

use super::number::tenth;

/// Work that is done again and again, at its time or when asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Task {
    /// Stable.
    name: &'static str,
    /// What it does, in one line.
    about: &'static str,
    /// `waiting`, `running`, or `backing_off` after a defect.
    state: &'static str,
    /// Pause between its runs, in seconds.
    every_s: f64,
    /// Runs since the server started.
    runs: u64,
    /// Of these, those that did not do their work.
    failures: u64,
    /// Of the failures, those that were defects.
    panics: u64,
    /// When the latest run began.
    #[schema(format = DateTime)]
    last_run: Option<String>,
    /// How long the latest run that ended took.
    duration_ms: Option<f64>,
    /// When it runs next unless someone asks before; null while it runs.
    #[schema(format = DateTime)]
    next_run: Option<String>,
    /// Why the latest failed run failed.
    last_error: Option<String>,
    #[schema(format = DateTime)]
    last_error_at: Option<String>,
}

impl From<TaskStatus> for Task {
    fn from(task: TaskStatus) -> Self {
        Self {
            name: task.name,
            about: task.about,
            state: task.state.as_str(),
            every_s: tenth(task.every.as_secs_f64()),
            runs: task.runs,
            failures: task.failures,
            panics: task.panics,
            last_run: task.last_run.map(|at| at.to_string()),
            duration_ms: task.duration.map(|duration| tenth(duration.as_secs_f64() * 1e3)),
            next_run: task.next_run.map(|at| at.to_string()),
            last_error: task.last_error,
            last_error_at: task.last_error_at.map(|at| at.to_string()),
        }
    }
}
