//! One silence.

use bartizan_model::{self as model, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::name::{ClassName, Named};

/// What raises no alert for a while: what matches every member that is not null.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Silence {
    id: i64,
    #[schema(format = DateTime)]
    created_at: String,
    created_by: String,
    /// When it ends; null: when it is deleted.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// Whether it holds now.
    is_active: bool,
    reason: Option<String>,
    /// `detector`, `behaviour` or `system`.
    source: Option<String>,
    class: Option<ClassName>,
    ip: Option<String>,
    host: Option<String>,
    /// The group of the alert that it was made from.
    key: Option<String>,
    /// Events held back so far.
    hits: u64,
    #[schema(format = DateTime)]
    last_hit: Option<String>,
}

impl Silence {
    /// The silence as it is at `now`.
    pub(crate) fn new(silence: &model::Silence, now: Timestamp) -> Self {
        let matches = &silence.matches;
        Self {
            id: silence.id,
            created_at: silence.created_at.to_string(),
            created_by: silence.created_by.clone(),
            expires_at: silence.expires_at.map(|at| at.to_string()),
            is_active: silence.is_active(now),
            reason: silence.reason.clone(),
            source: matches.source.clone(),
            class: matches.class.map(Named),
            ip: matches.ip.clone(),
            host: matches.host.clone(),
            key: matches.key.clone(),
            hits: silence.hits,
            last_hit: silence.last_hit.map(|at| at.to_string()),
        }
    }
}
