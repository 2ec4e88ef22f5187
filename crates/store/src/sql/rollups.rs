//! Sums per minute, hour and day: written by the commit, read by charts and totals, which never scan raw rows.

use std::collections::{BTreeMap, HashSet};

use bartizan_model::{Counts, RollupLevel, Span, Timestamp};

use super::decode::{Columns, count, int, threat_class};
use super::dialect::{Builder, Connection, Row};
use super::insert::insert_rows;
use super::store::failed;
use super::{histograms, sketches};
use crate::delta::{ALL_HOSTS, RollupDelta, SCORE_BINS, Totals};
use crate::text::storable;
use crate::{Bucket, Dimension, DimensionCount, StoreError};

const DOING: &str = "adding to the rollups";

/// Adds a batch's sums.
pub(super) async fn add(
    connection: &mut Connection,
    delta: &RollupDelta,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    let hosts = &delta.new_hosts;
    insert_rows(connection, DOING, "hosts (host)", hosts, " ON CONFLICT DO NOTHING", |host, values| {
        values.add(host.as_str());
    })
    .await?;
    let known = histograms::known(connection, delta.totals.keys()).await?;
    let totals: Vec<_> = delta.totals.iter().collect();
    insert_rows(
        connection,
        DOING,
        "rollups (width, bucket, host, requests, blocked, flagged, enforced, latency_samples, \
         latency_sum_ms, received, latency)",
        &totals,
        " ON CONFLICT (width, bucket, host) DO UPDATE SET requests = rollups.requests + excluded.requests, \
         blocked = rollups.blocked + excluded.blocked, flagged = rollups.flagged + excluded.flagged, \
         enforced = rollups.enforced + excluded.enforced, \
         latency_samples = rollups.latency_samples + excluded.latency_samples, \
         latency_sum_ms = rollups.latency_sum_ms + excluded.latency_sum_ms, received = excluded.received, \
         latency = excluded.latency",
        |(key, Totals { counts, latency }), values| {
            let (level, bucket, host) = key;
            let latency = match known.get(key) {
                Some(known) => histograms::sum(known, latency),
                None => histograms::text(latency),
            };
            values
                .add(level.seconds())
                .add(*bucket)
                .add(host.as_str())
                .add(int(counts.requests))
                .add(int(counts.blocked))
                .add(int(counts.flagged))
                .add(int(counts.enforced))
                .add(int(counts.latency_samples))
                .add(counts.latency_sum_ms)
                .add(received_at.micros())
                .add(latency.as_str());
        },
    )
    .await?;
    let values: Vec<_> = delta.values.iter().collect();
    insert_rows(
        connection,
        DOING,
        "rollup_values (dimension, width, bucket, host, value, requests, blocked, threats)",
        &values,
        " ON CONFLICT (dimension, width, bucket, host, value) DO UPDATE SET \
         requests = rollup_values.requests + excluded.requests, \
         blocked = rollup_values.blocked + excluded.blocked, threats = rollup_values.threats + excluded.threats",
        |((dimension, level, bucket, host, value), counts), values| {
            values
                .add(*dimension)
                .add(level.seconds())
                .add(*bucket)
                .add(host.as_str())
                .add(value.as_str())
                .add(int(counts.requests))
                .add(int(counts.blocked))
                .add(int(counts.threats));
        },
    )
    .await
}

pub(super) async fn buckets(
    connection: &mut Connection,
    level: RollupLevel,
    span: Span,
    host: Option<&str>,
) -> Result<Vec<(Timestamp, Bucket)>, StoreError> {
    let doing = "reading the rollups";
    let host = storable(host.unwrap_or(ALL_HOSTS)).to_lowercase();
    let (from, to) = (span.from.micros(), span.to.micros());
    let mut buckets: BTreeMap<i64, Bucket> = BTreeMap::new();
    let totals: Vec<Row> = sqlx::query(
        "SELECT bucket, requests, blocked, flagged, enforced, latency_samples, latency_sum_ms, latency FROM rollups \
         WHERE width = $1 AND bucket >= $2 AND bucket < $3 AND host = $4",
    )
    .bind(level.seconds())
    .bind(from)
    .bind(to)
    .bind(host.as_str())
    .fetch_all(&mut *connection)
    .await
    .map_err(failed(doing))?;
    for row in &totals {
        let mut columns = Columns::new(row);
        let bucket = columns.next()?;
        let counts = Counts {
            requests: count(columns.next()?),
            blocked: count(columns.next()?),
            flagged: count(columns.next()?),
            enforced: count(columns.next()?),
            latency_samples: count(columns.next()?),
            latency_sum_ms: columns.next()?,
        };
        let latency: String = columns.next()?;
        let latency = histograms::histogram(&latency)?;
        buckets.insert(bucket, Bucket { counts, latency, ..Bucket::default() });
    }
    let classes: Vec<(i64, String, i64)> = sqlx::query_as(
        "SELECT bucket, value, requests FROM rollup_values \
         WHERE dimension = 'class' AND width = $1 AND bucket >= $2 AND bucket < $3 AND host = $4",
    )
    .bind(level.seconds())
    .bind(from)
    .bind(to)
    .bind(host.as_str())
    .fetch_all(&mut *connection)
    .await
    .map_err(failed(doing))?;
    for (bucket, class, threats) in classes {
        buckets.entry(bucket).or_default().classes.insert(threat_class(&class)?, count(threats));
    }
    Ok(buckets.into_iter().map(|(bucket, sums)| (Timestamp::from_micros(bucket), sums)).collect())
}

