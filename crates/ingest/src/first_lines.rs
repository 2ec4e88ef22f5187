//! What the first lines of a file say, for somebody who is about to have it read.
//!
//! Whoever names a file from afar must not be able to read one with it that is no log: what is told of a line that did
//! not parse is its problem, never the line.

use std::fs::{self, File};
use std::path::Path;

use bartizan_model::{HttpRequest, Timestamp};

use crate::beginning::read_beginning;
use crate::line::is_blank;
use crate::sniff::{MAX_SNIFFED_LINES, SNIFF_BYTES, Sniffed, sniff};
use crate::{LineError, LineOptions, LineParser, LogFormat, SourceError};

/// Requests that are shown.
const MAX_REQUESTS: usize = 5;

/// The methods of the IANA registry that web servers meet. A template may take any words for a request; what follows one
/// of these has been one.
const METHODS: [&str; 20] = [
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "CONNECT",
    "TRACE",
    "PROPFIND",
    "PROPPATCH",
    "MKCOL",
    "COPY",
    "MOVE",
    "LOCK",
    "UNLOCK",
    "REPORT",
    "SEARCH",
    "PRI",
    "QUERY",
];

/// The first lines of a log, read as its source would.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstLines {
    /// Size of the file.
    pub bytes: u64,
    /// The format that most of the readable lines have.
    pub format: Option<LogFormat>,
    /// Why it is taken to be that, one sentence for people.
    pub reason: Option<String>,
    /// Complete lines that were looked at, without empty ones and directives.
    pub lines: usize,
    /// Of these, lines that are a request.
    pub parsed: usize,
    /// What is wrong with the others, and with how many of them, most first.
    pub problems: Vec<(LineError, usize)>,
    /// At most five of the requests, in the order of the file.
    pub requests: Vec<HttpRequest>,
}

impl FirstLines {
    /// Looks at a file; `now` dates lines without a time.
    ///
    /// # Errors
    /// [`SourceError`] when it cannot be read at all, or is compressed or binary. That no line is a request is no error
    /// but a result.
    pub fn of(path: &Path, options: &LineOptions, now: Timestamp) -> Result<Self, SourceError> {
        let io = |action| move |error| SourceError::from_io(path, action, error);
        // Asked before opening, because opening a pipe would block.
        let metadata = fs::metadata(path).map_err(io("look at"))?;
        if metadata.is_dir() {
            return Err(SourceError::Directory { path: path.to_owned() });
        }
        if !metadata.is_file() {
            return Err(SourceError::NotAFile { path: path.to_owned() });
        }
        let file = File::open(path).map_err(io("open"))?;
        let beginning = read_beginning(&file, SNIFF_BYTES).map_err(io("read"))?;
        let mut parser = LineParser::new(options);
        let mut found = Self {
            bytes: metadata.len(),
            format: None,
            reason: None,
            lines: 0,
            parsed: 0,
            problems: Vec::new(),
            requests: Vec::new(),
        };
        match sniff(&beginning, false, &parser) {
            Sniffed::Known(detection) => {
                parser.expect(detection.format);
                (found.format, found.reason) = (Some(detection.format), Some(detection.reason));
            }
            Sniffed::Compressed(algorithm, tool) => {
                return Err(SourceError::Compressed { path: path.to_owned(), algorithm, tool });
            }
            Sniffed::Binary => return Err(SourceError::Binary { path: path.to_owned() }),
            Sniffed::TooEarly | Sniffed::Unknown { .. } => {}
        }
        found.take(&beginning, &mut parser, now);
        Ok(found)
    }

    /// Whether most of the lines are requests.
    pub fn is_access_log(&self) -> bool {
        self.parsed * 2 > self.lines
    }

    /// Whether there is no line yet that could tell.
    pub fn is_early(&self) -> bool {
        self.lines == 0
    }

