//! Rows to verdicts.

use std::time::Instant;

use bartizan_detect::{Detector, Policy, Thresholds};
use bartizan_model::{Action, HttpRequest, Mode, ThreatClass};

use crate::row::Label;

/// One request with what is known of it.
pub(super) struct Sample {
    pub(super) label: Option<Label>,
    pub(super) source: String,
    pub(super) class: String,
    pub(super) request: HttpRequest,
}

/// One judged row.
pub(super) struct Judged {
    pub(super) label: Option<Label>,
    pub(super) source: String,
    pub(super) class: String,
    /// Its class as the model names it; `None` when it has nothing to say.
    pub(super) named: Option<ThreatClass>,
    /// Where the worst field stands; `none` when nothing was suspicious.
    pub(super) location: &'static str,
    pub(super) score: f64,
    /// What the product would do: model and signals together.
    pub(super) action: Action,
    pub(super) signal: bool,
    pub(super) micros: f64,
    pub(super) text: String,
}

pub(super) fn judge(detector: &Detector, samples: &[Sample], thresholds: Thresholds) -> Vec<Judged> {
    let policy = Policy { thresholds, mode: Mode::Monitor };
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
                named: assessment.class,
                location: assessment.fields.first().map_or("none", |field| field.location.as_str()),
                score: assessment.score.map_or(0.0, bartizan_model::AnomalyScore::value),
                action: policy.decide(&assessment).action,
                signal: !assessment.findings.is_empty(),
                micros,
                text: assessment.payload.unwrap_or_else(|| sample.request.to_string()),
            }
        })
        .collect()
}
