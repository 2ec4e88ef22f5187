//! Lines of the common log format and of everything that extends it.
//!
//! What such lines share is `[time] "request" status size`. Before the time stand the client and its names, after the
//! size whatever was appended (see [`crate::trailing`]). Everything that a client can write stands between quotes, in
//! which servers escape quotes: so the first bracketed time that a quote follows is the server's own.

use std::net::SocketAddr;

use bartizan_model::{HttpRequest, Timestamp, Via};

use crate::LineError;
use crate::client::{address, canonical_address, canonical_client, canonical_host};
use crate::escape::unescaped;
use crate::log_time::text_time;
use crate::quantity::{status, whole};
use crate::request_line::read_request_line;
use crate::syslog_prefix::{self, without_prefix};
use crate::trailing::read_trailing;

/// Longest text between the brackets of a time, in bytes: RFC 3339 with nanoseconds and zone has 35.
const MAX_TIME_BYTES: usize = 40;

/// Reads one line.
pub(crate) fn parse(line: &[u8]) -> Result<HttpRequest, LineError> {
    let frame = find_frame(line).ok_or(LineError::NoRequest)?;
    let (client, host) = origin(frame.prefix).ok_or(LineError::NoClient)?;
    let (request_line, after) = split_request(frame.quoted);
    let mut request = HttpRequest {
        time: frame.time,
        client,
        host,
        method: String::new(),
        target: Vec::new(),
        protocol: None,
        headers: Vec::new(),
        body: None,
        status: 0,
        response_bytes: None,
        response_time_ms: None,
        via: Via::Log,
        raw_line: None,
    };
    read_request_line(&unescaped(request_line), &mut request);
    let (status_word, after) = word(after);
    // A line that ends with its request was cut there; what was asked is known all the same.
    request.status =
        if status_word.is_empty() { 0 } else { status(status_word).ok_or(LineError::NoStatus)? };
    let (size, after_size) = word(after);
    if size.starts_with(b"\"") {
        read_trailing(after, &mut request);
    } else {
        request.response_bytes = whole(size).filter(|_| !size.is_empty());
        read_trailing(after_size, &mut request);
    }
    Ok(request)
}

/// The parts around the bracketed time.
struct LineFrame<'a> {
    /// What stands before the bracket.
    prefix: &'a [u8],
    time: Timestamp,
    /// What follows the opening quote of the request.
    quoted: &'a [u8],
}

fn find_frame(line: &[u8]) -> Option<LineFrame<'_>> {
    memchr::memchr_iter(b'[', line).find_map(|at| {
        let (prefix, bracket) = line.split_at_checked(at)?;
        let inside = bracket.get(1..)?;
        let close = memchr::memchr(b']', inside.get(..MAX_TIME_BYTES).unwrap_or(inside))?;
        let quoted = inside.get(close + 1..)?.trim_ascii_start().strip_prefix(b"\"")?;
        let time = text_time(inside.get(..close)?)?;
        Some(LineFrame { prefix, time, quoted })
    })
}

/// The client, and the virtual host where one is logged before it.
fn origin(prefix: &[u8]) -> Option<(String, Option<String>)> {
    let (first, rest) = syslog_prefix::word(without_prefix(prefix));
    if first.is_empty() {
        return None;
    }
    let (second, rest) = syslog_prefix::word(rest);
    let (_identity, rest) = syslog_prefix::word(rest);
    let has_four_words = !syslog_prefix::word(rest).0.is_empty();
    // A virtual host may be an address as well: the one that a scanner asked for. Then it has its port.
    let is_host = has_four_words && has_port(first) && address(second).is_some();
    if let Some(client) = canonical_address(first).filter(|_| !is_host) {
        return Some((client, None));
    }
    if has_four_words && is_client_after_host(first, second) {
        return Some((canonical_client(second), canonical_host(first)));
    }
    Some((canonical_client(first), None))
}

/// Whether the second word is the client and the first a virtual host, and not a logged client name before its
/// identity (`-`).
fn is_client_after_host(host: &[u8], client: &[u8]) -> bool {
    address(client).is_some() || (client != b"-" && host.contains(&b':'))
}

/// Whether an address is followed by a port.
fn has_port(address: &[u8]) -> bool {
    str::from_utf8(address).is_ok_and(|text| text.parse::<SocketAddr>().is_ok())
}

/// The request and what follows its closing quote.
///
/// The closing quote is the first unescaped one that a status follows, so that quotes which a server did not escape
/// do not end the request early; where no status follows any, it is the first one, and without one the line was cut.
fn split_request(quoted: &[u8]) -> (&[u8], &[u8]) {
    let is_end = |at: &usize| quoted.get(at + 1..).is_some_and(begins_with_status);
    let end = unescaped_quotes(quoted)
        .find(is_end)
        .or_else(|| memchr::memchr_iter(b'"', quoted).find(is_end))
        .or_else(|| unescaped_quotes(quoted).next());
    match end {
        Some(at) => (quoted.get(..at).unwrap_or_default(), quoted.get(at + 1..).unwrap_or_default()),
        None => (quoted, b""),
    }
}

fn begins_with_status(after: &[u8]) -> bool {
    // Asked first: a line of nothing but quotes must not be gone through once for each of them.
    if !after.starts_with(b" ") {
        return false;
    }
    let (token, _) = word(after);
    !token.is_empty() && status(token).is_some()
}

