//! What people are told without asking.

use axum::extract::State;
use axum::response::Response;
use bartizan_engine::AuditEvent;
use bartizan_model::{AlertStatus, AuditAction, AuditResource};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ApiState;
use crate::access::By;
use crate::body::{JsonBody, OptionalJson};
use crate::envelope::{Answer, Done, Listed};
use crate::error::ApiError;
use crate::param::{
    AlertFilterParams, FilterScope, FormatParams, PageParams, Params, RangeParams, alert_list,
};
use crate::path::Id;
use crate::view::Alert;

/// Why an alert was acknowledged or dismissed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlertAction {
    #[serde(default)]
    note: Option<String>,
}

/// Open and acknowledged alerts.
#[utoipa::path(get, path = "/api/v1/alerts/active", tag = "alerts", operation_id = "activeAlerts",
    params(PageParams, AlertFilterParams),
    responses((status = 200, description = "Newest first, or gravest first", body = Listed<Alert>)))]
pub(crate) async fn active(State(api): State<ApiState>, params: Params) -> Result<Response, ApiError> {
    let query = alert_list(params, api.list_kind("alerts", FilterScope::None, 100).recent(), api.now())?;
    query.answer::<Alert>(api).await
}

/// Alerts of every status.
#[utoipa::path(get, path = "/api/v1/alerts/history", tag = "alerts", operation_id = "alertHistory",
    params(RangeParams, PageParams, FormatParams, AlertFilterParams),
    responses((status = 200, description = "Newest first", body = Listed<Alert>)))]
pub(crate) async fn history(State(api): State<ApiState>, params: Params) -> Result<Response, ApiError> {
    let query = alert_list(params, api.list_kind("alerts", FilterScope::Alerts, 500), api.now())?;
    query.answer::<Alert>(api).await
}

/// Dismisses an alert; repeating it is no error.
#[utoipa::path(post, path = "/api/v1/alerts/{id}/dismiss", tag = "alerts", operation_id = "dismissAlert",
    params(("id" = i64, Path)), request_body = Option<AlertAction>,
    responses((status = 200, description = "Dismissed", body = Done)))]
pub(crate) async fn dismiss(
    State(api): State<ApiState>,
    by: By,
    Id(id): Id,
    OptionalJson(action): OptionalJson<AlertAction>,
) -> Result<Done, ApiError> {
    action.set(&api, &by, id, AlertStatus::Dismissed).await?;
    Ok(Done::new(api.now(), "alert dismissed"))
}

/// Acknowledges an alert; repeating it is no error.
#[utoipa::path(post, path = "/api/v1/alerts/{id}/acknowledge", tag = "alerts", operation_id = "acknowledgeAlert",
    params(("id" = i64, Path)), request_body = Option<AlertAction>,
    responses((status = 200, description = "Acknowledged", body = Done)))]
pub(crate) async fn acknowledge(
    State(api): State<ApiState>,
    by: By,
    Id(id): Id,
    OptionalJson(action): OptionalJson<AlertAction>,
) -> Result<Done, ApiError> {
    action.set(&api, &by, id, AlertStatus::Acknowledged).await?;
    Ok(Done::new(api.now(), "alert acknowledged"))
}

/// Opens an alert again that was acknowledged or dismissed: the way back from both.
#[utoipa::path(post, path = "/api/v1/alerts/{id}/reopen", tag = "alerts", operation_id = "reopenAlert",
    params(("id" = i64, Path)), request_body = Option<AlertAction>,
    responses((status = 200, description = "Open again", body = Done)))]
pub(crate) async fn reopen(
    State(api): State<ApiState>,
    by: By,
    Id(id): Id,
    OptionalJson(action): OptionalJson<AlertAction>,
) -> Result<Done, ApiError> {
    action.set(&api, &by, id, AlertStatus::Open).await?;
    Ok(Done::new(api.now(), "alert reopened"))
}

/// What to do with many alerts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlertBulk {
    /// At most a thousand.
    ids: Vec<i64>,
    action: BulkAction,
    #[serde(default)]
    note: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum BulkAction {
    Acknowledge,
    Dismiss,
    Resolve,
    Reopen,
}

/// What became of many alerts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertBulkResult {
    /// The alerts as they are now.
    alerts: Vec<Alert>,
    /// Ids that name no alert.
    unknown: Vec<i64>,
}

/// Acknowledges, dismisses, resolves or reopens many alerts at once; ids that name none are told and are no error.
#[utoipa::path(post, path = "/api/v1/alerts/bulk", tag = "alerts", operation_id = "bulkAlerts",
    request_body = AlertBulk, responses((status = 200, description = "Done", body = Answer<AlertBulkResult>)))]
pub(crate) async fn bulk(
    State(api): State<ApiState>,
    by: By,
    JsonBody(bulk): JsonBody<AlertBulk>,
) -> Result<Answer<AlertBulkResult>, ApiError> {
    if bulk.ids.is_empty() || bulk.ids.len() > MAX_BULK {
        return Err(ApiError::validation("ids", "must name between 1 and 1000 alerts"));
    }
    check_note(bulk.note.as_deref())?;
    let status = match bulk.action {
        BulkAction::Acknowledge => AlertStatus::Acknowledged,
        BulkAction::Dismiss => AlertStatus::Dismissed,
        BulkAction::Resolve => AlertStatus::Resolved,
        BulkAction::Reopen => AlertStatus::Open,
    };
    let note = bulk.note.as_deref();
    let done = api.engine.set_alert_status(&bulk.ids, status, &by.caller.user.username, note).await?;
    for (alert, before) in done.alerts.iter().zip(&done.before) {
        audit(&api, &by, alert, before, note).await;
    }
    let alerts = done.alerts.iter().map(Alert::from).collect();
    Ok(Answer::new(api.now(), AlertBulkResult { alerts, unknown: done.unknown }))
}

/// Alerts of one bulk action at most.
const MAX_BULK: usize = 1_000;

/// Longest note, in characters.
const MAX_NOTE: usize = 1_000;

pub(super) fn check_note(note: Option<&str>) -> Result<(), ApiError> {
    if note.is_some_and(|note| note.chars().count() > MAX_NOTE) {
        return Err(ApiError::validation("note", "must have at most 1000 characters"));
    }
    Ok(())
}

impl AlertAction {
    /// Sets the status, and notes who did and why.
    async fn set(&self, api: &ApiState, by: &By, id: i64, status: AlertStatus) -> Result<(), ApiError> {
        let note = self.note.as_deref();
        check_note(note)?;
        let done = api.engine.set_alert_status(&[id], status, &by.caller.user.username, note).await?;
        let (Some(alert), Some(before)) = (done.alerts.first(), done.before.first()) else {
            return Err(ApiError::not_found(format!("no alert {id}")));
        };
        audit(api, by, alert, before, note).await;
        Ok(())
    }
}

/// Notes in the audit log who handled an alert, and why.
async fn audit(
    api: &ApiState,
    by: &By,
    alert: &bartizan_model::Alert,
    before: &bartizan_model::Alert,
    note: Option<&str>,
) {
    let description = format!("alert {} {}", alert.title, alert.status.as_str());
    let event = AuditEvent::new(AuditAction::Update, AuditResource::Alert, description).of(alert.id);
    let was = serde_json::json!({
        "status": before.status.as_str(), "note": &before.note, "handled_by": &before.handled_by,
    });
    let after = serde_json::json!({ "status": alert.status.as_str(), "note": note });
    api.engine.audit(&by.actor(), event.before(was).after(after)).await;
}
