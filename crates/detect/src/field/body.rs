//! Which kind of body it is, by what it says and by what it looks like.

use bartizan_model::Location;
use memchr::memmem;

use super::{Field, Name, json, multipart, pairs, xml};
use crate::canonical::Wrapping;

/// Digits of a packet number.
const MAX_PACKET_DIGITS: usize = 6;

/// The fields of a body. What it looks like decides where the declared type does not fit, because applications
/// are lenient too.
pub(super) fn fields<'a>(content_type: &[u8], body: &'a [u8], found: &mut Vec<Field<'a>>) {
    let trimmed = body.trim_ascii();
    if trimmed.is_empty() {
        return;
    }
    let declared = content_type.to_ascii_lowercase();
    let says = |word: &[u8]| memmem::find(&declared, word).is_some();
    if (says(b"multipart/") || trimmed.starts_with(b"--"))
        && let Some(boundary) = boundary(content_type, trimmed)
    {
        multipart::fields(&boundary, body, found);
        return;
    }
    let is_form = says(b"form-urlencoded");
    // Socket.io and its like put a packet number before the JSON.
    let numbered = trimmed.iter().take(MAX_PACKET_DIGITS).take_while(|byte| byte.is_ascii_digit()).count();
    match trimmed.get(numbered) {
        Some(b'{' | b'[') => json::fields(body, found),
        Some(b'"') if says(b"json") => json::fields(body, found),
        Some(b'<') if says(b"xml") || xml::is_document(trimmed) => xml::fields(body, found),
        _ if is_form || looks_like_form(trimmed) => pairs::pairs(trimmed, Location::Form, found),
        _ => {
            let location = if says(b"graphql") { Location::Graphql } else { Location::Body };
            found.push(Field::new(location, Name::None, body, Wrapping::None));
        }
    }
}

fn boundary(content_type: &[u8], body: &[u8]) -> Option<Vec<u8>> {
    let lower = content_type.to_ascii_lowercase();
    let declared =
        memmem::find(&lower, b"boundary=").and_then(|at| content_type.get(at + 9..)).map(|value| {
            let value = value.split(|byte| *byte == b';').next().unwrap_or(value).trim_ascii();
            value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value).to_vec()
        });
    let found =
        body.strip_prefix(b"--").and_then(|rest| rest.split(|byte| matches!(byte, b'\r' | b'\n')).next());
    let first = found.map(<[u8]>::to_vec).filter(|line| !line.is_empty() && line.len() <= 200);
    // A declared boundary that the body does not use would hide every part.
    declared.filter(|value| !value.is_empty() && memmem::find(body, value).is_some()).or(first)
}

fn looks_like_form(body: &[u8]) -> bool {
    let name = body.split(|byte| *byte == b'=').next().unwrap_or_default();
    name.len() < body.len()
        && !name.is_empty()
        && name.len() <= 128
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.[]%:".contains(byte))
}
