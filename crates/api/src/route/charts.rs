//! Series for charts.

use axum::extract::State;

use crate::ApiState;
use crate::envelope::Ranged;
use crate::error::ApiError;
use crate::param::{Params, RangeParams, SeriesParams, SeriesQuery};
use crate::view::series::{PerformancePoint, RequestsPoint, ThreatsPoint};

/// Requests over time.
#[utoipa::path(get, path = "/api/v1/charts/requests", tag = "charts", operation_id = "requestsChart",
    params(RangeParams, SeriesParams),
    responses((status = 200, description = "One point per bucket", body = Ranged<Vec<RequestsPoint>>)))]
pub(crate) async fn requests(
    State(api): State<ApiState>,
    params: Params,
) -> Result<Ranged<Vec<RequestsPoint>>, ApiError> {
    let query = SeriesQuery::parse(params, api.now())?;
    let points = api.engine.series(&query.window, query.host.as_deref()).await?;
    Ok(query.answer(&api, &points, RequestsPoint::from))
}

/// Threats over time.
#[utoipa::path(get, path = "/api/v1/charts/threats", tag = "charts", operation_id = "threatsChart",
    params(RangeParams, SeriesParams),
    responses((status = 200, description = "One point per bucket", body = Ranged<Vec<ThreatsPoint>>)))]
pub(crate) async fn threats(
    State(api): State<ApiState>,
    params: Params,
) -> Result<Ranged<Vec<ThreatsPoint>>, ApiError> {
    let query = SeriesQuery::parse(params, api.now())?;
    let points = api.engine.series(&query.window, query.host.as_deref()).await?;
    Ok(query.answer(&api, &points, ThreatsPoint::from))
}

/// Response times and load over time.
#[utoipa::path(get, path = "/api/v1/charts/performance", tag = "charts", operation_id = "performanceChart",
    params(RangeParams, SeriesParams),
    responses((status = 200, description = "One point per bucket", body = Ranged<Vec<PerformancePoint>>)))]
pub(crate) async fn performance(
    State(api): State<ApiState>,
    params: Params,
) -> Result<Ranged<Vec<PerformancePoint>>, ApiError> {
    let query = SeriesQuery::parse(params, api.now())?;
    let points = api.engine.series(&query.window, query.host.as_deref()).await?;
    Ok(query.answer(&api, &points, PerformancePoint::from))
}
