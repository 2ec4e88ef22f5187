//! The parts of a multipart body (RFC 7578).

use std::borrow::Cow;

use bartizan_model::Location;
use memchr::memmem;

use super::{Field, MAX_FIELDS};
use crate::canonical::Wrapping;

/// Names, file names and contents of the parts; `boundary` without its leading dashes.
pub(super) fn fields<'a>(boundary: &[u8], body: &'a [u8], found: &mut Vec<Field<'a>>) {
    let delimiter = [b"--", boundary].concat();
    let mut starts = memmem::find_iter(body, &delimiter).map(|at| at + delimiter.len()).peekable();
    let mut first = true;
    while let Some(start) = starts.next() {
        if first {
            first = false;
            let preamble = body.get(..start - delimiter.len()).unwrap_or_default().trim_ascii();
            push(found, b"preamble".as_slice().into(), preamble);
        }
        let end = starts.peek().map_or(body.len(), |next| next - delimiter.len());
        let part = body.get(start..end).unwrap_or_default();
        if part.starts_with(b"--") {
            push(found, b"epilogue".as_slice().into(), part.get(2..).unwrap_or_default().trim_ascii());
            continue;
        }
        if found.len() >= MAX_FIELDS {
            push(found, b"rest".as_slice().into(), body.get(start..).unwrap_or_default());
            return;
        }
        part_fields(part, found);
    }
    if first {
        push(found, b"body".as_slice().into(), body);
    }
}

fn part_fields<'a>(part: &'a [u8], found: &mut Vec<Field<'a>>) {
    let (head, content) = match memmem::find(part, b"\r\n\r\n") {
        Some(at) => (part.get(..at).unwrap_or_default(), part.get(at + 4..).unwrap_or_default()),
        None => match memmem::find(part, b"\n\n") {
            Some(at) => (part.get(..at).unwrap_or_default(), part.get(at + 2..).unwrap_or_default()),
            None => (part, [].as_slice()),
        },
    };
    let name = parameter(head, b"name=").unwrap_or_default();
    push(found, b"name".as_slice().into(), name);
    if let Some(file) = parameter(head, b"filename=") {
        push(found, [name, b".filename"].concat().into(), file);
    }
    let content = content.strip_suffix(b"\r\n").or_else(|| content.strip_suffix(b"\n")).unwrap_or(content);
    push(found, name.get(..name.len().min(64)).unwrap_or(name).into(), content);
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

fn push<'a>(found: &mut Vec<Field<'a>>, name: Cow<'a, [u8]>, value: &'a [u8]) {
    if !value.is_empty() {
        found.push(Field::new(Location::Multipart, Some(name), value, Wrapping::None));
    }
}
