//! Shares, their intervals, and the area under the curve. Scores come sorted downwards.

use super::Latency;

/// How many of how many; `None` of none.
pub(super) fn share(count: usize, total: usize) -> Option<f64> {
    (total > 0).then(|| count as f64 / total as f64)
}

fn count_at(sorted: &[f64], threshold: f64) -> usize {
    sorted.partition_point(|score| *score >= threshold)
}

/// The 95 % interval of a share of `n` (Wilson, 1927).
pub(super) fn wilson(share: f64, n: usize) -> (f64, f64) {
    const Z: f64 = 1.959_964;
    let n = n.max(1) as f64;
    let middle = share + Z * Z / (2.0 * n);
    let spread = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    (((middle - spread) / scale).max(0.0), ((middle + spread) / scale).min(1.0))
}

/// The probability that an attack scores above a benign row, ties counted half (Mann, Whitney, 1947).
pub(super) fn auc(attacks: &[f64], benign: &[f64]) -> Option<f64> {
    if attacks.is_empty() || benign.is_empty() {
        return None;
    }
    let mut wins = 0.0;
    for score in attacks {
        let at_least = count_at(benign, *score);
        let above = benign.partition_point(|other| other > score);
        wins += (benign.len() - at_least) as f64 + (at_least - above) as f64 / 2.0;
    }
    Some(wins / (attacks.len() as f64 * benign.len() as f64))
}

/// The share of attacks strictly above the score that at most that share of benign rows exceed.
pub(super) fn tpr_at_fpr(attacks: &[f64], benign: &[f64], share: f64) -> Option<f64> {
    if attacks.is_empty() || benign.is_empty() {
        return None;
    }
    let wanted = share * benign.len() as f64;
    let admitted = (1..=benign.len()).take_while(|count| *count as f64 <= wanted).count();
    let limit = benign.get(admitted).copied().unwrap_or(f64::NEG_INFINITY);
    let caught = attacks.partition_point(|score| *score > limit);
    Some(caught as f64 / attacks.len() as f64)
}

/// Median and 99th percentile.
pub(super) fn latency(mut micros: Vec<f64>) -> Latency {
    micros.sort_by(f64::total_cmp);
    let at =
        |hundredth: usize| micros.get((micros.len() * hundredth / 100).min(micros.len().saturating_sub(1)));
    Latency { p50: at(50).copied(), p99: at(99).copied() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_is_one_for_perfect_order_and_half_for_ties() {
        assert_eq!(auc(&[0.9, 0.8], &[0.2, 0.1]), Some(1.0));
        assert_eq!(auc(&[0.5], &[0.5, 0.5]), Some(0.5));
        assert_eq!(auc(&[0.1], &[0.9]), Some(0.0));
        assert_eq!(auc(&[], &[0.9]), None);
    }

    #[test]
    fn a_rate_at_a_false_positive_rate_admits_no_more_benign_rows_than_that() {
        let benign: Vec<f64> = (0..1000).map(|at| 1.0 - f64::from(at) / 1000.0).collect();
        assert_eq!(tpr_at_fpr(&[0.9995, 0.995], &benign, 0.001), Some(0.5));
        assert_eq!(tpr_at_fpr(&[0.9995, 0.995], &benign, 0.01), Some(1.0));
    }

    #[test]
    fn intervals_hold_the_share_and_stay_within_bounds() {
        let (low, high) = wilson(0.5, 4);
        assert!(low > 0.14 && low < 0.16 && high > 0.84 && high < 0.86, "{low} {high}");
        assert_eq!((share(0, 0), share(1, 2)), (None, Some(0.5)));
    }
}
