//! The outbox: what is sent to people outside, and how that went.

use bartizan_model::{Delivery, DeliveryState, Timestamp};
use sqlx::Transaction;

use super::commit::reserve;
use super::decode::{Columns, count, int};
use super::dialect::{Builder, Connection, Db};
use super::lists::{collect, push_after, push_order};
use super::store::failed;
use crate::text::{MAX_NAME_CHARS, MAX_TEXT_CHARS, cut, unique};
use crate::{Cursor, Page, Paged, StoreError};

const WRITING: &str = "writing a delivery";
const READING: &str = "reading deliveries";

const COLUMNS: &str = "id, channel, cause, slot, alert_id, occasion, created_at, due_at, state, attempts, sent_at, \
     last_error";

/// Puts a delivery into the outbox, unless its channel tells of its cause in that window already. Returns whether it
/// was put there.
pub(super) async fn insert(
    connection: &mut Connection,
    delivery: &Delivery,
    alert_id: Option<i64>,
) -> Result<bool, StoreError> {
    let id = reserve(connection, "deliveries", 1).await?.next().unwrap_or_default();
    let inserted = sqlx::query(
        "INSERT INTO deliveries (id, channel, cause, slot, alert_id, occasion, created_at, due_at, state, attempts) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0) ON CONFLICT (channel, cause, slot) DO NOTHING",
    )
    .bind(id)
    .bind(cut(&delivery.channel, MAX_NAME_CHARS))
    .bind(unique(&delivery.cause))
    .bind(delivery.window.micros())
    .bind(alert_id)
    .bind(delivery.occasion.as_str())
    .bind(delivery.created_at.micros())
    .bind(delivery.due_at.micros())
    .bind(delivery.state.as_str())
    .execute(connection)
    .await
    .map_err(failed(WRITING))?;
    Ok(inserted.rows_affected() > 0)
}

/// What is due, oldest first.
pub(super) async fn due(
    connection: &mut Connection,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Delivery>, StoreError> {
    let mut query = Builder::new("SELECT ");
    query.push(COLUMNS).push(" FROM deliveries WHERE state IN ('pending', 'sending') AND state = 'pending'");
    query.push(" AND due_at <= ").push_bind(now.micros()).push(" ORDER BY due_at, id LIMIT ");
    query.push_bind(i64::from(limit));
    let rows = query.build().fetch_all(connection).await.map_err(failed(READING))?;
    rows.iter().map(|row| decode(&mut Columns::new(row))).collect()
}

/// Writes state, tries and times of known deliveries.
pub(super) async fn update(
    mut transaction: Transaction<'_, Db>,
    deliveries: &[Delivery],
) -> Result<(), StoreError> {
    for delivery in deliveries {
        sqlx::query(
            "UPDATE deliveries SET state = $1, attempts = $2, due_at = $3, sent_at = $4, last_error = $5 WHERE id = $6",
        )
        .bind(delivery.state.as_str())
        .bind(i64::from(delivery.attempts))
        .bind(delivery.due_at.micros())
        .bind(delivery.sent_at.map(Timestamp::micros))
        .bind(delivery.last_error.as_deref().map(|error| cut(error, MAX_TEXT_CHARS)))
        .bind(delivery.id)
        .execute(&mut *transaction)
        .await
        .map_err(failed(WRITING))?;
    }
    transaction.commit().await.map_err(failed(WRITING))
}

/// What was being sent when the process ended: whether it arrived is not known.
pub(super) async fn give_up_unknown(mut transaction: Transaction<'_, Db>) -> Result<u64, StoreError> {
    let given_up = sqlx::query(
        "UPDATE deliveries SET state = 'unknown', last_error = $1 \
         WHERE state IN ('pending', 'sending') AND state = 'sending'",
    )
    .bind("the server stopped while this was being sent; it may have arrived, and is not sent again")
    .execute(&mut *transaction)
    .await
    .map_err(failed(WRITING))?;
    transaction.commit().await.map_err(failed(WRITING))?;
    Ok(given_up.rows_affected())
}

pub(super) async fn page(
    connection: &mut Connection,
    channel: Option<&str>,
    page: &Page,
) -> Result<Paged<Delivery>, StoreError> {
    let mut query = Builder::new("SELECT ");
    query.push(COLUMNS).push(" FROM deliveries WHERE ");
    match channel {
        Some(channel) => query.push("channel = ").push_bind(channel.to_owned()),
        None => query.push("1 = 1"),
    };
    push_after(&mut query, page, "created_at");
    let limit = push_order(&mut query, page, "created_at");
    let rows = query.build().fetch_all(connection).await.map_err(failed(READING))?;
    collect(&rows, limit, |columns| {
        let delivery = decode(columns)?;
        Ok((Cursor { micros: delivery.created_at.micros(), id: delivery.id }, delivery))
    })
}

/// Deliveries of each channel since that instant, by state.
pub(super) async fn tally(
    connection: &mut Connection,
    since: Timestamp,
) -> Result<Vec<(String, DeliveryState, u64)>, StoreError> {
    let rows = sqlx::query(
        "SELECT channel, state, COUNT(*) FROM deliveries WHERE created_at >= $1 GROUP BY channel, state \
         ORDER BY channel, state",
    )
    .bind(since.micros())
    .fetch_all(connection)
    .await
    .map_err(failed(READING))?;
    rows.iter()
        .map(|row| {
            let mut columns = Columns::new(row);
            Ok((columns.next()?, columns.name()?, count(columns.next()?)))
        })
        .collect()
}

fn decode(columns: &mut Columns<'_>) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        id: columns.next()?,
        channel: columns.next()?,
        cause: columns.next()?,
        window: columns.instant()?,
        alert_id: columns.next()?,
        occasion: columns.name()?,
        created_at: columns.instant()?,
        due_at: columns.instant()?,
        state: columns.name()?,
        attempts: u32::try_from(int(count(columns.next()?))).unwrap_or(u32::MAX),
        sent_at: columns.next::<Option<i64>>()?.map(Timestamp::from_micros),
        last_error: columns.next()?,
    })
}
