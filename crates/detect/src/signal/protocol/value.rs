//! Names and values of headers.

use bartizan_model::HttpRequest;

use super::{Abuse, Report, is_token};

/// Longest name of a header that passes, in bytes; the longest registered one has 48, those of storage services stay
/// below 100.
const MAX_NAME_BYTES: usize = 256;
/// Longest host name (RFC 1035, section 2.3.4) with a port.
const MAX_HOST_BYTES: usize = 255 + 6;
/// Ranges that an honest client asks for at once.
const MAX_RANGES: usize = 20;
/// The highest version of the WebSocket protocol (RFC 6455).
const MAX_SOCKET_VERSION: u8 = 13;

pub(super) fn name(name: &str, value: &[u8], report: &mut Report<'_>) {
    // Browsers' own records of a request list its first line among the headers.
    if name.split_once(" /").is_some_and(|(method, _)| is_token(method.as_bytes())) {
        return;
    }
    if name.len() > MAX_NAME_BYTES {
        report.add_header(Abuse::LongHeaderName, name, value);
    }
    // HTTP/2 and SPDY have headers that begin with a colon, and servers list them among the others.
    if !is_token(name.strip_prefix(':').unwrap_or(name).as_bytes()) {
        report.add_header(Abuse::HeaderName, name, value);
    }
}

/// Line ends, folded ones too, and zero bytes inside a trimmed value.
pub(super) fn bytes(name: &str, value: &[u8], report: &mut Report<'_>) {
    if memchr::memchr3(b'\r', b'\n', 0, value).is_some() {
        report.add_header(Abuse::HeaderBytes, name, value);
    }
}

/// A host, and one that differs from an earlier one. Names outside ASCII are left alone: some clients send them
/// unencoded.
pub(super) fn host<'a>(
    earlier: &mut Option<&'a [u8]>,
    name: &'a str,
    value: &'a [u8],
    report: &mut Report<'_>,
) {
    if value.is_empty() {
        return;
    }
    let is_odd = |byte: &u8| {
        byte.is_ascii()
            && !byte.is_ascii_alphanumeric()
            && !matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']')
    };
    if value.len() > MAX_HOST_BYTES || value.iter().any(is_odd) {
        report.add_header(Abuse::Host, name, value);
    }
    if earlier.is_some_and(|earlier| !earlier.eq_ignore_ascii_case(value)) {
        report.add_header(Abuse::Hosts, name, value);
    }
    *earlier = Some(value);
}

pub(super) fn ranges(name: &str, value: &[u8], report: &mut Report<'_>) {
    if memchr::memchr_iter(b',', value).count() >= MAX_RANGES {
        report.add_header(Abuse::Ranges, name, value);
    }
}

/// Applications let forms say PUT or DELETE this way; nobody lets them say TRACE.
pub(super) fn method_override(name: &str, value: &[u8], report: &mut Report<'_>) {
    let is_odd =
        ["CONNECT", "TRACE", "TRACK", "DEBUG"].iter().any(|odd| value.eq_ignore_ascii_case(odd.as_bytes()));
    let is_name = value.len() <= 32 && value.iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'-');
    if is_odd || !is_name {
        report.add_header(Abuse::MethodOverride, name, value);
    }
}

/// Proxies in front put the address here that they were asked for: whole, or longer or shorter by a prefix.
pub(super) fn target_override(request: &HttpRequest, name: &str, value: &[u8], report: &mut Report<'_>) {
    let same = |target: &[u8]| {
        value == target
            || (target.len() > 1 && value.ends_with(target))
            || (value.len() > 1 && target.ends_with(value))
    };
    if value.starts_with(b"/") && !same(&request.target) && !same(request.path()) {
        report.add_header(Abuse::TargetOverride, name, value);
    }
}

pub(super) fn socket_version(name: &str, value: &[u8], report: &mut Report<'_>) {
    let exists = |version: &[u8]| {
        std::str::from_utf8(version.trim_ascii())
            .is_ok_and(|text| text.parse().is_ok_and(|version: u8| version <= MAX_SOCKET_VERSION))
    };
    if !value.is_empty() && !value.split(|byte| *byte == b',').all(exists) {
        report.add_header(Abuse::SocketVersion, name, value);
    }
}
