//! The numbers of the present and of the past.

use axum::extract::State;

use crate::ApiState;
use crate::envelope::{Answer, Ranged};
use crate::error::ApiError;
use crate::param::{HostParams, Params, RangeParams, SeriesParams, SeriesQuery};
use crate::view::history::HistoryPoint;
use crate::view::metrics::Metrics;

/// The numbers of the present.
#[utoipa::path(get, path = "/api/v1/metrics/realtime", tag = "metrics", operation_id = "realtimeMetrics",
    params(HostParams), responses((status = 200, description = "The numbers", body = Answer<Metrics>)))]
pub(crate) async fn realtime(
    State(api): State<ApiState>,
    params: Params,
) -> Result<Answer<Metrics>, ApiError> {
    let HostParams { host } = HostParams::only(params)?;
    let metrics = api.engine.metrics(host.as_deref()).await?;
    Ok(Answer::new(api.now(), Metrics::from(&metrics)))
}

/// The numbers over time.
#[utoipa::path(get, path = "/api/v1/metrics/historical", tag = "metrics", operation_id = "historicalMetrics",
    params(RangeParams, SeriesParams),
    responses((status = 200, description = "One point per bucket", body = Ranged<Vec<HistoryPoint>>)))]
pub(crate) async fn historical(
    State(api): State<ApiState>,
    params: Params,
) -> Result<Ranged<Vec<HistoryPoint>>, ApiError> {
    let query = SeriesQuery::parse(params, api.now())?;
    let points = api.engine.series(&query.window, query.host.as_deref()).await?;
    Ok(query.answer(&api, &points, HistoryPoint::from))
}
