//! Every spelling of a value to one, with the way back to its raw bytes.

mod binary;
mod bytes;
mod comment;
mod decode;
mod flags;
mod leaf;
mod normal;
mod origins;
mod rewrite;
mod settle;
mod split;
mod text;
mod unicode;
mod wrapped;

pub use flags::Flags;
pub use leaf::{Leaf, leaves};
pub(crate) use settle::{FOREIGN, TOKEN};
pub use text::{Text, Tracking};
pub(crate) use wrapped::may_hold_wrapped;

use bytes::Kinds;

/// Encodings one inside another from which on a value counts as hostile, and rounds of decoding after which it is
/// judged as it stands. Nothing honest nests more than three deep: of 1,658 sources, pages, logs and documents of up to a
/// megabyte none took more rounds.
const MAX_ROUNDS: usize = 10;
/// Encodings one inside another that are still no mark.
const MANY_ROUNDS: usize = 2;

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
pub fn decode(raw: &[u8], wrapping: Wrapping, tracking: Tracking, flags: &mut Flags) -> Text {
    decode_placed(Text::raw(raw, tracking), wrapping, flags).0
}

fn decode_placed(mut text: Text, wrapping: Wrapping, flags: &mut Flags) -> (Text, Kinds) {
    if memchr::memchr(TOKEN, text.bytes()).is_some() {
        text.map_bytes(settle::sent);
    }
    let text = match wrapping {
        Wrapping::None => None,
        Wrapping::Plus => decode::plus(&text),
        Wrapping::Json => decode::json_string(&text),
    }
    .unwrap_or(text);
    decode_text(text, flags)
}

/// What an encoding begins with.
const DECODABLE: Kinds = Kinds::PERCENT
    .with(Kinds::AMPERSAND)
    .with(Kinds::BACKSLASH)
    .with(Kinds::DOLLAR)
    .with(Kinds::DOT)
    .with(Kinds::HIGH);

/// Takes encodings off until none is left; also says which kinds of byte remain.
fn decode_text(mut text: Text, flags: &mut Flags) -> (Text, Kinds) {
    let mut depth = 0;
    for _ in 0..MAX_ROUNDS {
        let kinds = Kinds::until(DECODABLE, text.bytes());
        let mut changed = false;
        // Layers that this round takes off at once.
        let mut layers = 1;
        let mut apply = |next: Option<Text>, text: &mut Text| {
            if let Some(next) = next {
                *text = next;
                changed = true;
            }
        };
        if kinds.any(Kinds::PERCENT) {
            apply(decode::percent(&text, &mut layers, flags), &mut text);
        }
        if kinds.any(Kinds::AMPERSAND) {
            apply(decode::entity(&text, &mut layers, flags), &mut text);
        }
        if kinds.any(Kinds::BACKSLASH) {
            apply(decode::escape(&text, &mut layers), &mut text);
        }
        if kinds.any(Kinds::DOLLAR) {
            apply(decode::shell_blank(&text), &mut text);
        }
        if kinds.any(Kinds::DOT) {
            apply(decode::bare_slash(&text, flags), &mut text);
        }
        if kinds.any(Kinds::HIGH) {
            apply(unicode::forms(&text, flags), &mut text);
            apply(unicode::lookalikes(&text, flags), &mut text);
        }
        if !changed {
            let kinds = if kinds.all(DECODABLE) { Kinds::of(text.bytes()) } else { kinds };
            return (text, kinds);
        }
        depth += layers;
        if depth > MANY_ROUNDS {
            flags.set(Flags::NESTED);
        }
        if depth >= MAX_ROUNDS {
            flags.set(Flags::CAPPED);
        }
    }
    flags.set(Flags::CAPPED);
    let kinds = Kinds::of(text.bytes());
    (text, kinds)
}

/// What stands around strings that are joined, and in comments.
const PUT_TOGETHER: Kinds = Kinds::QUOTE.with(Kinds::STAR);

/// What joining a text may have brought to light.
const WORTH_ANOTHER_LOOK: Kinds = Kinds::PERCENT
    .with(Kinds::AMPERSAND)
    .with(Kinds::BACKSLASH)
    .with(Kinds::DOLLAR)
    .with(Kinds::QUOTE)
    .with(Kinds::STAR);

/// The canonical form of a value that is already decoded; canonicalising a canonical form changes nothing
/// (unless [`Flags::CAPPED`] is set).
pub fn canonicalise(decoded: &Text, flags: &mut Flags) -> Text {
    let mut text: Option<Text> = None;
    for _ in 0..MAX_ROUNDS {
        let kinds = Kinds::until(PUT_TOGETHER, text.as_ref().unwrap_or(decoded).bytes());
        let mut changed = false;
        if kinds.any(Kinds::QUOTE)
            && let Some(next) = normal::joins(text.as_ref().unwrap_or(decoded), flags)
        {
            text = Some(next);
            changed = true;
        }
        if kinds.any(Kinds::STAR)
            && let Some(next) = comment::short(text.as_ref().unwrap_or(decoded), flags)
        {
            text = Some(next);
            changed = true;
        }
        let (settled, changes) = settle::settle(text.as_ref().unwrap_or(decoded), flags);
        let worth_it = || {
            WORTH_ANOTHER_LOOK.any_in(settled.bytes())
                || memchr::memmem::find(settled.bytes(), b"..").is_some()
        };
        if !(changes.dropped || changes.exposed || changed && worth_it()) {
            return settled;
        }
        text = Some(decode_text(settled, flags).0);
    }
    flags.set(Flags::CAPPED);
    text.unwrap_or_default()
}

#[cfg(test)]
mod tests;
