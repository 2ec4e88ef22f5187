//! Instants and the clock that hands them out.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant, in whole microseconds since 1970-01-01T00:00:00Z; displayed as RFC 3339 in UTC with six digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// Text that is not an RFC 3339 instant with a zone, or one outside the years 1 to 9999.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not an RFC 3339 instant with a zone, such as 2026-03-04T05:06:07Z")]
pub struct TimestampError(pub String);

impl Timestamp {
    /// One second, in the unit of this type.
    pub const SECOND_MICROS: i64 = 1_000_000;

    /// Last microsecond that jiff can show: 9999-12-30T22:00:00Z, less its own margin.
    const MAX_MICROS: i64 = 253_402_200_000_000_000;
    /// First one: 0001-01-02T00:00:00Z.
    const MIN_MICROS: i64 = -62_135_510_400_000_000;

    /// The instant that many microseconds after 1970 (before, when negative), clamped to the years 1 to 9999.
    pub fn from_micros(micros: i64) -> Self {
        Self(micros.clamp(Self::MIN_MICROS, Self::MAX_MICROS))
    }

    /// The instant that many seconds after 1970.
    pub fn from_secs(secs: i64) -> Self {
        Self::from_micros(secs.saturating_mul(Self::SECOND_MICROS))
    }

    /// Microseconds since 1970.
    pub fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down.
    pub fn secs(self) -> i64 {
        self.0.div_euclid(Self::SECOND_MICROS)
    }

    /// This instant moved by a number of microseconds, clamped like [`Timestamp::from_micros`].
    #[must_use]
    pub fn plus_micros(self, micros: i64) -> Self {
        Self::from_micros(self.0.saturating_add(micros))
    }

    /// Seconds from `earlier` to this instant; negative when this one is earlier.
    pub fn seconds_since(self, earlier: Self) -> f64 {
        self.0.saturating_sub(earlier.0) as f64 / 1e6
    }

    /// The start of the bucket of `width_s` seconds that holds this instant, counted since 1970.
    #[must_use]
    pub fn bucket_start(self, width_s: i64) -> Self {
        let width = width_s.max(1) * Self::SECOND_MICROS;
        Self::from_micros(self.0.div_euclid(width) * width)
    }

    /// `2026-03-04T05:06:07Z`: without a fraction, for instants that are whole seconds by construction.
    pub fn to_rfc3339_seconds(self) -> String {
        self.civil().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// `2026-03-04T05:06:07.120Z`: with three digits, for instants of measurement.
    pub fn to_rfc3339_millis(self) -> String {
        self.civil().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
    }

    /// `04/Mar/2026:05:06:07`: date and time of the Common Log Format, without the offset from UTC.
    pub fn to_clf(self) -> String {
        self.civil().strftime("%d/%b/%Y:%H:%M:%S").to_string()
    }

    /// `05:06:07`, the clock in UTC that existing dashboards print.
    pub fn clock(self) -> String {
        self.civil().strftime("%H:%M:%S").to_string()
    }

    /// `03-04 05:06`, the short axis label in UTC of existing dashboards.
    pub fn short_label(self) -> String {
        self.civil().strftime("%m-%d %H:%M").to_string()
    }

    fn civil(self) -> jiff::Zoned {
        // The range is held by every constructor, so the fallback is never taken; it only avoids a panic path.
        jiff::Timestamp::from_microsecond(self.0)
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
            .to_zoned(TimeZone::UTC)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.civil().strftime("%Y-%m-%dT%H:%M:%S.%6fZ"))
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.trim()
            .parse::<jiff::Timestamp>()
            .map(|instant| Self::from_micros(instant.as_microsecond()))
            .map_err(|_| TimestampError(text.chars().take(64).collect()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Whoever needs the time takes one of these, so that tests and replays decide what time it is.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that may ask the operating system for the time"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shows_every_form_of_the_contract() {
        let instant: Timestamp = "2026-03-04T05:06:07.123456Z".parse().expect("valid");
        assert_eq!(instant.to_string(), "2026-03-04T05:06:07.123456Z");
        assert_eq!(instant.to_rfc3339_seconds(), "2026-03-04T05:06:07Z");
        assert_eq!(instant.to_rfc3339_millis(), "2026-03-04T05:06:07.123Z");
        assert_eq!(instant.to_clf(), "04/Mar/2026:05:06:07");
        assert_eq!(instant.clock(), "05:06:07");
        assert_eq!(instant.short_label(), "03-04 05:06");
        assert_eq!(instant.bucket_start(1800).to_rfc3339_seconds(), "2026-03-04T05:00:00Z");
    }

    #[test]
    fn refuses_instants_without_a_zone() {
        for text in ["2026-03-04T05:06:07", "2026-03-04", "", "now", "1772600767"] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn reads_offsets_into_utc() {
        let instant: Timestamp = "2026-03-04T06:06:07+01:00".parse().expect("valid");
        assert_eq!(instant.to_rfc3339_seconds(), "2026-03-04T05:06:07Z");
    }

    proptest! {
        #[test]
        fn every_instant_is_read_back_as_it_was_shown(micros in any::<i64>()) {
            let instant = Timestamp::from_micros(micros);
            prop_assert_eq!(instant.to_string().parse::<Timestamp>(), Ok(instant));
        }
    }
}
