//! Ranges of time that callers ask for, and the buckets they are answered in (API.md 1.5).

use bartizan_model::{RollupLevel, Span, Timestamp};

use crate::EngineError;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// Bucket widths in seconds (API.md 1.5).
const LADDER: [i64; 14] = [
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    WEEK,
];

/// Longest span that may be asked for: 400 days.
pub const MAX_SPAN_S: i64 = 400 * DAY;

/// First Monday after the epoch, in seconds: seven-day buckets start on Mondays.
const FIRST_MONDAY: i64 = 4 * DAY;

/// A range as asked for, not yet tied to buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeQuery {
    /// The last so many seconds, up to `to` or now.
    Last {
        /// Length in seconds.
        seconds: i64,
        /// End; now when absent.
        to: Option<Timestamp>,
    },
    /// Between two instants.
    Between {
        /// Start.
        from: Timestamp,
        /// End; now when absent.
        to: Option<Timestamp>,
    },
}

impl RangeQuery {
    /// The default of the contract: the last 24 hours.
    pub const DEFAULT: Self = Self::Last { seconds: DAY, to: None };

    /// The exact span, for lists.
    ///
    /// # Errors
    /// [`EngineError::InvalidRange`] for spans that are empty, longer than 400 days, or begin in the future.
    pub fn span(&self, now: Timestamp) -> Result<Span, EngineError> {
        let span = match *self {
            Self::Last { seconds, to } => {
                let to = to.unwrap_or(now);
                if !(MINUTE..=MAX_SPAN_S).contains(&seconds) {
                    return Err(invalid("range", "must be between 1m and 400d"));
                }
                Span::new(to.plus_micros(-seconds * Timestamp::SECOND_MICROS), to)
            }
            Self::Between { from, to } => Span::new(from, to.unwrap_or(now)),
        };
        if span.from > now {
            return Err(invalid("from", "must not be in the future"));
        }
        if span.from >= span.to {
            return Err(invalid("from", "must be before to"));
        }
        if span.seconds() > MAX_SPAN_S {
            return Err(invalid("from", "the span must not exceed 400 days"));
        }
        Ok(span)
    }

    /// The span in whole minutes, for totals: a `range` ends with the current minute.
    ///
    /// # Errors
    /// As for [`RangeQuery::span`].
    pub fn whole_minutes(&self, now: Timestamp) -> Result<Span, EngineError> {
        let span = self.span(now)?;
        let to = ceil(span.to, MINUTE);
        let from = match self {
            Self::Last { seconds, .. } => {
                to.plus_micros(-seconds * Timestamp::SECOND_MICROS).bucket_start(MINUTE)
            }
            Self::Between { .. } => span.from.bucket_start(MINUTE),
        };
        Ok(Span::new(from, to))
    }

    /// The buckets that answer the range with at most `max_points` points.
    ///
    /// # Errors
    /// As for [`RangeQuery::span`].
    pub fn series(&self, now: Timestamp, max_points: u32) -> Result<SeriesWindow, EngineError> {
        let span = self.span(now)?;
        let max_points = i64::from(max_points.clamp(1, 1_000));
        // Beyond the ladder, whole multiples of a week: only asked for with very few points.
        let widths = LADDER.into_iter().chain((2..).map(|weeks| weeks * WEEK));
        for width_s in widths {
            let window = match *self {
                Self::Last { seconds, .. } => {
                    let count = (seconds + width_s - 1) / width_s;
                    // The last bucket is the one that contains the end; an end on an edge belongs to the bucket before.
                    let to = ceil(span.to, width_s);
                    Span::new(to.plus_micros(-count * width_s * Timestamp::SECOND_MICROS), to)
                }
                Self::Between { .. } => Span::new(floor(span.from, width_s), ceil(span.to, width_s)),
            };
            if window.seconds() / width_s <= max_points {
                return Ok(SeriesWindow { span: window, width_s });
            }
        }
        Err(invalid("buckets", "no bucket width fits"))
    }
}

/// Adjacent buckets of equal width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeriesWindow {
    /// From the start of the first bucket to the end of the last.
    pub span: Span,
    /// Width of each, in seconds.
    pub width_s: i64,
}

