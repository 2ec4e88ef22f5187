//! What never matters, said one way: case, white space, control characters, foreign scripts, digits, random tokens.

use super::{Flags, Text};

/// What stands for a long random token.
pub(crate) const TOKEN: u8 = 0x02;
/// What stands for any run of characters outside ASCII.
pub(crate) const FOREIGN: u8 = 0x80;
/// The blank that does not break, alone in a text that is no UTF-8: databases read it in Latin-1.
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

/// What settling did beyond changing case.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Changes {
    /// Anything at all.
    pub(super) any: bool,
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
    // What lies between `copied` and `at` is kept but for its case.
    let mut copied = 0;
    let mut at = 0;
    while let Some(next) = next_of_note(bytes, at)
        && let Some(&byte) = bytes.get(next)
    {
        at = next;
        let mut end = at + 1;
        match CLASS[usize::from(byte)] {
            Class::Word => {
                end += bytes.get(end..).unwrap_or_default().iter().take_while(|b| is_word(**b)).count();
                if end - at >= LONG_NUMBER {
                    let word = bytes.get(at..end).unwrap_or_default();
                    if bytes.get(end) == Some(&TOKEN) && head_len(word) == word.len() {
                        // What an earlier look left of a random token stays as it is.
                    } else if let Some(head) = random_after(word) {
                        out.copy_lower(text, copied..at + head);
                        out.push_from(TOKEN, text, at + head, end);
                        changes.any = true;
                        copied = end;
                    } else if let Some(kept) = copy_numbers(text, copied, at..end, &mut out) {
                        changes.any = true;
                        copied = kept;
                    }
                }
            }
            Class::Blank => {
                end += bytes.get(end..).unwrap_or_default().iter().take_while(|b| is_blank(**b)).count();
                let run = bytes.get(at..end).unwrap_or_default();
                let blank = if run.iter().any(|byte| matches!(byte, b'\r' | b'\n')) { b'\n' } else { b' ' };
                if run != [blank] {
                    out.copy_lower(text, copied..at);
                    out.push_from(blank, text, at, end);
                    changes.any = true;
                    copied = end;
                }
            }
            Class::Foreign => {
                end += bytes.get(end..).unwrap_or_default().iter().take_while(|b| **b >= 0x80).count();
                if byte == LATIN_BLANK && end - at == 1 {
                    out.copy_lower(text, copied..at);
                    out.push_from(b' ', text, at, end);
                    // Blanks beside it become one with it in the next look.
                    changes = Changes { any: true, dropped: true };
                    copied = end;
                } else if byte != FOREIGN || end - at > 1 {
                    out.copy_lower(text, copied..at);
                    out.push_from(FOREIGN, text, at, end);
                    changes.any = true;
                    copied = end;
                }
            }
            // What follows commands a terminal, which may be one that shows a log.
            Class::Control if byte == ESCAPE && matches!(bytes.get(end), Some(b'[' | b']')) => {}
            Class::Control => {
                flags.set(if byte == 0 { Flags::NUL } else { Flags::CONTROL });
                out.copy_lower(text, copied..at);
                changes = Changes { any: true, dropped: true };
                copied = end;
            }
            Class::Other => {}
        }
        at = end;
    }
    out.copy_lower(text, copied..text.len());
    (out, changes)
}

/// From where a run begins on: the next run that may have to change by more than its case. All that settling does for
/// most bytes is to pass over them here. A word is of note only with a digit or, a long one, with a capital in it:
/// neither number nor random token is there without.
fn next_of_note(bytes: &[u8], from: usize) -> Option<usize> {
    let mut word = 0;
    let mut blanks = 0;
    let (mut digit, mut capital) = (false, false);
    for (offset, byte) in bytes.get(from..)?.iter().enumerate() {
        let class = CLASS[usize::from(*byte)];
        let in_word = matches!(class, Class::Word);
        word = if in_word { word + 1 } else { 0 };
        digit = in_word && (digit || byte.is_ascii_digit());
        capital = in_word && (capital || byte.is_ascii_uppercase());
        blanks = if matches!(class, Class::Blank) { blanks + 1 } else { 0 };
        let settled = matches!(class, Class::Word | Class::Other) || matches!(*byte, b' ' | b'\n');
        let of_note = (digit && word >= LONG_NUMBER) || (capital && word >= LONG_RANDOM);
        if of_note || blanks == 2 || !settled {
            return Some(from + offset + 1 - word.max(blanks).max(1));
        }
    }
    None
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
fn copy_numbers(text: &Text, copied: usize, word: std::ops::Range<usize>, out: &mut Text) -> Option<usize> {
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
