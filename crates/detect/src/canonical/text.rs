//! Bytes that can remember where in the raw value they came from.

use std::ops::Range;

/// Decoded bytes. A tracked text knows for each byte the half-open range of raw bytes it was made of; an untracked
/// one does not, and is a good deal cheaper: only what is explained needs to be tracked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    bytes: Vec<u8>,
    origins: Option<Vec<(u32, u32)>>,
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
    /// A raw value. A tracked one is cut at `u32::MAX` bytes, which no capped request reaches.
    pub fn raw(value: &[u8], tracking: Tracking) -> Self {
        let origins = match tracking {
            Tracking::On => Some((0_u32..).zip(value).map(|(at, _)| (at, at + 1)).collect()),
            Tracking::Off => None,
        };
        Self { bytes: value.to_vec(), origins }
    }

    /// An empty text that is tracked as this one is.
    pub(super) fn empty_like(&self, capacity: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(capacity),
            origins: self.origins.as_ref().map(|_| Vec::with_capacity(capacity)),
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
        let Some(origins) = self.origins.as_ref().and_then(|origins| origins.get(start..end)) else {
            return (0, 0);
        };
        let from = origins.iter().map(|(from, _)| *from).min().unwrap_or(0);
        let to = origins.iter().map(|(_, to)| *to).max().unwrap_or(0);
        (from as usize, to as usize)
    }

    /// The bytes of a range, with their origins, as a text of its own.
    pub(super) fn part(&self, range: Range<usize>) -> Self {
        Self {
            bytes: self.bytes.get(range.clone()).unwrap_or_default().to_vec(),
            origins: self.origins.as_ref().map(|origins| origins.get(range).unwrap_or_default().to_vec()),
        }
    }

    /// Appends one byte made of the bytes `start..end` of `source`.
    pub(super) fn push_from(&mut self, byte: u8, source: &Self, start: usize, end: usize) {
        self.bytes.push(byte);
        if let (Some(origins), Some(from)) = (&mut self.origins, &source.origins) {
            let first = from.get(start).copied().unwrap_or_default();
            let last = from.get(end.saturating_sub(1)).copied().unwrap_or(first);
            origins.push((first.0.min(last.0), last.1.max(first.1)));
        }
    }

    /// Appends the bytes of a range of `source` as they are.
    pub(super) fn copy(&mut self, source: &Self, range: Range<usize>) {
        self.bytes.extend_from_slice(source.bytes.get(range.clone()).unwrap_or_default());
        if let (Some(origins), Some(from)) = (&mut self.origins, &source.origins) {
            origins.extend_from_slice(from.get(range).unwrap_or_default());
        }
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
