//! What a model file says about itself.

use serde::{Deserialize, Serialize};

use crate::Thresholds;

/// The only manifest format that this build reads.
pub const FORMAT: u32 = 1;

/// `manifest.json`, which stands beside the weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelManifest {
    /// Layout of weights and manifest; must equal [`FORMAT`].
    pub format: u32,
    /// Name of the model, such as `wall-1`.
    pub version: String,
    /// When training ended, RFC 3339.
    pub trained_at: String,
    /// Seed of every random choice in training.
    pub seed: u64,
    /// SHA-256 of `weights.safetensors`, in hex.
    pub weights_sha256: String,
    /// Shape of the feature tables; must equal what this build computes.
    pub features: FeatureShape,
    /// Stable names of the classes that the class heads tell apart, in the order of their rows.
    pub classes: Vec<String>,
    /// From raw logit to score.
    pub calibration: Calibration,
    /// Scores from which requests are flagged and blocked.
    pub thresholds: Thresholds,
    /// What it was trained on.
    pub data: Vec<DataSource>,
    /// Measured quality per set.
    pub metrics: Vec<SetMetrics>,
}

/// Sizes of the hashed tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureShape {
    /// Version of the canonicaliser and the feature hash.
    pub revision: u32,
    /// Buckets of byte n-grams, as a power of two.
    pub gram_bits: u32,
    /// Buckets of token n-grams, as a power of two.
    pub token_bits: u32,
    /// Buckets per class head, as a power of two.
    pub head_bits: u32,
}

/// `score = sigmoid(slope · (logit − origin))`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Steepness, above 0.
    pub slope: f64,
    /// The logit that becomes one half.
    pub origin: f64,
}

/// One data set of the training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataSource {
    /// File or generator.
    pub name: String,
    /// SHA-256 of the file in hex; null for generated data, which the seed determines.
    pub sha256: Option<String>,
    /// SPDX name of its licence.
    pub licence: String,
    /// Rows labelled attack.
    pub attack: u64,
    /// Rows labelled benign.
    pub benign: u64,
}

/// Quality on one set at the shipped thresholds; rates are fractions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetMetrics {
    /// Name of the set.
    pub set: String,
    /// Whether training or the choice of thresholds saw it.
    pub seen: bool,
    /// Attack rows.
    pub attack: u64,
    /// Benign rows.
    pub benign: u64,
    /// Share of attacks at or above the flag threshold.
    pub tpr_flag: Option<f64>,
    /// Share of attacks at or above the block threshold.
    pub tpr_block: Option<f64>,
    /// Share of benign rows at or above the flag threshold.
    pub fpr_flag: Option<f64>,
    /// Share of benign rows at or above the block threshold.
    pub fpr_block: Option<f64>,
}
