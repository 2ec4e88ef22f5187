//! The request line, however broken.

use bartizan_model::{HttpRequest, MISSING};

use crate::client::canonical_host;
use crate::escape::lossy;

/// Longest method that counts as one: the longest registered one (IANA HTTP Method Registry) has 17 letters.
const MAX_METHOD_BYTES: usize = 32;

/// Puts method, target and protocol of a raw request line into the request.
///
/// What is no request line (`-`, nothing, TLS bytes on a plain port) becomes the method [`MISSING`] with those bytes as
/// the target: it was sent, so it is judged.
pub(crate) fn read_request_line(line: &[u8], request: &mut HttpRequest) {
    if let Some(words) = split(line) {
        request.method = lossy(words.method);
        request.target = words.target.to_vec();
        request.protocol = words.protocol.map(lossy);
    } else {
        MISSING.clone_into(&mut request.method);
        request.target = line.to_vec();
    }
}

/// Turns a target such as `https://shop.example.com:443/a?b`, which a proxy has put together, into the host and the
/// target that the client sent.
pub(crate) fn use_origin_form(request: &mut HttpRequest) {
    const SCHEMES: [&[u8]; 4] = [b"http://", b"https://", b"ws://", b"wss://"];
    if request.method == MISSING {
        return;
    }
    let Some(rest) = SCHEMES.iter().find_map(|scheme| request.target.strip_prefix(*scheme)) else {
        return;
    };
    let (authority, target) =
        rest.split_at(rest.iter().position(|byte| matches!(byte, b'/' | b'?')).unwrap_or(rest.len()));
    let host = canonical_host(authority);
    let target = if target.is_empty() { b"/".to_vec() } else { target.to_vec() };
    request.host = host;
    request.target = target;
}

/// Whether these bytes can be a method: upper-case letters.
pub(crate) fn is_method(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.len() <= MAX_METHOD_BYTES && bytes.iter().all(u8::is_ascii_uppercase)
}

/// The parts of a readable request line.
struct Words<'a> {
    method: &'a [u8],
    target: &'a [u8],
    protocol: Option<&'a [u8]>,
}

/// The first word is the method, the last one the protocol if it is one, everything between is the target.
fn split(line: &[u8]) -> Option<Words<'_>> {
    let (method, rest) = line.split_at(memchr::memchr(b' ', line)?);
    let rest = rest.get(1..)?;
    if !is_method(method) {
        return None;
    }
    let (target, protocol) = match memchr::memrchr(b' ', rest) {
        Some(at) if rest.get(at + 1..).is_some_and(is_protocol) => (rest.get(..at)?, rest.get(at + 1..)),
        _ => (rest, None),
    };
    (!target.is_empty() && !is_protocol(target)).then_some(Words { method, target, protocol })
}

fn is_protocol(word: &[u8]) -> bool {
    word.strip_prefix(b"HTTP/").is_some_and(|version| {
        (1..=8).contains(&version.len()) && version.iter().all(|b| b.is_ascii_digit() || *b == b'.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bartizan_model::{Timestamp, Via};
    use proptest::prelude::*;

    fn read(line: &[u8]) -> HttpRequest {
        let mut request = HttpRequest::new(Timestamp::default(), MISSING, b"", Via::Log);
        read_request_line(line, &mut request);
        request
    }

    #[test]
    fn request_lines_split_into_method_target_and_protocol() {
        type Case<'a> = (&'a [u8], &'a str, &'a [u8], Option<&'a str>);
        let cases: [Case<'_>; 14] = [
            (b"GET / HTTP/1.1", "GET", b"/", Some("HTTP/1.1")),
            (b"GET /x", "GET", b"/x", None),
            (b"POST /a b c HTTP/2.0", "POST", b"/a b c", Some("HTTP/2.0")),
            (b"GET /a HTTP/1.1 HTTP/1.1", "GET", b"/a HTTP/1.1", Some("HTTP/1.1")),
            (b"GET http://x/ HTTP/1.0", "GET", b"http://x/", Some("HTTP/1.0")),
            (b"CONNECT x:443 HTTP/1.1", "CONNECT", b"x:443", Some("HTTP/1.1")),
            (b"GET / HTTP/", "GET", b"/ HTTP/", None),
            (b"-", "-", b"-", None),
            (b"", "-", b"", None),
            (b"GET", "-", b"GET", None),
            (b"GET HTTP/1.1", "-", b"GET HTTP/1.1", None),
            (b"GET  HTTP/1.1", "-", b"GET  HTTP/1.1", None),
            (b"get / HTTP/1.1", "-", b"get / HTTP/1.1", None),
            (b"\x16\x03\x01", "-", b"\x16\x03\x01", None),
        ];
        for (line, method, target, protocol) in cases {
            let request = read(line);
            let shown = String::from_utf8_lossy(line);
            assert_eq!((request.method.as_str(), request.target.as_slice()), (method, target), "{shown}");
            assert_eq!(request.protocol.as_deref(), protocol, "{shown}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_was_sent_is_lost(line in prop::collection::vec(any::<u8>(), 0..100)) {
            let request = read(&line);
            let mut rebuilt = Vec::new();
            if request.method != MISSING {
                rebuilt.extend_from_slice(request.method.as_bytes());
                rebuilt.push(b' ');
            }
            rebuilt.extend_from_slice(&request.target);
            if let Some(protocol) = &request.protocol {
                rebuilt.push(b' ');
                rebuilt.extend_from_slice(protocol.as_bytes());
            }
            prop_assert_eq!(rebuilt, line);
        }
    }
}
