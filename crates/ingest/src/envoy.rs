//! Lines of Envoy's default text format, and of Istio's, which extends it.
//!
//! `[time] "method path protocol" status flags received sent duration upstream "x-forwarded-for" "user-agent"
//! "request-id" "authority" "upstream host"` (Envoy documentation, access logging, default format string). Istio puts
//! three fields after the flags, and appends six words of which the fourth is the client. Envoy escapes nothing.

use bartizan_model::{HttpRequest, MISSING, Via};

use crate::client::{address, canonical_client, canonical_host};
use crate::log_time::text_time;
use crate::quantity::{duration_ms, status, whole};
use crate::request_line::read_request_line;
use crate::syslog_prefix::word;
use crate::trailing::MAX_HEADER_BYTES;
use crate::{LineError, LogFormat};

/// Reads one line without a syslog prefix.
pub(crate) fn parse(line: &[u8]) -> Result<HttpRequest, LineError> {
    let inside = line.trim_ascii_start().strip_prefix(b"[").ok_or(missing("[time] at its start"))?;
    let close = memchr::memchr(b']', inside).ok_or(missing("[time] at its start"))?;
    let (stamp, rest) = inside.split_at(close);
    let time = text_time(stamp).ok_or(LineError::BadTime)?;
    let quoted = rest.strip_prefix(b"] \"").ok_or(missing("quoted request"))?;
    // The path may hold quotes, so the request ends at the first that a status and flags follow.
    let end = memchr::memchr_iter(b'"', quoted)
        .find(|at| quoted.get(at + 1..).is_some_and(begins_with_status))
        .ok_or(LineError::NoStatus)?;
    let (request_line, rest) = quoted.split_at(end);
    let (status_word, rest) = word(rest.get(1..).unwrap_or_default());
    let (_flags, rest) = word(rest);
    let (numbers, rest) = numbers(rest).ok_or(missing("bytes and durations after the flags"))?;

    let mut request = HttpRequest::new(time, MISSING, b"", Via::Log);
    read_request_line(request_line, &mut request);
    request.status = status(status_word).unwrap_or(0);
    let [_received, sent, duration, upstream] = numbers;
    request.response_bytes = whole(sent).filter(|_| !sent.is_empty());
    let milliseconds = |field: &[u8]| duration_ms(str::from_utf8(field).ok()?, 1.0);
    request.response_time_ms = milliseconds(upstream).or_else(|| milliseconds(duration));
    read_quoted(rest, &mut request);
    Ok(request)
}

fn missing(what: &'static str) -> LineError {
    LineError::Missing { what, format: LogFormat::Envoy }
}

fn begins_with_status(after: &[u8]) -> bool {
    // Asked first: a line of nothing but quotes must not be gone through once for each of them.
    if !after.starts_with(b" ") {
        return false;
    }
    let (token, _) = word(after);
    token != b"-" && !token.is_empty() && status(token).is_some()
}

/// Bytes received and sent, duration and upstream time; Istio has three fields before them.
fn numbers(rest: &[u8]) -> Option<([&[u8]; 4], &[u8])> {
    four_numbers(rest).or_else(|| {
        let (_details, rest) = word(rest);
        let (_termination, rest) = word(rest);
        let reason = rest.trim_ascii_start().strip_prefix(b"\"")?;
        four_numbers(reason.get(memchr::memchr(b'"', reason)? + 1..)?)
    })
}

fn four_numbers(rest: &[u8]) -> Option<([&[u8]; 4], &[u8])> {
    let mut numbers: [&[u8]; 4] = [b"-"; 4];
    let mut rest = rest;
    for number in &mut numbers {
        (*number, rest) = word(rest);
        if *number != b"-" && (number.is_empty() || whole(number).is_none()) {
            return None;
        }
    }
    Some((numbers, rest))
}

