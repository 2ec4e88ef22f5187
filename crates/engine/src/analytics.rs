//! Series, totals and top lists, all read from rollups.

use std::collections::BTreeMap;
use std::sync::Arc;

use bartizan_model::{Span, ThreatClass, ThreatGroup, Timestamp};
use bartizan_store::{
    Bucket, Changes, Dimension, DimensionCount, LOWEST_THRESHOLD, MOST_EXAMINED, Store, SystemSample, WhatIf,
};

use crate::{EngineError, RangeQuery, SeriesWindow};

/// One bucket of a series, with everything that any chart draws.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SeriesPoint {
    /// Start of the bucket.
    pub start: Timestamp,
    /// Width in seconds.
    pub width_s: i64,
    /// What was counted; zeros for an empty bucket.
    pub bucket: Bucket,
    /// Machine and process, averaged; `None` where nothing was measured.
    pub system: Option<SystemSample>,
}

impl SeriesPoint {
    /// Requests per second over the bucket.
    pub fn requests_per_second(&self) -> f64 {
        self.bucket.counts.requests as f64 / self.width_s.max(1) as f64
    }

    /// Threats of one group.
    pub fn group(&self, group: ThreatGroup) -> u64 {
        group_count(&self.bucket.classes, group)
    }
}

/// Sums a group's classes.
pub fn group_count(classes: &BTreeMap<ThreatClass, u64>, group: ThreatGroup) -> u64 {
    classes.iter().filter(|(class, _)| class.group() == group).map(|(_, count)| count).sum()
}

/// The totals of a span.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The span in whole minutes.
    pub span: Span,
    /// Everything counted in it.
    pub total: Bucket,
    /// Distinct client addresses.
    pub unique_ips: u64,
    /// The span before, of the same length, when it was asked for.
    pub previous: Option<Bucket>,
}

/// How scores are spread over a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scores {
    /// The span in whole hours.
    pub span: Span,
    /// Requests by score, in bins of equal width from 0 to 1.
    pub bins: Vec<u64>,
    /// Requests blocked in the span, by whatever decided.
    pub blocked: u64,
}

impl Scores {
    /// Requests whose score reaches a threshold. Inside a bin they count as evenly spread.
    pub fn reaching(&self, threshold: f64) -> u64 {
        let count = self.bins.len().max(1) as f64;
        let share = |bin: usize| (bin as f64 + 1.0 - threshold * count).clamp(0.0, 1.0);
        let sum: f64 =
            self.bins.iter().enumerate().map(|(bin, requests)| *requests as f64 * share(bin)).sum();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "shares of counts add up to a count: never negative, far below 2^53"
        )]
        let reaching = sum.round() as u64;
        reaching
    }
}

/// What another threshold for blocking would have changed.
#[derive(Debug, Clone, PartialEq)]
pub struct WhatIfAnswer {
    /// The span in whole minutes.
    pub span: Span,
    /// The threshold in force, which was compared with.
    pub in_force: f64,
    /// The requests that would have been judged otherwise.
    pub changes: Changes,
}

/// Reads rollups for charts and totals.
#[derive(Debug, Clone)]
pub(crate) struct Analytics {
    store: Arc<dyn Store>,
}

impl Analytics {
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    pub(crate) async fn series(
        &self,
        window: &SeriesWindow,
        host: Option<&str>,
    ) -> Result<Vec<SeriesPoint>, EngineError> {
        let mut points: Vec<SeriesPoint> = window
            .starts()
            .map(|start| SeriesPoint { start, width_s: window.width_s, ..SeriesPoint::default() })
            .collect();
        for (start, bucket) in self.store.buckets(window.level(), window.span, host).await?.iter() {
            if let Some(point) = window.index(*start).and_then(|n| points.get_mut(n)) {
                merge(&mut point.bucket, bucket);
            }
        }
        let mut samples: Vec<Vec<SystemSample>> = vec![Vec::new(); points.len()];
        for (start, sample) in self.store.system_minutes(window.span).await? {
            if let Some(bucket) = window.index(start).and_then(|n| samples.get_mut(n)) {
                bucket.push(sample);
            }
        }
        for (point, samples) in points.iter_mut().zip(samples) {
            point.system = average(&samples);
        }
        Ok(points)
    }

