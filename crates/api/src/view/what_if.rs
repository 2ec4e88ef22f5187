//! What another threshold would have decided (`/detection/what-if`).

use bartizan_engine::{ChangeGroup, Changes};
use serde::Serialize;
use utoipa::ToSchema;

use super::Traffic;
use super::number::fraction;

/// The stored requests that another threshold for blocking would have judged otherwise than the one in force.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhatIf {
    /// The threshold in force.
    current: f64,
    /// The threshold asked about.
    threshold: f64,
    /// Requests that would be blocked, and are not with the threshold in force.
    newly_blocked: u64,
    /// Requests that would not be blocked any more.
    newly_allowed: u64,
    /// Paths with most of these requests, at most ten.
    paths: Vec<WhatIfGroup>,
    /// Client addresses with most of these requests, at most ten.
    clients: Vec<WhatIfGroup>,
    /// The newest of these requests, at most twenty, as they were judged when they came.
    samples: Vec<Traffic>,
    /// Requests with a score of 0.1 and above that were looked at.
    examined: u64,
    /// The oldest request that was looked at, where the range holds more than one answer looks at (500,000); null when
    /// the whole range was.
    #[schema(format = DateTime)]
    examined_from: Option<String>,
}

/// Requests that would change, of one path or of one client.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WhatIfGroup {
    value: String,
    requests: u64,
}

impl WhatIf {
    /// The answer as sent.
    pub(crate) fn new(current: f64, threshold: f64, changes: &Changes) -> Self {
        // Between two thresholds all requests change in the same direction.
        let is_stricter = threshold < current;
        Self {
            current: fraction(current),
            threshold: fraction(threshold),
            newly_blocked: if is_stricter { changes.requests } else { 0 },
            newly_allowed: if is_stricter { 0 } else { changes.requests },
            paths: changes.paths.iter().map(WhatIfGroup::from).collect(),
            clients: changes.clients.iter().map(WhatIfGroup::from).collect(),
            samples: changes.samples.iter().map(Traffic::from).collect(),
            examined: changes.examined,
            examined_from: changes.examined_from.map(|at| at.to_string()),
        }
    }
}

impl From<&ChangeGroup> for WhatIfGroup {
    fn from(group: &ChangeGroup) -> Self {
        Self { value: group.value.clone(), requests: group.requests }
    }
}