pub(super) async fn dimension(
    connection: &mut Connection,
    dimension: Dimension,
    span: Span,
    limit: u32,
) -> Result<Vec<DimensionCount>, StoreError> {
    match dimension {
        Dimension::Host => values(connection, None, span, limit).await,
        Dimension::Status => values(connection, Some("status"), span, limit).await,
        Dimension::Method => values(connection, Some("method"), span, limit).await,
        Dimension::Class => values(connection, Some("class"), span, limit).await,
        Dimension::Address => sketches::top(connection, sketches::Kind::Addresses, span, limit).await,
        Dimension::Path => sketches::top(connection, sketches::Kind::Paths, span, limit).await,
        Dimension::UserAgent => sketches::top(connection, sketches::Kind::UserAgents, span, limit).await,
    }
}

/// Requests per bin of the score, over whole hours.
pub(super) async fn score_histogram(connection: &mut Connection, span: Span) -> Result<Vec<u64>, StoreError> {
    let hour = RollupLevel::Hour;
    let to = hour.bucket(span.to.plus_micros(hour.seconds() * Timestamp::SECOND_MICROS - 1));
    let bins = u32::try_from(SCORE_BINS).unwrap_or(u32::MAX);
    let mut histogram = vec![0; SCORE_BINS];
    for counts in values(connection, Some("score"), Span::new(hour.bucket(span.from), to), bins).await? {
        let bin = counts.value.parse().ok().and_then(|bin: usize| histogram.get_mut(bin));
        *bin.ok_or_else(|| StoreError::Corrupt { what: "bin of a score".to_owned() })? += counts.requests;
    }
    Ok(histogram)
}

/// The counts of every value of a dimension of `rollup_values`, or of every host.
async fn values(
    connection: &mut Connection,
    name: Option<&'static str>,
    span: Span,
    limit: u32,
) -> Result<Vec<DimensionCount>, StoreError> {
    let (table, value, threats) = match name {
        None => ("rollups", "host", "blocked + flagged"),
        Some(_) => ("rollup_values", "value", "threats"),
    };
    let mut query = Builder::new(
        "SELECT value, CAST(SUM(requests) AS BIGINT), CAST(SUM(blocked) AS BIGINT), CAST(SUM(threats) AS BIGINT) FROM (",
    );
    for (at, (level, piece)) in pieces(span).into_iter().enumerate() {
        query.push(if at == 0 { "SELECT " } else { " UNION ALL SELECT " }).push(value);
        query.push(" AS value, requests, blocked, ").push(threats).push(" AS threats FROM ").push(table);
        query.push(" WHERE width = ").push_bind(level.seconds());
        query.push(" AND bucket >= ").push_bind(piece.from.micros());
        query.push(" AND bucket < ").push_bind(piece.to.micros());
        match name {
            Some(name) => query.push(" AND host = '' AND dimension = ").push_bind(name),
            None => query.push(" AND host <> ''"),
        };
    }
    query.push(") AS counted GROUP BY value ORDER BY 2 DESC, value LIMIT ").push_bind(i64::from(limit));
    let rows: Result<Vec<(String, i64, i64, i64)>, sqlx::Error> =
        query.build_query_as().fetch_all(connection).await;
    let rows = rows.map_err(failed("reading the rollups"))?.into_iter();
    Ok(rows
        .map(|(value, requests, blocked, threats)| DimensionCount {
            value,
            requests: count(requests),
            blocked: count(blocked),
            threats: count(threats),
        })
        .collect())
}

