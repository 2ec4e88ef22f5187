//! Lines of the W3C extended log file format, as IIS and AWS CloudFront write them.
//!
//! A `#Fields:` directive names the columns of the lines after it, and may stand again in the middle of a file with
//! others (W3C working draft WD-logfile-960323). Times are in UTC.

use std::borrow::Cow;

use bartizan_model::{HttpRequest, MISSING, Timestamp, Via};

use crate::client::{canonical_client, canonical_host};
use crate::escape::hex_unescaped;
use crate::log_time::{MICROS_PER_DAY, clock_micros, iso_day, unix_time};
use crate::quantity::{duration_ms, status, whole};
use crate::request_line::is_method;
use crate::trailing::{MAX_HEADER_BYTES, MAX_HEADERS, MAX_NAME_BYTES};
use crate::{LineError, LogFormat};

/// Most columns that are read; IIS has 22 fields of its own, CloudFront 33.
const MAX_COLUMNS: usize = 128;

/// Longest `#Fields` line that is understood, in bytes; it goes into checkpoints.
const MAX_FIELDS_BYTES: usize = 4_096;

/// What a `#Fields` line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns {
    /// From left to right.
    kinds: Vec<Column>,
    /// The names, separated by blanks.
    names: String,
    format: LogFormat,
}

/// What stands in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Column {
    Date,
    Time,
    Client,
    Method,
    /// Path and query in one.
    Uri,
    Stem,
    Query,
    Protocol,
    Host,
    Status,
    Bytes,
    Taken,
    /// Seconds, or smaller units, since 1970.
    Epoch,
    Header(String),
    /// All headers in one, as CloudFront's real-time logs have them.
    Headers,
    Other,
}

impl Columns {
    /// The columns of `#Fields: date time …`; `None` when this is no such line, or not one of requests.
    pub(crate) fn of_directive(line: &[u8]) -> Option<Self> {
        let names = strip_prefix_ignoring_case(line, b"#fields:")?;
        Self::of_names(str::from_utf8(names.get(..MAX_FIELDS_BYTES + 1).unwrap_or(names)).ok()?)
    }

    /// The columns of names that are separated by white space.
    pub(crate) fn of_names(names: &str) -> Option<Self> {
        if names.len() > MAX_FIELDS_BYTES {
            return None;
        }
        let words: Vec<&str> = names.split_ascii_whitespace().collect();
        if words.len() > MAX_COLUMNS {
            return None;
        }
        let kinds: Vec<Column> = words.iter().map(|name| column(name)).collect();
        let has = |wanted: &Column| kinds.contains(wanted);
        let is_of_requests = has(&Column::Method) && (has(&Column::Stem) || has(&Column::Uri));
        let is_cloudfront = words.iter().any(|name| {
            name.starts_with("x-edge-") || matches!(*name, "time-to-first-byte" | "DistributionId")
        });
        let format = if is_cloudfront { LogFormat::CloudFront } else { LogFormat::W3c };
        is_of_requests.then(|| Self { kinds, names: words.join(" "), format })
    }

    /// The names, separated by blanks.
    pub(crate) fn names(&self) -> &str {
        &self.names
    }

    /// Whose lines these are.
    pub(crate) fn format(&self) -> LogFormat {
        self.format
    }

    /// Reads one line; `read_at` is the time of lines without a date and a time.
    pub(crate) fn parse(&self, line: &[u8], read_at: Timestamp) -> Result<HttpRequest, LineError> {
        self.read(split(line), read_at)
    }

