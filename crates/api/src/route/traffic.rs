//! Judged requests.

use axum::extract::State;
use axum::response::Response;
use bartizan_engine::EndpointFilter;

use crate::ApiState;
use crate::envelope::{Answer, Listed};
use crate::error::ApiError;
use crate::param::{FilterParams, FilterScope, FormatParams, PageParams, Params, RangeParams, list};
use crate::path::{Id, Variable};
use crate::view::Traffic;
use crate::view::detail::TrafficDetail;

/// The newest requests.
#[utoipa::path(get, path = "/api/v1/traffic/recent", tag = "traffic", operation_id = "recentTraffic",
    params(PageParams, FormatParams, FilterParams, RangeParams),
    responses((status = 200, description = "Newest first", body = Listed<Traffic>)))]
pub(crate) async fn recent(State(api): State<ApiState>, params: Params) -> Result<Response, ApiError> {
    let kind = api.list_kind("traffic/recent", FilterScope::Requests, 50).recent();
    let query = list(params, kind, api.now())?;
    query.answer::<Traffic>(api).await
}

/// The requests of a range.
#[utoipa::path(get, path = "/api/v1/traffic", tag = "traffic", operation_id = "traffic",
    params(RangeParams, PageParams, FormatParams, FilterParams),
    responses((status = 200, description = "Newest first", body = Listed<Traffic>)))]
pub(crate) async fn range(State(api): State<ApiState>, params: Params) -> Result<Response, ApiError> {
    let query = list(params, api.list_kind("traffic", FilterScope::Requests, 500), api.now())?;
    query.answer::<Traffic>(api).await
}

/// The requests of one endpoint: those whose target or path is exactly the variable.
#[utoipa::path(get, path = "/api/v1/traffic/endpoint/{*endpoint}", tag = "traffic", operation_id = "endpointTraffic",
    params(("endpoint" = String, Path, description = "Target or path, percent-encoded"),
        RangeParams, PageParams, FormatParams, FilterParams),
    responses((status = 200, description = "Newest first", body = Listed<Traffic>)))]
pub(crate) async fn endpoint(
    State(api): State<ApiState>,
    Variable(endpoint): Variable,
    params: Params,
) -> Result<Response, ApiError> {
    let kind = api.list_kind("traffic/endpoint", FilterScope::Requests, 500);
    let mut query = list(params.bound_to(&endpoint), kind, api.now())?;
    query.filter.endpoint = Some(EndpointFilter::Either(endpoint));
    query.answer::<Traffic>(api).await
}

/// One request with everything that is known of it.
#[utoipa::path(get, path = "/api/v1/traffic/{id}", tag = "traffic", operation_id = "trafficDetail",
    params(("id" = i64, Path)),
    responses((status = 200, description = "The request", body = Answer<TrafficDetail>)))]
pub(crate) async fn detail(
    State(api): State<ApiState>,
    Id(id): Id,
) -> Result<Answer<TrafficDetail>, ApiError> {
    let detail = api.engine.traffic_detail(id).await?;
    Ok(Answer::new(api.now(), detail.into()))
}
