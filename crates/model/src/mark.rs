//! What stands in the place of a secret that is not kept.

use std::borrow::Cow;

/// What stands for a secret of which nothing may survive.
pub const MASKED: &str = "[masked]";

/// Before and after the digits of a keyed hash.
const HASH_OPEN: &[u8] = b"[hash:";
const HASH_CLOSE: u8 = b']';

/// Hexadecimal digits of a keyed hash that are shown: 48 bits, so that a million different values of one name meet by
/// chance with probability 0.2 % (birthday bound n²/2·2⁻⁴⁸).
const HASH_DIGITS: usize = 12;

/// Longest mark, in bytes.
pub const MAX_MARK: usize = HASH_OPEN.len() + HASH_DIGITS + 1;

/// The mark of a keyed hash, given its first bytes.
pub fn hash_mark(digest: &[u8]) -> Cow<'static, str> {
    use std::fmt::Write as _;
    let mut text = String::from_utf8_lossy(HASH_OPEN).into_owned();
    for byte in digest.iter().take(HASH_DIGITS / 2) {
        // A String takes everything.
        let _written = write!(text, "{byte:02x}");
    }
    text.push(char::from(HASH_CLOSE));
    text.into()
}

/// Length of the mark that a text begins with.
pub fn mark_len(text: &[u8]) -> Option<usize> {
    if text.starts_with(MASKED.as_bytes()) {
        return Some(MASKED.len());
    }
    let after = text.strip_prefix(HASH_OPEN)?;
    let digits = after.get(..HASH_DIGITS)?;
    let is_hash = digits.iter().all(u8::is_ascii_hexdigit) && after.get(HASH_DIGITS) == Some(&HASH_CLOSE);
    is_hash.then_some(HASH_OPEN.len() + HASH_DIGITS + 1)
}

/// Whether a value is a mark and nothing else.
pub fn is_mark(value: &[u8]) -> bool {
    mark_len(value) == Some(value.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_known_again_and_nothing_else_is() {
        let hash = hash_mark(&[0xAB; 32]);
        assert_eq!(hash, "[hash:abababababab]");
        assert_eq!(hash.len(), MAX_MARK);
        for mark in [MASKED, &hash] {
            assert!(is_mark(mark.as_bytes()), "{mark}");
        }
        for other in ["", "[masked", "[masked]x", "[hash:xyz]", "[hash:abababababab", "[hash:ababababababa]"]
        {
            assert!(!is_mark(other.as_bytes()), "{other}");
        }
    }
}
