//! One batch in one transaction: rows, threats, lines of the feed, rollups and the source's position.

use std::collections::{BTreeSet, HashSet};

use bartizan_model::{Action, Timestamp};
use sqlx::Transaction;

use super::codes::Coded;
use super::decode::int;
use super::dialect::{Builder, Connection, Db};
use super::insert::{insert_rows, list_words};
use super::names::{Kind, Named};
use super::store::{Memory, failed};
use super::words::Worded;
use super::{days, rollups, sketches, sources};
use crate::address::AddressKey;
use crate::delta::RollupDelta;
use crate::prepared::{Prepared, activity};
use crate::{Committed, SourceProgress, StoreError};

/// Seconds of the feed that are remembered.
const REMEMBERED_SECONDS: usize = 8_192;

const TRAFFIC: &str = "traffic (id, ts, received, ip_id, host_id, method_id, path_id, query, status, \
     bytes, latency_ms, user_agent_id, action, enforced, class, severity, score, model_id, decided_by, via, \
     log_source_id, threat_id, activity_id, request_id, request)";

const THREATS: &str = "threats (id, traffic_id, ts, received, class, severity, ip, ip_key, host, method, \
     endpoint, path, status, user_agent, via, action, enforced, score, model, decided_by, payload, details, request, \
     detail)";

/// Writes the batch, or nothing.
pub(super) async fn commit(
    mut transaction: Transaction<'_, Db>,
    memory: &mut Memory,
    mut rows: Vec<Prepared>,
    source: Option<SourceProgress>,
    received_at: Timestamp,
) -> Result<Committed, StoreError> {
    if let Some(progress) = &source {
        if let Some(committed) = memory.in_doubt.resolve(&mut transaction, progress).await? {
            tracing::info!(source.name = progress.name, "the batch in doubt was committed");
            return Ok(committed);
        }
        sources::advance(&mut transaction, progress).await?;
    }
    let mut days = days::prepare(&mut transaction, &memory.days, received_at).await?;
    let claims: Vec<i64> = rows.iter().map(|row| row.traffic.timestamp.micros()).collect();
    let newest = newest(&mut transaction).await?;
    let assigned = memory.instants.assign(&mut transaction, &claims, newest).await?;
    for (row, micros) in rows.iter_mut().zip(&assigned.micros) {
        row.move_to(Timestamp::from_micros(*micros))?;
    }
    days::note(&mut transaction, &mut days, rows.iter().map(|row| &row.traffic)).await?;
    let fed = choose_activities(&mut transaction, &memory.fed_seconds, newest, &mut rows).await?;
    give_ids(&mut transaction, &mut rows).await?;
    let named = memory.names.choose_requests(rows.iter().map(|row| row.request.as_str()));
    let first = rows.first().map_or(0, |row| row.traffic.id);
    let texts = rows.iter().map(|row| texts(row, &named));
    let (ids, learnt) = memory.names.resolve(&mut transaction, texts, first).await?;
    insert_traffic(&mut transaction, &rows, &ids).await?;
    insert_threats(&mut transaction, &rows).await?;
    list_words(&mut transaction, Worded::Traffic, rows.iter().map(|row| row.traffic.id)).await?;
    list_words(&mut transaction, Worded::Threats, rows.iter().filter_map(|row| row.traffic.threat_id))
        .await?;
    let mut delta = RollupDelta::of(rows.iter().map(|row| &row.traffic), &memory.hosts);
    rollups::add(&mut transaction, &delta, received_at).await?;
    for ((level, bucket), sketches) in std::mem::take(&mut delta.sketches) {
        sketches::add(&mut transaction, level, bucket, sketches).await?;
    }
    let done = transaction.commit().await.map_err(failed("committing a batch"));
    let committed = committed(rows);
    if let Err(error) = done {
        if let Some(progress) = source {
            memory.in_doubt.keep(progress, committed);
        }
        return Err(error);
    }
    memory.days = days;
    memory.instants.keep(assigned);
    memory.names.keep(learnt);
    memory.hosts.extend(delta.new_hosts);
    memory.fed_seconds.extend(fed);
    while memory.fed_seconds.len() > REMEMBERED_SECONDS {
        memory.fed_seconds.pop_first();
    }
    Ok(committed)
}

