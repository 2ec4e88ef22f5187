//! Alerts and the threats they hold.

use bartizan_model::{Alert, AlertStatus, Severity, Timestamp};
use sqlx::{Connection as _, SqlitePool};

use super::decode::{get, instant, named, optionally_named};
use super::dialect::{BEGIN_WRITE, Builder, CONTAINS, Connection, Row};
use super::failed;
use super::filter::{any_of, anywhere, push_span};
use crate::text::{MAX_NAME_CHARS, MAX_TEXT_CHARS, cut};
use crate::{AlertFilter, Cursor, PAGE_LIMITS, Page, Paged, StoreError};

const WRITING: &str = "writing an alert";
const READING: &str = "reading alerts";

pub(super) async fn insert(
    connection: &mut Connection,
    alert: &Alert,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let mut transaction = connection.begin_with(BEGIN_WRITE).await.map_err(failed(WRITING))?;
    let id: i64 =
        sqlx::query_scalar("UPDATE sequences SET last = last + 1 WHERE name = 'alerts' RETURNING last")
            .fetch_one(&mut *transaction)
            .await
            .map_err(failed(WRITING))?;
    sqlx::query(
        "INSERT INTO alerts (id, key, kind, severity, title, description, raised_at, first_seen, last_seen, touched, \
         count, source, status, active, handled_by, handled_at, class, related_ip, related_endpoint, \
         related_threat_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         $19, $20)",
    )
    .bind(id)
    .bind(cut(&alert.key, MAX_NAME_CHARS))
    .bind(alert.kind.as_str())
    .bind(alert.severity.as_str())
    .bind(cut(&alert.title, MAX_NAME_CHARS))
    .bind(cut(&alert.description, MAX_TEXT_CHARS))
    .bind(alert.raised_at.micros())
    .bind(alert.first_seen.micros())
    .bind(alert.last_seen.micros())
    .bind(now.micros())
    .bind(i64::try_from(alert.count).unwrap_or(i64::MAX))
    .bind(alert.source.clone())
    .bind(alert.status.as_str())
    .bind(alert.status.is_active())
    .bind(alert.handled_by.clone())
    .bind(alert.handled_at.map(Timestamp::micros))
    .bind(alert.class.map(bartizan_model::ThreatClass::as_str))
    .bind(alert.related_ip.clone())
    .bind(alert.related_endpoint.clone())
    .bind(alert.related_threat_id)
    .execute(&mut *transaction)
    .await
    .map_err(failed(WRITING))?;
    transaction.commit().await.map_err(failed(WRITING))?;
    Ok(id)
}

pub(super) async fn update(
    connection: &mut Connection,
    alert: &Alert,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE alerts SET kind = $2, severity = $3, description = $4, first_seen = $5, last_seen = $6, touched = $7, \
         count = $8, related_endpoint = $9, related_threat_id = $10, status = $11, active = $12 WHERE id = $1",
    )
    .bind(alert.id)
    .bind(alert.kind.as_str())
    .bind(alert.severity.as_str())
    .bind(cut(&alert.description, MAX_TEXT_CHARS))
    .bind(alert.first_seen.micros())
    .bind(alert.last_seen.micros())
    .bind(now.micros())
    .bind(i64::try_from(alert.count).unwrap_or(i64::MAX))
    .bind(alert.related_endpoint.clone())
    .bind(alert.related_threat_id)
    .bind(alert.status.as_str())
    .bind(alert.status.is_active())
    .execute(connection)
    .await
    .map_err(failed(WRITING))?;
    Ok(())
}

pub(super) async fn set_status(
    connection: &mut Connection,
    id: i64,
    status: AlertStatus,
    by: &str,
    at: Timestamp,
) -> Result<Option<Alert>, StoreError> {
    let row = sqlx::query(
        "UPDATE alerts SET status = $2, active = $3, handled_by = $4, handled_at = $5, touched = $5 WHERE id = $1 \
         RETURNING *",
    )
    .bind(id)
    .bind(status.as_str())
    .bind(status.is_active())
    .bind(cut(by, MAX_NAME_CHARS))
    .bind(at.micros())
    .fetch_optional(connection)
    .await
    .map_err(failed(WRITING))?;
    row.map(|row| decode(&row)).transpose()
}

pub(super) async fn by_id(readers: &SqlitePool, id: i64) -> Result<Option<Alert>, StoreError> {
    let row = sqlx::query("SELECT * FROM alerts WHERE id = $1")
        .bind(id)
        .fetch_optional(readers)
        .await
        .map_err(failed(READING))?;
    row.map(|row| decode(&row)).transpose()
}

