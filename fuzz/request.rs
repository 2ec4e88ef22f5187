//! Fuzzed bytes to a request.
//!
//! The first byte chooses the content type, the rest reads like HTTP: a target, lines of headers, an empty line, a body.

use bartizan_model::{HttpRequest, Timestamp, Via};

/// Each reader of bodies, and what belongs to none.
const CONTENT_TYPES: [&str; 10] = [
    "",
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=a",
    "multipart/mixed; boundary=\"--\"",
    "text/xml",
    "application/graphql",
    "text/plain",
    "application/octet-stream",
    "multipart/form-data",
];

/// The request that the bytes stand for.
pub fn request(data: &[u8]) -> HttpRequest {
    let (choice, text) = data.split_first().unwrap_or((&b'0', b""));
    let (head, body) = match text.windows(2).position(|pair| pair == b"\n\n") {
        Some(at) => (&text[..at], Some(text[at + 2..].to_vec())),
        None => (text, None),
    };
    let mut lines = head.split(|byte| *byte == b'\n');
    let target = lines.next().unwrap_or_default();
    let mut request = HttpRequest::new(Timestamp::default(), "POST", target, Via::Check);
    let declared = CONTENT_TYPES[usize::from(choice.wrapping_sub(b'0')) % CONTENT_TYPES.len()];
    request.headers.push(("content-type".to_owned(), declared.as_bytes().to_vec()));
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (name, value) = line.split_at(colon);
        let name = String::from_utf8_lossy(name).to_lowercase();
        request.headers.push((name, value.strip_prefix(b":").unwrap_or(value).trim_ascii().to_vec()));
    }
    request.body = body;
    request
}

/// The length of bytes as the dashboard counts it.
pub fn utf16_len(bytes: &[u8]) -> usize {
    String::from_utf8_lossy(bytes).encode_utf16().count()
}
