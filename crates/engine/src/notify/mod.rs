//! Messages about alerts: who is told of what, and how each message fares.
//!
//! What is to be sent is decided and stored together with the alert (`alert/engine.rs`); the [`Outbox`] only sends what
//! is due. A delivery is marked as being sent before it leaves, so that whatever happens to the process, no message
//! leaves twice: one that may have arrived when the process ended is given up and told in the log of deliveries.

mod outbox;
#[cfg(test)]
mod tests;

pub(crate) use outbox::Outbox;

use bartizan_model::Severity;
use bartizan_notify::Way;

use crate::ChannelRule;

/// Whom messages go to, how, and of what.
#[derive(Debug)]
pub struct Channel {
    /// Of what, and when.
    pub rule: ChannelRule,
    /// How.
    pub way: Way,
}

/// A channel as it is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelStatus {
    /// Its name.
    pub name: String,
    /// `webhook`, `email` or `syslog`.
    pub kind: &'static str,
    /// Least severity that it is told of.
    pub min_severity: Severity,
    /// Messages of the last day that arrived.
    pub sent: u64,
    /// Messages of the last day that were given up.
    pub failed: u64,
    /// Messages of the last day that wait.
    pub pending: u64,
}
