//! Silences: what raises no alert for a while.

use crate::{ThreatClass, Timestamp};

/// Which alerts a silence keeps from being raised: those that match every member that is set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SilenceMatch {
    /// What raises them: `detector`, `behaviour` or `system`.
    pub source: Option<String>,
    /// Their class.
    pub class: Option<ThreatClass>,
    /// The client: an address or a block in CIDR notation, as it was given.
    pub ip: Option<String>,
    /// The site.
    pub host: Option<String>,
    /// The exact group of an alert, see [`crate::Alert::key`].
    pub key: Option<String>,
}

impl SilenceMatch {
    /// Whether nothing is set, so that everything would match.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}

/// What raises no alert until it ends; the threats themselves are recorded all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// 0 until the store has given one.
    pub id: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: String,
    /// When it ends; `None`: when it is deleted.
    pub expires_at: Option<Timestamp>,
    /// Why, in words.
    pub reason: Option<String>,
    /// What it holds back.
    pub matches: SilenceMatch,
    /// Events it held back so far.
    pub hits: u64,
    /// When the latest of them was held back.
    pub last_hit: Option<Timestamp>,
}

impl Silence {
    /// Whether it still holds at `now`.
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}