/// Places of quotes that no backslash escapes.
pub(crate) fn unescaped_quotes(field: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + memchr::memchr2(b'"', b'\\', field.get(from..)?)?;
            if field.get(at) == Some(&b'"') {
                from = at + 1;
                return Some(at);
            }
            from = at + 2;
        }
    })
}

/// The next word and what follows it.
fn word(text: &[u8]) -> (&[u8], &[u8]) {
    let text = text.trim_ascii_start();
    text.split_at(memchr::memchr(b' ', text).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bartizan_model::MISSING;

    fn parsed(line: &[u8]) -> HttpRequest {
        parse(line).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(line)))
    }

    const TAIL: &str = r#"[04/Mar/2026:05:06:07 +0000] "GET /a HTTP/1.1" 200 512 "-" "curl/8.5""#;

    #[test]
    fn clients_and_hosts_are_found_behind_every_prefix() {
        let cases = [
            ("192.0.2.1 - - ", "192.0.2.1", None),
            ("192.0.2.1 - john doe ", "192.0.2.1", None),
            ("192.0.2.1, 198.51.100.1 - - ", "192.0.2.1", None),
            ("2001:DB8::1 - - ", "2001:db8::1", None),
            ("client.example.net - frank ", "client.example.net", None),
            ("Shop.example.com:80 192.0.2.1 - - ", "192.0.2.1", Some("shop.example.com")),
            ("shop.example.com 192.0.2.1 - - ", "192.0.2.1", Some("shop.example.com")),
            ("shop.example.com:443 client.example.net - - ", "client.example.net", Some("shop.example.com")),
            ("Jul  8 11:07:11 web1 nginx[2869]: 192.0.2.1 - - ", "192.0.2.1", None),
            ("<190>Jul 18 11:07:11 web1 nginx: 192.0.2.1 - - ", "192.0.2.1", None),
            (
                "2026-07-08T11:07:11.1+02:00 web1 nginx: a.example:80 192.0.2.1 - - ",
                "192.0.2.1",
                Some("a.example"),
            ),
            ("- - - ", MISSING, None),
        ];
        for (prefix, client, host) in cases {
            let request = parsed(format!("{prefix}{TAIL}").as_bytes());
            assert_eq!((request.client.as_str(), request.host.as_deref()), (client, host), "{prefix}");
            assert_eq!((request.status, request.response_bytes), (200, Some(512)), "{prefix}");
        }
    }

    #[test]
    fn broken_requests_are_requests() {
        let cases: [(&str, &str, &[u8], u16); 10] = [
            (r#""-" 400 0 "-" "-""#, "-", b"-", 400),
            (r#""" 400 0"#, "-", b"", 400),
            (r#""\x16\x03\x01\x22" 400 150 "-" "-""#, "-", b"\x16\x03\x01\"", 400),
            (r#""GET /a\"b HTTP/1.1" 200 1"#, "GET", b"/a\"b", 200),
            (r#""GET /?q="x" HTTP/1.1" 404 1"#, "GET", b"/?q=\"x\"", 404),
            (r#""GET /dir\" 404 1"#, "GET", b"/dir\\", 404),
            (r#""GET /a b HTTP/1.1" - -"#, "GET", b"/a b", 0),
            (r#""GET /cut-here"#, "GET", b"/cut-here", 0),
            (r#""GET /cut HTTP/1.1""#, "GET", b"/cut", 0),
            (r#""batman" 400 157 "-" "-""#, "-", b"batman", 400),
        ];
        for (rest, method, target, status) in cases {
            let request = parsed(format!("192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] {rest}").as_bytes());
            assert_eq!((request.method.as_str(), request.target.as_slice()), (method, target), "{rest}");
            assert_eq!(request.status, status, "{rest}");
        }
    }

    #[test]
    fn other_logs_are_refused_with_a_reason() {
        let cases = [
            ("", LineError::NoRequest),
            (
                "[Fri Oct 08 17:08:41.203277 2021] [core:error] [pid 7005] AH00126: Invalid URI",
                LineError::NoRequest,
            ),
            (
                "[04/Mar/2026:05:06:07 +0000] 200 - GET https shop.example.com \"/login\"",
                LineError::NoRequest,
            ),
            ("[04/Mar/2026:05:06:07 +0000] \"GET / HTTP/1.1\" 200 5", LineError::NoClient),
            ("192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] \"GET / HTTP/1.1\" twelve 5", LineError::NoStatus),
            ("192.0.2.1 - - [99/Mar/2026:05:06:07 +0000] \"GET / HTTP/1.1\" 200 5", LineError::NoRequest),
        ];
        for (line, want) in cases {
            assert_eq!(parse(line.as_bytes()), Err(want), "{line}");
        }
    }

    #[test]
    fn a_time_that_a_client_wrote_does_not_count() {
        let line = br#"192.0.2.1 - [01/Jan/2000:00:00:00 +0000] [04/Mar/2026:05:06:07 +0000] "GET /[05/Mar/2026:05:06:07 +0000] HTTP/1.1" 200 1 "-" "x""#;
        assert_eq!(parsed(line).time.to_rfc3339_seconds(), "2026-03-04T05:06:07Z");
    }
}
