//! Rows of the database as the records of the model.

use std::str::FromStr;

use bartizan_model::{Activity, StoredRequest, ThreatDetail, ThreatRecord, Timestamp, TrafficRecord};
use sqlx::{ColumnIndex, Decode, Row as _, Type};

use super::dialect::{Db, Row};
use super::failed;
use crate::StoreError;
use crate::prepared::activity;
use crate::stored::unpack;

/// The columns that [`traffic`] reads.
pub(super) const TRAFFIC: &str = "id, ts, received, ip, host, method, endpoint, path, status, bytes, latency_ms, \
     user_agent, action, enforced, class, severity, score, model, decided_by, via, log_source, threat_id, activity_id";

/// The columns that [`threat`] reads.
pub(super) const THREATS: &str = "id, traffic_id, ts, class, severity, ip, host, method, endpoint, status, user_agent, \
     via, action, enforced, score, model, decided_by, payload, details";

pub(super) fn traffic(row: &Row) -> Result<TrafficRecord, StoreError> {
    Ok(TrafficRecord {
        id: get(row, "id")?,
        timestamp: instant(row, "ts")?,
        received_at: instant(row, "received")?,
        ip: get(row, "ip")?,
        host: get(row, "host")?,
        method: get(row, "method")?,
        endpoint: get(row, "endpoint")?,
        path: get(row, "path")?,
        status: u16::try_from(get::<i64>(row, "status")?).unwrap_or(0),
        response_bytes: get::<Option<i64>>(row, "bytes")?.and_then(|bytes| u64::try_from(bytes).ok()),
        response_time_ms: get(row, "latency_ms")?,
        user_agent: get(row, "user_agent")?,
        action: named(row, "action")?,
        enforced: get(row, "enforced")?,
        class: optionally_named(row, "class")?,
        severity: optionally_named(row, "severity")?,
        score: get(row, "score")?,
        model: get(row, "model")?,
        decided_by: named(row, "decided_by")?,
        via: named(row, "via")?,
        log_source: get(row, "log_source")?,
        threat_id: get(row, "threat_id")?,
    })
}

pub(super) fn feed_line(row: &Row) -> Result<Activity, StoreError> {
    Ok(activity(get(row, "activity_id")?, &traffic(row)?))
}

pub(super) fn threat(row: &Row) -> Result<ThreatRecord, StoreError> {
    Ok(ThreatRecord {
        id: get(row, "id")?,
        traffic_id: get(row, "traffic_id")?,
        timestamp: instant(row, "ts")?,
        class: named(row, "class")?,
        severity: named(row, "severity")?,
        ip: get(row, "ip")?,
        host: get(row, "host")?,
        method: get(row, "method")?,
        endpoint: get(row, "endpoint")?,
        status: u16::try_from(get::<i64>(row, "status")?).unwrap_or(0),
        user_agent: get(row, "user_agent")?,
        via: named(row, "via")?,
        action: named(row, "action")?,
        enforced: get(row, "enforced")?,
        score: get(row, "score")?,
        model: get(row, "model")?,
        decided_by: named(row, "decided_by")?,
        payload: get(row, "payload")?,
        details: get(row, "details")?,
    })
}

/// The request beside a row that has `request`, `endpoint` and `user_agent`.
pub(super) fn request(row: &Row) -> Result<StoredRequest, StoreError> {
    let endpoint: String = get(row, "endpoint")?;
    let user_agent: Option<String> = get(row, "user_agent")?;
    unpack(&get::<String>(row, "request")?, &endpoint, user_agent.as_deref()).map_err(|_| corrupt("request"))
}

pub(super) fn detail(row: &Row) -> Result<ThreatDetail, StoreError> {
    serde_json::from_str(&get::<String>(row, "detail")?).map_err(|_| corrupt("detail"))
}

pub(super) fn get<'r, T>(row: &'r Row, column: &'static str) -> Result<T, StoreError>
where
    T: Decode<'r, Db> + Type<Db>,
    &'static str: ColumnIndex<Row>,
{
    row.try_get(column).map_err(failed("reading a row"))
}

pub(super) fn instant(row: &Row, column: &'static str) -> Result<Timestamp, StoreError> {
    get(row, column).map(Timestamp::from_micros)
}

pub(super) fn named<T: FromStr>(row: &Row, column: &'static str) -> Result<T, StoreError> {
    get::<String>(row, column)?.parse().map_err(|_| corrupt(column))
}

pub(super) fn optionally_named<T: FromStr>(row: &Row, column: &'static str) -> Result<Option<T>, StoreError> {
    get::<Option<String>>(row, column)?.map(|name| name.parse().map_err(|_| corrupt(column))).transpose()
}

fn corrupt(column: &str) -> StoreError {
    StoreError::Corrupt { what: format!("value in column {column}") }
}
