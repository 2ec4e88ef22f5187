//! The record of what was changed: by whom, from where, what it was before and what it is now.

use bartizan_model::{AuditAction, AuditEntry, AuditResource, SystemEvent};
use bartizan_store::{AuditFilter, PAGE_LIMITS, Page, Paged, StoreError, SystemEventFilter};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Access, AccessError};

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Actor {
    /// The account, where there is one.
    pub user_id: Option<i64>,
    /// The name, as it is now.
    pub username: Option<String>,
    /// From where.
    pub ip: Option<String>,
}

impl Actor {
    /// Whoever has the command line on the machine.
    pub fn command_line() -> Self {
        Self { username: Some("command line".to_owned()), ..Self::default() }
    }

    /// A person at an address whom no account stands for.
    pub(super) fn stranger(ip: Option<std::net::IpAddr>) -> Self {
        Self { ip: ip.map(|ip| ip.to_canonical().to_string()), ..Self::default() }
    }
}

/// What was done. Before and after are what anybody may read: never a password, a token or a hash of one.
#[derive(Debug, Clone)]
pub struct AuditEvent {
    action: AuditAction,
    resource: AuditResource,
    resource_id: Option<String>,
    description: String,
    before: Value,
    after: Value,
    error: Option<String>,
}

impl AuditEvent {
    /// Something that was done to a thing, told in one sentence.
    pub fn new(action: AuditAction, resource: AuditResource, description: impl Into<String>) -> Self {
        Self {
            action,
            resource,
            resource_id: None,
            description: description.into(),
            before: Value::Null,
            after: Value::Null,
            error: None,
        }
    }

    /// Which thing.
    #[must_use]
    pub fn of(self, id: impl std::fmt::Display) -> Self {
        Self { resource_id: Some(id.to_string()), ..self }
    }

    /// What it was before.
    #[must_use]
    pub fn before(self, before: impl Serialize) -> Self {
        Self { before: serde_json::to_value(before).unwrap_or_default(), ..self }
    }

    /// What it is now.
    #[must_use]
    pub fn after(self, after: impl Serialize) -> Self {
        Self { after: serde_json::to_value(after).unwrap_or_default(), ..self }
    }

    /// Why it was not done after all.
    #[must_use]
    pub fn failed(self, error: impl std::fmt::Display) -> Self {
        Self { error: Some(error.to_string()), ..self }
    }

    fn details(&self) -> Option<String> {
        let is_empty = self.before.is_null() && self.after.is_null();
        (!is_empty).then(|| json!({"before": self.before, "after": self.after}).to_string())
    }
}

impl Access {
    /// Adds to the audit log. What was done is done: when it cannot be noted, the log of the process says so.
    pub async fn audit(&self, by: &Actor, event: AuditEvent) {
        let entry = AuditEntry {
            id: 0,
            at: self.now(),
            user_id: by.user_id,
            username: by.username.clone(),
            ip: by.ip.clone(),
            action: event.action,
            resource: event.resource,
            resource_id: event.resource_id.clone(),
            details: event.details(),
            description: event.description,
            success: event.error.is_none(),
            error: event.error,
        };
        if let Err(error) = self.store.insert_audit(&entry).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                audit.action = entry.action.as_str(),
                audit.resource = entry.resource.as_str(),
                audit.resource_id = entry.resource_id,
                user.name = entry.username,
                "a change could not be written to the audit log"
            );
        }
    }

    /// One page of the audit log.
    pub async fn audit_log(
        &self,
        filter: &AuditFilter,
        page: &Page,
    ) -> Result<Paged<AuditEntry>, AccessError> {
        Ok(self.store.audit(filter, page).await?)
    }

    /// One page of what happened beside the requests.
    pub(crate) async fn system_events(
        &self,
        filter: &SystemEventFilter,
        page: &Page,
    ) -> Result<Paged<SystemEvent>, StoreError> {
        self.store.system_events(filter, page).await
    }

    /// Notes a log source that was read for the first time, once.
    pub(crate) async fn note_new_source(&self, name: &str) {
        let sources = AuditFilter {
            action: vec![AuditAction::Create],
            resource: vec![AuditResource::Config],
            ..AuditFilter::default()
        };
        // One without a line yet has no row of its own that would tell that it is known.
        let known = self.store.audit(&sources, &Page::newest(PAGE_LIMITS.1)).await;
        let is_known = |entry: &AuditEntry| entry.resource_id.as_deref() == Some(name);
        if known.is_ok_and(|known| !known.rows.iter().any(is_known)) {
            let event = AuditEvent::new(
                AuditAction::Create,
                AuditResource::Config,
                format!("log source {name} is read for the first time"),
            );
            self.audit(&Actor::default(), event.of(name)).await;
        }
    }

    /// Notes that another model was put in force.
    pub(crate) async fn note_new_model(&self, before: &str, now: &str) {
        let description = format!("model {now} replaced {before}");
        let event = AuditEvent::new(AuditAction::ConfigChange, AuditResource::Config, description);
        let event = event.of("model").before(json!({ "model": before })).after(json!({ "model": now }));
        self.audit(&Actor::default(), event).await;
    }

    /// One entry of the audit log.
    ///
    /// # Errors
    /// [`AccessError::NotFound`] when there is none.
    pub async fn audit_entry(&self, id: i64) -> Result<AuditEntry, AccessError> {
        self.store.audit_by_id(id).await?.ok_or_else(|| AccessError::not_found("audit entry", id))
    }
}
