//! What was done (API.md chapter 8, Audit).

use bartizan_model::AuditEntry;
use serde::Serialize;
use utoipa::ToSchema;

/// One entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Audit {
    id: i64,
    #[schema(format = DateTime)]
    timestamp: String,
    user_id: Option<i64>,
    username: Option<String>,
    ip_address: Option<String>,
    /// `create`, `update`, `delete`, `view`, `login`, `logout`, `block`, `unblock`, `config_change` or `rule_change`.
    action: &'static str,
    /// `ip`, `rule`, `user`, `token`, `config`, `alert` or `exception`.
    resource_type: &'static str,
    resource_id: Option<String>,
    description: String,
    /// A string that holds JSON: `before` and `after`.
    details: Option<String>,
    success: bool,
    error_message: Option<String>,
}

impl From<&AuditEntry> for Audit {
    fn from(entry: &AuditEntry) -> Self {
        Self {
            id: entry.id,
            timestamp: entry.at.to_string(),
            user_id: entry.user_id,
            username: entry.username.clone(),
            ip_address: entry.ip.clone(),
            action: entry.action.as_str(),
            resource_type: entry.resource.as_str(),
            resource_id: entry.resource_id.clone(),
            description: entry.description.clone(),
            details: entry.details.clone(),
            success: entry.success,
            error_message: entry.error.clone(),
        }
    }
}
