//! Room that the database takes (a route of ours beside API.md).

use bartizan_engine::Retention;
use serde::Serialize;
use utoipa::ToSchema;

use super::number::tenth;
use super::system::RetentionDays;

/// How much room the database takes, and is going to take.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Storage {
    /// Bytes in use, without those that deleted rows left free for others.
    used_bytes: u64,
    /// Rows of traffic.
    traffic_rows: u64,
    /// When the oldest row of traffic arrived.
    #[schema(format = DateTime)]
    oldest_traffic: Option<String>,
    /// Bytes that the database may take; null without a limit.
    max_bytes: Option<u64>,
    /// Bytes free on its disk; null when it lies on another machine.
    disk_free_bytes: Option<u64>,
    retention: RetentionDays,
    /// Requests of the last 24 hours.
    requests_per_day: u64,
    /// Null while fewer than 1,000 requests are stored.
    bytes_per_request: Option<f64>,
    /// Bytes that the database will take when every day is like the last one and traffic is as old as it may become.
    expected_bytes: Option<u64>,
    /// Days of traffic that fit: as many as are to be kept, or fewer where the limit or the disk is reached before.
    days_that_fit: Option<f64>,
}

impl Storage {
    pub(crate) fn new(storage: bartizan_engine::Storage, retention: Retention) -> Self {
        Self {
            used_bytes: storage.size.used_bytes,
            traffic_rows: storage.size.traffic_rows,
            oldest_traffic: storage.size.oldest_traffic.map(|at| at.to_string()),
            max_bytes: storage.max_bytes,
            disk_free_bytes: storage.disk_free_bytes,
            retention: retention.into(),
            requests_per_day: storage.requests_per_day,
            bytes_per_request: storage.bytes_per_request.map(tenth),
            expected_bytes: storage.expected_bytes,
            days_that_fit: storage.days_that_fit.map(tenth),
        }
    }
}
