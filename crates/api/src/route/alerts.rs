//! What people are told without asking.

use axum::extract::State;
use axum::response::Response;
use bartizan_engine::AuditEvent;
use bartizan_model::{AlertStatus, AuditAction, AuditResource};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::access::By;
use crate::body::OptionalJson;
use crate::envelope::{Done, Listed};
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
    params(PageParams), responses((status = 200, description = "Newest first", body = Listed<Alert>)))]
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

impl AlertAction {
    /// Longest note, in characters.
    const MAX_NOTE: usize = 1_000;

    /// Sets the status, and notes who did and why.
    async fn set(self, api: &ApiState, by: &By, id: i64, status: AlertStatus) -> Result<(), ApiError> {
        self.validate()?;
        let alert = api.engine.set_alert_status(id, status, &by.caller.user.username).await?;
        let description = format!("alert {} {}", alert.title, status.as_str());
        let event = AuditEvent::new(AuditAction::Update, AuditResource::Alert, description).of(id);
        let after = serde_json::json!({ "status": status.as_str(), "note": self.note });
        api.engine.audit(&by.actor(), event.after(after)).await;
        Ok(())
    }

    fn validate(&self) -> Result<(), ApiError> {
        let length = self.note.as_ref().map_or(0, |note| note.chars().count());
        if length > Self::MAX_NOTE {
            return Err(ApiError::validation("note", "must have at most 1000 characters"));
        }
        Ok(())
    }
}
