//! The model and everything around it: one request in, one assessment out.

use std::path::Path;
use std::sync::Arc;

use bartizan_model::{AnomalyScore, AssessedField, Assessment, HttpRequest, ThreatClass};

use crate::canonical::{Leaf, leaves};
use crate::explain;
use crate::field::{Field, fields};
use crate::linear::Window;
use crate::loading;
use crate::signal;
use crate::weights::Weights;
use crate::wording;
use crate::{Calibration, ModelLoadError, ModelManifest};

/// Below this score nobody asks why, and the fields are not written out.
const WORTH_EXPLAINING: f64 = 0.05;
/// Fields shown (API.md 4.6).
const MAX_SHOWN_FIELDS: usize = 20;
/// Spans shown (API.md 4.6).
const MAX_EVIDENCE: usize = 16;
/// Class scores shown start here (API.md 4.6).
const MIN_CLASS_SCORE: f64 = 0.01;

/// A loaded model. Immutable: share it in an `Arc` between as many threads as there are.
#[derive(Debug)]
pub struct Detector {
    manifest: ModelManifest,
    version: Arc<str>,
    classes: Vec<ThreatClass>,
    weights: Weights,
}

/// How bad a field is, and why.
pub(crate) struct Judged {
    pub(crate) score: f64,
    pub(crate) leaf: Leaf,
    pub(crate) window: Window,
}

/// A field with what was found in it.
struct Scored<'a> {
    score: f64,
    field: &'a Field<'a>,
    judged: Option<Judged>,
}

impl Detector {
    /// The model that is part of the binary.
    pub fn embedded() -> Result<Self, ModelLoadError> {
        loading::embedded()
    }

    /// The model in a directory that holds `manifest.json` and `weights.safetensors`.
    pub fn load(dir: &Path) -> Result<Self, ModelLoadError> {
        loading::load(dir)
    }

    pub(crate) fn new(manifest: ModelManifest, classes: Vec<ThreatClass>, weights: Weights) -> Self {
        Self { version: manifest.version.as_str().into(), manifest, classes, weights }
    }

    /// What is seen in a request. Fields and explanation are written out only where the score calls for them.
    pub fn assess(&self, request: &HttpRequest) -> Assessment {
        self.judge(request, WORTH_EXPLAINING)
    }

    /// Like [`Detector::assess`], always with fields and explanation: for pages that show one request.
    pub fn inspect(&self, request: &HttpRequest) -> Assessment {
        self.judge(request, 0.0)
    }

    /// What the model says about itself.
    pub fn manifest(&self) -> &ModelManifest {
        &self.manifest
    }

    fn judge(&self, request: &HttpRequest, worth_explaining: f64) -> Assessment {
        let all = fields(request);
        let mut scored: Vec<Scored<'_>> = all
            .iter()
            .map(|field| {
                let judged = self.judge_field(field);
                Scored { score: judged.as_ref().map_or(0.0, |judged| judged.score), field, judged }
            })
            .collect();
        scored.sort_by(|left, right| right.score.total_cmp(&left.score));
        let top = scored.first().map_or(0.0, |worst| worst.score);
        let mut assessment = Assessment {
            score: Some(AnomalyScore::new(top)),
            findings: signal::findings(request),
            model: Some(Arc::clone(&self.version)),
            ..Assessment::default()
        };
        if top < worth_explaining {
            return assessment;
        }
        let flag = self.manifest.thresholds.flag;
        for Scored { score, field, judged } in scored.iter().take(MAX_SHOWN_FIELDS) {
            let class = judged
                .as_ref()
                .filter(|_| *score >= worth_explaining.max(WORTH_EXPLAINING))
                .and_then(|judged| self.class_scores(judged).first().map(|(class, _)| *class));
            let mut spans = Vec::new();
            if *score >= flag && assessment.explanation.len() < MAX_EVIDENCE {
                spans = judged
                    .as_ref()
                    .map(|judged| explain::spans(self, field, judged, flag))
                    .unwrap_or_default();
                assessment.explanation.extend(spans.iter().map(|span| span.evidence(field)));
            }
            let (value, truncated) = explain::shown_value(field, &spans);
            assessment.fields.push(AssessedField {
                location: field.location,
                name: field.name_text(),
                value,
                truncated,
                score: AnomalyScore::new(*score),
                class,
            });
        }
        assessment.explanation.truncate(MAX_EVIDENCE);
        assessment.explanation.sort_by(|left, right| right.weight.total_cmp(&left.weight));
        if let Some(Scored { field, judged: Some(judged), .. }) = scored.first() {
            assessment.scores = self
                .class_scores(judged)
                .into_iter()
                .map(|(class, share)| (class, share * top))
                .filter(|(_, score)| *score >= MIN_CLASS_SCORE)
                .collect();
            assessment.class = (top >= WORTH_EXPLAINING)
                .then(|| assessment.scores.first().map_or(ThreatClass::Anomaly, |(class, _)| *class));
            assessment.payload = Some(explain::payload(field));
            assessment.details = assessment.class.map(|class| wording::details(class, field));
        }
        assessment
    }

    /// The score of one field alone, 0 to 1.
    pub(crate) fn field_score(&self, field: &Field<'_>) -> f64 {
        self.judge_field(field).map_or(0.0, |judged| judged.score)
    }

    /// The worst leaf of a field; `None` when the field is plain.
    pub(crate) fn judge_field(&self, field: &Field<'_>) -> Option<Judged> {
        if field.is_plain() {
            return None;
        }
        let mut worst: Option<Judged> = None;
        for leaf in leaves(field.value, field.wrapping) {
            let window = self.weights.worst_window(leaf.text.bytes(), leaf.flags);
            if worst.as_ref().is_none_or(|worst| window.logit > worst.window.logit) {
                let score = self.manifest.calibration.score(f64::from(window.logit));
                worst = Some(Judged { score, leaf, window });
            }
        }
        worst
    }

    pub(crate) fn weights(&self) -> &Weights {
        &self.weights
    }

    /// Classes and their shares, likeliest first.
    fn class_scores(&self, judged: &Judged) -> Vec<(ThreatClass, f64)> {
        let shares = self.weights.classes(judged.leaf.text.bytes(), judged.window);
        let mut scores: Vec<_> = self.classes.iter().copied().zip(shares).collect();
        scores.sort_by(|left, right| right.1.total_cmp(&left.1));
        scores
    }
}

impl Calibration {
    /// The score of a logit.
    pub fn score(&self, logit: f64) -> f64 {
        if logit == f64::NEG_INFINITY {
            return 0.0;
        }
        1.0 / (1.0 + (-self.slope * (logit - self.origin)).exp())
    }
}
