//! Pages of traffic, threats and activities: keyset pages, so that rows that arrive neither shift nor repeat one.

use bartizan_model::{Activity, StoredRequest, ThreatDetail, ThreatRecord, Timestamp, TrafficRecord};

use super::decode::{
    Columns, REQUEST_COLUMN, THREAT_COLUMNS, TRAFFIC_COLUMNS, count, threat, traffic as traffic_record,
};
use super::dialect::{Builder, Connection, Row};
use super::drive::{self, Driver};
use super::filter::{List, push_where, searched};
use super::store::failed;
use super::words::{self, Holders};
use crate::prepared::activity;
use crate::stored::{unpack, unpack_traffic};
use crate::{Cursor, Filter, PAGE_LIMITS, Page, Paged, StoreError};

/// Totals are counted up to here; beyond, they are left out (API.md 1.6), because counting would take too long.
const MAX_TOTAL: i64 = 1_000_000;

pub(super) async fn traffic(
    connection: &mut Connection,
    filter: &Filter,
    page: &Page,
) -> Result<Paged<TrafficRecord>, StoreError> {
    list(connection, List::Traffic, TRAFFIC_COLUMNS, filter, page, |columns| {
        let row = traffic_record(columns)?;
        Ok((Cursor { micros: row.timestamp.micros(), id: row.id }, row))
    })
    .await
}

pub(super) async fn threats(
    connection: &mut Connection,
    filter: &Filter,
    page: &Page,
) -> Result<Paged<ThreatRecord>, StoreError> {
    list(connection, List::Threats, THREAT_COLUMNS, filter, page, |columns| {
        let row = threat(columns)?;
        Ok((Cursor { micros: row.timestamp.micros(), id: row.id }, row))
    })
    .await
}

/// Lines of the feed are traffic rows that are marked for it, so the cursor holds the row's id.
pub(super) async fn activities(
    connection: &mut Connection,
    filter: &Filter,
    page: &Page,
) -> Result<Paged<Activity>, StoreError> {
    list(connection, List::Activities, TRAFFIC_COLUMNS, filter, page, |columns| {
        let row = traffic_record(columns)?;
        let id = columns.next()?;
        Ok((Cursor { micros: row.timestamp.micros(), id: row.id }, activity(id, &row)))
    })
    .await
}

pub(super) async fn traffic_by_id(
    connection: &mut Connection,
    id: i64,
) -> Result<Option<(TrafficRecord, StoredRequest)>, StoreError> {
    let Some(row) = by_id(connection, List::Traffic, TRAFFIC_COLUMNS, REQUEST_COLUMN, id).await? else {
        return Ok(None);
    };
    let mut columns = Columns::new(&row);
    let record = traffic_record(&mut columns)?;
    let json: String = columns.next()?;
    let request = unpack_traffic(&json, &record).map_err(|_| corrupt("request", id))?;
    Ok(Some((record, request)))
}

pub(super) async fn threat_by_id(
    connection: &mut Connection,
    id: i64,
) -> Result<Option<(ThreatRecord, StoredRequest, ThreatDetail, Timestamp)>, StoreError> {
    let extra = ", request, detail, received";
    let Some(row) = by_id(connection, List::Threats, THREAT_COLUMNS, extra, id).await? else {
        return Ok(None);
    };
    let mut columns = Columns::new(&row);
    let record = threat(&mut columns)?;
    let request: String = columns.next()?;
    let detail: String = columns.next()?;
    let request = unpack(&request, &record.endpoint, record.user_agent.as_deref())
        .map_err(|_| corrupt("request", id))?;
    let detail = serde_json::from_str(&detail).map_err(|_| corrupt("detail", id))?;
    Ok(Some((record, request, detail, columns.instant()?)))
}

async fn by_id(
    connection: &mut Connection,
    list: List,
    columns: &'static str,
    extra: &'static str,
    id: i64,
) -> Result<Option<Row>, StoreError> {
    let mut query = Builder::new("SELECT ");
    query.push(columns).push(extra).push(" FROM ").push(list.table()).push(" WHERE id = ").push_bind(id);
    query.build().fetch_optional(connection).await.map_err(failed("reading a row"))
}

