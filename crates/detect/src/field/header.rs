//! Header values that reach applications.

use std::borrow::Cow;

use bartizan_model::Location;

use super::{Field, form};
use crate::canonical::Wrapping;

/// Headers that name hosts, frame the message or say what the client is: the first must not decide, the others
/// are read by servers alone.
const SKIPPED: [&str; 9] = [
    "host",
    ":authority",
    "connection",
    "content-length",
    "transfer-encoding",
    "upgrade",
    "te",
    "keep-alive",
    "http2-settings",
];

/// Headers with a grammar of their own, whose ordinary values need no model.
const STANDARD: [&str; 20] = [
    "user-agent",
    "accept",
    "accept-language",
    "accept-encoding",
    "accept-charset",
    "cache-control",
    "pragma",
    "content-type",
    "origin",
    "if-none-match",
    "if-modified-since",
    "range",
    "dnt",
    "via",
    "from",
    "expect",
    "x-requested-with",
    "priority",
    "authorization",
    "upgrade-insecure-requests",
];

pub(super) fn fields<'a>(name: &'a str, value: &'a [u8], found: &mut Vec<Field<'a>>) {
    if SKIPPED.contains(&name) || value.is_empty() {
        return;
    }
    match name {
        "cookie" => form::cookies(value, found),
        "referer" | "referrer" => referrer(name, value, found),
        "authorization" => authorization(name, value, found),
        _ => {
            let standard = STANDARD.contains(&name) || name.starts_with("sec-") || name.starts_with("if-");
            if !(standard && is_ordinary(value)) {
                found.push(field(name.as_bytes().into(), value, Wrapping::None));
            }
        }
    }
}

fn field<'a>(name: Cow<'a, [u8]>, value: &'a [u8], wrapping: Wrapping) -> Field<'a> {
    Field::new(Location::Header, Some(name), value, wrapping)
}

/// Characters that every client sends in standard headers, and nothing that leads out of a value.
fn is_ordinary(value: &[u8]) -> bool {
    value.iter().all(|byte| byte.is_ascii_alphanumeric() || b" /.,;:_+-=()@[]~!?*&\"#".contains(byte))
        && !value.windows(3).any(|part| part == b"../" || part == b"/et")
}

/// A scheme and a token; a `Basic` token is text in base64.
fn authorization<'a>(name: &'a str, value: &'a [u8], found: &mut Vec<Field<'a>>) {
    let token =
        value.get(..6).filter(|scheme| scheme.eq_ignore_ascii_case(b"basic ")).and_then(|_| value.get(6..));
    if let Some(token) = token {
        found.push(field(name.as_bytes().into(), token.trim_ascii(), Wrapping::None));
    } else if !is_ordinary(value) {
        found.push(field(name.as_bytes().into(), value, Wrapping::None));
    }
}

/// The path and the query of the URL, without scheme and host.
fn referrer<'a>(name: &'a str, value: &'a [u8], found: &mut Vec<Field<'a>>) {
    let scheme = memchr::memmem::find(value, b"://").filter(|at| {
        *at <= 16
            && value.iter().take(*at).all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-'))
    });
    let Some(scheme) = scheme else {
        if !is_ordinary(value) {
            found.push(field(name.as_bytes().into(), value, Wrapping::None));
        }
        return;
    };
    let after = value.get(scheme + 3..).unwrap_or_default();
    let authority = after.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(after.len());
    let (host, rest) = after.split_at(authority);
    if !is_ordinary(host) {
        found.push(field(name.as_bytes().into(), value, Wrapping::None));
        return;
    }
    let (path, query) = match memchr::memchr2(b'?', b'#', rest) {
        Some(at) => (rest.get(..at).unwrap_or_default(), rest.get(at + 1..).unwrap_or_default()),
        None => (rest, [].as_slice()),
    };
    if path.len() > 1 {
        found.push(field(name.as_bytes().into(), path, Wrapping::None));
    }
    let first = found.len();
    form::pairs(query, Location::Header, found);
    for pair in found.iter_mut().skip(first) {
        let parameter = pair.name.take().unwrap_or_default();
        pair.name = Some(Cow::Owned([name.as_bytes(), b"?", &parameter].concat()));
    }
}
