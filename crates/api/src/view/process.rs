//! Figures of this process since it started (API.md 6.1, bare `/metrics`; 5, `/waf/stats`).

use bartizan_engine::{Engine, ProcessReport};
use serde::Serialize;
use utoipa::ToSchema;

use super::number::{fraction, tenth};

/// The JSON of the bare `/metrics`, over all ways in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProcessMetrics {
    total_requests: u64,
    /// Requests whose action is not `allow`.
    anomalies_detected: u64,
    /// Their fraction of all, 0 to 1.
    anomaly_rate: f64,
    avg_processing_time_ms: f64,
    /// Of the last thousand.
    max_processing_time_ms: f64,
    /// Of the last thousand.
    min_processing_time_ms: f64,
    uptime_seconds: f64,
    /// Memory of this process.
    memory_usage_mb: f64,
    /// Processor time of this process, in percent of the machine's.
    cpu_percent: f64,
}

impl From<&ProcessReport> for ProcessMetrics {
    fn from(report: &ProcessReport) -> Self {
        let judging = &report.judging;
        Self {
            total_requests: judging.requests,
            anomalies_detected: judging.anomalies(),
            anomaly_rate: fraction(judging.anomalies() as f64 / judging.requests.max(1) as f64),
            avg_processing_time_ms: tenth(judging.mean_ms),
            max_processing_time_ms: tenth(judging.max_ms),
            min_processing_time_ms: tenth(judging.min_ms),
            uptime_seconds: tenth(report.uptime_s),
            memory_usage_mb: tenth(report.load.process_memory_bytes as f64 / f64::from(1 << 20)),
            cpu_percent: tenth(report.load.process_cpu_percent),
        }
    }
}

/// What the WAF service did since the start.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WafStats {
    service_available: bool,
    total_requests: u64,
    anomalies_detected: u64,
    average_processing_time_ms: f64,
    threshold: f64,
    model_loaded: bool,
}

impl From<&Engine> for WafStats {
    fn from(engine: &Engine) -> Self {
        let judging = engine.judging();
        Self {
            service_available: true,
            total_requests: judging.requests,
            anomalies_detected: judging.anomalies(),
            average_processing_time_ms: tenth(judging.mean_ms),
            threshold: fraction(engine.model().policy.thresholds.block),
            model_loaded: true,
        }
    }
}
