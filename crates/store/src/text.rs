//! Caps on text that strangers chose, before it is kept; and NUL, which is replaced for every database, so that each finds
//! and shows the same.

use std::borrow::Cow;

use sha2::{Digest as _, Sha256};

/// Longest client address or host name that is kept, in characters (RFC 1035 section 2.3.4 allows 255 for a name).
pub(crate) const MAX_NAME_CHARS: usize = 255;

/// Longest method that is kept, in characters; the longest registered one has 17 (IANA HTTP method registry).
pub(crate) const MAX_METHOD_CHARS: usize = 32;

/// Longest user agent that is kept, in characters (API.md 4.4).
pub(crate) const MAX_USER_AGENT_CHARS: usize = 1_024;

/// Longest sentence, payload, field value or title that is kept, in characters.
pub(crate) const MAX_TEXT_CHARS: usize = 4_096;

/// The text cut after `max_chars` characters, NUL replaced.
pub(crate) fn cut(text: &str, max_chars: usize) -> String {
    let end = text.char_indices().nth(max_chars).map_or(text.len(), |(at, _)| at);
    let kept = text.get(..end).unwrap_or(text);
    storable(kept).into_owned()
}

/// The text as part of a unique key of at most 1,000 bytes: a longer one is cut, and ends with the SHA-256 of all of it,
/// so that different texts stay different. PostgreSQL refuses index entries above 2,704 bytes.
pub(crate) fn unique(text: &str) -> String {
    const MAX_BYTES: usize = 1_000;
    let whole = storable(text);
    if whole.len() <= MAX_BYTES {
        return whole.into_owned();
    }
    let hash = format!("{:x}", Sha256::digest(text.as_bytes()));
    let head = cut_bytes(whole.as_bytes(), MAX_BYTES - hash.len() - 1);
    // A cut inside a character leaves a mark of three bytes in its place, which is no part of the text.
    format!("{}~{hash}", head.trim_end_matches('\u{FFFD}'))
}

/// The text as a database keeps it: NUL, which PostgreSQL refuses, replaced.
pub(crate) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{FFFD}")) } else { Cow::Borrowed(text) }
}

/// At most that many bytes as text: bytes outside UTF-8 replaced, never cut inside a character.
pub(crate) fn cut_bytes(bytes: &[u8], max_bytes: usize) -> String {
    let head = bytes.get(..max_bytes).unwrap_or(bytes);
    let mut text = String::from_utf8_lossy(head).replace('\0', "\u{FFFD}");
    let mut end = max_bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_is_cut_between_characters() {
        for (text, max, cut_text) in
            [("abc", 5, "abc"), ("äöü", 2, "äö"), ("a\0b", 3, "a\u{FFFD}b"), ("", 0, "")]
        {
            assert_eq!(cut(text, max), cut_text);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_become_text_within_the_cap(bytes in prop::collection::vec(any::<u8>(), 0..300), max in 0usize..200) {
            prop_assert!(cut_bytes(&bytes, max).len() <= max);
        }
    }
}
