//! Verdicts on demand, and what decides about them.

use axum::Json;
use axum::extract::State;

use crate::ApiState;
use crate::body::JsonBody;
use crate::check::{CheckParams, CheckRequest, Peer};
use crate::envelope::Answer;
use crate::error::ApiError;
use crate::param::Params;
use crate::view::check::CheckResult;
use crate::view::waf::{ModelInfo, ServiceConfig, WafConfig};

/// Judges one request; not recorded unless asked.
#[utoipa::path(post, path = "/api/v1/waf/check", tag = "waf", operation_id = "wafCheck", params(CheckParams),
    request_body = CheckRequest,
    responses((status = 200, description = "The verdict", body = Answer<CheckResult>)))]
pub(crate) async fn check(
    State(api): State<ApiState>,
    peer: Peer,
    params: Params,
    JsonBody(request): JsonBody<CheckRequest>,
) -> Result<Answer<CheckResult>, ApiError> {
    let asked = CheckParams::parse(params, false)?;
    Ok(Answer::new(api.now(), asked.judge_one(&api, &peer, request).await?))
}

/// Judges several requests; not recorded unless asked.
#[utoipa::path(post, path = "/api/v1/waf/check/batch", tag = "waf", operation_id = "wafCheckBatch",
    params(CheckParams), request_body = Vec<CheckRequest>,
    responses((status = 200, description = "The verdicts, in the same order", body = Answer<Vec<CheckResult>>)))]
pub(crate) async fn check_batch(
    State(api): State<ApiState>,
    peer: Peer,
    params: Params,
    JsonBody(requests): JsonBody<Vec<CheckRequest>>,
) -> Result<Answer<Vec<CheckResult>>, ApiError> {
    let asked = CheckParams::parse(params, false)?;
    Ok(Answer::new(api.now(), asked.judge(&api, &peer, requests).await?))
}

/// Judges one request and records it, unless told not to.
#[utoipa::path(post, path = "/check", tag = "service", operation_id = "check", params(CheckParams),
    request_body = CheckRequest, responses((status = 200, description = "The verdict", body = CheckResult)))]
pub(crate) async fn service_check(
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
pub(crate) async fn service_check_batch(
    State(api): State<ApiState>,
    peer: Peer,
    params: Params,
    JsonBody(requests): JsonBody<Vec<CheckRequest>>,
) -> Result<Json<Vec<CheckResult>>, ApiError> {
    let asked = CheckParams::parse(params, true)?;
    Ok(Json(asked.judge(&api, &peer, requests).await?))
}

/// Thresholds and mode.
#[utoipa::path(get, path = "/api/v1/waf/config", tag = "waf", operation_id = "wafConfig",
    responses((status = 200, description = "What decides", body = Answer<WafConfig>)))]
pub(crate) async fn config(State(api): State<ApiState>) -> Answer<WafConfig> {
    Answer::new(api.now(), WafConfig::from(&api.engine))
}

/// The model that scores requests.
#[utoipa::path(get, path = "/api/v1/waf/model-info", tag = "waf", operation_id = "modelInfo",
    responses((status = 200, description = "The model", body = Answer<ModelInfo>)))]
pub(crate) async fn model_info(State(api): State<ApiState>) -> Answer<ModelInfo> {
    Answer::new(api.now(), ModelInfo::from(&api.engine))
}

/// The configuration of the WAF service.
#[utoipa::path(get, path = "/config", tag = "service", operation_id = "serviceConfig",
    responses((status = 200, description = "The configuration", body = ServiceConfig)))]
pub(crate) async fn service_config(State(api): State<ApiState>) -> Json<ServiceConfig> {
    Json(ServiceConfig::new(&api.engine, api.settings.deadline))
}
