//! Lines to requests, with what must be remembered from one line to the next.

use bartizan_model::{HttpRequest, Timestamp};

use crate::choice::{FormatChoice, LineOptions};
use crate::escape::lossy;
use crate::syslog_prefix::without_prefix;
use crate::w3c::{Columns, is_directive};
use crate::zone::LogZone;
use crate::{LineError, LogFormat, alb, combined, envoy, haproxy, json};

/// Longest log line that is kept with its request, in bytes (API.md, detail of a request: 16 KiB).
pub(crate) const MAX_RAW_LINE_BYTES: usize = 16 * 1024;

/// Reads the lines of one log, in their order.
///
/// A given format is the only one that is tried. Otherwise the one that the file is known to have is tried first, and a
/// line that does not have it is read by its own looks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineParser {
    choice: Option<FormatChoice>,
    /// The format of the file, once it is known.
    format: Option<LogFormat>,
    zone: LogZone,
    /// What the last `#Fields` directive said.
    columns: Option<Columns>,
}

impl LineParser {
    /// A parser for a log that is read from its start.
    pub fn new(options: &LineOptions) -> Self {
        Self {
            choice: options.format.clone(),
            format: options.format.as_ref().map(FormatChoice::format),
            zone: options.time_zone.clone(),
            columns: None,
        }
    }

    /// The format of the log: the given one, or that of the first line that was a request.
    pub fn format(&self) -> Option<LogFormat> {
        self.format
    }

    /// Reads one line without its line end; `None` for a line that says something about the lines after it, or about a
    /// connection that came to no request.
    ///
    /// `read_at` stands in for the time of lines that carry none.
    pub fn parse(&mut self, line: &[u8], read_at: Timestamp) -> Result<Option<HttpRequest>, LineError> {
        let text = without_padding(line);
        if self.takes_directive(text) {
            return Ok(None);
        }
        // Most logs and nearly all of their lines; asked here, since what follows moves the request several times.
        if matches!(self.format, Some(LogFormat::Combined))
            && !text.starts_with(b"{")
            && let Ok(mut request) = combined::parse(text)
        {
            request.raw_line = Some(raw_line(text));
            return Ok(Some(request));
        }
        let parsed = match self.format {
            Some(format) if self.choice.is_some() => self.parse_as(format, text, read_at),
            // Their lines can be told apart from all others by their looks.
            None | Some(LogFormat::Combined | LogFormat::Json) => self.parse_by_looks(text, read_at),
            Some(format) => self
                .parse_as(format, text, read_at)
                .or_else(|problem| self.parse_by_looks(text, read_at).map_err(|_| problem)),
        };
        let may_be_haproxy = matches!(self.format, None | Some(LogFormat::Haproxy));
        if parsed.is_err() && may_be_haproxy && haproxy::is_of_a_connection(text, &self.zone) {
            return Ok(None);
        }
        let (mut request, format) = parsed?;
        self.format.get_or_insert(format);
        request.raw_line = Some(raw_line(text));
        Ok(Some(request))
    }

    /// Takes the log to have this format, unless one is given.
    pub(crate) fn expect(&mut self, format: LogFormat) {
        if self.choice.is_none() {
            self.format = Some(format);
        }
    }

    /// What a checkpoint keeps: the name of the format, and after a blank the names of the columns where directives
    /// give lines their meaning.
    pub(crate) fn checkpoint_name(&self) -> Option<String> {
        let format = self.format?;
        let columns = self.columns.as_ref().filter(|_| format.has_directives());
        Some(columns.map_or(format.as_str().to_owned(), |columns| format!("{format} {}", columns.names())))
    }

    /// Goes on with what a checkpoint kept.
    pub(crate) fn resume(&mut self, name: &str) {
        let (format, columns) = name.split_once(' ').unwrap_or((name, ""));
        // A template is not named by its name: without it being given, the format is found again.
        if let Some(format) = LogFormat::from_name(format).filter(|format| *format != LogFormat::Template) {
            self.expect(format);
        }
        self.columns = Columns::of_names(columns);
    }

    /// Whether the lines need a directive that was not seen; it stands at the head of the file.
    pub(crate) fn lacks_columns(&self) -> bool {
        self.columns.is_none() && self.format.is_some_and(LogFormat::has_directives)
    }

