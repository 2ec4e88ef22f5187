//! The strings of a JSON body.

use bartizan_model::Location;

use super::{Field, MAX_FIELDS, Name, graphql};
use crate::canonical::Wrapping;
use crate::structure::json::{Token, is_scalar, judged, tokens};

/// Strings under their pointer, keys that hold more than a name, and what stands outside strings and is no JSON.
pub(super) fn fields<'a>(text: &'a [u8], found: &mut Vec<Field<'a>>) {
    let mut place = graphql::Place::default();
    let mut owner = None;
    for token in tokens(text) {
        let location = place.after(text, &token);
        let (range, wrapping) = match token {
            Token::Key(range) => {
                let before = owner.replace(range.clone());
                let Some(range) = judged(text, range, before) else { continue };
                (range, Wrapping::Json)
            }
            Token::String(range) => (range, Wrapping::Json),
            Token::Bare(range) if !is_scalar(text.get(range.clone()).unwrap_or_default()) => {
                (range, Wrapping::None)
            }
            _ => continue,
        };
        if range.is_empty() {
            continue;
        }
        if found.len() >= MAX_FIELDS {
            let rest = text.get(range.start..).unwrap_or_default();
            found.push(Field::new(Location::Json, Name::None, rest, Wrapping::Json));
            return;
        }
        let name = Name::Pointer(text, range.start);
        found.push(Field::new(location, name, text.get(range).unwrap_or_default(), wrapping));
    }
}
