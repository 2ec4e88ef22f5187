//! Bytes that can remember where in the raw value they came from.

use std::ops::Range;

use super::origins::Origins;

/// Decoded bytes. A tracked text knows for each byte the half-open range of raw bytes it was made of; an untracked
/// one does not, and is cheaper: only what is explained needs to be tracked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    bytes: Vec<u8>,
    origins: Option<Origins>,
}

/// Whether a text remembers its raw bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tracking {
    /// It does: for explanations.
    On,
    /// It does not: for scores alone.
    Off,
}

impl Text {
    /// A raw value.
    pub fn raw(value: &[u8], tracking: Tracking) -> Self {
        let origins = match tracking {
            Tracking::On => Some(Origins::raw(value.len())),
            Tracking::Off => None,
        };
        Self { bytes: value.to_vec(), origins }
    }

    /// An empty text that is tracked as this one is.
    pub(super) fn empty_like(&self, capacity: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(capacity),
            origins: self.origins.as_ref().map(|origins| origins.empty_like(capacity)),
        }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The raw range that the bytes `start..end` were made of; empty when the range is, or nothing was tracked.
    pub fn origin(&self, start: usize, end: usize) -> (usize, usize) {
        let origins = self.origins.as_ref().filter(|_| start < end && end <= self.len());
        origins.map_or((0, 0), |origins| origins.of(start..end))
    }

    /// The bytes of a range, with their origins, as a text of its own.
    pub(super) fn part(&self, range: Range<usize>) -> Self {
        let mut part = self.empty_like(range.len());
        part.copy(self, range);
        part
    }

    /// Appends one byte made of the bytes `start..end` of `source`.
    pub(super) fn push_from(&mut self, byte: u8, source: &Self, start: usize, end: usize) {
        if let (Some(origins), Some(from)) = (&mut self.origins, &source.origins) {
            origins.push(self.bytes.len(), from, start, end.max(start + 1));
        }
        self.bytes.push(byte);
    }

    /// Appends the bytes of a range of `source` as they are.
    pub(super) fn copy(&mut self, source: &Self, range: Range<usize>) {
        let Some(bytes) = source.bytes.get(range.clone()).filter(|bytes| !bytes.is_empty()) else { return };
        if let (Some(origins), Some(from)) = (&mut self.origins, &source.origins) {
            origins.copy(self.bytes.len(), from, range);
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Appends the bytes of a range of `source`, ASCII letters in lower case.
    pub(super) fn copy_lower(&mut self, source: &Self, range: Range<usize>) {
        let start = self.bytes.len();
        self.copy(source, range);
        self.bytes.get_mut(start..).unwrap_or_default().make_ascii_lowercase();
    }

    /// Replaces byte values in place, one for one.
    pub(super) fn map_bytes(&mut self, map: impl Fn(u8) -> u8) {
        for byte in &mut self.bytes {
            *byte = map(*byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What [`Origins`] stands for, byte by byte.
    fn each(text: &Text) -> Vec<(usize, usize)> {
        (0..text.len()).map(|at| text.origin(at, at + 1)).collect()
    }

    proptest! {
        #[test]
        fn runs_say_the_same_as_an_origin_for_each_byte(
            raw in proptest::collection::vec(any::<u8>(), 1..60),
            steps in proptest::collection::vec((any::<bool>(), 0..6_usize, 0..8_usize), 0..80),
        ) {
            let mut text = Text::raw(&raw, Tracking::On);
            let mut model: Vec<(usize, usize)> = (0..raw.len()).map(|at| (at, at + 1)).collect();
            for pass in steps.chunks(20) {
                let mut next = text.empty_like(0);
                let mut expected = Vec::new();
                let (mut start, mut end) = (0, 0);
                for (copied, ahead, len) in pass {
                    // Bytes may be dropped, and read twice to make others of, but neither end goes back.
                    start = (if *copied { end } else { start } + ahead).min(text.len());
                    end = (start + len).min(text.len()).max(end);
                    let range = start..end;
                    start = if *copied { end } else { start };
                    if *copied {
                        next.copy(&text, range.clone());
                        expected.extend_from_slice(&model[range]);
                    } else if !range.is_empty() {
                        next.push_from(0, &text, range.start, range.end);
                        let inside = &model[range];
                        let from = inside.iter().map(|(from, _)| *from).min().expect("it is not empty");
                        let to = inside.iter().map(|(_, to)| *to).max().expect("it is not empty");
                        expected.push((from, to));
                    }
                }
                prop_assert_eq!(each(&next), expected.clone());
                for start in 0..next.len() {
                    let (from, to) = next.origin(start, next.len());
                    prop_assert_eq!(from, expected[start..].iter().map(|(from, _)| *from).min().unwrap_or(0));
                    prop_assert_eq!(to, expected[start..].iter().map(|(_, to)| *to).max().unwrap_or(0));
                }
                (text, model) = (next, expected);
            }
        }
    }
}
