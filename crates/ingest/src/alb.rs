//! Lines of AWS Application Load Balancers, and of Classic ones, which lack the first field.
//!
//! `type time elb client:port target:port request_time target_time response_time status target_status received sent
//! "request" "user agent" …` (Elastic Load Balancing user guide, access log entries). The URI is put together by the
//! balancer from the host asked for and the path.

use bartizan_model::{HttpRequest, MISSING, Via};

use crate::client::{address, canonical_client};
use crate::escape::unescaped;
use crate::log_time::text_time;
use crate::quantity::{duration_ms, status, whole};
use crate::request_line::{read_request_line, use_origin_form};
use crate::trailing::{Field, MAX_HEADER_BYTES, next_field};
use crate::{LineError, LogFormat};

/// Bare fields from the time on, before the request.
const BARE_FIELDS: usize = 11;

/// Reads one line.
pub(crate) fn parse(line: &[u8]) -> Result<HttpRequest, LineError> {
    let (bare, rest) = bare_fields(line).ok_or(missing("eleven fields before the quoted request"))?;
    let [time, _name, client, _target, _request_s, target_s, _response_s, status_word, _, _, sent] = bare;
    let time = text_time(time).ok_or(LineError::BadTime)?;
    address(client).ok_or(LineError::NoClient)?;
    let Some((Field::Quoted(request_line), rest)) = next_field(rest) else {
        return Err(missing("quoted request"));
    };
    let mut request = HttpRequest::new(time, MISSING, b"", Via::Log);
    request.client = canonical_client(client);
    // The closing blank of `GET https://a.example:443/ - `, where the protocol is not known.
    let request_line = request_line.strip_suffix(b" - ").unwrap_or(request_line);
    read_request_line(&unescaped(request_line), &mut request);
    use_origin_form(&mut request);
    request.status = status(status_word).ok_or(LineError::NoStatus)?;
    request.response_bytes = whole(sent);
    // -1 where the target gave no answer.
    request.response_time_ms = str::from_utf8(target_s).ok().and_then(|text| duration_ms(text, 1e3));
    if let Some((Field::Quoted(agent), _)) = next_field(rest)
        && !agent.is_empty()
        && agent != b"-"
    {
        let agent = unescaped(agent);
        let agent = agent.get(..MAX_HEADER_BYTES).unwrap_or(&agent);
        request.headers.push(("user-agent".to_owned(), agent.to_vec()));
    }
    Ok(request)
}

/// Whether the line begins with a type and a time.
pub(crate) fn begins_like(line: &[u8]) -> bool {
    let (kind, rest) = line.split_at(memchr::memchr(b' ', line).unwrap_or(line.len()));
    is_type(kind) && rest.get(1).is_some_and(u8::is_ascii_digit) && rest.get(5) == Some(&b'-')
}

fn is_type(word: &[u8]) -> bool {
    matches!(word, b"http" | b"https" | b"h2" | b"grpcs" | b"ws" | b"wss")
}

fn missing(what: &'static str) -> LineError {
    LineError::Missing { what, format: LogFormat::AwsAlb }
}

/// The bare fields from the time on, and what follows them.
fn bare_fields(line: &[u8]) -> Option<([&[u8]; BARE_FIELDS], &[u8])> {
    let (Field::Bare(first), after_first) = next_field(line)? else {
        return None;
    };
    let mut rest = if is_type(first) { after_first } else { line };
    let mut fields: [&[u8]; BARE_FIELDS] = [b""; BARE_FIELDS];
    for field in &mut fields {
        let (Field::Bare(value), after) = next_field(rest)? else {
            return None;
        };
        *field = value;
        rest = after;
    }
    Some((fields, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BARE: &str = "2026-03-04T05:06:07.123456Z app/shop/50dc6c495c0c9188 192.0.2.1:2817 10.0.0.1:80 0.000 0.048 0.000 200 200 34 366";

    #[test]
    fn application_and_classic_balancers_are_read() {
        for kind in ["https ", "h2 ", "wss ", ""] {
            let line = format!(
                r#"{kind}{BARE} "GET https://Shop.example.com:443/a?b=\x22 HTTP/1.1" "curl/8.5 (\"x\")" ECDHE TLSv1.2"#
            );
            let request = parse(line.as_bytes()).expect("parses");
            assert_eq!(request.time.to_string(), "2026-03-04T05:06:07.123456Z");
            assert_eq!((request.client.as_str(), request.status), ("192.0.2.1", 200));
            assert_eq!(
                (request.host.as_deref(), request.target.as_slice()),
                (Some("shop.example.com"), b"/a?b=\"".as_slice())
            );
            assert_eq!((request.response_bytes, request.response_time_ms), (Some(366), Some(48.0)));
            assert_eq!(request.user_agent().as_deref(), Some("curl/8.5 (\"x\")"));
        }
    }

    #[test]
    fn broken_requests_are_requests() {
        let line = BARE.replace("0.048", "-1").replace(" 200 200", " 400 -");
        let line = format!(r#"http {line} "- http://192.0.2.9:80- -" "-" - -"#);
        let request = parse(line.as_bytes()).expect("parses");
        assert_eq!(
            (request.method.as_str(), request.target.as_slice()),
            ("-", b"- http://192.0.2.9:80- -".as_slice())
        );
        assert_eq!((request.status, request.response_time_ms), (400, None));
        assert!(request.headers.is_empty());
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_request_or_not(rest in prop::collection::vec(any::<u8>(), 0..200), cut in 0..BARE.len()) {
            let _ = parse(&rest);
            let _ = parse(&[BARE.as_bytes(), b" \"", &rest].concat());
            let _ = parse(&[&BARE.as_bytes()[..cut], &rest].concat());
        }
    }
}