/// The rows as they will be read.
fn committed(rows: Vec<Prepared>) -> Committed {
    let threats = rows.iter().filter_map(Prepared::threat_record).collect();
    let activities = rows.iter().filter_map(|row| Some(activity(row.activity_id?, &row.traffic))).collect();
    Committed { traffic: rows.into_iter().map(|row| row.traffic).collect(), threats, activities }
}

/// The newest instant of a row.
async fn newest(connection: &mut Connection) -> Result<Option<i64>, StoreError> {
    let newest = sqlx::query_scalar("SELECT MAX(ts) FROM traffic").fetch_one(connection).await;
    newest.map_err(failed("looking for the newest row"))
}

/// Marks what goes to the feed: whatever was not allowed, and the first allowed request of every second. Returns the
/// seconds that are now served.
async fn choose_activities(
    connection: &mut Connection,
    remembered: &BTreeSet<i64>,
    newest: Option<i64>,
    rows: &mut [Prepared],
) -> Result<BTreeSet<i64>, StoreError> {
    let allowed = rows.iter().filter(|row| row.traffic.action == Action::Allow);
    let seconds: BTreeSet<i64> = allowed.map(|row| row.traffic.timestamp.secs()).collect();
    // What begins after the newest row has no line yet.
    let newest = newest.map(|micros| Timestamp::from_micros(micros).secs());
    let unknown: Vec<i64> =
        seconds.difference(remembered).copied().filter(|second| Some(*second) <= newest).collect();
    let mut served = fed_seconds(connection, &unknown).await?;
    for row in rows {
        let second = row.traffic.timestamp.secs();
        if row.traffic.action != Action::Allow || (!remembered.contains(&second) && served.insert(second)) {
            // Only a mark; the id follows when it is known how many are needed.
            row.activity_id = Some(0);
        }
    }
    Ok(served)
}

/// Which of these seconds have an allowed line of the feed.
async fn fed_seconds(connection: &mut Connection, seconds: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
    let mut found = BTreeSet::new();
    for chunk in seconds.chunks(1_000) {
        let mut query = Builder::new("SELECT want.column1 FROM (VALUES ");
        let mut values = query.separated(", ");
        for second in chunk {
            values.push("(CAST(").push_bind_unseparated(*second).push_unseparated(" AS BIGINT))");
        }
        query.push(
            ") AS want WHERE EXISTS (SELECT 1 FROM traffic WHERE activity_id IS NOT NULL AND action = 0 \
             AND ts >= want.column1 * 1000000 AND ts < (want.column1 + 1) * 1000000)",
        );
        let rows: Result<Vec<i64>, sqlx::Error> =
            query.build_query_scalar().fetch_all(&mut *connection).await;
        found.extend(rows.map_err(failed("looking for lines of the feed"))?);
    }
    Ok(found)
}

async fn give_ids(connection: &mut Connection, rows: &mut [Prepared]) -> Result<(), StoreError> {
    let threats = rows.iter().filter(|row| row.threat.is_some()).count();
    let activities = rows.iter().filter(|row| row.activity_id.is_some()).count();
    let mut traffic_ids = reserve(connection, "traffic", rows.len()).await?;
    let mut threat_ids = reserve(connection, "threats", threats).await?;
    let mut activity_ids = reserve(connection, "activities", activities).await?;
    for row in rows {
        row.traffic.id = traffic_ids.next().unwrap_or_default();
        if row.threat.is_some() {
            row.traffic.threat_id = threat_ids.next();
        }
        if row.activity_id.is_some() {
            row.activity_id = activity_ids.next();
        }
    }
    Ok(())
}

/// Takes that many ids of a kind; they are never given out again.
pub(super) async fn reserve(
    connection: &mut Connection,
    kind: &'static str,
    count: usize,
) -> Result<impl Iterator<Item = i64> + use<>, StoreError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    if count == 0 {
        return Ok(1..1);
    }
    let last: i64 =
        sqlx::query_scalar("UPDATE sequences SET last = last + $1 WHERE name = $2 RETURNING last")
            .bind(count)
            .bind(kind)
            .fetch_one(connection)
            .await
            .map_err(failed("taking new ids"))?;
    Ok(last - count + 1..last + 1)
}

