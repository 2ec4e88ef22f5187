//! How scores are spread (API.md 4.7, ScoreHistogram).

use bartizan_engine::{Engine, Scores};
use serde::Serialize;
use utoipa::ToSchema;

use super::number::fraction;

/// Requests by score, and what a threshold makes of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScoreHistogram {
    /// 50 equal bins from 0 to 1.
    bins: Vec<ScoreBin>,
    /// The threshold in force.
    threshold: f64,
    /// The threshold for flagging in force.
    flag_threshold: f64,
    /// Requests blocked in the span.
    blocked: u64,
    /// Requests that the threshold asked for would have blocked by their score; null when none was asked for.
    would_block: Option<u64>,
}

/// Requests with a score in `[from, to)`; the last bin holds 1 as well.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScoreBin {
    from: f64,
    to: f64,
    requests: u64,
}

impl ScoreHistogram {
    /// The histogram as sent.
    pub(crate) fn new(scores: &Scores, engine: &Engine, threshold: Option<f64>) -> Self {
        let policy = engine.model().policy;
        let width = 1.0 / scores.bins.len().max(1) as f64;
        let bins = scores.bins.iter().enumerate().map(|(bin, requests)| ScoreBin {
            from: fraction(bin as f64 * width),
            to: fraction((bin + 1) as f64 * width),
            requests: *requests,
        });
        Self {
            bins: bins.collect(),
            threshold: fraction(policy.thresholds.block),
            flag_threshold: fraction(policy.thresholds.flag),
            blocked: scores.blocked,
            would_block: threshold.map(|threshold| scores.reaching(threshold)),
        }
    }
}
