//! Sums that charts and totals read: added to by every commit, never recomputed from rows.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use bartizan_model::{Counts, RollupLevel, Span, ThreatClass, Timestamp, TrafficRecord};
use sqlx::{Row as _, SqlitePool};

use super::dialect::{Builder, Connection};
use super::failed;
use crate::delta::{ALL_HOSTS, RollupDelta};
use crate::{Bucket, Dimension, DimensionCount, StoreError};

const ADDING: &str = "adding to the rollups";
const READING: &str = "reading the rollups";

/// Sums per statement; the widest has ten values.
const SUMS_PER_STATEMENT: usize = 200;

pub(super) async fn add(
    connection: &mut Connection,
    delta: &RollupDelta,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    for host in &delta.new_hosts {
        sqlx::query("INSERT INTO hosts (host) VALUES ($1) ON CONFLICT (host) DO NOTHING")
            .bind(host.clone())
            .execute(&mut *connection)
            .await
            .map_err(failed(ADDING))?;
    }
    let totals: Vec<_> = delta.totals.iter().collect();
    for chunk in totals.chunks(SUMS_PER_STATEMENT) {
        let mut builder = Builder::new(
            "INSERT INTO rollups (width, bucket, host, requests, blocked, flagged, enforced, latency_samples, \
             latency_sum_ms, received) ",
        );
        builder.push_values(chunk, |mut values, ((level, bucket, host), counts)| {
            values
                .push_bind(level.seconds())
                .push_bind(*bucket)
                .push_bind(host.clone())
                .push_bind(count(counts.requests))
                .push_bind(count(counts.blocked))
                .push_bind(count(counts.flagged))
                .push_bind(count(counts.enforced))
                .push_bind(count(counts.latency_samples))
                .push_bind(counts.latency_sum_ms)
                .push_bind(received_at.micros());
        });
        builder.push(
            " ON CONFLICT (width, bucket, host) DO UPDATE SET requests = rollups.requests + excluded.requests, \
             blocked = rollups.blocked + excluded.blocked, flagged = rollups.flagged + excluded.flagged, \
             enforced = rollups.enforced + excluded.enforced, \
             latency_samples = rollups.latency_samples + excluded.latency_samples, \
             latency_sum_ms = rollups.latency_sum_ms + excluded.latency_sum_ms, received = excluded.received",
        );
        builder.build().execute(&mut *connection).await.map_err(failed(ADDING))?;
    }
    let sums: Vec<_> = delta.values.iter().collect();
    for chunk in sums.chunks(SUMS_PER_STATEMENT) {
        let mut builder = Builder::new(
            "INSERT INTO rollup_values (dimension, width, bucket, host, value, requests, blocked, threats) ",
        );
        builder.push_values(chunk, |mut values, ((dimension, level, bucket, host, value), counts)| {
            values
                .push_bind(*dimension)
                .push_bind(level.seconds())
                .push_bind(*bucket)
                .push_bind(host.clone())
                .push_bind(value.clone())
                .push_bind(count(counts.requests))
                .push_bind(count(counts.blocked))
                .push_bind(count(counts.threats));
        });
        builder.push(
            " ON CONFLICT (dimension, width, bucket, host, value) DO UPDATE SET \
             requests = rollup_values.requests + excluded.requests, \
             blocked = rollup_values.blocked + excluded.blocked, \
             threats = rollup_values.threats + excluded.threats",
        );
        builder.build().execute(&mut *connection).await.map_err(failed(ADDING))?;
    }
    let latencies: Vec<_> = delta.latency.iter().collect();
    for chunk in latencies.chunks(SUMS_PER_STATEMENT) {
        let mut builder = Builder::new("INSERT INTO rollup_latency (width, bucket, host, bin, samples) ");
        builder.push_values(chunk, |mut values, ((level, bucket, host, bin), samples)| {
            values
                .push_bind(level.seconds())
                .push_bind(*bucket)
                .push_bind(host.clone())
                .push_bind(i64::from(*bin))
                .push_bind(count(**samples));
        });
        builder.push(
            " ON CONFLICT (width, bucket, host, bin) DO UPDATE SET \
             samples = rollup_latency.samples + excluded.samples",
        );
        builder.build().execute(&mut *connection).await.map_err(failed(ADDING))?;
    }
    Ok(())
}

