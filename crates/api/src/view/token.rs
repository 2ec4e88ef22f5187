//! Credentials of programs (API.md chapter 8, Token).

use bartizan_model as model;
use serde::Serialize;
use utoipa::ToSchema;

/// A credential of a program, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Token {
    id: i64,
    name: String,
    /// `read`, `operate` or `admin`.
    scope: &'static str,
    #[schema(format = DateTime)]
    created_at: String,
    /// For existing clients; equals `created_at`.
    #[schema(format = DateTime)]
    timestamp: String,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// To the minute.
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
    is_active: bool,
}

impl From<&model::Token> for Token {
    fn from(token: &model::Token) -> Self {
        Self {
            id: token.id,
            name: token.name.clone(),
            scope: token.scope.as_str(),
            created_at: token.created_at.to_string(),
            timestamp: token.created_at.to_string(),
            expires_at: token.expires_at.map(|at| at.to_string()),
            last_used_at: token.last_used_at.map(|at| at.to_string()),
            is_active: token.is_active,
        }
    }
}

/// A token that was just made, with its secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewToken {
    id: i64,
    name: String,
    /// `read`, `operate` or `admin`.
    scope: &'static str,
    #[schema(format = DateTime)]
    created_at: String,
    /// For existing clients; equals `created_at`.
    #[schema(format = DateTime)]
    timestamp: String,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
    is_active: bool,
    /// The secret, shown this once.
    token: String,
}

impl NewToken {
    /// A token with its secret.
    pub(crate) fn new(token: &model::Token, secret: String) -> Self {
        let Token { id, name, scope, created_at, timestamp, expires_at, last_used_at, is_active } =
            token.into();
        Self { id, name, scope, created_at, timestamp, expires_at, last_used_at, is_active, token: secret }
    }
}
