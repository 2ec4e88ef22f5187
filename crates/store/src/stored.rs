//! The request as it is kept beside its row: capped, secrets masked, without what the row already holds.

use std::borrow::Cow;

use bartizan_model::{HttpRequest, StoredRequest, TrafficRecord, display_target, is_mark};
use serde::{Deserialize, Serialize};

use crate::line::{Known, fold, unfold};
use crate::text::{MAX_NAME_CHARS, cut, cut_bytes};

/// Longest target, log line and body that are kept, in bytes (API.md 4.6).
const MAX_PART_BYTES: usize = 16 * 1_024;

/// Longest header value that is kept, in bytes.
const MAX_HEADER_BYTES: usize = 4 * 1_024;

/// Most headers that are kept; servers commonly refuse more than 100 (Apache httpd `LimitRequestFields`).
const MAX_HEADERS: usize = 100;

/// Headers whose values are credentials.
const SECRET_HEADERS: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "set-cookie"];

/// Longest scheme before credentials; `AWS4-HMAC-SHA256` has 16 bytes.
const MAX_SCHEME_BYTES: usize = 16;

/// What stands for a secret value that reached this place unmasked.
const MASK: &str = "***";

/// The request as far as it is kept.
pub(crate) fn stored_request(request: &HttpRequest) -> StoredRequest {
    StoredRequest {
        // Room for the ellipsis, which has three bytes.
        target: display_target(&request.target, MAX_PART_BYTES - '…'.len_utf8()),
        raw_line: request.raw_line.as_ref().map(|line| cut_bytes(line.as_bytes(), MAX_PART_BYTES)),
        headers: request.headers.iter().take(MAX_HEADERS).map(|(name, value)| header(name, value)).collect(),
        body: request.body.as_ref().map(|body| cut_bytes(body, MAX_PART_BYTES)),
        body_bytes: request.body.as_ref().map(|body| u64::try_from(body.len()).unwrap_or(u64::MAX)),
    }
}

fn header(name: &str, value: &[u8]) -> (String, String) {
    let secret = SECRET_HEADERS.iter().any(|known| known.eq_ignore_ascii_case(name));
    let value =
        if secret && !is_masked(name, value) { MASK.to_owned() } else { cut_bytes(value, MAX_HEADER_BYTES) };
    (cut(name, MAX_NAME_CHARS), value)
}

/// Whether somebody else masked the credentials, so that what is left (a scheme, names of cookies) can be kept.
fn is_masked(name: &str, value: &[u8]) -> bool {
    if name.to_ascii_lowercase().ends_with("authorization") {
        let scheme = value.iter().position(|byte| *byte == b' ').filter(|len| *len <= MAX_SCHEME_BYTES);
        let is_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
        let (scheme, credentials) = value.split_at(scheme.unwrap_or(0));
        return scheme.iter().all(is_scheme) && is_mark(credentials.trim_ascii());
    }
    value.split(|byte| *byte == b';').all(|cookie| {
        let value = cookie.iter().position(|byte| *byte == b'=').and_then(|at| cookie.get(at + 1..));
        value.is_some_and(|value| is_mark(value.trim_ascii()))
    })
}

/// The stored form; short names because one stands in every row.
#[derive(Serialize, Deserialize)]
struct Packed<'r> {
    /// The target, where it is not the row's endpoint.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    target: Option<Cow<'r, str>>,
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    raw_line: Option<Cow<'r, str>>,
    /// The log line with marks for what a traffic row holds.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    folded_line: Option<String>,
    /// A missing value is the row's user agent.
    #[serde(rename = "h", default, skip_serializing_if = "Vec::is_empty")]
    headers: Vec<(Cow<'r, str>, Option<Cow<'r, str>>)>,
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    body: Option<Cow<'r, str>>,
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    body_bytes: Option<u64>,
}

/// The request beside a traffic row: empty when the row holds all of it.
pub(crate) fn pack_traffic(
    request: &StoredRequest,
    row: &TrafficRecord,
) -> Result<String, serde_json::Error> {
    let known = Known { row, target: &request.target, referer: referer(&request.headers) };
    let folded = request.raw_line.as_deref().and_then(|line| fold(line, &known));
    let json = serde_json::to_string(&packed(request, folded, &row.endpoint, row.user_agent.as_deref()))?;
    Ok(if json == EMPTY { String::new() } else { json })
}

/// The request that [`pack_traffic`] wrote.
pub(crate) fn unpack_traffic(json: &str, row: &TrafficRecord) -> Result<StoredRequest, serde_json::Error> {
    let mut packed: Packed<'_> = serde_json::from_str(if json.is_empty() { EMPTY } else { json })?;
    let folded = packed.folded_line.take();
    let mut request = unpacked(packed, &row.endpoint, row.user_agent.as_deref());
    if let Some(folded) = folded {
        let known = Known { row, target: &request.target, referer: referer(&request.headers) };
        request.raw_line = Some(unfold(&folded, &known));
    }
    Ok(request)
}

/// A request of which nothing is left.
const EMPTY: &str = "{}";

