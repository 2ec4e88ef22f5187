//! How many different texts were seen: exact while they are few, then estimated in fixed space.
//!
//! The estimate is that of HyperLogLog (Flajolet et al. 2007) in the form of Ertl (2017, arXiv:1702.01284, algorithm 6),
//! which needs no tables of corrections. With 2^14 registers its standard error is 1.04/√2^14, 0.8 %. What two counted
//! apart can be merged without loss, so that hours and days add up to any span.

/// Registers as a power of two.
const PRECISION: u32 = 14;
const REGISTERS: usize = 1 << PRECISION;

/// Highest rank of a hash: the bits that choose no register, and one.
const MAX_RANK: usize = 64 - PRECISION as usize + 1;

/// Texts up to which their hashes are kept and counted exactly; then the registers are no larger.
const MAX_EXACT: usize = 1_024;

/// First byte of the stored form.
const EXACT: u8 = 0;
const ESTIMATED: u8 = 1;

/// A set of texts of which only the size can be asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Distinct {
    /// Hashes, ascending.
    Exact(Vec<u64>),
    /// One rank per register.
    Estimated(Vec<u8>),
}

impl Default for Distinct {
    fn default() -> Self {
        Self::Exact(Vec::new())
    }
}

impl Distinct {
    /// The set of these texts.
    pub(crate) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut hashes: Vec<u64> = texts.map(hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        let mut set = Self::Exact(hashes);
        set.shrink();
        set
    }

    /// Adds another set.
    pub(crate) fn merge(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::Exact(ours), Self::Exact(theirs)) => {
                ours.extend(theirs);
                ours.sort_unstable();
                ours.dedup();
                self.shrink();
            }
            (Self::Estimated(ours), Self::Estimated(theirs)) => {
                for (our, their) in ours.iter_mut().zip(theirs) {
                    *our = (*our).max(*their);
                }
            }
            (Self::Estimated(ours), Self::Exact(theirs)) => raise(ours, theirs),
            (Self::Exact(ours), Self::Estimated(theirs)) => {
                let mut registers = theirs.clone();
                raise(&mut registers, ours);
                *self = Self::Estimated(registers);
            }
        }
    }

    /// How many texts it holds.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an estimate is finite and above 0: some register is set, or the set would be exact"
    )]
    pub(crate) fn count(&self) -> u64 {
        match self {
            Self::Exact(hashes) => u64::try_from(hashes.len()).unwrap_or(u64::MAX),
            Self::Estimated(registers) => estimate(registers).round() as u64,
        }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Exact(hashes) => {
                std::iter::once(EXACT).chain(hashes.iter().flat_map(|hash| hash.to_be_bytes())).collect()
            }
            Self::Estimated(registers) => {
                std::iter::once(ESTIMATED).chain(registers.iter().copied()).collect()
            }
        }
    }

    /// Reads what [`Distinct::to_bytes`] wrote; `None` for anything else.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (form, rest) = bytes.split_first()?;
        match *form {
            EXACT => {
                let (hashes, odd) = rest.as_chunks::<8>();
                let sorted = hashes.is_sorted_by(|a, b| a < b);
                let is_sound = odd.is_empty() && sorted && hashes.len() <= MAX_EXACT;
                is_sound.then(|| Self::Exact(hashes.iter().map(|hash| u64::from_be_bytes(*hash)).collect()))
            }
            ESTIMATED => {
                let is_sound =
                    rest.len() == REGISTERS && rest.iter().all(|rank| usize::from(*rank) <= MAX_RANK);
                is_sound.then(|| Self::Estimated(rest.to_vec()))
            }
            _ => None,
        }
    }

    fn shrink(&mut self) {
        if let Self::Exact(hashes) = self
            && hashes.len() > MAX_EXACT
        {
            let mut registers = vec![0; REGISTERS];
            raise(&mut registers, hashes);
            *self = Self::Estimated(registers);
        }
    }
}

/// Enters hashes into the registers.
fn raise(registers: &mut [u8], hashes: &[u64]) {
    for hash in hashes {
        // The bit below the hash ends the count of zeros.
        let rank = ((hash << PRECISION) | (1 << (PRECISION - 1))).leading_zeros() + 1;
        let register = usize::try_from(hash >> (64 - PRECISION)).ok().and_then(|at| registers.get_mut(at));
        if let Some(register) = register {
            *register = (*register).max(u8::try_from(rank).unwrap_or(u8::MAX));
        }
    }
}

fn estimate(registers: &[u8]) -> f64 {
    let mut of_rank = [0.0; MAX_RANK + 1];
    for rank in registers {
        if let Some(count) = of_rank.get_mut(usize::from(*rank)) {
            *count += 1.0;
        }
    }
    let size = REGISTERS as f64;
    let [none, ranks @ .., full] = &of_rank;
    let mut sum = size * tau(1.0 - full / size);
    for count in ranks.iter().rev() {
        sum = 0.5 * (sum + count);
    }
    sum += size * sigma(none / size);
    size * size / (2.0 * std::f64::consts::LN_2 * sum)
}

fn sigma(mut x: f64) -> f64 {
    let (mut y, mut z) = (1.0, x);
    // Without any register set the sum has no end; the estimate is 0 then.
    while x < 1.0 {
        x *= x;
        let next = z + x * y;
        if next <= z {
            return z;
        }
        (y, z) = (y + y, next);
    }
    f64::INFINITY
}

fn tau(mut x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut y, mut z) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        y *= 0.5;
        let next = z - (1.0 - x) * (1.0 - x) * y;
        if next >= z {
            return z / 3.0;
        }
        z = next;
    }
}

/// FNV-1a (draft-eastlake-fnv), then the finalizer of SplitMix64 (Steele et al. 2014), because FNV alone mixes its high
/// bits poorly. It is stored, so it never changes.
fn hash(text: &str) -> u64 {
    let fnv = text.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    let mixed = (fnv ^ (fnv >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn addresses(from: u32, to: u32) -> Distinct {
        let texts: Vec<String> = (from..to).map(|n| std::net::Ipv4Addr::from(n).to_string()).collect();
        Distinct::of(texts.iter().map(String::as_str))
    }

    #[test]
    fn few_are_counted_exactly_and_many_within_two_percent() {
        for count in [0, 1, 1_024] {
            assert_eq!(addresses(7, 7 + count).count(), u64::from(count));
        }
        for count in [1_025_u32, 3_000, 10_000, 40_000, 100_000, 300_000] {
            let counted = addresses(1 << 24, (1 << 24) + count).count() as f64;
            let error = (counted / f64::from(count) - 1.0).abs();
            assert!(error <= 0.02, "{count} counted as {counted}");
        }
    }

    #[test]
    fn parts_that_overlap_add_up_to_the_whole() {
        for (from, to) in [(0, 500), (0, 1_500), (400, 600), (0, 60_000)] {
            let mut merged = addresses(0, 1_000);
            merged.merge(&addresses(from, to));
            assert_eq!(merged, addresses(0, to.max(1_000)), "{from}..{to}");
            let mut other_way = addresses(from, to);
            other_way.merge(&addresses(0, 1_000));
            assert_eq!(merged, other_way);
            assert_eq!(Distinct::from_bytes(&merged.to_bytes()), Some(merged));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Some(set) = Distinct::from_bytes(&bytes) {
                prop_assert_eq!(set.to_bytes(), bytes);
            }
        }
    }
}
