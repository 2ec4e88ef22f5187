//! The audit log: entries are added and read, never changed.

use bartizan_model::AuditEntry;
use sqlx::Transaction;

use super::commit::reserve;
use super::decode::Columns;
use super::dialect::{Builder, Connection, Db};
use super::filter::push_in;
use super::lists::{collect, push_after, push_order, total};
use super::store::failed;
use crate::text::{MAX_NAME_CHARS, MAX_TEXT_CHARS, cut};
use crate::{AuditFilter, Cursor, MAX_AUDIT_ENTRIES, Page, Paged, StoreError};

const WRITING: &str = "writing to the audit log";
const READING: &str = "reading the audit log";

/// Longest details that are kept; longer ones are left out, since cut JSON is none.
const MAX_DETAILS_BYTES: usize = 64 * 1_024;

const COLUMNS: &str =
    "id, at, user_id, username, ip, action, resource, resource_id, description, details, success, error";

pub(super) async fn insert(
    mut transaction: Transaction<'_, Db>,
    entry: &AuditEntry,
) -> Result<i64, StoreError> {
    let id = reserve(&mut transaction, "audit", 1).await?.next().unwrap_or_default();
    sqlx::query(
        "INSERT INTO audit (id, at, user_id, username, ip, action, resource, resource_id, description, details, \
         success, error) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(id)
    .bind(entry.at.micros())
    .bind(entry.user_id)
    .bind(entry.username.as_deref().map(|name| cut(name, MAX_NAME_CHARS)))
    .bind(entry.ip.as_deref().map(|ip| cut(ip, MAX_NAME_CHARS)))
    .bind(entry.action.as_str())
    .bind(entry.resource.as_str())
    .bind(entry.resource_id.as_deref().map(|id| cut(id, MAX_NAME_CHARS)))
    .bind(cut(&entry.description, MAX_TEXT_CHARS))
    .bind(entry.details.as_deref().filter(|details| details.len() <= MAX_DETAILS_BYTES))
    .bind(i64::from(entry.success))
    .bind(entry.error.as_deref().map(|error| cut(error, MAX_TEXT_CHARS)))
    .execute(&mut *transaction)
    .await
    .map_err(failed(WRITING))?;
    sqlx::query("DELETE FROM audit WHERE id <= $1")
        .bind(id - MAX_AUDIT_ENTRIES)
        .execute(&mut *transaction)
        .await
        .map_err(failed(WRITING))?;
    transaction.commit().await.map_err(failed(WRITING))?;
    Ok(id)
}

pub(super) async fn page(
    connection: &mut Connection,
    filter: &AuditFilter,
    page: &Page,
) -> Result<Paged<AuditEntry>, StoreError> {
    let mut query = Builder::new("SELECT ");
    query.push(COLUMNS);
    push_from(&mut query, filter);
    push_after(&mut query, page, "at");
    let limit = push_order(&mut query, page, "at");
    let rows = query.build().fetch_all(&mut *connection).await.map_err(failed(READING))?;
    let mut paged = collect(&rows, limit, |columns| {
        let entry = decode(columns)?;
        Ok((Cursor { micros: entry.at.micros(), id: entry.id }, entry))
    })?;
    if page.count {
        let mut query = Builder::new("SELECT COUNT(*) FROM (SELECT 1");
        push_from(&mut query, filter);
        paged.total = total(connection, query).await?;
    }
    Ok(paged)
}

pub(super) async fn by_id(connection: &mut Connection, id: i64) -> Result<Option<AuditEntry>, StoreError> {
    let mut query = Builder::new("SELECT ");
    query.push(COLUMNS).push(" FROM audit WHERE id = ").push_bind(id);
    let row = query.build().fetch_optional(connection).await.map_err(failed(READING))?;
    row.map(|row| decode(&mut Columns::new(&row))).transpose()
}

fn push_from(query: &mut Builder, filter: &AuditFilter) {
    query.push(" FROM audit WHERE 1 = 1");
    push_in(query, "action", filter.action.iter().map(|action| action.as_str()));
    push_in(query, "resource", filter.resource.iter().map(|resource| resource.as_str()));
    if let Some(from) = filter.from {
        query.push(" AND at >= ").push_bind(from.micros());
    }
}

fn decode(columns: &mut Columns<'_>) -> Result<AuditEntry, StoreError> {
    Ok(AuditEntry {
        id: columns.next()?,
        at: columns.instant()?,
        user_id: columns.next()?,
        username: columns.next()?,
        ip: columns.next()?,
        action: columns.name()?,
        resource: columns.name()?,
        resource_id: columns.next()?,
        description: columns.next()?,
        details: columns.next()?,
        success: columns.flag()?,
        error: columns.next()?,
    })
}
