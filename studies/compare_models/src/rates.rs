//! Shares of attacks above limits that few benign rows exceed, and the area under the curve.

/// The score that at most this share of benign rows exceeds.
pub(crate) fn limit(benign: &mut [f64], share: f64) -> f64 {
    benign.sort_by(|left, right| right.total_cmp(left));
    let admitted = (1..benign.len()).take_while(|count| *count as f64 <= share * benign.len() as f64).count();
    benign.get(admitted).copied().unwrap_or(f64::NEG_INFINITY)
}

/// The share of scores above a limit.
pub(crate) fn above(scores: &[f64], limit: f64) -> f64 {
    scores.iter().filter(|score| **score > limit).count() as f64 / scores.len().max(1) as f64
}

/// The probability that an attack scores above a benign row, ties counted half. Benign scores come sorted downwards.
pub(crate) fn area(attacks: &[f64], benign: &[f64]) -> f64 {
    let mut wins = 0.0;
    for score in attacks {
        let above = benign.partition_point(|other| other > score);
        let not_below = benign.partition_point(|other| other >= score);
        wins += (benign.len() - not_below) as f64 + (not_below - above) as f64 / 2.0;
    }
    wins / (attacks.len() * benign.len()).max(1) as f64
}