pub(super) async fn list(
    readers: &SqlitePool,
    filter: &AlertFilter,
    page: &Page,
) -> Result<Paged<Alert>, StoreError> {
    let limit = page.limit.clamp(PAGE_LIMITS.0, PAGE_LIMITS.1);
    let mut builder = Builder::new("SELECT *");
    push_from(&mut builder, filter);
    if let Some(after) = page.after {
        builder.push(if page.ascending { " AND (raised_at, id) > (" } else { " AND (raised_at, id) < (" });
        builder.push_bind(after.micros).push(", ").push_bind(after.id).push(")");
    }
    builder.push(if page.ascending {
        " ORDER BY raised_at, id"
    } else {
        " ORDER BY raised_at DESC, id DESC"
    });
    builder.push(" LIMIT ").push_bind(i64::from(limit) + 1);
    let mut snapshot = readers.begin().await.map_err(failed(READING))?;
    let found = builder.build().fetch_all(&mut *snapshot).await.map_err(failed(READING))?;
    let total = if page.count {
        let mut builder = Builder::new("SELECT COUNT(*)");
        push_from(&mut builder, filter);
        let total: i64 =
            builder.build_query_scalar().fetch_one(&mut *snapshot).await.map_err(failed(READING))?;
        Some(u64::try_from(total).unwrap_or(0))
    } else {
        None
    };
    let mut rows = found.iter().map(decode).collect::<Result<Vec<_>, _>>()?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next =
        rows.last().filter(|_| more).map(|alert| Cursor { micros: alert.raised_at.micros(), id: alert.id });
    Ok(Paged { rows, next, total, limit })
}

fn push_from(builder: &mut Builder, filter: &AlertFilter) {
    builder.push(" FROM alerts WHERE TRUE");
    if filter.active_only {
        builder.push(" AND active = 1");
    }
    if let Some(span) = filter.span {
        push_span(builder, "raised_at", span);
    }
    any_of(builder, &filter.severity, |builder, severity| {
        // The badge has three steps; a critical threat is kind critical with the badge high.
        match severity {
            Severity::Critical => builder.push("kind = 'critical'"),
            other => builder.push("severity = ").push_bind(other.as_str()),
        };
    });
    any_of(builder, &filter.class, |builder, class| {
        builder.push("class = ").push_bind(class.as_str());
    });
    for word in &filter.words {
        let pattern = anywhere(word);
        for (n, column) in ["title", "description", "related_ip", "related_endpoint"].iter().enumerate() {
            builder.push(if n == 0 { " AND (" } else { " OR " });
            builder.push(column).push(CONTAINS).push_bind(pattern.clone()).push(" ESCAPE '\\'");
        }
        builder.push(")");
    }
}

pub(super) async fn of_threat(readers: &SqlitePool, threat_id: i64) -> Result<Vec<i64>, StoreError> {
    sqlx::query_scalar("SELECT alert_id FROM alert_threats WHERE threat_id = $1 ORDER BY alert_id")
        .bind(threat_id)
        .fetch_all(readers)
        .await
        .map_err(failed(READING))
}

pub(super) async fn link(
    connection: &mut Connection,
    alert_id: i64,
    threat_ids: &[i64],
) -> Result<(), StoreError> {
    for chunk in threat_ids.chunks(200) {
        let mut builder = Builder::new("INSERT INTO alert_threats (alert_id, threat_id) ");
        builder.push_values(chunk, |mut values, threat_id| {
            values.push_bind(alert_id).push_bind(*threat_id);
        });
        builder.push(" ON CONFLICT (alert_id, threat_id) DO NOTHING");
        builder.build().execute(&mut *connection).await.map_err(failed(WRITING))?;
    }
    Ok(())
}

fn decode(row: &Row) -> Result<Alert, StoreError> {
    Ok(Alert {
        id: get(row, "id")?,
        key: get(row, "key")?,
        kind: named(row, "kind")?,
        severity: named(row, "severity")?,
        title: get(row, "title")?,
        description: get(row, "description")?,
        raised_at: instant(row, "raised_at")?,
        first_seen: instant(row, "first_seen")?,
        last_seen: instant(row, "last_seen")?,
        count: u64::try_from(get::<i64>(row, "count")?).unwrap_or(0),
        source: get(row, "source")?,
        status: named(row, "status")?,
        handled_by: get(row, "handled_by")?,
        handled_at: get::<Option<i64>>(row, "handled_at")?.map(Timestamp::from_micros),
        class: optionally_named(row, "class")?,
        related_ip: get(row, "related_ip")?,
        related_endpoint: get(row, "related_endpoint")?,
        related_threat_id: get(row, "related_threat_id")?,
    })
}
