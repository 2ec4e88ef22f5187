//! The model and everything around it: one request in, one assessment out.

use std::path::Path;
use std::sync::Arc;

use bartizan_model::{AnomalyScore, AssessedField, Assessment, Evidence, HttpRequest, ThreatClass};

use crate::explain;
use crate::feature::Token;
use crate::field::{Field, fields, names};
use crate::heads::may_end_a_line;
use crate::judge::{Found, Judged, Scratch};
use crate::loading::{self, ModelFiles};
use crate::signal;
use crate::weights::Weights;
use crate::wording;
use crate::{ModelLoadError, ModelManifest, ModelQuality};

/// Below this score nobody asks why, and the fields are not written out.
const WORTH_EXPLAINING: f64 = 0.05;
/// Fields shown (API.md 4.6).
const MAX_SHOWN_FIELDS: usize = 20;
/// Spans shown (API.md 4.6).
const MAX_EVIDENCE: usize = 16;
/// Fields of one request that are explained; the worst come first.
const MAX_EXPLAINED_FIELDS: usize = 4;
/// Class scores shown start here (API.md 4.6).
const MIN_CLASS_SCORE: f64 = 0.01;

/// A loaded model. Immutable: share it in an `Arc` between as many threads as there are.
pub struct Detector {
    manifest: ModelManifest,
    quality: Option<ModelQuality>,
    version: Arc<str>,
    classes: Vec<ThreatClass>,
    weights: Weights,
}

/// A field with its score and where in it the worst stands.
struct Scored<'a> {
    score: f64,
    field: &'a Field<'a>,
    worst: Option<Found>,
}

impl std::fmt::Debug for Detector {
    /// Without the weights: nobody reads a hundred thousand numbers.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Detector").field("version", &self.version).finish_non_exhaustive()
    }
}

impl Detector {
    /// The model that is part of the binary.
    pub fn embedded() -> Result<Self, ModelLoadError> {
        loading::embedded()
    }

    /// The model in a directory that holds `manifest.json` and `weights.safetensors`.
    pub fn load(dir: &Path) -> Result<Self, ModelLoadError> {
        ModelFiles::read(dir)?.load()
    }

