//! Random numbers that a failed run can be repeated with.

use bartizan_model::{Clock, SystemClock};

/// SplitMix64 (Steele, Lea and Flood, 2014): small, and good enough to pick moments.
pub(crate) struct SplitMix(u64);

impl SplitMix {
    /// Seeded from `BARTIZAN_SEED`, or from the time; the seed is printed.
    #[expect(clippy::print_stdout, reason = "the seed of a failed run must be known to repeat it")]
    pub(crate) fn seeded() -> Self {
        let seed = std::env::var("BARTIZAN_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed: u64 = seed.unwrap_or_else(|| SystemClock.now().micros().unsigned_abs());
        println!("BARTIZAN_SEED={seed}");
        Self(seed)
    }

    /// Another sequence that this one decides.
    pub(crate) fn fork(&mut self) -> Self {
        Self(self.next())
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }
}
