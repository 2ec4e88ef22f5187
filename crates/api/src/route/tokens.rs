//! Credentials of programs.

use axum::extract::State;
use bartizan_engine::TokenChange;
use bartizan_model::{Scope, Timestamp};
use serde::Deserialize;
use utoipa::ToSchema;

use super::users::given;
use crate::ApiState;
use crate::access::By;
use crate::body::JsonBody;
use crate::envelope::{Answer, Done};
use crate::error::ApiError;
use crate::path::Id;
use crate::view::token::{NewToken, Token};

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenDraft {
    /// What it is for.
    name: String,
    /// `read`, `operate` or `admin`; it never reaches further than who made it.
    #[schema(value_type = String)]
    scope: Scope,
    /// Never when left out.
    #[serde(default)]
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// What is to be changed about a token; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenPatch {
    #[serde(default)]
    name: Option<String>,
    /// `read`, `operate` or `admin`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    scope: Option<Scope>,
    /// Null: never.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime)]
    #[expect(clippy::option_option, reason = "left out and null are different wishes")]
    expires_at: Option<Option<String>>,
    /// Whether it is accepted.
    #[serde(default)]
    is_active: Option<bool>,
}

/// Every token, without the secrets.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "tokens", operation_id = "tokens",
    responses((status = 200, description = "The tokens", body = Answer<Vec<Token>>)))]
pub(crate) async fn list(State(api): State<ApiState>) -> Result<Answer<Vec<Token>>, ApiError> {
    let tokens = api.engine.access().tokens().await?;
    Ok(Answer::new(api.now(), tokens.iter().map(Token::from).collect()))
}

/// Makes a token and shows its secret, this once.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "tokens", operation_id = "createToken",
    request_body = TokenDraft, responses((status = 200, description = "Made", body = Answer<NewToken>)))]
pub(crate) async fn create(
    State(api): State<ApiState>,
    by: By,
    JsonBody(draft): JsonBody<TokenDraft>,
) -> Result<Answer<NewToken>, ApiError> {
    let expires_at = draft.expires_at.as_deref().map(instant).transpose()?;
    let new = bartizan_engine::NewToken { name: draft.name, scope: draft.scope, expires_at };
    let (token, secret) = api.engine.access().add_token(new, &by.actor()).await?;
    Ok(Answer::new(api.now(), NewToken::new(&token, secret)))
}

/// Changes a token.
#[utoipa::path(patch, path = "/api/v1/tokens/{id}", tag = "tokens", operation_id = "changeToken",
    params(("id" = i64, Path)), request_body = TokenPatch,
    responses((status = 200, description = "Changed", body = Answer<Token>)))]
pub(crate) async fn change(
    State(api): State<ApiState>,
    by: By,
    Id(id): Id,
    JsonBody(patch): JsonBody<TokenPatch>,
) -> Result<Answer<Token>, ApiError> {
    let expires_at = match patch.expires_at {
        Some(Some(text)) => Some(Some(instant(&text)?)),
        Some(None) => Some(None),
        None => None,
    };
    let TokenPatch { name, scope, is_active, .. } = patch;
    let change = TokenChange { name, scope, expires_at, is_active };
    let token = api.engine.access().change_token(id, change, &by.actor()).await?;
    Ok(Answer::new(api.now(), Token::from(&token)))
}

/// Revokes a token for good.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "tokens", operation_id = "deleteToken",
    params(("id" = i64, Path)), responses((status = 200, description = "Revoked", body = Done)))]
pub(crate) async fn delete(State(api): State<ApiState>, by: By, Id(id): Id) -> Result<Done, ApiError> {
    api.engine.access().delete_token(id, &by.actor()).await?;
    Ok(Done::new(api.now(), "token revoked"))
}

fn instant(text: &str) -> Result<Timestamp, ApiError> {
    let problem = "must be an RFC 3339 instant with a zone, such as 2026-03-04T05:06:07Z";
    text.parse().map_err(|_| ApiError::validation("expires_at", problem))
}
