//! Numbers in log fields: statuses, sizes, durations.

/// The status of a token: up to three digits, or `-` for 0 (unknown); `None` when it is something else.
pub(crate) fn status(token: &[u8]) -> Option<u16> {
    if token == b"-" {
        return Some(0);
    }
    if token.len() > 3 {
        return None;
    }
    whole(token).and_then(|number| u16::try_from(number).ok())
}

/// A whole number of bytes or of anything else; `None` for `-`, and for what does not fit.
pub(crate) fn whole(token: &[u8]) -> Option<u64> {
    let (first, _) = token.split_first()?;
    if !first.is_ascii_digit() {
        return None;
    }
    token.iter().try_fold(0_u64, |sum, digit| {
        let value = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        sum.checked_mul(10)?.checked_add(value)
    })
}

/// A duration in milliseconds: a number with a unit (`ns`, `us`, `µs`, `ms`, `s`), or a bare number of `default_ms` each.
pub(crate) fn duration_ms(text: &str, default_ms: f64) -> Option<f64> {
    let text = text.trim();
    let number_end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(number_end)?;
    let unit_ms = match unit {
        "" => default_ms,
        "ns" => 1e-6,
        "us" | "µs" | "μs" => 1e-3,
        "ms" => 1.0,
        "s" => 1e3,
        _ => return None,
    };
    plausible_ms(number.parse::<f64>().ok()? * unit_ms)
}

/// The sum of several durations, as nginx writes them for the servers that it tried: `0.001, 0.002 : 0.003`.
pub(crate) fn sum_ms(text: &str, unit_ms: f64) -> Option<f64> {
    let known = text.split([',', ':']).filter_map(|part| duration_ms(part, unit_ms));
    known.reduce(|sum, ms| sum + ms).and_then(plausible_ms)
}

/// The duration, unless it is negative or longer than anything that a server waits for (about 11 days).
pub(crate) fn plausible_ms(ms: f64) -> Option<f64> {
    (0.0..=1e9).contains(&ms).then_some(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_have_at_most_three_digits() {
        let cases: [(&[u8], Option<u16>); 7] = [
            (b"200", Some(200)),
            (b"-", Some(0)),
            (b"000", Some(0)),
            (b"999", Some(999)),
            (b"1000", None),
            (b"", None),
            (b"2x0", None),
        ];
        for (token, want) in cases {
            assert_eq!(status(token), want);
        }
    }

    #[test]
    fn several_durations_are_added_up() {
        let close = |text, want: f64| sum_ms(text, 1e3).is_some_and(|ms| (ms - want).abs() < 1e-9);
        assert!(close("0.001, 0.002 : 0.003", 6.0));
        assert!(close("-, 0.002", 2.0));
        assert_eq!(sum_ms("-", 1e3), None);
    }

    #[test]
    fn durations_are_read_with_and_without_a_unit() {
        let cases = [
            ("0.012", Some(12.0)),
            ("12ms", Some(12.0)),
            ("1.5s", Some(1_500.0)),
            ("250µs", Some(0.25)),
            ("250000ns", Some(0.25)),
            ("-", None),
            ("", None),
            ("-1", None),
            ("1e99", None),
            ("99999999999999", None),
            ("1.2.3", None),
        ];
        for (text, want) in cases {
            let read = duration_ms(text, 1_000.0);
            let is_close = match (read, want) {
                (Some(read), Some(want)) => (read - want).abs() < 1e-9,
                (read, want) => read == want,
            };
            assert!(is_close, "{text}: {read:?}");
        }
    }
}