    pub(crate) fn new(
        manifest: ModelManifest,
        quality: Option<ModelQuality>,
        classes: Vec<ThreatClass>,
        weights: Weights,
    ) -> Self {
        Self { version: manifest.version.as_str().into(), manifest, quality, classes, weights }
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

    /// How good these very weights were when they were measured, where that stands beside the model.
    pub fn quality(&self) -> Option<&ModelQuality> {
        self.quality.as_ref()
    }

    /// The tables of the model, for tools that measure its members one by one.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The score of one field alone, 0 to 1.
    pub fn field_score(&self, field: &Field<'_>) -> f64 {
        // Of minus infinity the score is exactly 0.
        self.score(self.field_evidence(field))
    }

    /// What both models say about one field alone; minus infinity when there is nothing to judge.
    pub(crate) fn field_evidence(&self, field: &Field<'_>) -> f64 {
        self.worst(field, &mut Scratch::default()).map_or(f64::NEG_INFINITY, |worst| worst.evidence())
    }

    fn worst(&self, field: &Field<'_>, scratch: &mut Scratch) -> Option<Found> {
        self.weights.worst(&self.manifest.calibration, field, scratch)
    }

    fn judge(&self, request: &HttpRequest, worth_explaining: f64) -> Assessment {
        let all = fields(request);
        let mut scored: Vec<Scored<'_>> = Vec::with_capacity(all.len().min(64));
        let mut top = 0.0_f64;
        let mut scratch = Scratch::default();
        for field in &all {
            let worst = self.worst(field, &mut scratch);
            let score = worst.as_ref().map_or(0.0, |worst| self.score(worst.evidence()));
            top = top.max(score);
            scored.push(Scored { score, field, worst: worst.filter(|_| score >= WORTH_EXPLAINING) });
        }
        let mut assessment = Assessment {
            score: Some(AnomalyScore::new(top)),
            findings: signal::findings(request),
            model: Some(Arc::clone(&self.version)),
            ..Assessment::default()
        };
        if top >= worth_explaining {
            scored.sort_by(|left, right| right.score.total_cmp(&left.score));
            scored.truncate(MAX_SHOWN_FIELDS);
            self.write_out(scored, &mut assessment);
        }
        assessment
    }

    /// Fields, spans, classes and sentences, for people.
    fn write_out(&self, scored: Vec<Scored<'_>>, assessment: &mut Assessment) {
        let flag = self.manifest.thresholds.flag;
        let names = names(&scored.iter().map(|scored| scored.field).collect::<Vec<_>>());
        let mut explained = 0.0;
        for ((rank, Scored { score, field, worst }), name) in scored.into_iter().enumerate().zip(names) {
            let judged = worst.and_then(|worst| worst.unfold(field));
            let scores = judged.as_ref().map(|judged| self.class_scores(judged)).unwrap_or_default();
            let class = scores.first().map(|(class, _)| *class);
            let mut spans = Vec::new();
            if score >= flag && rank < MAX_EXPLAINED_FIELDS {
                spans = judged
                    .as_ref()
                    .map(|judged| explain::spans(self, field, judged, flag))
                    .unwrap_or_default();
                // Of several fields each carries the verdict as far as its score goes.
                explained += if spans.is_empty() { 0.0 } else { score };
                assessment.explanation.extend(spans.iter().map(|span| {
                    let evidence = span.evidence(field, name.as_deref());
                    Evidence { weight: evidence.weight * score, ..evidence }
                }));
            }
            let (value, truncated) = explain::shown_value(field, &spans);
            if rank == 0 {
                assessment.scores = scores
                    .into_iter()
                    .map(|(class, share)| (class, share * score))
                    .filter(|(_, score)| *score >= MIN_CLASS_SCORE)
                    .collect();
                assessment.class = judged.is_some().then(|| class.unwrap_or(ThreatClass::Anomaly));
                assessment.payload = Some(explain::payload(field));
                assessment.details =
                    assessment.class.map(|class| wording::details(class, field.location, name.as_deref()));
            }
            assessment.fields.push(AssessedField {
                location: field.location,
                name,
                value,
                truncated,
                score: AnomalyScore::new(score),
                class,
            });
        }
        for evidence in &mut assessment.explanation {
            evidence.weight /= explained;
        }
        assessment.explanation.sort_by(|left, right| right.weight.total_cmp(&left.weight));
        assessment.explanation.truncate(MAX_EVIDENCE);
    }

    /// The worst text of a field; `None` when the field is plain.
    pub(crate) fn judge_field(&self, field: &Field<'_>) -> Option<Judged> {
        self.weights.judge_field(&self.manifest.calibration, field)
    }

    pub(crate) fn score(&self, evidence: f64) -> f64 {
        self.manifest.calibration.score(evidence)
    }

    /// What each canonical byte of the worst text, which has these tokens, added to the evidence.
    pub(crate) fn byte_evidence(&self, judged: &Judged, tokens: &[Token]) -> Vec<f64> {
        self.weights.byte_evidence(&self.manifest.calibration, judged, tokens)
    }

    /// Classes and their shares, likeliest first.
    fn class_scores(&self, judged: &Judged) -> Vec<(ThreatClass, f64)> {
        let bytes = judged.text.bytes();
        let shares = self.weights.heads.classes(bytes, self.weights.linear.core(bytes, judged.window));
        let mut scores: Vec<_> = self.classes.iter().copied().zip(shares).collect();
        if !may_end_a_line(bytes) {
            scores.retain(|(class, _)| *class != ThreatClass::HeaderInjection);
            let left = scores.iter().map(|(_, share)| share).sum::<f64>().max(f64::MIN_POSITIVE);
            for (_, share) in &mut scores {
                *share /= left;
            }
        }
        scores.sort_by(|left, right| right.1.total_cmp(&left.1));
        scores
    }
}
