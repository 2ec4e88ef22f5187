//! How secrets are hidden.

pub(super) use bartizan_model::{MASKED, hash_mark, is_mark, mark_len};

/// How a secret is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hiding {
    /// Nothing survives.
    Mask,
    /// Equal values stay equal, for whoever has the rows and for nobody else.
    Hash,
}