    /// Takes the last directive of these lines.
    pub(crate) fn take_directives(&mut self, head: &[u8]) {
        for line in head.split(|byte| *byte == b'\n') {
            self.takes_directive(without_padding(line));
        }
    }

    /// Whether the line is a directive. A line of a log that is known to have none is never one: a client may have
    /// written how it begins.
    fn takes_directive(&mut self, text: &[u8]) -> bool {
        let is_one =
            text.starts_with(b"#") && self.format.is_none_or(LogFormat::has_directives) && is_directive(text);
        if is_one && let Some(columns) = Columns::of_directive(text) {
            self.columns = Some(columns);
        }
        is_one
    }

    fn parse_as(
        &self,
        format: LogFormat,
        text: &[u8],
        read_at: Timestamp,
    ) -> Result<(HttpRequest, LogFormat), LineError> {
        let request = match format {
            LogFormat::Combined => combined::parse(text),
            LogFormat::Haproxy => haproxy::parse(text, &self.zone),
            LogFormat::Envoy => envoy::parse(without_prefix(text)),
            LogFormat::AwsAlb => alb::parse(without_prefix(text)),
            LogFormat::Json | LogFormat::ModSecurity => {
                let object = object(text).ok_or(LineError::BrokenJson)?;
                return json::parse(object, read_at, &self.zone);
            }
            // CloudFront writes either.
            LogFormat::CloudFront if text.starts_with(b"{") => {
                return json::parse(text, read_at, &self.zone);
            }
            LogFormat::W3c | LogFormat::CloudFront => {
                let columns = self.columns.as_ref().ok_or(LineError::NoColumns)?;
                return Ok((columns.parse(text, read_at)?, columns.format()));
            }
            LogFormat::Template => match &self.choice {
                Some(FormatChoice::Template(template)) => template.parse(text, read_at, &self.zone),
                _ => Err(LineError::NoRequest),
            },
        };
        Ok((request?, format))
    }

    /// The beginning of the line decides what is tried first; the problem that is told is that of the likeliest.
    fn parse_by_looks(&self, text: &[u8], read_at: Timestamp) -> Result<(HttpRequest, LogFormat), LineError> {
        const ANY: [LogFormat; 5] =
            [LogFormat::Combined, LogFormat::Json, LogFormat::Haproxy, LogFormat::Envoy, LogFormat::AwsAlb];
        // In a log that is known, a line that a client has damaged must not pass for one of another server.
        let others = match self.format {
            Some(LogFormat::Combined | LogFormat::Json) => ANY.get(..2),
            _ => ANY.get(..),
        };
        let likeliest = match text {
            _ if self.columns.is_some() => LogFormat::W3c,
            [b'{', ..] => LogFormat::Json,
            [b'[', ..] => LogFormat::Envoy,
            [b'h' | b'w' | b'g', ..] if alb::begins_like(text) => LogFormat::AwsAlb,
            _ => LogFormat::Combined,
        };
        self.parse_as(likeliest, text, read_at).or_else(|problem| {
            let mut others = others.unwrap_or_default().iter().filter(|format| **format != likeliest);
            others
                .find_map(|format| self.parse_as(*format, text, read_at).ok())
                .ok_or_else(|| self.likelier_problem(problem, text, read_at))
        })
    }

    /// A line that begins a JSON object behind a prefix is meant as one.
    fn likelier_problem(&self, problem: LineError, text: &[u8], read_at: Timestamp) -> LineError {
        if text.starts_with(b"{") || self.columns.is_some() || object(text).is_none() {
            return problem;
        }
        self.parse_as(LogFormat::Json, text, read_at).err().unwrap_or(problem)
    }
}

/// The JSON object of a line, which may stand behind a syslog prefix.
fn object(text: &[u8]) -> Option<&[u8]> {
    if text.starts_with(b"{") {
        return Some(text);
    }
    memchr::memmem::find(text, b"{\"").and_then(|at| text.get(at..))
}

fn raw_line(text: &[u8]) -> String {
    lossy(text.get(..MAX_RAW_LINE_BYTES).unwrap_or(text))
}

