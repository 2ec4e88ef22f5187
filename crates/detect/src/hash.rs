//! The hash of keys whose order must be the same on every run.

/// FNV-1a, 64 bit (Fowler, Noll, Vo; the constants are theirs).
pub(crate) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