pub(super) async fn hosts(connection: &mut Connection) -> Result<HashSet<String>, StoreError> {
    let hosts: Result<Vec<String>, _> =
        sqlx::query_scalar("SELECT host FROM hosts").fetch_all(connection).await;
    Ok(hosts.map_err(failed("reading the hosts"))?.into_iter().collect())
}

pub(super) async fn knows_host(connection: &mut Connection, host: &str) -> Result<bool, StoreError> {
    let found: Option<i64> = sqlx::query_scalar("SELECT CAST(1 AS BIGINT) FROM hosts WHERE host = $1")
        .bind(storable(host).to_lowercase())
        .fetch_optional(connection)
        .await
        .map_err(failed("looking for a host"))?;
    Ok(found.is_some())
}

/// Oldest and newest event: rows know the instant; where only sums are left, their bucket stands for it.
pub(super) async fn extent(
    connection: &mut Connection,
) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
    let doing = "looking for the oldest and newest event";
    // One aggregate per query, so that each is one step in an index.
    let ends: (Option<i64>, Option<i64>, Option<i64>, Option<i64>) = sqlx::query_as(
        "SELECT (SELECT MIN(ts) FROM traffic), (SELECT MAX(ts) FROM traffic), \
         (SELECT MIN(ts) FROM threats), (SELECT MAX(ts) FROM threats)",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(failed(doing))?;
    let days: (Option<i64>, Option<i64>) = sqlx::query_as(
        "SELECT (SELECT MIN(bucket) FROM rollups WHERE width = 86400), \
         (SELECT MAX(bucket) FROM rollups WHERE width = 86400)",
    )
    .fetch_one(connection)
    .await
    .map_err(failed(doing))?;
    let oldest_row = [ends.0, ends.2].into_iter().flatten().min();
    let newest_row = [ends.1, ends.3].into_iter().flatten().max();
    let day = RollupLevel::Day.seconds() * Timestamp::SECOND_MICROS;
    let oldest = match (oldest_row, days.0) {
        (Some(row), Some(first_day)) if row < first_day + day => Some(row),
        (row, first_day) => first_day.or(row),
    };
    let newest = match (newest_row, days.1) {
        (Some(row), Some(last_day)) if row >= last_day => Some(row),
        (row, last_day) => last_day.map(|start| start + day - 1).or(row),
    };
    Ok(oldest.zip(newest).map(|(from, to)| (Timestamp::from_micros(from), Timestamp::from_micros(to))))
}

/// The span, widened to whole minutes, as the fewest buckets: minutes at the edges, then hours, days in the middle.
fn pieces(span: Span) -> Vec<(RollupLevel, Span)> {
    let up = |instant: Timestamp, level: RollupLevel| {
        let width = level.seconds() * Timestamp::SECOND_MICROS;
        level.bucket(instant.plus_micros(width - 1))
    };
    let from = RollupLevel::Minute.bucket(span.from);
    let to = up(span.to, RollupLevel::Minute).max(from);
    let mut pieces = Vec::new();
    let (mut left, mut right) = (from, to);
    for (level, coarser) in [(RollupLevel::Minute, RollupLevel::Hour), (RollupLevel::Hour, RollupLevel::Day)]
    {
        let (first, last) = (up(left, coarser), coarser.bucket(right));
        if first >= last {
            pieces.push((level, Span::new(left, right)));
            return pieces;
        }
        pieces.push((level, Span::new(left, first)));
        pieces.push((level, Span::new(last, right)));
        (left, right) = (first, last);
    }
    pieces.push((RollupLevel::Day, Span::new(left, right)));
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pieces_cover_every_minute_of_a_span_once(from in 0i64..400_000, length in 0i64..400_000) {
            let start = Timestamp::from_secs(from);
            let span = Span::new(start, start.plus_micros(length * Timestamp::SECOND_MICROS));
            let mut minutes = Vec::new();
            for (level, piece) in pieces(span) {
                prop_assert_eq!(level.bucket(piece.from), piece.from);
                prop_assert_eq!(level.bucket(piece.to), piece.to);
                let mut minute = piece.from.secs() / 60;
                while minute < piece.to.secs() / 60 {
                    minutes.push(minute);
                    minute += 1;
                }
            }
            minutes.sort_unstable();
            let expected: Vec<i64> = (from / 60..(from + length + 59) / 60).collect();
            prop_assert_eq!(minutes, if length == 0 && from % 60 == 0 { Vec::new() } else { expected });
        }
    }
}
