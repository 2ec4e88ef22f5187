//! One judged request (API.md 4.4).

use bartizan_model::{Action, ThreatClass, TrafficRecord};
use serde::Serialize;
use utoipa::ToSchema;

use super::name::{ActionName, ClassName, DecidedByName, Named, SeverityName, ViaName};
use super::number::{fraction, size, tenth};

/// One judged request.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Traffic {
    id: i64,
    /// When it happened; unique among requests.
    #[schema(format = DateTime)]
    timestamp: String,
    /// The clock of `timestamp`, HH:MM:SS in UTC.
    time: String,
    /// Client address; the logged name where the log holds none; `-` unknown.
    ip: String,
    host: Option<String>,
    method: String,
    /// Request target, path and query, as received.
    endpoint: String,
    path: String,
    /// Status of the answer; 0 unknown.
    status: u16,
    /// Size of the answer's body, for people.
    size: String,
    size_bytes: Option<u64>,
    /// Time that the application took, in milliseconds.
    response_time_ms: Option<f64>,
    user_agent: Option<String>,
    /// For existing clients; equals `user_agent`.
    #[serde(rename = "userAgent")]
    user_agent_compat: Option<String>,
    action: ActionName,
    /// Whether the request was really refused.
    enforced: bool,
    /// For existing clients: `action` is `block`.
    was_blocked: bool,
    /// For existing clients; equals `was_blocked`.
    #[serde(rename = "wasBlocked")]
    was_blocked_compat: bool,
    class: Option<ClassName>,
    /// Display name of `class`.
    #[serde(rename = "type")]
    kind: Option<&'static str>,
    severity: Option<SeverityName>,
    /// For existing clients; equals `type`.
    threat_type: Option<&'static str>,
    /// Calibrated probability of an attack, 0 to 1; null when the model did not judge.
    score: Option<f64>,
    /// For existing clients; equals `score`.
    anomaly_score: Option<f64>,
    /// Version of the model that scored.
    model: Option<String>,
    decided_by: DecidedByName,
    via: ViaName,
    log_source: Option<String>,
    /// The threat made from this request.
    threat_id: Option<i64>,
    /// ISO 3166 alpha-2.
    country_code: Option<String>,
}

impl From<&TrafficRecord> for Traffic {
    fn from(record: &TrafficRecord) -> Self {
        let kind = record.class.map(ThreatClass::display_name);
        let score = record.score.map(fraction);
        let was_blocked = record.action == Action::Block;
        Self {
            id: record.id,
            timestamp: record.timestamp.to_string(),
            time: record.timestamp.clock(),
            ip: record.ip.clone(),
            host: record.host.clone(),
            method: record.method.clone(),
            endpoint: record.endpoint.clone(),
            path: record.path.clone(),
            status: record.status,
            size: size(record.response_bytes),
            size_bytes: record.response_bytes,
            response_time_ms: record.response_time_ms.map(tenth),
            user_agent: record.user_agent.clone(),
            user_agent_compat: record.user_agent.clone(),
            action: Named(record.action),
            enforced: record.enforced,
            was_blocked,
            was_blocked_compat: was_blocked,
            class: record.class.map(Named),
            kind,
            severity: record.severity.map(Named),
            threat_type: kind,
            score,
            anomaly_score: score,
            model: record.model.clone(),
            decided_by: Named(record.decided_by),
            via: Named(record.via),
            log_source: record.log_source.clone(),
            threat_id: record.threat_id,
            country_code: None,
        }
    }
}
