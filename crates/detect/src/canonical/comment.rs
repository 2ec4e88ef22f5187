//! Comments: short ones are blanks, and of long ones the words around them are read without.

use std::ops::Range;

use memchr::{memchr, memmem};

use super::rewrite::{Piece, rewrite};
use super::{Flags, Text};

/// Longest comment that is taken for white space, in bytes; a longer one might be the payload.
const MAX_SHORT: usize = 24;
/// Bytes between two long comments that are read as they stand; of more, half of that at either end.
const MAX_BETWEEN: usize = 256;

/// `/**/` and other short comments, and the brackets of versioned ones, to a blank.
pub(super) fn short(text: &Text, flags: &mut Flags) -> Option<Text> {
    rewrite(
        text,
        |rest| memmem::find(rest, b"/*"),
        |rest| {
            let len = if rest.get(2) == Some(&b'!') {
                3 + rest.iter().skip(3).take(6).take_while(|byte| byte.is_ascii_digit()).count()
            } else {
                short_len(rest)?
            };
            flags.set(Flags::COMMENT);
            Some((Piece::byte(b' '), len))
        },
    )
}

/// The bytes of a short comment.
pub(super) fn short_len(rest: &[u8]) -> Option<usize> {
    let inner = rest.get(2..rest.len().min(2 + MAX_SHORT + 2))?;
    Some(memmem::find(inner, b"*/")? + 4)
}

/// `union/* a page of prose */select`: what stands around long comments, without them, to be read beside the text
/// itself; `None` where there are none. What stands far from any is left out, so that programs, which are full of
/// comments, are not read twice as a whole.
pub(super) fn around_long(text: &Text) -> Option<Text> {
    let bytes = text.bytes();
    if bytes.len() <= MAX_SHORT {
        return None;
    }
    let mut out: Option<Text> = None;
    let mut from = 0;
    let mut comments = Comments { bytes, at: 0, block_ends: true, line_ends: true };
    while let Some(comment) = comments.next() {
        let out = out.get_or_insert_with(|| text.empty_like(0));
        between(text, from..comment.start, out);
        out.push_from(b' ', text, comment.start, comment.end);
        from = comment.end;
    }
    let mut out = out?;
    between(text, from..bytes.len(), &mut out);
    Some(out)
}

fn between(text: &Text, range: Range<usize>, out: &mut Text) {
    if range.len() <= MAX_BETWEEN {
        out.copy(text, range);
        return;
    }
    let (head, tail) = (range.start + MAX_BETWEEN / 2, range.end - MAX_BETWEEN / 2);
    out.copy(text, range.start..head);
    out.push_from(b'\n', text, head, tail);
    out.copy(text, tail..range.end);
}

/// The long comments of a text, `/* */` and those to the end of a line, `-- ` and `#`.
struct Comments<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Whether the end of a comment of either kind may still follow: what never ends is looked for once.
    block_ends: bool,
    line_ends: bool,
}

impl Comments<'_> {
    fn next(&mut self) -> Option<Range<usize>> {
        while self.block_ends || self.line_ends {
            let rest = self.bytes.get(self.at..)?;
            let start = self.at + rest.iter().position(|byte| matches!(byte, b'/' | b'-' | b'#'))?;
            self.at = start + 1;
            let rest = self.bytes.get(start..)?;
            let end = match (rest.first()?, rest.get(1), rest.get(2)) {
                (b'/', Some(b'*'), sign) if self.block_ends && sign != Some(&b'!') => {
                    let end = memmem::find(rest.get(2..)?, b"*/").map(|len| start + len + 4);
                    self.block_ends = end.is_some();
                    end
                }
                (b'#', ..) | (b'-', Some(b'-'), Some(b' ' | b'\t' | b'\n' | b'-' | b'+'))
                    if self.line_ends =>
                {
                    let end = memchr(b'\n', rest).map(|len| start + len + 1);
                    self.line_ends = end.is_some();
                    end
                }
                _ => None,
            };
            if let Some(end) = end
                && end - start > MAX_SHORT
            {
                self.at = end;
                return Some(start..end);
            }
        }
        None
    }
}
