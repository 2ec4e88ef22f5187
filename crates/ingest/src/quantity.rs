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

/// A duration in milliseconds: a number with a unit (`ns`, `us`, `µs`, `ms`, `s`), a duration as Go writes it (`1m2.5s`),
/// or a bare number of `default_ms` each.
pub(crate) fn duration_ms(text: &str, default_ms: f64) -> Option<f64> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        return plausible_ms(number * default_ms);
    }
    let (mut rest, mut sum, mut last_ms) = (text, 0.0, f64::INFINITY);
    while !rest.is_empty() {
        let (number, unit, after) = number_with_unit(rest)?;
        let unit_ms = match unit {
            "ns" => 1e-6,
            "us" | "µs" | "μs" => 1e-3,
            "ms" => 1.0,
            "s" => 1e3,
            // Never the last: `5m` may be five of anything, while Go writes `5m0s`.
            "m" if !after.is_empty() => 60e3,
            "h" if !after.is_empty() => 3_600e3,
            _ => return None,
        };
        if unit_ms >= last_ms {
            return None;
        }
        last_ms = unit_ms;
        sum += number.parse::<f64>().ok()? * unit_ms;
        rest = after;
    }
    if text.is_empty() { None } else { plausible_ms(sum) }
}

/// The first number of a text, the unit behind it, and what follows both.
fn number_with_unit(text: &str) -> Option<(&str, &str, &str)> {
    let is_digit = |c: char| c.is_ascii_digit() || c == '.';
    let (number, rest) = text.split_at_checked(text.find(|c| !is_digit(c))?)?;
    let rest = rest.trim_start();
    let (unit, after) = rest.split_at_checked(rest.find(is_digit).unwrap_or(rest.len()))?;
    Some((number, unit, after))
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
            ("12 ms", Some(12.0)),
            ("1.234567ms", Some(1.234_567)),
            ("1m2s", Some(62_000.0)),
            ("1h0m0.5s", Some(3_600_500.0)),
            ("1.5e-05", Some(0.015)),
            ("5m", None),
            ("2s1m", None),
            ("1s1s", None),
            ("1sx", None),
            ("s", None),
            ("ms12", None),
            ("NaN", None),
            ("inf", None),
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
