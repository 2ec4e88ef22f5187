//! What a model file says about itself.

use bartizan_model::Location;
use serde::{Deserialize, Serialize};

use crate::Thresholds;

/// The only manifest format that this build reads.
pub const FORMAT: u32 = 2;

/// `manifest.json`, which stands beside the weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelManifest {
    /// Layout of weights and manifest; must equal [`FORMAT`].
    pub format: u32,
    /// Name of the model, such as `wall-3`.
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
    /// Kinds of token.
    pub token_kinds: u32,
}

/// From the logits of both models to a score: each is put on the scale of its own benign tail, the mean of both is
/// the evidence, to which its place is added, and `score = sigmoid(slope · (evidence − origin))`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Scale of the linear model.
    pub linear: Tail,
    /// Scale of the token network.
    pub network: Tail,
    /// Steepness, above 0.
    pub slope: f64,
    /// The evidence that becomes one half.
    pub origin: f64,
    /// What is added to the evidence of a value in a query: fewer kinds of ordinary text stand there than in bodies and
    /// cookies, so the same text says more. 0 in models that know no places.
    #[serde(default)]
    pub query: f64,
    /// What is added besides when the text has several lines: what people type there, and what links of pages hold,
    /// mostly has one. 0 in models that know no lines.
    #[serde(default)]
    pub query_lines: f64,
}

/// Two quantiles of a model's logit on held-out benign texts: `low` becomes 0, `high` becomes 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tail {
    /// Exceeded by one benign text in ten.
    pub low: f64,
    /// Exceeded by one in two thousand.
    pub high: f64,
}

impl Tail {
    /// Most that one model may say: the other must agree to some degree.
    const LIMIT: f64 = 4.0;

    /// A logit on this scale.
    pub fn place(self, logit: f64) -> f64 {
        ((logit - self.low) / (self.high - self.low)).clamp(-Self::LIMIT, Self::LIMIT)
    }

    /// Whether it is a scale.
    pub(crate) fn is_valid(self) -> bool {
        self.low.is_finite() && self.high.is_finite() && self.low < self.high
    }
}

impl Calibration {
    /// The evidence that both logits give together.
    pub fn evidence(&self, linear: f64, network: f64) -> f64 {
        f64::midpoint(self.linear.place(linear), self.network.place(network))
    }

    /// What its place adds to the evidence of a canonical text.
    pub fn of_place(&self, location: Location, text: &[u8]) -> f64 {
        if location != Location::Query {
            0.0
        } else if memchr::memchr(b'\n', text.trim_ascii()).is_some() {
            self.query + self.query_lines
        } else {
            self.query
        }
    }

    /// The score of some evidence, 0 to 1.
    pub fn score(&self, evidence: f64) -> f64 {
        1.0 / (1.0 + (-self.slope * (evidence - self.origin)).exp())
    }

    /// Whether every number of it can be used.
    pub(crate) fn is_valid(&self) -> bool {
        self.linear.is_valid()
            && self.network.is_valid()
            && self.slope > 0.0
            && self.origin.is_finite()
            && self.query.is_finite()
            && self.query_lines.is_finite()
    }
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
