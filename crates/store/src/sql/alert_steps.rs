//! Steps of the alert engine: alerts, what is remembered of groups, deliveries and the position, in one transaction.

use bartizan_model::{ThreatRecord, Timestamp};
use sqlx::Transaction;

use super::decode::{Columns, THREAT_COLUMNS, threat};
use super::dialect::{Builder, Connection, Db};
use super::store::failed;
use super::{alerts, deliveries, silences};
use crate::{AlertStep, StoreError, StoredGroup};

const WRITING: &str = "writing alerts";
const READING: &str = "reading what the alert engine remembers";

/// Writes the step, or nothing; returns the ids of its alerts, in their order.
pub(super) async fn write(
    mut transaction: Transaction<'_, Db>,
    step: &AlertStep,
) -> Result<Vec<i64>, StoreError> {
    let moved = sqlx::query("UPDATE alert_position SET threat_id = $1 WHERE id = 1 AND threat_id = $2")
        .bind(step.to)
        .bind(step.from)
        .execute(&mut *transaction)
        .await
        .map_err(failed(WRITING))?;
    if moved.rows_affected() == 0 {
        return Err(StoreError::StaleAlerts);
    }
    let mut ids = Vec::with_capacity(step.alerts.len());
    for write in &step.alerts {
        let id = alerts::write(&mut transaction, &write.alert, step.at).await?;
        alerts::link(&mut transaction, id, &write.threat_ids).await?;
        alerts::take_over(&mut transaction, id, &write.takes_over).await?;
        for delivery in &write.deliveries {
            deliveries::insert(&mut transaction, delivery, Some(id)).await?;
        }
        ids.push(id);
    }
    for group in &step.groups {
        match &group.state {
            Some(state) => sqlx::query(
                "INSERT INTO alert_groups (key, state, touched) VALUES ($1, $2, $3) \
                 ON CONFLICT (key) DO UPDATE SET state = excluded.state, touched = excluded.touched",
            )
            .bind(&group.key)
            .bind(state)
            .bind(step.at.micros()),
            None => sqlx::query("DELETE FROM alert_groups WHERE key = $1").bind(&group.key),
        }
        .execute(&mut *transaction)
        .await
        .map_err(failed(WRITING))?;
    }
    for (id, hits) in &step.silenced {
        silences::hit(&mut transaction, *id, *hits, step.at).await?;
    }
    transaction.commit().await.map_err(failed(WRITING))?;
    Ok(ids)
}

/// The newest threat that was taken into alerts.
pub(super) async fn position(connection: &mut Connection) -> Result<i64, StoreError> {
    sqlx::query_scalar("SELECT threat_id FROM alert_position WHERE id = 1")
        .fetch_one(connection)
        .await
        .map_err(failed(READING))
}

/// The groups that were touched last.
pub(super) async fn groups(connection: &mut Connection, limit: u32) -> Result<Vec<StoredGroup>, StoreError> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT key, state FROM alert_groups ORDER BY touched DESC, key LIMIT $1")
            .bind(i64::from(limit))
            .fetch_all(connection)
            .await
            .map_err(failed(READING))?;
    Ok(rows.into_iter().map(|(key, state)| StoredGroup { key, state: Some(state) }).collect())
}

/// The threats after that id, in the order in which they were committed.
pub(super) async fn threats_after(
    connection: &mut Connection,
    id: i64,
    limit: u32,
) -> Result<Vec<ThreatRecord>, StoreError> {
    let mut query = Builder::new("SELECT ");
    query.push(THREAT_COLUMNS).push(" FROM threats WHERE id > ").push_bind(id);
    query.push(" ORDER BY id LIMIT ").push_bind(i64::from(limit));
    let rows = query.build().fetch_all(connection).await.map_err(failed("reading threats"))?;
    rows.iter().map(|row| threat(&mut Columns::new(row))).collect()
}

/// Active alerts that nothing was added to since that instant.
pub(super) async fn quiet_since(
    connection: &mut Connection,
    cutoff: Timestamp,
    limit: u32,
) -> Result<Vec<i64>, StoreError> {
    sqlx::query_scalar(
        "SELECT id FROM alerts WHERE active = 1 AND touched < $1 ORDER BY touched, id LIMIT $2",
    )
    .bind(cutoff.micros())
    .bind(i64::from(limit))
    .fetch_all(connection)
    .await
    .map_err(failed(READING))
}
