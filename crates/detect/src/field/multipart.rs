//! The parts of a multipart body (RFC 7578).

use bartizan_model::Location;
use memchr::memmem;

use super::{Field, MAX_FIELDS, Name};
use crate::canonical::Wrapping;

/// Levels of parts in parts that are opened.
const MAX_DEPTH: usize = 2;

/// Names, file names and contents of the parts; `boundary` without its leading dashes.
pub(super) fn fields<'a>(boundary: &[u8], body: &'a [u8], found: &mut Vec<Field<'a>>) {
    parts(boundary, body, 0, found);
}

fn parts<'a>(boundary: &[u8], body: &'a [u8], depth: usize, found: &mut Vec<Field<'a>>) {
    let delimiter = [b"--", boundary].concat();
    let mut starts = memmem::find_iter(body, &delimiter).map(|at| at + delimiter.len()).peekable();
    let mut first = true;
    while let Some(start) = starts.next() {
        if first {
            first = false;
            let preamble = body.get(..start - delimiter.len()).unwrap_or_default().trim_ascii();
            push(found, Name::Word("preamble"), preamble);
        }
        let end = starts.peek().map_or(body.len(), |next| next - delimiter.len());
        let part = body.get(start..end).unwrap_or_default();
        if part.starts_with(b"--") {
            push(found, Name::Word("epilogue"), part.get(2..).unwrap_or_default().trim_ascii());
            continue;
        }
        if found.len() >= MAX_FIELDS {
            push(found, Name::Word("rest"), body.get(start..).unwrap_or_default());
            return;
        }
        part_fields(part, depth, found);
    }
    if first {
        push(found, Name::Word("body"), body);
    }
}

fn part_fields<'a>(part: &'a [u8], depth: usize, found: &mut Vec<Field<'a>>) {
    let (head, content) = match memmem::find(part, b"\r\n\r\n") {
        Some(at) => (part.get(..at).unwrap_or_default(), part.get(at + 4..).unwrap_or_default()),
        None => match memmem::find(part, b"\n\n") {
            Some(at) => (part.get(..at).unwrap_or_default(), part.get(at + 2..).unwrap_or_default()),
            None => (part, [].as_slice()),
        },
    };
    let name = parameter(head, b"name=").unwrap_or_default();
    push(found, Name::Word("name"), name);
    if let Some(file) = parameter(head, b"filename=") {
        push(found, Name::File(name), file);
    }
    let content = content.strip_suffix(b"\r\n").or_else(|| content.strip_suffix(b"\n")).unwrap_or(content);
    content_fields(head, Name::cut(name), content, depth, found);
}

/// Parts of parts (batches of OData and of mail) are read as such; a request in a part by its head and its body.
fn content_fields<'a>(
    head: &[u8],
    name: Name<'a>,
    content: &'a [u8],
    depth: usize,
    found: &mut Vec<Field<'a>>,
) {
    let says = |word: &[u8]| head.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    if depth < MAX_DEPTH && says(b"content-type: multipart/") {
        let first = content.trim_ascii_start();
        let line = first.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
        if let Some(boundary) = line.strip_prefix(b"--").filter(|boundary| !boundary.is_empty()) {
            parts(boundary, content, depth + 1, found);
            return;
        }
    }
    if depth <= MAX_DEPTH
        && says(b"content-type: application/http")
        && let Some(at) = memmem::find(content, b"\r\n\r\n")
    {
        for line in content.get(..at).unwrap_or_default().split(|byte| matches!(byte, b'\r' | b'\n')) {
            push(found, name, line);
        }
        push(found, name, content.get(at + 4..).unwrap_or_default().trim_ascii());
        return;
    }
    push(found, name, content);
}

/// The value of a parameter of `Content-Disposition`, quoted or not. `name=` is not taken from `filename=`.
fn parameter<'a>(head: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let at = memmem::find_iter(head, key).find(|at| {
        at.checked_sub(1).and_then(|before| head.get(before)).is_none_or(|byte| !byte.is_ascii_alphanumeric())
    })?;
    let value = head.get(at + key.len()..)?;
    if let Some(quoted) = value.strip_prefix(b"\"") {
        return quoted.split(|byte| *byte == b'"').next();
    }
    value.split(|byte| matches!(byte, b';' | b'\r' | b'\n')).next()
}

fn push<'a>(found: &mut Vec<Field<'a>>, name: Name<'a>, value: &'a [u8]) {
    if !value.is_empty() {
        found.push(Field::new(Location::Multipart, name, value, Wrapping::None));
    }
}
