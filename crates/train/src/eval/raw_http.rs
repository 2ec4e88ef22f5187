//! Requests as they stand on the wire (RFC 9112), several in a file divided by lines of `###`.

use bartizan_model::{HttpRequest, Timestamp, Via};

/// Headers of one request that are read.
const MAX_HEADERS: usize = 1_000;

/// The requests of a file.
pub(super) fn split(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut at = 0;
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            if line.starts_with(b"###") {
                rest = text.get(at + line.len()..);
                return text.get(..at);
            }
            at += line.len();
        }
        rest = None;
        Some(text)
    })
    .filter(|text| !text.trim_ascii().is_empty())
}

/// One request: a request line, headers, an empty line, a body. Line ends may be those of any system.
pub(super) fn parse(bytes: &[u8]) -> Option<HttpRequest> {
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace())?;
    let mut rest = bytes.get(start..)?;
    let mut line = || {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let line = rest.get(..end).unwrap_or_default();
        rest = rest.get(end + 1..).unwrap_or_default();
        line.strip_suffix(b"\r").unwrap_or(line)
    };
    let first = line();
    let method_end = first.iter().position(|byte| *byte == b' ')?;
    let (method, target) = first.split_at(method_end);
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let method = std::str::from_utf8(method)
        .ok()
        .filter(|text| !text.is_empty() && text.bytes().all(|b| is_token(&b)))?;
    let target = target.trim_ascii();
    // The version ends the line; a target that holds blanks keeps them.
    let version = target.windows(6).rposition(|part| part == b" HTTP/");
    let target = target.get(..version.unwrap_or(target.len()))?.trim_ascii();
    let mut request =
        HttpRequest::new(Timestamp::default(), &method.to_ascii_uppercase(), target, Via::Check);
    loop {
        let header = line();
        if header.is_empty() || request.headers.len() >= MAX_HEADERS {
            break;
        }
        let colon = header.iter().position(|byte| *byte == b':')?;
        let name = String::from_utf8_lossy(header.get(..colon)?).trim().to_ascii_lowercase();
        let value = header.get(colon + 1..)?.trim_ascii().to_vec();
        request.headers.push((name, value));
    }
    request.body = Some(rest.to_vec()).filter(|body| !body.trim_ascii().is_empty());
    Some(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_with_any_line_ends() {
        for text in [
            "POST /a?b=c d HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n\r\nbody",
            "POST /a?b=c d\nHost: x\nContent-Type: text/plain\n\nbody",
        ] {
            let request = parse(text.as_bytes()).expect("a request");
            assert_eq!(
                (request.method.as_str(), request.target.as_slice()),
                ("POST", b"/a?b=c d".as_slice())
            );
            assert_eq!(request.header("content-type"), Some(b"text/plain".as_slice()));
            assert_eq!(request.body.as_deref(), Some(b"body".as_slice()));
        }
    }

    #[test]
    fn several_requests_are_divided_and_junk_is_none() {
        let text = b"GET /1 HTTP/1.1\nA: b\n\n### next\nGET /2 HTTP/1.1\n\n###\n";
        let targets: Vec<_> = split(text).filter_map(parse).map(|request| request.target).collect();
        assert_eq!(targets, [b"/1".to_vec(), b"/2".to_vec()]);
        for junk in [b"".as_slice(), b"\x00\xff", b"one", b"GET / HTTP/1.1\nno header", b" \r\n"] {
            assert!(parse(junk).is_none(), "{junk:?}");
        }
    }
}
