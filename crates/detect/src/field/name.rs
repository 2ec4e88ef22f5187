//! What a field is called: cheap to carry, written out only for people.

use std::borrow::Cow;

use crate::structure::json;

/// Longest name shown, in characters.
const MAX_SHOWN: usize = 200;
/// Longest part of a name that is kept where an attack may stand in it, in bytes.
const MAX_CUT: usize = 64;

/// The name of a field, as far as it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name<'a> {
    /// A path, or a value without a name.
    None,
    /// As it was sent.
    Sent(&'a [u8]),
    /// One of a fixed set of words for what has no name of its own.
    Word(&'static str),
    /// The file name of a multipart part.
    File(&'a [u8]),
    /// A parameter in the query of a URL in a header.
    HeaderParameter(&'a str, &'a [u8]),
    /// The token of a JSON text that begins at an offset, by its JSON Pointer.
    Pointer(&'a [u8], usize),
}

impl<'a> Name<'a> {
    /// A name that may be long because it is more than a name.
    pub(super) fn cut(name: &'a [u8]) -> Self {
        Self::Sent(name.get(..MAX_CUT).unwrap_or(name))
    }

    /// The name for people, bytes outside UTF-8 replaced, cut to 200 characters.
    pub(crate) fn text(self) -> Option<String> {
        let bytes: Cow<'_, [u8]> = match self {
            Self::None => return None,
            Self::Sent(name) => name.into(),
            Self::Word(word) => word.as_bytes().into(),
            Self::File(part) => [part, b".filename"].concat().into(),
            Self::HeaderParameter(header, parameter) => [header.as_bytes(), b"?", parameter].concat().into(),
            Self::Pointer(text, at) => json::pointer(text, at),
        };
        Some(String::from_utf8_lossy(&bytes).chars().take(MAX_SHOWN).collect())
    }
}
