//! What was done, and by whom.

use axum::extract::State;
use axum::response::Response;

use crate::ApiState;
use crate::envelope::{Answer, Listed};
use crate::error::ApiError;
use crate::param::{AuditFilterParams, FilterScope, FormatParams, PageParams, Params, audit_list};
use crate::path::Id;
use crate::view::audit::Audit;

/// What was done.
#[utoipa::path(get, path = "/api/v1/audit/logs", tag = "audit", operation_id = "auditLog",
    params(AuditFilterParams, PageParams, FormatParams),
    responses((status = 200, description = "Newest first", body = Listed<Audit>)))]
pub(crate) async fn list(State(api): State<ApiState>, params: Params) -> Result<Response, ApiError> {
    let query = audit_list(params, api.list_kind("audit", FilterScope::Audit, 100).recent(), api.now())?;
    query.answer::<Audit>(api).await
}

/// One entry.
#[utoipa::path(get, path = "/api/v1/audit/logs/{id}", tag = "audit", operation_id = "auditEntry",
    params(("id" = i64, Path)), responses((status = 200, description = "The entry", body = Answer<Audit>)))]
pub(crate) async fn entry(State(api): State<ApiState>, Id(id): Id) -> Result<Answer<Audit>, ApiError> {
    let entry = api.engine.access().audit_entry(id).await?;
    Ok(Answer::new(api.now(), Audit::from(&entry)))
}
