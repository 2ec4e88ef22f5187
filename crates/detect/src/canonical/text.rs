//! Bytes that remember where in the raw value they came from.

/// Decoded bytes, each with the half-open range of raw bytes it was made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    bytes: Vec<u8>,
    origins: Vec<(u32, u32)>,
}

impl Text {
    /// A raw value, each byte its own origin. Cut at `u32::MAX` bytes, which no capped request reaches.
    pub fn raw(value: &[u8]) -> Self {
        let origins = (0_u32..).zip(value).map(|(at, _)| (at, at + 1)).collect();
        Self { bytes: value.to_vec(), origins }
    }

    pub(super) fn with_capacity(len: usize) -> Self {
        Self { bytes: Vec::with_capacity(len), origins: Vec::with_capacity(len) }
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

    /// The raw range that the bytes `start..end` were made of; empty when the range is.
    pub fn origin(&self, start: usize, end: usize) -> (usize, usize) {
        let Some(origins) = self.origins.get(start..end) else { return (0, 0) };
        let from = origins.iter().map(|(from, _)| *from).min().unwrap_or(0);
        let to = origins.iter().map(|(_, to)| *to).max().unwrap_or(0);
        (from as usize, to as usize)
    }

    pub(super) fn at(&self, index: usize) -> Option<u8> {
        self.bytes.get(index).copied()
    }

    /// Appends one byte made of the bytes `start..end` of `source`.
    pub(super) fn push_from(&mut self, byte: u8, source: &Self, start: usize, end: usize) {
        let first = source.origins.get(start).copied().unwrap_or_default();
        let last = source.origins.get(end.saturating_sub(1)).copied().unwrap_or(first);
        self.bytes.push(byte);
        self.origins.push((first.0.min(last.0), last.1.max(first.1)));
    }

    /// Appends the byte at `index` of `source` as it is.
    pub(super) fn copy(&mut self, source: &Self, index: usize) {
        if let (Some(byte), Some(origin)) = (source.bytes.get(index), source.origins.get(index)) {
            self.bytes.push(*byte);
            self.origins.push(*origin);
        }
    }

    /// Appends a character made of the bytes `start..end` of `source`.
    pub(super) fn push_char_from(&mut self, code: u32, source: &Self, start: usize, end: usize) {
        let mut buffer = [0; 4];
        let encoded = char::from_u32(code).unwrap_or('\u{fffd}').encode_utf8(&mut buffer);
        // A replacement is three bytes; every escape that can be out of range is longer than that.
        for byte in encoded.bytes() {
            self.push_from(byte, source, start, end);
        }
    }

    /// Replaces byte values in place, one for one.
    pub(super) fn map_bytes(&mut self, map: impl Fn(u8) -> u8) {
        for byte in &mut self.bytes {
            *byte = map(*byte);
        }
    }
}