fn corrupt(what: &str, id: i64) -> StoreError {
    StoreError::Corrupt { what: format!("{what} of row {id}") }
}

async fn list<T>(
    connection: &mut Connection,
    list: List,
    columns: &'static str,
    filter: &Filter,
    page: &Page,
    read: impl Fn(&mut Columns<'_>) -> Result<(Cursor, T), StoreError>,
) -> Result<Paged<T>, StoreError> {
    let driver =
        drive::choose(connection, list, filter, page.limit.clamp(PAGE_LIMITS.0, PAGE_LIMITS.1)).await?;
    let holders = words::find(connection, list, searched(&filter.words)).await?;
    let mut query = Builder::new("SELECT ");
    query.push(columns);
    if list == List::Activities {
        query.push(", activity_id");
    }
    // The rows are chosen before their columns are read, which for most of them are elsewhere.
    query.push(" FROM ").push(list.table()).push(" WHERE id IN (SELECT id");
    push_from(&mut query, list, filter, &holders, driver.as_ref());
    push_after(&mut query, page, "ts");
    let limit = push_order(&mut query, page, "ts");
    query.push(")");
    push_direction(&mut query, page, "ts");
    let rows = query.build().fetch_all(&mut *connection).await.map_err(failed("reading a list"))?;
    let mut paged = collect(&rows, limit, read)?;
    if page.count {
        let mut query = Builder::new("SELECT COUNT(*) FROM (SELECT 1");
        push_from(&mut query, list, filter, &holders, driver.as_ref());
        paged.total = total(connection, query).await?;
    }
    Ok(paged)
}

fn push_from(query: &mut Builder, list: List, filter: &Filter, holders: &[Holders], driver: Option<&Driver>) {
    query.push(" FROM ").push(list.table());
    if let Some(driver) = driver {
        driver.walk(query);
    }
    push_where(query, list, filter, holders);
    if let Some(driver) = driver {
        driver.push(query, list);
    }
}

/// Adds the condition that the row comes after the page's cursor.
pub(super) fn push_after(query: &mut Builder, page: &Page, instant: &'static str) {
    if let Some(Cursor { micros, id }) = page.after {
        query.push(" AND (").push(instant).push(if page.ascending { ", id) > (" } else { ", id) < (" });
        query.push_bind(micros).push(", ").push_bind(id).push(")");
    }
}

/// Adds order and limit, one row more than wanted to see whether there is a next page; returns the clamped limit.
pub(super) fn push_order(query: &mut Builder, page: &Page, instant: &'static str) -> u32 {
    let limit = page.limit.clamp(PAGE_LIMITS.0, PAGE_LIMITS.1);
    push_direction(query, page, instant);
    query.push(" LIMIT ").push_bind(i64::from(limit) + 1);
    limit
}

fn push_direction(query: &mut Builder, page: &Page, instant: &'static str) {
    let order = if page.ascending { "" } else { " DESC" };
    query.push(" ORDER BY ").push(instant).push(order).push(", id").push(order);
}

pub(super) fn collect<T>(
    rows: &[Row],
    limit: u32,
    read: impl Fn(&mut Columns<'_>) -> Result<(Cursor, T), StoreError>,
) -> Result<Paged<T>, StoreError> {
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut last = None;
    let mut records = Vec::with_capacity(rows.len().min(wanted));
    for row in rows.iter().take(wanted) {
        let (cursor, record) = read(&mut Columns::new(row))?;
        last = Some(cursor);
        records.push(record);
    }
    let next = if rows.len() > wanted { last } else { None };
    Ok(Paged { rows: records, next, total: None, limit })
}

/// Finishes `SELECT COUNT(*) FROM (SELECT 1 …`; `None` when there are more than [`MAX_TOTAL`].
pub(super) async fn total(
    connection: &mut Connection,
    mut query: Builder,
) -> Result<Option<u64>, StoreError> {
    query.push(" LIMIT ").push_bind(MAX_TOTAL + 1).push(") AS matching");
    let total: i64 =
        query.build_query_scalar().fetch_one(connection).await.map_err(failed("counting a list"))?;
    Ok((total <= MAX_TOTAL).then(|| count(total)))
}
