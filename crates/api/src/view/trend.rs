//! One figure over time (API.md 5, `analytics/trends`).

use bartizan_engine::SeriesPoint;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiError;

use super::number::{rate, tenth};

/// A figure that can be followed over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TrendMetric {
    Requests,
    Blocked,
    Allowed,
    Threats,
    AttackRate,
    Latency,
    Cpu,
    Memory,
}

impl TrendMetric {
    /// The metric of that name.
    pub(crate) fn from_name(name: &str) -> Result<Self, ApiError> {
        Ok(match name {
            "requests" => Self::Requests,
            "blocked" => Self::Blocked,
            "allowed" => Self::Allowed,
            "threats" => Self::Threats,
            "attack_rate" => Self::AttackRate,
            "latency" => Self::Latency,
            "cpu" => Self::Cpu,
            "memory" => Self::Memory,
            _ => return Err(ApiError::not_found("there is no such trend metric")),
        })
    }
}

/// One bucket of a trend.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TrendPoint {
    /// Start of the bucket.
    #[schema(format = DateTime)]
    time: String,
    /// Short label, MM-DD HH:MM in UTC.
    date: String,
    value: f64,
    /// Observations behind the value; 0 is a gap.
    samples: u64,
}

impl TrendPoint {
    /// The point of one metric.
    pub(crate) fn of(metric: TrendMetric, point: &SeriesPoint) -> Self {
        let counts = &point.bucket.counts;
        let system = point.system.unwrap_or_default();
        let measured = u64::from(point.system.is_some());
        let (value, samples) = match metric {
            TrendMetric::Requests => (counts.requests as f64, counts.requests),
            TrendMetric::Blocked => (counts.blocked as f64, counts.requests),
            TrendMetric::Allowed => (counts.allowed() as f64, counts.requests),
            TrendMetric::Threats => (counts.threats() as f64, counts.requests),
            TrendMetric::AttackRate => (rate(counts.attack_rate_percent()), counts.requests),
            TrendMetric::Latency => (tenth(counts.latency_ms()), counts.latency_samples),
            TrendMetric::Cpu => (tenth(system.cpu_percent), measured),
            TrendMetric::Memory => (tenth(system.memory_percent), measured),
        };
        Self { time: point.start.to_rfc3339_seconds(), date: point.start.short_label(), value, samples }
    }
}