/// The texts of a row that it keeps as ids.
fn texts<'r>(
    prepared: &'r Prepared,
    named: &HashSet<&str>,
) -> impl Iterator<Item = (Kind, &'r str, Option<&'r AddressKey>)> {
    let row = &prepared.traffic;
    let request = Some(prepared.request.as_str()).filter(|request| named.contains(request));
    let always = [
        (Kind::Address, row.ip.as_str(), prepared.ip_key.as_ref()),
        (Kind::Method, row.method.as_str(), None),
        (Kind::Path, row.path.as_str(), None),
    ];
    let sometimes = [
        (Kind::Host, row.host.as_deref()),
        (Kind::UserAgent, row.user_agent.as_deref()),
        (Kind::Model, row.model.as_deref()),
        (Kind::LogSource, row.log_source.as_deref()),
        (Kind::Request, request),
    ];
    let sometimes = sometimes.into_iter().filter_map(|(kind, text)| Some((kind, text?, None)));
    always.into_iter().chain(sometimes)
}

async fn insert_traffic(
    connection: &mut Connection,
    rows: &[Prepared],
    ids: &[Named],
) -> Result<(), StoreError> {
    let rows: Vec<_> = rows.iter().zip(ids).collect();
    insert_rows(connection, "writing traffic", TRAFFIC, &rows, "", |(prepared, ids), values| {
        let row = &prepared.traffic;
        // Rows without a name for it have it beside them, or nothing at all.
        let request_id = ids.id(Kind::Request);
        let request = Some(prepared.request.as_str()).filter(|text| request_id.is_none() && !text.is_empty());
        values
            .add(row.id)
            .add(row.timestamp.micros())
            .add(row.received_at.micros())
            .add(ids.id(Kind::Address))
            .add(ids.id(Kind::Host))
            .add(ids.id(Kind::Method))
            .add(ids.id(Kind::Path))
            .add(prepared.query())
            .add(i64::from(row.status))
            .add(row.response_bytes.map(int))
            .add(row.response_time_ms)
            .add(ids.id(Kind::UserAgent))
            .add(row.action.code())
            .add(i64::from(row.enforced))
            .add(row.class.map(Coded::code))
            .add(row.severity.map(Coded::code))
            .add(row.score)
            .add(ids.id(Kind::Model))
            .add(row.decided_by.code())
            .add(row.via.code())
            .add(ids.id(Kind::LogSource))
            .add(row.threat_id)
            .add(prepared.activity_id)
            .add(request_id)
            .add(request);
    })
    .await
}

async fn insert_threats(connection: &mut Connection, rows: &[Prepared]) -> Result<(), StoreError> {
    let threats: Vec<_> = rows.iter().filter_map(|row| Some((row, row.threat.as_ref()?))).collect();
    insert_rows(connection, "writing threats", THREATS, &threats, "", |(prepared, threat), values| {
        let row = &prepared.traffic;
        values
            .add(row.threat_id)
            .add(row.id)
            .add(row.timestamp.micros())
            .add(row.received_at.micros())
            .add(threat.class.as_str())
            .add(threat.severity.as_str())
            .add(row.ip.as_str())
            .add(prepared.ip_key.as_ref().map(<[u8; 16]>::as_slice))
            .add(row.host.as_deref())
            .add(row.method.as_str())
            .add(row.endpoint.as_str())
            .add(row.path.as_str())
            .add(i64::from(row.status))
            .add(row.user_agent.as_deref())
            .add(row.via.as_str())
            .add(row.action.as_str())
            .add(i64::from(row.enforced))
            .add(row.score)
            .add(row.model.as_deref())
            .add(row.decided_by.as_str())
            .add(threat.payload.as_deref())
            .add(threat.details.as_deref())
            .add(threat.request.as_str())
            .add(threat.detail.as_str());
    })
    .await
}
