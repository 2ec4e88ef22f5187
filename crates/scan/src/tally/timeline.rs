//! Requests over time, in buckets that get wider as a log gets longer.

use std::collections::BTreeMap;

use bartizan_model::Timestamp;

/// Buckets that are held at most. A report shows fewer than a hundred of them; more are held so that a few strange
/// times far from all others do not make the buckets of the others wide.
const MAX_BUCKETS: usize = 4_096;

/// Widths in seconds, each a multiple of the one before.
const WIDTHS_S: [i64; 15] =
    [1, 5, 10, 30, 60, 120, 600, 1_200, 3_600, 7_200, 14_400, 43_200, 86_400, 604_800, 604_800 * 52];

/// Counts of one bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct BucketCounts {
    pub(crate) requests: u64,
    pub(crate) attacks: u64,
    pub(crate) suspicious: u64,
}

impl BucketCounts {
    fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.attacks += other.attacks;
        self.suspicious += other.suspicious;
    }
}

/// Counts by time; sparse, so that a gap of years costs nothing.
#[derive(Debug, Default)]
pub(crate) struct TimelineTally {
    /// Index into [`WIDTHS_S`].
    width: usize,
    buckets: BTreeMap<i64, BucketCounts>,
}

impl TimelineTally {
    pub(crate) fn add(&mut self, time: Timestamp, counts: BucketCounts) {
        self.buckets.entry(time.secs().div_euclid(self.width_s())).or_default().add(counts);
        while self.buckets.len() > MAX_BUCKETS && self.width + 1 < WIDTHS_S.len() {
            self.widen();
        }
    }

    fn width_s(&self) -> i64 {
        width_s(self.width)
    }

    fn widen(&mut self) {
        let factor = width_s(self.width + 1) / self.width_s();
        self.width += 1;
        self.buckets = regrouped(&self.buckets, factor);
    }

    /// The timeline in at most `columns` buckets of one width, gaps included: start of the first, width in seconds,
    /// the counts, and how many requests lie outside. Those are left out that are so few and so far away that the
    /// rest could not be seen: at most one in a thousand on each side.
    pub(crate) fn columns(&self, columns: usize) -> Option<Columns> {
        let total: u64 = self.buckets.values().map(|counts| counts.requests).sum();
        let (first, last) = (*self.buckets.keys().next()?, *self.buckets.keys().next_back()?);
        let spare = total / 1_000;
        let near_first = Self::edge(self.buckets.iter(), spare).unwrap_or(first);
        let near_last = Self::edge(self.buckets.iter().rev(), spare).unwrap_or(last);
        let margin = near_last - near_first + 1;
        let is_far = last - first > 4 * margin;
        let range = if is_far { near_first - margin..=near_last + margin } else { first..=last };
        let inside: BTreeMap<i64, BucketCounts> =
            self.buckets.range(range).map(|(at, counts)| (*at, *counts)).collect();
        let outside = total - inside.values().map(|counts| counts.requests).sum::<u64>();

        let columns = i64::try_from(columns.max(2)).unwrap_or(i64::MAX);
        let mut width = self.width;
        let span_s = (inside.keys().next_back()? - inside.keys().next()? + 1) * self.width_s();
        while width + 1 < WIDTHS_S.len() && span_s / width_s(width) + 2 > columns {
            width += 1;
        }
        let grouped = regrouped(&inside, width_s(width) / self.width_s());
        let (start, end) = (*grouped.keys().next()?, *grouped.keys().next_back()?);
        let counts = (start..=end).map(|at| grouped.get(&at).copied().unwrap_or_default()).collect();
        Some(Columns { start_s: start * width_s(width), width_s: width_s(width), counts, outside })
    }

    /// The first bucket from that side behind which more than `spare` requests lie.
    fn edge<'a>(mut side: impl Iterator<Item = (&'a i64, &'a BucketCounts)>, spare: u64) -> Option<i64> {
        let mut seen = 0;
        side.find_map(|(at, counts)| {
            seen += counts.requests;
            (seen > spare).then_some(*at)
        })
    }
}

/// A timeline as it is drawn.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(crate) start_s: i64,
    pub(crate) width_s: i64,
    pub(crate) counts: Vec<BucketCounts>,
    pub(crate) outside: u64,
}

fn width_s(index: usize) -> i64 {
    WIDTHS_S.get(index).copied().unwrap_or(1)
}

fn regrouped(buckets: &BTreeMap<i64, BucketCounts>, factor: i64) -> BTreeMap<i64, BucketCounts> {
    let mut grouped: BTreeMap<i64, BucketCounts> = BTreeMap::new();
    for (at, counts) in buckets {
        grouped.entry(at.div_euclid(factor)).or_default().add(*counts);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ONE: BucketCounts = BucketCounts { requests: 1, attacks: 0, suspicious: 0 };

    #[test]
    fn a_strange_time_does_not_hide_the_others() {
        let mut timeline = TimelineTally::default();
        for second in 0..3_000 {
            timeline.add(Timestamp::from_secs(1_772_600_000 + second), ONE);
        }
        timeline.add(Timestamp::from_secs(0), ONE);
        timeline.add(Timestamp::from_secs(90_000_000_000), ONE);
        let columns = timeline.columns(60).expect("not empty");
        assert_eq!((columns.width_s, columns.outside), (60, 2));
        assert_eq!(columns.counts.iter().map(|counts| counts.requests).sum::<u64>(), 3_000);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_the_width_is_bounded(times in prop::collection::vec(any::<i64>(), 1..300), columns in 2..100_usize) {
            let mut timeline = TimelineTally::default();
            for time in &times {
                timeline.add(Timestamp::from_micros(*time), ONE);
            }
            let drawn = timeline.columns(columns).expect("not empty");
            let inside: u64 = drawn.counts.iter().map(|counts| counts.requests).sum();
            prop_assert_eq!(inside + drawn.outside, times.len() as u64);
            // The widest buckets are a year wide and years end with 9999.
            prop_assert!(drawn.counts.len() <= columns.max(10_100));
        }

        #[test]
        fn an_ordinary_span_fits_the_columns(span_s in 0..1_000_000_000_i64, columns in 60..100_usize) {
            let mut timeline = TimelineTally::default();
            for step in 0..=100 {
                timeline.add(Timestamp::from_secs(1_000_000_000 + span_s * step / 100), ONE);
            }
            prop_assert!(timeline.columns(columns).expect("not empty").counts.len() <= columns);
        }
    }
}
