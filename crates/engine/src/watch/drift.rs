//! The share of requests that the detector is not sure of, against the days before.

use bartizan_model::{Counts, RollupLevel, Severity, Span, Timestamp};

use super::history::spread;
use crate::EngineError;
use crate::alert::{Condition, Drift};
use crate::engine::Shared;

/// Days that are looked back at most.
const MAX_DAYS: i64 = 28;
const DAY_S: i64 = 86_400;
/// The least spread, as a share of the median.
const LEAST_SPREAD: f64 = 0.25;
/// Half a flag in a thousand requests is no drift, however steady the days before were.
const LEAST_SHARE: f64 = 0.000_5;

pub(super) async fn flagged(
    shared: &Shared,
    settings: Drift,
    now: Timestamp,
) -> Result<Option<Condition>, EngineError> {
    if !settings.enabled {
        return Ok(None);
    }
    let hour = now.bucket_start(3_600);
    let day_ago = hour.plus_micros(-DAY_S * Timestamp::SECOND_MICROS);
    let recent = shared.store.buckets(RollupLevel::Hour, Span::new(day_ago, hour), None).await?;
    let recent = recent.iter().fold(Counts::default(), |mut sum, (_, bucket)| {
        sum.requests += bucket.counts.requests;
        sum.flagged += bucket.counts.flagged;
        sum
    });
    // Whole days that ended before the recent one began.
    let end = day_ago.bucket_start(DAY_S);
    let begin = end.plus_micros(-MAX_DAYS * DAY_S * Timestamp::SECOND_MICROS);
    let days = shared.store.buckets(RollupLevel::Day, Span::new(begin, end), None).await?;
    let mut history: Vec<f64> = days
        .iter()
        .filter(|(_, day)| day.counts.requests >= settings.min_requests)
        .map(|(_, day)| day.counts.flagged as f64 / day.counts.requests.max(1) as f64)
        .collect();
    Ok(compare(recent, &mut history, settings))
}

fn compare(recent: Counts, history: &mut [f64], settings: Drift) -> Option<Condition> {
    let enough = history.len() >= usize::try_from(settings.min_days).unwrap_or(usize::MAX);
    if !enough || recent.requests < settings.min_requests {
        return None;
    }
    let (usual, deviation) = spread(history, LEAST_SPREAD)?;
    let requests = recent.requests.max(1) as f64;
    let share = recent.flagged as f64 / requests;
    let by_chance = (usual.max(1.0 / requests) / requests).sqrt();
    let away = (share - usual).abs();
    if away < settings.deviations * deviation.max(by_chance) || away < LEAST_SHARE {
        return None;
    }
    let (now, before) = (share * 100.0, usual * 100.0);
    Some(Condition {
        key: "drift".to_owned(),
        severity: Severity::Medium,
        title: "The detector is unsure about unusually many requests".to_owned(),
        description: format!("{now:.2} % of the last day's requests were flagged, {before:.2} % are usual"),
        advice: "Look at the flagged requests: a new part of the site that the model does not know asks for exceptions or \
                 another model, a slow attack for blocking."
            .to_owned(),
        host: None,
    })
    .filter(|_| share > usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_far_above_the_days_before_is_drift() {
        let settings = Drift { enabled: true, min_days: 7, deviations: 6.0, min_requests: 5_000 };
        let counts = |requests, flagged| Counts { requests, flagged, ..Counts::default() };
        let steady = vec![0.001; 10];
        for (recent, history, expected) in [
            (counts(100_000, 1_000), steady.clone(), true),
            (counts(100_000, 120), steady.clone(), false),
            (counts(4_000, 400), steady.clone(), false),
            (counts(100_000, 1_000), vec![0.001; 6], false),
            (counts(100_000, 1_000), vec![0.001, 0.02, 0.005, 0.01, 0.03, 0.002, 0.015], false),
            (counts(100_000, 0), steady, false),
            (counts(100_000, 20), vec![0.0; 10], false),
        ] {
            assert_eq!(compare(recent, &mut history.clone(), settings).is_some(), expected, "{recent:?}");
        }
    }
}
