//! What the server does beside answering.

use axum::extract::State;
use bartizan_engine::AuditEvent;
use bartizan_model::{AuditAction, AuditResource};

use crate::ApiState;
use crate::access::By;
use crate::envelope::Answer;
use crate::error::ApiError;
use crate::path::Variable;
use crate::view::task::Task;

/// The background tasks, and how each is doing.
#[utoipa::path(get, path = "/api/v1/system/tasks", tag = "system", operation_id = "tasks",
    responses((status = 200, description = "The tasks", body = Answer<Vec<Task>>)))]
pub(crate) async fn list(State(api): State<ApiState>) -> Answer<Vec<Task>> {
    Answer::new(api.now(), api.engine.tasks().into_iter().map(Task::from).collect())
}

/// Runs a task now. The answer comes when it has ended, or after ten seconds with `state: running`.
#[utoipa::path(post, path = "/api/v1/system/tasks/{name}/run", tag = "system", operation_id = "runTask",
    params(("name" = String, Path)),
    responses((status = 200, description = "The task after the run", body = Answer<Task>)))]
pub(crate) async fn run(
    State(api): State<ApiState>,
    by: By,
    Variable(name): Variable,
) -> Result<Answer<Task>, ApiError> {
    let status = api.engine.run_task(&name).await?;
    let description = format!("background task {} run", status.name);
    let event = AuditEvent::new(AuditAction::Update, AuditResource::Config, description).of(status.name);
    api.engine.audit(&by.actor(), event).await;
    Ok(Answer::new(api.now(), status.into()))
}
