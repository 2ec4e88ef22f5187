//! Many spellings to one: case, white space, comments, joined strings, digits and random tokens.

use memchr::memmem;

use super::{Flags, Text};

/// What stands for a long random token.
pub(crate) const TOKEN: u8 = 0x02;
/// Beginnings that say what a long token is: hex of databases, serialised Java (in base64 and hex), .NET, Python.
const MAGIC: [&[u8]; 5] = [b"0x", b"rO0AB", b"ACED0005", b"AAEAAAD", b"gASV"];
/// What stands for any run of characters outside ASCII.
pub(crate) const FOREIGN: u8 = 0x80;

/// Longest comment that is taken for white space, in bytes; a longer one might be the payload.
const MAX_COMMENT: usize = 24;

/// Lower case, one blank for many, no control characters, one mark for any foreign run.
pub(super) fn simplify(text: &Text, flags: &mut Flags) -> Option<Text> {
    let mut out = Text::with_capacity(text.len());
    let mut changed = false;
    let mut at = 0;
    while let Some(byte) = text.at(at) {
        let mut end = at + 1;
        match byte {
            b'A'..=b'Z' => {
                out.push_from(byte.to_ascii_lowercase(), text, at, end);
                changed = true;
            }
            b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c => {
                while text.at(end).is_some_and(|next| next.is_ascii_whitespace() || next == 0x0b) {
                    end += 1;
                }
                let run = text.bytes().get(at..end).unwrap_or_default();
                let blank = if run.iter().any(|byte| matches!(byte, b'\r' | b'\n')) { b'\n' } else { b' ' };
                changed |= run != [blank];
                out.push_from(blank, text, at, end);
            }
            TOKEN => out.copy(text, at),
            0..=0x1f | 0x7f => {
                if byte == 0 {
                    flags.set(Flags::NUL);
                }
                changed = true;
            }
            0x80.. => {
                while text.at(end).is_some_and(|next| next >= 0x80) {
                    end += 1;
                }
                changed |= byte != FOREIGN || end - at > 1;
                out.push_from(FOREIGN, text, at, end);
            }
            _ => out.copy(text, at),
        }
        at = end;
    }
    changed.then_some(out)
}

/// `/**/` and other short comments, and the brackets of versioned ones, to a blank.
pub(super) fn comments(text: &Text, flags: &mut Flags) -> Option<Text> {
    memmem::find(text.bytes(), b"/*")?;
    let mut out = Text::with_capacity(text.len());
    let mut changed = false;
    let mut at = 0;
    while at < text.len() {
        let rest = text.bytes().get(at..).unwrap_or_default();
        let len = if rest.starts_with(b"/*!") {
            let digits = rest.iter().skip(3).take(6).take_while(|byte| byte.is_ascii_digit()).count();
            Some(3 + digits)
        } else if rest.starts_with(b"/*") {
            let inner = rest.get(2..rest.len().min(2 + MAX_COMMENT + 2)).unwrap_or_default();
            memmem::find(inner, b"*/").map(|found| found + 4)
        } else {
            None
        };
        if let Some(len) = len {
            flags.set(Flags::COMMENT);
            out.push_from(b' ', text, at, at + len);
            changed = true;
            at += len;
        } else {
            out.copy(text, at);
            at += 1;
        }
    }
    changed.then_some(out)
}

/// `c''at`, `'sel'+'ect'`, `'a'||'b'`, `"a"."b"`: strings that a program would join.
pub(super) fn joins(text: &Text, flags: &mut Flags) -> Option<Text> {
    if !text.bytes().iter().any(|byte| matches!(byte, b'\'' | b'"')) {
        return None;
    }
    let mut out = Text::with_capacity(text.len());
    let mut changed = false;
    let mut at = 0;
    while at < text.len() {
        let after_word = at > 0 && text.at(at - 1).is_some_and(|byte| byte.is_ascii_alphanumeric());
        if after_word
            && let Some(len) = join_at(text, at)
            && text.at(at + len).is_some_and(|byte| byte.is_ascii_alphanumeric())
        {
            flags.set(Flags::JOINED);
            changed = true;
            at += len;
        } else {
            out.copy(text, at);
            at += 1;
        }
    }
    changed.then_some(out)
}

fn join_at(text: &Text, at: usize) -> Option<usize> {
    let quote = text.at(at).filter(|byte| matches!(byte, b'\'' | b'"'))?;
    if text.at(at + 1) == Some(quote) {
        return Some(2);
    }
    let blank = |index: usize| usize::from(text.at(index) == Some(b' '));
    let mut end = at + 1;
    end += blank(end);
    end += match (text.at(end), text.at(end + 1)) {
        (Some(b'+' | b'.'), _) => 1,
        (Some(b'|'), Some(b'|')) => 2,
        _ => return None,
    };
    end += blank(end);
    (text.at(end) == Some(quote)).then_some(end + 1 - at)
}

/// Four or more digits to `0000`; long random tokens to [`TOKEN`]. Nothing here can hold a keyword: a token
/// counts as random only when letters and digits alternate, or case does, as they do in no word.
pub(super) fn collapse(text: &Text) -> Option<Text> {
    let mut out = Text::with_capacity(text.len());
    let mut changed = false;
    let mut at = 0;
    while at < text.len() {
        let mut end = at;
        while text.at(end).is_some_and(|byte| byte.is_ascii_alphanumeric()) {
            end += 1;
        }
        if end == at {
            out.copy(text, at);
            at += 1;
            continue;
        }
        let word = text.bytes().get(at..end).unwrap_or_default();
        let head = MAGIC.into_iter().find(|magic| starts_with(word, magic)).map_or(0, <[u8]>::len);
        if is_random(word.get(head..).unwrap_or_default()) {
            for index in at..at + head {
                out.copy(text, index);
            }
            out.push_from(TOKEN, text, at + head, end);
            changed = true;
        } else {
            changed |= copy_word(text, at, end, &mut out);
        }
        at = end;
    }
    changed.then_some(out)
}

fn starts_with(word: &[u8], magic: &[u8]) -> bool {
    word.get(..magic.len()).is_some_and(|head| head.eq_ignore_ascii_case(magic))
}

fn is_random(word: &[u8]) -> bool {
    if word.len() < 8 {
        return false;
    }
    let mut alternations = 0;
    let mut humps = 0;
    for pair in word.windows(2) {
        if let [left, right] = pair {
            alternations += usize::from(left.is_ascii_digit() != right.is_ascii_digit());
            humps += usize::from(left.is_ascii_lowercase() && right.is_ascii_uppercase());
        }
    }
    alternations >= 3 || (word.len() >= 20 && alternations + humps >= 5)
}

fn copy_word(text: &Text, start: usize, end: usize, out: &mut Text) -> bool {
    let mut changed = false;
    let mut at = start;
    while at < end {
        let mut stop = at;
        while stop < end && text.at(stop).is_some_and(|byte| byte.is_ascii_digit()) {
            stop += 1;
        }
        if stop - at >= 4 {
            let zeros = text.bytes().get(at..stop) == Some(b"0000");
            changed |= !zeros;
            for index in at..at + 3 {
                out.push_from(b'0', text, index, index + 1);
            }
            out.push_from(b'0', text, at + 3, stop);
            at = stop;
        } else {
            out.copy(text, at);
            at += 1;
        }
    }
    changed
}
