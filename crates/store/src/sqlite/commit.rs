//! One batch, one transaction.

use std::collections::BTreeSet;

use bartizan_model::{Action, Timestamp};
use sqlx::Connection as _;

use super::dialect::{BEGIN_WRITE, Connection};
use super::{Writer, failed, insert, rollup, source};
use crate::delta::RollupDelta;
use crate::prepared::{Prepared, activity};
use crate::unique_time::UniqueTimes;
use crate::{CommitBatch, Committed, StoreError};

const DOING: &str = "keeping a batch of requests";

/// The newest ids given out, read and written in the transaction that uses them.
struct Ids {
    traffic: i64,
    threats: i64,
    activities: i64,
}

pub(super) async fn commit(writer: &mut Writer, batch: &CommitBatch) -> Result<Committed, StoreError> {
    let Writer { connection, times, hosts } = writer;
    let source_name = batch.source.as_ref().map(|progress| progress.name.as_str());
    let mut rows = batch
        .judged
        .iter()
        .map(|judged| Prepared::new(judged, batch.received_at, source_name))
        .collect::<Result<Vec<_>, _>>()?;

    let mut transaction = connection.begin_with(BEGIN_WRITE).await.map_err(failed(DOING))?;
    if let Some(progress) = &batch.source {
        source::advance(&mut transaction, progress).await?;
    }
    let mut new_hosts = Vec::new();
    if !rows.is_empty() {
        give_times(&mut transaction, times, &mut rows).await?;
        give_ids(&mut transaction, &mut rows).await?;
        insert::traffic(&mut transaction, &rows).await?;
        insert::threats(&mut transaction, &rows).await?;
        let delta = RollupDelta::of(rows.iter().map(|row| &row.traffic), hosts);
        rollup::add(&mut transaction, &delta, batch.received_at).await?;
        rollup::add_clients(&mut transaction, rows.iter().map(|row| &row.traffic)).await?;
        new_hosts = delta.new_hosts;
    }
    transaction.commit().await.map_err(failed(DOING))?;
    hosts.extend(new_hosts);

    Ok(Committed {
        threats: rows.iter().filter_map(Prepared::threat_record).collect(),
        activities: rows.iter().filter_map(|row| Some(activity(row.activity_id?, &row.traffic))).collect(),
        traffic: rows.into_iter().map(|row| row.traffic).collect(),
    })
}

/// Moves colliding instants forward and chooses the lines of the feed.
async fn give_times(
    connection: &mut Connection,
    times: &mut UniqueTimes,
    rows: &mut [Prepared],
) -> Result<(), StoreError> {
    let newest: Option<i64> = sqlx::query_scalar("SELECT MAX(ts) FROM traffic")
        .fetch_one(&mut *connection)
        .await
        .map_err(failed(DOING))?;
    times.set_newest(newest);
    let seconds: BTreeSet<i64> = rows.iter().map(|row| row.traffic.timestamp.secs()).collect();
    for second in seconds {
        learn(connection, times, second).await?;
    }
    for row in rows {
        let wanted = row.traffic.timestamp.micros();
        let instant = loop {
            match times.take(wanted) {
                Ok(instant) => break instant,
                Err(second) => learn(connection, times, second).await?,
            }
        };
        row.traffic.timestamp = Timestamp::from_micros(instant);
        let shown = row.traffic.action != Action::Allow || times.show(instant);
        // The id itself is given later; here is only decided that there will be one.
        row.activity_id = shown.then_some(0);
    }
    Ok(())
}

async fn learn(connection: &mut Connection, times: &mut UniqueTimes, second: i64) -> Result<(), StoreError> {
    if !times.is_unknown(second) {
        return Ok(());
    }
    let taken: Vec<(i64, bool)> = sqlx::query_as(
        "SELECT ts, activity_id IS NOT NULL AND class IS NULL FROM traffic WHERE ts >= $1 AND ts < $2",
    )
    .bind(second * Timestamp::SECOND_MICROS)
    .bind((second + 1) * Timestamp::SECOND_MICROS)
    .fetch_all(connection)
    .await
    .map_err(failed(DOING))?;
    times.learn(second, taken.into_iter());
    Ok(())
}

async fn give_ids(connection: &mut Connection, rows: &mut [Prepared]) -> Result<(), StoreError> {
    let mut ids = Ids { traffic: 0, threats: 0, activities: 0 };
    let last: Vec<(String, i64)> = sqlx::query_as("SELECT name, last FROM sequences")
        .fetch_all(&mut *connection)
        .await
        .map_err(failed(DOING))?;
    for (name, last) in last {
        match name.as_str() {
            "traffic" => ids.traffic = last,
            "threats" => ids.threats = last,
            "activities" => ids.activities = last,
            _ => {}
        }
    }
    for row in rows {
        ids.traffic += 1;
        row.traffic.id = ids.traffic;
        if row.threat.is_some() {
            ids.threats += 1;
            row.traffic.threat_id = Some(ids.threats);
        }
        if let Some(activity_id) = &mut row.activity_id {
            ids.activities += 1;
            *activity_id = ids.activities;
        }
    }
    for (name, last) in [("traffic", ids.traffic), ("threats", ids.threats), ("activities", ids.activities)] {
        sqlx::query("UPDATE sequences SET last = $1 WHERE name = $2")
            .bind(last)
            .bind(name)
            .execute(&mut *connection)
            .await
            .map_err(failed(DOING))?;
    }
    Ok(())
}
