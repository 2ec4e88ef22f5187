//! Points of series (API.md 4.7): one bucket each, empty ones included.

use std::collections::BTreeMap;

use bartizan_engine::SeriesPoint;
use bartizan_model::ThreatGroup;
use serde::Serialize;
use utoipa::ToSchema;

use super::number::{rate, tenth};

/// Counts of one bucket.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RequestsPoint {
    /// Start of the bucket.
    #[schema(format = DateTime)]
    time: String,
    /// Short label, MM-DD HH:MM in UTC.
    date: String,
    requests: u64,
    blocked: u64,
    allowed: u64,
    flagged: u64,
    enforced: u64,
}

impl From<&SeriesPoint> for RequestsPoint {
    fn from(point: &SeriesPoint) -> Self {
        let counts = &point.bucket.counts;
        Self {
            time: point.start.to_rfc3339_seconds(),
            date: point.start.short_label(),
            requests: counts.requests,
            blocked: counts.blocked,
            allowed: counts.allowed(),
            flagged: counts.flagged,
            enforced: counts.enforced,
        }
    }
}

/// Threats of one bucket, by group and by class.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ThreatsPoint {
    /// Start of the bucket.
    #[schema(format = DateTime)]
    time: String,
    /// Short label, MM-DD HH:MM in UTC.
    date: String,
    sql: u64,
    xss: u64,
    ddos: u64,
    other: u64,
    /// Threats per class, without zeros.
    by_class: BTreeMap<&'static str, u64>,
}

impl From<&SeriesPoint> for ThreatsPoint {
    fn from(point: &SeriesPoint) -> Self {
        Self {
            time: point.start.to_rfc3339_seconds(),
            date: point.start.short_label(),
            sql: point.group(ThreatGroup::Sql),
            xss: point.group(ThreatGroup::Xss),
            ddos: point.group(ThreatGroup::Ddos),
            other: point.group(ThreatGroup::Other),
            by_class: point.bucket.classes.iter().map(|(class, count)| (class.as_str(), *count)).collect(),
        }
    }
}

/// Response times and load of one bucket.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PerformancePoint {
    /// Start of the bucket.
    #[schema(format = DateTime)]
    time: String,
    /// Short label, MM-DD HH:MM in UTC.
    date: String,
    /// Mean response time in milliseconds; 0 without samples.
    latency: f64,
    /// Processor time in use, in percent.
    cpu: f64,
    /// Memory in use, in percent.
    memory: f64,
    requests_per_second: f64,
    /// Requests whose response time is known.
    samples: u64,
    latency_p50: Option<f64>,
    latency_p95: Option<f64>,
    latency_p99: Option<f64>,
}

impl From<&SeriesPoint> for PerformancePoint {
    fn from(point: &SeriesPoint) -> Self {
        let system = point.system.unwrap_or_default();
        let percentile = |quantile| point.bucket.latency.percentile(quantile).map(tenth);
        Self {
            time: point.start.to_rfc3339_seconds(),
            date: point.start.short_label(),
            latency: tenth(point.bucket.counts.latency_ms()),
            cpu: tenth(system.cpu_percent),
            memory: tenth(system.memory_percent),
            requests_per_second: rate(point.requests_per_second()),
            samples: point.bucket.counts.latency_samples,
            latency_p50: percentile(0.50),
            latency_p95: percentile(0.95),
            latency_p99: percentile(0.99),
        }
    }
}

/// Counts and threats of one bucket.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OverviewPoint {
    /// Start of the bucket.
    #[schema(format = DateTime)]
    time: String,
    /// Short label, MM-DD HH:MM in UTC.
    date: String,
    requests: u64,
    blocked: u64,
    allowed: u64,
    flagged: u64,
    enforced: u64,
    sql: u64,
    xss: u64,
    ddos: u64,
    other: u64,
    /// For existing clients; equals `requests`.
    total_requests: u64,
    /// For existing clients; equals `blocked`.
    blocked_requests: u64,
}

impl OverviewPoint {
    /// Columns of the file: the members without those for existing clients. `time` is among them, since here it is the
    /// instant itself and nothing else holds it.
    pub(crate) const COLUMNS: &'static [&'static str] = &[
        "time", "date", "requests", "blocked", "allowed", "flagged", "enforced", "sql", "xss", "ddos",
        "other",
    ];
}

impl From<&SeriesPoint> for OverviewPoint {
    fn from(point: &SeriesPoint) -> Self {
        let counts = &point.bucket.counts;
        Self {
            time: point.start.to_rfc3339_seconds(),
            date: point.start.short_label(),
            requests: counts.requests,
            blocked: counts.blocked,
            allowed: counts.allowed(),
            flagged: counts.flagged,
            enforced: counts.enforced,
            sql: point.group(ThreatGroup::Sql),
            xss: point.group(ThreatGroup::Xss),
            ddos: point.group(ThreatGroup::Ddos),
            other: point.group(ThreatGroup::Other),
            total_requests: counts.requests,
            blocked_requests: counts.blocked,
        }
    }
}
