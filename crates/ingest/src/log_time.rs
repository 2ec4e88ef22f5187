//! The times that logs carry: the common log format's, RFC 3339, and numbers.

use bartizan_model::Timestamp;

use crate::zone::LogZone;

const MICROS_PER_SECOND: i64 = Timestamp::SECOND_MICROS;

/// One day without leap seconds.
pub(crate) const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// Reads `04/Mar/2026:05:06:07 +0100`, the time of the common log format, optionally with a fraction of seconds.
pub(crate) fn clf_time(text: &[u8]) -> Option<Timestamp> {
    let (clock, zone) = text.split_at(memchr::memchr(b' ', text)?);
    let seconds_east = zone_offset(zone.trim_ascii())?;
    Some(Timestamp::from_micros(clf_clock(clock)? - seconds_east * MICROS_PER_SECOND))
}

/// Reads `04/Mar/2026:05:06:07.123`, without a zone: microseconds since 1970 on that clock.
pub(crate) fn clf_clock(clock: &[u8]) -> Option<i64> {
    let (date, time) = clock.split_at_checked(11)?;
    let [d1, d2, b'/', m1, m2, m3, b'/', year @ ..] = date else {
        return None;
    };
    let days = real_day(number(year)?, month([*m1, *m2, *m3])?, number(&[*d1, *d2])?)?;
    Some(days * MICROS_PER_DAY + clock_micros(time.strip_prefix(b":")?)?)
}

/// Reads `2026-03-04T05:06:07.123` with `T` or a blank between, without a zone: microseconds since 1970 on that clock.
pub(crate) fn iso_clock(text: &[u8]) -> Option<i64> {
    let (date, time) = text.split_at_checked(10)?;
    let (separator, time) = time.split_first()?;
    if !matches!(separator, b'T' | b' ' | b'\t') {
        return None;
    }
    Some(iso_day(date)? * MICROS_PER_DAY + clock_micros(time)?)
}

/// Reads `2026/03/04 05:06:07.123`, Caddy's wall time: microseconds since 1970 on that clock.
pub(crate) fn wall_clock(text: &[u8]) -> Option<i64> {
    let (date, time) = text.split_at_checked(10)?;
    let [y1, y2, y3, y4, b'/', m1, m2, b'/', d1, d2] = date else {
        return None;
    };
    let day = real_day(number(&[*y1, *y2, *y3, *y4])?, number(&[*m1, *m2])?, number(&[*d1, *d2])?)?;
    Some(day * MICROS_PER_DAY + clock_micros(time.strip_prefix(b" ")?)?)
}

/// Reads `2026-03-04`: days since 1970.
pub(crate) fn iso_day(date: &[u8]) -> Option<i64> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = date else {
        return None;
    };
    real_day(number(&[*y1, *y2, *y3, *y4])?, number(&[*m1, *m2])?, number(&[*d1, *d2])?)
}

/// Reads `Wed Mar  4 05:06:07 2026`, as C's `asctime` writes it, without a zone: microseconds since 1970 on that clock.
pub(crate) fn asctime_clock(text: &[u8]) -> Option<i64> {
    let mut words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let _weekday = words.next()?;
    let month = month(words.next()?.try_into().ok()?)?;
    let day = number(words.next().filter(|day| day.len() <= 2)?)?;
    let clock = clock_micros(words.next()?)?;
    let year = number(words.next().filter(|year| year.len() == 4)?)?;
    Some(real_day(year, month, day)? * MICROS_PER_DAY + clock)
}

/// Reads `05:06:07`, optionally with a fraction of seconds: microseconds since midnight.
pub(crate) fn clock_micros(time: &[u8]) -> Option<i64> {
    let [h1, h2, b':', n1, n2, b':', s1, s2, fraction @ ..] = time else {
        return None;
    };
    let hour = number(&[*h1, *h2]).filter(|hour| *hour <= 23)?;
    let minute = number(&[*n1, *n2]).filter(|minute| *minute <= 59)?;
    // A leap second is logged as 60; it counts as the last one before it.
    let second = number(&[*s1, *s2]).filter(|second| *second <= 60)?.min(59);
    Some((hour * 3_600 + minute * 60 + second) * MICROS_PER_SECOND + fraction_micros(fraction)?)
}

