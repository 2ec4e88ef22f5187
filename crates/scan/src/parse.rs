//! The one place where a line becomes a request.

use bartizan_ingest::{LineError, parse_line};
use bartizan_model::{HttpRequest, Timestamp};

/// Lines at the beginning of a file of which one must be readable, or the file is no access log.
const MAX_SNIFFED_LINES: usize = 200;

/// Reads one line without its line end; `read_at` stands in for the time in lines that carry none. The raw line is
/// not kept: a report shows parts of requests, never lines that could be read.
pub(crate) fn request(line: &[u8], read_at: Timestamp) -> Result<HttpRequest, LineError> {
    let mut request = parse_line(line, read_at)?;
    request.raw_line = None;
    Ok(request)
}

/// Whether there is nothing on the line; zero bytes are what a truncated log leaves before its first line.
pub(crate) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace())
}

/// Whether the beginning of a file holds a line that can be read. A file of blank lines is a log in which nothing
/// happened yet.
pub(crate) fn looks_like_a_log(beginning: &[u8]) -> bool {
    let mut lines = beginning
        .split(|byte| *byte == b'\n')
        .filter(|line| !is_blank(line))
        .take(MAX_SNIFFED_LINES)
        .peekable();
    lines.peek().is_none() || lines.any(|line| parse_line(line, Timestamp::default()).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"x\"\n";

    #[test]
    fn one_readable_line_among_the_first_makes_a_log() {
        assert!(looks_like_a_log(format!("{}{LINE}", "junk\n".repeat(150)).as_bytes()));
        assert!(!looks_like_a_log("junk\n".repeat(150).as_bytes()));
        assert!(looks_like_a_log(b"\n \0\n"));
    }
}
