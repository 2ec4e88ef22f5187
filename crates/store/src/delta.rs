//! What a batch adds to the rollups, summed in memory first, so that a thousand rows become a few dozen updates.

use std::collections::{BTreeMap, HashMap, HashSet};

use bartizan_model::{
    Action, Counts, LatencyHistogram, MISSING, RollupLevel, ThreatClass, Timestamp, TrafficRecord,
};

use crate::distinct::Distinct;
use crate::heavy::Heavy;

/// Most hosts with figures of their own: a client chooses the `Host` header, so their number must end.
pub(crate) const MAX_HOSTS: usize = 1_000;

/// Methods counted under their own name (RFC 9110 section 9.3, RFC 5789); clients may send any other word.
const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/// The name under which all other methods are counted.
const OTHER_METHOD: &str = "OTHER";

/// Bins of the histogram of scores, of equal width from 0 to 1.
pub const SCORE_BINS: usize = 50;

/// The name under which all hosts together are counted.
pub(crate) const ALL_HOSTS: &str = "";

/// Where a sum belongs: level, start of the bucket, host.
pub(crate) type BucketKey = (RollupLevel, i64, String);

/// Where a sum of one value belongs: dimension, level, start of the bucket, host, value.
pub(crate) type ValueKey = (&'static str, RollupLevel, i64, String, String);

/// Counts of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ValueCounts {
    pub(crate) requests: u64,
    pub(crate) blocked: u64,
    pub(crate) threats: u64,
}

/// Everything that a batch adds, in the order of the tables' keys.
#[derive(Debug, PartialEq, Default)]
pub(crate) struct RollupDelta {
    pub(crate) totals: BTreeMap<BucketKey, Totals>,
    pub(crate) values: BTreeMap<ValueKey, ValueCounts>,
    /// Sketches per hour and day.
    pub(crate) sketches: BTreeMap<(RollupLevel, i64), Sketches>,
    /// Hosts seen here for the first time.
    pub(crate) new_hosts: Vec<String>,
}

/// What is summed for all requests of a bucket.
#[derive(Debug, PartialEq, Default)]
pub(crate) struct Totals {
    pub(crate) counts: Counts,
    pub(crate) latency: LatencyHistogram,
}

/// What cannot be summed in numbers.
#[derive(Debug, PartialEq, Default)]
pub(crate) struct Sketches {
    pub(crate) clients: Distinct,
    pub(crate) addresses: Heavy,
    pub(crate) paths: Heavy,
    pub(crate) user_agents: Heavy,
}

/// The values of one hour, from which its sketches and the day's are made.
#[derive(Debug, Default)]
struct HourValues<'r> {
    addresses: HashMap<&'r str, ValueCounts>,
    paths: HashMap<&'r str, ValueCounts>,
    user_agents: HashMap<&'r str, ValueCounts>,
}

/// The sums of one minute and host, from which hours and days follow.
#[derive(Debug, Default)]
struct MinuteSums {
    counts: Counts,
    classes: BTreeMap<ThreatClass, ValueCounts>,
    latency: LatencyHistogram,
    statuses: BTreeMap<u16, ValueCounts>,
    methods: BTreeMap<&'static str, ValueCounts>,
    scores: BTreeMap<usize, ValueCounts>,
}

