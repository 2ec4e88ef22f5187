//! Log sources that are added and removed while the server runs.

use axum::extract::State;
use bartizan_engine::{AuditEvent, NewSource};
use bartizan_model::{AuditAction, AuditResource};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::access::By;
use crate::body::JsonBody;
use crate::envelope::{Answer, Done};
use crate::error::ApiError;
use crate::path::Variable;
use crate::view::source::{AddedSource, SourcePreview};

/// A file to read, or a pattern of files; in the words of the configuration.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceDraft {
    /// Absolute; `*` and `?` make a pattern, each file of which becomes a source.
    path: String,
    /// The path when left out. Under a name that was read under before, reading goes on where it stood.
    #[serde(default)]
    name: Option<String>,
    /// A known format, `nginx:<log_format>` or `apache:<LogFormat>`; found in the lines when left out.
    #[serde(default)]
    format: Option<String>,
    /// The zone of times that name none; UTC when left out.
    #[serde(default)]
    time_zone: Option<String>,
}

impl From<SourceDraft> for NewSource {
    fn from(draft: SourceDraft) -> Self {
        let SourceDraft { path, name, format, time_zone } = draft;
        Self { path, name, format, time_zone }
    }
}

/// What a source would read, before it is added. Nothing is told of lines that are no requests but what is wrong with
/// them, and a file that is no access log is refused.
#[utoipa::path(post, path = "/api/v1/system/sources/preview", tag = "system", operation_id = "previewSource",
    request_body = SourceDraft,
    responses((status = 200, description = "What it would read", body = Answer<SourcePreview>)))]
pub(crate) async fn preview(
    State(api): State<ApiState>,
    JsonBody(draft): JsonBody<SourceDraft>,
) -> Result<Answer<SourcePreview>, ApiError> {
    let preview = api.engine.preview_source(draft.into()).await?;
    Ok(Answer::new(api.now(), preview.into()))
}

/// Adds a log source: it is read now and at each start.
#[utoipa::path(post, path = "/api/v1/system/sources", tag = "system", operation_id = "addSource",
    request_body = SourceDraft,
    responses((status = 200, description = "Added", body = Answer<AddedSource>)))]
pub(crate) async fn add(
    State(api): State<ApiState>,
    by: By,
    JsonBody(draft): JsonBody<SourceDraft>,
) -> Result<Answer<AddedSource>, ApiError> {
    let new = NewSource::from(draft);
    // Whoever tries many paths is to be seen as well.
    let tried: String = new.path.chars().take(256).collect();
    let event =
        |description: String| AuditEvent::new(AuditAction::Create, AuditResource::Config, description);
    match api.engine.add_source(new).await {
        Ok(added) => {
            let view = AddedSource::from(&added);
            let event = event(format!("log source {} added", added.name)).of(&added.name).after(&view);
            api.engine.audit(&by.actor(), event).await;
            Ok(Answer::new(api.now(), view))
        }
        Err(error) => {
            let event = event(format!("log source at {tried} not added")).failed(&error);
            api.engine.audit(&by.actor(), event).await;
            Err(error.into())
        }
    }
}

/// Removes a log source that was added: what was read of it is committed and stays, and so does its position, for when
/// it is added again. One that stands in the configuration is refused.
#[utoipa::path(delete, path = "/api/v1/system/sources/{*name}", tag = "system", operation_id = "removeSource",
    params(("name" = String, Path, description = "Its name, percent-encoded")),
    responses(
        (status = 200, description = "Removed", body = Done),
        (status = 409, description = "It was not added here: the message says where it comes from")))]
pub(crate) async fn remove(
    State(api): State<ApiState>,
    by: By,
    Variable(name): Variable,
) -> Result<Done, ApiError> {
    let removed = api.engine.remove_source(&name).await?;
    let event =
        AuditEvent::new(AuditAction::Delete, AuditResource::Config, format!("log source {name} removed"));
    api.engine.audit(&by.actor(), event.of(&name).before(AddedSource::from(&removed))).await;
    Ok(Done::new(api.now(), "log source removed"))
}