    /// Reads the fields of one line.
    pub(crate) fn read<'a>(
        &self,
        mut fields: impl Iterator<Item = &'a [u8]>,
        read_at: Timestamp,
    ) -> Result<HttpRequest, LineError> {
        let mut request = HttpRequest::new(read_at, MISSING, b"", Via::Log);
        let (mut day, mut clock) = (None, None);
        let (mut stem, mut query, mut header_host): (&[u8], &[u8], _) = (b"", b"", None);
        let mut all_headers: &[u8] = b"";
        for column in &self.kinds {
            let field = fields.next().ok_or(LineError::WrongColumns)?;
            if *column == Column::Date {
                day = Some(iso_day(field).ok_or(LineError::BadTime)?);
            }
            if *column == Column::Time {
                clock = Some(clock_micros(field).ok_or(LineError::BadTime)?);
            }
            if field == b"-" || field.is_empty() {
                continue;
            }
            match column {
                Column::Client => request.client = canonical_client(field),
                Column::Method if is_method(field) => {
                    request.method = String::from_utf8_lossy(field).into_owned();
                }
                Column::Method => return Err(LineError::WrongColumns),
                Column::Uri | Column::Stem => stem = field,
                Column::Query => query = field,
                Column::Protocol => {
                    request.protocol =
                        str::from_utf8(field).ok().filter(|p| p.len() <= 16).map(str::to_owned);
                }
                // Of two columns the first with a host counts; CloudFront's `cs(Host)` is its own name.
                Column::Host => request.host = request.host.or_else(|| canonical_host(field)),
                Column::Status => request.status = status(field).ok_or(LineError::NoStatus)?,
                Column::Bytes => request.response_bytes = whole(field),
                Column::Epoch => {
                    let number = str::from_utf8(field).ok().and_then(|text| text.parse().ok());
                    request.time = number.and_then(unix_time).ok_or(LineError::BadTime)?;
                }
                Column::Headers => all_headers = field,
                Column::Taken => request.response_time_ms = self.milliseconds(field),
                Column::Header(name) if name == "host" => header_host = canonical_host(field),
                Column::Header(name) => {
                    let value = self.header_value(name, field);
                    let value = value.get(..MAX_HEADER_BYTES).unwrap_or(&value);
                    request.headers.push((name.clone(), value.to_vec()));
                }
                Column::Date | Column::Time | Column::Other => {}
            }
        }
        if fields.next().is_some() {
            return Err(LineError::WrongColumns);
        }
        request.host = request.host.or(header_host);
        push_headers(all_headers, &mut request.headers);
        request.target = stem.to_vec();
        // The stem of a real-time log of CloudFront has the query already.
        if !query.is_empty() && !stem.contains(&b'?') {
            request.target.push(b'?');
            request.target.extend_from_slice(query);
        }
        if request.method == MISSING && !request.target.is_empty() {
            return Err(LineError::WrongColumns);
        }
        if let (Some(day), Some(clock)) = (day, clock) {
            request.time = Timestamp::from_micros(day * MICROS_PER_DAY + clock);
        }
        Ok(request)
    }

    /// CloudFront writes seconds and IIS milliseconds; a fraction tells of seconds elsewhere.
    fn milliseconds(&self, field: &[u8]) -> Option<f64> {
        let is_seconds = self.format == LogFormat::CloudFront || field.contains(&b'.');
        duration_ms(str::from_utf8(field).ok()?, if is_seconds { 1e3 } else { 1.0 })
    }

    /// The value without what the server did to it: IIS writes `+` for blanks, CloudFront encodes for URLs, and
    /// used to do so twice. A referrer is a URL and stays as it is.
    fn header_value<'a>(&self, name: &str, field: &'a [u8]) -> Cow<'a, [u8]> {
        // A blank is never left by an encoder.
        if name == "referer" || field.contains(&b' ') {
            return Cow::Borrowed(field);
        }
        if self.format == LogFormat::CloudFront {
            let once = hex_unescaped(field, b'%');
            return if once.contains(&b' ') {
                once
            } else {
                Cow::Owned(hex_unescaped(&once, b'%').into_owned())
            };
        }
        Cow::Owned(field.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect())
    }
}

/// Whether this line is a directive, which is no request and no failure.
pub(crate) fn is_directive(line: &[u8]) -> bool {
    const NAMES: [&[u8]; 7] =
        [b"#fields:", b"#version:", b"#software:", b"#date:", b"#start-date:", b"#end-date:", b"#remark:"];
    NAMES.into_iter().any(|name| strip_prefix_ignoring_case(line, name).is_some())
}

fn strip_prefix_ignoring_case<'a>(line: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = line.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn column(name: &str) -> Column {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "date" => Column::Date,
        "time" => Column::Time,
        "c-ip" => Column::Client,
        "cs-method" => Column::Method,
        "cs-uri" => Column::Uri,
        "cs-uri-stem" => Column::Stem,
        "cs-uri-query" => Column::Query,
        "cs-version" | "cs-protocol-version" => Column::Protocol,
        "cs-host" | "x-host-header" => Column::Host,
        "sc-status" => Column::Status,
        "sc-bytes" => Column::Bytes,
        "time-taken" => Column::Taken,
        "timestamp" | "timestamp(ms)" => Column::Epoch,
        "x-forwarded-for" => Column::Header(lower),
        "cs-user-agent" | "cs-referer" | "cs-cookie" => {
            Column::Header(lower.trim_start_matches("cs-").to_owned())
        }
        "cs-headers" => Column::Headers,
        _ => match lower.strip_prefix("cs(").and_then(|rest| rest.strip_suffix(')')) {
            Some(header) if !header.is_empty() => Column::Header(header.to_owned()),
            _ => Column::Other,
        },
    }
}

