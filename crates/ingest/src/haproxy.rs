//! Lines of HAProxy's `option httplog` (and `httpslog`, which extends it).
//!
//! `client:port [time] frontend backend/server TR/Tw/Tc/Tr/Ta status bytes cookie cookie state connections queues
//! {captured request headers} {captured response headers} "request"` (HAProxy configuration manual, section 8.2.3).
//! Whatever a client can write stands in the cookies, the braces and the quotes, in which HAProxy writes quotes, braces
//! and control characters as `#` and two hexadecimal digits.

use std::borrow::Cow;

use bartizan_model::{HttpRequest, MISSING, Timestamp, Via};

use crate::client::{address, canonical_client, canonical_host};
use crate::escape::hex_unescaped;
use crate::log_time::{clf_clock, clf_time};
use crate::quantity::{plausible_ms, status, whole};
use crate::request_line::{read_request_line, use_origin_form};
use crate::syslog_prefix::word;
use crate::trailing::MAX_HEADER_BYTES;
use crate::zone::LogZone;
use crate::{LineError, LogFormat};

/// Longest text between the brackets of a time, in bytes.
const MAX_TIME_BYTES: usize = 40;

/// Most captured headers that are kept of one request.
const MAX_CAPTURES: usize = 64;

/// Reads one line; `zone` is that of the machine that wrote it.
pub(crate) fn parse(line: &[u8], zone: &LogZone) -> Result<HttpRequest, LineError> {
    let (client, time, rest) = head(line, zone).ok_or(missing("client and [time]"))?;
    let (_frontend, rest) = word(rest);
    let (server, rest) = word(rest);
    let (timers, rest) = word(rest);
    let response_time_ms = timers_ms(timers).ok_or(missing("timers such as 0/0/1/2/3"))?;
    if !server.contains(&b'/') {
        return Err(missing("backend/server"));
    }
    let (status_word, rest) = word(rest);
    let status = status(status_word).or((status_word == b"-1").then_some(0)).ok_or(LineError::NoStatus)?;
    let (size, rest) = word(rest);
    let (cookie, rest) = word(rest);
    let (_set_cookie, rest) = word(rest);
    let (_state, rest) = word(rest);
    let (_connections, rest) = word(rest);
    let (_queues, rest) = word(rest);
    let (captured, quoted) = captures(rest);
    let request_line = quoted.strip_prefix(b"\"").ok_or(missing("quoted request"))?;
    // A quote inside is written as #22; a line that syslog cut has no closing one.
    let end = memchr::memchr(b'"', request_line).unwrap_or(request_line.len());

    let mut request = HttpRequest::new(time, MISSING, b"", Via::Log);
    request.client = canonical_client(client);
    read_request_line(&unescaped(request_line.get(..end).unwrap_or_default()), &mut request);
    // The URI of HTTP/2 and later is put together by HAProxy.
    if !matches!(request.protocol.as_deref(), Some("HTTP/1.0" | "HTTP/1.1") | None) {
        use_origin_form(&mut request);
    }
    request.status = status;
    request.response_bytes = whole(size.strip_prefix(b"+").unwrap_or(size)).filter(|_| !size.is_empty());
    request.response_time_ms = response_time_ms;
    if cookie != b"-" && !cookie.is_empty() {
        push_header("cookie", &unescaped(cookie), &mut request);
    }
    if let Some(captured) = captured {
        read_captures(captured, &mut request);
    }
    Ok(request)
}

/// Whether a line tells of a connection that came to no request: `client:port [time] frontend/listener: SSL handshake
/// failure` (HAProxy configuration manual, section 8.2.5). What a client sends stands in quotes only, so that it cannot
/// make a line look like this.
pub(crate) fn is_of_a_connection(line: &[u8], zone: &LogZone) -> bool {
    if line.contains(&b'"') {
        return false;
    }
    let Some((_, _, rest)) = head(line, zone) else { return false };
    let (listener, message) = word(rest);
    listener.ends_with(b":") && listener.contains(&b'/') && !message.trim_ascii().is_empty()
}

fn missing(what: &'static str) -> LineError {
    LineError::Missing { what, format: LogFormat::Haproxy }
}

