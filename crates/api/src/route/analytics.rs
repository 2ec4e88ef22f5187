//! Totals, trends and top lists.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};

use crate::ApiState;
use crate::csv;
use crate::envelope::Ranged;
use crate::error::ApiError;
use crate::param::{
    FormatParams, Params, RangeParams, ScoreParams, SeriesParams, SeriesQuery, SummaryParams, TopParams,
};
use crate::path::Variable;
use crate::view::scores::ScoreHistogram;
use crate::view::series::OverviewPoint;
use crate::view::summary::Summary;
use crate::view::top::TopEntry;
use crate::view::trend::{TrendMetric, TrendPoint};

/// The totals of a range.
#[utoipa::path(get, path = "/api/v1/analytics/summary", tag = "analytics", operation_id = "summary",
    params(RangeParams, SummaryParams),
    responses((status = 200, description = "The totals", body = Ranged<Summary>)))]
pub(crate) async fn summary(
    State(api): State<ApiState>,
    params: Params,
) -> Result<Ranged<Summary>, ApiError> {
    let (range, query) = SummaryParams::parse(params)?;
    let summary = api.engine.summary(&range, query.host.as_deref(), query.compare.is_some()).await?;
    Ok(Ranged::new(api.now(), api.window(summary.span, None), Summary::from(&summary)))
}

/// Requests and threats over time.
#[utoipa::path(get, path = "/api/v1/analytics/overview", tag = "analytics", operation_id = "overview",
    params(RangeParams, SeriesParams, FormatParams),
    responses((status = 200, description = "One point per bucket", body = Ranged<Vec<OverviewPoint>>)))]
pub(crate) async fn overview(State(api): State<ApiState>, params: Params) -> Result<Response, ApiError> {
    let query = SeriesQuery::parse_or_csv(params, api.now())?;
    let points = api.engine.series(&query.window, query.host.as_deref()).await?;
    if query.csv {
        let points: Vec<OverviewPoint> = points.iter().map(OverviewPoint::from).collect();
        return csv::whole("overview", OverviewPoint::COLUMNS, &points, api.settings.max_export_rows);
    }
    Ok(query.answer(&api, &points, OverviewPoint::from).into_response())
}

/// One figure over time.
#[utoipa::path(get, path = "/api/v1/analytics/trends/{metric}", tag = "analytics", operation_id = "trend",
    params(
        ("metric" = String, Path,
         description = "requests, blocked, allowed, threats, attack_rate, latency, cpu or memory"),
        RangeParams, SeriesParams),
    responses((status = 200, description = "One point per bucket", body = Ranged<Vec<TrendPoint>>)))]
pub(crate) async fn trend(
    State(api): State<ApiState>,
    Variable(metric): Variable,
    params: Params,
) -> Result<Ranged<Vec<TrendPoint>>, ApiError> {
    let metric = TrendMetric::from_name(&metric)?;
    let query = SeriesQuery::parse(params, api.now())?;
    let points = api.engine.series(&query.window, query.host.as_deref()).await?;
    Ok(query.answer(&api, &points, |point| TrendPoint::of(metric, point)))
}

/// The values of a dimension with the highest counts.
#[utoipa::path(get, path = "/api/v1/analytics/top/{dimension}", tag = "analytics", operation_id = "top",
    params(("dimension" = String, Path, description = "ip, path, host, user_agent, method, status or class"), RangeParams, TopParams),
    responses((status = 200, description = "The highest first", body = Ranged<Vec<TopEntry>>)))]
pub(crate) async fn top(
    State(api): State<ApiState>,
    Variable(dimension): Variable,
    params: Params,
) -> Result<Ranged<Vec<TopEntry>>, ApiError> {
    let query = TopParams::parse(&dimension, params, api.now())?;
    let counts = api.engine.top(query.dimension, query.span, query.values_read()).await?;
    let entries = TopEntry::list(counts, query.by, query.limit);
    Ok(Ranged::new(api.now(), api.window(query.span, None), entries))
}

/// How scores are spread, and what another threshold would have blocked. Counted in whole hours.
#[utoipa::path(get, path = "/api/v1/analytics/scores", tag = "analytics", operation_id = "scores",
    params(RangeParams, ScoreParams),
    responses((status = 200, description = "The histogram", body = Ranged<ScoreHistogram>)))]
pub(crate) async fn scores(
    State(api): State<ApiState>,
    params: Params,
) -> Result<Ranged<ScoreHistogram>, ApiError> {
    let (range, ScoreParams { threshold }) = ScoreParams::parse(params)?;
    let scores = api.engine.scores(&range).await?;
    let histogram = ScoreHistogram::new(&scores, &api.engine, threshold);
    Ok(Ranged::new(api.now(), api.window(scores.span, None), histogram))
}
