//! Counts over a sliding window, in constant memory.

use std::collections::HashSet;

const MICROS: i64 = 1_000_000;

/// Events in the last window, estimated from the current fixed window and the share of the previous one that
/// still overlaps (the sliding-window counter of rate limiters; exact for an even rate).
///
/// Two generations of fifty thousand and more of these are held, so its counts are 32 bits wide and stay at their largest value.
#[derive(Debug, Default)]
pub(super) struct SlidingCount {
    slot: i64,
    current: u32,
    previous: u32,
}

impl SlidingCount {
    /// Adds an event at `now` (microseconds); the count of the window that ends there. An event that arrives
    /// late counts as if it came with the newest.
    pub(super) fn add(&mut self, now: i64, window_s: i64) -> u64 {
        let width = window_s.max(1) * MICROS;
        let slot = now.div_euclid(width).max(self.slot);
        if slot > self.slot {
            self.previous = if slot == self.slot + 1 { self.current } else { 0 };
            self.current = 0;
            self.slot = slot;
        }
        self.current = self.current.saturating_add(1);
        let elapsed = now.saturating_sub(slot * width).clamp(0, width);
        let left = u64::try_from(width - elapsed).unwrap_or(0);
        let older = u64::from(self.previous).saturating_mul(left) / u64::try_from(width).unwrap_or(1);
        u64::from(self.current) + older
    }
}

/// Different keys of the current and the previous fixed window; holds at most twice its limit.
#[derive(Debug, Default)]
pub(super) struct SlidingSet {
    slot: i64,
    current: HashSet<u64>,
    previous: HashSet<u64>,
}

impl SlidingSet {
    /// Adds a key at `now`; how many different ones the window holds, counted up to about twice `limit`.
    pub(super) fn add(&mut self, now: i64, window_s: i64, key: u64, limit: u64) -> u64 {
        let width = window_s.max(1) * MICROS;
        let slot = now.div_euclid(width).max(self.slot);
        if slot > self.slot {
            let ended = std::mem::take(&mut self.current);
            self.previous = if slot == self.slot + 1 { ended } else { HashSet::new() };
            self.slot = slot;
        }
        let cap = usize::try_from(limit).unwrap_or(usize::MAX);
        if self.current.len() < cap {
            self.current.insert(key);
        }
        let fresh = self.current.len();
        // The share of the previous window that still overlaps, as in `SlidingCount`.
        let elapsed = now.saturating_sub(slot * width).clamp(0, width);
        let left = usize::try_from(width - elapsed).unwrap_or(0);
        let older = self.previous.difference(&self.current).count();
        let weighted = older.saturating_mul(left) / usize::try_from(width).unwrap_or(1);
        u64::try_from(fresh + weighted).unwrap_or(u64::MAX)
    }
}
