//! The one place where a line becomes a request.

use bartizan_ingest::{LineError, LineOptions, LineParser};
use bartizan_model::{HttpRequest, Timestamp};

/// Lines at the beginning of a file of which one must be readable, or the file is no access log.
const MAX_SNIFFED_LINES: usize = 200;

/// Reads one line without its line end; `None` for one that says something about the lines after it. `read_at` stands
/// in for the time in lines that carry none. The raw line is not kept: a report shows parts of requests, never lines
/// that could be read.
pub(crate) fn request(
    parser: &mut LineParser,
    line: &[u8],
    read_at: Timestamp,
) -> Result<Option<HttpRequest>, LineError> {
    let request = parser.parse(line, read_at)?;
    Ok(request.map(|request| HttpRequest { raw_line: None, ..request }))
}

/// Whether there is nothing on the line; zero bytes are what a truncated log leaves before its first line.
pub(crate) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace())
}

/// A parser for a file that begins like this; `None` when no line can be read. A file of blank lines is a log in which
/// nothing happened yet.
pub(crate) fn parser(beginning: &[u8], options: &LineOptions) -> Option<LineParser> {
    let mut lines = beginning
        .split(|byte| *byte == b'\n')
        .filter(|line| !is_blank(line))
        .take(MAX_SNIFFED_LINES)
        .peekable();
    let mut parser = LineParser::new(options);
    let is_empty = lines.peek().is_none();
    let is_log = lines.any(|line| matches!(parser.parse(line, Timestamp::default()), Ok(Some(_))));
    (is_empty || is_log).then_some(parser)
}

/// Takes note of what lines of a block say about the lines of the next one.
pub(crate) fn pass(parser: &mut LineParser, block: &[u8]) {
    let mut starts = memchr::memchr_iter(b'#', block)
        .filter(|at| at.checked_sub(1).is_none_or(|before| block.get(before) == Some(&b'\n')));
    // Nearly no log has such lines.
    if let Some(first) = starts.next() {
        for start in std::iter::once(first).chain(starts) {
            let line = block.get(start..).unwrap_or_default().split(|byte| *byte == b'\n').next();
            let _ = parser.parse(line.unwrap_or_default(), Timestamp::default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"x\"\n";

    #[test]
    fn one_readable_line_among_the_first_makes_a_log() {
        let is_log = |text: &[u8]| parser(text, &LineOptions::default()).is_some();
        assert!(is_log(format!("{}{LINE}", "junk\n".repeat(150)).as_bytes()));
        assert!(!is_log("junk\n".repeat(150).as_bytes()));
        assert!(is_log(b"\n \0\n"));
    }

    #[test]
    fn columns_of_one_block_hold_in_the_next() {
        let head = "#Fields: date time c-ip cs-method cs-uri-stem sc-status\n2026-03-04 05:06:07 192.0.2.1 GET /a 200\n";
        let mut parser = parser(head.as_bytes(), &LineOptions::default()).expect("a log");
        let line = b"2026-03-04 05:06:08 192.0.2.1 GET /b 404";
        let read = request(&mut parser, line, Timestamp::default()).expect("readable").expect("a request");
        assert_eq!(read.status, 404);
        pass(&mut parser, b"x\n#Fields: date time c-ip sc-status cs-method cs-uri-stem\n");
        let line = b"2026-03-04 05:06:08 192.0.2.1 500 GET /b";
        let read = request(&mut parser, line, Timestamp::default()).expect("readable").expect("a request");
        assert_eq!(read.status, 500);
    }
}
