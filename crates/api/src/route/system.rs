//! The server itself.

use axum::extract::State;

use crate::ApiState;
use crate::envelope::Answer;
use crate::error::ApiError;
use crate::view::system::{Source, SystemInfo};

/// What runs here, and what it holds.
#[utoipa::path(get, path = "/api/v1/system/info", tag = "system", operation_id = "systemInfo",
    responses((status = 200, description = "The server", body = Answer<SystemInfo>)))]
pub(crate) async fn info(State(api): State<ApiState>) -> Result<Answer<SystemInfo>, ApiError> {
    let extent = api.engine.extent().await?;
    Ok(Answer::new(api.now(), SystemInfo::new(&api.engine, api.settings.authenticate, extent)))
}

/// The log sources, and how each is doing.
#[utoipa::path(get, path = "/api/v1/system/sources", tag = "system", operation_id = "sources",
    responses((status = 200, description = "The sources", body = Answer<Vec<Source>>)))]
pub(crate) async fn sources(State(api): State<ApiState>) -> Answer<Vec<Source>> {
    Answer::new(api.now(), api.engine.sources().into_iter().map(Source::from).collect())
}
