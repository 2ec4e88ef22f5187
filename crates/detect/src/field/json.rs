//! The strings of a JSON text, found without building it.

use std::borrow::Cow;

use bartizan_model::Location;

use super::{Field, MAX_FIELDS};
use crate::canonical::Wrapping;

/// Levels whose names appear in pointers; deeper ones are read as if they were at this depth.
const MAX_DEPTH: usize = 64;
/// Longest key that a pointer shows, in bytes.
const MAX_KEY: usize = 64;

enum Level<'a> {
    Object(&'a [u8]),
    Array(usize),
}

/// The strings of the text: values under their pointer, and keys that hold more than a name. Lenient: whatever
/// is wrong with the structure, no string is passed over, and what stands outside strings and is no JSON is
/// judged as body text.
pub(super) fn fields<'a>(text: &'a [u8], found: &mut Vec<Field<'a>>) {
    let mut levels: Vec<Level<'a>> = Vec::new();
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b'{' if levels.len() < MAX_DEPTH => levels.push(Level::Object(b"")),
            b'[' if levels.len() < MAX_DEPTH => levels.push(Level::Array(0)),
            b'}' | b']' => {
                levels.pop();
            }
            b',' => {
                if let Some(Level::Array(index)) = levels.last_mut() {
                    *index += 1;
                }
            }
            b'"' => {
                let start = at + 1;
                at = string_end(text, start);
                let string = text.get(start..at).unwrap_or_default();
                let next = text.get(at + 1..).unwrap_or_default().trim_ascii_start().first();
                if found.len() >= MAX_FIELDS {
                    let rest = text.get(start..).unwrap_or_default();
                    found.push(Field::new(Location::Json, None, rest, Wrapping::Json));
                    return;
                }
                if next == Some(&b':') {
                    if let Some(Level::Object(key)) = levels.last_mut() {
                        *key = string;
                    }
                    if !is_key(string) {
                        found.push(Field::new(
                            Location::Json,
                            Some(pointer(&levels)),
                            string,
                            Wrapping::Json,
                        ));
                    }
                } else {
                    found.push(Field::new(Location::Json, Some(pointer(&levels)), string, Wrapping::Json));
                }
            }
            b' ' | b'\t' | b'\r' | b'\n' | b':' | b'{' | b'[' => {}
            _ => {
                let start = at;
                while text.get(at).is_some_and(|byte| !matches!(byte, b',' | b'}' | b']' | b'"' | b'\n')) {
                    at += 1;
                }
                let bare = text.get(start..at).unwrap_or_default().trim_ascii();
                if !is_scalar(bare) && found.len() < MAX_FIELDS {
                    found.push(Field::new(Location::Json, Some(pointer(&levels)), bare, Wrapping::None));
                }
                at -= usize::from(at > start);
            }
        }
        at += 1;
    }
}

fn string_end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(offset) = memchr::memchr2(b'"', b'\\', text.get(at..).unwrap_or_default()) {
        if text.get(at + offset) == Some(&b'"') {
            return at + offset;
        }
        at += offset + 2;
    }
    text.len()
}

fn is_key(key: &[u8]) -> bool {
    key.len() <= 128
        && key.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:@/ ".contains(byte))
        && !key.windows(2).any(|pair| pair == b"..")
}

fn is_scalar(bare: &[u8]) -> bool {
    bare.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        && bare.len() <= 64
}

/// The JSON Pointer of the present place (RFC 6901).
fn pointer<'a>(levels: &[Level<'a>]) -> Cow<'a, [u8]> {
    let mut pointer = Vec::new();
    for level in levels.iter().take(16) {
        pointer.push(b'/');
        match level {
            Level::Object(key) => {
                for byte in key.iter().take(MAX_KEY) {
                    match byte {
                        b'~' => pointer.extend_from_slice(b"~0"),
                        b'/' => pointer.extend_from_slice(b"~1"),
                        _ => pointer.push(*byte),
                    }
                }
            }
            Level::Array(index) => pointer.extend_from_slice(index.to_string().as_bytes()),
        }
    }
    Cow::Owned(pointer)
}
