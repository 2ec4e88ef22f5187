//! How long rows are kept, and how much room they may take.

use bartizan_model::{RollupLevel, Timestamp};
use bartizan_store::{Expired, RetentionCutoffs, Store};

use crate::EngineError;

/// How long rows are kept, in days (API.md, SystemInfo).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "one number per kind of row, named for it")]
pub struct Retention {
    pub traffic_days: u32,
    pub threats_days: u32,
    pub alerts_days: u32,
    pub metrics_days: u32,
    /// Bytes that the database may take; beyond them the oldest traffic goes before its days are over.
    pub max_bytes: Option<u64>,
}

impl Default for Retention {
    fn default() -> Self {
        Self { traffic_days: 7, threats_days: 90, alerts_days: 90, metrics_days: 30, max_bytes: None }
    }
}

/// Deletes what is no longer kept, in steps that hold no commit up.
///
/// # Errors
/// [`EngineError::DatabaseTooLarge`] when it takes too much room though no traffic is left that may go.
pub async fn prune(store: &dyn Store, now: Timestamp, retention: Retention) -> Result<Expired, EngineError> {
    let mut expired = store.expire(cutoffs(now, retention)).await?;
    if let Some(max_bytes) = retention.max_bytes {
        shrink(store, now, max_bytes, &mut expired).await?;
    }
    Ok(expired)
}

/// Traffic that arrived within this time stays, however little room there is.
const ALWAYS_KEPT_MICROS: i64 = 3_600 * Timestamp::SECOND_MICROS;

/// Deletes the oldest traffic until the database takes no more bytes than it may.
async fn shrink(
    store: &dyn Store,
    now: Timestamp,
    max_bytes: u64,
    expired: &mut Expired,
) -> Result<(), EngineError> {
    // Rows differ in size, so the share of time that must go is a guess, which the next look corrects.
    loop {
        let size = store.size().await?;
        if size.used_bytes <= max_bytes {
            return Ok(());
        }
        let kept_from = now.plus_micros(-ALWAYS_KEPT_MICROS);
        let oldest = size.oldest_traffic.filter(|oldest| *oldest < kept_from);
        let Some(oldest) = oldest else {
            return Err(EngineError::DatabaseTooLarge { used_bytes: size.used_bytes, max_bytes });
        };
        let excess = i128::from(size.used_bytes - max_bytes);
        let age = i128::from(now.micros() - oldest.micros());
        let step = i64::try_from(age * excess / i128::from(size.used_bytes)).unwrap_or(i64::MAX);
        let step = step.saturating_add(Timestamp::SECOND_MICROS);
        let mut gone = delete_before(store, oldest.plus_micros(step).min(kept_from)).await?;
        if gone.traffic == 0 {
            // Where traffic goes by whole days, the step may have been too short for the first.
            let day = RollupLevel::Day.bucket(oldest);
            let end = day.plus_micros(RollupLevel::Day.seconds() * Timestamp::SECOND_MICROS);
            gone = delete_before(store, end.min(kept_from)).await?;
        }
        if gone.traffic == 0 {
            tracing::warn!(
                megabytes = size.used_bytes / 1_000_000,
                "the database takes more than retention.max_database_mb until the oldest day of traffic is over"
            );
            return Ok(());
        }
        expired.traffic += gone.traffic;
        expired.activities += gone.activities;
    }
}

/// Deletes traffic that arrived before that instant, and nothing else.
async fn delete_before(store: &dyn Store, instant: Timestamp) -> Result<Expired, EngineError> {
    let never = Timestamp::from_micros(0);
    let cutoffs = RetentionCutoffs { traffic: instant, threats: never, alerts: never, metrics: never };
    Ok(store.expire(cutoffs).await?)
}

fn cutoffs(now: Timestamp, retention: Retention) -> RetentionCutoffs {
    let before = |days: u32| now.plus_micros(-i64::from(days) * 86_400 * Timestamp::SECOND_MICROS);
    RetentionCutoffs {
        traffic: before(retention.traffic_days),
        threats: before(retention.threats_days),
        alerts: before(retention.alerts_days),
        metrics: before(retention.metrics_days),
    }
}
