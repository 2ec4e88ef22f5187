//! A cause that lasts: raised when it comes, resolved when it has gone.

use bartizan_model::{Alert, Severity, Timestamp};

/// What is wrong with the system or its traffic at this moment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    /// Names the cause, without its numbers.
    pub(crate) key: String,
    pub(crate) severity: Severity,
    pub(crate) title: String,
    /// One sentence with the numbers.
    pub(crate) description: String,
    /// What to do next.
    pub(crate) advice: String,
    pub(crate) host: Option<String>,
}

/// How keys of conditions begin.
pub(super) const PREFIX: &str = "system|";

impl Condition {
    pub(super) fn group_key(&self) -> String {
        format!("{PREFIX}{}", self.key)
    }

    pub(super) fn alert(&self, now: Timestamp) -> Alert {
        let (title, description) = (self.title.clone(), self.description.clone());
        Alert {
            advice: self.advice.clone(),
            host: self.host.clone(),
            ..Alert::system(self.group_key(), self.severity, title, description, now)
        }
    }

    pub(super) fn level(&self) -> u8 {
        match self.severity {
            Severity::Low => 0,
            Severity::Medium => 1,
            Severity::High => 2,
            Severity::Critical => 3,
        }
    }
}
