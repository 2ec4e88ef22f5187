//! The feed.

use axum::extract::State;
use axum::response::Response;

use crate::ApiState;
use crate::envelope::Listed;
use crate::error::ApiError;
use crate::param::{
    FeedFilterParams, FilterScope, FormatParams, PageParams, Params, RangeParams, SystemEventFilterParams,
    list, system_event_list,
};
use crate::view::Activity;
use crate::view::system_event::SystemEvent;

/// The newest lines of the feed.
#[utoipa::path(get, path = "/api/v1/activities/recent", tag = "activities", operation_id = "recentActivities",
    params(PageParams, FormatParams, FeedFilterParams, RangeParams),
    responses((status = 200, description = "Newest first", body = Listed<Activity>)))]
pub(crate) async fn recent(State(api): State<ApiState>, params: Params) -> Result<Response, ApiError> {
    let kind = api.list_kind("activities/recent", FilterScope::Feed, 10).recent();
    let query = list(params, kind, api.now())?;
    query.answer::<Activity>(api).await
}

/// The feed of a range.
#[utoipa::path(get, path = "/api/v1/activities", tag = "activities", operation_id = "activities",
    params(RangeParams, PageParams, FormatParams, FeedFilterParams),
    responses((status = 200, description = "Newest first", body = Listed<Activity>)))]
pub(crate) async fn range(State(api): State<ApiState>, params: Params) -> Result<Response, ApiError> {
    let query = list(params, api.list_kind("activities", FilterScope::Feed, 500), api.now())?;
    query.answer::<Activity>(api).await
}

/// What happened beside the requests: alerts raised and handled, settings changed, models replaced, log sources added,
/// people signed in and out.
#[utoipa::path(get, path = "/api/v1/activities/events", tag = "activities", operation_id = "activityEvents",
    params(RangeParams, PageParams, FormatParams, SystemEventFilterParams),
    responses((status = 200, description = "Newest first", body = Listed<SystemEvent>)))]
pub(crate) async fn events(State(api): State<ApiState>, params: Params) -> Result<Response, ApiError> {
    let kind = api.list_kind("activities/events", FilterScope::Alerts, 100);
    let query = system_event_list(params, kind, api.now())?;
    query.answer::<SystemEvent>(api).await
}
