//! One verdict on demand (API.md 6.1).

use bartizan_engine::Checked;
use bartizan_model::{DecidedBy, ThreatClass};
use serde::Serialize;
use utoipa::ToSchema;

use super::detail::{Explanation, Field};
use super::name::{ActionName, ClassName, Named, SeverityName};
use super::number::fraction;

/// Characters of the canonical request that are shown.
const SHOWN_CHARS: usize = 200;

/// What is told of a request that could not be judged; its cause is in the log.
const FAILED: &str = "judging failed; the request was let pass";

/// The verdict on one request.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckResult {
    /// Calibrated probability of an attack, 0 to 1.
    anomaly_score: f64,
    /// Whether the score is strictly greater than the threshold, whatever mode, lists and exceptions say.
    is_anomaly: bool,
    threshold: f64,
    /// Time that judging took, in milliseconds.
    processing_time_ms: f64,
    /// The request as it was judged, cut.
    normalized_request: Option<String>,
    /// Set when judging failed; the request is then let pass.
    error: Option<&'static str>,
    action: ActionName,
    /// Whether the caller has to refuse the request.
    enforced: bool,
    class: Option<ClassName>,
    /// Display name of `class`.
    #[serde(rename = "type")]
    kind: Option<&'static str>,
    severity: Option<SeverityName>,
    /// Version of the model that scored.
    model: Option<String>,
    /// The spans that carried the verdict; only with `explain=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<Vec<Explanation>>,
    /// Inspected fields, worst first, in which the spans lie; only with `explain=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Vec<Field>>,
}

impl CheckResult {
    /// The verdict as sent, with its explanation when it was asked for.
    pub(crate) fn new(checked: &Checked, explain: bool) -> Self {
        let judged = &checked.judged;
        let threshold = checked.policy.thresholds.block;
        let score = judged.assessment.score.map_or(0.0, bartizan_model::AnomalyScore::value);
        let explanation = || {
            let findings = judged.assessment.findings.iter().flat_map(|finding| &finding.evidence);
            judged.assessment.explanation.iter().chain(findings).map(Explanation::from).collect()
        };
        Self {
            anomaly_score: fraction(score),
            is_anomaly: score > threshold,
            threshold: fraction(threshold),
            processing_time_ms: super::number::tenth(f64::from(judged.judged_us) / 1_000.0),
            normalized_request: Some(normalized(&judged.request)),
            error: (judged.verdict.decided_by == DecidedBy::Failure).then_some(FAILED),
            action: Named(judged.verdict.action),
            enforced: judged.verdict.enforced,
            class: judged.verdict.class.map(Named),
            kind: judged.verdict.class.map(ThreatClass::display_name),
            severity: judged.verdict.severity.map(Named),
            model: judged.assessment.model.as_deref().map(str::to_owned),
            explanation: explain.then(explanation),
            fields: explain.then(|| judged.assessment.fields.iter().map(Field::from).collect()),
        }
    }
}

/// Method, path and query in lower case with percent-encoding undone once, for people.
fn normalized(request: &bartizan_model::HttpRequest) -> String {
    let decode = |part: &[u8]| percent_encoding::percent_decode(part).decode_utf8_lossy().into_owned();
    let mut text = format!("{} {}", request.method, decode(request.path()));
    if let Some(query) = request.query() {
        text.push(' ');
        text.push_str(&decode(query));
    }
    text.to_lowercase().chars().take(SHOWN_CHARS).collect()
}
