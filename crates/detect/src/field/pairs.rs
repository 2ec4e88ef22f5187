//! Names and values of queries, forms and cookies.

use bartizan_model::Location;

use super::{Field, MAX_FIELDS, Name};
use crate::canonical::Wrapping;
use crate::structure::pairs::{self, Pair};

/// The pairs of a query or a form. A piece without `=` is a value without a name; a name that holds more than a
/// name should is judged together with its value.
pub(super) fn pairs<'a>(text: &'a [u8], location: Location, found: &mut Vec<Field<'a>>) {
    take(text, b'&', location, Wrapping::Plus, found);
}

/// The cookies of a `Cookie` header.
pub(super) fn cookies<'a>(text: &'a [u8], found: &mut Vec<Field<'a>>) {
    take(text, b';', Location::Cookie, Wrapping::None, found);
}

fn take<'a>(
    text: &'a [u8],
    separator: u8,
    location: Location,
    wrapping: Wrapping,
    found: &mut Vec<Field<'a>>,
) {
    for pair in pairs::pairs(text, separator) {
        if found.len() >= MAX_FIELDS {
            let rest = text.get(pair.name.map_or(pair.value.start, |name| name.start)..).unwrap_or_default();
            found.push(Field::new(location, Name::None, rest, wrapping));
            return;
        }
        let field = field(text, pair, location, wrapping);
        if !field.value.is_empty() {
            found.push(field);
        }
    }
}

fn field(text: &[u8], pair: Pair, location: Location, wrapping: Wrapping) -> Field<'_> {
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default().trim_ascii();
    let Some(name) = pair.name else {
        return Field::new(location, Name::None, part(pair.value), wrapping);
    };
    let piece = part(name.start..pair.value.end);
    let name = part(name);
    if pairs::is_name(name) {
        Field::new(location, Name::Sent(name), part(pair.value), wrapping)
    } else {
        Field::new(location, Name::cut(name), piece, wrapping)
    }
}
