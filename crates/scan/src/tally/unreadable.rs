//! Lines that are no requests.

use std::collections::BTreeMap;

use bartizan_ingest::LineError;

use super::threat::Place;

/// Samples of a report; those of one reason leave room for others.
const MAX_SAMPLES: usize = 10;

/// Samples of one reason as long as others may follow.
const MAX_SAMPLES_PER_REASON: usize = 4;

/// Reasons that are told apart.
const MAX_REASONS: usize = 50;

/// Counts by reason, with samples.
#[derive(Debug, Default)]
pub(crate) struct UnreadableTally {
    pub(crate) reasons: BTreeMap<String, u64>,
    pub(crate) samples: Vec<UnreadableSample>,
}

/// A line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnreadableSample {
    pub(crate) place: Place,
    pub(crate) reason: String,
    /// Plain text, cut.
    pub(crate) line: String,
}

impl UnreadableTally {
    pub(crate) fn add(&mut self, error: LineError, sample: Option<&str>, place: Place) {
        let mut reason = error.to_string();
        if !self.reasons.contains_key(&reason) && self.reasons.len() >= MAX_REASONS {
            "for another reason".clone_into(&mut reason);
        }
        if let Some(line) = sample
            && self.samples.len() < MAX_SAMPLES
            && self.samples.iter().filter(|known| known.reason == reason).count() < MAX_SAMPLES_PER_REASON
        {
            self.samples.push(UnreadableSample { place, reason: reason.clone(), line: line.to_owned() });
        }
        *self.reasons.entry(reason).or_default() += 1;
    }

    pub(crate) fn total(&self) -> u64 {
        self.reasons.values().sum()
    }
}
