//! Verdicts on demand, and what decides about them.

use axum::extract::State;
use bartizan_engine::AuditEvent;
use bartizan_model::{AuditAction, AuditResource};

use crate::ApiState;
use crate::access::By;
use crate::body::{JsonBody, OptionalJson};
use crate::check::{CheckParams, CheckRequest, Peer};
use crate::envelope::Answer;
use crate::error::ApiError;
use crate::param::{Params, PolicyUpdate, ThresholdParams};
use crate::view::check::CheckResult;
use crate::view::process::WafStats;
use crate::view::waf::{ModelInfo, WafConfig};

/// Judges one request; not recorded unless asked.
#[utoipa::path(post, path = "/api/v1/waf/check", tag = "waf", operation_id = "wafCheck", params(CheckParams),
    request_body = CheckRequest,
    responses((status = 200, description = "The verdict", body = Answer<CheckResult>)))]
pub(crate) async fn check(
    State(api): State<ApiState>,
    by: By,
    peer: Peer,
    params: Params,
    JsonBody(request): JsonBody<CheckRequest>,
) -> Result<Answer<CheckResult>, ApiError> {
    let asked = CheckParams::parse(params, false)?.permitted(&by)?;
    Ok(Answer::new(api.now(), asked.judge_one(&api, &peer, request).await?))
}

/// Judges several requests; not recorded unless asked.
#[utoipa::path(post, path = "/api/v1/waf/check/batch", tag = "waf", operation_id = "wafCheckBatch",
    params(CheckParams), request_body = Vec<CheckRequest>,
    responses((status = 200, description = "The verdicts, in the same order", body = Answer<Vec<CheckResult>>)))]
pub(crate) async fn check_batch(
    State(api): State<ApiState>,
    by: By,
    peer: Peer,
    params: Params,
    JsonBody(requests): JsonBody<Vec<CheckRequest>>,
) -> Result<Answer<Vec<CheckResult>>, ApiError> {
    let asked = CheckParams::parse(params, false)?.permitted(&by)?;
    Ok(Answer::new(api.now(), asked.judge(&api, &peer, requests).await?))
}

/// Thresholds and mode.
#[utoipa::path(get, path = "/api/v1/waf/config", tag = "waf", operation_id = "wafConfig",
    responses((status = 200, description = "What decides", body = Answer<WafConfig>)))]
pub(crate) async fn config(State(api): State<ApiState>) -> Answer<WafConfig> {
    Answer::new(api.now(), WafConfig::from(&api.engine))
}

/// Sets thresholds and mode: in force for the next request, kept for the next start.
#[utoipa::path(put, path = "/api/v1/waf/config", tag = "waf", operation_id = "setWafConfig",
    params(ThresholdParams), request_body = Option<PolicyUpdate>,
    responses((status = 200, description = "What decides now", body = Answer<WafConfig>)))]
pub(crate) async fn set_config(
    State(api): State<ApiState>,
    by: By,
    params: Params,
    OptionalJson(update): OptionalJson<PolicyUpdate>,
) -> Result<Answer<WafConfig>, ApiError> {
    let before = WafConfig::from(&api.engine);
    api.engine.set_policy(update.change(params)?).await?;
    let after = WafConfig::from(&api.engine);
    api.engine.audit(&by.actor(), policy_changed(&before, &after)).await;
    Ok(Answer::new(api.now(), after))
}

/// What was judged since the start.
#[utoipa::path(get, path = "/api/v1/waf/stats", tag = "waf", operation_id = "wafStats",
    responses((status = 200, description = "The figures", body = Answer<WafStats>)))]
pub(crate) async fn stats(State(api): State<ApiState>) -> Answer<WafStats> {
    Answer::new(api.now(), WafStats::from(&api.engine))
}

/// The model that scores requests.
#[utoipa::path(get, path = "/api/v1/waf/model-info", tag = "waf", operation_id = "modelInfo",
    responses((status = 200, description = "The model", body = Answer<ModelInfo>)))]
pub(crate) async fn model_info(State(api): State<ApiState>) -> Answer<ModelInfo> {
    Answer::new(api.now(), ModelInfo::from(&api.engine))
}

/// What is noted when thresholds or mode are changed, whichever route was taken.
pub(crate) fn policy_changed(before: &WafConfig, after: &WafConfig) -> AuditEvent {
    AuditEvent::new(AuditAction::ConfigChange, AuditResource::Config, after.changed_from(before))
        .of("policy")
        .before(before)
        .after(after)
}
