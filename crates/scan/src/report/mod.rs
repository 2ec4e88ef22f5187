//! What a scan found, ready to be shown: plain text and numbers only, nothing left to be escaped for a terminal.

mod build;
mod hide;
mod json;
mod rows;

pub(crate) use build::build;
pub use rows::{
    Answers, AttackerRow, BucketRow, ClassRow, Example, FileRow, Input, Problem, ReasonRow, SampleRow,
    ScanFacts, SlowRow, SuccessRow, TargetRow, TimeRange, Timeline, Totals, Unreadable,
};

use serde::Serialize;

/// The report of one scan. The same input gives the same report; times that a scan took are not in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// How was judged.
    pub scan: ScanFacts,
    /// What was read, and what was not.
    pub input: Input,
    /// The sums.
    pub totals: Totals,
    /// Times of the first and the last request; null without requests.
    pub time: Option<TimeRange>,
    /// How requests were answered.
    pub answers: Answers,
    /// How attacks were answered.
    pub attack_answers: Answers,
    /// Classes that were met, most attacks first.
    pub classes: Vec<ClassRow>,
    /// Attacks that were answered with success, gravest first, by class and endpoint.
    pub successes: Vec<SuccessRow>,
    /// Clients, most attacks first.
    pub attackers: Vec<AttackerRow>,
    /// Endpoints, most attacks first.
    pub targets: Vec<TargetRow>,
    /// Requests over time; null without requests.
    pub timeline: Option<Timeline>,
    /// Endpoints, slowest first by the 95th percentile; empty where the logs show no times.
    pub slowest: Vec<SlowRow>,
    /// Lines that are no requests.
    pub unreadable: Unreadable,
    /// Where this report could not count everything, in sentences.
    pub limits: Vec<String>,
}

impl Report {
    /// Whether there was nothing that could be read: no file, or none that is an access log.
    pub fn is_unusable(&self) -> bool {
        self.input.files_read == 0
    }
}