fn referer(headers: &[(String, String)]) -> Option<&str> {
    headers.iter().find(|(name, _)| name == "referer").map(|(_, value)| value.as_str())
}

/// The request as JSON, without what the row of that endpoint and user agent already holds.
pub(crate) fn pack(
    request: &StoredRequest,
    endpoint: &str,
    user_agent: Option<&str>,
) -> Result<String, serde_json::Error> {
    serde_json::to_string(&packed(request, None, endpoint, user_agent))
}

/// The request that [`pack`] wrote beside a row of that endpoint and user agent.
pub(crate) fn unpack(
    json: &str,
    endpoint: &str,
    user_agent: Option<&str>,
) -> Result<StoredRequest, serde_json::Error> {
    Ok(unpacked(serde_json::from_str(json)?, endpoint, user_agent))
}

/// `folded_line`, where there is one, takes the place of the line.
fn packed<'r>(
    request: &'r StoredRequest,
    folded_line: Option<String>,
    endpoint: &str,
    user_agent: Option<&str>,
) -> Packed<'r> {
    let headers = request.headers.iter().map(|(name, value)| {
        let known = name == "user-agent" && user_agent == Some(value.as_str());
        (Cow::Borrowed(name.as_str()), (!known).then_some(Cow::Borrowed(value.as_str())))
    });
    let line = request.raw_line.as_deref().filter(|_| folded_line.is_none());
    Packed {
        target: (request.target != endpoint).then_some(Cow::Borrowed(&request.target)),
        raw_line: line.map(Cow::Borrowed),
        folded_line,
        headers: headers.collect(),
        body: request.body.as_deref().map(Cow::Borrowed),
        body_bytes: request.body_bytes,
    }
}

fn unpacked(packed: Packed<'_>, endpoint: &str, user_agent: Option<&str>) -> StoredRequest {
    let known = user_agent.unwrap_or_default();
    StoredRequest {
        target: packed.target.map_or_else(|| endpoint.to_owned(), Cow::into_owned),
        raw_line: packed.raw_line.map(Cow::into_owned),
        headers: packed
            .headers
            .into_iter()
            .map(|(name, value)| (name.into_owned(), value.map_or_else(|| known.to_owned(), Cow::into_owned)))
            .collect(),
        body: packed.body.map(Cow::into_owned),
        body_bytes: packed.body_bytes,
    }
}

#[cfg(test)]
mod tests {
    use bartizan_model::{Timestamp, Via};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn secrets_are_masked_and_parts_are_capped() {
        let mut request = HttpRequest::new(Timestamp::default(), "POST", &vec![b'a'; 10_000_000], Via::Check);
        request.headers = vec![
            ("authorization".to_owned(), b"Bearer abc".to_vec()),
            ("Cookie".to_owned(), b"session=1".to_vec()),
            ("x-long".to_owned(), vec![b'x'; 10_000_000]),
        ];
        request.body = Some(vec![0xFF; 10_000_000]);
        request.raw_line = Some("ü".repeat(10_000_000));
        let stored = stored_request(&request);
        assert!(stored.target.len() <= MAX_PART_BYTES);
        assert_eq!(stored.headers.first().map(|(_, value)| value.as_str()), Some(MASK));
        assert_eq!(stored.headers.get(1).map(|(_, value)| value.as_str()), Some(MASK));
        assert_eq!(stored.headers.get(2).map(|(_, value)| value.len()), Some(MAX_HEADER_BYTES));
        assert!(stored.body.is_some_and(|body| body.len() <= MAX_PART_BYTES));
        assert_eq!(stored.body_bytes, Some(10_000_000));
        assert!(stored.raw_line.is_some_and(|line| line.len() <= MAX_PART_BYTES));
    }

    #[test]
    fn what_was_masked_before_keeps_its_scheme_and_its_names() {
        for (name, value, kept) in [
            ("authorization", "Bearer [masked]", true),
            ("authorization", "[hash:0123456789ab]", true),
            ("authorization", "hunter2 s3cret [masked]", false),
            ("proxy-authorization", "Basic [masked]x", false),
            ("cookie", "a=[masked]; b=[hash:0123456789ab]", true),
            ("cookie", "a=[masked]; b=c", false),
            ("cookie", "hunter2", false),
            ("set-cookie", "a=[masked]", true),
        ] {
            let expected = if kept { value } else { MASK };
            assert_eq!(header(name, value.as_bytes()).1, expected, "{name}: {value}");
        }
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(
            target in ".{0,40}", endpoint in "/[a-z]{0,3}", agent in proptest::option::of(".{0,20}"),
            line in proptest::option::of(".{0,40}"), value in ".{0,20}", body in proptest::option::of(".{0,40}"),
        ) {
            let request = StoredRequest {
                target, raw_line: line, body_bytes: body.as_ref().map(|_| 7), body,
                headers: vec![("user-agent".to_owned(), agent.clone().unwrap_or_default()), ("referer".to_owned(), value)],
            };
            let json = pack(&request, &endpoint, agent.as_deref()).expect("text is JSON");
            prop_assert_eq!(unpack(&json, &endpoint, agent.as_deref()).expect("just written"), request);
        }
    }
}
