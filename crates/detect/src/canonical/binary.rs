//! What can be read in bytes that are no text: an image, an archive, or a payload between such bytes.

use super::Text;
use super::bytes::Kinds;

/// Shortest printable run that is kept, in bytes: in a megabyte of random bytes a handful of runs are that long,
/// and the shortest payloads of upload polyglots are longer.
const MIN_RUN: usize = 12;
/// Shortest name in a serialised object, in bytes.
const MIN_NAME: usize = 5;
/// Odd bytes that a short text may hold: an evasion has a few.
const MIN_ODD: usize = 8;
/// One odd byte in that many makes a text binary.
const ODD_ONE_IN: usize = 10;

/// The printable runs of a text that is binary, one a line; `None` when it is a text.
pub(super) fn printable(text: &Text, kinds: Kinds) -> Option<Text> {
    if !kinds.any(Kinds::CONTROL) {
        return None;
    }
    let bytes = text.bytes();
    let odd = bytes.iter().filter(|byte| matches!(byte, 0..=8 | 14..=31 | 127)).count();
    if odd < MIN_ODD || odd * ODD_ONE_IN <= bytes.len() {
        return None;
    }
    let zeros = memchr::memchr_iter(0, bytes).count();
    if zeros * 5 >= bytes.len() * 2 && zeros * 5 <= bytes.len() * 4 {
        // UTF-16 or UTF-32 of ASCII text: dropping the zeros is reading it.
        return None;
    }
    Some(runs(text, MIN_RUN))
}

/// The names in a serialised object, one a line; `None` when there are none.
pub(super) fn names(text: &Text) -> Option<Text> {
    Some(runs(text, MIN_NAME)).filter(|names| !names.is_empty())
}

fn runs(text: &Text, min: usize) -> Text {
    let bytes = text.bytes();
    let mut out = text.empty_like(bytes.len() / 4);
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes.get(at..).unwrap_or_default();
        let len = run.iter().take_while(|byte| matches!(byte, b' '..=b'~' | b'\t')).count();
        // The byte that ends the run becomes the line end, so that the text never grows.
        if len >= min {
            out.copy(text, at..at + len);
            if at + len < bytes.len() {
                out.push_from(b'\n', text, at + len, at + len + 1);
            }
        }
        at += len + 1;
    }
    out
}