/// Client, time and what follows the closing bracket.
fn head<'a>(line: &'a [u8], zone: &LogZone) -> Option<(&'a [u8], Timestamp, &'a [u8])> {
    memchr::memchr_iter(b'[', line).find_map(|at| {
        let (prefix, bracket) = line.split_at_checked(at)?;
        let inside = bracket.get(1..)?;
        let close = memchr::memchr(b']', inside.get(..MAX_TIME_BYTES).unwrap_or(inside))?;
        let text = inside.get(..close)?;
        let time = match clf_clock(text) {
            Some(local) => zone.instant(local),
            None => clf_time(text),
        }?;
        let client = without_port(prefix.trim_ascii_end().rsplit(u8::is_ascii_whitespace).next()?);
        (!client.is_empty()).then_some((client, time, inside.get(close + 1..)?))
    })
}

/// The address before the last colon: the port is always there, and IPv6 stands without brackets.
fn without_port(client: &[u8]) -> &[u8] {
    match memchr::memrchr(b':', client).and_then(|at| client.split_at_checked(at)) {
        Some((address, port)) if port.iter().skip(1).all(u8::is_ascii_digit) => address,
        _ => client,
    }
}

/// The time that the server took (`Tr`) or, where it gave no answer, that the request was active (`Ta`, before 1.7
/// `Tt`); the outer `None` when these are no timers.
#[expect(clippy::option_option, reason = "no timers and timers without a time are two things")]
fn timers_ms(timers: &[u8]) -> Option<Option<f64>> {
    let mut times = [None; 5];
    let mut words = timers.split(|byte| *byte == b'/');
    for time in &mut times {
        let text = words.next()?;
        let text = text.strip_prefix(b"+").unwrap_or(text);
        if text != b"-1" {
            let number = whole(text).filter(|_| !text.is_empty())?;
            *time = u32::try_from(number).ok().and_then(|ms| plausible_ms(f64::from(ms)));
        }
    }
    let [_, _, _, server, active] = times;
    words.next().is_none().then_some(server.or(active))
}

/// The first block in braces and what follows all blocks.
fn captures(rest: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let mut first = None;
    let mut rest = rest.trim_ascii_start();
    // Of the request and of the response.
    for _ in 0..2 {
        let Some(inside) = rest.strip_prefix(b"{") else {
            break;
        };
        let Some(end) = memchr::memchr(b'}', inside) else {
            break;
        };
        first = first.or(inside.get(..end));
        rest = inside.get(end + 1..).unwrap_or_default().trim_ascii_start();
    }
    (first, rest)
}

/// Captured headers come without their names, so those that tell by their looks get their own, and the rest are
/// `captured-1` and so on, by their place.
fn read_captures(captured: &[u8], request: &mut HttpRequest) {
    for (place, value) in captured.split(|byte| *byte == b'|').enumerate().take(MAX_CAPTURES) {
        if value.is_empty() || value == b"-" {
            continue;
        }
        let value = unescaped(value);
        match likely_name(&value) {
            Some("host") if request.host.is_none() => request.host = canonical_host(&value),
            Some(name) if name != "host" && request.header(name).is_none() => {
                push_header(name, &value, request);
            }
            _ => push_header(&format!("captured-{}", place + 1), &value, request),
        }
    }
}

fn likely_name(value: &[u8]) -> Option<&'static str> {
    if value.split(|byte| *byte == b',').all(|part| address(part.trim_ascii()).is_some()) {
        return Some("x-forwarded-for");
    }
    if value.starts_with(b"http://") || value.starts_with(b"https://") {
        return Some("referer");
    }
    if value.starts_with(b"Mozilla/") || is_product(value) {
        return Some("user-agent");
    }
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':');
    (value.contains(&b'.') && value.iter().all(is_name)).then_some("host")
}

