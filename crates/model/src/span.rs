//! Half-open spans of time.

use crate::Timestamp;

/// The instants from `from` up to, but not including, `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First instant inside.
    pub from: Timestamp,
    /// First instant after.
    pub to: Timestamp,
}

impl Span {
    /// A span; empty when `to` is not after `from`.
    pub fn new(from: Timestamp, to: Timestamp) -> Self {
        Self { from, to }
    }

    /// Length in whole seconds, rounded down; never negative.
    pub fn seconds(&self) -> i64 {
        ((self.to.micros() - self.from.micros()) / Timestamp::SECOND_MICROS).max(0)
    }

    /// Whether the instant lies inside.
    pub fn contains(&self, instant: Timestamp) -> bool {
        self.from <= instant && instant < self.to
    }
}
