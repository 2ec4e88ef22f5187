//! How many events a window of a counter usually holds, so that a busy place is no flood.

const MICROS: i64 = 1_000_000;

/// Windows that the mean looks back over: an hour of windows of ten seconds.
const MEMORY: i64 = 360;

/// How much less a window counts in which the counter was over its limit. A flood becomes the usual thing all the same, but
/// late, so that a site that has grown is not called flooded for ever.
const EXCESS: f64 = 0.1;

/// The mean of the windows that ended, the latest counting most.
#[derive(Debug, Default)]
pub(super) struct Usual {
    slot: i64,
    current: u32,
    in_excess: bool,
    mean: f64,
}

impl Usual {
    /// Adds an event at `now` (microseconds) to a counter that is kept since `begun`; the mean of the windows before.
    pub(super) fn add(&mut self, now: i64, begun: i64, window_s: i64) -> f64 {
        let width = window_s.max(1) * MICROS;
        let slot = now.div_euclid(width).max(self.slot);
        if slot > self.slot {
            self.end(slot - self.slot, slot - begun.div_euclid(width));
            self.slot = slot;
        }
        self.current = self.current.saturating_add(1);
        self.mean
    }

    /// Notes that the counter is over its limit in the window that runs.
    pub(super) fn exceed(&mut self) {
        self.in_excess = true;
    }

    /// Takes in the window that ended, and empty ones up to `windows` in all; `age` is how many there were since counting
    /// began, over which a mean can be had.
    fn end(&mut self, windows: i64, age: i64) {
        let share = 1.0 / f64::from(i32::try_from(age.clamp(1, MEMORY)).unwrap_or(i32::MAX));
        let weight = if self.in_excess { share * EXCESS } else { share };
        self.mean += (f64::from(self.current) - self.mean) * weight;
        let empty = i32::try_from(windows - 1).unwrap_or(i32::MAX);
        self.mean *= (1.0 - share).powi(empty);
        self.current = 0;
        self.in_excess = false;
    }
}
