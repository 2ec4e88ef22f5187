//! Where models look: overlapping pieces of a text, so that a short payload stands out in a long value.

use std::ops::Range;

/// Lengths of the windows in canonical bytes. A text no longer than the longest is also judged as a whole.
const WIDTHS: [usize; 4] = [24, 48, 96, 192];

/// Positions whose windows are looked at together: few enough that their sums stay in the first-level cache, and a
/// multiple of every step from one window to the next.
const SEGMENT: usize = 32 * WIDTHS[3] / 2;

/// The pieces of a text that hold all its windows: each goes as far as the longest window that begins in it.
pub(crate) fn segments(len: usize) -> impl Iterator<Item = Range<usize>> {
    (0..len.max(1)).step_by(SEGMENT).map(move |start| start..(start + SEGMENT + WIDTHS[3]).min(len))
}

/// Half-overlapping windows of every length below the text's, the last one flush with its end, and the text
/// itself when it is short; each with what its evidence is divided by. Those that begin in a segment.
pub(crate) fn byte_windows(len: usize, segment: Range<usize>) -> impl Iterator<Item = (usize, usize, f32)> {
    let starts = segment.start..segment.start + SEGMENT;
    let whole = (len <= WIDTHS[3]).then(|| (0, len, damping(len)));
    WIDTHS
        .into_iter()
        .filter(move |width| *width < len)
        .flat_map(move |width| {
            let divisor = damping(width);
            let last = len - width;
            (starts.start..starts.end.min(last))
                .step_by(width / 2)
                .chain(starts.contains(&last).then_some(last))
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
        for len in [1, 2, 23, 24, 25, 100, 192, 193, 1_000, SEGMENT, SEGMENT + 1, 3 * SEGMENT + 100] {
            let mut covered = vec![false; len];
            let mut starts = Vec::new();
            for segment in segments(len) {
                for (start, end, _) in byte_windows(len, segment.clone()) {
                    assert!(segment.start <= start && start < end && end <= segment.end);
                    covered[start..end].fill(true);
                    starts.push((end - start, start));
                }
            }
            assert!(covered.into_iter().all(|byte| byte), "{len}");
            // As many as there are without segments, and none twice.
            starts.sort_unstable();
            let expected: Vec<(usize, usize)> = WIDTHS
                .into_iter()
                .filter(|width| *width < len)
                .flat_map(|width| {
                    (0..len - width).step_by(width / 2).chain([len - width]).map(move |at| (width, at))
                })
                .chain((len <= WIDTHS[3]).then_some((len, 0)))
                .collect();
            assert_eq!(starts, expected, "{len}");
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
