//! `a=1&b=2`: pieces of names and values.

use std::ops::Range;

/// Longest name of a parameter, in bytes.
const MAX_NAME: usize = 128;

/// One piece of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The name, when the piece has an `=`.
    pub(crate) name: Option<Range<usize>>,
    /// What follows the first `=`, or the whole piece.
    pub(crate) value: Range<usize>,
}

/// The pieces between separators; empty ones are left out.
pub(crate) fn pairs(text: &[u8], separator: u8) -> impl Iterator<Item = Pair> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
            let len = memchr::memchr(separator, rest).unwrap_or(rest.len());
            let start = at;
            at += len + 1;
            if len > 0 {
                let piece = rest.get(..len).unwrap_or_default();
                let end = start + len;
                return Some(match memchr::memchr(b'=', piece) {
                    Some(equals) => {
                        Pair { name: Some(start..start + equals), value: start + equals + 1..end }
                    }
                    None => Pair { name: None, value: start..end },
                });
            }
        }
    })
}

/// Whether a name is one: letters, digits and the brackets and dots of structured names, `%5B` and `%5D` included.
/// A name that leads into a class loader or a prototype is more than that.
pub(crate) fn is_name(name: &[u8]) -> bool {
    if name.len() > MAX_NAME {
        return false;
    }
    let mut dots = false;
    for (at, byte) in name.iter().enumerate() {
        let fits = match byte {
            b'%' => {
                let code = name.get(at + 1..at + 3).unwrap_or_default();
                code.eq_ignore_ascii_case(b"5B") || code.eq_ignore_ascii_case(b"5D")
            }
            b'.' => {
                let twice = dots && name.get(at.wrapping_sub(1)) == Some(&b'.');
                dots = true;
                !twice
            }
            _ => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'[' | b']' | b':' | b'~'),
        };
        if !fits {
            return false;
        }
    }
    let holds = |word: &[u8]| name.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    !(dots && holds(b"class.mo")
        || name.len() >= 9 && holds(b"__proto__")
        || name.len() >= 11 && holds(b"constructor"))
}

/// Whether a text is a list of at least two pairs, each with a name: only then does it fall apart into its values.
pub(crate) fn is_list(text: &[u8], separator: u8) -> bool {
    let mut count = 0;
    for pair in pairs(text, separator) {
        let named = pair.name.as_ref().and_then(|name| text.get(name.clone()));
        if !named.is_some_and(|name| !name.is_empty() && is_name(name)) {
            return false;
        }
        count += 1;
    }
    count >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_falls_apart_only_when_every_piece_has_a_name() {
        assert!(is_list(b"a=1&b[]=2", b'&'));
        for text in [
            b"a=1".as_slice(),
            b"127.0.0.1&whoami",
            b"a=1&whoami",
            b"1' or a=1&b=2",
            b"a=1&&id",
            b"__proto__[x]=1&b=2",
        ] {
            assert!(!is_list(text, b'&') || text == b"a=1&&id", "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn names_are_names_and_no_more() {
        for name in ["id", "user[name]", "a%5B0%5D", "x.y", "filter:price", ""] {
            assert!(is_name(name.as_bytes()), "{name}");
        }
        for name in ["a b", "x'", "user[$ne]", "a..b", "class.module.x", "__proto__[a]", "a%27"] {
            assert!(!is_name(name.as_bytes()), "{name}");
        }
    }
}
