//! One alert (API.md 4.2).

use bartizan_model::{self as model, AlertStatus, Severity, ThreatClass};
use serde::Serialize;
use utoipa::ToSchema;

use super::name::{AlertKindName, AlertStatusName, ClassName, Named, SeverityName};

/// What people are told without asking.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Alert {
    id: i64,
    /// Chooses the icon.
    #[serde(rename = "type")]
    kind: AlertKindName,
    /// `high`, `medium` or `low`.
    severity: SeverityName,
    title: String,
    description: String,
    /// When it was raised.
    #[schema(format = DateTime)]
    timestamp: String,
    /// The clock of `timestamp`, HH:MM:SS in UTC.
    time: String,
    /// Name of an icon.
    icon: &'static str,
    /// What raised it: `detector`, `behaviour`, `system`.
    source: String,
    /// What can be done about it here.
    actions: Vec<&'static str>,
    status: AlertStatusName,
    is_active: bool,
    is_acknowledged: bool,
    is_dismissed: bool,
    handled_by: Option<String>,
    #[schema(format = DateTime)]
    handled_at: Option<String>,
    /// Null for alerts about the system.
    class: Option<ClassName>,
    /// Events grouped so far.
    count: u64,
    /// The newest of them.
    #[schema(format = DateTime)]
    last_seen: String,
    related_ip: Option<String>,
    related_endpoint: Option<String>,
    related_threat_id: Option<i64>,
    /// Event time of the oldest event grouped.
    #[schema(format = DateTime)]
    first_seen: String,
    /// The site it is about; null for many sites and for the system.
    host: Option<String>,
    /// Distinct clients behind it, as far as they were counted (256).
    clients: u64,
    /// Distinct paths that were tried, as far as they were counted (2,000).
    targets: u64,
    /// Its events by class, most first; empty for alerts about the system.
    classes: Vec<ClassCount>,
    /// The alert that took this one over when there was more of it; its threats are in both.
    part_of: Option<i64>,
    /// What to do next.
    advice: String,
    /// What the person who handled it last wrote.
    note: Option<String>,
}

/// How many events of an alert are of one class.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ClassCount {
    class: ClassName,
    count: u64,
}

impl From<&model::Alert> for Alert {
    fn from(alert: &model::Alert) -> Self {
        let mut classes = alert.classes.clone();
        classes.sort_by_key(|(class, count)| (std::cmp::Reverse(*count), *class));
        Self {
            id: alert.id,
            kind: Named(alert.kind),
            severity: Named(alert.severity.min(Severity::High)),
            title: alert.title.clone(),
            description: alert.description.clone(),
            timestamp: alert.raised_at.to_string(),
            time: alert.raised_at.clock(),
            icon: icon(alert.class),
            source: alert.source.clone(),
            actions: actions(alert),
            status: Named(alert.status),
            is_active: alert.status.is_active(),
            is_acknowledged: alert.status == AlertStatus::Acknowledged,
            is_dismissed: alert.status == AlertStatus::Dismissed,
            handled_by: alert.handled_by.clone(),
            handled_at: alert.handled_at.map(|at| at.to_string()),
            class: alert.class.map(Named),
            count: alert.count,
            last_seen: alert.last_seen.to_string(),
            related_ip: alert.related_ip.clone(),
            related_endpoint: alert.related_endpoint.clone(),
            related_threat_id: alert.related_threat_id,
            first_seen: alert.first_seen.to_string(),
            host: alert.host.clone(),
            clients: alert.clients,
            targets: alert.targets,
            classes: classes
                .into_iter()
                .map(|(class, count)| ClassCount { class: Named(class), count })
                .collect(),
            part_of: alert.part_of,
            advice: alert.advice.clone(),
            note: alert.note.clone(),
        }
    }
}

/// Only what this server can do now: nothing is offered that would answer 404.
fn actions(alert: &model::Alert) -> Vec<&'static str> {
    let mut actions = Vec::new();
    if alert.related_threat_id.is_some() || alert.related_ip.is_some() {
        actions.push("investigate");
    }
    if alert.status.is_active() {
        actions.push("dismiss");
    }
    actions
}

fn icon(class: Option<ThreatClass>) -> &'static str {
    match class {
        None => "server",
        Some(ThreatClass::SqlInjection | ThreatClass::Nosql | ThreatClass::LdapXpath) => "database",
        Some(ThreatClass::Xss | ThreatClass::Xxe | ThreatClass::HeaderInjection) => "code",
        Some(ThreatClass::Ddos) => "zap",
        Some(ThreatClass::PathTraversal | ThreatClass::FileInclusion) => "folder",
        Some(
            ThreatClass::CommandInjection
            | ThreatClass::CodeInjection
            | ThreatClass::TemplateInjection
            | ThreatClass::ExpressionInjection
            | ThreatClass::Deserialization,
        ) => "terminal",
        Some(ThreatClass::Ssrf) => "globe",
        Some(ThreatClass::BruteForce) => "key",
        Some(ThreatClass::Scanner) => "search",
        Some(ThreatClass::Policy | ThreatClass::Anomaly) => "shield",
    }
}
