//! Lines for people: escaped and cut, because whoever sent the request wrote them.

use bartizan_model::LineSample;

use crate::LineError;

/// Longest shown part of a line, in characters.
const MAX_SAMPLE_CHARS: usize = 256;

/// At most this many samples per batch (API.md, object Source).
pub(crate) const MAX_SAMPLES: usize = 10;

/// A sample of a line that did not parse.
pub(crate) fn sample(line: &[u8], error: LineError) -> LineSample {
    LineSample { line: escaped(line), problem: error.to_string() }
}

/// The line with everything outside printable ASCII as `\xNN`, cut after 256 characters with `…`.
pub(crate) fn escaped(line: &[u8]) -> String {
    let mut text = String::with_capacity(line.len().min(MAX_SAMPLE_CHARS) + 4);
    for &byte in line {
        let shown = byte == b' ' || byte.is_ascii_graphic();
        let width = if shown { 1 } else { 4 };
        if text.len() + width > MAX_SAMPLE_CHARS {
            text.push('…');
            break;
        }
        if shown {
            text.push(char::from(byte));
        } else {
            text.push_str("\\x");
            for nibble in [byte >> 4, byte & 0xF] {
                text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_printable_and_cut() {
        assert_eq!(escaped(b"\x16\x03\x01 x\xff"), "\\x16\\x03\\x01 x\\xff");
        let long = escaped(&[b'a'; 10_000]);
        assert_eq!(long.chars().count(), MAX_SAMPLE_CHARS + 1);
        assert!(long.ends_with('…'));
    }
}
