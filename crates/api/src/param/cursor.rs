//! The opaque `cursor` of a list: where the next page begins, over which span, and of which query.

use std::hash::{DefaultHasher, Hash, Hasher};

use bartizan_engine::Cursor;
use bartizan_model::{Span, Timestamp};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A cursor with what it is valid for. The span is kept in it, so that the later pages of a range that ends now do not
/// lose their first rows while someone reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BoundCursor {
    pub(crate) at: Cursor,
    pub(crate) span: Option<Span>,
}

/// Bytes of a cursor: place, span, seal.
const LENGTH: usize = 5 * 8;

impl BoundCursor {
    /// The text for the caller; `query` is the identity of the query.
    pub(crate) fn seal(&self, query: &str) -> String {
        let mut bytes = Vec::with_capacity(LENGTH);
        for number in self.numbers() {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        bytes.extend_from_slice(&self.checksum(query).to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a cursor; `None` when it was damaged or made for another query.
    pub(crate) fn open(text: &str, query: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == LENGTH)?;
        let mut numbers =
            bytes.chunks_exact(8).filter_map(|chunk| chunk.try_into().ok().map(i64::from_be_bytes));
        let at = Cursor { micros: numbers.next()?, id: numbers.next()? };
        let (from, to) = (numbers.next()?, numbers.next()?);
        let seal = numbers.next()?;
        let span = (from < to).then(|| Span::new(Timestamp::from_micros(from), Timestamp::from_micros(to)));
        let cursor = Self { at, span };
        (cursor.checksum(query).to_be_bytes() == seal.to_be_bytes()).then_some(cursor)
    }

    fn numbers(&self) -> [i64; 4] {
        let (from, to) = self.span.map_or((0, 0), |span| (span.from.micros(), span.to.micros()));
        [self.at.micros, self.at.id, from, to]
    }

    /// Tells accidents apart from cursors of ours; it is no secret, and a forged cursor shows nothing that its caller
    /// may not see anyway.
    fn checksum(&self, query: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.numbers(), query).hash(&mut hasher);
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cursor(micros: i64, id: i64) -> BoundCursor {
        let span = Span::new(Timestamp::from_secs(10), Timestamp::from_secs(20));
        BoundCursor { at: Cursor { micros, id }, span: Some(span) }
    }

    #[test]
    fn a_cursor_is_valid_for_its_own_query_only() {
        let text = cursor(15_000_000, 7).seal("/traffic?a");
        assert_eq!(BoundCursor::open(&text, "/traffic?a"), Some(cursor(15_000_000, 7)));
        assert_eq!(BoundCursor::open(&text, "/traffic?b"), None);
        let without_span = BoundCursor { span: None, ..cursor(1, 2) };
        assert_eq!(BoundCursor::open(&without_span.seal("q"), "q"), Some(without_span));
    }

    proptest! {
        #[test]
        fn every_cursor_is_read_back(micros in any::<i64>(), id in any::<i64>()) {
            prop_assert_eq!(BoundCursor::open(&cursor(micros, id).seal("q"), "q"), Some(cursor(micros, id)));
        }

        #[test]
        fn a_damaged_cursor_is_refused(at in 0..LENGTH, bit in 0..8_u8) {
            let mut bytes = URL_SAFE_NO_PAD.decode(cursor(5, 6).seal("q")).expect("ours");
            bytes[at] ^= 1 << bit;
            prop_assert_eq!(BoundCursor::open(&URL_SAFE_NO_PAD.encode(bytes), "q"), None);
        }

        #[test]
        fn any_text_is_a_cursor_or_refused(text in "\\PC{0,80}") {
            prop_assert_eq!(BoundCursor::open(&text, "q"), None);
        }
    }
}
