//! Where models look: overlapping pieces of a text, so that a short payload stands out in a long value.

/// Lengths of the windows in canonical bytes. A text no longer than the longest is also judged as a whole.
const WIDTHS: [usize; 4] = [24, 48, 96, 192];

/// Half-overlapping windows of every length below the text's, the last one flush with its end, and the text
/// itself when it is short; each with what its evidence is divided by.
pub(crate) fn byte_windows(len: usize) -> impl Iterator<Item = (usize, usize, f32)> {
    let longest = WIDTHS.last().copied().unwrap_or_default();
    let whole = (len <= longest).then(|| (0, len, damping(len)));
    WIDTHS
        .into_iter()
        .filter(move |width| *width < len)
        .flat_map(move |width| {
            let divisor = damping(width);
            (0..len - width)
                .step_by(width / 2)
                .chain(std::iter::once(len - width))
                .map(move |at| (at, at + width, divisor))
        })
        .chain(whole)
}

/// What a window is divided by: evidence grows slower than length, or long texts would always be the worst.
/// The constant keeps a handful of bytes from deciding.
pub fn damping(len: usize) -> f32 {
    // At most one window's length, so exact in f32.
    (len as f32 + 12.0).sqrt()
}

/// Tokens in a block of the network. A window is two neighbouring blocks.
pub const BLOCK: usize = 16;

/// The token windows of a text, as half-open ranges of blocks.
pub fn block_windows(tokens: usize) -> impl Iterator<Item = (usize, usize)> {
    let blocks = tokens.div_ceil(BLOCK);
    (0..blocks.saturating_sub(1).max(usize::from(blocks > 0)))
        .map(move |block| (block, (block + 2).min(blocks)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_cover_a_text_and_never_leave_it() {
        for len in [1, 2, 23, 24, 25, 100, 192, 193, 1_000] {
            let mut covered = vec![false; len];
            for (start, end, _) in byte_windows(len) {
                assert!(start < end && end <= len);
                covered[start..end].fill(true);
            }
            assert!(covered.into_iter().all(|byte| byte), "{len}");
        }
    }

    #[test]
    fn block_windows_are_pairs() {
        assert_eq!(block_windows(0).count(), 0);
        assert_eq!(block_windows(1).collect::<Vec<_>>(), [(0, 1)]);
        assert_eq!(block_windows(32).collect::<Vec<_>>(), [(0, 2)]);
        assert_eq!(block_windows(33).collect::<Vec<_>>(), [(0, 2), (1, 3)]);
    }
}
