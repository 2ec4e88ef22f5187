//! Spellings that an interpreter reads as one: strings joined, words broken up.

use memchr::memchr2;

use super::binary::is_odd;
use super::comment::short_len;
use super::rewrite::{Piece, rewrite_within};
use super::{Flags, Text};

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

/// `1\x01or\x011=1`: control characters between words as blanks, which they are to some databases (SQL Server takes every
/// one for a blank, Oracle a zero). The result is read beside the text itself, in which they are nothing.
pub(super) fn spaced(text: &Text) -> Option<Text> {
    rewrite_within(
        text,
        |rest| rest.iter().position(|byte| is_odd(*byte)),
        |bytes, at| {
            let word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
            let len = bytes.get(at..)?.iter().take_while(|byte| is_odd(**byte)).count();
            let before = at.checked_sub(1).and_then(|at| bytes.get(at));
            (word(before) && word(bytes.get(at + len))).then_some((Piece::byte(b' '), len))
        },
    )
}

/// `w\h\o`, `c^md`, ``wh``oami``, `who$@ami`: words that a shell puts together again; `sel/**/ect`: ones that a filter
/// does, which takes comments away; `sel%ect`: ones that a server does, to which a percent sign without digits is
/// nothing. The result is read beside the text itself, not instead of it, for a Windows path looks just like that, and
/// a comment may stand for a blank.
pub(super) fn unbroken(text: &Text) -> Option<Text> {
    rewrite_within(
        text,
        |rest| rest.iter().position(|byte| matches!(byte, b'\\' | b'^' | b'`' | b'$' | b'/' | b'%')),
        |bytes, at| {
            let rest = bytes.get(at..)?;
            let len = match (rest.first()?, rest.get(1)?) {
                (b'`', b'`') | (b'$', b'@' | b'*' | b'1'..=b'9') => 2,
                (b'$', b'(') if rest.get(2) == Some(&b')') => 3,
                (b'/', b'*') => short_len(rest)?,
                (b'\\' | b'^' | b'%', _) => 1,
                _ => return None,
            };
            let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
            let before = at.checked_sub(1).and_then(|at| bytes.get(at));
            (letter(rest.get(len)) && (letter(before) || before == Some(&b'/')))
                .then_some((Piece::NOTHING, len))
        },
    )
}
