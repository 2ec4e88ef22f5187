//! Header values that reach applications.

use bartizan_model::Location;

use super::{Field, Name, ordinary, pairs};
use crate::canonical::{Wrapping, may_hold_wrapped};
use crate::structure::url;

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

/// The test that an ordinary value of a standard header passes.
fn ordinary(name: &str) -> Option<fn(&[u8]) -> bool> {
    Some(match name {
        "user-agent" => ordinary::is_agent,
        "accept"
        | "accept-language"
        | "accept-encoding"
        | "accept-charset"
        | "cache-control"
        | "pragma"
        | "content-type"
        | "range"
        | "dnt"
        | "expect"
        | "x-requested-with"
        | "priority"
        | "upgrade-insecure-requests"
        | "via"
        | "save-data"
        | "downlink"
        | "rtt"
        | "dpr"
        | "viewport-width" => ordinary::is_token_list,
        "origin" => ordinary::is_origin,
        "if-none-match" | "if-modified-since" | "if-match" | "if-range" | "if-unmodified-since" => {
            ordinary::is_validator
        }
        _ if name.starts_with("sec-ch-") => ordinary::is_brand_list,
        _ if name.starts_with("sec-") => ordinary::is_token_list,
        _ => return None,
    })
}

pub(super) fn fields<'a>(name: &'a str, value: &'a [u8], found: &mut Vec<Field<'a>>) {
    if SKIPPED.contains(&name) || value.is_empty() {
        return;
    }
    match name {
        "cookie" => pairs::cookies(value, found),
        "referer" | "referrer" => located(name, value, found),
        "authorization" | "proxy-authorization" => authorization(name, value, found),
        _ => {
            if !ordinary(name).is_some_and(|is_ordinary| is_ordinary(value)) {
                found.push(field(name, value));
            }
        }
    }
}

fn field<'a>(name: &'a str, value: &'a [u8]) -> Field<'a> {
    Field::new(Location::Header, Name::Sent(name.as_bytes()), value, Wrapping::None)
}

/// A scheme and a token; a `Basic` token is text in base64.
fn authorization<'a>(name: &'a str, value: &'a [u8], found: &mut Vec<Field<'a>>) {
    let basic = value.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic "));
    if let Some(token) = value.get(6..).filter(|_| basic) {
        found.push(field(name, token.trim_ascii()));
    } else if !ordinary::is_credentials(value) || value.split(|byte| *byte == b' ').any(may_hold_wrapped) {
        found.push(field(name, value));
    }
}

/// The path and the query of a URL, without scheme and host.
fn located<'a>(name: &'a str, value: &'a [u8], found: &mut Vec<Field<'a>>) {
    let part = |range: std::ops::Range<usize>| value.get(range).unwrap_or_default();
    let is_web = |authority: &[u8]| {
        [b"https://".as_slice(), b"http://", b"android-app://"]
            .iter()
            .any(|scheme| authority.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))
            || authority.is_empty()
    };
    let url = url::parse(value).filter(|url| {
        let authority = part(url.authority.clone());
        is_web(authority) && ordinary::is_origin(authority)
    });
    let Some(url) = url else {
        found.push(field(name, value));
        return;
    };
    let path = part(url.path);
    if path.len() > 1 {
        found.push(field(name, path));
    }
    for range in [url.query, url.fragment] {
        let first = found.len();
        pairs::pairs(part(range), Location::Header, found);
        for pair in found.iter_mut().skip(first) {
            let parameter = if let Name::Sent(parameter) = pair.name { parameter } else { b"" };
            pair.name = Name::HeaderParameter(name, parameter);
        }
    }
}
