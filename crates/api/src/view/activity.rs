//! One line of the feed (API.md 4.3).

use bartizan_model::{self as model, Action, ThreatClass};
use serde::Serialize;
use utoipa::ToSchema;

use super::name::{ActionName, ClassName, Named};
use super::number::fraction;

/// One line of the feed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Activity {
    id: i64,
    #[schema(format = DateTime)]
    timestamp: String,
    /// The clock of `timestamp`, HH:MM:SS in UTC.
    time: String,
    /// `blocked` if `action` is `block`, else `allowed`.
    #[serde(rename = "type")]
    kind: &'static str,
    title: String,
    details: String,
    ip: String,
    method: String,
    endpoint: String,
    action: ActionName,
    enforced: bool,
    class: Option<ClassName>,
    /// Display name of `class`.
    threat_type: Option<&'static str>,
    anomaly_score: Option<f64>,
}

impl From<&model::Activity> for Activity {
    fn from(activity: &model::Activity) -> Self {
        Self {
            id: activity.id,
            timestamp: activity.timestamp.to_string(),
            time: activity.timestamp.clock(),
            kind: if activity.action == Action::Block { "blocked" } else { "allowed" },
            title: activity.title.clone(),
            details: activity.details.clone(),
            ip: activity.ip.clone(),
            method: activity.method.clone(),
            endpoint: activity.endpoint.clone(),
            action: Named(activity.action),
            enforced: activity.enforced,
            class: activity.class.map(Named),
            threat_type: activity.class.map(ThreatClass::display_name),
            anomaly_score: activity.score.map(fraction),
        }
    }
}
