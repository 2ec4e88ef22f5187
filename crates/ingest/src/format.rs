//! Which format a file has, found from its first lines.

use std::fmt;

use bartizan_model::Timestamp;

use crate::line::{is_blank, parse_with_format};
use crate::sample::escaped;

/// How much of a file is looked at for its format, in bytes. With [`MAX_SNIFFED_LINES`] enough that a few odd lines
/// at the start do not matter, and little enough to be read at once.
pub(crate) const SNIFF_BYTES: usize = 256 * 1024;

/// How many lines are looked at.
pub(crate) const MAX_SNIFFED_LINES: usize = 200;

/// A family of line formats. A file is expected to keep to one, but each line is read by its own looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// The common log format and what extends it: combined, with a virtual host, with more fields, behind syslog.
    Combined,
    /// One JSON object per line.
    Json,
}

impl LogFormat {
    /// The stable name, as kept in checkpoints.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Combined => "combined",
            Self::Json => "json",
        }
    }

    /// The format of that stable name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Combined, Self::Json].into_iter().find(|format| format.as_str() == name)
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the first lines of a file say.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Sniffed {
    /// Most of the readable lines have this format.
    Known(LogFormat),
    /// There is no complete line yet.
    TooEarly,
    /// No line is an access-log line.
    Unknown {
        /// Lines that were tried.
        lines: usize,
        /// The first of them, escaped and cut.
        first_line: String,
    },
    /// Compressed: the name of the compression, and the command that unpacks it.
    Compressed(&'static str, &'static str),
    /// Not text.
    Binary,
}

/// Looks at the beginning of a file; `is_whole` says that nothing will be added to it.
pub(crate) fn sniff(beginning: &[u8], is_whole: bool) -> Sniffed {
    if let Some((algorithm, tool)) = compression(beginning) {
        return Sniffed::Compressed(algorithm, tool);
    }
    let complete = match memchr::memrchr(b'\n', beginning) {
        Some(end) if !is_whole => beginning.get(..end).unwrap_or_default(),
        None if !is_whole && beginning.len() < SNIFF_BYTES => b"",
        _ => beginning,
    };
    let lines = complete.split(|byte| *byte == b'\n').filter(|line| !is_blank(line)).take(MAX_SNIFFED_LINES);
    let mut tried = 0;
    let mut first_line = None;
    let (mut combined, mut json) = (0_usize, 0_usize);
    for line in lines {
        tried += 1;
        first_line.get_or_insert(line);
        match parse_with_format(line, Timestamp::default()) {
            Ok((_, LogFormat::Combined)) => combined += 1,
            Ok((_, LogFormat::Json)) => json += 1,
            Err(_) => {}
        }
    }
    match first_line {
        _ if combined + json > 0 => {
            Sniffed::Known(if json > combined { LogFormat::Json } else { LogFormat::Combined })
        }
        _ if is_binary(beginning) => Sniffed::Binary,
        Some(first_line) => Sniffed::Unknown { lines: tried, first_line: escaped(first_line.trim_ascii()) },
        None => Sniffed::TooEarly,
    }
}

/// The compression that a file begins like, by its magic number (RFC 1952, RFC 8878, the formats of bzip2 and xz).
fn compression(beginning: &[u8]) -> Option<(&'static str, &'static str)> {
    let kinds: [(&[u8], &str, &str); 4] = [
        (b"\x1f\x8b", "gzip", "zcat"),
        (b"\x28\xb5\x2f\xfd", "zstd", "zstdcat"),
        (b"BZh", "bzip2", "bzcat"),
        (b"\xfd7zXZ\0", "xz", "xzcat"),
    ];
    kinds.into_iter().find(|(magic, ..)| beginning.starts_with(magic)).map(|(_, name, tool)| (name, tool))
}

/// Whether these bytes are no text: they hold a zero byte, or more than one in ten is a control character other than
/// white space and escape, or no UTF-8. Among random bytes far more than that are.
fn is_binary(beginning: &[u8]) -> bool {
    let is_control = |byte: u8| byte.is_ascii_control() && !byte.is_ascii_whitespace() && byte != 0x1B;
    let strange: usize = beginning
        .utf8_chunks()
        .map(|chunk| chunk.invalid().len() + chunk.valid().bytes().filter(|byte| is_control(*byte)).count())
        .sum();
    beginning.contains(&0) || strange * 10 > beginning.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINE: &str = "192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"x\"\n";
    const OBJECT: &str = "{\"remote_addr\":\"192.0.2.1\",\"request\":\"GET /a HTTP/1.1\",\"status\":200}\n";

    #[test]
    fn the_majority_of_readable_lines_decides() {
        let cases = [
            (LINE.repeat(3), Sniffed::Known(LogFormat::Combined)),
            (OBJECT.repeat(3), Sniffed::Known(LogFormat::Json)),
            (format!("junk\n{OBJECT}{LINE}{OBJECT}"), Sniffed::Known(LogFormat::Json)),
            (format!("{}{LINE}", "junk\n".repeat(150)), Sniffed::Known(LogFormat::Combined)),
            (String::new(), Sniffed::TooEarly),
            ("\n\n".to_owned(), Sniffed::TooEarly),
            (LINE.trim_end().to_owned(), Sniffed::TooEarly),
            ("a\x07b\nc\n".to_owned(), Sniffed::Binary),
            ("one\ntwo\nthr".to_owned(), Sniffed::Unknown { lines: 2, first_line: "one".to_owned() }),
        ];
        for (text, want) in cases {
            assert_eq!(sniff(text.as_bytes(), false), want, "{text}");
        }
        assert_eq!(sniff(LINE.trim_end().as_bytes(), true), Sniffed::Known(LogFormat::Combined));
    }

    #[test]
    fn what_is_no_text_is_told_apart() {
        assert_eq!(sniff(b"\x1f\x8b\x08rest", false), Sniffed::Compressed("gzip", "zcat"));
        assert_eq!(sniff(&[0; 5_000], false), Sniffed::Binary);
        let every_byte_but_zero: Vec<u8> = (1..=255).cycle().take(5_000).collect();
        assert_eq!(sniff(&every_byte_but_zero, false), Sniffed::Binary);
        assert_eq!(sniff(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\n\0\0\0", false), Sniffed::Binary);
    }

    proptest! {
        #[test]
        fn any_beginning_can_be_looked_at(beginning in prop::collection::vec(any::<u8>(), 0..500), is_whole in any::<bool>()) {
            let _ = sniff(&beginning, is_whole);
        }
    }
}
