//! Lists of pairs: queries, forms and cookies.

use std::ops::Range;

/// One piece of `a=1&b=2`: where its name stands, if it has one, and where its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) name: Option<Range<usize>>,
    pub(super) value: Range<usize>,
}

/// The pieces of a list between separators, without the blanks around names and values.
pub(super) fn pairs(text: &[u8], within: Range<usize>, separator: u8) -> impl Iterator<Item = Pair> {
    let mut at = within.start;
    std::iter::from_fn(move || {
        let rest = text.get(at..within.end).filter(|rest| !rest.is_empty())?;
        let len = memchr::memchr(separator, rest).unwrap_or(rest.len());
        let piece = at..at + len;
        at += len + 1;
        let equals = memchr::memchr(b'=', text.get(piece.clone())?).map(|equals| piece.start + equals);
        Some(Pair {
            name: equals.map(|equals| trimmed(text, piece.start..equals)),
            value: trimmed(text, equals.map_or(piece.start, |equals| equals + 1)..piece.end),
        })
    })
}

fn trimmed(text: &[u8], range: Range<usize>) -> Range<usize> {
    let inside = text.get(range.clone()).unwrap_or_default();
    let start = range.start + inside.len() - inside.trim_ascii_start().len();
    start..start + inside.trim_ascii().len()
}
