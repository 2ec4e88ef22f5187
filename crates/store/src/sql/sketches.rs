//! Sketches per hour and day: distinct clients and the most frequent values.

use std::collections::HashMap;

use bartizan_model::{RollupLevel, Span, Timestamp};

use super::decode::Columns;
use super::dialect::{Builder, Connection, Row};
use super::insert::insert_rows;
use super::store::failed;
use crate::delta::{Sketches, ValueCounts};
use crate::distinct::Distinct;
use crate::heavy::Heavy;
use crate::{DimensionCount, StoreError};

/// What a sketch holds; the numbers stand in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Clients = 1,
    Addresses = 2,
    Paths = 3,
    UserAgents = 4,
}

impl Kind {
    fn number(self) -> i64 {
        self as i64
    }
}

const DOING: &str = "adding to the sketches";

/// Adds a batch's sketches to those of their bucket. Whoever adds holds the lock of the sequences, so nobody else does.
pub(crate) async fn add(
    connection: &mut Connection,
    level: RollupLevel,
    bucket: i64,
    added: Sketches,
) -> Result<(), StoreError> {
    let mut sketches = added;
    let rows: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT kind, sketch FROM rollup_sketches WHERE width = $1 AND bucket = $2")
            .bind(level.seconds())
            .bind(bucket)
            .fetch_all(&mut *connection)
            .await
            .map_err(failed(DOING))?;
    for (kind, bytes) in rows {
        if kind == Kind::Clients.number() {
            sketches.clients.merge(&distinct(&bytes)?);
            continue;
        }
        let known = heavy(&bytes)?;
        for (of, ours) in [
            (Kind::Addresses, &mut sketches.addresses),
            (Kind::Paths, &mut sketches.paths),
            (Kind::UserAgents, &mut sketches.user_agents),
        ] {
            if of.number() == kind {
                ours.merge(known);
                break;
            }
        }
    }
    let mut stored = vec![(Kind::Clients, sketches.clients.to_bytes())];
    for (kind, mut values) in [
        (Kind::Addresses, sketches.addresses),
        (Kind::Paths, sketches.paths),
        (Kind::UserAgents, sketches.user_agents),
    ] {
        values.trim();
        let bytes = values.to_bytes();
        stored.push((
            kind,
            bytes.map_err(|source| StoreError::Query { doing: DOING, source: Box::new(source) })?,
        ));
    }
    insert_rows(
        connection,
        DOING,
        "rollup_sketches (width, bucket, kind, sketch)",
        &stored,
        " ON CONFLICT (width, bucket, kind) DO UPDATE SET sketch = excluded.sketch",
        |(kind, bytes), values| {
            values.add(level.seconds()).add(bucket).add(kind.number()).add(bytes.as_slice());
        },
    )
    .await
}

/// Distinct addresses of the hours that the span touches.
pub(super) async fn unique_clients(connection: &mut Connection, span: Span) -> Result<u64, StoreError> {
    let mut clients = Distinct::default();
    for bytes in read(connection, Kind::Clients, span).await? {
        clients.merge(&distinct(&bytes)?);
    }
    Ok(clients.count())
}

/// The most frequent values of the hours that the span touches.
pub(super) async fn top(
    connection: &mut Connection,
    kind: Kind,
    span: Span,
    limit: u32,
) -> Result<Vec<DimensionCount>, StoreError> {
    let mut sums: HashMap<String, ValueCounts> = HashMap::new();
    for bytes in read(connection, kind, span).await? {
        for (value, counts) in heavy(&bytes)?.into_values() {
            sums.entry(value).or_default().merge(counts);
        }
    }
    let mut counts: Vec<DimensionCount> = sums
        .into_iter()
        .map(|(value, ValueCounts { requests, blocked, threats })| DimensionCount {
            value,
            requests,
            blocked,
            threats,
        })
        .collect();
    counts.sort_unstable_by(|a, b| b.requests.cmp(&a.requests).then_with(|| a.value.cmp(&b.value)));
    counts.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(counts)
}

/// The sketches of whole hours and days that cover the span.
async fn read(connection: &mut Connection, kind: Kind, span: Span) -> Result<Vec<Vec<u8>>, StoreError> {
    let hour = RollupLevel::Hour;
    let to = hour.bucket(span.to.plus_micros(hour.seconds() * Timestamp::SECOND_MICROS - 1));
    let pieces = Span::new(hour.bucket(span.from), to).whole_buckets();
    if pieces.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Builder::new("SELECT sketch FROM rollup_sketches WHERE kind = ");
    query.push_bind(kind.number()).push(" AND (");
    for (at, (level, piece)) in pieces.into_iter().enumerate() {
        query.push(if at == 0 { "" } else { " OR " });
        query.push("(width = ").push_bind(level.seconds());
        query.push(" AND bucket >= ").push_bind(piece.from.micros());
        query.push(" AND bucket < ").push_bind(piece.to.micros()).push(")");
    }
    query.push(")");
    let rows: Vec<Row> = query.build().fetch_all(connection).await.map_err(failed("reading the sketches"))?;
    rows.iter().map(|row| Columns::new(row).next()).collect()
}

fn distinct(bytes: &[u8]) -> Result<Distinct, StoreError> {
    Distinct::from_bytes(bytes).ok_or_else(|| StoreError::Corrupt { what: "sketch of clients".to_owned() })
}

fn heavy(bytes: &[u8]) -> Result<Heavy, StoreError> {
    Heavy::from_bytes(bytes).map_err(|_| StoreError::Corrupt { what: "sketch of frequent values".to_owned() })
}
