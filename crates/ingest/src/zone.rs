//! The time zone of logs whose times carry none.

use std::fmt;
use std::str::FromStr;

use bartizan_model::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The zone in which a server writes times that do not name theirs; UTC unless it is given.
///
/// Parsed from a name of the zone database (`Europe/Berlin`), from `UTC`, or from an offset (`+02:00`, `-0730`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogZone(TimeZone);

/// Text that names no time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no time zone; use a name such as Europe/Berlin, UTC, or an offset such as +02:00")]
pub struct ZoneError(pub String);

impl LogZone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(TimeZone::UTC);

    /// The instant at which clocks in this zone show `local_micros` (microseconds since 1970 on that clock). When
    /// clocks are set back, of the two instants the earlier one; when forward, as if they had not been.
    pub(crate) fn instant(&self, local_micros: i64) -> Option<Timestamp> {
        if self.0 == TimeZone::UTC {
            return Some(Timestamp::from_micros(local_micros));
        }
        let as_utc = jiff::Timestamp::from_microsecond(local_micros).ok()?;
        let shown: DateTime = TimeZone::UTC.to_datetime(as_utc);
        let instant = self.0.to_timestamp(shown).ok()?;
        Some(Timestamp::from_micros(instant.as_microsecond()))
    }
}

impl Default for LogZone {
    fn default() -> Self {
        Self::UTC
    }
}

impl FromStr for LogZone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || ZoneError(text.chars().take(64).collect());
        if matches!(text, "UTC" | "utc" | "Z") {
            return Ok(Self::UTC);
        }
        if text.starts_with(['+', '-']) {
            let seconds = crate::log_time::zone_offset(text.as_bytes()).ok_or_else(unknown)?;
            let seconds = i32::try_from(seconds).map_err(|_| unknown())?;
            let offset = jiff::tz::Offset::from_seconds(seconds).map_err(|_| unknown())?;
            return Ok(Self(TimeZone::fixed(offset)));
        }
        TimeZone::get(text).map(Self).map_err(|_| unknown())
    }
}

impl fmt::Display for LogZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.iana_name(), self.0.to_fixed_offset()) {
            (Some(name), _) => f.write_str(name),
            (None, Ok(offset)) => write!(f, "{offset}"),
            (None, Err(_)) => f.write_str("UTC"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_times_become_instants() {
        // 2026-07-01T12:00:00 on the clock.
        let noon = 1_782_907_200_000_000;
        for (zone, want) in [
            ("UTC", "2026-07-01T12:00:00Z"),
            ("+02:00", "2026-07-01T10:00:00Z"),
            ("-0730", "2026-07-01T19:30:00Z"),
        ] {
            let zone: LogZone = zone.parse().expect("a zone");
            assert_eq!(zone.instant(noon).map(Timestamp::to_rfc3339_seconds).as_deref(), Some(want));
        }
    }

    #[test]
    fn what_is_no_zone_is_refused_with_an_example() {
        for text in ["Mars/Olympus", "", "+25", "02:00"] {
            let error = text.parse::<LogZone>().expect_err("no zone").to_string();
            assert!(error.contains("Europe/Berlin"), "{error}");
        }
    }
}
