//! A judged request turned into what will be kept of it; ids and the final timestamp are given by the commit.

use bartizan_model::{
    Action, Activity, AssessedField, DecidedBy, Evidence, HttpRequest, MAX_TARGET_CHARS, Severity,
    ThreatClass, ThreatDetail, ThreatRecord, Timestamp, TrafficRecord, Verdict, Via, display_target,
};

use crate::address::{AddressKey, address_key, canonical};
use crate::stored::{pack, pack_traffic, stored_request, unpack_traffic};
use crate::text::{MAX_METHOD_CHARS, MAX_NAME_CHARS, MAX_TEXT_CHARS, MAX_USER_AGENT_CHARS, cut};
use crate::{Judged, StoreError};

/// Most inspected fields, spans and class scores that are kept (API.md 4.6; there are 19 classes).
const MAX_FIELDS: usize = 20;
const MAX_SPANS: usize = 16;

/// A row about to be inserted.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// Without ids, at the event's own time.
    pub(crate) traffic: TrafficRecord,
    /// The client as a key, when it is an address.
    pub(crate) ip_key: Option<AddressKey>,
    /// What is kept of the request beside the row; empty when nothing is.
    pub(crate) request: String,
    /// What only a threat has.
    pub(crate) threat: Option<PreparedThreat>,
    /// Set when the row is also a line of the feed.
    pub(crate) activity_id: Option<i64>,
}

/// What a threat has beside its traffic row.
#[derive(Debug)]
pub(crate) struct PreparedThreat {
    pub(crate) class: ThreatClass,
    pub(crate) severity: Severity,
    pub(crate) payload: Option<String>,
    pub(crate) details: Option<String>,
    /// [`ThreatDetail`] as JSON.
    pub(crate) detail: String,
    /// The packed request; whole, because the traffic row goes earlier.
    pub(crate) request: String,
}

impl Prepared {
    /// Caps and shapes one request. Event time ahead of `received_at` is replaced by it.
    pub(crate) fn new(
        judged: &Judged,
        received_at: Timestamp,
        source: Option<&str>,
    ) -> Result<Self, StoreError> {
        let Judged { request, assessment, verdict, .. } = judged;
        let endpoint = display_target(&request.target, MAX_TARGET_CHARS);
        let user_agent = request.user_agent().map(|agent| cut(&agent, MAX_USER_AGENT_CHARS));
        let stored = stored_request(request);
        let ip = canonical(&request.client).unwrap_or_else(|| cut(&request.client, MAX_NAME_CHARS));
        let (class, severity) = class_and_severity(verdict).unzip();
        let threat = match (class, severity) {
            (Some(class), Some(severity)) => Some(PreparedThreat {
                class,
                severity,
                payload: verdict.payload.as_deref().map(sentence),
                details: verdict.details.as_deref().map(sentence),
                detail: serde_json::to_string(&detail(judged)).map_err(unwritable)?,
                request: pack(&stored, &endpoint, user_agent.as_deref()).map_err(unwritable)?,
            }),
            _ => None,
        };
        let traffic = TrafficRecord {
            id: 0,
            timestamp: request.time.min(received_at),
            received_at,
            ip,
            host: request.host.as_deref().map(|host| cut(host, MAX_NAME_CHARS)),
            method: cut(&request.method, MAX_METHOD_CHARS),
            path: path(request),
            endpoint,
            status: request.status,
            response_bytes: request.response_bytes,
            response_time_ms: request.response_time_ms.filter(|ms| ms.is_finite() && *ms >= 0.0),
            user_agent,
            action: verdict.action,
            enforced: verdict.enforced,
            class,
            severity,
            score: verdict.score.map(bartizan_model::AnomalyScore::value),
            model: assessment.model.as_deref().map(|model| cut(model, MAX_NAME_CHARS)),
            decided_by: verdict.decided_by,
            via: request.via,
            log_source: source.filter(|_| request.via == Via::Log).map(|name| cut(name, MAX_NAME_CHARS)),
            threat_id: None,
        };
        Ok(Self {
            ip_key: address_key(&traffic.ip),
            request: pack_traffic(&stored, &traffic).map_err(unwritable)?,
            threat,
            activity_id: None,
            traffic,
        })
    }

