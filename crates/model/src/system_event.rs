//! What happened beside the requests, in words for people.

use std::str::FromStr;

use crate::{Timestamp, UnknownName};

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum SystemEventKind {
    AlertRaised,
    AlertHandled,
    ConfigChanged,
    ModelReplaced,
    SourceAdded,
    SignedIn,
    SignedOut,
}

impl SystemEventKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::AlertRaised,
        Self::AlertHandled,
        Self::ConfigChanged,
        Self::ModelReplaced,
        Self::SourceAdded,
        Self::SignedIn,
        Self::SignedOut,
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AlertRaised => "alert_raised",
            Self::AlertHandled => "alert_handled",
            Self::ConfigChanged => "config_changed",
            Self::ModelReplaced => "model_replaced",
            Self::SourceAdded => "source_added",
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
        }
    }
}

impl FromStr for SystemEventKind {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == name)
            .ok_or_else(|| UnknownName { what: "kind of event", given: name.to_owned() })
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemEvent {
    /// Its own among the events.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: SystemEventKind,
    /// One line.
    pub title: String,
    /// One sentence with the numbers, where there are some.
    pub details: Option<String>,
    /// Who did it; `None` when nobody did.
    pub by: Option<String>,
    /// The alert that was raised.
    pub alert_id: Option<i64>,
}
