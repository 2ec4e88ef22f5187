//! What can be read in bytes that are no text: an image, an archive, or a payload between such bytes.

use super::Text;
use super::bytes::Kinds;

/// Least printable characters of a stretch that is read, in bytes, and the longest values for which that is enough: the
/// shortest payloads are hardly longer. Noise holds such stretches too (one random value of 64 bytes in six, half of
/// those of 256, every one of 64 KB); what they look like is for the models to know.
const MIN_PRINTABLE: [(usize, usize); 3] = [(6, 256), (8, 4 * 1024), (10, usize::MAX)];
/// Shortest name in a serialised object, in bytes.
const MIN_NAME: usize = 5;
/// Odd bytes that a short text may hold: an evasion has a few.
const MIN_ODD: usize = 8;
/// One odd byte in that many makes a text binary.
const ODD_ONE_IN: usize = 10;

/// What can be read in a text that is binary; `None` when it is a text.
pub(super) fn printable(text: &Text, kinds: Kinds) -> Option<Text> {
    if !kinds.any(Kinds::CONTROL) {
        return None;
    }
    let bytes = text.bytes();
    let odd = bytes.iter().filter(|byte| is_odd(**byte)).count();
    if odd < MIN_ODD || odd * ODD_ONE_IN <= bytes.len() || is_wide(bytes) {
        return None;
    }
    Some(stretches(text))
}

/// UTF-16 or UTF-32 of ASCII text: dropping the zeros is reading it.
pub(super) fn is_wide(bytes: &[u8]) -> bool {
    let zeros = memchr::memchr_iter(0, bytes).count();
    zeros * 5 >= bytes.len() * 2 && zeros * 5 <= bytes.len() * 4
}

/// A control character that is no white space.
pub(super) fn is_odd(byte: u8) -> bool {
    matches!(byte, 0..=8 | 14..=31 | 127)
}

/// The stretches of ASCII in which enough is printable, a blank between them. One also stands for control characters:
/// to some databases they are one, and whoever adds enough of them to a payload makes it binary.
fn stretches(text: &Text) -> Text {
    let bytes = text.bytes();
    let (min, _) = MIN_PRINTABLE.into_iter().find(|(_, len)| bytes.len() <= *len).unwrap_or_default();
    let mut out = text.empty_like(bytes.len() / 4);
    let mut at = 0;
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        let stretch = rest.iter().take_while(|byte| matches!(byte, 1..=127));
        let end = at + stretch.clone().count();
        if stretch.filter(|byte| matches!(byte, b' '..=b'~')).count() >= min {
            while at < end {
                let rest = bytes.get(at..end).unwrap_or_default();
                let odd = at + rest.iter().position(|byte| is_odd(*byte)).unwrap_or(rest.len());
                out.copy(text, at..odd);
                let rest = bytes.get(odd..end).unwrap_or_default();
                at = odd + rest.iter().take_while(|byte| is_odd(**byte)).count();
                if at > odd {
                    out.push_from(b' ', text, odd, at);
                }
            }
            // The byte that ends the stretch becomes the blank, so that the text never grows.
            if end < bytes.len() {
                out.push_from(b' ', text, end, end + 1);
            }
        }
        at = end + 1;
    }
    out
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