impl SeriesWindow {
    /// Starts of the buckets, ascending and without gaps.
    pub fn starts(&self) -> impl Iterator<Item = Timestamp> + '_ {
        let count = self.span.seconds() / self.width_s;
        (0..count).map(|n| self.span.from.plus_micros(n * self.width_s * Timestamp::SECOND_MICROS))
    }

    /// The bucket that holds an instant, counted from the first; `None` when it lies outside.
    pub fn index(&self, instant: Timestamp) -> Option<usize> {
        if !self.span.contains(instant) {
            return None;
        }
        let offset = instant.micros() - self.span.from.micros();
        usize::try_from(offset / (self.width_s * Timestamp::SECOND_MICROS)).ok()
    }

    /// The coarsest rollups that still resolve these buckets.
    pub fn level(&self) -> RollupLevel {
        match self.width_s {
            width if width % DAY == 0 => RollupLevel::Day,
            width if width % HOUR == 0 => RollupLevel::Hour,
            _ => RollupLevel::Minute,
        }
    }
}

fn floor(instant: Timestamp, width_s: i64) -> Timestamp {
    if width_s % WEEK == 0 {
        let shift = FIRST_MONDAY * Timestamp::SECOND_MICROS;
        return instant.plus_micros(-shift).bucket_start(width_s).plus_micros(shift);
    }
    instant.bucket_start(width_s)
}

fn ceil(instant: Timestamp, width_s: i64) -> Timestamp {
    let start = floor(instant, width_s);
    if start == instant { start } else { start.plus_micros(width_s * Timestamp::SECOND_MICROS) }
}

fn invalid(field: &'static str, problem: &'static str) -> EngineError {
    EngineError::InvalidRange { field, problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("valid instant")
    }

    /// The table of API.md 1.5.
    #[test]
    fn widths_and_points_follow_the_table_of_the_contract() {
        let now = at("2026-03-04T05:06:07Z");
        for (seconds, width_s, points) in [
            (15 * MINUTE, MINUTE, 15),
            (HOUR, MINUTE, 60),
            (6 * HOUR, 10 * MINUTE, 36),
            (12 * HOUR, 15 * MINUTE, 48),
            (DAY, 30 * MINUTE, 48),
            (7 * DAY, 3 * HOUR, 56),
            (14 * DAY, 6 * HOUR, 56),
            (30 * DAY, 12 * HOUR, 60),
            (90 * DAY, 2 * DAY, 45),
            (365 * DAY, WEEK, 53),
        ] {
            let window = RangeQuery::Last { seconds, to: None }.series(now, 60).expect("valid");
            assert_eq!((window.width_s, window.starts().count()), (width_s, points), "{seconds} s");
            assert!(window.span.contains(now), "the last bucket holds the end");
        }
    }

    #[test]
    fn weeks_start_on_mondays() {
        let window = RangeQuery::Last { seconds: 365 * DAY, to: None }
            .series(at("2026-03-04T05:06:07Z"), 60)
            .expect("valid");
        assert_eq!(window.span.to, at("2026-03-09T00:00:00Z"));
    }

    #[test]
    fn given_instants_are_widened_outward() {
        let query =
            RangeQuery::Between { from: at("2026-03-04T05:06:07Z"), to: Some(at("2026-03-04T05:08:30Z")) };
        let now = at("2026-03-05T00:00:00Z");
        let expected = Span::new(at("2026-03-04T05:06:00Z"), at("2026-03-04T05:09:00Z"));
        assert_eq!(query.whole_minutes(now).expect("valid"), expected);
        let window = query.series(now, 60).expect("valid");
        assert_eq!((window.span, window.width_s), (expected, MINUTE));
    }

    #[test]
    fn totals_end_with_the_current_minute() {
        let span = RangeQuery::DEFAULT.whole_minutes(at("2026-03-04T05:06:07Z")).expect("valid");
        assert_eq!(span, Span::new(at("2026-03-03T05:07:00Z"), at("2026-03-04T05:07:00Z")));
    }

    #[test]
    fn senseless_ranges_are_refused() {
        let now = at("2026-03-04T05:06:07Z");
        for query in [
            RangeQuery::Last { seconds: 0, to: None },
            RangeQuery::Last { seconds: 401 * DAY, to: None },
            RangeQuery::Between { from: now, to: Some(now) },
            RangeQuery::Between { from: now.plus_micros(1), to: None },
            RangeQuery::Between { from: at("2020-03-04T05:06:07Z"), to: None },
        ] {
            assert!(matches!(query.span(now), Err(EngineError::InvalidRange { .. })), "{query:?}");
        }
    }

    #[test]
    fn any_number_of_points_can_be_asked_for() {
        let now = at("2026-03-04T05:06:07Z");
        for points in [1, 2, 7, 59, 1_000] {
            let window =
                RangeQuery::Last { seconds: MAX_SPAN_S, to: None }.series(now, points).expect("valid");
            assert!(window.starts().count() <= points as usize);
        }
    }
}
