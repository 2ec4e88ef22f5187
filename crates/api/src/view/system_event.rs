//! What happened beside the requests.

use bartizan_model as model;
use serde::Serialize;
use utoipa::ToSchema;

use super::name::{Named, SystemEventName};

/// One thing that happened beside the requests.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SystemEvent {
    id: i64,
    #[schema(format = DateTime)]
    timestamp: String,
    /// The clock of `timestamp`, HH:MM:SS in UTC.
    time: String,
    #[serde(rename = "type")]
    kind: SystemEventName,
    /// One line.
    title: String,
    /// One sentence with the numbers, where there are some.
    details: Option<String>,
    /// Who did it; null when nobody did.
    by: Option<String>,
    /// The alert that was raised.
    alert_id: Option<i64>,
}

impl From<&model::SystemEvent> for SystemEvent {
    fn from(system_event: &model::SystemEvent) -> Self {
        Self {
            id: system_event.id,
            timestamp: system_event.at.to_string(),
            time: system_event.at.clock(),
            kind: Named(system_event.kind),
            title: system_event.title.clone(),
            details: system_event.details.clone(),
            by: system_event.by.clone(),
            alert_id: system_event.alert_id,
        }
    }
}
