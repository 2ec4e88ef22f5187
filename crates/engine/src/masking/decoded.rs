//! One level of decoding that remembers where every byte came from, so that what is found in it can be hidden in the
//! spelling that was sent.

use std::borrow::Cow;
use std::ops::Range;

/// Levels of encoding that are undone: one by the client, one by a proxy or a log, one by an attacker.
pub(super) const MAX_LEVELS: usize = 3;

/// Named references that can stand for the quotes around a value (HTML 13.5).
const REFERENCES: [(&[u8], u8); 5] =
    [(b"&quot;", b'"'), (b"&apos;", b'\''), (b"&amp;", b'&'), (b"&lt;", b'<'), (b"&gt;", b'>')];

/// Which spellings are undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// `%41`, `\x41`, `\u0041`, `\"`, `&#65;`, `&quot;`.
    All,
    /// Those with a backslash: what servers write into logs.
    Backslash,
}

/// A decoded text and the places of its bytes in the text before.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) bytes: Vec<u8>,
    /// One more than bytes: the last is the length of the text before.
    places: Vec<usize>,
}

impl Decoded {
    /// The text with one level undone; `None` when there is none.
    pub(super) fn of(text: &[u8], spelling: Spelling) -> Option<Self> {
        let first = next_escape(text, 0, spelling)?;
        let mut decoded =
            Self { bytes: Vec::with_capacity(text.len()), places: Vec::with_capacity(text.len() + 1) };
        let (mut at, mut changed, mut next) = (0, false, Some(first));
        while let Some(escape) = next {
            decoded.copy(text, at..escape);
            if let Some((unit, len)) = unit(text.get(escape..).unwrap_or_default(), spelling) {
                changed = true;
                decoded.push(unit, escape);
                at = escape + len;
            } else {
                decoded.copy(text, escape..escape + 1);
                at = escape + 1;
            }
            next = next_escape(text, at, spelling);
        }
        decoded.copy(text, at..text.len());
        decoded.places.push(text.len());
        changed.then_some(decoded)
    }

    /// Where a range stood in the text before.
    pub(super) fn origin(&self, range: &Range<usize>) -> Range<usize> {
        let place = |at: usize| self.places.get(at).or(self.places.last()).copied().unwrap_or(0);
        place(range.start)..place(range.end)
    }

    fn copy(&mut self, text: &[u8], range: Range<usize>) {
        self.bytes.extend_from_slice(text.get(range.clone()).unwrap_or_default());
        self.places.extend(range);
    }

    fn push(&mut self, unit: u32, place: usize) {
        let before = self.bytes.len();
        if let Ok(byte) = u8::try_from(unit) {
            // A byte stands for itself, whatever it is a part of.
            self.bytes.push(byte);
        } else {
            let c = char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER);
            self.bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        self.places.extend(std::iter::repeat_n(place, self.bytes.len() - before));
    }
}

/// A value as its owner wrote it: up to three levels undone.
pub(super) fn plain(text: &[u8]) -> Cow<'_, [u8]> {
    let mut plain = Cow::Borrowed(text);
    for _ in 0..MAX_LEVELS {
        let Some(decoded) = Decoded::of(&plain, Spelling::All) else { break };
        plain = Cow::Owned(decoded.bytes);
    }
    plain
}

/// Whether a text spells letters, digits or the beginning of a URL in a way that a plain search would miss.
pub(super) fn is_veiled(text: &[u8]) -> bool {
    let mut at = 0;
    while let Some(escape) = next_escape(text, at, Spelling::All) {
        let rest = text.get(escape..).unwrap_or_default();
        at = escape + 1;
        match rest {
            [b'%', b'u' | b'U', ..]
            | [b'%', b'2', b'5', ..]
            | [b'%', b'3', b'a' | b'A', b'%', b'2', b'f' | b'F', ..] => return true,
            _ => {}
        }
        if let Some((unit, _)) = unit(rest, Spelling::All)
            && rest.get(1).is_some_and(u8::is_ascii_alphanumeric) | rest.starts_with(b"&#")
            && u8::try_from(unit).is_ok_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            return true;
        }
    }
    false
}

