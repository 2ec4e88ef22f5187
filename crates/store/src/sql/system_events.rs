//! What happened beside the requests: read from the alerts and the audit log, which are kept anyway.

use bartizan_model::SystemEvent;

use super::decode::Columns;
use super::dialect::{Builder, Connection};
use super::filter::push_in;
use super::lists::{collect, push_after, push_order, total};
use super::store::failed;
use crate::{Cursor, Page, Paged, StoreError, SystemEventFilter};

const READING: &str = "reading what happened";

const COLUMNS: &str = "id, at, kind, title, details, who, alert_id";

/// Even ids are alerts, odd ones entries of the audit log. What only administrators read of those stays there: accounts,
/// tokens, addresses, and what was before and after.
const SYSTEM_EVENTS: &str = " FROM (SELECT id * 2 AS id, raised_at AS at, 'alert_raised' AS kind, title, \
     description AS details, CAST(NULL AS TEXT) AS who, id AS alert_id FROM alerts \
     UNION ALL SELECT id * 2 + 1, at, CASE WHEN action = 'login' THEN 'signed_in' WHEN action = 'logout' THEN 'signed_out' \
     WHEN resource = 'alert' THEN 'alert_handled' WHEN action = 'create' THEN 'source_added' \
     WHEN resource_id = 'model' THEN 'model_replaced' ELSE 'config_changed' END, description, CAST(NULL AS TEXT), username, \
     CAST(NULL AS BIGINT) FROM audit WHERE success = 1 AND (action IN ('login', 'logout', 'config_change') \
     OR resource = 'alert' OR (action = 'create' AND resource = 'config'))) AS system_events WHERE 1 = 1";

/// One page, newest first or oldest first.
pub(super) async fn page(
    connection: &mut Connection,
    filter: &SystemEventFilter,
    page: &Page,
) -> Result<Paged<SystemEvent>, StoreError> {
    let mut query = Builder::new("SELECT ");
    query.push(COLUMNS);
    push_from(&mut query, filter);
    push_after(&mut query, page, "at");
    let limit = push_order(&mut query, page, "at");
    let rows = query.build().fetch_all(&mut *connection).await.map_err(failed(READING))?;
    let mut paged = collect(&rows, limit, |columns| {
        let system_event = decode(columns)?;
        Ok((Cursor { micros: system_event.at.micros(), id: system_event.id }, system_event))
    })?;
    if page.count {
        let mut query = Builder::new("SELECT COUNT(*) FROM (SELECT 1");
        push_from(&mut query, filter);
        paged.total = total(connection, query).await?;
    }
    Ok(paged)
}

fn push_from(query: &mut Builder, filter: &SystemEventFilter) {
    query.push(SYSTEM_EVENTS);
    push_in(query, "kind", filter.kind.iter().map(|kind| kind.as_str()));
    if let Some(span) = filter.span {
        query.push(" AND at >= ").push_bind(span.from.micros());
        query.push(" AND at < ").push_bind(span.to.micros());
    }
}

fn decode(columns: &mut Columns<'_>) -> Result<SystemEvent, StoreError> {
    Ok(SystemEvent {
        id: columns.next()?,
        at: columns.instant()?,
        kind: columns.name()?,
        title: columns.next()?,
        details: columns.next()?,
        by: columns.next()?,
        alert_id: columns.next()?,
    })
}
