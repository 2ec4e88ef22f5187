//! What is kept of a judged request: the traffic row, the threat made from it, and the line of the feed.

use serde::{Deserialize, Serialize};

use crate::{Action, AssessedField, DecidedBy, Evidence, Severity, ThreatClass, Timestamp, Via};

/// One judged request as kept and listed (API.md 4.4).
#[derive(Debug, Clone, PartialEq)]
pub struct TrafficRecord {
    /// Unique, from 1 upward, rising in order of arrival.
    pub id: i64,
    /// Event time; unique among traffic rows.
    pub timestamp: Timestamp,
    /// When it was committed here.
    pub received_at: Timestamp,
    /// Client address.
    pub ip: String,
    /// Requested host.
    pub host: Option<String>,
    /// Method, or `-`.
    pub method: String,
    /// Target for people, at most 2,048 characters and `…`.
    pub endpoint: String,
    /// The path alone, cut like `endpoint`.
    pub path: String,
    /// Status of the answer; 0 unknown.
    pub status: u16,
    /// Size of the answer's body.
    pub response_bytes: Option<u64>,
    /// Time that the application took, in milliseconds.
    pub response_time_ms: Option<f64>,
    /// User agent, at most 1,024 characters.
    pub user_agent: Option<String>,
    /// What policy decided.
    pub action: Action,
    /// Whether it was carried out.
    pub enforced: bool,
    /// Null exactly when `action` is allow.
    pub class: Option<ThreatClass>,
    /// Null exactly when `action` is allow.
    pub severity: Option<Severity>,
    /// The model's score, 0 to 1.
    pub score: Option<f64>,
    /// Version of the model that scored.
    pub model: Option<String>,
    /// What settled the action.
    pub decided_by: DecidedBy,
    /// How it reached us.
    pub via: Via,
    /// Name of the log source.
    pub log_source: Option<String>,
    /// The threat made from this request.
    pub threat_id: Option<i64>,
}

/// One threat as kept and listed (API.md 4.5): its own copy of the request, so that it outlives the traffic row.
#[derive(Debug, Clone, PartialEq)]
pub struct ThreatRecord {
    /// Unique among threats, from 1 upward.
    pub id: i64,
    /// The traffic row it came from.
    pub traffic_id: i64,
    /// Equal to that row's.
    pub timestamp: Timestamp,
    /// What it is.
    pub class: ThreatClass,
    /// How grave.
    pub severity: Severity,
    /// Client address.
    pub ip: String,
    /// As in the traffic row.
    pub host: Option<String>,
    /// As in the traffic row.
    pub method: String,
    /// As in the traffic row.
    pub endpoint: String,
    /// As in the traffic row.
    pub status: u16,
    /// As in the traffic row.
    pub user_agent: Option<String>,
    /// As in the traffic row.
    pub via: Via,
    /// Flag or block.
    pub action: Action,
    /// Whether it was refused.
    pub enforced: bool,
    /// The model's score.
    pub score: Option<f64>,
    /// Version of the model that scored.
    pub model: Option<String>,
    /// What settled the action.
    pub decided_by: DecidedBy,
    /// The field that decided, decoded and cut.
    pub payload: Option<String>,
    /// One sentence on what was seen.
    pub details: Option<String>,
}

/// The request itself, as far as it was seen; kept beside the row for its detail page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StoredRequest {
    /// The whole target, bytes outside printable ASCII percent-encoded, at most 16 KiB.
    pub target: String,
    /// The log line, at most 16 KiB.
    pub raw_line: Option<String>,
    /// Header names and values as far as seen, secrets masked, each at most 4 KiB.
    pub headers: Vec<(String, String)>,
    /// The body as text, at most 16 KiB; null when it was not seen.
    pub body: Option<String>,
    /// Its full size in bytes.
    pub body_bytes: Option<u64>,
}

/// Why a threat is one; stored with it as judged at the time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ThreatDetail {
    /// Score per class, those of 0.01 and above.
    pub scores: Vec<(ThreatClass, f64)>,
    /// Inspected fields, worst first.
    pub fields: Vec<AssessedField>,
    /// The spans that carried the verdict, heaviest first.
    pub explanation: Vec<Evidence>,
}

/// One line of the feed (API.md 4.3).
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Unique among activities.
    pub id: i64,
    /// The request's.
    pub timestamp: Timestamp,
    /// `METHOD path`.
    pub title: String,
    /// One line.
    pub details: String,
    /// Client address.
    pub ip: String,
    /// Method.
    pub method: String,
    /// Target.
    pub endpoint: String,
    /// What policy decided.
    pub action: Action,
    /// Whether it was carried out.
    pub enforced: bool,
    /// Null when allowed.
    pub class: Option<ThreatClass>,
    /// The model's score.
    pub score: Option<f64>,
}
