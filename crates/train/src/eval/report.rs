//! The figures of a measurement, as JSON and as text.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

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
    /// Rows that could not be read as requests (lines of a log); they are in no rate.
    pub unreadable: u64,
    /// Share of attacks caught.
    pub tpr: Option<f64>,
    /// 95 % interval of `tpr` (Wilson).
    pub tpr_interval: Option<(f64, f64)>,
    /// Share of benign rows caught.
    pub fpr: Option<f64>,
    /// 95 % interval of `fpr` (Wilson).
    pub fpr_interval: Option<(f64, f64)>,
    /// Shares at the flag threshold: attacks, benign.
    pub flagged: (Option<f64>, Option<f64>),
    /// Shares of rows that only a curated signal or, in logs, a behaviour counter sees: attacks, benign.
    pub signals: (Option<f64>, Option<f64>),
    /// Area under the ROC curve.
    pub auc: Option<f64>,
    /// Share of attacks caught when the threshold admits that share of this file's benign rows.
    pub tpr_at_fpr: BTreeMap<String, Option<f64>>,
    /// Microseconds per request.
    pub latency_us: Latency,
    /// Caught and total per source.
    pub sources: BTreeMap<String, Share>,
    /// Caught and total per labelled class.
    pub classes: BTreeMap<String, Share>,
    /// Benign rows caught and attacks missed, worst first, for people.
    pub errors: Vec<Mistake>,
    /// Every row.
    #[serde(skip)]
    pub rows: Vec<Mistake>,
}

/// How many of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Share {
    /// Rows at or above the threshold.
    pub caught: u64,
    /// Rows.
    pub total: u64,
}

/// Percentiles of the time that one assessment takes.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Latency {
    /// Median.
    pub p50: f64,
    /// 99th percentile.
    pub p99: f64,
}

/// A row on the wrong side of the threshold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mistake {
    /// What the row says.
    pub label: String,
    /// Its score.
    pub score: f64,
    /// The field that scored highest, decoded and cut, or the request.
    pub text: String,
}

impl EvalReport {
    /// The report as the fixed JSON shape of `bartizan eval --json`.
    pub fn to_json(&self) -> Value {
        let sets: Vec<Value> = self.sets.iter().map(|set| json!(set)).collect();
        json!({ "model": self.model, "threshold": self.threshold, "sets": sets })
    }

    /// The report as a table.
    pub fn to_text(&self) -> String {
        let mut text = format!("model {}, threshold {:.3}\n", self.model, self.threshold);
        let _ = writeln!(
            text,
            "{:<34} {:>7} {:>7} {:>8} {:>8} {:>8} {:>8} {:>7} {:>7} {:>7}",
            "set", "attack", "benign", "tpr", "fpr", "tpr@flag", "fpr@flag", "auc", "p50 us", "p99 us"
        );
        for set in &self.sets {
            let _ = writeln!(
                text,
                "{:<34} {:>7} {:>7} {:>8} {:>8} {:>8} {:>8} {:>7} {:>7.1} {:>7.1}",
                set.file,
                set.attack,
                set.benign,
                percent(set.tpr),
                percent(set.fpr),
                percent(set.flagged.0),
                percent(set.flagged.1),
                set.auc.map_or_else(|| "-".to_owned(), |auc| format!("{auc:.4}")),
                set.latency_us.p50,
                set.latency_us.p99,
            );
        }
        for set in
            self.sets.iter().filter(|set| set.signals != (None, None) && set.signals != (Some(0.0), None))
        {
            let _ = writeln!(
                text,
                "{}: only signals or counters see {} of the attacks and {} of the benign rows; {} rows unreadable",
                set.file,
                percent(set.signals.0),
                percent(set.signals.1),
                set.unreadable,
            );
        }
        text
    }
}

impl fmt::Display for EvalReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

fn percent(rate: Option<f64>) -> String {
    rate.map_or_else(|| "-".to_owned(), |rate| format!("{:.2} %", rate * 100.0))
}
