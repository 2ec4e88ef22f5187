//! Requests against the same hour of the week in the weeks before.

use bartizan_model::{RollupLevel, Severity, Span, Timestamp};

use crate::EngineError;
use crate::alert::{Condition, TrafficLevel};
use crate::engine::Shared;

/// Weeks that are looked back at most; hours are kept for longer than that.
const MAX_WEEKS: i64 = 8;
/// The latest minutes that are compared.
const RECENT_MINUTES: i64 = 15;
const HOUR_S: i64 = 3_600;
const WEEK_S: i64 = 7 * 24 * HOUR_S;

/// Makes the median absolute deviation of normal values their standard deviation (Rousseeuw and Croux, 1993).
const MAD_TO_DEVIATION: f64 = 1.4826;
/// The least spread, as a share of the median: hours that happened to be alike say little about the next.
const LEAST_SPREAD: f64 = 0.15;

pub(super) async fn level(
    shared: &Shared,
    settings: TrafficLevel,
    now: Timestamp,
) -> Result<Option<Condition>, EngineError> {
    if !settings.enabled {
        return Ok(None);
    }
    let Some((data_from, _)) = shared.store.extent().await? else { return Ok(None) };
    let hour = now.bucket_start(HOUR_S);
    let mut history = Vec::new();
    for week in 1..=MAX_WEEKS {
        let start = hour.plus_micros(-week * WEEK_S * Timestamp::SECOND_MICROS);
        if start < data_from {
            break;
        }
        let span = Span::new(start, start.plus_micros(HOUR_S * Timestamp::SECOND_MICROS));
        let buckets = shared.store.buckets(RollupLevel::Hour, span, None).await?;
        history.push(buckets.iter().map(|(_, bucket)| bucket.counts.requests).sum::<u64>() as f64);
    }
    let end = now.bucket_start(60);
    let span = Span::new(end.plus_micros(-RECENT_MINUTES * 60 * Timestamp::SECOND_MICROS), end);
    let recent = shared.analytics.total(span, None).await?.counts.requests;
    let per_hour = recent as f64 * 60.0 / RECENT_MINUTES as f64;
    let Some(unusual) = compare(per_hour, &mut history, settings) else { return Ok(None) };
    let weeks = history.len();
    Ok(Some(match unusual {
        Unusual::More { usual } => Condition {
            key: "traffic_more".to_owned(),
            severity: Severity::Medium,
            title: "Far more requests than usual".to_owned(),
            description: format!(
                "about {per_hour:.0} per hour, where this hour of the week had {usual:.0} in the last {weeks} weeks"
            ),
            advice: "Look which clients and paths they are for: a flood, a crawler, or a good day."
                .to_owned(),
            host: None,
        },
        Unusual::Fewer { usual } => Condition {
            key: "traffic_fewer".to_owned(),
            severity: Severity::High,
            title: "Far fewer requests than usual".to_owned(),
            description: format!(
                "about {per_hour:.0} per hour, where this hour of the week had {usual:.0} in the last {weeks} weeks"
            ),
            advice: "Look whether the site can be reached, and whether its log still arrives here."
                .to_owned(),
            host: None,
        },
    }))
}

/// How a value is unusual, beside its median.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Unusual {
    More { usual: f64 },
    Fewer { usual: f64 },
}

fn compare(value: f64, history: &mut [f64], settings: TrafficLevel) -> Option<Unusual> {
    if history.len() < usize::try_from(settings.min_weeks).unwrap_or(usize::MAX) {
        return None;
    }
    let (usual, spread) = spread(history, LEAST_SPREAD)?;
    let away = value - usual;
    // Counts of independent events vary by their root, whatever the history says.
    let spread = spread.max(usual.sqrt()).max(1.0);
    if away.abs() < settings.deviations * spread || away.abs() < settings.min_requests_per_hour as f64 {
        return None;
    }
    Some(if away > 0.0 { Unusual::More { usual } } else { Unusual::Fewer { usual } })
}

/// Median and robust deviation, the latter at least a share of the former; `None` without values.
pub(super) fn spread(values: &mut [f64], least_share: f64) -> Option<(f64, f64)> {
    let middle = median(values)?;
    let mut away: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    let deviation = median(&mut away)? * MAD_TO_DEVIATION;
    Some((middle, deviation.max(least_share * middle)))
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let (upper, lower) = (values.get(values.len() / 2)?, values.get(values.len().checked_sub(1)? / 2)?);
    Some(f64::midpoint(*upper, *lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: TrafficLevel =
        TrafficLevel { enabled: true, min_weeks: 3, deviations: 6.0, min_requests_per_hour: 1_000 };

    #[test]
    fn only_what_is_far_from_its_own_history_is_unusual() {
        for (value, history, expected) in [
            (90_000.0, vec![10_000.0, 9_000.0, 11_000.0], Some(Unusual::More { usual: 10_000.0 })),
            (0.0, vec![10_000.0, 9_000.0, 11_000.0], Some(Unusual::Fewer { usual: 10_000.0 })),
            (15_000.0, vec![10_000.0, 9_000.0, 11_000.0], None),
            (5_000.0, vec![10_000.0, 9_000.0, 11_000.0], None),
            // One week with a flood in it does not hide the next.
            (90_000.0, vec![10_000.0, 900_000.0, 11_000.0, 9_500.0], Some(Unusual::More { usual: 10_500.0 })),
            // Too short a history, too small a site, and a history that varies.
            (90_000.0, vec![10_000.0, 9_000.0], None),
            (900.0, vec![10.0, 12.0, 9.0], None),
            (40_000.0, vec![2_000.0, 30_000.0, 11_000.0, 20_000.0], None),
        ] {
            assert_eq!(compare(value, &mut history.clone(), SETTINGS), expected, "{value} {history:?}");
        }
        assert_eq!(spread(&mut [], 0.1), None);
    }
}
