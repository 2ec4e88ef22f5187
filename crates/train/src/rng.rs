//! The one source of chance in training: seeded, the same on every machine.

/// SplitMix64 (Steele, Lea, Flood, 2014): small, fast, and good enough to shuffle and choose.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    /// A number from 0 up to, but not including, `below`; 0 for 0.
    pub(crate) fn below(&mut self, below: usize) -> usize {
        let below = u64::try_from(below).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % below).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in that many of a hundred cases.
    pub(crate) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of the words.
    pub(crate) fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words.get(self.below(words.len())).copied().unwrap_or("")
    }

    /// One of the words of a text, divided by blanks.
    pub(crate) fn word<'a>(&mut self, words: &'a str) -> &'a str {
        let count = words.split(' ').count();
        let at = self.below(count);
        words.split(' ').nth(at).unwrap_or("")
    }

    /// One of the lines of a text.
    pub(crate) fn line<'a>(&mut self, lines: &'a str) -> &'a str {
        let count = lines.lines().count();
        let at = self.below(count);
        lines.lines().nth(at).unwrap_or("")
    }

    /// That many characters of an alphabet of ASCII characters.
    pub(crate) fn chars(&mut self, alphabet: &str, len: usize) -> String {
        (0..len)
            .filter_map(|_| alphabet.as_bytes().get(self.below(alphabet.len())).copied().map(char::from))
            .collect()
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            let other = self.below(at + 1);
            items.swap(at, other);
        }
    }
}