/// Adds the headers of `Name:value%0AName:value` that have no column of their own.
fn push_headers(field: &[u8], headers: &mut Vec<(String, Vec<u8>)>) {
    for line in hex_unescaped(field, b'%').split(|byte| *byte == b'\n') {
        let Some(at) = memchr::memchr(b':', line).filter(|at| (1..=MAX_NAME_BYTES).contains(at)) else {
            continue;
        };
        let (name, value) = line.split_at(at);
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        if headers.len() < MAX_HEADERS && !headers.iter().any(|(known, _)| *known == name) {
            let value = value.get(1..).unwrap_or_default().trim_ascii();
            headers.push((name, value.get(..MAX_HEADER_BYTES).unwrap_or(value).to_vec()));
        }
    }
}

/// The fields of a line: separated by tabs where there is one, by blanks elsewhere.
fn split(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let has_tabs = memchr::memchr(b'\t', line).is_some();
    let separator = if has_tabs { b'\t' } else { b' ' };
    line.split(move |byte| *byte == separator).filter(move |field| has_tabs || !field.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const IIS: &str = "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) cs-host sc-status sc-substatus sc-win32-status sc-bytes time-taken";
    const CLOUDFRONT: &str = "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-host-header time-taken cs-protocol-version";

    fn columns(directive: &str) -> Columns {
        Columns::of_directive(directive.as_bytes()).expect("columns")
    }

    #[test]
    fn a_line_of_iis_is_read() {
        let line = b"2026-03-04 05:06:07 10.0.0.4 GET /shop/a.aspx id=1%27 443 - 192.0.2.1 Mozilla/5.0+(Windows+NT+10.0) https://a.example/?q=x+y Shop.example.com 404 0 2 1245 46";
        let request = columns(IIS).parse(line, Timestamp::default()).expect("parses");
        assert_eq!(request.time.to_rfc3339_seconds(), "2026-03-04T05:06:07Z");
        assert_eq!(
            (request.method.as_str(), request.target.as_slice()),
            ("GET", b"/shop/a.aspx?id=1%27".as_slice())
        );
        assert_eq!(request.user_agent().as_deref(), Some("Mozilla/5.0 (Windows NT 10.0)"));
        assert_eq!(request.header("referer"), Some(b"https://a.example/?q=x+y".as_slice()));
        assert_eq!(request.host.as_deref(), Some("shop.example.com"));
        assert_eq!(
            (request.status, request.response_bytes, request.response_time_ms),
            (404, Some(1_245), Some(46.0))
        );
    }

    #[test]
    fn a_line_of_cloudfront_is_read() {
        let line = "2026-03-04\t05:06:07\tFRA50-C1\t1045\t2001:db8::1\tGET\td1.cloudfront.example\t/a%2520b\t200\t-\tMozilla/5.0%20(X11)\tq=1\tsid=a;%20b=c\tMiss\tshop.example.com\t0.012\tHTTP/2.0";
        let request = columns(CLOUDFRONT).parse(line.as_bytes(), Timestamp::default()).expect("parses");
        assert_eq!(
            (request.client.as_str(), request.target.as_slice()),
            ("2001:db8::1", b"/a%2520b?q=1".as_slice())
        );
        assert_eq!(request.host.as_deref(), Some("shop.example.com"));
        assert_eq!(request.user_agent().as_deref(), Some("Mozilla/5.0 (X11)"));
        assert_eq!(request.header("cookie"), Some(b"sid=a; b=c".as_slice()));
        assert_eq!((request.protocol.as_deref(), request.response_time_ms), (Some("HTTP/2.0"), Some(12.0)));
        let twice = line.replace("%20(X11)", "%2520(X11)");
        let request = columns(CLOUDFRONT).parse(twice.as_bytes(), Timestamp::default()).expect("parses");
        assert_eq!(request.user_agent().as_deref(), Some("Mozilla/5.0 (X11)"));
    }

    #[test]
    fn columns_that_do_not_fit_are_refused() {
        let short = columns(IIS).parse(b"2026-03-04 05:06:07 10.0.0.4 GET /", Timestamp::default());
        assert_eq!(short, Err(LineError::WrongColumns));
        assert_eq!(Columns::of_directive(b"#Fields: date time c-ip"), None);
        assert_eq!(Columns::of_directive(b"#Version: 1.0"), None);
        assert_eq!(Columns::of_names(&"a ".repeat(5_000)), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_request_or_not(line in prop::collection::vec(any::<u8>(), 0..200), names in "\\PC{0,60}") {
            let _ = columns(IIS).parse(&line, Timestamp::default());
            let _ = columns(CLOUDFRONT).parse(&line, Timestamp::default());
            let _ = Columns::of_names(&names);
            let _ = Columns::of_directive(&line);
        }
    }
}
