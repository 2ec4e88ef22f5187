//! What a check found.

use bartizan_model::{CheckStatus, Timestamp};

/// What one run of a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How it went.
    pub status: CheckStatus,
    /// What was measured, with its unit.
    pub value: String,
    /// What that means, one sentence.
    pub message: String,
    /// What to do; nothing where all is well.
    pub remedy: Option<String>,
}

impl Outcome {
    /// As it should be.
    pub fn pass(value: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status: CheckStatus::Pass, value: value.into(), message: message.into(), remedy: None }
    }

    /// Works, and someone should look at it.
    pub fn warning(value: impl Into<String>, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        let remedy = Some(remedy.into());
        Self { status: CheckStatus::Warning, value: value.into(), message: message.into(), remedy }
    }

    /// Does not do its work.
    pub fn fail(value: impl Into<String>, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { status: CheckStatus::Fail, ..Self::warning(value, message, remedy) }
    }
}

/// A security check with its latest result (API.md 4.7, SecurityCheck).
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityCheck {
    /// Its number, which never changes.
    pub id: i64,
    /// Its stable name.
    pub key: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// How much it counts in the weighted score.
    pub weight: u32,
    /// How it went.
    pub status: CheckStatus,
    /// What was measured, with its unit.
    pub value: String,
    /// What that means, one sentence.
    pub message: String,
    /// What to do; nothing where all is well.
    pub remedy: Option<String>,
    /// When it was run.
    pub at: Timestamp,
    /// How long that took, in milliseconds.
    pub duration_ms: f64,
}
