//! Rounding at the edge (API.md chapter 9): half away from zero, and always finite.

/// A score or a fraction: four decimals.
pub(crate) fn fraction(value: f64) -> f64 {
    round(value, 1e4)
}

/// A rate in percent or per second: two decimals.
pub(crate) fn rate(value: f64) -> f64 {
    round(value, 1e2)
}

/// Milliseconds, load in percent, rates per minute, lags: one decimal.
pub(crate) fn tenth(value: f64) -> f64 {
    round(value, 10.0)
}

fn round(value: f64, steps: f64) -> f64 {
    let rounded = (value * steps).round() / steps;
    // The contract promises finite numbers, and a negative zero would be printed as such.
    if rounded.is_finite() && rounded != 0.0 { rounded } else { 0.0 }
}

/// Bytes for people: steps of 1024, one decimal from KB, no space; `0B` when unknown (API.md 4.4).
pub(crate) fn size(bytes: Option<u64>) -> String {
    const UNITS: [&str; 5] = ["KB", "MB", "GB", "TB", "PB"];
    let bytes = bytes.unwrap_or(0);
    if bytes < 1_024 {
        return format!("{bytes}B");
    }
    let mut value = bytes as f64 / 1_024.0;
    let mut unit = 0;
    // 1023.95 would be shown as 1024.0 of its unit.
    while value >= 1_023.95 && unit + 1 < UNITS.len() {
        value /= 1_024.0;
        unit += 1;
    }
    format!("{value:.1}{}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_half_away_from_zero_and_stay_finite() {
        let cases = [
            (fraction(0.987_149), 0.9871),
            (fraction(0.987_15), 0.9872),
            (rate(0.125), 0.13),
            (rate(-0.125), -0.13),
            (tenth(12.25), 12.3),
            (tenth(f64::NAN), 0.0),
            (rate(f64::INFINITY), 0.0),
            (rate(1e308), 0.0),
        ];
        for (rounded, expected) in cases {
            assert!((rounded - expected).abs() < 1e-9, "{rounded} for {expected}");
        }
        assert!(tenth(-0.01).is_sign_positive());
    }

    #[test]
    fn sizes_are_shown_in_steps_of_1024() {
        for (bytes, text) in [
            (None, "0B"),
            (Some(0), "0B"),
            (Some(1_023), "1023B"),
            (Some(1_024), "1.0KB"),
            (Some(1_536), "1.5KB"),
            (Some(1_048_575), "1.0MB"),
            (Some(5 << 30), "5.0GB"),
            (Some(u64::MAX), "16384.0PB"),
        ] {
            assert_eq!(size(bytes), text, "{bytes:?}");
        }
    }
}
