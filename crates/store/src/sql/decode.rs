//! Between columns and records; text that is not one of an enum's names is reported, never guessed.

use std::str::FromStr;

use bartizan_model::{ThreatClass, ThreatRecord, Timestamp, TrafficRecord, UnknownName};
use sqlx::Row as _;

use super::codes::Coded;
use super::dialect::{Db, Row};
use crate::StoreError;

/// Columns of a [`TrafficRecord`] in the order in which [`traffic`] reads them.
pub(super) const TRAFFIC_COLUMNS: &str = "id, ts, received, (SELECT name FROM names WHERE names.id = ip_id), \
     (SELECT name FROM names WHERE names.id = host_id), (SELECT name FROM names WHERE names.id = method_id), \
     (SELECT name FROM names WHERE names.id = path_id), query, status, bytes, latency_ms, \
     (SELECT name FROM names WHERE names.id = user_agent_id), action, enforced, class, severity, score, \
     (SELECT name FROM names WHERE names.id = model_id), decided_by, via, \
     (SELECT name FROM names WHERE names.id = log_source_id), threat_id";

/// What [`unpack_traffic`](crate::stored::unpack_traffic) reads.
pub(super) const REQUEST_COLUMN: &str =
    ", COALESCE((SELECT name FROM names WHERE names.id = request_id), request, '')";

/// Columns of a [`ThreatRecord`] in the order in which [`threat`] reads them.
pub(super) const THREAT_COLUMNS: &str = "id, traffic_id, ts, class, severity, ip, host, method, endpoint, status, \
     user_agent, via, action, enforced, score, model, decided_by, payload, details";

/// Reads the columns of a row one after the other.
pub(super) struct Columns<'r> {
    row: &'r Row,
    at: usize,
}

impl<'r> Columns<'r> {
    pub(super) fn new(row: &'r Row) -> Self {
        Self { row, at: 0 }
    }

    /// The next column's value.
    pub(super) fn next<T>(&mut self) -> Result<T, StoreError>
    where
        T: sqlx::Decode<'r, Db> + sqlx::Type<Db>,
    {
        let value =
            self.row.try_get(self.at).map_err(|error| StoreError::Corrupt { what: error.to_string() })?;
        self.at += 1;
        Ok(value)
    }

    pub(super) fn instant(&mut self) -> Result<Timestamp, StoreError> {
        self.next().map(Timestamp::from_micros)
    }

    pub(super) fn name<T: FromStr<Err = UnknownName>>(&mut self) -> Result<T, StoreError> {
        let text: String = self.next()?;
        parse(&text)
    }

    pub(super) fn optional_name<T: FromStr<Err = UnknownName>>(&mut self) -> Result<Option<T>, StoreError> {
        let text: Option<String> = self.next()?;
        text.map(|text| parse(&text)).transpose()
    }

    fn code<T: Coded>(&mut self) -> Result<T, StoreError> {
        T::of_code(self.next()?)
    }

    fn optional_code<T: Coded>(&mut self) -> Result<Option<T>, StoreError> {
        self.next::<Option<i64>>()?.map(T::of_code).transpose()
    }

    fn status(&mut self) -> Result<u16, StoreError> {
        let status: i64 = self.next()?;
        u16::try_from(status).map_err(|_| StoreError::Corrupt { what: format!("status {status}") })
    }

    pub(super) fn optional_instant(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.next::<Option<i64>>()?.map(Timestamp::from_micros))
    }

    pub(super) fn flag(&mut self) -> Result<bool, StoreError> {
        self.next::<i64>().map(|flag| flag != 0)
    }
}

pub(super) fn traffic(columns: &mut Columns<'_>) -> Result<TrafficRecord, StoreError> {
    let id = columns.next()?;
    let timestamp = columns.instant()?;
    let received_at = columns.instant()?;
    let ip = columns.next()?;
    let host = columns.next()?;
    let method = columns.next()?;
    let path: String = columns.next()?;
    let endpoint = format!("{path}{}", columns.next::<Option<String>>()?.unwrap_or_default());
    Ok(TrafficRecord {
        id,
        timestamp,
        received_at,
        ip,
        host,
        method,
        endpoint,
        path,
        status: columns.status()?,
        response_bytes: columns.next::<Option<i64>>()?.map(count),
        response_time_ms: columns.next()?,
        user_agent: columns.next()?,
        action: columns.code()?,
        enforced: columns.flag()?,
        class: columns.optional_code()?,
        severity: columns.optional_code()?,
        score: columns.next()?,
        model: columns.next()?,
        decided_by: columns.code()?,
        via: columns.code()?,
        log_source: columns.next()?,
        threat_id: columns.next()?,
    })
}

pub(super) fn threat(columns: &mut Columns<'_>) -> Result<ThreatRecord, StoreError> {
    Ok(ThreatRecord {
        id: columns.next()?,
        traffic_id: columns.next()?,
        timestamp: columns.instant()?,
        class: columns.name()?,
        severity: columns.name()?,
        ip: columns.next()?,
        host: columns.next()?,
        method: columns.next()?,
        endpoint: columns.next()?,
        status: columns.status()?,
        user_agent: columns.next()?,
        via: columns.name()?,
        action: columns.name()?,
        enforced: columns.flag()?,
        score: columns.next()?,
        model: columns.next()?,
        decided_by: columns.name()?,
        payload: columns.next()?,
        details: columns.next()?,
    })
}

/// A count as kept; none is ever negative.
pub(super) fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or_default()
}

/// A count as the database keeps it; counts stay below 2^53 (API.md 1.4).
pub(super) fn int(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) fn threat_class(name: &str) -> Result<ThreatClass, StoreError> {
    parse(name)
}

fn parse<T: FromStr<Err = UnknownName>>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|error: UnknownName| StoreError::Corrupt { what: error.to_string() })
}