    /// Gives the row its final instant. What is moved beyond its arrival arrives with it: no event is later than that.
    pub(crate) fn move_to(&mut self, instant: Timestamp) -> Result<(), StoreError> {
        if instant.secs() != self.traffic.timestamp.secs() && !self.request.is_empty() {
            // A line may have been folded by its second.
            let stored = unpack_traffic(&self.request, &self.traffic).map_err(unwritable)?;
            self.traffic.timestamp = instant;
            self.request = pack_traffic(&stored, &self.traffic).map_err(unwritable)?;
        }
        self.traffic.timestamp = instant;
        self.traffic.received_at = self.traffic.received_at.max(instant);
        Ok(())
    }

    /// What the endpoint has beyond the path.
    pub(crate) fn query(&self) -> Option<&str> {
        let row = &self.traffic;
        row.endpoint.strip_prefix(row.path.as_str()).filter(|query| !query.is_empty())
    }

    /// The threat as it will be read, once the row has its ids.
    pub(crate) fn threat_record(&self) -> Option<ThreatRecord> {
        let threat = self.threat.as_ref()?;
        let row = &self.traffic;
        Some(ThreatRecord {
            id: row.threat_id?,
            traffic_id: row.id,
            timestamp: row.timestamp,
            class: threat.class,
            severity: threat.severity,
            ip: row.ip.clone(),
            host: row.host.clone(),
            method: row.method.clone(),
            endpoint: row.endpoint.clone(),
            status: row.status,
            user_agent: row.user_agent.clone(),
            via: row.via,
            action: row.action,
            enforced: row.enforced,
            score: row.score,
            model: row.model.clone(),
            decided_by: row.decided_by,
            payload: threat.payload.clone(),
            details: threat.details.clone(),
        })
    }
}

/// The line of the feed for a row.
pub(crate) fn activity(id: i64, row: &TrafficRecord) -> Activity {
    let details = match row.class {
        Some(class) => format!("{} from {}", class.display_name(), row.ip),
        None if row.status == 0 => format!("unknown status to {}", row.ip),
        None => format!("{} to {}", row.status, row.ip),
    };
    Activity {
        id,
        timestamp: row.timestamp,
        title: format!("{} {}", row.method, row.path),
        details,
        ip: row.ip.clone(),
        method: row.method.clone(),
        endpoint: row.endpoint.clone(),
        action: row.action,
        enforced: row.enforced,
        class: row.class,
        score: row.score,
    }
}

/// Both are set exactly when the action is not allow, whatever a detector left out.
fn class_and_severity(verdict: &Verdict) -> Option<(ThreatClass, Severity)> {
    if verdict.action == Action::Allow {
        return None;
    }
    let class = verdict.class.unwrap_or(ThreatClass::Anomaly);
    let score = verdict.score.unwrap_or_default().value();
    Some((class, verdict.severity.unwrap_or_else(|| Severity::of(class, score, verdict.action))))
}

fn path(request: &HttpRequest) -> String {
    display_target(request.path(), MAX_TARGET_CHARS)
}

fn sentence(text: &str) -> String {
    cut(text, MAX_TEXT_CHARS)
}

/// What was seen, the deciding layer's evidence first.
fn detail(judged: &Judged) -> ThreatDetail {
    let assessment = &judged.assessment;
    let found = assessment.findings.iter().flat_map(|finding| &finding.evidence);
    let carried = &assessment.explanation;
    let by_finding = matches!(judged.verdict.decided_by, DecidedBy::Rule | DecidedBy::Behaviour);
    let spans: Vec<&Evidence> =
        if by_finding { found.chain(carried).collect() } else { carried.iter().chain(found).collect() };
    ThreatDetail {
        scores: assessment.scores.iter().take(ThreatClass::ALL.len()).copied().collect(),
        fields: assessment.fields.iter().take(MAX_FIELDS).map(capped_field).collect(),
        explanation: spans.into_iter().take(MAX_SPANS).map(capped_span).collect(),
    }
}

fn capped_field(field: &AssessedField) -> AssessedField {
    let value = sentence(&field.value);
    AssessedField {
        name: field.name.as_deref().map(|name| cut(name, MAX_NAME_CHARS)),
        truncated: field.truncated || value.len() < field.value.len(),
        value,
        ..field.clone()
    }
}

fn capped_span(span: &Evidence) -> Evidence {
    Evidence {
        name: span.name.as_deref().map(|name| cut(name, MAX_NAME_CHARS)),
        text: sentence(&span.text),
        decoded_from: span.decoded_from.as_deref().map(sentence),
        weight: if span.weight.is_finite() { span.weight } else { 0.0 },
        ..span.clone()
    }
}

fn unwritable(source: serde_json::Error) -> StoreError {
    StoreError::Query { doing: "writing a request as JSON", source: Box::new(source) }
}
