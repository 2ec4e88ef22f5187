//! Metrics over time (API.md 4.1, history point).

use bartizan_engine::SeriesPoint;
use serde::Serialize;
use utoipa::ToSchema;

use super::number::{rate, tenth};

/// The fields of `Metrics`, taken over one bucket.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HistoryPoint {
    /// Start of the bucket.
    #[schema(format = DateTime)]
    time: String,
    /// Short label, MM-DD HH:MM in UTC.
    date: String,
    requests: u64,
    blocked: u64,
    #[serde(rename = "attackRate")]
    attack_rate: f64,
    #[serde(rename = "responseTime")]
    response_time: f64,
    #[serde(rename = "threatsPerMinute")]
    threats_per_minute: f64,
    uptime: u64,
    #[serde(rename = "activeConnections")]
    active_connections: u64,
    #[schema(format = DateTime)]
    timestamp: String,
    total_requests: u64,
    blocked_requests: u64,
    allowed_requests: u64,
    flagged: u64,
    enforced: u64,
    response_samples: u64,
    judge_p99_ms: f64,
    /// Mean and 99th percentile of judging one request, in microseconds: it takes a few, which is no tenth of a millisecond.
    judge_mean_us: f64,
    judge_p99_us: f64,
    ingest_lag_s: Option<f64>,
    /// For existing clients, as the members below.
    #[serde(rename = "attack_rate")]
    attack_rate_compat: f64,
    #[serde(rename = "threats_per_minute")]
    threats_per_minute_compat: f64,
    avg_response_time: f64,
    /// Mean time of judging one request, in milliseconds.
    avg_processing_time: f64,
    cpu_usage: f64,
    memory_usage: f64,
    #[serde(rename = "active_connections")]
    active_connections_compat: u64,
    uptime_seconds: u64,
}

impl From<&SeriesPoint> for HistoryPoint {
    fn from(point: &SeriesPoint) -> Self {
        let counts = &point.bucket.counts;
        let system = point.system.unwrap_or_default();
        let attack_rate = rate(counts.attack_rate_percent());
        let response_time = tenth(counts.latency_ms());
        let threats_per_minute = tenth(counts.threats() as f64 / (point.width_s.max(1) as f64 / 60.0));
        Self {
            time: point.start.to_rfc3339_seconds(),
            date: point.start.short_label(),
            requests: counts.requests,
            blocked: counts.blocked,
            attack_rate,
            response_time,
            threats_per_minute,
            uptime: system.uptime_s,
            active_connections: system.connections,
            timestamp: point.start.to_rfc3339_seconds(),
            total_requests: counts.requests,
            blocked_requests: counts.blocked,
            allowed_requests: counts.allowed(),
            flagged: counts.flagged,
            enforced: counts.enforced,
            response_samples: counts.latency_samples,
            judge_p99_ms: tenth(system.judge_p99_ms),
            judge_mean_us: tenth(system.judge_mean_ms * 1e3),
            judge_p99_us: tenth(system.judge_p99_ms * 1e3),
            ingest_lag_s: system.ingest_lag_s.map(tenth),
            attack_rate_compat: attack_rate,
            threats_per_minute_compat: threats_per_minute,
            avg_response_time: response_time,
            avg_processing_time: tenth(system.judge_mean_ms),
            cpu_usage: tenth(system.cpu_percent),
            memory_usage: tenth(system.memory_percent),
            active_connections_compat: system.connections,
            uptime_seconds: system.uptime_s,
        }
    }
}
