//! How much room the database takes, and how much it is going to take.

use bartizan_model::{RollupLevel, Span, Timestamp};
use bartizan_store::StoreSize;

use crate::engine::Shared;
use crate::{EngineError, Retention, checks};

/// Room taken and to be expected.
///
/// The forecast takes the last day for an ordinary one: as many requests will come every day, and each will take as many
/// bytes as those stored now, with their share of indexes, threats and rollups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Storage {
    /// What the database takes now.
    pub size: StoreSize,
    /// Bytes that it may take; `None` without a limit.
    pub max_bytes: Option<u64>,
    /// Bytes free on its disk; `None` when it lies on another machine.
    pub disk_free_bytes: Option<u64>,
    /// Bytes per stored request; `None` below [`ENOUGH_ROWS`], where an empty database would be shared by too few.
    pub bytes_per_request: Option<f64>,
    /// Requests of the last 24 hours.
    pub requests_per_day: u64,
    /// Bytes that the database will take once traffic is as old as it may become.
    pub expected_bytes: Option<u64>,
    /// Days of traffic that fit: as many as are to be kept, or fewer where the limit or the disk is reached before.
    pub days_that_fit: Option<f64>,
}

/// Rows from which bytes per row mean something.
pub const ENOUGH_ROWS: u64 = 1_000;

pub(crate) async fn look(shared: &Shared) -> Result<Storage, EngineError> {
    let size = shared.store.size().await?;
    let now = shared.clock.now();
    let day = Span::new(now.plus_micros(-RollupLevel::Day.seconds() * Timestamp::SECOND_MICROS), now);
    let hours = shared.store.buckets(RollupLevel::Hour, day, None).await?;
    let requests_per_day = hours.iter().map(|(_, bucket)| bucket.counts.requests).sum();
    let disk_free_bytes = checks::disk_free(shared).await;
    Ok(forecast(size, shared.settings.retention, disk_free_bytes, requests_per_day))
}

fn forecast(
    size: StoreSize,
    retention: Retention,
    disk_free_bytes: Option<u64>,
    requests_per_day: u64,
) -> Storage {
    let enough = size.traffic_rows >= ENOUGH_ROWS;
    let bytes_per_request = enough.then(|| size.used_bytes as f64 / size.traffic_rows as f64);
    let bytes_per_day = bytes_per_request.map(|bytes| bytes * requests_per_day as f64);
    let kept_days = f64::from(retention.traffic_days);
    let room = [retention.max_bytes, disk_free_bytes.map(|free| size.used_bytes.saturating_add(free))];
    let room = room.into_iter().flatten().min();
    let days_that_fit = bytes_per_day.map(|per_day| match room {
        Some(room) if per_day > 0.0 => kept_days.min(room as f64 / per_day),
        _ => kept_days,
    });
    Storage {
        size,
        max_bytes: retention.max_bytes,
        disk_free_bytes,
        bytes_per_request,
        requests_per_day,
        expected_bytes: enough.then(|| {
            let requests = u128::from(requests_per_day) * u128::from(retention.traffic_days);
            let bytes = u128::from(size.used_bytes) * requests / u128::from(size.traffic_rows);
            u64::try_from(bytes).unwrap_or(u64::MAX)
        }),
        days_that_fit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(used_bytes: u64, traffic_rows: u64) -> StoreSize {
        StoreSize { used_bytes, traffic_rows, oldest_traffic: None }
    }

    #[test]
    fn the_forecast_is_days_times_requests_times_bytes() {
        let retention = Retention { traffic_days: 7, max_bytes: None, ..Retention::default() };
        let storage = forecast(size(2_000_000, 10_000), retention, None, 50_000);
        assert_eq!(storage.bytes_per_request, Some(200.0));
        assert_eq!(storage.expected_bytes, Some(70_000_000));
        assert_eq!(storage.days_that_fit, Some(7.0));
    }

    #[test]
    fn limit_and_disk_shorten_what_is_kept() {
        let limited = Retention { traffic_days: 7, max_bytes: Some(20_000_000), ..Retention::default() };
        assert_eq!(forecast(size(2_000_000, 10_000), limited, None, 50_000).days_that_fit, Some(2.0));
        let free = Some(3_000_000);
        assert_eq!(forecast(size(2_000_000, 10_000), limited, free, 50_000).days_that_fit, Some(0.5));
    }

    #[test]
    fn a_new_or_idle_database_tells_no_fortune() {
        let retention = Retention::default();
        assert_eq!(forecast(size(200_000, 3), retention, None, 3).expected_bytes, None);
        assert_eq!(forecast(size(2_000_000, 10_000), retention, Some(0), 0).days_that_fit, Some(7.0));
    }
}
