//! Alerts and the threats that they hold.

use bartizan_model::{Alert, AlertKind, Severity, ThreatClass, Timestamp};

use super::commit::reserve;
use super::decode::{Columns, count, int};
use super::dialect::{Builder, Connection};
use super::filter::{escaped, push_in, push_like};
use super::insert::insert_rows;
use super::lists::{collect, push_after, push_order, total};
use super::store::failed;
use crate::text::{MAX_NAME_CHARS, MAX_TEXT_CHARS, cut};
use crate::{AlertFilter, Cursor, Page, Paged, StoreError};

const WRITING: &str = "writing an alert";
const READING: &str = "reading alerts";

const COLUMNS: &str = "id, key, kind, severity, title, description, raised_at, first_seen, last_seen, count, source, \
     status, handled_by, handled_at, class, related_ip, related_endpoint, related_threat_id, host, clients, targets, \
     advice, note, classes, part_of";

/// How grave an alert is and, of those equally grave, how many events it has, as one number to order by.
const WEIGHT: &str = "(CASE WHEN kind = 'critical' THEN 3 WHEN severity = 'high' THEN 2 WHEN severity = 'medium' THEN 1 \
     ELSE 0 END * 1000000000000 + CASE WHEN count < 1000000000000 THEN count ELSE 999999999999 END)";

/// The same number.
fn weight(alert: &Alert) -> i64 {
    let grave = match (alert.kind, alert.severity) {
        (AlertKind::Critical, _) => 3,
        (_, Severity::High | Severity::Critical) => 2,
        (_, Severity::Medium) => 1,
        (_, Severity::Low) => 0,
    };
    grave * 1_000_000_000_000 + int(alert.count).min(999_999_999_999)
}

