//! Channels of messages, and how deliveries went.

use bartizan_engine::ChannelStatus;
use bartizan_model as model;
use serde::Serialize;
use utoipa::ToSchema;

use super::name::{Named, SeverityName};

/// A channel, without what is secret about it: neither address nor credentials are ever shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Channel {
    name: String,
    /// `webhook`, `email` or `syslog`.
    kind: &'static str,
    min_severity: SeverityName,
    /// Messages of the last day that arrived.
    sent: u64,
    /// Messages of the last day that were given up.
    failed: u64,
    /// Messages of the last day that wait.
    pending: u64,
}

impl From<ChannelStatus> for Channel {
    fn from(channel: ChannelStatus) -> Self {
        Self {
            name: channel.name,
            kind: channel.kind,
            min_severity: Named(channel.min_severity),
            sent: channel.sent,
            failed: channel.failed,
            pending: channel.pending,
        }
    }
}

/// One message about one cause on its way through one channel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Delivery {
    /// 0 for a test that was just sent.
    id: i64,
    channel: String,
    /// What it is about: the key of the alert.
    cause: String,
    alert_id: Option<i64>,
    /// `raised`, `escalated`, `resolved` or `test`.
    occasion: &'static str,
    /// `pending`, `sending`, `sent`, `failed`, or `unknown` when the server stopped while it was being sent.
    state: &'static str,
    attempts: u32,
    #[schema(format = DateTime)]
    created_at: String,
    /// When it is sent, or was due last.
    #[schema(format = DateTime)]
    due_at: String,
    #[schema(format = DateTime)]
    sent_at: Option<String>,
    /// Why the latest try failed.
    last_error: Option<String>,
}

impl From<&model::Delivery> for Delivery {
    fn from(delivery: &model::Delivery) -> Self {
        Self {
            id: delivery.id,
            channel: delivery.channel.clone(),
            cause: delivery.cause.clone(),
            alert_id: delivery.alert_id,
            occasion: delivery.occasion.as_str(),
            state: delivery.state.as_str(),
            attempts: delivery.attempts,
            created_at: delivery.created_at.to_string(),
            due_at: delivery.due_at.to_string(),
            sent_at: delivery.sent_at.map(|at| at.to_string()),
            last_error: delivery.last_error.clone(),
        }
    }
}
