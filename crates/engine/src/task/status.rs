//! How a task is doing.

use std::time::Duration;

use bartizan_model::Timestamp;

/// What a task does at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskState {
    /// It waits for its next run.
    Waiting,
    /// It is at work.
    Running,
    /// Its last run panicked; it waits before it is tried again.
    BackingOff,
}

impl TaskState {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::BackingOff => "backing_off",
        }
    }
}

/// One background task as it is doing.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskStatus {
    /// Its stable name.
    pub name: &'static str,
    /// What it does, in one line for people.
    pub about: &'static str,
    /// Pause between its runs.
    pub every: Duration,
    /// What it does at this moment.
    pub state: TaskState,
    /// Runs that ended since the process started.
    pub runs: u64,
    /// Of these, those that did not do their work.
    pub failures: u64,
    /// Of the failures, those that were panics: defects.
    pub panics: u64,
    /// Panics since the last run that was none.
    pub panics_in_a_row: u32,
    /// When the latest run began.
    pub last_run: Option<Timestamp>,
    /// How long the latest run that ended took.
    pub duration: Option<Duration>,
    /// When it runs next, unless someone asks before.
    pub next_run: Option<Timestamp>,
    /// Why the latest failed run failed.
    pub last_error: Option<String>,
    /// When that was.
    pub last_error_at: Option<Timestamp>,
}

impl TaskStatus {
    pub(super) fn new(name: &'static str, about: &'static str, every: Duration) -> Self {
        Self {
            name,
            about,
            every,
            state: TaskState::Waiting,
            runs: 0,
            failures: 0,
            panics: 0,
            panics_in_a_row: 0,
            last_run: None,
            duration: None,
            next_run: None,
            last_error: None,
            last_error_at: None,
        }
    }
}
