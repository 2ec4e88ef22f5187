//! What another threshold would have decided about stored requests.

use bartizan_model::{Span, Timestamp, TrafficRecord};

/// The lowest threshold that can be asked about: scores from here on have an index, and most requests score far less, so
/// that below it the whole table would be read.
pub const LOWEST_THRESHOLD: f64 = 0.1;

/// Most requests of a score from [`LOWEST_THRESHOLD`] on that one answer looks at, the newest of the span.
pub const MOST_EXAMINED: u32 = 500_000;

/// Most groups, and most samples, of one answer.
pub(crate) const GROUPS: i64 = 10;
pub(crate) const SAMPLES: i64 = 20;

/// Two thresholds for blocking, and the requests that they are asked about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WhatIf {
    /// Event times.
    pub span: Span,
    /// The threshold that is compared with; at least [`LOWEST_THRESHOLD`].
    pub from: f64,
    /// The threshold that is asked about; at least [`LOWEST_THRESHOLD`].
    pub to: f64,
    /// Requests to look at, at most [`MOST_EXAMINED`].
    pub limit: u32,
}

impl WhatIf {
    /// Scores that one threshold blocks and the other does not: from the first up to, not including, the second.
    pub(crate) fn between(&self) -> (f64, f64) {
        (self.from.min(self.to), self.from.max(self.to))
    }
}

/// The requests that one of two thresholds blocks and the other does not. A request is blocked by its score, or by
/// whatever else asked for it; what a list, an exception or a failure decided stays as it is. A signal that asked to block
/// what the model blocked as well was not kept, so it is taken for the model's decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// How many.
    pub requests: u64,
    /// Those with most of them, most first, at most ten.
    pub paths: Vec<ChangeGroup>,
    /// As `paths`, by client address.
    pub clients: Vec<ChangeGroup>,
    /// The newest, at most twenty.
    pub samples: Vec<TrafficRecord>,
    /// Requests of a score from [`LOWEST_THRESHOLD`] on that were looked at.
    pub examined: u64,
    /// Where the limit was reached: the event time of the oldest request that was looked at.
    pub examined_from: Option<Timestamp>,
}

/// Requests that would change, of one path or of one client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeGroup {
    /// The path or the address.
    pub value: String,
    /// How many.
    pub requests: u64,
}
