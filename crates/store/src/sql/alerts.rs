//! Alerts and the threats that they hold.

use bartizan_model::{Alert, AlertStatus, Timestamp};
use sqlx::Transaction;

use super::commit::reserve;
use super::decode::{Columns, count, int};
use super::dialect::{Builder, Connection, Db};
use super::filter::{escaped, push_in, push_like};
use super::insert::insert_rows;
use super::lists::{collect, push_after, push_order, total};
use super::store::failed;
use crate::text::{MAX_NAME_CHARS, MAX_TEXT_CHARS, cut};
use crate::{AlertFilter, Cursor, Page, Paged, StoreError};

const WRITING: &str = "writing an alert";
const READING: &str = "reading alerts";

const COLUMNS: &str = "id, key, kind, severity, title, description, raised_at, first_seen, last_seen, count, source, \
     status, handled_by, handled_at, class, related_ip, related_endpoint, related_threat_id";

pub(super) async fn insert(
    mut transaction: Transaction<'_, Db>,
    alert: &Alert,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let id = reserve(&mut transaction, "alerts", 1).await?.next().unwrap_or_default();
    sqlx::query(
        "INSERT INTO alerts (id, key, kind, severity, title, description, raised_at, first_seen, last_seen, touched, \
         count, source, status, active, handled_by, handled_at, class, related_ip, related_endpoint, related_threat_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
    )
    .bind(id)
    .bind(cut(&alert.key, MAX_TEXT_CHARS))
    .bind(alert.kind.as_str())
    .bind(alert.severity.as_str())
    .bind(cut(&alert.title, MAX_TEXT_CHARS))
    .bind(cut(&alert.description, MAX_TEXT_CHARS))
    .bind(alert.raised_at.micros())
    .bind(alert.first_seen.micros())
    .bind(alert.last_seen.micros())
    .bind(now.micros())
    .bind(int(alert.count))
    .bind(cut(&alert.source, MAX_NAME_CHARS))
    .bind(alert.status.as_str())
    .bind(i64::from(alert.status.is_active()))
    .bind(alert.handled_by.as_deref().map(|by| cut(by, MAX_NAME_CHARS)))
    .bind(alert.handled_at.map(Timestamp::micros))
    .bind(alert.class.map(bartizan_model::ThreatClass::as_str))
    .bind(alert.related_ip.as_deref().map(|ip| cut(ip, MAX_NAME_CHARS)))
    .bind(alert.related_endpoint.as_deref().map(|endpoint| cut(endpoint, MAX_TEXT_CHARS)))
    .bind(alert.related_threat_id)
    .execute(&mut *transaction)
    .await
    .map_err(failed(WRITING))?;
    transaction.commit().await.map_err(failed(WRITING))?;
    Ok(id)
}

pub(super) async fn update(
    mut transaction: Transaction<'_, Db>,
    alert: &Alert,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE alerts SET kind = $1, severity = $2, title = $3, description = $4, last_seen = $5, touched = $6, \
         count = $7, status = $8, active = $9, handled_by = $10, handled_at = $11, related_ip = $12, \
         related_endpoint = $13, related_threat_id = $14 WHERE id = $15",
    )
    .bind(alert.kind.as_str())
    .bind(alert.severity.as_str())
    .bind(cut(&alert.title, MAX_TEXT_CHARS))
    .bind(cut(&alert.description, MAX_TEXT_CHARS))
    .bind(alert.last_seen.micros())
    .bind(now.micros())
    .bind(int(alert.count))
    .bind(alert.status.as_str())
    .bind(i64::from(alert.status.is_active()))
    .bind(alert.handled_by.as_deref().map(|by| cut(by, MAX_NAME_CHARS)))
    .bind(alert.handled_at.map(Timestamp::micros))
    .bind(alert.related_ip.as_deref().map(|ip| cut(ip, MAX_NAME_CHARS)))
    .bind(alert.related_endpoint.as_deref().map(|endpoint| cut(endpoint, MAX_TEXT_CHARS)))
    .bind(alert.related_threat_id)
    .bind(alert.id)
    .execute(&mut *transaction)
    .await
    .map_err(failed(WRITING))?;
    transaction.commit().await.map_err(failed(WRITING))
}

pub(super) async fn alert(connection: &mut Connection, id: i64) -> Result<Option<Alert>, StoreError> {
    let mut query = Builder::new("SELECT ");
    query.push(COLUMNS).push(" FROM alerts WHERE id = ").push_bind(id);
    let row = query.build().fetch_optional(connection).await.map_err(failed(READING))?;
    row.map(|row| decode(&mut Columns::new(&row))).transpose()
}

