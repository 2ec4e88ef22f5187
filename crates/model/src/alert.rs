//! Alerts: what people are told without asking (API.md 4.2).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Severity, ThreatClass, Timestamp, UnknownName};

/// The icon class of an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum AlertKind {
    Critical,
    Warning,
    Info,
}

impl AlertKind {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl FromStr for AlertKind {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        [Self::Critical, Self::Warning, Self::Info]
            .into_iter()
            .find(|kind| kind.as_str() == name)
            .ok_or_else(|| UnknownName { what: "alert type", given: name.to_owned() })
    }
}

/// Where an alert stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum AlertStatus {
    Open,
    Acknowledged,
    Dismissed,
    Resolved,
}

impl AlertStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Open, Self::Acknowledged, Self::Dismissed, Self::Resolved];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
            Self::Dismissed => "dismissed",
            Self::Resolved => "resolved",
        }
    }

    /// Whether someone may still have to act: open or acknowledged.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Open | Self::Acknowledged)
    }
}

impl FromStr for AlertStatus {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == name)
            .ok_or_else(|| UnknownName { what: "alert status", given: name.to_owned() })
    }
}

/// One alert. The same group of events (`key`) raises one alert, whose `count` grows.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// 0 until the store has given one.
    pub id: i64,
    /// What the events of this alert have in common, such as `sql_injection|198.51.100.7`.
    pub key: String,
    /// Chooses the icon.
    pub kind: AlertKind,
    /// `High`, `Medium` or `Low`; a critical threat is kind `Critical`, severity `High` (API.md 4.2).
    pub severity: Severity,
    /// One line.
    pub title: String,
    /// One sentence with the numbers that raised it.
    pub description: String,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// Event time of the oldest event grouped.
    pub first_seen: Timestamp,
    /// Event time of the newest one.
    pub last_seen: Timestamp,
    /// Events grouped so far.
    pub count: u64,
    /// What raised it: `detector`, `behaviour` or `system`.
    pub source: String,
    /// Where it stands.
    pub status: AlertStatus,
    /// Who acknowledged or dismissed it last.
    pub handled_by: Option<String>,
    /// When.
    pub handled_at: Option<Timestamp>,
    /// Null for system alerts.
    pub class: Option<ThreatClass>,
    /// The client, where one is to blame.
    pub related_ip: Option<String>,
    /// The endpoint of the newest event.
    pub related_endpoint: Option<String>,
    /// The newest threat.
    pub related_threat_id: Option<i64>,
    /// The site it is about; null for alerts about many sites or about the system.
    pub host: Option<String>,
    /// Distinct clients behind it, as far as they were counted.
    pub clients: u64,
    /// Distinct paths that were tried, as far as they were counted.
    pub targets: u64,
    /// Its events by class, as far as they were counted; empty for alerts about the system.
    pub classes: Vec<(ThreatClass, u64)>,
    /// The alert that took this one over, of which it is a part now.
    pub part_of: Option<i64>,
    /// What to do next, in one or two sentences.
    pub advice: String,
    /// What the person who handled it last wrote.
    pub note: Option<String>,
}

impl Alert {
    /// An alert of the product about itself, raised at `now`.
    pub fn system(
        key: String,
        severity: Severity,
        title: String,
        description: String,
        now: Timestamp,
    ) -> Self {
        Self {
            id: 0,
            key,
            kind: if severity >= Severity::High { AlertKind::Critical } else { AlertKind::Warning },
            severity: severity.min(Severity::High),
            title,
            description,
            raised_at: now,
            first_seen: now,
            last_seen: now,
            count: 1,
            source: Self::SYSTEM.to_owned(),
            status: AlertStatus::Open,
            handled_by: None,
            handled_at: None,
            class: None,
            related_ip: None,
            related_endpoint: None,
            related_threat_id: None,
            host: None,
            clients: 0,
            targets: 0,
            classes: Vec::new(),
            part_of: None,
            advice: String::new(),
            note: None,
        }
    }

    /// What raised alerts that no threat raised.
    pub const SYSTEM: &'static str = "system";

    /// How grave it is, for comparing alerts: kind before severity.
    pub fn weight(&self) -> (u8, Severity) {
        let kind = match self.kind {
            AlertKind::Critical => 2,
            AlertKind::Warning => 1,
            AlertKind::Info => 0,
        };
        (kind, self.severity)
    }
}
