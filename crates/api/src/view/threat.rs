//! One threat (API.md 4.5).

use bartizan_model::{Action, ThreatRecord};
use serde::Serialize;
use utoipa::ToSchema;

use super::name::{ActionName, ClassName, DecidedByName, Named, SeverityName, ViaName};
use super::number::fraction;

/// One request whose action was not to allow it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Threat {
    id: i64,
    /// The request that it came from.
    traffic_id: i64,
    #[schema(format = DateTime)]
    timestamp: String,
    /// The clock of `timestamp`, HH:MM:SS in UTC.
    time: String,
    class: ClassName,
    /// Display name of `class`.
    #[serde(rename = "type")]
    kind: &'static str,
    severity: SeverityName,
    /// Client address.
    source: String,
    host: Option<String>,
    method: String,
    endpoint: String,
    /// Status of the answer; 0 unknown.
    status: u16,
    user_agent: Option<String>,
    /// ISO 3166 alpha-2.
    country_code: Option<String>,
    via: ViaName,
    action: ActionName,
    /// Whether the request was really refused.
    enforced: bool,
    /// `action` is `block`.
    blocked: bool,
    /// Calibrated probability of an attack, 0 to 1; null when the model did not judge.
    score: Option<f64>,
    /// For existing clients; equals `score`.
    anomaly_score: Option<f64>,
    /// Version of the model that scored.
    model: Option<String>,
    decided_by: DecidedByName,
    /// The field that decided, decoded and cut.
    payload: Option<String>,
    /// One sentence on what was seen.
    details: Option<String>,
}

impl From<&ThreatRecord> for Threat {
    fn from(record: &ThreatRecord) -> Self {
        let score = record.score.map(fraction);
        Self {
            id: record.id,
            traffic_id: record.traffic_id,
            timestamp: record.timestamp.to_string(),
            time: record.timestamp.clock(),
            class: Named(record.class),
            kind: record.class.display_name(),
            severity: Named(record.severity),
            source: record.ip.clone(),
            host: record.host.clone(),
            method: record.method.clone(),
            endpoint: record.endpoint.clone(),
            status: record.status,
            user_agent: record.user_agent.clone(),
            country_code: None,
            via: Named(record.via),
            action: Named(record.action),
            enforced: record.enforced,
            blocked: record.action == Action::Block,
            score,
            anomaly_score: score,
            model: record.model.clone(),
            decided_by: Named(record.decided_by),
            payload: record.payload.clone(),
            details: record.details.clone(),
        }
    }
}