pub(super) async fn alerts(
    connection: &mut Connection,
    filter: &AlertFilter,
    page: &Page,
) -> Result<Paged<Alert>, StoreError> {
    let mut query = Builder::new("SELECT ");
    query.push(COLUMNS);
    push_from(&mut query, filter);
    push_after(&mut query, page, "raised_at");
    let limit = push_order(&mut query, page, "raised_at");
    let rows = query.build().fetch_all(&mut *connection).await.map_err(failed(READING))?;
    let mut paged = collect(&rows, limit, |columns| {
        let alert = decode(columns)?;
        Ok((Cursor { micros: alert.raised_at.micros(), id: alert.id }, alert))
    })?;
    if page.count {
        let mut query = Builder::new("SELECT COUNT(*) FROM (SELECT 1");
        push_from(&mut query, filter);
        paged.total = total(connection, query).await?;
    }
    Ok(paged)
}

fn push_from(query: &mut Builder, filter: &AlertFilter) {
    query.push(" FROM alerts WHERE ").push(if filter.active_only { "active = 1" } else { "1 = 1" });
    if let Some(span) = filter.span {
        query.push(" AND raised_at >= ").push_bind(span.from.micros());
        query.push(" AND raised_at < ").push_bind(span.to.micros());
    }
    push_in(query, "severity", filter.severity.iter().map(|severity| severity.as_str()));
    push_in(query, "class", filter.class.iter().map(|class| class.as_str()));
    for word in filter.words.iter().take(20) {
        let pattern = format!("%{}%", escaped(&cut(word, 200)));
        query.push(" AND (");
        for (at, column) in ["title", "description", "related_ip", "related_endpoint"].into_iter().enumerate()
        {
            query.push(if at == 0 { "" } else { " OR " });
            push_like(query, column, &pattern);
        }
        query.push(")");
    }
}

pub(super) async fn of_threat(connection: &mut Connection, threat_id: i64) -> Result<Vec<i64>, StoreError> {
    sqlx::query_scalar("SELECT alert_id FROM alert_threats WHERE threat_id = $1 ORDER BY alert_id LIMIT 1000")
        .bind(threat_id)
        .fetch_all(connection)
        .await
        .map_err(failed(READING))
}

/// Links to an alert that is gone are left out rather than refused: retention may have been quicker.
pub(super) async fn link(
    mut transaction: Transaction<'_, Db>,
    alert_id: i64,
    threat_ids: &[i64],
) -> Result<(), StoreError> {
    let known: Option<i64> = sqlx::query_scalar("SELECT id FROM alerts WHERE id = $1")
        .bind(alert_id)
        .fetch_optional(&mut *transaction)
        .await
        .map_err(failed(WRITING))?;
    if known.is_none() {
        return Ok(());
    }
    let head = "INSERT INTO alert_threats (alert_id, threat_id)";
    insert_rows(
        &mut transaction,
        WRITING,
        head,
        threat_ids,
        " ON CONFLICT DO NOTHING",
        |threat_id, values| {
            values.add(alert_id).add(*threat_id);
        },
    )
    .await?;
    transaction.commit().await.map_err(failed(WRITING))
}

pub(super) async fn set_status(
    mut transaction: Transaction<'_, Db>,
    id: i64,
    status: AlertStatus,
    by: &str,
    at: Timestamp,
) -> Result<Option<Alert>, StoreError> {
    // Repeating a status keeps who set it first.
    sqlx::query(
        "UPDATE alerts SET status = $1, active = $2, handled_by = $3, handled_at = $4 WHERE id = $5 AND status <> $1",
    )
    .bind(status.as_str())
    .bind(i64::from(status.is_active()))
    .bind(cut(by, MAX_NAME_CHARS))
    .bind(at.micros())
    .bind(id)
    .execute(&mut *transaction)
    .await
    .map_err(failed(WRITING))?;
    let changed = alert(&mut transaction, id).await?;
    transaction.commit().await.map_err(failed(WRITING))?;
    Ok(changed)
}

fn decode(columns: &mut Columns<'_>) -> Result<Alert, StoreError> {
    Ok(Alert {
        id: columns.next()?,
        key: columns.next()?,
        kind: columns.name()?,
        severity: columns.name()?,
        title: columns.next()?,
        description: columns.next()?,
        raised_at: columns.instant()?,
        first_seen: columns.instant()?,
        last_seen: columns.instant()?,
        count: count(columns.next()?),
        source: columns.next()?,
        status: columns.name()?,
        handled_by: columns.next()?,
        handled_at: columns.next::<Option<i64>>()?.map(Timestamp::from_micros),
        class: columns.optional_name()?,
        related_ip: columns.next()?,
        related_endpoint: columns.next()?,
        related_threat_id: columns.next()?,
    })
}
