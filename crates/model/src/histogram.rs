//! Latencies as counts per logarithmic bin, so that histograms of any buckets can be added.

use std::collections::BTreeMap;

/// Bins per doubling of the latency: a percentile read from the histogram is off by at most 2^(1/8) − 1, 9 %.
const BINS_PER_DOUBLING: f64 = 8.0;

/// Shortest latency told apart, in milliseconds; everything below falls into bin 0.
const SHORTEST_MS: f64 = 0.001;

/// Highest bin: 2^(319/8) µs, about eleven days.
const LAST_BIN: u16 = 319;

/// A mergeable histogram of latencies in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LatencyHistogram {
    bins: BTreeMap<u16, u64>,
    total: u64,
}

impl LatencyHistogram {
    /// The bin that a latency falls into.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=LAST_BIN just before; a NaN becomes 0"
    )]
    pub fn bin(latency_ms: f64) -> u16 {
        if latency_ms.is_nan() || latency_ms <= SHORTEST_MS {
            return 0;
        }
        ((latency_ms / SHORTEST_MS).log2() * BINS_PER_DOUBLING).ceil().clamp(0.0, f64::from(LAST_BIN)) as u16
    }

    /// Counts one latency.
    pub fn record(&mut self, latency_ms: f64) {
        self.add(Self::bin(latency_ms), 1);
    }

    /// Counts several latencies of one bin.
    pub fn add(&mut self, bin: u16, count: u64) {
        *self.bins.entry(bin.min(LAST_BIN)).or_default() += count;
        self.total += count;
    }

    /// Adds another histogram.
    pub fn merge(&mut self, other: &Self) {
        for (bin, count) in other.bins() {
            self.add(bin, count);
        }
    }

    /// Bins that hold something, ascending, with their counts.
    pub fn bins(&self) -> impl Iterator<Item = (u16, u64)> + '_ {
        self.bins.iter().map(|(bin, count)| (*bin, *count))
    }

    /// Latencies counted.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The latency in milliseconds that a share `quantile` (0 to 1) of the counted ones does not exceed (nearest
    /// rank, upper edge of the bin); `None` when nothing was counted.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rank between 1 and total, which is a count"
    )]
    pub fn percentile(&self, quantile: f64) -> Option<f64> {
        let rank = (quantile.clamp(0.0, 1.0) * self.total as f64).ceil().max(1.0) as u64;
        let mut seen = 0;
        self.bins().find_map(|(bin, count)| {
            seen += count;
            (seen >= rank).then(|| SHORTEST_MS * (f64::from(bin) / BINS_PER_DOUBLING).exp2())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_counted_has_no_percentile() {
        assert_eq!(LatencyHistogram::default().percentile(0.5), None);
    }

    proptest! {
        #[test]
        fn percentiles_are_within_the_promised_error(mut values in prop::collection::vec(0.01f64..1e6, 1..200)) {
            let mut histogram = LatencyHistogram::default();
            for value in &values {
                histogram.record(*value);
            }
            values.sort_by(f64::total_cmp);
            let median = values[(values.len() - 1) / 2];
            let read = histogram.percentile(0.5).expect("not empty");
            prop_assert!(read >= median * 0.999 && read <= median * 1.1, "{} for {}", read, median);
        }

        #[test]
        fn any_number_falls_into_a_bin(value in any::<f64>()) {
            prop_assert!(LatencyHistogram::bin(value) <= LAST_BIN);
        }
    }
}
