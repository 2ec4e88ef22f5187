//! The one loop behind every decoding pass: copy, until something is recognised that reads as something else.

use memchr::memchr;

use super::Text;
use super::settle::sent;

/// What stands instead of the bytes that were recognised: at most what one character stands for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    bytes: [u8; 4],
    len: usize,
}

impl Piece {
    pub(super) const NOTHING: Self = Self { bytes: [0; 4], len: 0 };

    pub(super) fn byte(byte: u8) -> Self {
        Self { bytes: [byte, 0, 0, 0], len: 1 }
    }

    /// Whether it is just that byte.
    fn is(self, byte: u8) -> bool {
        self.len == 1 && self.bytes.first() == Some(&byte)
    }

    /// At most four characters of ASCII.
    pub(super) fn ascii(text: &'static str) -> Self {
        debug_assert!(text.len() <= 4 && text.is_ascii(), "a piece is one character, or what one stands for");
        let mut bytes = [0; 4];
        for (to, from) in bytes.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        Self { bytes, len: text.len().min(4) }
    }

    /// The UTF-8 of a code point; of one that is none, the replacement character.
    pub(super) fn char(code: u32) -> Self {
        let mut bytes = [0; 4];
        let len = char::from_u32(code).unwrap_or('\u{fffd}').encode_utf8(&mut bytes).len();
        Self { bytes, len }
    }
}

/// Rewrites a text. `find` gives the offset of the next candidate in what is left; `take` is asked about the bytes
/// from there on and answers what they read as and how many they are. `None` when nothing was recognised.
///
/// No answer may be longer than what it replaces, so that no pass makes a text longer.
pub(super) fn rewrite(
    text: &Text,
    find: impl Fn(&[u8]) -> Option<usize>,
    mut take: impl FnMut(&[u8]) -> Option<(Piece, usize)>,
) -> Option<Text> {
    rewrite_within(text, find, |bytes, at| take(bytes.get(at..).unwrap_or_default()))
}

/// Rewrites what begins with a byte of its own, and takes encodings inside encodings off at once (`%252527`): where a
/// piece is that byte again, what follows is asked about as if it stood behind it. `take` gets the bytes behind the first
/// and whether they are read for a second time; it answers what all read as and how many of these they are. `layers`
/// becomes the deepest nest that was found.
pub(super) fn rewrite_nested(
    text: &Text,
    first: u8,
    layers: &mut usize,
    mut take: impl FnMut(&[u8], bool) -> Option<(Piece, usize)>,
) -> Option<Text> {
    rewrite(
        text,
        |rest| memchr(first, rest),
        |rest| {
            let rest = rest.get(1..)?;
            let (mut piece, mut taken) = take(rest, false)?;
            let mut depth = 1;
            while piece.is(first)
                && let Some((inner, more)) = rest.get(taken..).and_then(|rest| take(rest, true))
            {
                piece = inner;
                taken += more;
                depth += 1;
            }
            *layers = depth.max(*layers);
            Some((piece, taken + 1))
        },
    )
}

/// Like [`rewrite`], for what depends on the byte before: `take` gets the whole text and the place in it.
pub(super) fn rewrite_within(
    text: &Text,
    find: impl Fn(&[u8]) -> Option<usize>,
    mut take: impl FnMut(&[u8], usize) -> Option<(Piece, usize)>,
) -> Option<Text> {
    let bytes = text.bytes();
    let mut out: Option<Text> = None;
    let mut copied = 0;
    let mut at = 0;
    while let Some(rest) = bytes.get(at..)
        && let Some(offset) = find(rest)
    {
        at += offset;
        let Some((piece, taken)) = take(bytes, at) else {
            at += 1;
            continue;
        };
        debug_assert!(piece.len <= taken && taken > 0, "a pass must not make a text longer");
        let out = out.get_or_insert_with(|| text.empty_like(text.len()));
        out.copy(text, copied..at);
        for byte in piece.bytes.iter().take(piece.len) {
            out.push_from(sent(*byte), text, at, at + taken);
        }
        at += taken;
        copied = at;
    }
    let mut out = out?;
    out.copy(text, copied..text.len());
    Some(out)
}
