//! Measuring a model on labelled requests and on access logs.

mod rates;
mod report;

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use bartizan_detect::{Behaviour, BehaviourConfig, Detector, Thresholds};
use bartizan_ingest::parse_line;
use bartizan_model::{HttpRequest, Timestamp};

use crate::row::{Label, each_line, read_rows};
use crate::{DataError, EvalError};

pub use report::{EvalReport, Latency, Mistake, SetReport, Share};

/// Mistakes kept per set, for people.
const MAX_MISTAKES: usize = 500;

/// One judged row.
struct Judged {
    label: Label,
    source: String,
    class: String,
    score: f64,
    signal: bool,
    micros: f64,
    text: String,
}

struct Sample {
    label: Label,
    source: String,
    class: String,
    request: HttpRequest,
}

/// Judges every row of the files and counts. A file that ends in `.jsonl` holds labelled rows; any other is an access
/// log, whose requests count as benign unless `attack` stands in its name.
pub fn evaluate(
    detector: &Detector,
    files: &[PathBuf],
    thresholds: Thresholds,
) -> Result<EvalReport, EvalError> {
    let mut sets = Vec::new();
    for file in files {
        let (samples, unreadable) = read(file)?;
        let half = samples.len().div_ceil(2);
        let (first, second) = samples.split_at(half);
        let mut judged = thread::scope(|scope| {
            let other = scope.spawn(|| judge(detector, second));
            let mut judged = judge(detector, first);
            judged.extend(other.join().unwrap_or_default());
            judged
        });
        // Only a log has an order and clients, so only there do the counters have something to count.
        if !is_labelled(file) {
            let mut behaviour = Behaviour::new(BehaviourConfig::default());
            for (row, sample) in judged.iter_mut().zip(&samples) {
                row.signal |= behaviour.observe(&sample.request).is_some();
            }
        }
        sets.push(summarise(set_name(file), &judged, unreadable, thresholds));
    }
    Ok(EvalReport { model: detector.manifest().version.clone(), threshold: thresholds.block, sets })
}

fn judge(detector: &Detector, samples: &[Sample]) -> Vec<Judged> {
    samples
        .iter()
        .map(|sample| {
            let start = Instant::now();
            let assessment = detector.assess(&sample.request);
            let micros = start.elapsed().as_secs_f64() * 1e6;
            Judged {
                label: sample.label,
                source: sample.source.clone(),
                class: sample.class.clone(),
                score: assessment.score.map_or(0.0, bartizan_model::AnomalyScore::value),
                signal: !assessment.findings.is_empty(),
                micros,
                text: assessment.payload.unwrap_or_else(|| sample.request.to_string()),
            }
        })
        .collect()
}

fn read(file: &Path) -> Result<(Vec<Sample>, u64), DataError> {
    if is_labelled(file) {
        let rows = read_rows(file)?;
        let sample = |row: crate::row::Row| Sample {
            request: row.request(),
            label: row.label,
            source: row.source,
            class: row.class,
        };
        return Ok((rows.into_iter().map(sample).collect(), 0));
    }
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let label = if name.contains("attack") { Label::Attack } else { Label::Benign };
    let mut samples = Vec::new();
    let mut unreadable = 0;
    each_line(file, |_, line| {
        match parse_line(line, Timestamp::default()) {
            Ok(request) => {
                samples.push(Sample { label, source: name.clone(), class: "log".to_owned(), request });
            }
            Err(_) => unreadable += 1,
        }
        Ok(())
    })?;
    Ok((samples, unreadable))
}

fn is_labelled(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "jsonl")
}

/// The folder and the name of a file: enough to tell `train/browser_har.jsonl` from `validate/browser_har.jsonl`.
fn set_name(file: &Path) -> String {
    let mut parts: Vec<String> =
        file.components().rev().take(2).map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    parts.reverse();
    parts.join("/")
}

fn summarise(file: String, judged: &[Judged], unreadable: u64, thresholds: Thresholds) -> SetReport {
    let scores = |label: Label| {
        let mut scores: Vec<f64> =
            judged.iter().filter(|row| row.label == label).map(|row| row.score).collect();
        scores.sort_by(|left, right| right.total_cmp(left));
        scores
    };
    let (attacks, benign) = (scores(Label::Attack), scores(Label::Benign));
    let only_signal = |label: Label| {
        let total = judged.iter().filter(|row| row.label == label).count();
        let added = judged
            .iter()
            .filter(|row| row.label == label && row.signal && row.score < thresholds.flag)
            .count();
        (total > 0).then(|| added as f64 / total as f64)
    };
    let mut report = SetReport {
        file,
        attack: attacks.len() as u64,
        benign: benign.len() as u64,
        unreadable,
        tpr: rates::share_at(&attacks, thresholds.block),
        tpr_interval: rates::wilson(&attacks, thresholds.block),
        fpr: rates::share_at(&benign, thresholds.block),
        fpr_interval: rates::wilson(&benign, thresholds.block),
        flagged: (rates::share_at(&attacks, thresholds.flag), rates::share_at(&benign, thresholds.flag)),
        signals: (only_signal(Label::Attack), only_signal(Label::Benign)),
        auc: rates::auc(&attacks, &benign),
        tpr_at_fpr: [("0.0001", 0.0001), ("0.0005", 0.0005), ("0.001", 0.001), ("0.01", 0.01)]
            .into_iter()
            .map(|(name, share)| (name.to_owned(), rates::tpr_at_fpr(&attacks, &benign, share)))
            .collect(),
        latency_us: rates::latency(judged.iter().map(|row| row.micros).collect()),
        sources: std::collections::BTreeMap::new(),
        classes: std::collections::BTreeMap::new(),
        errors: Vec::new(),
        rows: judged
            .iter()
            .map(|row| Mistake {
                label: format!(
                    "{}\t{}\t{}",
                    if row.label == Label::Attack { 1 } else { 0 },
                    row.class,
                    u8::from(row.signal)
                ),
                score: row.score,
                text: row.text.clone(),
            })
            .collect(),
    };
    for row in judged {
        let caught = row.score >= thresholds.block;
        for share in [
            report.sources.entry(row.source.clone()).or_default(),
            report.classes.entry(row.class.clone()).or_default(),
        ] {
            share.total += 1;
            share.caught += u64::from(caught);
        }
    }
    let flag = thresholds.flag;
    let mut mistakes: Vec<&Judged> =
        judged.iter().filter(|row| (row.score >= flag) != (row.label == Label::Attack)).collect();
    mistakes.sort_by(|left, right| {
        let wrong = |row: &Judged| if row.label == Label::Attack { 1.0 - row.score } else { row.score };
        wrong(right).total_cmp(&wrong(left))
    });
    report.errors = mistakes
        .into_iter()
        .take(MAX_MISTAKES)
        .map(|row| Mistake {
            label: if row.label == Label::Attack { "missed" } else { "false alarm" }.to_owned(),
            score: row.score,
            text: if row.signal { format!("[signal] {}", row.text) } else { row.text.clone() },
        })
        .collect();
    report
}
