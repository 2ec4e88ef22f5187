//! `a=1&b=2`, in queries, forms and cookies.

use std::borrow::Cow;

use bartizan_model::Location;

use super::{Field, MAX_FIELDS};
use crate::canonical::Wrapping;

/// The pairs of a query or a form. A piece without `=` is a value without a name; a name that holds more than a
/// name should is judged together with its value.
pub(super) fn pairs<'a>(text: &'a [u8], location: Location, found: &mut Vec<Field<'a>>) {
    let mut rest = text;
    while !rest.is_empty() {
        if found.len() >= MAX_FIELDS {
            found.push(Field::new(location, None, rest, Wrapping::Plus));
            return;
        }
        let end = memchr::memchr(b'&', rest).unwrap_or(rest.len());
        let piece = rest.get(..end).unwrap_or_default();
        rest = rest.get(end + 1..).unwrap_or_default();
        if !piece.is_empty() {
            found.push(pair(piece, location, Wrapping::Plus));
        }
    }
}

/// The cookies of a `Cookie` header.
pub(super) fn cookies<'a>(text: &'a [u8], found: &mut Vec<Field<'a>>) {
    for piece in text.split(|byte| *byte == b';') {
        if found.len() >= MAX_FIELDS {
            return;
        }
        let piece = piece.trim_ascii();
        if !piece.is_empty() {
            found.push(pair(piece, Location::Cookie, Wrapping::None));
        }
    }
}

fn pair(piece: &[u8], location: Location, wrapping: Wrapping) -> Field<'_> {
    let Some(equals) = memchr::memchr(b'=', piece) else {
        return Field::new(location, None, piece, wrapping);
    };
    let (name, value) = piece.split_at(equals);
    let value = value.get(1..).unwrap_or_default();
    let judged = if is_name(name) { value } else { piece };
    let name = if is_name(name) { name } else { name.get(..name.len().min(64)).unwrap_or(name) };
    Field::new(location, Some(Cow::Borrowed(name)), judged, wrapping)
}

/// Letters, digits and the brackets and dots of structured names; `%5B` and `%5D` included.
fn is_name(name: &[u8]) -> bool {
    name.len() <= 128
        && !name.windows(2).any(|pair| pair == b"..")
        && name.iter().enumerate().all(|(at, byte)| match byte {
            b'%' => {
                let code = name.get(at + 1..at + 3).unwrap_or_default();
                code.eq_ignore_ascii_case(b"5B") || code.eq_ignore_ascii_case(b"5D")
            }
            _ => {
                byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'[' | b']' | b':' | b'~')
            }
        })
        && !name.windows(8).any(|part| part.eq_ignore_ascii_case(b"class.mo"))
}
