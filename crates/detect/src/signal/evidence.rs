//! Findings and the bytes that show them.

use std::ops::Range;

use bartizan_model::{Action, DecidedBy, Evidence, Finding, Location, ThreatClass};

/// Bytes of a header that are shown; a value may be as long as a body.
const MAX_SHOWN_BYTES: usize = 256;
/// Characters of a header's name that are shown.
const MAX_NAME_CHARS: usize = 200;

pub(super) fn finding(
    class: ThreatClass,
    action: Action,
    details: String,
    evidence: Vec<Evidence>,
) -> Finding {
    Finding { by: DecidedBy::Rule, class, action, details, evidence }
}

/// The bytes `range` of a raw value, read as `text`.
pub(super) fn span(
    location: Location,
    name: Option<&str>,
    raw: &[u8],
    range: Range<usize>,
    text: &[u8],
) -> Evidence {
    let utf16 = |bytes: &[u8]| String::from_utf8_lossy(bytes).encode_utf16().count();
    let start = utf16(raw.get(..range.start).unwrap_or_default());
    let span = raw.get(range).unwrap_or_default();
    let text = String::from_utf8_lossy(text).into_owned();
    let spelled = String::from_utf8_lossy(span).into_owned();
    Evidence {
        location,
        name: name.map(|name| name.chars().take(MAX_NAME_CHARS).collect()),
        start,
        end: start + utf16(span),
        decoded_from: (spelled != text).then_some(spelled),
        text,
        weight: 1.0,
    }
}

/// A header as it was sent, cut.
pub(super) fn header(name: &str, value: &[u8]) -> Evidence {
    let shown = value.get(..value.len().min(MAX_SHOWN_BYTES)).unwrap_or_default();
    span(Location::Header, Some(name), value, 0..shown.len(), shown)
}

/// The first bytes of the path as they were sent.
pub(super) fn path(path: &[u8], len: usize) -> Evidence {
    let shown = path.get(..len.min(path.len()).min(MAX_SHOWN_BYTES)).unwrap_or_default();
    span(Location::Path, None, path, 0..shown.len(), shown)
}
