//! Whether the service can do its work.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use bartizan_engine::Health;

use crate::ApiState;
use crate::view::health::{HealthReport, Liveness};

/// Whether the store answers, a model is loaded, and the log sources are well.
#[utoipa::path(get, path = "/health", tag = "service", operation_id = "health",
    responses((status = 200, description = "Healthy or degraded", body = HealthReport),
        (status = 503, description = "Unhealthy", body = HealthReport)))]
pub(crate) async fn health(State(api): State<ApiState>) -> (StatusCode, Json<HealthReport>) {
    let health = api.engine.health().await;
    let status = if health == Health::Unhealthy { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    (status, Json(HealthReport::new(&api.engine, health)))
}

/// Whether the store answers and a model is loaded, for probes: what answers 503 should get no requests.
#[utoipa::path(get, path = "/health/ready", tag = "service", operation_id = "readiness",
    responses((status = 200, description = "Healthy or degraded", body = HealthReport),
        (status = 503, description = "Unhealthy", body = HealthReport)))]
pub(crate) async fn ready(api: State<ApiState>) -> (StatusCode, Json<HealthReport>) {
    health(api).await
}

/// Whether the process runs.
#[utoipa::path(get, path = "/health/live", tag = "service", operation_id = "liveness",
    responses((status = 200, description = "Alive", body = Liveness)))]
pub(crate) async fn live() -> Json<Liveness> {
    Json(Liveness::ALIVE)
}
