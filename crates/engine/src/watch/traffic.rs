//! Shares and times of the last minutes against fixed thresholds.

use bartizan_model::{LatencyHistogram, RollupLevel, Severity, Span, Timestamp};
use bartizan_store::Dimension;

use crate::EngineError;
use crate::alert::{AttackRate, Condition, ErrorRate, Latency};
use crate::engine::Shared;

/// Distinct status codes that are asked for; there are fewer.
const STATUS_CODES: u32 = 1_000;

/// The last complete minutes.
fn span(minutes: u32, now: Timestamp) -> Span {
    let end = now.bucket_start(60);
    Span::new(end.plus_micros(-i64::from(minutes) * 60 * Timestamp::SECOND_MICROS), end)
}

pub(super) async fn attack_rate(
    shared: &Shared,
    settings: AttackRate,
    now: Timestamp,
) -> Result<Option<Condition>, EngineError> {
    if !settings.enabled {
        return Ok(None);
    }
    let total = shared.analytics.total(span(settings.minutes, now), None).await?;
    let (requests, blocked) = (total.counts.requests, total.counts.blocked);
    let percent = blocked as f64 / requests.max(1) as f64 * 100.0;
    Ok((requests >= settings.min_requests && percent >= settings.percent).then(|| Condition {
        key: "attack_rate".to_owned(),
        severity: if percent >= 2.0 * settings.percent { Severity::Critical } else { Severity::High },
        title: "A large share of the requests are attacks".to_owned(),
        description: format!(
            "{blocked} of {requests} requests of the last {} min ({percent:.0} %)",
            settings.minutes
        ),
        advice:
            "Look at the open alerts for who it is, and at the response times for whether the site bears it."
                .to_owned(),
        host: None,
    }))
}

pub(super) async fn error_rate(
    shared: &Shared,
    settings: ErrorRate,
    now: Timestamp,
) -> Result<Option<Condition>, EngineError> {
    if !settings.enabled {
        return Ok(None);
    }
    let counts = shared.analytics.top(Dimension::Status, span(settings.minutes, now), STATUS_CODES).await?;
    let requests: u64 = counts.iter().map(|count| count.requests).sum();
    let is_error = |status: &str| status.parse::<u16>().is_ok_and(|status| status >= 500);
    let errors: u64 = counts.iter().filter(|count| is_error(&count.value)).map(|count| count.requests).sum();
    let percent = errors as f64 / requests.max(1) as f64 * 100.0;
    Ok((requests >= settings.min_requests && percent >= settings.percent).then(|| Condition {
        key: "error_rate".to_owned(),
        severity: Severity::High,
        title: "Many answers are server errors".to_owned(),
        description: format!(
            "{errors} of {requests} answers of the last {} min ({percent:.0} %) are 5xx",
            settings.minutes
        ),
        advice:
            "Look at the traffic with status 5xx: an application that fails, or an attack that makes it fail."
                .to_owned(),
        host: None,
    }))
}

pub(super) async fn latency(
    shared: &Shared,
    settings: Latency,
    now: Timestamp,
) -> Result<Option<Condition>, EngineError> {
    if !settings.enabled {
        return Ok(None);
    }
    let mut times = LatencyHistogram::default();
    let minutes = shared.store.buckets(RollupLevel::Minute, span(settings.minutes, now), None).await?;
    for (_, bucket) in minutes.iter() {
        times.merge(&bucket.latency);
    }
    let Some(ms) = times.percentile(settings.percentile / 100.0) else { return Ok(None) };
    Ok((times.total() >= settings.min_requests && ms >= settings.above_ms).then(|| Condition {
        key: "latency".to_owned(),
        severity: Severity::Medium,
        title: "The site answers slowly".to_owned(),
        description: format!(
            "the {:.0}th percentile of the response times of the last {} min is {ms:.0} ms",
            settings.percentile, settings.minutes
        ),
        advice: "Look at the slowest paths and at the load of the application's machine.".to_owned(),
        host: None,
    }))
}
