//! Randomness from a seed: candle's own generator for the CPU takes none.

/// SplitMix64 (Steele, Lea, Flood, 2014).
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % (limit.max(1) as u64)).unwrap_or_default()
    }

    pub(crate) fn shuffle<T>(&mut self, values: &mut [T]) {
        for at in (1..values.len()).rev() {
            values.swap(at, self.below(at + 1));
        }
    }

    /// Numbers evenly spread between `-spread` and `spread`.
    pub(crate) fn spread(&mut self, count: usize, spread: f32) -> Vec<f32> {
        (0..count).map(|_| (self.below(1 << 20) as f32 / (1 << 19) as f32 - 1.0) * spread).collect()
    }
}
