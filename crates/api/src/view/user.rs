//! People, and who asks (API.md 2.1 and chapter 8, User).

use bartizan_engine::{Caller, CallerKind};
use bartizan_model::{self as model, Scope, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// Who asks, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    user: User,
    scopes: Vec<&'static str>,
    /// `session`, `token` or `local`.
    kind: &'static str,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

impl From<&Caller> for Me {
    fn from(caller: &Caller) -> Self {
        Self {
            user: User::from(&caller.user),
            scopes: scopes(caller.scope),
            kind: match caller.kind {
                CallerKind::Local => "local",
                CallerKind::Session => "session",
                CallerKind::Token => "token",
            },
            expires_at: caller.expires_at.map(|at| at.to_string()),
        }
    }
}

/// A session that was opened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LoggedIn {
    user: User,
    scopes: Vec<&'static str>,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

impl From<&Caller> for LoggedIn {
    fn from(caller: &Caller) -> Self {
        Self {
            user: User::from(&caller.user),
            scopes: scopes(caller.scope),
            expires_at: caller.expires_at.map(|at| at.to_string()),
        }
    }
}

/// A bearer token that a login gave.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenLogin {
    /// Valid for twelve hours.
    token: String,
    user: User,
}

impl TokenLogin {
    /// The token of a user.
    pub(crate) fn new(token: String, user: &model::User) -> Self {
        Self { token, user: User::from(user) }
    }
}

/// A person with an account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    id: i64,
    username: String,
    email: String,
    /// `admin`, `operator` or `viewer`.
    role: &'static str,
    full_name: Option<String>,
    is_active: bool,
    /// Whether nothing but a new password is taken from this person.
    must_change_password: bool,
    #[schema(format = DateTime)]
    last_login: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    /// For existing clients; equals `created_at`.
    #[schema(format = DateTime)]
    timestamp: String,
    created_by: Option<i64>,
}

impl From<&model::User> for User {
    fn from(user: &model::User) -> Self {
        Self {
            id: user.id,
            username: user.username.clone(),
            email: user.email.clone(),
            role: user.role.as_str(),
            full_name: user.full_name.clone(),
            is_active: user.is_active,
            must_change_password: user.must_change_password,
            last_login: user.last_login.map(|at: Timestamp| at.to_string()),
            created_at: user.created_at.to_string(),
            timestamp: user.created_at.to_string(),
            created_by: user.created_by,
        }
    }
}

fn scopes(largest: Scope) -> Vec<&'static str> {
    Scope::ALL.into_iter().filter(|scope| *scope <= largest).map(Scope::as_str).collect()
}