    fn take(&mut self, beginning: &[u8], parser: &mut LineParser, now: Timestamp) {
        let complete = match memchr::memrchr(b'\n', beginning) {
            Some(end) => beginning.get(..end).unwrap_or_default(),
            // One line that is longer than everything that is looked at.
            None if beginning.len() >= SNIFF_BYTES => beginning,
            None => b"",
        };
        let lines = complete.split(|byte| *byte == b'\n').filter(|line| !is_blank(line));
        for line in lines.take(MAX_SNIFFED_LINES) {
            match parser.parse(line, now) {
                Ok(None) => {}
                Ok(Some(request)) if is_credible(&request) => {
                    self.lines += 1;
                    self.parsed += 1;
                    if self.requests.len() < MAX_REQUESTS {
                        self.requests.push(request);
                    }
                }
                Ok(Some(_)) => {
                    let format = parser.format().unwrap_or(LogFormat::Combined);
                    self.fail(LineError::Missing { what: "method and target", format });
                }
                Err(problem) => self.fail(problem),
            }
        }
        self.problems.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    }

    fn fail(&mut self, problem: LineError) {
        self.lines += 1;
        match self.problems.iter_mut().find(|(known, _)| *known == problem) {
            Some((_, count)) => *count += 1,
            None => self.problems.push((problem, 1)),
        }
    }
}

/// Whether this has been a request, and not merely words in the places of one.
fn is_credible(request: &HttpRequest) -> bool {
    let is_target = request.target.starts_with(b"/") || request.target == b"*" || request.method == "CONNECT";
    is_target && METHODS.contains(&request.method.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const LINE: &str = "192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"x\"\n";
    const SHADOW: &str = "root:$y$j9T$abcdef$0123456789:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n";

    fn look(text: &str, format: Option<&str>) -> Result<FirstLines, SourceError> {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(text.as_bytes()).expect("written");
        let format = format.map(|format| format.parse().expect("a format"));
        let options = LineOptions { format, ..LineOptions::default() };
        FirstLines::of(file.path(), &options, Timestamp::default())
    }

    #[test]
    fn a_log_is_known_by_most_of_its_lines() {
        let found = look(&format!("{}junk\n{LINE}", LINE.repeat(6)), None).expect("readable");
        assert!(found.is_access_log() && !found.is_early());
        assert_eq!((found.lines, found.parsed, found.requests.len()), (8, 7, 5));
        assert_eq!(found.format, Some(LogFormat::Combined));
        assert_eq!(found.reason.as_deref(), Some("7 of 8 lines read as common or combined log format"));
        assert_eq!(found.problems, [(LineError::NoRequest, 1)]);
        let mixed = look(&format!("{}{LINE}", "junk\n".repeat(3)), None).expect("readable");
        assert!(!mixed.is_access_log());
    }

    #[test]
    fn no_format_makes_a_log_of_another_file() {
        for format in [None, Some("nginx:$remote_addr:$request"), Some("apache:%h:%r"), Some("combined")] {
            let found = look(SHADOW, format).expect("readable");
            assert!(!found.is_access_log() && found.requests.is_empty(), "{format:?}: {found:?}");
            assert!(!format!("{found:?}").contains("y$j9T"), "{format:?}: {found:?}");
        }
    }

    #[test]
    fn what_has_no_line_yet_is_early_and_what_is_no_text_is_refused() {
        for text in ["", "\n\n", "#Fields: date time c-ip cs-method cs-uri-stem\n", LINE.trim_end()] {
            let found = look(text, None).expect("readable");
            assert!(found.is_early() && !found.is_access_log(), "{text:?}");
        }
        assert!(matches!(look("\0\0\0\n", None), Err(SourceError::Binary { .. })));
        let folder = tempfile::tempdir().expect("a temporary folder");
        let of = |path: &Path| FirstLines::of(path, &LineOptions::default(), Timestamp::default());
        assert!(matches!(of(folder.path()), Err(SourceError::Directory { .. })));
        assert!(matches!(of(&folder.path().join("none")), Err(SourceError::Missing { .. })));
        assert!(matches!(of(Path::new("/dev/null")), Err(SourceError::NotAFile { .. })));
    }
}
