//! One request or threat with everything known about it (API.md 4.6).

use bartizan_detect::Detector;
use bartizan_model::{
    Action, HttpRequest, Part, StoredRequest, ThreatDetail, ThreatRecord, Timestamp, TrafficRecord, Via,
};

/// A traffic row in detail.
#[derive(Debug, Clone, PartialEq)]
pub struct TrafficDetail {
    /// The row.
    pub record: TrafficRecord,
    /// What else is known.
    pub more: RequestDetail,
}

/// A threat in detail.
#[derive(Debug, Clone, PartialEq)]
pub struct ThreatDetailed {
    /// The row.
    pub record: ThreatRecord,
    /// What else is known.
    pub more: RequestDetail,
}

/// What detail adds to a row.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestDetail {
    /// When the server received it.
    pub received_at: Timestamp,
    /// The request as far as it was seen.
    pub request: StoredRequest,
    /// Parts that the judgement had to do without.
    pub unseen: Vec<Part>,
    /// Scores, fields and explanation.
    pub judged: ThreatDetail,
    /// Alerts that hold it.
    pub alert_ids: Vec<i64>,
}

/// The parts that a way in does not show.
pub(crate) fn unseen(via: Via, request: &StoredRequest) -> Vec<Part> {
    let mut parts = Vec::new();
    // A log shows a few headers at most, whatever the client sent.
    if via == Via::Log {
        parts.push(Part::Headers);
    }
    if via == Via::Log && !request.headers.iter().any(|(name, _)| name == "cookie") {
        parts.push(Part::Cookies);
    }
    if request.body.is_none() && matches!(via, Via::Log | Via::ForwardAuth) {
        parts.push(Part::Body);
    }
    if matches!(via, Via::Check | Via::ForwardAuth) {
        parts.push(Part::Response);
    }
    parts
}

/// Looks again at a request that was allowed: its fields were not kept, and the same model sees the same in them.
///
/// Nothing is shown when another model judged it, rather than the opinion of one that did not.
pub(crate) fn inspect_again(
    detector: &Detector,
    record: &TrafficRecord,
    stored: &StoredRequest,
) -> ThreatDetail {
    if record.action != Action::Allow || record.model.as_deref() != Some(detector.manifest().version.as_str())
    {
        return ThreatDetail::default();
    }
    let mut request =
        HttpRequest::new(record.timestamp, &record.method, stored.target.as_bytes(), record.via);
    request.client.clone_from(&record.ip);
    request.host.clone_from(&record.host);
    request.status = record.status;
    request.headers =
        stored.headers.iter().map(|(name, value)| (name.clone(), value.clone().into_bytes())).collect();
    request.body = stored.body.as_ref().map(|body| body.clone().into_bytes());
    let assessment = detector.inspect(&request);
    ThreatDetail { scores: assessment.scores, fields: assessment.fields, explanation: Vec::new() }
}
