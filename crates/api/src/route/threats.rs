//! Requests that were not simply allowed.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use bartizan_model::ThreatClass;

use crate::ApiState;
use crate::envelope::{Answer, Listed, Ranged};
use crate::error::ApiError;
use crate::param::{
    FilterParams, FilterScope, FormatParams, HostParams, PageParams, Params, RangeParams, SummaryParams, list,
};
use crate::path::{Id, Variable};
use crate::view::Threat;
use crate::view::detail::ThreatDetail;
use crate::view::summary::threat_types;

/// The newest threats.
#[utoipa::path(get, path = "/api/v1/threats/recent", tag = "threats", operation_id = "recentThreats",
    params(PageParams, FormatParams, FilterParams, RangeParams),
    responses((status = 200, description = "Newest first", body = Listed<Threat>)))]
pub(crate) async fn recent(State(api): State<ApiState>, params: Params) -> Result<Response, ApiError> {
    let query = list(params, api.list_kind("threats", FilterScope::Requests, 20).recent(), api.now())?;
    query.answer::<Threat>(api).await
}

/// The threats of a range.
#[utoipa::path(get, path = "/api/v1/threats", tag = "threats", operation_id = "threats",
    params(RangeParams, PageParams, FormatParams, FilterParams),
    responses((status = 200, description = "Newest first", body = Listed<Threat>)))]
pub(crate) async fn range(State(api): State<ApiState>, params: Params) -> Result<Response, ApiError> {
    let query = list(params, api.list_kind("threats", FilterScope::Requests, 500), api.now())?;
    query.answer::<Threat>(api).await
}

/// The threats of one class, by its display name or its stable name.
#[utoipa::path(get, path = "/api/v1/threats/type/{type}", tag = "threats", operation_id = "threatsOfType",
    params(("type" = String, Path, description = "Display name or class, ignoring case"),
        RangeParams, PageParams, FormatParams, FilterParams),
    responses((status = 200, description = "Newest first", body = Listed<Threat>)))]
pub(crate) async fn of_type(
    State(api): State<ApiState>,
    Variable(name): Variable,
    params: Params,
) -> Result<Response, ApiError> {
    let class = ThreatClass::from_any_name(&name);
    let class = class.ok_or_else(|| ApiError::not_found("there is no such threat type"))?;
    let kind = api.list_kind("threats", FilterScope::Requests, 500);
    let mut query = list(params.bound_to(class.as_str()), kind, api.now())?;
    query.filter.class = vec![class];
    query.answer::<Threat>(api).await
}

/// Threats per display name, those that occurred.
#[utoipa::path(get, path = "/api/v1/threats/stats", tag = "threats", operation_id = "threatStats",
    params(RangeParams, HostParams),
    responses((status = 200, description = "Counts", body = Ranged<BTreeMap<String, u64>>)))]
pub(crate) async fn stats(
    State(api): State<ApiState>,
    params: Params,
) -> Result<Ranged<BTreeMap<&'static str, u64>>, ApiError> {
    let (range, host) = SummaryParams::range_and_host(params)?;
    let summary = api.engine.summary(&range, host.as_deref(), false).await?;
    Ok(Ranged::new(api.now(), api.window(summary.span, None), threat_types(&summary.total.classes)))
}

/// One threat with everything that is known of it.
#[utoipa::path(get, path = "/api/v1/threats/{id}", tag = "threats", operation_id = "threatDetail",
    params(("id" = i64, Path)),
    responses((status = 200, description = "The threat", body = Answer<ThreatDetail>)))]
pub(crate) async fn detail(
    State(api): State<ApiState>,
    Id(id): Id,
) -> Result<Answer<ThreatDetail>, ApiError> {
    let detail = api.engine.threat_detail(id).await?;
    Ok(Answer::new(api.now(), detail.into()))
}
