//! How an error says whose fault it was; one match at the edge turns the kind into a status.

/// The kinds of failure that a caller can tell apart; the HTTP edge maps each to a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// No such id, class or name.
    NotFound,
    /// A duplicate or a stale write.
    Conflict,
    /// Well-formed, but wrong.
    Invalid,
    /// No or unknown credentials.
    Unauthenticated,
    /// The credentials do not reach that far.
    Forbidden,
    /// Too many calls.
    RateLimited,
    /// A part that is needed does not answer now; trying again may help.
    Unavailable,
    /// A defect of ours.
    Internal,
}

/// An error that knows its [`ErrorKind`].
pub trait Classify {
    /// The kind of this failure.
    fn kind(&self) -> ErrorKind;
}
