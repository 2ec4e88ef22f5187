//! Values in markup, leniently: a secret in broken markup is one all the same.

use std::ops::Range;

/// Bytes between a name and its value that are looked at.
const MAX_DISTANCE: usize = 256;

/// The values that a name announces as an element, or as the content of an element or attribute that holds names;
/// `None` when it is neither.
pub(super) fn values(text: &[u8], name: &Range<usize>) -> Option<Vec<Range<usize>>> {
    let before = text.get(..name.start)?;
    let after = text.get(name.end..)?;
    if is_opening(before) {
        return Some(element(text, name));
    }
    if after.starts_with(b"</name>") || after.starts_with(b"</key>") {
        return Some(next_content(text, name.end).into_iter().collect());
    }
    let quote = before.last().filter(|quote| matches!(quote, b'"' | b'\''))?;
    let is_name = [b"name=".as_slice(), b"key=", b"Name=", b"Key="]
        .iter()
        .any(|attribute| before.get(..before.len() - 1).is_some_and(|head| head.ends_with(attribute)));
    if !is_name || after.first() != Some(quote) {
        return None;
    }
    let rest = after.get(1..)?.trim_ascii_start();
    let at = text.len() - rest.len();
    if let Some(value) = rest.strip_prefix(b"value=").filter(|value| value.first() == Some(quote)) {
        let start = at + 7;
        let len = memchr::memchr(*quote, value.get(1..)?).unwrap_or(value.len() - 1);
        return Some(std::iter::once(start..start + len).collect());
    }
    rest.starts_with(b">").then(|| content(text, at + 1).into_iter().collect())
}

/// Whether `<` or `<prefix:` stands before.
fn is_opening(before: &[u8]) -> bool {
    let prefix = before
        .iter()
        .rev()
        .take(64)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':'))
        .count();
    let head = before.get(..before.len() - prefix).unwrap_or_default();
    head.last() == Some(&b'<') && (prefix == 0 || before.last() == Some(&b':'))
}

/// The attributes and the content of an element, up to its closing tag; without one it is the rest.
fn element(text: &[u8], name: &Range<usize>) -> Vec<Range<usize>> {
    let rest = text.get(name.end..).unwrap_or_default();
    let Some(close) = memchr::memchr(b'>', rest) else {
        return std::iter::once(name.end..text.len()).collect();
    };
    let mut values = Vec::new();
    let is_empty = close.checked_sub(1).and_then(|at| rest.get(at)) == Some(&b'/');
    let attributes = rest.get(..close - usize::from(is_empty)).unwrap_or_default();
    if memchr::memchr(b'=', attributes).is_some() {
        let blank = attributes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        values.push(name.end + blank..name.end + attributes.trim_ascii_end().len());
    }
    if is_empty {
        return values;
    }
    let start = name.end + close + 1;
    let sent = text.get(name.clone()).unwrap_or_default();
    let end = closing(text, start, sent);
    let content = text.get(start..end).unwrap_or_default();
    let blank = content.len() - content.trim_ascii_start().len();
    values.push(start + blank..start + content.trim_ascii_end().len().max(blank));
    values
}

/// Where `</name` or `</prefix:name` begins.
fn closing(text: &[u8], start: usize, name: &[u8]) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    memchr::memmem::find_iter(rest, b"</")
        .find(|at| {
            let tag = rest.get(at + 2..).unwrap_or_default();
            let len = tag.iter().take(256).position(|byte| matches!(byte, b'>' | b' ')).unwrap_or(0);
            let tag = tag.get(..len).unwrap_or_default();
            let local = tag.len().checked_sub(name.len()).and_then(|from| tag.get(from..));
            local.is_some_and(|local| local.eq_ignore_ascii_case(name))
        })
        .map_or(text.len(), |at| start + at)
}

/// The first text behind some tags.
fn next_content(text: &[u8], from: usize) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let head = rest.get(..rest.len().min(MAX_DISTANCE))?;
    let mut at = 0;
    while let Some(close) = head.get(at..).and_then(|head| memchr::memchr(b'>', head)) {
        at += close + 1;
        let blank = head.get(at..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if head.get(at + blank).is_some_and(|byte| *byte != b'<') {
            return content(text, from + at);
        }
    }
    None
}

fn content(text: &[u8], start: usize) -> Option<Range<usize>> {
    let rest = text.get(start..)?;
    let len = memchr::memchr(b'<', rest).unwrap_or(rest.len());
    let content = rest.get(..len)?;
    let blank = content.len() - content.trim_ascii_start().len();
    Some(start + blank..start + content.trim_ascii_end().len().max(blank))
}
