//! Whether the product does its work.

use axum::extract::State;
use bartizan_engine::AuditEvent;
use bartizan_model::{AuditAction, AuditResource};

use crate::ApiState;
use crate::access::By;
use crate::envelope::Answer;
use crate::error::ApiError;
use crate::path::Id;
use crate::view::security::{CheckHistory, Compliance, SecurityCheck};

/// Changes that the history shows.
const HISTORY: u32 = 200;

/// Every check with its latest result.
#[utoipa::path(get, path = "/api/v1/security/checks", tag = "security", operation_id = "securityChecks",
    responses((status = 200, description = "The checks", body = Answer<Vec<SecurityCheck>>)))]
pub(crate) async fn checks(State(api): State<ApiState>) -> Result<Answer<Vec<SecurityCheck>>, ApiError> {
    let checks = api.engine.security_checks().await?;
    Ok(Answer::new(api.now(), checks.iter().map(SecurityCheck::from).collect()))
}

/// Runs a check now.
#[utoipa::path(post, path = "/api/v1/security/checks/{id}/run", tag = "security", operation_id = "runSecurityCheck",
    params(("id" = i64, Path)),
    responses((status = 200, description = "The fresh result", body = Answer<SecurityCheck>)))]
pub(crate) async fn run(
    State(api): State<ApiState>,
    by: By,
    Id(id): Id,
) -> Result<Answer<SecurityCheck>, ApiError> {
    let check = api.engine.run_security_check(id).await?;
    let description = format!("security check {} run", check.key);
    let event = AuditEvent::new(AuditAction::Update, AuditResource::Config, description).of(check.key);
    api.engine.audit(&by.actor(), event.after(SecurityCheck::from(&check))).await;
    Ok(Answer::new(api.now(), SecurityCheck::from(&check)))
}

/// What the checks add up to.
#[utoipa::path(get, path = "/api/v1/security/compliance-score", tag = "security", operation_id = "complianceScore",
    responses((status = 200, description = "The score", body = Answer<Compliance>)))]
pub(crate) async fn score(State(api): State<ApiState>) -> Result<Answer<Compliance>, ApiError> {
    let checks = api.engine.security_checks().await?;
    Ok(Answer::new(api.now(), Compliance::of(&checks)))
}

/// When the status of a check changed, newest first.
#[utoipa::path(get, path = "/api/v1/security/history", tag = "security", operation_id = "securityHistory",
    responses((status = 200, description = "The newest changes", body = Answer<Vec<CheckHistory>>)))]
pub(crate) async fn history(State(api): State<ApiState>) -> Result<Answer<Vec<CheckHistory>>, ApiError> {
    let changes = api.engine.check_history(HISTORY).await?;
    Ok(Answer::new(api.now(), changes.into_iter().map(CheckHistory::from).collect()))
}
