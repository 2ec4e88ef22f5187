//! The figures of a measurement, as JSON.

use std::collections::BTreeMap;

use bartizan_model::{Action, ThreatClass};
use serde::Serialize;
use serde_json::{Value, json};

/// Quality of one model on some files.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvalReport {
    /// Version of the model.
    pub model: String,
    /// Score from which a request counts as caught: the block threshold unless another one was given.
    pub threshold: f64,
    /// One entry per file.
    pub sets: Vec<SetReport>,
    /// All rows of all files together: most files hold one label only.
    pub pooled: SetReport,
}

/// Quality on one file; rates are fractions, `None` where a side is empty.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SetReport {
    /// Name of the file.
    pub file: String,
    /// Attack rows.
    pub attack: u64,
    /// Benign rows.
    pub benign: u64,
    /// Rows of which nobody said what they are; they are in no rate.
    pub unlabelled: u64,
    /// Rows that could not be read as requests; they are in no rate.
    pub unreadable: u64,
    /// Share of attacks that the verdict would block: by the model's score, or by a signal that asks for it.
    pub tpr: Option<f64>,
    /// 95 % interval of `tpr` (Wilson).
    pub tpr_interval: Option<(f64, f64)>,
    /// Share of benign rows that the verdict would block.
    pub fpr: Option<f64>,
    /// 95 % interval of `fpr` (Wilson).
    pub fpr_interval: Option<(f64, f64)>,
    /// Mean of `tpr` and `1 - fpr`.
    pub balanced_accuracy: Option<f64>,
    /// The same rates by the model's score alone.
    pub by_model: ModelRates,
    /// Shares that the verdict would flag or block: attacks, benign.
    pub flagged: (Option<f64>, Option<f64>),
    /// The same of unlabelled rows.
    pub flagged_unlabelled: Option<f64>,
    /// Shares of rows that only a curated signal or, in logs, a behaviour counter sees: attacks, benign.
    pub signals: (Option<f64>, Option<f64>),
    /// Area under the ROC curve of the model's score.
    pub auc: Option<f64>,
    /// Share of attacks whose score is above what that share of this file's benign rows exceeds.
    pub tpr_at_fpr: BTreeMap<String, Option<f64>>,
    /// Microseconds per request; null when it was not measured.
    pub latency_us: Latency,
    /// Blocked and total per source.
    pub sources: BTreeMap<String, Breakdown>,
    /// Blocked and total per labelled class.
    pub classes: BTreeMap<String, Breakdown>,
    /// Blocked and total by the location of the worst field.
    pub locations: BTreeMap<String, Breakdown>,
    /// Benign rows flagged and attacks let pass, worst first, for people.
    pub errors: Vec<Mistake>,
    /// Every row; not part of the JSON.
    #[serde(skip)]
    pub rows: Vec<ScoredRow>,
}

/// Rates by the score alone.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct ModelRates {
    /// Share of attacks at or above the threshold.
    pub tpr: Option<f64>,
    /// Share of benign rows at or above the threshold.
    pub fpr: Option<f64>,
}

/// How many of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Share {
    /// Rows that the verdict would block.
    pub caught: u64,
    /// Rows.
    pub total: u64,
}

/// Attacks and benign rows apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Breakdown {
    /// Of the attacks.
    pub attack: Share,
    /// Of the benign rows.
    pub benign: Share,
}

/// Percentiles of the time that one assessment takes.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Latency {
    /// Median.
    pub p50: Option<f64>,
    /// 99th percentile.
    pub p99: Option<f64>,
}

/// A row on the wrong side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mistake {
    /// `missed` or `false alarm`.
    pub label: String,
    /// Its score.
    pub score: f64,
    /// The field that scored highest, decoded and cut, or the request.
    pub text: String,
}

/// One row with its score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScoredRow {
    /// `attack` or `benign`; null when nobody said.
    pub label: Option<&'static str>,
    /// Its class as labelled.
    pub class: String,
    /// Its class as the model names it; null when it has nothing to say.
    pub named: Option<ThreatClass>,
    /// Where its worst field stands.
    pub location: &'static str,
    /// Its score.
    pub score: f64,
    /// What the verdict would do.
    pub action: Action,
    /// The field that scored highest, decoded and cut, or the request.
    pub text: String,
}

impl EvalReport {
    /// The report as the fixed JSON shape of `bartizan eval --json`.
    pub fn to_json(&self) -> Value {
        json!(self)
    }
}