/// Days since 1970 of a date that exists.
fn real_day(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_real =
        (1..=12).contains(&month) && (1..=days_in(month, year)).contains(&day) && (1..=9_999).contains(&year);
    is_real.then(|| days_since_1970(year, month, day))
}

/// Reads any of the text forms.
pub(crate) fn text_time(text: &[u8]) -> Option<Timestamp> {
    clf_time(text).or_else(|| str::from_utf8(text).ok()?.parse().ok())
}

/// Reads any of the text forms, and those without a zone as of a clock in `zone`.
pub(crate) fn text_time_in(text: &[u8], zone: &LogZone) -> Option<Timestamp> {
    text_time(text).or_else(|| {
        let clocks = [clf_clock, iso_clock, wall_clock, asctime_clock];
        let local = clocks.iter().find_map(|read| read(text))?;
        zone.instant(local)
    })
}

/// Reads a number since 1970 whose unit follows from its size: seconds, milliseconds, microseconds or nanoseconds.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "a float cast saturates, and Timestamp clamps"
)]
pub(crate) fn unix_time(number: f64) -> Option<Timestamp> {
    // Each bound is the year 5138 in one unit and 1973 in the next.
    let micros = match number.abs() {
        seconds if seconds < 1e11 => number * 1e6,
        millis if millis < 1e14 => number * 1e3,
        micros if micros < 1e17 => number,
        _ => number / 1e3,
    };
    number.is_finite().then(|| Timestamp::from_micros(micros.round() as i64))
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0')))
}

fn month(name: [u8; 3]) -> Option<i64> {
    let month = match &name {
        b"Jan" => 1,
        b"Feb" => 2,
        b"Mar" => 3,
        b"Apr" => 4,
        b"May" => 5,
        b"Jun" => 6,
        b"Jul" => 7,
        b"Aug" => 8,
        b"Sep" => 9,
        b"Oct" => 10,
        b"Nov" => 11,
        b"Dec" => 12,
        _ => return None,
    };
    Some(month)
}

fn days_in(month: i64, year: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar, for years from 1.
///
/// Counted from 1 March of year 0, so that the leap day is the last of its year; the days before a month of such a year
/// are then (153 * month + 2) / 5. Checked against jiff in the tests.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (march_year, march_month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = march_year / 4 - march_year / 100 + march_year / 400;
    let days_since_march_0 = march_year * 365 + leap_days + (153 * march_month + 2) / 5 + day - 1;
    // From 0000-03-01 to 1970-01-01.
    days_since_march_0 - 719_468
}

/// Seconds east of UTC of `+0100`, `-07:30` or `Z`.
pub(crate) fn zone_offset(zone: &[u8]) -> Option<i64> {
    let (sign, hours, minutes) = match zone {
        [b'Z'] => return Some(0),
        [sign, h1, h2, m1, m2] | [sign, h1, h2, b':', m1, m2] => {
            (*sign, number(&[*h1, *h2])?, number(&[*m1, *m2])?)
        }
        _ => return None,
    };
    let seconds = hours * 3_600 + minutes * 60;
    match sign {
        b'+' if minutes <= 59 => Some(seconds),
        b'-' if minutes <= 59 => Some(-seconds),
        _ => None,
    }
}

