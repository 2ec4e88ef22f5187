//! What happened beside the requests.

use bartizan_model as model;
use serde::Serialize;
use utoipa::ToSchema;

use super::name::{HappeningName, Named};

/// One thing that happened beside the requests.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Happening {
    id: i64,
    #[schema(format = DateTime)]
    timestamp: String,
    /// The clock of `timestamp`, HH:MM:SS in UTC.
    time: String,
    #[serde(rename = "type")]
    kind: HappeningName,
    /// One line.
    title: String,
    /// One sentence with the numbers, where there are some.
    details: Option<String>,
    /// Who did it; null when nobody did.
    by: Option<String>,
    /// The alert that was raised.
    alert_id: Option<i64>,
}

impl From<&model::Happening> for Happening {
    fn from(happening: &model::Happening) -> Self {
        Self {
            id: happening.id,
            timestamp: happening.at.to_string(),
            time: happening.at.clock(),
            kind: Named(happening.kind),
            title: happening.title.clone(),
            details: happening.details.clone(),
            by: happening.by.clone(),
            alert_id: happening.alert_id,
        }
    }
}