    /// Everything counted in a span of whole minutes, read from as few rollup rows as possible.
    pub(crate) async fn total(&self, span: Span, host: Option<&str>) -> Result<Bucket, EngineError> {
        let mut total = Bucket::default();
        for (level, piece) in span.whole_buckets() {
            for (_, bucket) in self.store.buckets(level, piece, host).await?.iter() {
                merge(&mut total, bucket);
            }
        }
        Ok(total)
    }

    pub(crate) async fn summary(
        &self,
        query: &RangeQuery,
        now: Timestamp,
        host: Option<&str>,
        compare: bool,
    ) -> Result<Summary, EngineError> {
        let span = query.whole_minutes(now)?;
        let length = span.to.micros() - span.from.micros();
        let previous = if compare {
            Some(self.total(Span::new(span.from.plus_micros(-length), span.from), host).await?)
        } else {
            None
        };
        Ok(Summary {
            span,
            total: self.total(span, host).await?,
            unique_ips: self.store.unique_clients(span).await?,
            previous,
        })
    }

    /// How the scores of a span of whole hours are spread.
    pub(crate) async fn scores(&self, query: &RangeQuery, now: Timestamp) -> Result<Scores, EngineError> {
        let span = whole_hours(query.whole_minutes(now)?);
        let bins = self.store.score_histogram(span).await?;
        let blocked = self.total(span, None).await?.counts.blocked;
        Ok(Scores { span, bins, blocked })
    }

    /// Which requests of a span another threshold would have judged otherwise than the one in force.
    pub(crate) async fn what_if(
        &self,
        query: &RangeQuery,
        now: Timestamp,
        in_force: f64,
        threshold: f64,
    ) -> Result<WhatIfAnswer, EngineError> {
        for threshold in [in_force, threshold] {
            if threshold < LOWEST_THRESHOLD {
                return Err(EngineError::LowThreshold { threshold });
            }
        }
        let span = query.whole_minutes(now)?;
        let asked = WhatIf { span, from: in_force, to: threshold, limit: MOST_EXAMINED };
        Ok(WhatIfAnswer { span, in_force, changes: self.store.changes(&asked).await? })
    }

    pub(crate) async fn top(
        &self,
        dimension: Dimension,
        span: Span,
        limit: u32,
    ) -> Result<Vec<DimensionCount>, EngineError> {
        Ok(self.store.dimension(dimension, span, limit).await?)
    }
}

/// The span widened outward to whole hours.
fn whole_hours(span: Span) -> Span {
    let hour = 3_600;
    let from = span.from.bucket_start(hour);
    let to = span.to.plus_micros(hour * Timestamp::SECOND_MICROS - 1).bucket_start(hour);
    Span::new(from, to)
}

fn merge(into: &mut Bucket, other: &Bucket) {
    into.counts.add(&other.counts);
    for (class, count) in &other.classes {
        *into.classes.entry(*class).or_default() += count;
    }
    into.latency.merge(&other.latency);
}

fn average(samples: &[SystemSample]) -> Option<SystemSample> {
    let last = samples.last()?;
    let mean =
        |value: fn(&SystemSample) -> f64| samples.iter().map(value).sum::<f64>() / samples.len() as f64;
    Some(SystemSample {
        cpu_percent: mean(|sample| sample.cpu_percent),
        memory_percent: mean(|sample| sample.memory_percent),
        judge_mean_ms: mean(|sample| sample.judge_mean_ms),
        judge_p99_ms: samples.iter().map(|sample| sample.judge_p99_ms).fold(0.0, f64::max),
        ..*last
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reaches_a_threshold_is_counted_from_the_bins() {
        let span = Span::new(Timestamp::from_secs(0), Timestamp::from_secs(3_600));
        let mut bins = vec![0; 50];
        (bins[0], bins[25], bins[49]) = (1_000, 10, 7);
        let scores = Scores { span, bins, blocked: 17 };
        for (threshold, reaching) in [(0.0, 1_017), (0.02, 17), (0.5, 17), (0.51, 12), (0.52, 7), (1.0, 0)] {
            assert_eq!(scores.reaching(threshold), reaching, "{threshold}");
        }
    }
}
