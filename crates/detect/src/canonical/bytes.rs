//! Which kinds of byte a text holds: one pass that tells all later ones whether they have anything to do.

/// A set of kinds of byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Kinds(u16);

impl Kinds {
    pub(super) const PERCENT: Self = Self(1);
    pub(super) const AMPERSAND: Self = Self(1 << 1);
    pub(super) const BACKSLASH: Self = Self(1 << 2);
    /// Outside ASCII.
    pub(super) const HIGH: Self = Self(1 << 3);
    /// Single and double quotes.
    pub(super) const QUOTE: Self = Self(1 << 4);
    pub(super) const DOLLAR: Self = Self(1 << 5);
    pub(super) const STAR: Self = Self(1 << 6);
    pub(super) const PLUS: Self = Self(1 << 7);
    /// What stands in the middle of shell words to break them up: `^` and the backtick.
    pub(super) const BREAKER: Self = Self(1 << 8);
    pub(super) const EQUALS: Self = Self(1 << 9);
    /// `{` and `[`.
    pub(super) const OPEN: Self = Self(1 << 10);
    pub(super) const QUESTION: Self = Self(1 << 11);
    pub(super) const COMMA: Self = Self(1 << 12);
    /// Control characters that are no white space.
    pub(super) const CONTROL: Self = Self(1 << 13);
    pub(super) const DOT: Self = Self(1 << 14);

    /// The kinds of all bytes of a text.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut kinds = 0;
        for byte in bytes {
            kinds |= TABLE[usize::from(*byte)];
        }
        Self(kinds)
    }

    /// The kinds of the bytes of a text, read no further than to where all of `enough` were seen.
    pub(super) fn until(enough: Self, bytes: &[u8]) -> Self {
        let mut kinds = Self::default();
        for piece in bytes.chunks(PIECE) {
            kinds = kinds.with(Self::of(piece));
            if kinds.all(enough) {
                break;
            }
        }
        kinds
    }

    /// Whether a text holds any of these.
    pub(super) fn any_in(self, bytes: &[u8]) -> bool {
        bytes.chunks(PIECE).any(|piece| Self::of(piece).any(self))
    }

    /// Whether any of `other` is there.
    pub(super) fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether all of `other` are there.
    pub(super) fn all(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Bytes of a long text that are looked at before it is asked whether that is enough.
const PIECE: usize = 256;

const TABLE: [u16; 256] = table();

#[expect(clippy::cast_possible_truncation, reason = "the loop ends at 256")]
const fn table() -> [u16; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let kinds = match byte as u8 {
            b'%' => Kinds::PERCENT,
            b'&' => Kinds::AMPERSAND,
            b'\\' => Kinds::BACKSLASH,
            0x80.. => Kinds::HIGH,
            b'\'' | b'"' => Kinds::QUOTE,
            b'$' => Kinds::DOLLAR,
            b'*' => Kinds::STAR,
            b'+' => Kinds::PLUS,
            b'^' | b'`' => Kinds::BREAKER,
            b'=' => Kinds::EQUALS,
            b'{' | b'[' => Kinds::OPEN,
            b'?' => Kinds::QUESTION,
            b',' => Kinds::COMMA,
            b'.' => Kinds::DOT,
            0..=8 | 14..=31 | 127 => Kinds::CONTROL,
            _ => Kinds(0),
        };
        table[byte] = kinds.0;
        byte += 1;
    }
    table
}
