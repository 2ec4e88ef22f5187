//! Text, attribute values and the document type of an XML text.

use bartizan_model::Location;
use memchr::{memchr, memmem};

use super::{Field, MAX_FIELDS, Name};
use crate::canonical::Wrapping;

/// Longest document type that is judged as one, in bytes; it is judged in windows anyway.
const MAX_DOCTYPE: usize = 64 * 1024;

/// Elements that browsers run or load, and that no ordinary document of an API has.
const ACTIVE: [&[u8]; 8] =
    [b"script", b"iframe", b"object", b"embed", b"foreignobject", b"animate", b"set", b"handler"];

/// Whether a body without a declared type is XML by its first bytes; other markup is judged as it stands.
pub(super) fn is_document(text: &[u8]) -> bool {
    [b"<?xml".as_slice(), b"<!doctype", b"<!entity", b"<soap", b"<methodcall", b"<rss", b"<feed", b"<svg"]
        .iter()
        .any(|head| starts_with(text, head) && !starts_with(text, b"<!doctype html"))
}

/// The fields of an XML text, lenient about its structure.
pub(super) fn fields<'a>(text: &'a [u8], found: &mut Vec<Field<'a>>) {
    let mut at = 0;
    let mut element: &[u8] = b"";
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        if found.len() >= MAX_FIELDS {
            found.push(Field::new(Location::Xml, Name::None, rest, Wrapping::None));
            return;
        }
        if starts_with(rest, b"<!doctype") || starts_with(rest, b"<!entity") {
            let head = rest.get(..rest.len().min(MAX_DOCTYPE)).unwrap_or_default();
            let end = memmem::find(head, b"]>")
                .map(|end| end + 2)
                .or_else(|| memchr(b'>', head).map(|end| end + 1))
                .unwrap_or(head.len());
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
            if is_remarkable(element, tag) {
                push(found, b"tag", rest.get(..end).unwrap_or_default());
            }
            attributes(tag, found);
            at += end;
        } else {
            let end = memchr(b'<', rest).unwrap_or(rest.len());
            push(found, element, rest.get(..end).unwrap_or_default().trim_ascii());
            at += end;
        }
    }
}

/// Whether a tag says something by itself: it runs in a browser, names a class of a program, includes another document
/// or is no XML at all.
fn is_remarkable(element: &[u8], tag: &[u8]) -> bool {
    let name = element.rsplit(|byte| *byte == b':').next().unwrap_or(element);
    let closing = tag.first() == Some(&b'/');
    let dotted = memchr::memchr_iter(b'.', name).count() >= 2;
    let handler = tag.split(u8::is_ascii_whitespace).skip(1).any(|word| starts_with(word, b"on"));
    let unquoted = memchr(b'=', tag).is_some_and(|at| !matches!(tag.get(at + 1), Some(b'"' | b'\'' | b' ')));
    let active = ACTIVE.iter().any(|known| name.eq_ignore_ascii_case(known));
    let includes = element.eq_ignore_ascii_case(b"xi:include") || name.eq_ignore_ascii_case(b"include");
    !closing && (dotted || handler || unquoted || active || includes)
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
        found.push(Field::new(Location::Xml, Name::cut(name), value, Wrapping::None));
    }
}

fn starts_with(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
}
