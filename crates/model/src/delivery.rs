//! Deliveries: what is sent to people outside, and how that went.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Timestamp, UnknownName};

/// What a message tells about an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Occasion {
    Raised,
    Escalated,
    Resolved,
    Test,
}

impl Occasion {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Escalated => "escalated",
            Self::Resolved => "resolved",
            Self::Test => "test",
        }
    }
}

impl FromStr for Occasion {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        [Self::Raised, Self::Escalated, Self::Resolved, Self::Test]
            .into_iter()
            .find(|occasion| occasion.as_str() == name)
            .ok_or_else(|| UnknownName { what: "occasion", given: name.to_owned() })
    }
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// Waits for its time, the first or the next one.
    Pending,
    /// Is being sent.
    Sending,
    /// The receiver took it.
    Sent,
    /// Was given up after the last try.
    Failed,
    /// The server stopped while it was being sent: it may have arrived, and is not sent again.
    Unknown,
}

impl DeliveryState {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

impl FromStr for DeliveryState {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        [Self::Pending, Self::Sending, Self::Sent, Self::Failed, Self::Unknown]
            .into_iter()
            .find(|state| state.as_str() == name)
            .ok_or_else(|| UnknownName { what: "state of a delivery", given: name.to_owned() })
    }
}

/// One message about one cause on its way through one channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// 0 until the store has given one.
    pub id: i64,
    /// Name of the channel.
    pub channel: String,
    /// What it is about: the key of the alert. One channel tells of one cause once per window.
    pub cause: String,
    /// Start of that window.
    pub window: Timestamp,
    /// The alert; `None` for a test.
    pub alert_id: Option<i64>,
    /// What it tells.
    pub occasion: Occasion,
    /// When it was decided to send it.
    pub created_at: Timestamp,
    /// When it is sent, or tried again.
    pub due_at: Timestamp,
    /// Where it stands.
    pub state: DeliveryState,
    /// Tries so far.
    pub attempts: u32,
    /// When the receiver took it.
    pub sent_at: Option<Timestamp>,
    /// Why the latest try failed.
    pub last_error: Option<String>,
}
