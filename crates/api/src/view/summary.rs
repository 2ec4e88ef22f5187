//! Totals of a span (API.md 4.7, Summary).

use std::collections::BTreeMap;

use bartizan_engine::{Bucket, group_count};
use bartizan_model::{Span, ThreatClass, ThreatGroup};
use serde::Serialize;
use utoipa::ToSchema;

use super::number::rate;

/// The totals of a range.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Summary {
    total_requests: u64,
    blocked_requests: u64,
    allowed_requests: u64,
    flagged_requests: u64,
    enforced_requests: u64,
    total_threats: u64,
    /// Blocked / requests x 100.
    attack_rate: f64,
    /// For existing clients; equals `attack_rate`.
    block_rate: f64,
    /// Threats of the group.
    sql_injection: u64,
    /// Threats of the group.
    xss: u64,
    /// Threats of the group.
    ddos: u64,
    /// Threats of the group.
    other: u64,
    /// Threats per display name, without zeros.
    threat_types: BTreeMap<&'static str, u64>,
    /// Threats per class, without zeros.
    threat_classes: BTreeMap<&'static str, u64>,
    /// Distinct client addresses.
    unique_ips: u64,
    time_range: TimeRange,
    /// The span before; only with `compare=previous`.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<PreviousSummary>,
}

/// A span of time.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TimeRange {
    #[schema(format = DateTime)]
    start: String,
    #[schema(format = DateTime)]
    end: String,
}

impl From<Span> for TimeRange {
    fn from(span: Span) -> Self {
        Self { start: span.from.to_rfc3339_seconds(), end: span.to.to_rfc3339_seconds() }
    }
}

/// The counts and the rate of the span before.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PreviousSummary {
    total_requests: u64,
    blocked_requests: u64,
    allowed_requests: u64,
    flagged_requests: u64,
    enforced_requests: u64,
    total_threats: u64,
    attack_rate: f64,
}

impl From<&Bucket> for PreviousSummary {
    fn from(bucket: &Bucket) -> Self {
        Self {
            total_requests: bucket.counts.requests,
            blocked_requests: bucket.counts.blocked,
            allowed_requests: bucket.counts.allowed(),
            flagged_requests: bucket.counts.flagged,
            enforced_requests: bucket.counts.enforced,
            total_threats: bucket.counts.threats(),
            attack_rate: rate(bucket.counts.attack_rate_percent()),
        }
    }
}

impl From<&bartizan_engine::Summary> for Summary {
    fn from(summary: &bartizan_engine::Summary) -> Self {
        let counts = &summary.total.counts;
        let classes = &summary.total.classes;
        let attack_rate = rate(counts.attack_rate_percent());
        Self {
            total_requests: counts.requests,
            blocked_requests: counts.blocked,
            allowed_requests: counts.allowed(),
            flagged_requests: counts.flagged,
            enforced_requests: counts.enforced,
            total_threats: counts.threats(),
            attack_rate,
            block_rate: attack_rate,
            sql_injection: group_count(classes, ThreatGroup::Sql),
            xss: group_count(classes, ThreatGroup::Xss),
            ddos: group_count(classes, ThreatGroup::Ddos),
            other: group_count(classes, ThreatGroup::Other),
            threat_types: threat_types(classes),
            threat_classes: classes.iter().map(|(class, count)| (class.as_str(), *count)).collect(),
            unique_ips: summary.unique_ips,
            time_range: summary.span.into(),
            previous: summary.previous.as_ref().map(PreviousSummary::from),
        }
    }
}

/// Threats per display name.
pub(crate) fn threat_types(classes: &BTreeMap<ThreatClass, u64>) -> BTreeMap<&'static str, u64> {
    classes.iter().map(|(class, count)| (class.display_name(), *count)).collect()
}