/// Reads the five quoted fields, and Istio's client behind them.
///
/// A client can write `" "` into its user agent and into what it claims to be forwarded for. Fields are counted from
/// both ends; where there are more than five, the client cannot be told for certain and stays unknown.
fn read_quoted(rest: &[u8], request: &mut HttpRequest) {
    let Some(inside) = rest.trim_ascii_start().strip_prefix(b"\"") else {
        return;
    };
    let end = memchr::memrchr(b'"', inside).unwrap_or(inside.len());
    let (fields, tail) = inside.split_at(end);
    let remote = tail.get(1..).unwrap_or_default().split(|b| *b == b' ').filter(|w| !w.is_empty()).nth(3);

    let separators: Vec<usize> = memchr::memmem::find_iter(fields, b"\" \"").collect();
    let is_certain = separators.len() <= 4;
    let forwarded = fields.get(..separators.first().copied().unwrap_or(fields.len())).unwrap_or_default();
    let nth_from_end = |place: usize| separators.len().checked_sub(place).and_then(|at| separators.get(at));
    let agent_start = separators.first().map_or(fields.len(), |at| at + 3);
    let agent_end = nth_from_end(3).filter(|_| separators.len() >= 4).copied().unwrap_or_else(|| {
        // A cut line: what there is of the user agent.
        separators.get(1).copied().unwrap_or(fields.len())
    });
    let authority = nth_from_end(2).filter(|_| separators.len() >= 4).zip(nth_from_end(1));
    if let Some((start, end)) = authority {
        request.host = canonical_host(fields.get(start + 3..*end).unwrap_or_default());
    }
    if is_certain && forwarded != b"-" && !forwarded.is_empty() {
        push_header("x-forwarded-for", forwarded, request);
    }
    let agent = fields.get(agent_start..agent_end).unwrap_or_default();
    if agent != b"-" && !agent.is_empty() {
        push_header("user-agent", agent, request);
    }
    // Envoy appends the peer, so the last address is the one that it saw itself.
    let appended = forwarded.rsplit(|byte| *byte == b',').next().filter(|_| is_certain);
    let client = remote.or(appended).filter(|field| address(field.trim_ascii()).is_some());
    if let Some(client) = client {
        request.client = canonical_client(client.trim_ascii());
    }
}

fn push_header(name: &str, value: &[u8], request: &mut HttpRequest) {
    request.headers.push((name.to_owned(), value.get(..MAX_HEADER_BYTES).unwrap_or(value).to_vec()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEAD: &str = r#"[2026-03-04T05:06:07.310Z] "POST /api/v1/"x"?q=1 HTTP/2" 204 - "#;

    fn read(rest: &str) -> HttpRequest {
        parse(format!("{HEAD}{rest}").as_bytes()).unwrap_or_else(|error| panic!("{error}: {rest}"))
    }

    #[test]
    fn the_default_format_is_read() {
        let request = read(
            r#"154 0 226 100 "203.0.113.9, 192.0.2.1" "curl/8.5" "cd37" "shop.example.com:443" "tcp://10.0.2.1:80""#,
        );
        assert_eq!(request.time.to_string(), "2026-03-04T05:06:07.310000Z");
        assert_eq!(request.target, b"/api/v1/\"x\"?q=1");
        assert_eq!((request.status, request.response_bytes), (204, Some(0)));
        assert_eq!((request.client.as_str(), request.response_time_ms), ("192.0.2.1", Some(100.0)));
        assert_eq!(request.host.as_deref(), Some("shop.example.com"));
        assert_eq!(request.user_agent().as_deref(), Some("curl/8.5"));
        let unforwarded = read(r#"0 9 7 - "-" "-" "cd37" "shop.example.com" "-""#);
        assert_eq!((unforwarded.client.as_str(), unforwarded.response_time_ms), (MISSING, Some(7.0)));
        assert!(unforwarded.headers.is_empty());
    }

    #[test]
    fn the_format_of_istio_names_the_client() {
        let request = read(
            r#"via_upstream - "-" 154 0 226 100 "-" "curl/8.5" "cd37" "shop.example.com" "10.0.2.1:80" outbound|80||a.example 10.0.0.5:1 10.0.0.6:2 192.0.2.1:4711 - default"#,
        );
        assert_eq!(
            (request.client.as_str(), request.host.as_deref()),
            ("192.0.2.1", Some("shop.example.com"))
        );
    }

    #[test]
    fn a_forged_field_makes_no_client() {
        let request = read(
            r#"0 9 7 - "203.0.113.9" "x, 192.0.2.1" "curl" "forged" "cd37" "shop.example.com" "10.0.2.1:80""#,
        );
        assert_eq!((request.client.as_str(), request.host.as_deref()), (MISSING, Some("shop.example.com")));
        assert_eq!(request.user_agent().as_deref(), Some(r#"x, 192.0.2.1" "curl" "forged"#));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_request_or_not(rest in "[ -~]{0,80}|(\"|\" \"|[0-9a., -]){0,30}", bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _ = parse(format!("{HEAD}{rest}").as_bytes());
            let _ = parse(format!("{HEAD}1 2 3 4 {rest}").as_bytes());
            let _ = parse(&bytes);
        }
    }
}