/// Inserts an alert without an id, or writes a known one anew; returns its id.
pub(super) async fn write(
    connection: &mut Connection,
    alert: &Alert,
    now: Timestamp,
) -> Result<i64, StoreError> {
    if alert.id > 0 {
        update(connection, alert, now).await?;
        return Ok(alert.id);
    }
    let id = reserve(connection, "alerts", 1).await?.next().unwrap_or_default();
    sqlx::query(
        "INSERT INTO alerts (id, key, kind, severity, title, description, raised_at, first_seen, last_seen, touched, \
         count, source, status, active, handled_by, handled_at, class, related_ip, related_endpoint, \
         related_threat_id, host, clients, targets, advice, note, classes, part_of) VALUES ($1, $2, $3, $4, $5, $6, \
         $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)",
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
    .bind(alert.class.map(ThreatClass::as_str))
    .bind(alert.related_ip.as_deref().map(|ip| cut(ip, MAX_NAME_CHARS)))
    .bind(alert.related_endpoint.as_deref().map(|endpoint| cut(endpoint, MAX_TEXT_CHARS)))
    .bind(alert.related_threat_id)
    .bind(alert.host.as_deref().map(|host| cut(host, MAX_NAME_CHARS)))
    .bind(int(alert.clients))
    .bind(int(alert.targets))
    .bind(cut(&alert.advice, MAX_TEXT_CHARS))
    .bind(alert.note.as_deref().map(|note| cut(note, MAX_TEXT_CHARS)))
    .bind(counted(&alert.classes))
    .bind(alert.part_of)
    .execute(connection)
    .await
    .map_err(failed(WRITING))?;
    Ok(id)
}

async fn update(connection: &mut Connection, alert: &Alert, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE alerts SET kind = $1, severity = $2, title = $3, description = $4, first_seen = $5, last_seen = $6, \
         touched = $7, count = $8, status = $9, active = $10, handled_by = $11, handled_at = $12, related_ip = $13, \
         related_endpoint = $14, related_threat_id = $15, host = $16, clients = $17, targets = $18, advice = $19, \
         note = $20, source = $21, key = $22, class = $23, classes = $24, part_of = $25 WHERE id = $26",
    )
    .bind(alert.kind.as_str())
    .bind(alert.severity.as_str())
    .bind(cut(&alert.title, MAX_TEXT_CHARS))
    .bind(cut(&alert.description, MAX_TEXT_CHARS))
    .bind(alert.first_seen.micros())
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
    .bind(alert.host.as_deref().map(|host| cut(host, MAX_NAME_CHARS)))
    .bind(int(alert.clients))
    .bind(int(alert.targets))
    .bind(cut(&alert.advice, MAX_TEXT_CHARS))
    .bind(alert.note.as_deref().map(|note| cut(note, MAX_TEXT_CHARS)))
    .bind(cut(&alert.source, MAX_NAME_CHARS))
    .bind(cut(&alert.key, MAX_TEXT_CHARS))
    .bind(alert.class.map(ThreatClass::as_str))
    .bind(counted(&alert.classes))
    .bind(alert.part_of)
    .bind(alert.id)
    .execute(connection)
    .await
    .map_err(failed(WRITING))?;
    Ok(())
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
    let order = if filter.by_weight { WEIGHT } else { "raised_at" };
    push_after(&mut query, page, order);
    let limit = push_order(&mut query, page, order);
    let rows = query.build().fetch_all(&mut *connection).await.map_err(failed(READING))?;
    let mut paged = collect(&rows, limit, |columns| {
        let alert = decode(columns)?;
        let at = if filter.by_weight { weight(&alert) } else { alert.raised_at.micros() };
        Ok((Cursor { micros: at, id: alert.id }, alert))
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
    push_severity(query, filter);
    push_in(query, "class", filter.class.iter().map(|class| class.as_str()));
    for word in filter.words.iter().take(20) {
        let pattern = format!("%{}%", escaped(&cut(word, 200)));
        query.push(" AND (");
        for (at, column) in
            ["title", "description", "related_ip", "related_endpoint", "host"].into_iter().enumerate()
        {
            query.push(if at == 0 { "" } else { " OR " });
            push_like(query, column, &pattern);
        }
        query.push(")");
    }
}

/// A critical alert is told by its kind: its severity is high (API.md 4.2).
fn push_severity(query: &mut Builder, filter: &AlertFilter) {
    if filter.severity.is_empty() {
        return;
    }
    query.push(" AND (1 = 0");
    for severity in &filter.severity {
        let column = if *severity == Severity::Critical { "kind" } else { "severity" };
        query.push(" OR ").push(column).push(" = ").push_bind(severity.as_str());
    }
    query.push(")");
}

pub(super) async fn of_threat(connection: &mut Connection, threat_id: i64) -> Result<Vec<i64>, StoreError> {
    sqlx::query_scalar("SELECT alert_id FROM alert_threats WHERE threat_id = $1 ORDER BY alert_id LIMIT 1000")
        .bind(threat_id)
        .fetch_all(connection)
        .await
        .map_err(failed(READING))
}

/// Notes that an alert holds these threats.
pub(super) async fn link(
    connection: &mut Connection,
    alert_id: i64,
    threat_ids: &[i64],
) -> Result<(), StoreError> {
    let head = "alert_threats (alert_id, threat_id)";
    insert_rows(connection, WRITING, head, threat_ids, " ON CONFLICT DO NOTHING", |threat_id, values| {
        values.add(alert_id).add(*threat_id);
    })
    .await
}

/// Notes that an alert also holds the threats of others, which keep them.
pub(super) async fn take_over(
    connection: &mut Connection,
    alert_id: i64,
    others: &[i64],
) -> Result<(), StoreError> {
    for other in others {
        sqlx::query(
            "INSERT INTO alert_threats (alert_id, threat_id) \
             SELECT $1, threat_id FROM alert_threats WHERE alert_id = $2 ON CONFLICT DO NOTHING",
        )
        .bind(alert_id)
        .bind(other)
        .execute(&mut *connection)
        .await
        .map_err(failed(WRITING))?;
    }
    Ok(())
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
        host: columns.next()?,
        clients: count(columns.next()?),
        targets: count(columns.next()?),
        advice: columns.next()?,
        note: columns.next()?,
        classes: classes(&columns.next::<String>()?),
        part_of: columns.next()?,
    })
}

/// Counts of classes as one column: `xss:3 sql_injection:9`. They are only ever read with their alert.
fn counted(classes: &[(ThreatClass, u64)]) -> String {
    let parts: Vec<String> =
        classes.iter().map(|(class, count)| format!("{}:{count}", class.as_str())).collect();
    parts.join(" ")
}

/// Reads what [`counted`] wrote; a class that this version does not know is left out.
fn classes(text: &str) -> Vec<(ThreatClass, u64)> {
    let part = |part: &str| {
        let (class, count) = part.split_once(':')?;
        Some((class.parse().ok()?, count.parse().ok()?))
    };
    text.split(' ').filter_map(part).collect()
}
