//! Pages of traffic, threats and activities: keyset pages, so that rows that arrive neither shift nor repeat one.

use bartizan_model::{Activity, StoredRequest, ThreatDetail, ThreatRecord, Timestamp, TrafficRecord};

use super::decode::{
    Columns, REQUEST_COLUMN, THREAT_COLUMNS, TRAFFIC_COLUMNS, count, threat, traffic as traffic_record,
};
use super::dialect::{Builder, Connection, Row, push_chosen, walk, walk_ids};
use super::drive::{self, Driver, Way};
use super::filter::{List, push_where, searched};
use super::found::{ALL_IDS, Found};
use super::places::push_ids;
use super::store::failed;
use super::stretch::{MORE, Stretch, Stretches};
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
    let limit = page.limit.clamp(PAGE_LIMITS.0, PAGE_LIMITS.1);
    let words = searched(&filter.words);
    let holders = words::find(connection, list, words).await?;
    let way = drive::choose(connection, list, filter, limit, words, &holders).await?;
    // A stretch lies inside the span and behind the cursor. Said again, they would be bounds of the index as well, and
    // of two bounds the wrong one may be taken.
    let inside = Filter { span: None, ..filter.clone() };
    let is_straight = matches!(way, Way::Straight(_));
    let whole = Stretch::of(filter.span);
    let filter = if is_straight { filter } else { &inside };
    let read_rows = Reading { list, columns, filter, page, holders: &holders, limit, whole, is_straight };
    let rows = match &way {
        Way::Straight(driver) => {
            let from = |query: &mut Builder| read_rows.push_from(query, driver.as_ref());
            read_rows.some(connection, limit + 1, from).await?
        }
        // A name that nobody has.
        Way::Places(places) if places.len() == 0 => Vec::new(),
        Way::Places(places) => {
            read_rows.stretch_by_stretch(connection, places.len(), Found::At(places)).await?
        }
        Way::InOrder => read_rows.stretch_by_stretch(connection, 0, Found::InOrder).await?,
        Way::Search(search) => {
            read_rows.stretch_by_stretch(connection, search.places(), Found::By(search)).await?
        }
    };
    let mut paged = collect(&rows, limit, read)?;
    if page.count {
        let mut query = Builder::new("SELECT COUNT(*) FROM (SELECT 1");
        match &way {
            Way::Straight(driver) => read_rows.push_from(&mut query, driver.as_ref()),
            Way::Places(places) => read_rows.push_found(&mut query, Found::At(places), whole, ALL_IDS),
            Way::InOrder => read_rows.push_found(&mut query, Found::InOrder, whole, ALL_IDS),
            Way::Search(search) => read_rows.push_found(&mut query, Found::By(search), whole, ALL_IDS),
        }
        paged.total = total(connection, query).await?;
    }
    Ok(paged)
}

/// Places up to which looking at all of them is quicker than reading rows.
const FEW_PLACES: usize = 64;

/// Rows that are read before more places than these are looked at.
const READ_ROWS: i64 = 2_048;

/// One list that is read.
struct Reading<'r> {
    list: List,
    columns: &'static str,
    filter: &'r Filter,
    page: &'r Page,
    holders: &'r [Holders],
    limit: u32,
    /// All that may be read.
    whole: Stretch,
    /// Whether all of the list is read in one pass.
    is_straight: bool,
}

