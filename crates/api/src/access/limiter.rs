//! How often one caller may ask (API.md 1.10): a token bucket each, in memory of bounded size.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bartizan_model::Timestamp;

/// Callers remembered at most: some megabytes. Beyond, those whose buckets are fullest are forgotten first.
const MAX_CALLERS: usize = 50_000;

/// How often one caller may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests per minute, in the long run.
    pub per_minute: u32,
    /// Requests at once.
    pub burst: u32,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self { per_minute: 1_200, burst: 200 }
    }
}

/// Where a caller stands after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Whether this one may pass.
    pub(crate) passes: bool,
    pub(crate) limit: u32,
    /// Requests that may follow at once.
    pub(crate) remaining: u32,
    /// Seconds until as many as ever may follow at once.
    pub(crate) reset_s: u64,
    /// Seconds until one more may follow.
    pub(crate) retry_after_s: u64,
}

/// The buckets of all callers.
#[derive(Debug)]
pub(crate) struct Limiter {
    limit: RateLimit,
    /// For each caller, the instant at which its bucket is full again.
    full_at: Mutex<HashMap<String, Timestamp>>,
}

impl Limiter {
    pub(crate) fn new(limit: RateLimit) -> Self {
        let limit = RateLimit { per_minute: limit.per_minute.max(1), burst: limit.burst.max(1) };
        Self { limit, full_at: Mutex::default() }
    }

    /// Takes one request out of a caller's bucket.
    pub(crate) fn take(&self, caller: &str, now: Timestamp) -> Standing {
        let step = 60 * Timestamp::SECOND_MICROS / i64::from(self.limit.per_minute);
        let depth = step * i64::from(self.limit.burst);
        let mut callers = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if callers.len() >= MAX_CALLERS && !callers.contains_key(caller) {
            make_room(&mut callers, now);
        }
        let full_at = callers.get(caller).copied().unwrap_or(now).max(now).micros() - now.micros();
        // A clock that was set back must not lock anybody out.
        let taken = full_at.min(depth);
        let passes = taken + step <= depth;
        let taken_now = if passes { taken + step } else { taken };
        callers.insert(caller.to_owned(), now.plus_micros(taken_now));
        let seconds = |micros: i64| {
            let whole = micros.div_euclid(Timestamp::SECOND_MICROS);
            u64::try_from(whole + i64::from(micros % Timestamp::SECOND_MICROS != 0)).unwrap_or(0)
        };
        Standing {
            passes,
            limit: self.limit.per_minute,
            remaining: u32::try_from((depth - taken_now) / step).unwrap_or(0),
            reset_s: seconds(taken_now),
            retry_after_s: seconds((taken + step - depth).max(0)).max(1),
        }
    }
}

fn make_room(callers: &mut HashMap<String, Timestamp>, now: Timestamp) {
    callers.retain(|_, full_at| *full_at > now);
    if callers.len() >= MAX_CALLERS {
        // Half of them go, the least busy ones, so that this is rare.
        let mut instants: Vec<Timestamp> = callers.values().copied().collect();
        let (_, median, _) = instants.select_nth_unstable(MAX_CALLERS / 2);
        let median = *median;
        callers.retain(|_, full_at| *full_at > median);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_secs(1_000).plus_micros(millis * 1_000)
    }

    #[test]
    fn a_burst_passes_and_then_one_at_a_time() {
        let limiter = Limiter::new(RateLimit { per_minute: 60, burst: 3 });
        for remaining in [2, 1, 0] {
            let standing = limiter.take("a", at(0));
            assert!(standing.passes && standing.remaining == remaining, "{standing:?}");
        }
        let refused = limiter.take("a", at(0));
        assert_eq!((refused.passes, refused.retry_after_s, refused.reset_s), (false, 1, 3));
        assert!(limiter.take("b", at(0)).passes, "everybody has a bucket of their own");
        assert!(!limiter.take("a", at(900)).passes);
        assert!(limiter.take("a", at(1_000)).passes, "what was refused took nothing");
        assert_eq!(limiter.take("a", at(60_000)).remaining, 2);
        limiter.take("a", at(60_000));
        limiter.take("a", at(60_000));
        assert_eq!(
            limiter.take("a", at(-3_600_000)).retry_after_s,
            1,
            "a clock that was set back locks nobody out"
        );
        assert!(limiter.take("a", at(-3_599_000)).passes);
    }

    #[test]
    fn strangers_cannot_fill_the_memory() {
        let limiter = Limiter::new(RateLimit::default());
        for n in 0..MAX_CALLERS + 10 {
            assert!(limiter.take(&n.to_string(), at(0)).passes);
        }
        assert!(limiter.full_at.lock().expect("whole").len() <= MAX_CALLERS);
    }
}
