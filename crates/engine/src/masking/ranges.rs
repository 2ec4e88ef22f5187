//! What was found in a text, brought into order, and what stands there instead.

use std::borrow::Cow;
use std::ops::Range;

use super::mark::{Hiding, MASKED};

/// Replacements in one text; from there on one mark stands for the rest, so that the text grows by a fixed length at
/// most.
pub(super) const MAX_PATCHES: usize = 256;

/// A secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) range: Range<usize>,
    pub(super) hiding: Hiding,
}

impl Found {
    pub(super) fn new(range: Range<usize>, hiding: Hiding) -> Self {
        Self { range, hiding }
    }

    /// The same in a text that begins so many bytes earlier.
    pub(super) fn moved_by(self, bytes: usize) -> Self {
        Self { range: self.range.start + bytes..self.range.end + bytes, hiding: self.hiding }
    }
}

/// A piece of a text and what stands for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Patch {
    pub(super) range: Range<usize>,
    pub(super) text: Cow<'static, str>,
}

/// The pieces without overlap and in order. Where two overlap, the whole is hidden; an outer one hides as it does.
pub(super) fn settled(mut found: Vec<Found>) -> Vec<Found> {
    found.retain(|one| !one.range.is_empty());
    found.sort_by_key(|one| (one.range.start, std::cmp::Reverse(one.range.end)));
    let mut settled: Vec<Found> = Vec::with_capacity(found.len());
    for one in found {
        match settled.last_mut() {
            Some(last) if one.range.end <= last.range.end => {}
            Some(last) if one.range.start < last.range.end => {
                last.range.end = one.range.end;
                last.hiding = Hiding::Mask;
            }
            _ => settled.push(one),
        }
    }
    settled
}

/// At most [`MAX_PATCHES`]: the last one reaches to the end of the text then.
pub(super) fn bounded(mut patches: Vec<Patch>, len: usize) -> Vec<Patch> {
    if patches.len() > MAX_PATCHES {
        patches.truncate(MAX_PATCHES);
        if let Some(last) = patches.last_mut() {
            *last = Patch { range: last.range.start..len, text: MASKED.into() };
        }
    }
    patches
}

/// The text with its patches, which must be in order.
pub(super) fn patched(text: &[u8], patches: &[Patch]) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len());
    let mut at = 0;
    for patch in patches {
        result.extend_from_slice(text.get(at..patch.range.start).unwrap_or_default());
        result.extend_from_slice(patch.text.as_bytes());
        at = patch.range.end.max(at);
    }
    result.extend_from_slice(text.get(at..).unwrap_or_default());
    result
}

/// Where a range of the text before the patches stands after them: what touches a patch takes in its whole mark.
pub(super) fn moved(range: &Range<usize>, patches: &[Patch]) -> (Range<usize>, bool) {
    let (mut start, mut end, mut touched) = (range.start, range.end, false);
    let (mut before, mut after) = (0, 0);
    for patch in patches {
        // Sums of lengths so far: bytes taken away and bytes put in their place.
        let new_start = patch.range.start - before + after;
        let overlaps = patch.range.start < range.end && range.start < patch.range.end;
        before += patch.range.len();
        after += patch.text.len();
        if overlaps {
            touched = true;
            if patch.range.start <= range.start {
                start = new_start;
            }
            if range.end <= patch.range.end {
                end = new_start + patch.text.len();
            }
        }
        if patch.range.end <= range.start {
            start = range.start - before + after;
        }
        if patch.range.end <= range.end {
            end = range.end - before + after;
        }
    }
    (start..end.max(start), touched)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ranges_move_with_the_marks() {
        let patches =
            [(2..4, "[masked]"), (6..7, "[masked]")].map(|(range, text)| Patch { range, text: text.into() });
        assert_eq!(patched(b"0123456789", &patches), b"01[masked]45[masked]789");
        assert_eq!(moved(&(0..2), &patches), (0..2, false));
        assert_eq!(moved(&(3..5), &patches), (2..11, true));
        assert_eq!(moved(&(4..6), &patches), (10..12, false));
        assert_eq!(moved(&(7..9), &patches), (20..22, false));
        assert_eq!(moved(&(0..10), &patches), (0..23, true));
        assert_eq!(moved(&(3..4), &patches), (2..10, true));
    }

    #[test]
    fn overlapping_secrets_are_hidden_as_one() {
        let found = vec![
            Found::new(5..9, Hiding::Hash),
            Found::new(0..4, Hiding::Hash),
            Found::new(1..2, Hiding::Mask),
            Found::new(7..12, Hiding::Hash),
        ];
        assert_eq!(settled(found), [Found::new(0..4, Hiding::Hash), Found::new(5..12, Hiding::Mask)]);
    }

    proptest! {
        #[test]
        fn nothing_moves_out_of_range(
            ranges in proptest::collection::vec((0usize..60, 0usize..60), 0..8), span in (0usize..60, 0usize..60),
        ) {
            let found = ranges.iter().map(|(a, b)| Found::new(*a.min(b)..*a.max(b), Hiding::Mask)).collect();
            let patches: Vec<Patch> =
                settled(found).into_iter().map(|one| Patch { range: one.range, text: MASKED.into() }).collect();
            let text = vec![b'x'; 60];
            let after = patched(&text, &patches);
            let (range, _) = moved(&(span.0.min(span.1)..span.0.max(span.1)), &patches);
            prop_assert!(range.start <= range.end && range.end <= after.len());
        }
    }
}
