//! Alerts: what people are told without asking. Threats are grouped, conditions of system and traffic are watched, and
//! both become alerts that count, escalate, resolve by themselves, and can be silenced.
//!
//! Everything that decides is stored with what it decided: the position among the threats, what is remembered of each
//! group, the alerts and the messages about them move in one transaction. So a process that is killed anywhere takes up
//! its work without losing an alert and without raising one twice.

mod condition;
mod engine;
mod group;
mod key;
mod rule;
mod settings;
mod severity;
mod silencing;
mod state;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use condition::Condition;
pub(crate) use engine::AlertEngine;
pub use engine::Bulk;
#[cfg(test)]
pub(crate) use group::tests::sample;
pub use rule::{ChannelRule, QuietHours, time_zone};
pub use settings::{
    AlertSettings, AttackRate, DiskSpace, Drift, ErrorRate, Lag, Latency, ParseFailures, Switch, TrafficLevel,
};
pub use silencing::SilenceError;
