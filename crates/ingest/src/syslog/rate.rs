//! How many messages per second are taken.

use std::time::{Duration, Instant};

/// Messages per second of one source. Above it a stream waits and a datagram is dropped; a core judges about as many,
/// and the rows of a day at that rate are what retention is sized for.
pub(crate) const MAX_PER_SECOND: u32 = 20_000;

/// A bucket of one second's worth of messages that fills steadily.
#[derive(Debug)]
pub(crate) struct Rate {
    left: f64,
    at: Instant,
}

impl Rate {
    pub(crate) fn new(now: Instant) -> Self {
        Self { left: f64::from(MAX_PER_SECOND), at: now }
    }

    /// Takes one message; otherwise how long until there is room for one.
    pub(crate) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let limit = f64::from(MAX_PER_SECOND);
        let elapsed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.left = (self.left + elapsed * limit).min(limit);
        if self.left < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - self.left) / limit));
        }
        self.left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_brings_a_seconds_worth() {
        let start = Instant::now();
        let mut rate = Rate::new(start);
        let mut taken = |at: Instant| (0..MAX_PER_SECOND * 2).filter(|_| rate.take(at).is_ok()).count();
        assert_eq!(taken(start), 20_000);
        assert_eq!(taken(start), 0);
        assert_eq!(taken(start + Duration::from_millis(500)), 10_000);
    }
}
