//! What decoding erased and a judge should still know.

/// A set of marks; each is one feature of the model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flags(u16);

impl Flags {
    /// UTF-8 longer than it need be.
    pub const OVERLONG: Self = Self(1);
    /// A NUL byte.
    pub const NUL: Self = Self(1 << 1);
    /// Letters or digits that were percent-encoded without need, signs as no encoder writes them (`&#x00003C`), slashes
    /// that lost their percent sign.
    pub const NEEDLESS: Self = Self(1 << 2);
    /// Encoding inside encoding.
    pub const NESTED: Self = Self(1 << 3);
    /// A short comment that was taken for white space.
    pub const COMMENT: Self = Self(1 << 4);
    /// Full-width and other forms that are read as ASCII.
    pub const FULL_WIDTH: Self = Self(1 << 5);
    /// Characters that are not seen, inside a word.
    pub const INVISIBLE: Self = Self(1 << 6);
    /// Strings that were joined.
    pub const JOINED: Self = Self(1 << 7);
    /// `%u0041`.
    pub const PERCENT_U: Self = Self(1 << 8);
    /// Decoded from base64 or hex.
    pub const WRAPPED: Self = Self(1 << 9);
    /// Many bytes that are neither text nor white space.
    pub const BINARY: Self = Self(1 << 10);
    /// Still not settled when a cap on rounds, depth or parts was reached.
    pub const CAPPED: Self = Self(1 << 11);
    /// Words that were broken up by what a shell or a filter drops.
    pub const BROKEN: Self = Self(1 << 12);
    /// Letters of another alphabet in a word, text shown from right to left, messages in tags, stacks of marks.
    pub const DISGUISED: Self = Self(1 << 13);
    /// Control characters other than NUL and white space.
    pub const CONTROL: Self = Self(1 << 14);
    /// No mark.
    pub const NONE: Self = Self(0);

    /// How many marks there are.
    pub const COUNT: usize = 15;

    /// Adds the marks of `other`.
    pub fn set(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether all marks of `other` are set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The numbers of the marks that are set.
    pub fn indices(self) -> impl Iterator<Item = usize> {
        (0..Self::COUNT).filter(move |index| self.0 >> index & 1 == 1)
    }
}
