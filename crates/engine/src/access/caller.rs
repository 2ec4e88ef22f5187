//! Who asks.

use std::net::IpAddr;

use bartizan_model::{Role, Scope, Timestamp, User};
use bartizan_store::CredentialHash;

use super::Actor;

/// By what a caller is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallerKind {
    /// By nothing: there is no authentication.
    Local,
    /// By the cookie of a login.
    Session,
    /// By a bearer token.
    Token,
}

/// Who asks, and how far that reaches.
#[derive(Debug, Clone)]
pub struct Caller {
    /// By what the caller is known.
    pub kind: CallerKind,
    /// The person; for a token of a service one with id 0 and the name of the token.
    pub user: User,
    /// How far the caller reaches.
    pub scope: Scope,
    /// When the credential ends, unless it is used again.
    pub expires_at: Option<Timestamp>,
    pub(super) credential: Option<CredentialHash>,
}

impl Caller {
    /// The synthetic administrator of a server without authentication.
    pub fn local(since: Timestamp) -> Self {
        let user = User { email: "local@localhost".to_owned(), ..nobody("local", Role::Admin, since) };
        Self { kind: CallerKind::Local, user, scope: Scope::Admin, expires_at: None, credential: None }
    }

    /// This caller in the audit log.
    pub fn actor(&self, peer: Option<IpAddr>) -> Actor {
        Actor {
            user_id: (self.user.id > 0).then_some(self.user.id),
            username: Some(self.user.username.clone()),
            ip: peer.map(|peer| peer.to_canonical().to_string()),
        }
    }

    /// What tells this caller from others, without being its secret.
    pub fn key(&self) -> Option<&str> {
        self.credential.as_ref().map(|hash| hash.0.as_str())
    }
}

/// A user who has no account.
pub(super) fn nobody(username: &str, role: Role, since: Timestamp) -> User {
    User {
        id: 0,
        username: username.to_owned(),
        email: String::new(),
        role,
        full_name: None,
        is_active: true,
        must_change_password: false,
        last_login: None,
        created_at: since,
        created_by: None,
    }
}
