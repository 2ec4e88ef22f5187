//! Sums that charts and totals read instead of raw rows.

use crate::Timestamp;

/// How wide a rollup bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum RollupLevel {
    Minute,
    Hour,
    Day,
}

impl RollupLevel {
    /// Every level, finest first.
    pub const ALL: [Self; 3] = [Self::Minute, Self::Hour, Self::Day];

    /// Width in seconds.
    pub fn seconds(self) -> i64 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
        }
    }

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// The start of the bucket that holds the instant.
    pub fn bucket(self, instant: Timestamp) -> Timestamp {
        instant.bucket_start(self.seconds())
    }
}

/// The counts of a bucket or a span. Invariant: `blocked + flagged <= requests`, `enforced <= blocked`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Counts {
    /// Judged requests.
    pub requests: u64,
    /// Of these, action block.
    pub blocked: u64,
    /// Of these, action flag.
    pub flagged: u64,
    /// Verdicts carried out.
    pub enforced: u64,
    /// Requests whose response time is known.
    pub latency_samples: u64,
    /// Sum of their response times, in milliseconds.
    pub latency_sum_ms: f64,
}

impl Counts {
    /// Requests that were not blocked; flagged ones are allowed.
    pub fn allowed(&self) -> u64 {
        self.requests.saturating_sub(self.blocked)
    }

    /// One threat per request that was not allowed.
    pub fn threats(&self) -> u64 {
        self.blocked + self.flagged
    }

    /// Blocked ÷ requests × 100; 0 without requests.
    pub fn attack_rate_percent(&self) -> f64 {
        if self.requests == 0 { 0.0 } else { self.blocked as f64 / self.requests as f64 * 100.0 }
    }

    /// Mean response time in milliseconds; 0 without samples.
    pub fn latency_ms(&self) -> f64 {
        if self.latency_samples == 0 { 0.0 } else { self.latency_sum_ms / self.latency_samples as f64 }
    }

    /// Adds another bucket's counts to these.
    pub fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.blocked += other.blocked;
        self.flagged += other.flagged;
        self.enforced += other.enforced;
        self.latency_samples += other.latency_samples;
        self.latency_sum_ms += other.latency_sum_ms;
    }
}
