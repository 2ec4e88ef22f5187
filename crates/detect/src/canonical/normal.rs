//! Spellings that an interpreter reads as one: comments for blanks, strings joined, words broken up.

use memchr::{memchr2, memmem};

use super::rewrite::{Piece, rewrite, rewrite_within};
use super::{Flags, Text};

/// Longest comment that is taken for white space, in bytes; a longer one might be the payload.
const MAX_COMMENT: usize = 24;

/// `/**/` and other short comments, and the brackets of versioned ones, to a blank.
pub(super) fn comments(text: &Text, flags: &mut Flags) -> Option<Text> {
    rewrite(
        text,
        |rest| memmem::find(rest, b"/*"),
        |rest| {
            let len = if rest.get(2) == Some(&b'!') {
                3 + rest.iter().skip(3).take(6).take_while(|byte| byte.is_ascii_digit()).count()
            } else {
                comment_len(rest)?
            };
            flags.set(Flags::COMMENT);
            Some((Piece::byte(b' '), len))
        },
    )
}

/// The bytes of a short comment.
fn comment_len(rest: &[u8]) -> Option<usize> {
    let inner = rest.get(2..rest.len().min(2 + MAX_COMMENT + 2))?;
    Some(memmem::find(inner, b"*/")? + 4)
}

/// `c''at`, `'sel'+'ect'`, `'a'||'b'`, `"a"."b"`: strings that a program would join.
pub(super) fn joins(text: &Text, flags: &mut Flags) -> Option<Text> {
    rewrite_within(
        text,
        |rest| memchr2(b'\'', b'"', rest),
        |bytes, at| {
            let before = bytes.get(at.checked_sub(1)?)?;
            let rest = bytes.get(at..)?;
            let len = join_len(rest)?;
            let after = rest.get(len)?;
            (before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric()).then(|| {
                flags.set(Flags::JOINED);
                (Piece::NOTHING, len)
            })
        },
    )
}

fn join_len(rest: &[u8]) -> Option<usize> {
    let quote = *rest.first()?;
    if rest.get(1) == Some(&quote) {
        return Some(2);
    }
    let blank = |at: usize| usize::from(rest.get(at) == Some(&b' '));
    let mut end = 1 + blank(1);
    end += match (rest.get(end), rest.get(end + 1)) {
        (Some(b'+' | b'.'), _) => 1,
        (Some(b'|'), Some(b'|')) => 2,
        _ => return None,
    };
    end += blank(end);
    (rest.get(end) == Some(&quote)).then_some(end + 1)
}

/// `w\h\o`, `c^md`, ``wh``oami``, `who$@ami`: words that a shell puts together again; `sel/**/ect`: ones that a filter
/// does, which takes comments away. The result is read beside the text itself, not instead of it, for a Windows path
/// looks just like that, and a comment may stand for a blank.
pub(super) fn unbroken(text: &Text) -> Option<Text> {
    rewrite_within(
        text,
        |rest| rest.iter().position(|byte| matches!(byte, b'\\' | b'^' | b'`' | b'$' | b'/')),
        |bytes, at| {
            let rest = bytes.get(at..)?;
            let len = match (rest.first()?, rest.get(1)?) {
                (b'`', b'`') | (b'$', b'@' | b'*' | b'1'..=b'9') => 2,
                (b'$', b'(') if rest.get(2) == Some(&b')') => 3,
                (b'/', b'*') => comment_len(rest)?,
                (b'\\' | b'^', _) => 1,
                _ => return None,
            };
            let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
            let before = at.checked_sub(1).and_then(|at| bytes.get(at));
            (letter(rest.get(len)) && (letter(before) || before == Some(&b'/')))
                .then_some((Piece::NOTHING, len))
        },
    )
}
