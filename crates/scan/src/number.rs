//! Numbers for people.

use bartizan_model::Timestamp;

/// `1,234,567`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1,234,567`, with a `+` when there may have been more.
pub(crate) fn count_at_least(number: u64, missed: u64) -> String {
    let text = count(number);
    if missed > 0 { text + "+" } else { text }
}

/// A part of a whole as a fraction; of nothing it is 0.
#[expect(clippy::as_conversions, reason = "counts become fractions; 2^53 is far away")]
pub(crate) fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// `12.3 %`; what is not nothing is never shown as nothing.
pub(crate) fn share(part: u64, whole: u64) -> String {
    let percent = ratio(part, whole) * 100.0;
    match percent {
        0.0 => "0 %".to_owned(),
        ..0.01 => "< 0.01 %".to_owned(),
        ..1.0 => format!("{percent:.2} %"),
        ..99.95 => format!("{percent:.1} %"),
        _ if part < whole => "> 99.9 %".to_owned(),
        _ => "100 %".to_owned(),
    }
}

/// `221 MB`, in powers of ten as disks and networks count.
pub(crate) fn bytes(number: u64) -> String {
    let mut value = ratio(number, 1);
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 999.5 {
            let digits = usize::from(unit != "B" && value < 9.95);
            return format!("{value:.digits$} {unit}");
        }
        value /= 1_000.0;
    }
    format!("{value:.1} TB")
}

/// A score between 0 and 1, with three decimals at most.
pub(crate) fn score(score: f64) -> String {
    format!("{}", (score * 1e3).round() / 1e3)
}

/// `12 ms`, `1.25 s`.
pub(crate) fn milliseconds(ms: f64) -> String {
    match ms {
        ..0.995 => format!("{ms:.2} ms"),
        ..999.5 => format!("{ms:.0} ms"),
        ..99_950.0 => format!("{:.1} s", ms / 1e3),
        _ => format!("{:.0} s", ms / 1e3),
    }
}

/// `30 minutes`, of whole units.
pub(crate) fn seconds(seconds: i64) -> String {
    let (number, unit) = match seconds {
        i64::MIN..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        86_400..604_800 => (seconds / 86_400, "day"),
        _ => (seconds / 604_800, "week"),
    };
    if number == 1 { unit.to_owned() } else { format!("{number} {unit}s") }
}

/// `2026-03-04 05:06:07`, in UTC.
pub(crate) fn time(time: Timestamp) -> String {
    time.to_rfc3339_seconds().replace('T', " ").replace('Z', "")
}

/// `1 file`, `2 files`.
pub(crate) fn plural(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!([0.452_483_568, 0.5, 1.0].map(score), ["0.452", "0.5", "1"]);
        assert_eq!([0, 999, 1_000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(count_at_least(1_000, 2), "1,000+");
        assert_eq!(
            [999, 1_000, 9_949, 221_400_000, 12_000_000_000].map(bytes),
            ["999 B", "1.0 kB", "9.9 kB", "221 MB", "12 GB"]
        );
        assert_eq!(share(0, 0), "0 %");
        assert_eq!(
            [(1, 100_000), (1, 500), (1, 3), (9_999, 10_000), (5, 5)].map(|(part, whole)| share(part, whole)),
            ["< 0.01 %", "0.20 %", "33.3 %", "> 99.9 %", "100 %"]
        );
        assert_eq!([0.5, 12.3, 1_250.0, 120_000.0].map(milliseconds), ["0.50 ms", "12 ms", "1.2 s", "120 s"]);
        assert_eq!(
            [1, 30, 60, 1_800, 10_800, 86_400].map(seconds),
            ["second", "30 seconds", "minute", "30 minutes", "3 hours", "day"]
        );
    }
}
