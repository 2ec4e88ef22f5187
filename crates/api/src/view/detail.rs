//! The detail of a request or a threat (API.md 4.6).

use std::collections::BTreeMap;

use bartizan_engine as engine;
use bartizan_model::{AssessedField, Evidence};
use serde::Serialize;
use utoipa::ToSchema;

use super::name::{ClassName, LocationName, Named, PartName};
use super::number::fraction;
use super::{Threat, Traffic};

/// A request with everything that is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrafficDetail {
    #[serde(flatten)]
    traffic: Traffic,
    #[serde(flatten)]
    detail: Detail,
}

/// A threat with everything that is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ThreatDetail {
    #[serde(flatten)]
    threat: Threat,
    #[serde(flatten)]
    detail: Detail,
}

/// The members that a detail adds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Detail {
    /// When the server received it; `timestamp` is when it happened.
    #[schema(format = DateTime)]
    received_at: String,
    /// The whole request target.
    target: String,
    /// The log line.
    raw_line: Option<String>,
    /// As far as known; null when they were not seen.
    headers: Option<Vec<Header>>,
    /// Null when it was not seen.
    body: Option<Body>,
    /// Parts that the judgement had to do without.
    unseen: Vec<PartName>,
    /// Score per class, those of 0.01 and above.
    scores: BTreeMap<&'static str, f64>,
    /// Inspected fields, worst first.
    fields: Vec<Field>,
    /// The spans that carried the verdict, heaviest first.
    explanation: Vec<Explanation>,
    /// Alerts that hold it.
    alert_ids: Vec<i64>,
    /// The exception that let it pass.
    exception_id: Option<i64>,
}

/// One header as it was seen.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Header {
    name: String,
    value: String,
}

/// The body as it was seen.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Body {
    text: String,
    /// Its full size.
    bytes: u64,
    truncated: bool,
}

/// One inspected field.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Field {
    location: LocationName,
    name: Option<String>,
    /// The raw value, cut.
    value: String,
    truncated: bool,
    score: f64,
    class: Option<ClassName>,
}

/// One span that carried the verdict.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Explanation {
    location: LocationName,
    name: Option<String>,
    /// Half-open range in the field's `value`, in UTF-16 code units.
    start: usize,
    end: usize,
    /// The span as the model read it, decoded.
    text: String,
    /// Share of the verdict, -1 to 1; negative speaks for benign.
    weight: f64,
    /// Its raw spelling where that differs.
    decoded_from: Option<String>,
}

impl From<engine::TrafficDetail> for TrafficDetail {
    fn from(detail: engine::TrafficDetail) -> Self {
        Self { traffic: Traffic::from(&detail.record), detail: detail.more.into() }
    }
}

impl From<engine::ThreatDetailed> for ThreatDetail {
    fn from(detail: engine::ThreatDetailed) -> Self {
        Self { threat: Threat::from(&detail.record), detail: detail.more.into() }
    }
}

impl From<engine::RequestDetail> for Detail {
    fn from(detail: engine::RequestDetail) -> Self {
        let request = detail.request;
        let headers = (!request.headers.is_empty())
            .then(|| request.headers.into_iter().map(|(name, value)| Header { name, value }).collect());
        let body = request.body.map(|text| {
            let bytes = request.body_bytes.unwrap_or(text.len() as u64);
            Body { truncated: bytes > text.len() as u64, bytes, text }
        });
        let judged = &detail.judged;
        Self {
            received_at: detail.received_at.to_string(),
            target: request.target,
            raw_line: request.raw_line,
            headers,
            body,
            unseen: detail.unseen.into_iter().map(Named).collect(),
            scores: judged.scores.iter().map(|(class, score)| (class.as_str(), fraction(*score))).collect(),
            fields: judged.fields.iter().map(Field::from).collect(),
            explanation: judged.explanation.iter().map(Explanation::from).collect(),
            alert_ids: detail.alert_ids,
            exception_id: None,
        }
    }
}

impl From<&AssessedField> for Field {
    fn from(field: &AssessedField) -> Self {
        Self {
            location: Named(field.location),
            name: field.name.clone(),
            value: field.value.clone(),
            truncated: field.truncated,
            score: fraction(field.score.value()),
            class: field.class.map(Named),
        }
    }
}

impl From<&Evidence> for Explanation {
    fn from(evidence: &Evidence) -> Self {
        Self {
            location: Named(evidence.location),
            name: evidence.name.clone(),
            start: evidence.start,
            end: evidence.end,
            text: evidence.text.clone(),
            weight: fraction(evidence.weight),
            decoded_from: evidence.decoded_from.clone(),
        }
    }
}
