//! What never matters, said one way: case, white space, control characters, foreign scripts, digits, random tokens.

use std::ops::Range;

use super::bytes::Kinds;
use super::{Flags, Text};

/// What stands for a long random token.
pub(crate) const TOKEN: u8 = 0x02;
/// A control character like any other.
const CONTROL: u8 = 0x01;

/// A byte as it may be sent: whoever sends [`TOKEN`] itself must not make a word of his choice a random one.
pub(super) fn sent(byte: u8) -> u8 {
    if byte == TOKEN { CONTROL } else { byte }
}

/// What stands for any run of characters outside ASCII.
pub(crate) const FOREIGN: u8 = 0x80;
/// The blank that does not break, with nothing but itself around in a text that is no UTF-8: databases read it in
/// Latin-1.
const LATIN_BLANK: u8 = 0xa0;
/// Before a bracket, the beginning of a command to a terminal (ECMA-48, section 5.3).
const ESCAPE: u8 = 0x1b;
/// Beginnings that say what a long token is, in base64: serialised objects of Java, .NET, Python and Ruby.
pub(super) const OBJECTS: [&[u8]; 7] = [b"rO0AB", b"AAEAAAD", b"gASV", b"gAJ", b"gAN", b"gAR", b"BAh"];
/// The same in hex, in any case: databases, Java.
pub(super) const HEX_HEADS: [&[u8]; 2] = [b"0x", SERIALISED];
/// The one of them with a long number in it.
const SERIALISED: &[u8] = b"aced0005";
/// Shortest word that may count as a random token, in bytes.
const MIN_RANDOM: usize = 8;
/// Shortest word that may count as one by its case, in bytes.
const LONG_RANDOM: usize = 20;
/// Digits in a row that are just a number.
const LONG_NUMBER: usize = 4;

/// What stands in front of the digits of an encoding, no further away than `NEAR` bytes.
const BEFORE_NUMBERS: Kinds =
    Kinds::PERCENT.with(Kinds::AMPERSAND).with(Kinds::BACKSLASH).with(Kinds::DOLLAR);
const NEAR: usize = 3;

/// What settling did that calls for another look.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Changes {
    /// What may now read as something else: digits that an encoding may be made of, blanks beside quotes, and anything
    /// in a comment, which is known by its length.
    pub(super) exposed: bool,
    /// Characters were dropped, so that their neighbours now touch.
    pub(super) dropped: bool,
}

/// The text in lower case, with one blank for many, no control characters, one mark for any foreign run, `0000` for
/// longer numbers and [`TOKEN`] for random tokens. Nothing that is swallowed can hold a keyword: a token counts as
/// random only when letters and digits alternate, or case does, as they do in no word.
pub(super) fn settle(text: &Text, flags: &mut Flags) -> (Text, Changes) {
    let bytes = text.bytes();
    let mut out = text.empty_like(text.len());
    let mut changes = Changes::default();
    let holds = |kinds: Kinds, range: Range<usize>| {
        bytes.get(range.start..range.end.min(bytes.len())).is_some_and(|near| kinds.any_in(near))
    };
    // What lies between `copied` and the next run of note is kept but for its case.
    let mut copied = 0;
    let mut changed = false;
    let mut at = 0;
    while let Some(Range { start, end }) = next_of_note(bytes, at)
        && let Some(run) = bytes.get(start..end)
        && let Some(&byte) = run.first()
    {
        match CLASS[usize::from(byte)] {
            Class::Word => {
                if bytes.get(end) == Some(&TOKEN) && head_len(run) == run.len() {
                    // What an earlier look left of a random token stays as it is.
                } else if let Some(head) = random_after(run) {
                    out.copy_lower(text, copied..start + head);
                    out.push_from(TOKEN, text, start + head, end);
                    changed = true;
                    copied = end;
                } else if let Some(kept) = copy_numbers(text, copied, start..end, &mut out) {
                    changed = true;
                    changes.exposed |= holds(BEFORE_NUMBERS, start.saturating_sub(NEAR)..start);
                    copied = kept;
                }
            }
            Class::Blank => {
                let blank = if run.iter().any(|byte| matches!(byte, b'\r' | b'\n')) { b'\n' } else { b' ' };
                if run != [blank] {
                    out.copy_lower(text, copied..start);
                    out.push_from(blank, text, start, end);
                    changed = true;
                    changes.exposed |= holds(Kinds::QUOTE, start.saturating_sub(NEAR)..end + NEAR);
                    copied = end;
                }
            }
            Class::Foreign if run.iter().all(|byte| *byte == LATIN_BLANK) => {
                out.copy_lower(text, copied..start);
                out.push_from(b' ', text, start, end);
                // Blanks beside it become one with it in the next look.
                changes.dropped = true;
                copied = end;
            }
            Class::Foreign if run == [FOREIGN] => {}
            Class::Foreign => {
                out.copy_lower(text, copied..start);
                out.push_from(FOREIGN, text, start, end);
                changed = true;
                copied = end;
            }
            // What follows commands a terminal, which may be one that shows a log.
            Class::Control if byte == ESCAPE && matches!(bytes.get(end), Some(b'[' | b']')) => {}
            Class::Control => {
                flags.set(if byte == 0 { Flags::NUL } else { Flags::CONTROL });
                out.copy_lower(text, copied..start);
                changes.dropped = true;
                copied = end;
            }
            Class::Other => {}
        }
        at = end;
    }
    out.copy_lower(text, copied..text.len());
    changes.exposed |= changed && memchr::memchr(b'*', bytes).is_some();
    (out, changes)
}