fn next_escape(text: &[u8], from: usize, spelling: Spelling) -> Option<usize> {
    let rest = text.get(from..)?;
    let found = match spelling {
        Spelling::All => memchr::memchr3(b'%', b'\\', b'&', rest),
        Spelling::Backslash => memchr::memchr(b'\\', rest),
    };
    found.map(|at| from + at)
}

/// The code that an escape stands for, and its length.
fn unit(rest: &[u8], spelling: Spelling) -> Option<(u32, usize)> {
    match rest {
        [b'%', b'u' | b'U', digits @ ..] if spelling == Spelling::All => Some((hex(digits, 4)?, 6)),
        [b'%', digits @ ..] if spelling == Spelling::All => Some((hex(digits, 2)?, 3)),
        [b'\\', b'x' | b'X', digits @ ..] => Some((hex(digits, 2)?, 4)),
        [b'\\', b'u' | b'U', digits @ ..] => Some((hex(digits, 4)?, 6)),
        [b'\\', b'n', ..] => Some((u32::from(b'\n'), 2)),
        [b'\\', b'r', ..] => Some((u32::from(b'\r'), 2)),
        [b'\\', b't', ..] => Some((u32::from(b'\t'), 2)),
        [b'\\', b'b', ..] => Some((8, 2)),
        [b'\\', b'f', ..] => Some((12, 2)),
        [b'\\', b'v', ..] => Some((11, 2)),
        [b'\\', mark @ (b'"' | b'\\' | b'/' | b'\''), ..] => Some((u32::from(*mark), 2)),
        [b'&', b'#', number @ ..] => reference(number),
        [b'&', ..] => REFERENCES
            .iter()
            .find(|(name, _)| rest.starts_with(name))
            .map(|(name, byte)| (u32::from(*byte), name.len())),
        _ => None,
    }
}

/// `65;` or `x41;`, behind `&#`.
fn reference(number: &[u8]) -> Option<(u32, usize)> {
    let end = number.iter().take(9).position(|byte| *byte == b';')?;
    let digits = number.get(..end)?;
    let code = match digits {
        [b'x' | b'X', digits @ ..] => hex(digits, digits.len()),
        _ => std::str::from_utf8(digits).ok()?.parse().ok(),
    }?;
    Some((code, 2 + end + 1))
}

fn hex(digits: &[u8], len: usize) -> Option<u32> {
    if len == 0 {
        return None;
    }
    let mut value = 0_u32;
    for digit in digits.get(..len)? {
        value = value.checked_mul(16)? + char::from(*digit).to_digit(16)?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_spelling_is_undone_with_its_place() {
        for text in ["p%61ss", r"p\x61ss", r"p\u0061ss", "p&#97;ss", "p&#x61;ss", "p%u0061ss"] {
            let decoded = Decoded::of(text.as_bytes(), Spelling::All).expect(text);
            assert_eq!(decoded.bytes, b"pass", "{text}");
            assert_eq!(decoded.origin(&(1..2)), 1..text.len() - 2, "{text}");
            assert!(is_veiled(text.as_bytes()), "{text}");
        }
        assert_eq!(plain(b"%2561"), b"a".as_slice());
        for text in ["a%20b", "a%5Bb%5D=1", r"C:\dir", "a&b", "100%", "%zz", "a%40b"] {
            assert!(!is_veiled(text.as_bytes()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn places_lie_in_order_inside_the_text(text in proptest::collection::vec(prop::sample::select(br"%\&#x0u4;a1q".to_vec()), 0..60)) {
            if let Some(decoded) = Decoded::of(&text, Spelling::All) {
                prop_assert_eq!(decoded.places.len(), decoded.bytes.len() + 1);
                prop_assert!(decoded.places.windows(2).all(|pair| pair[0] <= pair[1]));
                prop_assert_eq!(decoded.places.last(), Some(&text.len()));
            }
        }
    }
}
