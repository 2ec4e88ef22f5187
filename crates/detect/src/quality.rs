//! How good a model was on labelled requests that it was measured on after its training.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// `quality.json`, which may stand beside the weights. `bartizan eval --quality` writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelQuality {
    /// SHA-256 of the weights that were measured, in hex: figures of other weights say nothing about these.
    pub weights_sha256: String,
    /// When it was measured, RFC 3339.
    pub measured_at: String,
    /// Score from which a request counted as caught: the block threshold that the model came with.
    pub threshold: f64,
    /// One entry per set.
    pub sets: Vec<QualityOfSet>,
}

/// Quality on one set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualityOfSet {
    /// Name of the set.
    pub set: String,
    /// Attacks, and how many of them would be blocked.
    pub attack: Caught,
    /// Ordinary requests, and how many of them would be blocked.
    pub benign: Caught,
    /// The attacks by the class that their label names, in the set's own words.
    pub classes: BTreeMap<String, Caught>,
}

/// How many of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caught {
    /// Rows that the verdict would block.
    pub caught: u64,
    /// Rows.
    pub total: u64,
}
