//! The numbers of the present (API.md 4.1).

use serde::Serialize;
use utoipa::ToSchema;

use super::number::{rate, tenth};

/// What is going on now: the last 24 hours for counts, five minutes for rates and times.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Metrics {
    /// Requests judged in the last 24 hours.
    requests: u64,
    /// Of these, action `block`.
    blocked: u64,
    /// Blocked / requests x 100.
    #[serde(rename = "attackRate")]
    attack_rate: f64,
    /// Mean response time of the last five minutes, in milliseconds.
    #[serde(rename = "responseTime")]
    response_time: f64,
    /// Threats of the last five minutes, per minute.
    #[serde(rename = "threatsPerMinute")]
    threats_per_minute: f64,
    /// Age of the server process in seconds.
    uptime: u64,
    /// Open WebSockets.
    #[serde(rename = "activeConnections")]
    active_connections: u64,
    /// The instant of measurement.
    #[schema(format = DateTime)]
    timestamp: String,
    /// The latest complete minute.
    total_requests: u64,
    blocked_requests: u64,
    allowed_requests: u64,
    /// The last 24 hours: action `flag`.
    flagged: u64,
    /// The last 24 hours: verdicts carried out inline.
    enforced: u64,
    /// Requests behind `responseTime`.
    response_samples: u64,
    /// 99th percentile of judging one request, last five minutes, in milliseconds.
    judge_p99_ms: f64,
    /// The same in microseconds.
    judge_p99_us: f64,
    /// Age in seconds of the newest log line when it was judged; null without log sources.
    ingest_lag_s: Option<f64>,
}

impl From<&bartizan_engine::Metrics> for Metrics {
    fn from(metrics: &bartizan_engine::Metrics) -> Self {
        Self {
            requests: metrics.day.requests,
            blocked: metrics.day.blocked,
            attack_rate: rate(metrics.day.attack_rate_percent()),
            response_time: tenth(metrics.recent.latency_ms()),
            threats_per_minute: tenth(metrics.threats_per_minute()),
            uptime: metrics.uptime_s,
            active_connections: metrics.connections,
            timestamp: metrics.at.to_rfc3339_millis(),
            total_requests: metrics.minute.requests,
            blocked_requests: metrics.minute.blocked,
            allowed_requests: metrics.minute.allowed(),
            flagged: metrics.day.flagged,
            enforced: metrics.day.enforced,
            response_samples: metrics.recent.latency_samples,
            judge_p99_ms: tenth(metrics.judge_p99_ms),
            judge_p99_us: tenth(metrics.judge_p99_ms * 1e3),
            ingest_lag_s: metrics.ingest_lag_s.map(tenth),
        }
    }
}

/// The machine and the latest minute.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Performance {
    /// Processor time in use, in percent.
    cpu: f64,
    /// Memory in use, in percent.
    memory: f64,
    /// Mean response time of the last five minutes, in milliseconds.
    latency: f64,
    requests_per_second: f64,
    /// The instant of measurement.
    #[schema(format = DateTime)]
    timestamp: String,
}

impl From<&bartizan_engine::Performance> for Performance {
    fn from(performance: &bartizan_engine::Performance) -> Self {
        Self {
            cpu: tenth(performance.load.cpu_percent),
            memory: tenth(performance.load.memory_percent),
            latency: tenth(performance.latency_ms),
            requests_per_second: rate(performance.requests_per_second),
            timestamp: performance.at.to_rfc3339_millis(),
        }
    }
}
