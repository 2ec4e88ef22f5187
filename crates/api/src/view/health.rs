//! Whether the service can do its work (API.md 6.1).

use bartizan_engine::{Engine, Health};
use serde::Serialize;
use utoipa::ToSchema;

use super::number::fraction;
use super::waf::vocab_size;

/// The answer of `/health`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HealthReport {
    /// `healthy`, `degraded` or `unhealthy`.
    status: &'static str,
    service: &'static str,
    model_loaded: bool,
    /// Seconds since 1970.
    timestamp: f64,
    device: &'static str,
    threshold: f64,
    vocab_size: u64,
    model: String,
}

impl HealthReport {
    /// The report on an engine.
    pub(crate) fn new(engine: &Engine, health: Health) -> Self {
        let model = engine.model();
        Self {
            status: match health {
                Health::Healthy => "healthy",
                Health::Degraded => "degraded",
                Health::Unhealthy => "unhealthy",
            },
            service: "bartizan",
            model_loaded: true,
            timestamp: engine.now().micros() as f64 / 1e6,
            device: "cpu",
            threshold: fraction(model.policy.thresholds.block),
            vocab_size: vocab_size(&model),
            model: model.version().to_owned(),
        }
    }
}

/// The answer of `/health/live`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Liveness {
    status: &'static str,
}

impl Liveness {
    /// A process that answers is alive.
    pub(crate) const ALIVE: Self = Self { status: "alive" };
}
