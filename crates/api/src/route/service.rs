//! The WAF service at the root: bare JSON, for callers that hold a request and for those that watch us.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bartizan_engine::PolicyChange;
use serde::Deserialize;
use utoipa::ToSchema;

use super::waf::policy_changed;
use crate::ApiState;
use crate::accept::prefers_json_to_text;
use crate::access::By;
use crate::body::JsonBody;
use crate::check::{CheckParams, CheckRequest, Peer};
use crate::error::ApiError;
use crate::param::Params;
use crate::view::check::CheckResult;
use crate::view::exposition::exposition;
use crate::view::process::ProcessMetrics;
use crate::view::waf::{NewThreshold, ServiceConfig, WafConfig};

/// The media type of the text that Prometheus reads.
const EXPOSITION: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The threshold to set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ThresholdUpdate {
    /// Score from which a request is judged worth blocking.
    #[schema(minimum = 0.0, maximum = 1.0)]
    threshold: f64,
}

/// Judges one request and records it, unless told not to.
#[utoipa::path(post, path = "/check", tag = "service", operation_id = "check", params(CheckParams),
    request_body = CheckRequest, responses((status = 200, description = "The verdict", body = CheckResult)))]
pub(crate) async fn check(
    State(api): State<ApiState>,
    peer: Peer,
    params: Params,
    JsonBody(request): JsonBody<CheckRequest>,
) -> Result<Json<CheckResult>, ApiError> {
    let asked = CheckParams::parse(params, true)?;
    Ok(Json(asked.judge_one(&api, &peer, request).await?))
}

/// Judges several requests and records them, unless told not to.
#[utoipa::path(post, path = "/check/batch", tag = "service", operation_id = "checkBatch", params(CheckParams),
    request_body = Vec<CheckRequest>,
    responses((status = 200, description = "The verdicts, in the same order", body = Vec<CheckResult>)))]
pub(crate) async fn check_batch(
    State(api): State<ApiState>,
    peer: Peer,
    params: Params,
    JsonBody(requests): JsonBody<Vec<CheckRequest>>,
) -> Result<Json<Vec<CheckResult>>, ApiError> {
    let asked = CheckParams::parse(params, true)?;
    Ok(Json(asked.judge(&api, &peer, requests).await?))
}

/// Figures since the start: text for Prometheus, or JSON where `Accept` prefers it.
#[utoipa::path(get, path = "/metrics", tag = "service", operation_id = "serviceMetrics",
    responses((status = 200, description = "The figures",
        content((String = "text/plain"), (ProcessMetrics = "application/json")))))]
pub(crate) async fn metrics(State(api): State<ApiState>, headers: HeaderMap) -> Response {
    let figures = api.engine.process();
    if prefers_json_to_text(&headers) {
        return Json(ProcessMetrics::from(&figures)).into_response();
    }
    ([(header::CONTENT_TYPE, EXPOSITION)], exposition(&api.engine, &figures)).into_response()
}

/// Sets the threshold: in force for the next request, kept for the next start.
#[utoipa::path(post, path = "/update-threshold", tag = "service", operation_id = "updateThreshold",
    request_body = ThresholdUpdate, responses((status = 200, description = "It is in force", body = NewThreshold)))]
pub(crate) async fn update_threshold(
    State(api): State<ApiState>,
    by: By,
    JsonBody(update): JsonBody<ThresholdUpdate>,
) -> Result<Json<NewThreshold>, ApiError> {
    let threshold = crate::param::threshold("threshold", update.threshold)?;
    let change = PolicyChange { threshold: Some(threshold), ..PolicyChange::default() };
    let before = WafConfig::from(&api.engine);
    api.engine.set_policy(change).await?;
    let event = policy_changed(&before, &WafConfig::from(&api.engine));
    api.engine.audit(&by.actor(), event).await;
    Ok(Json(NewThreshold::of(&api.engine)))
}

/// The configuration of the WAF service.
#[utoipa::path(get, path = "/config", tag = "service", operation_id = "serviceConfig",
    responses((status = 200, description = "The configuration", body = ServiceConfig)))]
pub(crate) async fn config(State(api): State<ApiState>) -> Json<ServiceConfig> {
    Json(ServiceConfig::new(&api.engine, api.settings.deadline))
}
