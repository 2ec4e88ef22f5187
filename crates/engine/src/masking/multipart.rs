//! Secrets in multipart bodies (RFC 7578).

use memchr::memmem;

use super::names::Names;
use super::ranges::Found;
use super::text::is_secret;

/// Bytes of a part's head behind its name.
const MAX_HEAD: usize = 4_096;

/// Adds the contents of the parts with secret names, those of parts in parts too.
pub(super) fn find(text: &[u8], content_type: &[u8], names: &Names, found: &mut Vec<Found>) {
    let boundary = boundary(text, content_type);
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| memmem::find(rest, b"ame=")) {
        let start = from + at + 4;
        from = start;
        let Some((name, end)) = parameter(text, start) else { continue };
        let Some(hiding) = names.find(name) else { continue };
        let Some(content) = content_after(text, end) else { continue };
        let rest = text.get(content..).unwrap_or_default();
        let len = memmem::find(rest, &boundary).unwrap_or(rest.len());
        let value = rest.get(..len).unwrap_or_default();
        let value = value.strip_suffix(b"\r").unwrap_or(value);
        if is_secret(value) {
            found.push(Found::new(content..content + value.len(), hiding));
        }
        from = content + len;
    }
}

/// What ends a part: a line that begins with the boundary.
fn boundary(text: &[u8], content_type: &[u8]) -> Vec<u8> {
    let lower = content_type.to_ascii_lowercase();
    let declared =
        memmem::find(&lower, b"boundary=").and_then(|at| content_type.get(at + 9..)).map(|value| {
            let value = value.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
            value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value)
        });
    let first = text
        .trim_ascii_start()
        .strip_prefix(b"--")
        .and_then(|rest| rest.split(|byte| matches!(byte, b'\r' | b'\n')).next());
    // A declared boundary that the body does not use would end no part.
    let used = declared.filter(|value| !value.is_empty() && memmem::find(text, value).is_some());
    [b"\n--", used.or(first).unwrap_or_default()].concat()
}

/// A quoted or bare value, and where it ends.
fn parameter(text: &[u8], start: usize) -> Option<(&[u8], usize)> {
    let rest = text.get(start..)?;
    let (open, inside) = match rest.strip_prefix(b"\"") {
        Some(inside) => (1, inside),
        None => (0, rest),
    };
    let ends = |byte: &u8| matches!(byte, b'\r' | b'\n') || *byte == if open == 1 { b'"' } else { b';' };
    let len = inside.iter().position(ends).unwrap_or(inside.len());
    Some((inside.get(..len)?, start + open + len))
}

/// Behind the blank line that ends the head.
fn content_after(text: &[u8], end: usize) -> Option<usize> {
    let rest = text.get(end..)?;
    let head = rest.get(..rest.len().min(MAX_HEAD))?;
    let windows = memmem::find(head, b"\r\n\r\n").map(|at| at + 4);
    let unix = memmem::find(head, b"\n\n").map(|at| at + 2);
    let at = match (windows, unix) {
        (Some(one), Some(other)) => one.min(other),
        (one, other) => one.or(other)?,
    };
    Some(end + at)
}