fn without_padding(line: &[u8]) -> &[u8] {
    let start = line.iter().position(|byte| *byte != 0).unwrap_or(line.len());
    line.get(start..).unwrap_or_default().trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIRECTIVE: &[u8] = b"#Fields: date time c-ip cs-method cs-uri-stem sc-status";
    const COMBINED: &[u8] = br#"192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET /a HTTP/1.1" 200 5 "-" "x""#;

    fn parse(parser: &mut LineParser, line: &[u8]) -> Result<Option<HttpRequest>, LineError> {
        parser.parse(line, Timestamp::default())
    }

    #[test]
    fn a_directive_counts_from_where_it_stands_and_after_a_restart() {
        let mut parser = LineParser::default();
        assert_eq!(parse(&mut parser, b"#Software: Microsoft Internet Information Services 10.0"), Ok(None));
        assert_eq!(parse(&mut parser, DIRECTIVE), Ok(None));
        let line = b"2026-03-04 05:06:07 192.0.2.1 GET /a 200";
        assert!(matches!(parse(&mut parser, line), Ok(Some(request)) if request.status == 200));
        assert_eq!(parse(&mut parser, b"#Fields: date time sc-status cs-uri-stem cs-method c-ip"), Ok(None));
        let turned = b"2026-03-04 05:06:07 404 /b POST 192.0.2.1";
        assert!(matches!(parse(&mut parser, turned), Ok(Some(request)) if request.status == 404));

        let name = parser.checkpoint_name().expect("a name");
        assert_eq!(name, "w3c date time sc-status cs-uri-stem cs-method c-ip");
        let mut resumed = LineParser::default();
        resumed.resume(&name);
        assert!(matches!(parse(&mut resumed, turned), Ok(Some(request)) if request.target == b"/b"));
        assert_eq!(parse(&mut resumed, line), Err(LineError::NoStatus));
    }

    #[test]
    fn a_log_without_directives_gets_none() {
        let mut parser = LineParser::default();
        parser.expect(LogFormat::Combined);
        assert!(parse(&mut parser, DIRECTIVE).is_err());
        assert!(matches!(parse(&mut parser, COMBINED), Ok(Some(_))));
    }

    #[test]
    fn connections_without_a_request_are_no_failures() {
        let request = br#"192.0.2.1:3 [04/Mar/2026:05:06:07.655] web~ app/a 0/0/0/1/1 200 0 - - ---- 1/1/1/1/0 0/0 "GET / HTTP/1.1""#;
        let mut parser = LineParser::default();
        for is_known in [false, true] {
            for line in [
                "192.0.2.1:33317 [04/Mar/2026:05:06:07.655] web/1: SSL handshake failure",
                "Mar  4 05:06:07 lb1 haproxy[143]: 2001:db8::1:3 [04/Mar/2026:05:06:07.655] web/ssl: SSL handshake failure (error:0A00006C:SSL routines::bad key share)",
                "192.0.2.1:33317 [04/Mar/2026:05:06:07.655] web/1: Connection closed during SSL handshake",
            ] {
                assert_eq!(parse(&mut parser, line.as_bytes()), Ok(None), "{line} {is_known}");
            }
            assert!(matches!(parse(&mut parser, request), Ok(Some(_))));
        }
        for line in [
            "192.0.2.1:33317 [04/Mar/2026:05:06:07.655] web/1: \"GET /",
            "192.0.2.1:33317 [04/Mar/2026:05:06:07.655] web~ app/a",
            "192.0.2.1:33317 [04/Mar/2026:05:06:07.655] web/1:",
            "web/1: SSL handshake failure",
        ] {
            assert!(parse(&mut parser, line.as_bytes()).is_err(), "{line}");
        }
        parser.expect(LogFormat::Combined);
        let line = b"192.0.2.1:33317 [04/Mar/2026:05:06:07.655] web/1: SSL handshake failure";
        assert!(parse(&mut parser, line).is_err(), "in the log of another server");
    }

    #[test]
    fn a_given_format_is_the_only_one() {
        let options =
            LineOptions { format: Some(FormatChoice::Known(LogFormat::Haproxy)), time_zone: LogZone::UTC };
        let problem = parse(&mut LineParser::new(&options), COMBINED).expect_err("is another format");
        assert!(problem.to_string().contains("haproxy"), "{problem}");
    }
}