/// Whether this begins like `curl/8.5`, the product of a user agent (RFC 9110, section 10.1.5).
fn is_product(value: &[u8]) -> bool {
    let (product, _) = word(value);
    let mut parts = product.splitn(2, |byte| *byte == b'/');
    let is_token = |part: &[u8]| {
        !part.is_empty() && part.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    let (Some(name), Some(version)) = (parts.next(), parts.next()) else {
        return false;
    };
    is_token(name) && is_token(version) && version.first().is_some_and(u8::is_ascii_digit)
}

fn push_header(name: &str, value: &[u8], request: &mut HttpRequest) {
    request.headers.push((name.to_owned(), value.get(..MAX_HEADER_BYTES).unwrap_or(value).to_vec()));
}

/// The bytes behind `#` and two hexadecimal digits.
fn unescaped(field: &[u8]) -> Cow<'_, [u8]> {
    hex_unescaped(field, b'#')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: &str = "192.0.2.1:33317 [04/Mar/2026:05:06:07.655] web~ app/";

    fn read(rest: &str) -> HttpRequest {
        parse(format!("{START}{rest}").as_bytes(), &LogZone::UTC)
            .unwrap_or_else(|error| panic!("{error}: {rest}"))
    }

    #[test]
    fn a_line_is_read_with_and_without_captures_and_prefix() {
        for prefix in ["", "Mar  4 05:06:07 lb1 haproxy[143]: ", "<134>Mar  4 05:06:07 haproxy[143]: "] {
            for captures in ["", "{shop.example.com|Mozilla/5.0 (X11)|x#7Cy} ", "{} {nginx} "] {
                let line = format!(
                    "{prefix}{START}web1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {captures}\"GET /a?b=#22 HTTP/1.1\""
                );
                let request = parse(line.as_bytes(), &LogZone::UTC).expect("parses");
                assert_eq!(request.time.to_string(), "2026-03-04T05:06:07.655000Z");
                assert_eq!(
                    (request.client.as_str(), request.target.as_slice()),
                    ("192.0.2.1", b"/a?b=\"".as_slice())
                );
                assert_eq!((request.status, request.response_bytes), (200, Some(2_750)));
                assert_eq!(request.response_time_ms, Some(69.0));
                if captures.starts_with("{shop") {
                    assert_eq!(request.host.as_deref(), Some("shop.example.com"));
                    assert_eq!(request.header("user-agent"), Some(b"Mozilla/5.0 (X11)".as_slice()));
                    assert_eq!(request.header("captured-3"), Some(b"x|y".as_slice()));
                }
            }
        }
    }

    #[test]
    fn requests_without_server_or_sense_are_requests() {
        let bad = read("<NOSRV> -1/-1/-1/-1/+50000 408 +212 - - cR-- 2/2/0/0/0 0/0 \"<BADREQ>\"");
        assert_eq!((bad.method.as_str(), bad.target.as_slice()), ("-", b"<BADREQ>".as_slice()));
        assert_eq!((bad.status, bad.response_bytes, bad.response_time_ms), (408, Some(212), Some(50_000.0)));
        let cut = read("web1 0/0/0/1/1 -1 0 sid=a#23b - ---- 1/1/1/1/0 0/0 \"GET /cut");
        assert_eq!((cut.status, cut.target.as_slice()), (0, b"/cut".as_slice()));
        assert_eq!(cut.header("cookie"), Some(b"sid=a#b".as_slice()));
        let second = read(
            "web1 0/0/0/1/1 200 0 - - ---- 1/1/1/1/0 0/0 \"GET https://a.example/x HTTP/2.0\" 0/0/0 TLSv1.3",
        );
        assert_eq!((second.host.as_deref(), second.target.as_slice()), (Some("a.example"), b"/x".as_slice()));
    }

    #[test]
    fn a_line_without_a_zone_is_of_the_given_one() {
        let line = format!("{START}web1 0/0/0/1/1 200 0 - - ---- 1/1/1/1/0 0/0 \"GET / HTTP/1.1\"");
        let zone = "+01:00".parse().expect("a zone");
        let request = parse(line.as_bytes(), &zone).expect("parses");
        assert_eq!(request.time.to_string(), "2026-03-04T04:06:07.655000Z");
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_request_or_not(rest in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&rest, &LogZone::UTC);
            let _ = parse(&[START.as_bytes(), &rest].concat(), &LogZone::UTC);
        }
    }
}