/// Notes which addresses were seen in which hour.
pub(super) async fn add_clients<'r>(
    connection: &mut Connection,
    rows: impl Iterator<Item = &'r TrafficRecord>,
) -> Result<(), StoreError> {
    let seen: BTreeSet<(i64, &str)> =
        rows.map(|row| (RollupLevel::Hour.bucket(row.timestamp).micros(), row.ip.as_str())).collect();
    let seen: Vec<_> = seen.into_iter().collect();
    for chunk in seen.chunks(SUMS_PER_STATEMENT) {
        let mut builder = Builder::new("INSERT INTO client_hours (bucket, ip) ");
        builder.push_values(chunk, |mut values, (bucket, ip)| {
            values.push_bind(*bucket).push_bind((*ip).to_owned());
        });
        builder.push(" ON CONFLICT (bucket, ip) DO NOTHING");
        builder.build().execute(&mut *connection).await.map_err(failed(ADDING))?;
    }
    Ok(())
}

/// Hosts that have figures of their own.
pub(super) async fn hosts(connection: &mut Connection) -> Result<HashSet<String>, StoreError> {
    let hosts: Vec<String> =
        sqlx::query_scalar("SELECT host FROM hosts").fetch_all(connection).await.map_err(failed(READING))?;
    Ok(hosts.into_iter().collect())
}

pub(super) async fn knows_host(readers: &SqlitePool, host: &str) -> Result<bool, StoreError> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM hosts WHERE host = $1")
        .bind(host.to_ascii_lowercase())
        .fetch_optional(readers)
        .await
        .map_err(failed(READING))?;
    Ok(found.is_some())
}

pub(super) async fn buckets(
    readers: &SqlitePool,
    level: RollupLevel,
    span: Span,
    host: Option<&str>,
) -> Result<Vec<(Timestamp, Bucket)>, StoreError> {
    let host = host.map_or_else(|| ALL_HOSTS.to_owned(), str::to_ascii_lowercase);
    // One snapshot, so that classes and latencies belong to the very requests that are counted.
    let mut snapshot = readers.begin().await.map_err(failed(READING))?;
    let mut buckets: BTreeMap<i64, Bucket> = BTreeMap::new();
    let totals = sqlx::query(
        "SELECT bucket, requests, blocked, flagged, enforced, latency_samples, latency_sum_ms FROM rollups \
         WHERE width = $1 AND bucket >= $2 AND bucket < $3 AND host = $4",
    )
    .bind(level.seconds())
    .bind(span.from.micros())
    .bind(span.to.micros())
    .bind(host.clone())
    .fetch_all(&mut *snapshot)
    .await
    .map_err(failed(READING))?;
    for row in totals {
        let number = |column: usize| row.try_get::<i64, _>(column).map(positive).map_err(failed(READING));
        let counts = Counts {
            requests: number(1)?,
            blocked: number(2)?,
            flagged: number(3)?,
            enforced: number(4)?,
            latency_samples: number(5)?,
            latency_sum_ms: row.try_get(6).map_err(failed(READING))?,
        };
        let start: i64 = row.try_get(0).map_err(failed(READING))?;
        buckets.entry(start).or_default().counts = counts;
    }
    let classes: Vec<(i64, String, i64)> = sqlx::query_as(
        "SELECT bucket, value, threats FROM rollup_values \
         WHERE dimension = 'class' AND width = $1 AND bucket >= $2 AND bucket < $3 AND host = $4",
    )
    .bind(level.seconds())
    .bind(span.from.micros())
    .bind(span.to.micros())
    .bind(host.clone())
    .fetch_all(&mut *snapshot)
    .await
    .map_err(failed(READING))?;
    for (start, class, threats) in classes {
        let class: ThreatClass = class
            .parse()
            .map_err(|_| StoreError::Corrupt { what: "threat class in the rollups".to_owned() })?;
        if threats > 0 {
            *buckets.entry(start).or_default().classes.entry(class).or_default() += positive(threats);
        }
    }
    let latencies: Vec<(i64, i64, i64)> = sqlx::query_as(
        "SELECT bucket, bin, samples FROM rollup_latency \
         WHERE width = $1 AND bucket >= $2 AND bucket < $3 AND host = $4",
    )
    .bind(level.seconds())
    .bind(span.from.micros())
    .bind(span.to.micros())
    .bind(host)
    .fetch_all(&mut *snapshot)
    .await
    .map_err(failed(READING))?;
    for (start, bin, samples) in latencies {
        let bin = u16::try_from(bin).unwrap_or(u16::MAX);
        buckets.entry(start).or_default().latency.add(bin, positive(samples));
    }
    Ok(buckets.into_iter().map(|(start, bucket)| (Timestamp::from_micros(start), bucket)).collect())
}

