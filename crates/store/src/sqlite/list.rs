//! Lists of traffic, threats and feed lines, page by page, and single rows.

use bartizan_model::{Activity, StoredRequest, ThreatDetail, ThreatRecord, Timestamp, TrafficRecord};
use sqlx::SqlitePool;

use super::dialect::{Builder, Row};
use super::filter::Table;
use super::{decode, failed, filter};
use crate::{Cursor, Filter, PAGE_LIMITS, Page, Paged, StoreError};

const LISTING: &str = "listing rows";

/// What is listed, from where.
struct List {
    columns: &'static str,
    from: &'static str,
    table: Table,
}

const TRAFFIC: List =
    List { columns: decode::TRAFFIC, from: " FROM traffic WHERE TRUE", table: Table::Traffic };
const THREATS: List =
    List { columns: decode::THREATS, from: " FROM threats WHERE TRUE", table: Table::Threats };
const FEED: List = List {
    columns: decode::TRAFFIC,
    from: " FROM traffic WHERE activity_id IS NOT NULL",
    table: Table::Traffic,
};

pub(super) async fn traffic(
    readers: &SqlitePool,
    filter: &Filter,
    page: &Page,
) -> Result<Paged<TrafficRecord>, StoreError> {
    list(readers, &TRAFFIC, filter, page, decode::traffic, |row| cursor(row.timestamp, row.id)).await
}

pub(super) async fn threats(
    readers: &SqlitePool,
    filter: &Filter,
    page: &Page,
) -> Result<Paged<ThreatRecord>, StoreError> {
    list(readers, &THREATS, filter, page, decode::threat, |row| cursor(row.timestamp, row.id)).await
}

pub(super) async fn activities(
    readers: &SqlitePool,
    filter: &Filter,
    page: &Page,
) -> Result<Paged<Activity>, StoreError> {
    list(readers, &FEED, filter, page, decode::feed_line, |row| cursor(row.timestamp, row.id)).await
}

async fn list<T>(
    readers: &SqlitePool,
    list: &List,
    wanted: &Filter,
    page: &Page,
    decode: fn(&Row) -> Result<T, StoreError>,
    place: fn(&T) -> Cursor,
) -> Result<Paged<T>, StoreError> {
    let limit = page.limit.clamp(PAGE_LIMITS.0, PAGE_LIMITS.1);
    let mut builder = Builder::new("SELECT ");
    builder.push(list.columns).push(list.from);
    filter::push(&mut builder, wanted, list.table);
    if let Some(after) = page.after {
        // Timestamps are unique among traffic rows, and a threat or feed line has its row's.
        builder.push(if page.ascending { " AND ts > " } else { " AND ts < " }).push_bind(after.micros);
    }
    builder.push(if page.ascending { " ORDER BY ts ASC" } else { " ORDER BY ts DESC" });
    // One more than asked for tells whether another page follows.
    builder.push(" LIMIT ").push_bind(i64::from(limit) + 1);

    let mut snapshot = readers.begin().await.map_err(failed(LISTING))?;
    let found = builder.build().fetch_all(&mut *snapshot).await.map_err(failed(LISTING))?;
    let total = if page.count {
        let mut builder = Builder::new("SELECT COUNT(*)");
        builder.push(list.from);
        filter::push(&mut builder, wanted, list.table);
        let total: i64 =
            builder.build_query_scalar().fetch_one(&mut *snapshot).await.map_err(failed("counting rows"))?;
        Some(u64::try_from(total).unwrap_or(0))
    } else {
        None
    };
    let mut rows = found.iter().map(decode).collect::<Result<Vec<T>, _>>()?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(place);
    Ok(Paged { rows, next, total, limit })
}

pub(super) async fn traffic_by_id(
    readers: &SqlitePool,
    id: i64,
) -> Result<Option<(TrafficRecord, StoredRequest)>, StoreError> {
    let row = sqlx::query("SELECT * FROM traffic WHERE id = $1")
        .bind(id)
        .fetch_optional(readers)
        .await
        .map_err(failed("reading a request"))?;
    row.map(|row| Ok((decode::traffic(&row)?, decode::request(&row)?))).transpose()
}

pub(super) async fn threat_by_id(
    readers: &SqlitePool,
    id: i64,
) -> Result<Option<(ThreatRecord, StoredRequest, ThreatDetail, Timestamp)>, StoreError> {
    let row = sqlx::query("SELECT * FROM threats WHERE id = $1")
        .bind(id)
        .fetch_optional(readers)
        .await
        .map_err(failed("reading a threat"))?;
    row.map(|row| {
        let received = decode::instant(&row, "received")?;
        Ok((decode::threat(&row)?, decode::request(&row)?, decode::detail(&row)?, received))
    })
    .transpose()
}

pub(super) async fn extent(readers: &SqlitePool) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
    // Two look-ups at the ends of the index; asked for together they would scan it.
    let ends: (Option<i64>, Option<i64>) =
        sqlx::query_as("SELECT (SELECT MIN(ts) FROM traffic), (SELECT MAX(ts) FROM traffic)")
            .fetch_one(readers)
            .await
            .map_err(failed("looking for the oldest and newest row"))?;
    Ok(ends
        .0
        .zip(ends.1)
        .map(|(oldest, newest)| (Timestamp::from_micros(oldest), Timestamp::from_micros(newest))))
}

fn cursor(timestamp: Timestamp, id: i64) -> Cursor {
    Cursor { micros: timestamp.micros(), id }
}
