//! Which format a file has, found from its first lines.

use bartizan_model::Timestamp;

use crate::compression::{Compression, UnreadCompression};
use crate::line::is_blank;
use crate::sample::escaped;
use crate::{LineError, LineParser, LogFormat};

/// How much of a file is looked at for its format, in bytes. With [`MAX_SNIFFED_LINES`] enough that a few odd lines
/// at the start do not matter, and little enough to be read at once.
pub(crate) const SNIFF_BYTES: usize = 256 * 1024;

/// How many lines are looked at.
pub(crate) const MAX_SNIFFED_LINES: usize = 200;

/// The format of a log, and why it is taken to be that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detection {
    /// The format.
    pub format: LogFormat,
    /// One sentence for people, such as `198 of 200 lines read as HAProxy HTTP`.
    pub reason: String,
}

impl Detection {
    /// Finds the format in the first lines of a log; `None` when there is no complete line yet, or none of a request.
    ///
    /// ```
    /// use bartizan_ingest::{Detection, LogFormat};
    ///
    /// let head = b"192.0.2.7 - - [04/Mar/2026:05:06:07 +0000] \"GET / HTTP/1.1\" 200 512\n";
    /// let found = Detection::of(head).unwrap();
    /// assert_eq!(found.format, LogFormat::Combined);
    /// assert_eq!(found.reason, "1 of 1 lines read as common or combined log format");
    /// ```
    pub fn of(beginning: &[u8]) -> Option<Self> {
        let beginning = beginning.get(..SNIFF_BYTES).unwrap_or(beginning);
        match sniff(beginning, true, &LineParser::default()) {
            Sniffed::Known(detection) => Some(detection),
            _ => None,
        }
    }
}

/// What the first lines of a file say.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Sniffed {
    /// Most of the readable lines have this format.
    Known(Detection),
    /// There is no complete line yet.
    TooEarly,
    /// No line is an access-log line.
    Unknown {
        /// Lines that were tried.
        lines: usize,
        /// The first of them, escaped and cut.
        first_line: String,
        /// What is wrong with it.
        problem: LineError,
    },
    /// Compressed: the name of the compression, and the command that unpacks it.
    Compressed(&'static str, &'static str),
    /// Not text.
    Binary,
}

/// Looks at the beginning of a file with a fresh copy of the parser; `is_whole` says that nothing will be added to it.
pub(crate) fn sniff(beginning: &[u8], is_whole: bool, parser: &LineParser) -> Sniffed {
    if let Some((algorithm, tool)) = compression(beginning) {
        return Sniffed::Compressed(algorithm, tool);
    }
    let complete = match memchr::memrchr(b'\n', beginning) {
        Some(end) if !is_whole => beginning.get(..end).unwrap_or_default(),
        None if !is_whole && beginning.len() < SNIFF_BYTES => b"",
        _ => beginning,
    };
    let mut tally = Tally::default();
    let mut directives = parser.clone();
    for line in complete.split(|byte| *byte == b'\n').filter(|line| !is_blank(line)).take(MAX_SNIFFED_LINES) {
        // Each line for itself, but for the directives before it.
        let mut single = directives.clone();
        match single.parse(line, Timestamp::default()) {
            Ok(Some(_)) => tally.count(single.format()),
            Ok(None) => directives = single,
            Err(problem) => tally.fail(line, problem),
        }
    }
    match (tally.best(), tally.first_failure) {
        (Some(detection), _) => Sniffed::Known(detection),
        _ if is_binary(beginning) => Sniffed::Binary,
        (None, Some((line, problem))) => {
            Sniffed::Unknown { lines: tally.tried, first_line: escaped(line.trim_ascii()), problem }
        }
        (None, None) => Sniffed::TooEarly,
    }
}

/// How many lines read as what.
#[derive(Default)]
struct Tally<'a> {
    tried: usize,
    counts: Vec<(LogFormat, usize)>,
    first_failure: Option<(&'a [u8], LineError)>,
}

