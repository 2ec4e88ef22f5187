//! Measuring a model on labelled requests, raw HTTP requests and access logs.

mod gate;
mod judging;
mod quality;
mod rates;
mod raw_http;
mod reading;
mod report;
mod summary;
mod text;

use std::path::PathBuf;
use std::thread;

use bartizan_detect::{Behaviour, BehaviourConfig, Detector, Thresholds};

use crate::EvalError;
use crate::row::Label;

pub use gate::{Bound, Limit, violations};
pub use report::{Breakdown, EvalReport, Latency, Mistake, ModelRates, ScoredRow, SetReport, Share};

/// How to measure.
#[derive(Debug, Clone)]
pub struct EvalOptions {
    /// Scores from which a request is flagged and blocked.
    pub thresholds: Thresholds,
    /// What raw requests and log lines are, `Some(true)` for attacks; those of labelled rows say it themselves.
    pub attack: Option<bool>,
    /// Whether to measure the time of each assessment: the one figure that is never the same twice.
    pub latency: bool,
    /// Mistakes listed per set.
    pub errors: usize,
}

/// Judges every row of the files with these thresholds; see [`evaluate_with`].
pub fn evaluate(
    detector: &Detector,
    files: &[PathBuf],
    thresholds: Thresholds,
) -> Result<EvalReport, EvalError> {
    evaluate_with(detector, files, &EvalOptions { thresholds, attack: None, latency: true, errors: 20 })
}

/// Judges every row of the files and counts. A file that ends in `.jsonl` holds labelled rows, one that ends in `.http`,
/// `.req` or `.raw` raw requests, a folder all files in it, and any other file is an access log.
///
/// # Errors
/// [`EvalError::Data`] when a file cannot be read or a labelled row is not of the schema. Lines and raw requests that
/// cannot be read are counted instead.
pub fn evaluate_with(
    detector: &Detector,
    files: &[PathBuf],
    options: &EvalOptions,
) -> Result<EvalReport, EvalError> {
    let label = options.attack.map(|attack| if attack { Label::Attack } else { Label::Benign });
    let mut sets = Vec::new();
    let mut pooled = Vec::new();
    for file in reading::all_files(files)? {
        let reading::Samples { requests: samples, unreadable, is_log } = reading::read(&file, label)?;
        let (first, second) = samples.split_at(samples.len().div_ceil(2));
        let mut judged = thread::scope(|scope| {
            let other = scope.spawn(|| judging::judge(detector, second, options.thresholds));
            let mut judged = judging::judge(detector, first, options.thresholds);
            judged.extend(other.join().unwrap_or_default());
            judged
        });
        // Only a log has an order and clients, so only there do the counters have something to count.
        if is_log {
            let mut behaviour = Behaviour::new(BehaviourConfig::default());
            for (row, sample) in judged.iter_mut().zip(&samples) {
                row.signal |= behaviour.observe(&sample.request).is_some();
            }
        }
        sets.push(summary::summarise(reading::set_name(&file), &judged, unreadable, options));
        pooled.append(&mut judged);
    }
    let pooled =
        summary::summarise("pooled".to_owned(), &pooled, 0, &EvalOptions { errors: 0, ..options.clone() });
    Ok(EvalReport {
        model: detector.manifest().version.clone(),
        threshold: options.thresholds.block,
        sets,
        pooled,
    })
}
