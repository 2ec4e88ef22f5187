//! What can be listed: where its rows come from, and how they look as a file.

use bartizan_engine::{
    AlertFilter, AuditFilter, Engine, EngineError, Filter, Page, Paged, SystemEventFilter,
};
use bartizan_model::{self as model, AuditEntry, ThreatRecord, TrafficRecord};
use serde::Serialize;

use crate::view::audit::Audit;
use crate::view::system_event::SystemEvent;
use crate::view::{Activity, Alert, Threat, Traffic};

/// A wire type that is listed.
pub(crate) trait Listing: Serialize + for<'a> From<&'a Self::Row> + Send + Sync + 'static {
    /// What it is made from.
    type Row: Send + Sync + 'static;
    /// What chooses among the rows.
    type Filter: Send + Sync + 'static;
    /// Name of the file.
    const FILE: &'static str;
    /// Columns of the file: the members without those for existing clients and `time`.
    const COLUMNS: &'static [&'static str];

    /// One page.
    fn fetch(
        engine: &Engine,
        filter: &Self::Filter,
        page: &Page,
    ) -> impl Future<Output = Result<Paged<Self::Row>, EngineError>> + Send;
}

impl Listing for Traffic {
    type Row = TrafficRecord;
    type Filter = Filter;
    const FILE: &'static str = "traffic";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "timestamp",
        "ip",
        "host",
        "method",
        "endpoint",
        "path",
        "status",
        "size",
        "size_bytes",
        "response_time_ms",
        "user_agent",
        "action",
        "enforced",
        "was_blocked",
        "class",
        "type",
        "severity",
        "score",
        "model",
        "decided_by",
        "via",
        "log_source",
        "threat_id",
        "country_code",
    ];

    fn fetch(
        engine: &Engine,
        filter: &Filter,
        page: &Page,
    ) -> impl Future<Output = Result<Paged<TrafficRecord>, EngineError>> + Send {
        engine.traffic(filter, page)
    }
}

impl Listing for Threat {
    type Row = ThreatRecord;
    type Filter = Filter;
    const FILE: &'static str = "threats";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "traffic_id",
        "timestamp",
        "class",
        "type",
        "severity",
        "source",
        "host",
        "method",
        "endpoint",
        "status",
        "user_agent",
        "country_code",
        "via",
        "action",
        "enforced",
        "blocked",
        "score",
        "model",
        "decided_by",
        "payload",
        "details",
    ];

    fn fetch(
        engine: &Engine,
        filter: &Filter,
        page: &Page,
    ) -> impl Future<Output = Result<Paged<ThreatRecord>, EngineError>> + Send {
        engine.threats(filter, page)
    }
}

impl Listing for Activity {
    type Row = model::Activity;
    type Filter = Filter;
    const FILE: &'static str = "activities";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "timestamp",
        "type",
        "title",
        "details",
        "ip",
        "method",
        "endpoint",
        "action",
        "enforced",
        "class",
        "threat_type",
        "anomaly_score",
    ];

    fn fetch(
        engine: &Engine,
        filter: &Filter,
        page: &Page,
    ) -> impl Future<Output = Result<Paged<model::Activity>, EngineError>> + Send {
        engine.activities(filter, page)
    }
}

impl Listing for Alert {
    type Row = model::Alert;
    type Filter = AlertFilter;
    const FILE: &'static str = "alerts";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "type",
        "severity",
        "title",
        "description",
        "timestamp",
        "icon",
        "source",
        "actions",
        "status",
        "is_active",
        "is_acknowledged",
        "is_dismissed",
        "handled_by",
        "handled_at",
        "class",
        "count",
        "last_seen",
        "related_ip",
        "related_endpoint",
        "related_threat_id",
        "first_seen",
        "host",
        "clients",
        "targets",
        "classes",
        "part_of",
        "advice",
        "note",
    ];

    fn fetch(
        engine: &Engine,
        filter: &AlertFilter,
        page: &Page,
    ) -> impl Future<Output = Result<Paged<model::Alert>, EngineError>> + Send {
        engine.alerts(filter, page)
    }
}

impl Listing for SystemEvent {
    type Row = model::SystemEvent;
    type Filter = SystemEventFilter;
    const FILE: &'static str = "events";
    const COLUMNS: &'static [&'static str] =
        &["id", "timestamp", "type", "title", "details", "by", "alert_id"];

    fn fetch(
        engine: &Engine,
        filter: &SystemEventFilter,
        page: &Page,
    ) -> impl Future<Output = Result<Paged<model::SystemEvent>, EngineError>> + Send {
        engine.system_events(filter, page)
    }
}

impl Listing for Audit {
    type Row = AuditEntry;
    type Filter = AuditFilter;
    const FILE: &'static str = "audit";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "timestamp",
        "user_id",
        "username",
        "ip_address",
        "action",
        "resource_type",
        "resource_id",
        "description",
        "details",
        "success",
        "error_message",
    ];

    async fn fetch(
        engine: &Engine,
        filter: &AuditFilter,
        page: &Page,
    ) -> Result<Paged<AuditEntry>, EngineError> {
        Ok(engine.access().audit_log(filter, page).await?)
    }
}