impl<'a> Tally<'a> {
    fn count(&mut self, format: Option<LogFormat>) {
        self.tried += 1;
        let Some(format) = format else {
            return;
        };
        match self.counts.iter_mut().find(|(known, _)| *known == format) {
            Some((_, count)) => *count += 1,
            None => self.counts.push((format, 1)),
        }
    }

    fn fail(&mut self, line: &'a [u8], problem: LineError) {
        self.tried += 1;
        self.first_failure.get_or_insert((line, problem));
    }

    /// The most frequent format; of several, the one that comes first in [`LogFormat::ALL`].
    fn best(&self) -> Option<Detection> {
        let count_of = |format| self.counts.iter().find(|(known, _)| *known == format).map_or(0, |(_, n)| *n);
        let best = LogFormat::ALL.into_iter().rev().max_by_key(|format| count_of(*format))?;
        let count = count_of(best);
        (count > 0).then(|| Detection {
            format: best,
            reason: format!("{count} of {} lines read as {}", self.tried, best.title()),
        })
    }
}

/// The compression that a file begins like, with the command that unpacks it.
fn compression(beginning: &[u8]) -> Option<(&'static str, &'static str)> {
    match Compression::of(beginning) {
        Some(Compression::Gzip) => Some(("gzip", "zcat")),
        Some(Compression::Zstd) => Some(("zstd", "zstdcat")),
        None => UnreadCompression::of(beginning).map(|compression| (compression.name, compression.tool)),
    }
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

    fn look(beginning: &[u8], is_whole: bool) -> Sniffed {
        sniff(beginning, is_whole, &LineParser::default())
    }

    fn known(format: LogFormat, reason: &str) -> Sniffed {
        Sniffed::Known(Detection { format, reason: reason.to_owned() })
    }

    #[test]
    fn the_majority_of_readable_lines_decides() {
        let combined = |reason| known(LogFormat::Combined, reason);
        let json = |reason| known(LogFormat::Json, reason);
        let cases = [
            (LINE.repeat(3), combined("3 of 3 lines read as common or combined log format")),
            (OBJECT.repeat(3), json("3 of 3 lines read as JSON")),
            (format!("junk\n{OBJECT}{LINE}{OBJECT}"), json("2 of 4 lines read as JSON")),
            (
                format!("{}{LINE}", "junk\n".repeat(150)),
                combined("1 of 151 lines read as common or combined log format"),
            ),
            (format!("{LINE}{OBJECT}"), combined("1 of 2 lines read as common or combined log format")),
            (String::new(), Sniffed::TooEarly),
            ("\n\n".to_owned(), Sniffed::TooEarly),
            ("#Fields: date time c-ip cs-method cs-uri-stem\n".to_owned(), Sniffed::TooEarly),
            (LINE.trim_end().to_owned(), Sniffed::TooEarly),
            ("a\x07b\nc\n".to_owned(), Sniffed::Binary),
            (
                "one\ntwo\nthr".to_owned(),
                Sniffed::Unknown { lines: 2, first_line: "one".to_owned(), problem: LineError::NoRequest },
            ),
        ];
        for (text, want) in cases {
            assert_eq!(look(text.as_bytes(), false), want, "{text}");
        }
        assert!(matches!(look(LINE.trim_end().as_bytes(), true), Sniffed::Known(_)));
    }

    #[test]
    fn what_is_no_text_is_told_apart() {
        assert_eq!(look(b"\x1f\x8b\x08rest", false), Sniffed::Compressed("gzip", "zcat"));
        assert_eq!(look(&[0; 5_000], false), Sniffed::Binary);
        let every_byte_but_zero: Vec<u8> = (1..=255).cycle().take(5_000).collect();
        assert_eq!(look(&every_byte_but_zero, false), Sniffed::Binary);
        assert_eq!(look(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\n\0\0\0", false), Sniffed::Binary);
    }

    proptest! {
        #[test]
        fn any_beginning_can_be_looked_at(beginning in prop::collection::vec(any::<u8>(), 0..500), is_whole in any::<bool>()) {
            let _ = look(&beginning, is_whole);
        }
    }
}
