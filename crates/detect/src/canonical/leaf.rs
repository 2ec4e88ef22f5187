//! The texts that a value holds: itself or the parts it is built of, and what is wrapped in each.

use super::bytes::Kinds;
use super::{Flags, Text, Tracking, Wrapping, binary, canonicalise, comment, normal, split, wrapped};

/// Texts of one value that are judged one by one; what is more is judged in one piece.
pub(super) const MAX_LEAVES: usize = 200;
/// Texts inside texts that are opened.
const MAX_DEPTH: usize = 4;

/// What may stand in words that are put together again.
const BREAKERS: Kinds =
    Kinds::BACKSLASH.with(Kinds::BREAKER).with(Kinds::DOLLAR).with(Kinds::STAR).with(Kinds::PERCENT);

/// One text to judge.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// The canonical bytes, with their origin in the raw value when it is tracked.
    pub text: Text,
    /// What decoding erased.
    pub flags: Flags,
}

/// Everything that a raw value holds: the value itself, or its parts when it is plainly built of parts, and what is
/// wrapped in each.
pub fn leaves(raw: &[u8], wrapping: Wrapping, tracking: Tracking) -> Vec<Leaf> {
    let mut flags = Flags::default();
    let mut gatherer = Gatherer { found: Vec::with_capacity(1) };
    let text = Text::raw(raw, tracking);
    // Bytes that are no text are not worth decoding: what can be read in them is.
    if let Some(printable) = binary::printable(&text, Kinds::of(raw)) {
        flags.set(Flags::BINARY);
        let (decoded, kinds) = super::decode_text(printable, &mut flags);
        gatherer.take(&decoded, kinds, flags, 0);
    } else {
        let (decoded, kinds) = super::decode_placed(text, wrapping, &mut flags);
        gatherer.take(&decoded, kinds, flags, 0);
    }
    gatherer.found
}

struct Gatherer {
    found: Vec<Leaf>,
}

impl Gatherer {
    fn left(&self) -> usize {
        MAX_LEAVES.saturating_sub(self.found.len())
    }

    fn take(&mut self, decoded: &Text, kinds: Kinds, mut flags: Flags, depth: usize) {
        let printable = binary::printable(decoded, kinds);
        if depth < MAX_DEPTH && self.left() > 1 {
            if let Some(parts) = split::parts(decoded, kinds, self.left()) {
                for part in parts {
                    self.open(part, flags, depth + 1);
                }
                return;
            }
            for inner in wrapped::unwrap(decoded, self.left()) {
                let mut flags = Flags::default();
                flags.set(Flags::WRAPPED);
                self.open(inner, flags, depth + 1);
            }
            if kinds.any(Kinds::PLUS)
                && let Some(inner) = wrapped::utf7(decoded)
            {
                let mut flags = flags;
                flags.set(Flags::WRAPPED);
                self.open(inner, flags, MAX_DEPTH);
            }
            if kinds.any(BREAKERS)
                && let Some(inner) = normal::unbroken(decoded)
            {
                let mut flags = flags;
                flags.set(Flags::BROKEN);
                self.open(inner, flags, MAX_DEPTH);
            }
        } else if depth >= MAX_DEPTH && split::parts(decoded, kinds, 2).is_some() {
            flags.set(Flags::CAPPED);
        }
        if self.left() == 0 {
            return;
        }
        let is_text = printable.is_none();
        let text = match printable {
            Some(printable) => {
                flags.set(Flags::BINARY);
                canonicalise(&printable, &mut flags)
            }
            None => canonicalise(decoded, &mut flags),
        };
        self.found.push(Leaf { text, flags });
        if is_text && depth < MAX_DEPTH {
            self.take_otherwise(decoded, kinds, flags);
        }
    }

    /// What else a text may be to its reader.
    fn take_otherwise(&mut self, decoded: &Text, kinds: Kinds, flags: Flags) {
        if kinds.any(Kinds::CONTROL)
            && self.left() > 0
            && !binary::is_wide(decoded.bytes())
            && let Some(inner) = normal::spaced(decoded)
        {
            self.open(inner, flags, MAX_DEPTH);
        }
        if (kinds.any(Kinds::STAR) || memchr::memchr(b'\n', decoded.bytes()).is_some())
            && self.left() > 0
            && let Some(inner) = comment::around_long(decoded)
        {
            let mut flags = flags;
            flags.set(Flags::COMMENT);
            self.open(inner, flags, MAX_DEPTH);
        }
    }

    /// A part may be encoded once more.
    fn open(&mut self, text: Text, mut flags: Flags, depth: usize) {
        let (decoded, kinds) = super::decode_text(text, &mut flags);
        self.take(&decoded, kinds, flags, depth);
    }
}
