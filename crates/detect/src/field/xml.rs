//! Text, attribute values and the document type of an XML text.

use std::borrow::Cow;

use bartizan_model::Location;
use memchr::{memchr, memmem};

use super::{Field, MAX_FIELDS};
use crate::canonical::Wrapping;

/// Longest document type that is judged as one, in bytes; it is judged in windows anyway.
const MAX_DOCTYPE: usize = 64 * 1024;

/// The fields of an XML text, lenient about its structure.
pub(super) fn fields<'a>(text: &'a [u8], found: &mut Vec<Field<'a>>) {
    let mut at = 0;
    let mut element: &[u8] = b"";
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        if found.len() >= MAX_FIELDS {
            found.push(Field::new(Location::Xml, None, rest, Wrapping::None));
            return;
        }
        if starts_with(rest, b"<!doctype") || starts_with(rest, b"<!entity") {
            let end = memmem::find(rest, b"]>")
                .map(|end| end + 2)
                .or_else(|| memchr(b'>', rest).map(|end| end + 1))
                .unwrap_or(rest.len())
                .min(MAX_DOCTYPE);
            push(found, b"doctype", rest.get(..end).unwrap_or_default());
            at += end;
        } else if rest.starts_with(b"<![CDATA[") {
            let end = memmem::find(rest, b"]]>").unwrap_or(rest.len());
            push(found, element, rest.get(9..end).unwrap_or_default());
            at += (end + 3).min(rest.len());
        } else if rest.starts_with(b"<!--") || rest.starts_with(b"<?") {
            let close: &[u8] = if rest.starts_with(b"<?") { b"?>" } else { b"-->" };
            let end = memmem::find(rest, close).map_or(rest.len(), |end| end + close.len());
            if !starts_with(rest, b"<?xml ") {
                push(found, b"instruction", rest.get(..end).unwrap_or_default());
            }
            at += end;
        } else if rest.first() == Some(&b'<') {
            let end = memchr(b'>', rest).map_or(rest.len(), |end| end + 1);
            let tag = rest.get(1..end).unwrap_or_default();
            element = tag
                .split(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))
                .next()
                .unwrap_or(b"");
            attributes(tag, found);
            at += end;
        } else {
            let end = memchr(b'<', rest).unwrap_or(rest.len());
            push(found, element, rest.get(..end).unwrap_or_default().trim_ascii());
            at += end;
        }
    }
}

fn attributes<'a>(tag: &'a [u8], found: &mut Vec<Field<'a>>) {
    let mut rest = tag;
    while let Some(open) = memchr::memchr2(b'"', b'\'', rest) {
        let quote = rest.get(open).copied().unwrap_or(b'"');
        let after = rest.get(open + 1..).unwrap_or_default();
        let close = memchr(quote, after).unwrap_or(after.len());
        let head = rest.get(..open).unwrap_or_default().trim_ascii_end();
        let name = head
            .strip_suffix(b"=")
            .and_then(|head| head.rsplit(u8::is_ascii_whitespace).next())
            .unwrap_or(b"attribute");
        let value = after.get(..close).unwrap_or_default();
        // Names of vocabularies are URLs by custom.
        if !name.starts_with(b"xmlns") && !name.ends_with(b"schemaLocation") && found.len() < MAX_FIELDS {
            push(found, name, value);
        }
        rest = after.get(close + 1..).unwrap_or_default();
    }
}

fn push<'a>(found: &mut Vec<Field<'a>>, name: &'a [u8], value: &'a [u8]) {
    if !value.is_empty() {
        let name = name.get(..name.len().min(64)).unwrap_or(name);
        found.push(Field::new(Location::Xml, Some(Cow::Borrowed(name)), value, Wrapping::None));
    }
}

fn starts_with(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
}