fn fraction_micros(fraction: &[u8]) -> Option<i64> {
    let Some((separator, digits)) = fraction.split_first() else {
        return Some(0);
    };
    if !matches!(separator, b'.' | b',') || digits.is_empty() || digits.len() > 9 {
        return None;
    }
    let mut micros = 0;
    for place in 0..6 {
        micros = micros * 10 + digits.get(place).map_or(Some(0), |digit| number(&[*digit]))?;
    }
    digits.iter().all(u8::is_ascii_digit).then_some(micros)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_are_read_into_utc() {
        let cases: [(&[u8], Option<&str>); 16] = [
            (b"2026-03-04T05:06:07.310+0100", Some("2026-03-04T04:06:07.310000Z")),
            (b"17/May/2015:10:05:03 +0000", Some("2015-05-17T10:05:03.000000Z")),
            (b"30/Sep/2021:09:58:05 +0200", Some("2021-09-30T07:58:05.000000Z")),
            (b"29/Jul/2023:10:26:07 -0730", Some("2023-07-29T17:56:07.000000Z")),
            (b"29/Feb/2024:23:59:60 +0000", Some("2024-02-29T23:59:59.000000Z")),
            (b"01/Jan/2026:00:00:00.1234567 +0000", Some("2026-01-01T00:00:00.123456Z")),
            (b"2026-03-04T05:06:07+01:00", Some("2026-03-04T04:06:07.000000Z")),
            (b"29/Feb/2023:00:00:00 +0000", None),
            (b"31/Apr/2023:00:00:00 +0000", None),
            (b"00/May/2015:10:05:03 +0000", None),
            (b"17/may/2015:10:05:03 +0000", None),
            (b"17/May/2015:24:05:03 +0000", None),
            (b"17/May/2015:10:05:61 +0000", None),
            (b"17/May/2015:10:05:03", None),
            (b"17/May/2015:10:05:03 0000", None),
            (b"Fri Oct 08 17:08:41.203277 2021", None),
        ];
        for (text, want) in cases {
            let time = text_time(text).map(|time| time.to_string());
            assert_eq!(time.as_deref(), want, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn times_without_a_zone_are_of_the_given_one() {
        let zone: LogZone = "+02:00".parse().expect("a zone");
        let cases: [(&[u8], Option<&str>); 11] = [
            (b"2026/03/04 05:06:07", Some("2026-03-04T03:06:07.000000Z")),
            (b"2026/03/04 05:06:07.655", Some("2026-03-04T03:06:07.655000Z")),
            (b"2026/13/04 05:06:07", None),
            (b"2026/03/04T05:06:07", None),
            (b"04/Mar/2026:05:06:07.655", Some("2026-03-04T03:06:07.655000Z")),
            (b"2026-03-04 05:06:07", Some("2026-03-04T03:06:07.000000Z")),
            (b"2026-03-04T05:06:07.1", Some("2026-03-04T03:06:07.100000Z")),
            (b"Wed Mar  4 05:06:07 2026", Some("2026-03-04T03:06:07.000000Z")),
            (b"04/Mar/2026:05:06:07 +0000", Some("2026-03-04T05:06:07.000000Z")),
            (b"2026-13-04 05:06:07", None),
            (b"2026-03-04", None),
        ];
        for (text, want) in cases {
            let time = text_time_in(text, &zone).map(|time| time.to_string());
            assert_eq!(time.as_deref(), want, "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn numbers_are_read_by_their_size() {
        for number in
            [1_772_600_767.25, 1_772_600_767_250.0, 1_772_600_767_250_000.0, 1_772_600_767_250_000_000.0]
        {
            let time = unix_time(number).map(|time| time.to_string());
            assert_eq!(time.as_deref(), Some("2026-03-04T05:06:07.250000Z"));
        }
        assert_eq!(unix_time(f64::NAN), None);
        assert_eq!(unix_time(f64::INFINITY), None);
    }

    proptest! {
        #[test]
        fn what_strftime_writes_is_read_back(seconds in -62_000_000_000_i64..253_000_000_000, offset in -720_i32..=840) {
            let zone = jiff::tz::TimeZone::fixed(jiff::tz::Offset::from_seconds(offset * 60).expect("in range"));
            let shown = jiff::Timestamp::from_second(seconds).expect("in range").to_zoned(zone);
            // Four digits hold the years 1 to 9999 only.
            prop_assume!((1..=9999).contains(&shown.year()));
            let text = shown.strftime("%d/%b/%Y:%H:%M:%S %z").to_string();
            prop_assert_eq!(clf_time(text.as_bytes()), Some(Timestamp::from_secs(seconds)), "{}", text);
        }

        #[test]
        fn any_bytes_are_a_time_or_not(text in prop::collection::vec(any::<u8>(), 0..40), number in any::<f64>()) {
            let _ = text_time_in(&text, &LogZone::UTC);
            let _ = unix_time(number);
        }
    }
}
