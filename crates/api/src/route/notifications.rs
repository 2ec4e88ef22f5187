//! Whom alerts are sent to, a test, and the log of deliveries.

use axum::extract::State;
use bartizan_engine::Page;

use crate::ApiState;
use crate::envelope::Answer;
use crate::error::ApiError;
use crate::param::{PageParams, Params};
use crate::path::Variable;
use crate::view::notification::{Channel, Delivery};

/// Deliveries when the caller does not say how many.
const DEFAULT_LIMIT: u32 = 100;

/// The channels, and how each is doing.
#[utoipa::path(get, path = "/api/v1/notifications/channels", tag = "notifications", operation_id = "channels",
    responses((status = 200, description = "The channels", body = Answer<Vec<Channel>>)))]
pub(crate) async fn channels(State(api): State<ApiState>) -> Result<Answer<Vec<Channel>>, ApiError> {
    let channels = api.engine.channels().await?;
    Ok(Answer::new(api.now(), channels.into_iter().map(Channel::from).collect()))
}

/// Sends a test now; `state` and `last_error` tell how it went.
#[utoipa::path(post, path = "/api/v1/notifications/channels/{name}/test", tag = "notifications",
    operation_id = "testChannel", params(("name" = String, Path)),
    responses((status = 200, description = "How it went", body = Answer<Delivery>)))]
pub(crate) async fn test(
    State(api): State<ApiState>,
    Variable(name): Variable,
) -> Result<Answer<Delivery>, ApiError> {
    let delivery = api.engine.test_channel(&name).await?;
    Ok(Answer::new(api.now(), Delivery::from(&delivery)))
}

/// The newest deliveries, newest first.
#[utoipa::path(get, path = "/api/v1/notifications/deliveries", tag = "notifications", operation_id = "deliveries",
    params(("channel" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, description = "Newest first", body = Answer<Vec<Delivery>>)))]
pub(crate) async fn deliveries(
    State(api): State<ApiState>,
    mut params: Params,
) -> Result<Answer<Vec<Delivery>>, ApiError> {
    let channel = params.take("channel")?;
    let page = PageParams::take(&mut params)?;
    if page.cursor.is_some() {
        return Err(ApiError::bad_cursor());
    }
    params.finish()?;
    let page = Page::newest(page.limit.unwrap_or(DEFAULT_LIMIT));
    let deliveries = api.engine.deliveries(channel.as_deref(), &page).await?;
    Ok(Answer::new(api.now(), deliveries.rows.iter().map(Delivery::from).collect()))
}
