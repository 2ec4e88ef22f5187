//! Who asks (API.md 2.1 and chapter 8, User).

use bartizan_model::Timestamp;
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

impl Me {
    /// The synthetic local administrator of a server without authentication.
    pub(crate) fn local(started_at: Timestamp) -> Self {
        Self {
            user: User {
                id: 0,
                username: "local",
                email: "local@localhost",
                role: "admin",
                full_name: None,
                is_active: true,
                last_login: None,
                created_at: started_at.to_string(),
                timestamp: started_at.to_string(),
                created_by: None,
            },
            scopes: vec!["read", "operate", "admin"],
            kind: "local",
            expires_at: None,
        }
    }
}

/// A person with an account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    id: i64,
    username: &'static str,
    email: &'static str,
    /// `admin`, `operator` or `viewer`.
    role: &'static str,
    full_name: Option<String>,
    is_active: bool,
    #[schema(format = DateTime)]
    last_login: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    /// For existing clients; equals `created_at`.
    #[schema(format = DateTime)]
    timestamp: String,
    created_by: Option<i64>,
}