impl Reading<'_> {
    /// Reads until there is one row more than wanted.
    async fn stretch_by_stretch(
        &self,
        connection: &mut Connection,
        places: usize,
        found: Found<'_>,
    ) -> Result<Vec<Row>, StoreError> {
        let mut stretches = Stretches::of(connection, self.list, self.whole, self.page, places).await?;
        let mut rows = self.few_by_days(connection, &mut stretches, found).await?;
        self.few_by_minutes(connection, &mut stretches, found, &mut rows).await?;
        let mut room = self.room(&rows);
        if room > 0
            && places > FEW_PLACES
            && let Some(stretch) = stretches.in_rows(connection, READ_ROWS).await?
        {
            // Where many places match, the newest rows may well be enough.
            let from = |query: &mut Builder| {
                query.push(" FROM ").push(self.list.table());
                walk(query, self.list.instants());
                push_where(query, self.list, self.filter, self.holders);
                stretch.push(query);
            };
            rows.extend(self.some(connection, room, from).await?);
            room = self.room(&rows);
        }
        while room > 0
            && let Some(stretch) = stretches.next(connection).await?
        {
            let ids = match found {
                Found::InOrder | Found::At(_) => ALL_IDS,
                Found::By(search) => search.ids(connection, stretch).await?,
            };
            let from = |query: &mut Builder| self.push_found(query, found, stretch, ids);
            rows.extend(self.some(connection, room, from).await?);
            room = self.room(&rows);
        }
        Ok(rows)
    }

    /// Where few rows match, all of some days are had at once, whatever else there is in them: of one day, then of more.
    /// Ends with a page, or before days in which too many match.
    async fn few_by_days(
        &self,
        connection: &mut Connection,
        stretches: &mut Stretches,
        found: Found<'_>,
    ) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::new();
        let mut room = self.room(&rows);
        let mut days = 1_i64;
        while room > 0
            && let Some(stretch) = stretches.days(days)
            && let Some(ids) = found.few(connection, self.list, self.filter, stretch).await?
        {
            stretches.skip(stretch);
            days = days.saturating_mul(MORE);
            self.take(connection, stretch, &ids, &mut rows).await?;
            room = self.room(&rows);
        }
        Ok(rows)
    }

    /// Where days hold too many: from minute to minute in which there is anything, with no look at what else came between
    /// them. Ends with a page, or before a minute in which too many match.
    async fn few_by_minutes(
        &self,
        connection: &mut Connection,
        stretches: &mut Stretches,
        found: Found<'_>,
        rows: &mut Vec<Row>,
    ) -> Result<(), StoreError> {
        let Some(places) = found.places_by_minutes() else { return Ok(()) };
        let mut minutes = 1_i64;
        while self.room(rows) > 0 && stretches.leap(connection, places).await? {
            let Some(stretch) = stretches.minutes(minutes) else { break };
            match found.few(connection, self.list, self.filter, stretch).await? {
                Some(ids) => {
                    stretches.skip(stretch);
                    minutes = minutes.saturating_mul(MORE);
                    self.take(connection, stretch, &ids, rows).await?;
                }
                None if minutes > 1 => minutes = 1,
                None => break,
            }
        }
        Ok(())
    }

    /// How many rows are still wanted.
    fn room(&self, rows: &[Row]) -> u32 {
        (self.limit + 1).saturating_sub(u32::try_from(rows.len()).unwrap_or(u32::MAX))
    }

    /// Adds those of the rows of a stretch that have one of these ids and match.
    async fn take(
        &self,
        connection: &mut Connection,
        stretch: Stretch,
        ids: &[i64],
        rows: &mut Vec<Row>,
    ) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let from = |query: &mut Builder| {
            query.push(" FROM ").push(self.list.table());
            walk_ids(query);
            push_where(query, self.list, self.filter, self.holders);
            stretch.push(query);
            query.push(" AND id");
            push_ids(query, ids);
        };
        rows.extend(self.some(connection, self.room(rows), from).await?);
        Ok(())
    }

    /// At most `most` of the rows that `from` chooses, in order.
    async fn some(
        &self,
        connection: &mut Connection,
        most: u32,
        from: impl Fn(&mut Builder),
    ) -> Result<Vec<Row>, StoreError> {
        let mut query = Builder::new("SELECT ");
        query.push(self.columns);
        if self.list == List::Activities {
            query.push(", activity_id");
        }
        query.push(" FROM ");
        push_chosen(&mut query, self.list.table(), |query| {
            from(query);
            match self.page.after {
                Some(Cursor { micros, id }) if !self.is_straight => {
                    query.push(" AND (ts <> ").push_bind(micros);
                    query.push(if self.page.ascending { " OR id > " } else { " OR id < " });
                    query.push_bind(id).push(")");
                }
                _ => push_after(query, self.page, "ts"),
            }
            push_direction(query, self.page, "ts");
            query.push(" LIMIT ").push_bind(i64::from(most));
        });
        push_direction(&mut query, self.page, "ts");
        query.build().fetch_all(connection).await.map_err(failed("reading a list"))
    }

    fn push_from(&self, query: &mut Builder, driver: Option<&Driver>) {
        query.push(" FROM ").push(self.list.table());
        if let Some(driver) = driver {
            driver.walk(query);
        }
        push_where(query, self.list, self.filter, self.holders);
        if let Some(driver) = driver {
            driver.push(query, self.list);
        }
    }

    fn push_found(&self, query: &mut Builder, found: Found<'_>, stretch: Stretch, ids: (i64, i64)) {
        query.push(" FROM ").push(self.list.table());
        match found {
            Found::InOrder => {
                walk(query, self.list.instants());
                push_where(query, self.list, self.filter, self.holders);
                stretch.push(query);
            }
            Found::At(places) => {
                places.walk(query);
                push_where(query, self.list, self.filter, self.holders);
                places.push(query, stretch);
            }
            Found::By(search) => {
                walk_ids(query);
                push_where(query, self.list, self.filter, self.holders);
                stretch.push(query);
                search.push(query, stretch, ids);
            }
        }
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