/// The next run from `from` on, where one begins, that may have to change by more than its case. All that settling does
/// for most bytes is to pass over them here. A word is of note only with a digit or, a long one, with a capital in it:
/// neither number nor random token is there without.
fn next_of_note(bytes: &[u8], mut from: usize) -> Option<Range<usize>> {
    loop {
        let mut before = 0;
        let at = from
            + bytes.get(from..)?.iter().position(|byte| {
                let note = NOTE[usize::from(*byte)];
                let blanks = note & before & SOME_BLANK;
                before = note;
                note & OF_NOTE != 0 || blanks != 0
            })?;
        let run = |is: fn(&u8) -> bool| {
            let before =
                bytes.get(from..at).unwrap_or_default().iter().rev().take_while(|byte| is(byte)).count();
            let rest = bytes.get(at..).unwrap_or_default().iter().take_while(|byte| is(byte)).count();
            at - before..at + rest
        };
        match bytes.get(at).map(|byte| CLASS[usize::from(*byte)])? {
            Class::Word => {
                let run = run(|byte| is_word(*byte));
                let rest = bytes.get(at..run.end).unwrap_or_default();
                if (run.len() >= LONG_NUMBER && rest.iter().any(u8::is_ascii_digit))
                    || (run.len() >= LONG_RANDOM && rest.iter().any(u8::is_ascii_uppercase))
                {
                    return Some(run);
                }
                from = run.end;
            }
            Class::Blank => return Some(run(|byte| is_blank(*byte))),
            Class::Foreign => return Some(run(|byte| *byte >= 0x80)),
            Class::Control | Class::Other => return Some(at..at + 1),
        }
    }
}

/// A byte where [`next_of_note`] has to look closer.
const OF_NOTE: u8 = 1;
/// A blank: of note when it is not alone.
const SOME_BLANK: u8 = 2;
/// Which bytes are which of both.
const NOTE: [u8; 256] = notes();

#[expect(clippy::cast_possible_truncation, reason = "the loop ends at 256")]
const fn notes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match (CLASS[byte], byte as u8) {
            (Class::Word, b'a'..=b'z') | (Class::Other, _) => 0,
            (Class::Blank, b' ' | b'\n') => SOME_BLANK,
            (Class::Blank, _) => SOME_BLANK | OF_NOTE,
            _ => OF_NOTE,
        };
        byte += 1;
    }
    table
}

#[derive(Clone, Copy)]
enum Class {
    Word,
    Blank,
    Foreign,
    Control,
    Other,
}

const CLASS: [Class; 256] = classes();

#[expect(clippy::cast_possible_truncation, reason = "the loop ends at 256")]
const fn classes() -> [Class; 256] {
    let mut table = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => Class::Word,
            b' ' | 9..=13 => Class::Blank,
            0x80.. => Class::Foreign,
            TOKEN => Class::Other,
            0..=0x1f | 0x7f => Class::Control,
            _ => Class::Other,
        };
        byte += 1;
    }
    table
}

fn is_word(byte: u8) -> bool {
    matches!(CLASS[usize::from(byte)], Class::Word)
}

fn is_blank(byte: u8) -> bool {
    matches!(CLASS[usize::from(byte)], Class::Blank)
}

/// How much of a word says what the rest of it is.
pub(super) fn head_len(word: &[u8]) -> usize {
    let object = OBJECTS.iter().find(|head| word.starts_with(head));
    let hex = || {
        HEX_HEADS
            .iter()
            .find(|head| word.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head)))
    };
    object.or_else(hex).map_or(0, |head| head.len())
}

/// Where in a word its random part begins, if it has one.
fn random_after(word: &[u8]) -> Option<usize> {
    let head = head_len(word);
    if is_random(word.get(head..).unwrap_or_default()) {
        return Some(head);
    }
    // What begins like an object of base64 and is none: in lower case that beginning will not be known again.
    (OBJECTS.iter().any(|head| word.starts_with(head)) && is_random(word)).then_some(0)
}

/// Whether letters and digits alternate, or case does, as they do in no word.
fn is_random(word: &[u8]) -> bool {
    if word.len() < MIN_RANDOM {
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
    alternations >= 3 || (word.len() >= LONG_RANDOM && alternations + humps >= 5)
}

/// Copies everything from `copied` on with the longer numbers of a word replaced; how far it came, or `None` when
/// there was nothing to replace (then nothing was copied).
fn copy_numbers(text: &Text, copied: usize, word: Range<usize>, out: &mut Text) -> Option<usize> {
    let bytes = text.bytes();
    let mut kept = None;
    let mut from = copied;
    let mut at = word.start;
    // The digits of a beginning that says what follows are no number, or it would not be known the next time.
    if bytes.get(word.clone()).is_some_and(|word| {
        word.get(..SERIALISED.len()).is_some_and(|head| head.eq_ignore_ascii_case(SERIALISED))
    }) {
        at += SERIALISED.len();
    }
    while at < word.end {
        let run = bytes.get(at..word.end).unwrap_or_default();
        let digits = run.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits >= LONG_NUMBER && run.get(..digits) != Some(b"0000") {
            out.copy_lower(text, from..at);
            for index in at..at + LONG_NUMBER - 1 {
                out.push_from(b'0', text, index, index + 1);
            }
            out.push_from(b'0', text, at + LONG_NUMBER - 1, at + digits);
            from = at + digits;
            kept = Some(from);
        }
        at += digits.max(1);
    }
    kept
}
