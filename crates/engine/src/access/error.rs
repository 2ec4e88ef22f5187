//! What can go wrong with users, logins and tokens.

use bartizan_model::{Classify, ErrorKind};
use bartizan_store::StoreError;

/// A failure of a call about access. No message holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The same for an unknown name, a wrong password and a disabled user.
    #[error("user name or password is wrong, or the user is disabled")]
    InvalidCredentials,
    /// Too many failed logins of that name or from that address.
    #[error("too many failed logins; try again in {retry_after_s} s")]
    Throttled {
        /// Seconds after which one more is judged.
        retry_after_s: u64,
    },
    /// As many passwords are being checked as there is memory for.
    #[error("too many logins at a time; try again in a moment")]
    Busy,
    /// A value that is no good.
    #[error("{field} {problem}")]
    Invalid {
        /// The member.
        field: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Another user has that name.
    #[error("there is a user {username} already; choose another name")]
    NameTaken {
        /// The name.
        username: String,
    },
    /// Nobody could manage users any more.
    #[error("this is the last active administrator; make another one first")]
    LastAdmin,
    /// No such user, token or entry.
    #[error("no {what} {name}")]
    NotFound {
        /// The kind of thing.
        what: &'static str,
        /// Its id or name.
        name: String,
    },
    /// The operating system gave no random numbers.
    #[error("the operating system gave no random numbers")]
    NoRandomness,
    /// A password could not be hashed: a defect.
    #[error("a password could not be hashed")]
    Hashing,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AccessError {
    pub(crate) fn not_found(what: &'static str, name: impl std::fmt::Display) -> Self {
        Self::NotFound { what, name: name.to_string() }
    }
}

impl Classify for AccessError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::InvalidCredentials => ErrorKind::Unauthenticated,
            Self::Throttled { .. } => ErrorKind::RateLimited,
            Self::Invalid { .. } => ErrorKind::Invalid,
            Self::NameTaken { .. } | Self::LastAdmin => ErrorKind::Conflict,
            Self::NotFound { .. } => ErrorKind::NotFound,
            Self::Busy => ErrorKind::Unavailable,
            Self::NoRandomness | Self::Hashing => ErrorKind::Internal,
            Self::Store(error) => error.kind(),
        }
    }
}
