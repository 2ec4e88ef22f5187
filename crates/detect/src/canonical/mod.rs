//! Every spelling of a value to one, with the way back to its raw bytes.

mod decode;
mod flags;
mod leaf;
mod normal;
mod text;

pub use flags::Flags;
pub use leaf::{Leaf, leaves};
pub(crate) use normal::{FOREIGN, TOKEN};
pub use text::Text;

/// Rounds of decoding after which a value counts as hostile and is judged as it stands. Nothing honest nests
/// more than three deep.
const MAX_ROUNDS: usize = 10;

/// The encoding that the place of a value implies; it is taken off exactly once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrapping {
    /// Nothing of its own.
    None,
    /// `+` is a blank: queries and forms.
    Plus,
    /// Inside the quotes of a JSON string.
    Json,
}

/// A value decoded, still in its own case and spelling: for people, and to look for wrapped values in.
pub fn decode(raw: &[u8], wrapping: Wrapping, flags: &mut Flags) -> Text {
    let text = Text::raw(raw);
    let text = match wrapping {
        Wrapping::None => None,
        Wrapping::Plus => decode::plus(&text),
        Wrapping::Json => decode::json_string(&text),
    }
    .unwrap_or(text);
    decode_text(text, flags)
}

fn decode_text(mut text: Text, flags: &mut Flags) -> Text {
    for round in 0..MAX_ROUNDS {
        let mut layers = 0;
        if let Some(next) = decode::percent(&text, flags) {
            text = next;
            layers += 1;
        }
        for pass in [decode::entity, decode::escape, decode::shell_blank] {
            if let Some(next) = pass(&text) {
                text = next;
                layers += 1;
            }
        }
        if let Some(next) = decode::utf8(&text, flags) {
            text = next;
            layers += 1;
        }
        if layers == 0 {
            return text;
        }
        if round == 2 {
            flags.set(Flags::NESTED);
        }
    }
    flags.set(Flags::CAPPED);
    text
}

/// The canonical form of a value that is already decoded; canonicalising a canonical form changes nothing
/// (unless [`Flags::CAPPED`] is set).
pub fn canonicalise(decoded: &Text, flags: &mut Flags) -> Text {
    let mut text = decoded.clone();
    for _ in 0..MAX_ROUNDS {
        let mut changed = false;
        for pass in [normal::joins, normal::comments] {
            if let Some(next) = pass(&text, flags) {
                text = next;
                changed = true;
            }
        }
        if let Some(next) = normal::collapse(&text) {
            text = next;
            changed = true;
        }
        if let Some(next) = normal::simplify(&text, flags) {
            text = next;
            changed = true;
        }
        if !changed {
            return text;
        }
        text = decode_text(text, flags);
    }
    flags.set(Flags::CAPPED);
    text
}

#[cfg(test)]
mod tests;