pub(super) async fn dimension(
    readers: &SqlitePool,
    dimension: Dimension,
    span: Span,
    limit: u32,
) -> Result<Vec<DimensionCount>, StoreError> {
    let mut snapshot = readers.begin().await.map_err(failed(READING))?;
    let mut sums: BTreeMap<String, (u64, u64, u64)> = BTreeMap::new();
    for (level, piece) in span.whole_buckets() {
        let query = match dimension {
            Dimension::Host => sqlx::query_as(
                "SELECT host, SUM(requests), SUM(blocked), SUM(blocked + flagged) FROM rollups \
                 WHERE host <> $1 AND width = $2 AND bucket >= $3 AND bucket < $4 GROUP BY host",
            )
            .bind(ALL_HOSTS),
            Dimension::Status | Dimension::Method | Dimension::Class => sqlx::query_as(
                "SELECT value, SUM(requests), SUM(blocked), SUM(threats) FROM rollup_values \
                 WHERE dimension = $1 AND host = '' AND width = $2 AND bucket >= $3 AND bucket < $4 GROUP BY value",
            )
            .bind(match dimension {
                Dimension::Method => "method",
                Dimension::Class => "class",
                Dimension::Status | Dimension::Host => "status",
            }),
        };
        let counted: Vec<(String, i64, i64, i64)> = query
            .bind(level.seconds())
            .bind(piece.from.micros())
            .bind(piece.to.micros())
            .fetch_all(&mut *snapshot)
            .await
            .map_err(failed(READING))?;
        for (value, requests, blocked, threats) in counted {
            let sum = sums.entry(value).or_default();
            sum.0 += positive(requests);
            sum.1 += positive(blocked);
            sum.2 += positive(threats);
        }
    }
    let mut counts: Vec<DimensionCount> = sums
        .into_iter()
        .map(|(value, (requests, blocked, threats))| DimensionCount { value, requests, blocked, threats })
        .collect();
    counts.sort_by(|a, b| b.requests.cmp(&a.requests).then_with(|| a.value.cmp(&b.value)));
    counts.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(counts)
}

pub(super) async fn unique_clients(readers: &SqlitePool, span: Span) -> Result<u64, StoreError> {
    let count: i64 =
        sqlx::query_scalar("SELECT COUNT(DISTINCT ip) FROM client_hours WHERE bucket >= $1 AND bucket < $2")
            .bind(RollupLevel::Hour.bucket(span.from).micros())
            .bind(span.to.micros())
            .fetch_one(readers)
            .await
            .map_err(failed(READING))?;
    Ok(positive(count))
}

fn count(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn positive(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}
