//! The server itself.

use axum::extract::State;

use crate::ApiState;
use crate::envelope::Answer;
use crate::error::ApiError;
use crate::view::storage::Storage;
use crate::view::system::{Source, SystemInfo};

/// What runs here, and what it holds.
#[utoipa::path(get, path = "/api/v1/system/info", tag = "system", operation_id = "systemInfo",
    responses((status = 200, description = "The server", body = Answer<SystemInfo>)))]
pub(crate) async fn info(State(api): State<ApiState>) -> Result<Answer<SystemInfo>, ApiError> {
    let extent = api.engine.extent().await?;
    Ok(Answer::new(api.now(), SystemInfo::new(&api.engine, api.settings.authenticate, extent)))
}

/// How much room the database takes, and is going to take.
#[utoipa::path(get, path = "/api/v1/system/storage", tag = "system", operation_id = "storage",
    responses((status = 200, description = "Room taken and to be expected", body = Answer<Storage>)))]
pub(crate) async fn storage(State(api): State<ApiState>) -> Result<Answer<Storage>, ApiError> {
    let storage = api.engine.storage().await?;
    Ok(Answer::new(api.now(), Storage::new(storage, api.engine.retention())))
}

/// The log sources, and how each is doing.
#[utoipa::path(get, path = "/api/v1/system/sources", tag = "system", operation_id = "sources",
    responses((status = 200, description = "The sources", body = Answer<Vec<Source>>)))]
pub(crate) async fn sources(State(api): State<ApiState>) -> Answer<Vec<Source>> {
    Answer::new(api.now(), api.engine.sources().into_iter().map(Source::from).collect())
}