impl RollupDelta {
    /// Sums the rows; `hosts` are those that have figures already.
    pub(crate) fn of<'r>(rows: impl Iterator<Item = &'r TrafficRecord>, hosts: &HashSet<String>) -> Self {
        let mut new_hosts: HashSet<&str> = HashSet::new();
        let mut minutes: HashMap<(i64, &str), MinuteSums> = HashMap::new();
        let mut hours: HashMap<i64, HourValues<'r>> = HashMap::new();
        for row in rows {
            let minute = RollupLevel::Minute.bucket(row.timestamp).micros();
            hours.entry(RollupLevel::Hour.bucket(row.timestamp).micros()).or_default().add(row);
            let all = minutes.entry((minute, ALL_HOSTS)).or_default();
            all.add(row);
            all.statuses.entry(row.status).or_default().add(row.action);
            all.methods.entry(counted_method(&row.method)).or_default().add(row.action);
            if let Some(score) = row.score {
                all.scores.entry(score_bin(score)).or_default().add(row.action);
            }
            let Some(host) = row.host.as_deref().filter(|host| !host.is_empty()) else { continue };
            if hosts.contains(host) || new_hosts.contains(host) || hosts.len() + new_hosts.len() < MAX_HOSTS {
                if !hosts.contains(host) {
                    new_hosts.insert(host);
                }
                minutes.entry((minute, host)).or_default().add(row);
            }
        }
        let mut delta =
            Self { new_hosts: new_hosts.into_iter().map(str::to_owned).collect(), ..Self::default() };
        for (hour, values) in &hours {
            for level in [RollupLevel::Hour, RollupLevel::Day] {
                let bucket = level.bucket(Timestamp::from_micros(*hour)).micros();
                values.add_to(delta.sketches.entry((level, bucket)).or_default());
            }
        }
        for ((minute, host), sums) in &minutes {
            for level in RollupLevel::ALL {
                delta.add(level, level.bucket(Timestamp::from_micros(*minute)).micros(), host, sums);
            }
        }
        delta
    }

    fn add(&mut self, level: RollupLevel, bucket: i64, host: &str, sums: &MinuteSums) {
        let host = host.to_owned();
        let totals = self.totals.entry((level, bucket, host.clone())).or_default();
        totals.counts.add(&sums.counts);
        totals.latency.merge(&sums.latency);
        let classes = sums.classes.iter().map(|(class, counts)| ("class", class.as_str().to_owned(), counts));
        let statuses = sums.statuses.iter().map(|(status, counts)| ("status", status.to_string(), counts));
        let methods = sums.methods.iter().map(|(method, counts)| ("method", (*method).to_owned(), counts));
        // Scores are read over days and weeks, so minutes would only cost.
        let scores = sums.scores.iter().filter(|_| level != RollupLevel::Minute);
        let scores = scores.map(|(bin, counts)| ("score", bin.to_string(), counts));
        for (dimension, value, counts) in classes.chain(statuses).chain(methods).chain(scores) {
            self.values.entry((dimension, level, bucket, host.clone(), value)).or_default().merge(*counts);
        }
    }
}

impl<'r> HourValues<'r> {
    fn add(&mut self, row: &'r TrafficRecord) {
        self.addresses.entry(&row.ip).or_default().add(row.action);
        self.paths.entry(&row.path).or_default().add(row.action);
        if let Some(agent) = &row.user_agent {
            self.user_agents.entry(agent).or_default().add(row.action);
        }
    }

    fn add_to(&self, sketches: &mut Sketches) {
        sketches.clients.merge(&Distinct::of(self.addresses.keys().copied()));
        for (values, heavy) in [
            (&self.addresses, &mut sketches.addresses),
            (&self.paths, &mut sketches.paths),
            (&self.user_agents, &mut sketches.user_agents),
        ] {
            for (value, counts) in values {
                heavy.add(value, *counts);
            }
        }
    }
}

impl MinuteSums {
    fn add(&mut self, row: &TrafficRecord) {
        self.counts.requests += 1;
        self.counts.blocked += u64::from(row.action == Action::Block);
        self.counts.flagged += u64::from(row.action == Action::Flag);
        self.counts.enforced += u64::from(row.enforced);
        if let Some(latency_ms) = row.response_time_ms {
            self.counts.latency_samples += 1;
            self.counts.latency_sum_ms += latency_ms;
            self.latency.record(latency_ms);
        }
        if let Some(class) = row.class {
            self.classes.entry(class).or_default().add(row.action);
        }
    }
}

impl ValueCounts {
    fn add(&mut self, action: Action) {
        self.requests += 1;
        self.blocked += u64::from(action == Action::Block);
        self.threats += u64::from(action != Action::Allow);
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.requests += other.requests;
        self.blocked += other.blocked;
        self.threats += other.threats;
    }
}

/// The bin of a score; its lower edge belongs to it, and 1 to the last one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a score is between 0 and 1; anything else is clamped, and a NaN becomes 0"
)]
fn score_bin(score: f64) -> usize {
    ((score * SCORE_BINS as f64).max(0.0) as usize).min(SCORE_BINS - 1)
}

fn counted_method(method: &str) -> &'static str {
    if method == MISSING {
        return MISSING;
    }
    METHODS.into_iter().find(|known| *known == method).unwrap_or(OTHER_METHOD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_score_has_a_bin() {
        for (score, bin) in [
            (0.0, 0),
            (0.0199, 0),
            (0.02, 1),
            (0.5, 25),
            (0.999, 49),
            (1.0, 49),
            (-1.0, 0),
            (f64::NAN, 0),
            (9.0, 49),
        ] {
            assert_eq!(score_bin(score), bin, "{score}");
        }
    }

    #[test]
    fn a_client_cannot_make_up_methods() {
        for (method, counted) in
            [("GET", "GET"), ("-", "-"), ("get", "OTHER"), ("PROPFIND", "OTHER"), ("", "OTHER")]
        {
            assert_eq!(counted_method(method), counted);
        }
    }
}
