//! What a store must do about users, sessions, tokens and the audit log.

use async_trait::async_trait;
use bartizan_model::{
    AuditAction, AuditEntry, AuditResource, Span, SystemEvent, SystemEventKind, Timestamp, Token, User,
};

use crate::{Page, Paged, StoreError};

/// Entries of the audit log that are kept; beyond, the oldest go. At a few hundred bytes each they stay below 1 GB, and
/// failed logins, which strangers cause, are held back long before by the throttle.
pub const MAX_AUDIT_ENTRIES: i64 = 1_000_000;

/// SHA-256 of a credential as lower-case hexadecimal digits. The credential itself is never kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CredentialHash(pub String);

/// A login of a browser with its user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Who logged in.
    pub user: User,
    /// When.
    pub created_at: Timestamp,
    /// The latest request, to the minute.
    pub seen_at: Timestamp,
}

/// What a write to a user came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserWrite {
    /// It is kept.
    Done,
    /// There is no such user.
    Missing,
    /// No active administrator would be left.
    LastAdmin,
}

/// Conditions on the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// Only these deeds; empty for any.
    pub action: Vec<AuditAction>,
    /// Only things of these kinds; empty for any.
    pub resource: Vec<AuditResource>,
    /// Only from then on.
    pub from: Option<Timestamp>,
}

/// Conditions on what happened beside the requests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SystemEventFilter {
    /// Only these kinds; empty for any.
    pub kind: Vec<SystemEventKind>,
    /// Only what happened inside.
    pub span: Option<Span>,
}

/// Users, sessions, tokens, and what was done. Every method is one transaction or one snapshot.
#[async_trait]
pub trait AccessStore: std::fmt::Debug + Send + Sync {
    /// Keeps a new user with the hash of a password; `None` when the name is taken.
    async fn insert_user(&self, user: &User, password: &str) -> Result<Option<i64>, StoreError>;

    /// Writes what can be changed about a user (all but name, password, login and origin). Disabling ends sessions and
    /// refuses tokens. The last active administrator stays one.
    async fn update_user(&self, user: &User) -> Result<UserWrite, StoreError>;

    /// Deletes a user with sessions and tokens; not the last active administrator.
    async fn delete_user(&self, id: i64) -> Result<UserWrite, StoreError>;

    /// Replaces the hash of a password; sessions and tokens from logins end. `must_change`: by another's hand.
    async fn set_password(&self, id: i64, password: &str, must_change: bool)
    -> Result<UserWrite, StoreError>;

    /// Every user, in order of id; at most 10,000.
    async fn users(&self) -> Result<Vec<User>, StoreError>;

    /// One user.
    async fn user(&self, id: i64) -> Result<Option<User>, StoreError>;

    /// One user by name, with the hash of the password.
    async fn user_by_name(&self, username: &str) -> Result<Option<(User, String)>, StoreError>;

    /// Keeps a session and notes the login. Sessions of everybody older than `oldest` are deleted on the way.
    async fn insert_session(
        &self,
        hash: &CredentialHash,
        user_id: i64,
        at: Timestamp,
        oldest: Timestamp,
    ) -> Result<(), StoreError>;

    /// The session of that credential.
    async fn session(&self, hash: &CredentialHash) -> Result<Option<SessionRow>, StoreError>;

    /// Notes that a session was used.
    async fn touch_session(&self, hash: &CredentialHash, at: Timestamp) -> Result<(), StoreError>;

    /// Ends a session.
    async fn delete_session(&self, hash: &CredentialHash) -> Result<(), StoreError>;

    /// Keeps a new token. Tokens from logins that expired before it are deleted on the way.
    async fn insert_token(&self, token: &Token, hash: &CredentialHash) -> Result<i64, StoreError>;

    /// Writes name, scope, expiry and state of a token; `false` when there is none.
    async fn update_token(&self, token: &Token) -> Result<bool, StoreError>;

    /// Deletes a token; `false` when there is none.
    async fn delete_token(&self, id: i64) -> Result<bool, StoreError>;

    /// Every token, in order of id; at most 10,000.
    async fn tokens(&self) -> Result<Vec<Token>, StoreError>;

    /// The token of that credential, with its owner.
    async fn token_by_hash(&self, hash: &CredentialHash)
    -> Result<Option<(Token, Option<User>)>, StoreError>;

    /// Notes that a token was used.
    async fn touch_token(&self, id: i64, at: Timestamp) -> Result<(), StoreError>;

    /// Adds an entry to the audit log.
    async fn insert_audit(&self, entry: &AuditEntry) -> Result<i64, StoreError>;

    /// One page of the audit log, newest first.
    async fn audit(&self, filter: &AuditFilter, page: &Page) -> Result<Paged<AuditEntry>, StoreError>;

    /// One page of what happened beside the requests, newest first: alerts, and of the audit log what concerns everybody.
    async fn system_events(
        &self,
        filter: &SystemEventFilter,
        page: &Page,
    ) -> Result<Paged<SystemEvent>, StoreError>;

    /// One entry.
    async fn audit_by_id(&self, id: i64) -> Result<Option<AuditEntry>, StoreError>;
}
