//! What another threshold would have decided: one pass over the index of the higher scores.

use bartizan_model::{Action, DecidedBy, Timestamp, TrafficRecord};

use super::codes::Coded as _;
use super::decode::{Columns, TRAFFIC_COLUMNS, count, traffic};
use super::dialect::{Builder, Connection, walk};
use super::filter::{push_codes, push_span};
use super::store::failed;
use crate::what_if::{GROUPS, MOST_EXAMINED, SAMPLES};
use crate::{ChangeGroup, Changes, StoreError, WhatIf};

/// Kinds of the rows that the pass answers with.
const EXAMINED: i64 = 0;
const CHANGED: i64 = 1;
const PATH: i64 = 2;
const CLIENT: i64 = 3;

pub(super) async fn changes(connection: &mut Connection, asked: &WhatIf) -> Result<Changes, StoreError> {
    let limit = i64::from(asked.limit.clamp(1, MOST_EXAMINED));
    let mut query = Builder::new("");
    push_changed(&mut query, asked, limit);
    query.push(
        " SELECT CAST(0 AS BIGINT), NULL, COUNT(*), MIN(ts) FROM near \
         UNION ALL SELECT CAST(1 AS BIGINT), NULL, COUNT(*), NULL FROM changed",
    );
    push_groups(&mut query, " UNION ALL SELECT CAST(2 AS BIGINT), ", "path_id");
    push_groups(&mut query, " UNION ALL SELECT CAST(3 AS BIGINT), ", "ip_id");
    let rows = query.build().fetch_all(&mut *connection).await.map_err(failed("trying a threshold"))?;
    let mut changes = Changes {
        requests: 0,
        paths: Vec::new(),
        clients: Vec::new(),
        samples: Vec::new(),
        examined: 0,
        examined_from: None,
    };
    for row in &rows {
        let mut columns = Columns::new(row);
        let kind: i64 = columns.next()?;
        let value = columns.next::<Option<String>>()?.unwrap_or_default();
        let number: i64 = columns.next()?;
        let requests = count(number);
        match kind {
            EXAMINED => {
                changes.examined = requests;
                let oldest: Option<i64> = columns.next()?;
                changes.examined_from = oldest.filter(|_| number >= limit).map(Timestamp::from_micros);
            }
            CHANGED => changes.requests = requests,
            PATH => changes.paths.push(ChangeGroup { value, requests }),
            CLIENT => changes.clients.push(ChangeGroup { value, requests }),
            _ => return Err(StoreError::Corrupt { what: format!("kind {kind} of a group") }),
        }
    }
    // The order of a union is nobody's promise.
    for groups in [&mut changes.paths, &mut changes.clients] {
        groups.sort_by(|a, b| b.requests.cmp(&a.requests).then_with(|| a.value.cmp(&b.value)));
    }
    if changes.requests > 0 {
        changes.samples = samples(connection, asked, limit).await?;
    }
    Ok(changes)
}

async fn samples(
    connection: &mut Connection,
    asked: &WhatIf,
    limit: i64,
) -> Result<Vec<TrafficRecord>, StoreError> {
    let mut query = Builder::new("");
    push_changed(&mut query, asked, limit);
    query.push(" SELECT ").push(TRAFFIC_COLUMNS);
    query.push(" FROM traffic WHERE id IN (SELECT id FROM changed ORDER BY ts DESC LIMIT ");
    query.push_bind(SAMPLES).push(") ORDER BY ts DESC");
    let rows = query.build().fetch_all(connection).await.map_err(failed("reading samples"))?;
    rows.iter().map(|row| traffic(&mut Columns::new(row))).collect()
}

/// Begins a query with `near`, the requests that are looked at, and `changed`, those of them that one threshold blocks and
/// the other does not.
fn push_changed(query: &mut Builder, asked: &WhatIf, limit: i64) {
    let (low, high) = asked.between();
    query.push(
        "WITH near AS MATERIALIZED (SELECT id, ts, path_id, ip_id, score, action, decided_by FROM traffic",
    );
    walk(query, "traffic_score");
    // In the words of the index.
    query.push(" WHERE score >= 0.1");
    push_span(query, Some(asked.span));
    query.push(" ORDER BY ts DESC LIMIT ").push_bind(limit);
    query.push("), changed AS MATERIALIZED (SELECT id, ts, path_id, ip_id FROM near WHERE score >= ");
    query.push_bind(low).push(" AND score < ").push_bind(high).push(" AND decided_by");
    push_codes(
        query,
        [DecidedBy::Model, DecidedBy::Behaviour, DecidedBy::Rule].into_iter().map(DecidedBy::code),
    );
    query.push(" AND (action <> ").push_bind(Action::Block.code());
    query.push(" OR decided_by = ").push_bind(DecidedBy::Model.code()).push("))");
}

/// Adds the names with most changed requests; of equals the oldest name, so that every answer agrees.
fn push_groups(query: &mut Builder, begin: &'static str, column: &'static str) {
    query
        .push(begin)
        .push("(SELECT name FROM names WHERE names.id = few.name_id), few.requests, NULL FROM (SELECT ");
    query.push(column).push(" AS name_id, COUNT(*) AS requests FROM changed GROUP BY ").push(column);
    query.push(" ORDER BY requests DESC, name_id LIMIT ").push_bind(GROUPS).push(") AS few");
}
