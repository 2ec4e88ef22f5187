//! Frames that the server sends on the live socket (API.md 7.2).

use serde::Serialize;
use utoipa::ToSchema;

use super::metrics::{Metrics, Performance};
use super::security::SecurityCheck;
use super::series::{PerformancePoint, RequestsPoint, ThreatsPoint};
use super::{Activity, Alert, Threat, Traffic};

/// One frame of the live socket. `seq` ascends; it is what `resume` asks from.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum LiveMessage {
    /// The first frame.
    Connection {
        /// Always `connected`.
        data: &'static str,
        /// Always `connected`.
        status: &'static str,
        /// Names this run of the server.
        epoch: String,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
    },
    Metrics {
        data: Box<Metrics>,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
    },
    Performance {
        data: Performance,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
    },
    Alert {
        data: Box<Alert>,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
    },
    /// Status, count or severity of a known alert changed; only for sockets that subscribed to it by name.
    AlertUpdate {
        data: Box<Alert>,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
    },
    Threat {
        data: Box<Threat>,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
        /// Objects that were left out before this one.
        #[serde(skip_serializing_if = "Option::is_none")]
        sampled: Option<u64>,
    },
    Traffic {
        data: Box<Traffic>,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
        /// Objects that were left out of this flush.
        #[serde(skip_serializing_if = "Option::is_none")]
        sampled: Option<u64>,
    },
    Activity {
        data: Box<Activity>,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
        /// Objects that were left out of this flush.
        #[serde(skip_serializing_if = "Option::is_none")]
        sampled: Option<u64>,
    },
    /// Only for sockets that subscribed to it by name.
    TrafficBatch {
        data: Vec<Traffic>,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
        /// Objects that were left out of this flush.
        sampled: u64,
    },
    /// Only for sockets that subscribed to it by name.
    ActivityBatch {
        data: Vec<Activity>,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
        /// Objects that were left out of this flush.
        sampled: u64,
    },
    /// Only for sockets that subscribed to it by name.
    ThreatBatch {
        data: Vec<Threat>,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
        /// Objects that were left out of this flush.
        sampled: u64,
    },
    /// The status of a security check changed; only for sockets that subscribed to it by name.
    Check {
        data: Box<SecurityCheck>,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
    },
    /// A one-minute bucket closed; only for sockets that subscribed to it by name.
    Chart {
        data: LiveChart,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
    },
    Pong {
        /// Always null.
        data: Option<String>,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
    },
    Subscribed {
        data: Subscriptions,
        message_types: Vec<String>,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
    },
    Unsubscribed {
        data: Subscriptions,
        message_types: Vec<String>,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
    },
    /// The set of this socket; empty means every type that needs no subscription by name.
    Subscriptions {
        data: Vec<String>,
        message_types: Vec<String>,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
    },
    Resumed {
        data: Resumed,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
    },
    /// Frames were dropped for this socket.
    Lagged {
        data: Lagged,
        #[schema(format = DateTime)]
        timestamp: String,
        seq: u64,
    },
}

/// The set of a socket after a change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Subscriptions {
    pub(crate) message_types: Vec<String>,
}

/// What a socket missed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Resumed {
    /// Objects sent again.
    pub(crate) replayed: usize,
    /// 0 when nothing was missed, else an upper bound; null when it cannot be known. Unless it is 0, reload the lists.
    pub(crate) lost: Option<u64>,
}

/// How many frames were dropped.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Lagged {
    pub(crate) dropped: u64,
}

/// The point of the minute that closed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub(crate) enum LiveChart {
    Requests(RequestsPoint),
    Threats(ThreatsPoint),
    Performance(PerformancePoint),
}

/// A frame that a client sends. Frames that are none of these are ignored.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ClientMessage {
    /// Adds to the socket's set.
    Subscribe {
        #[serde(default)]
        message_types: Vec<String>,
    },
    /// Removes from the socket's set.
    Unsubscribe {
        #[serde(default)]
        message_types: Vec<String>,
    },
    /// Asks for the socket's set.
    GetSubscriptions,
    /// Answered by `pong`.
    Ping,
    /// Asks for what was missed.
    Resume {
        /// The newest `seq` that the client holds.
        since: u64,
        /// The `epoch` of the connection that it came from.
        epoch: Option<String>,
    },
}
