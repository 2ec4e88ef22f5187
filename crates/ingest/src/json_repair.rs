//! Almost-JSON made readable: what servers write when they put raw bytes into a JSON log line.
//!
//! nginx's `escape=json` passes bytes from 0x80 on as they are, valid UTF-8 or not, and Apache escapes as `\xNN`, which
//! JSON does not know. Both stand for single bytes that a JSON string cannot hold. They are carried through the parser
//! as characters of the last private-use plane, and turned back into bytes by [`restored`].

use crate::escape::hex;

/// Byte `b` is carried as this character plus `b`; the plane holds no assigned characters (Unicode, chapter 23.5).
const CARRIER: u32 = 0x10_FF00;

/// The line as text that a JSON parser may accept.
pub(crate) fn repaired(line: &[u8]) -> String {
    let mut text = String::with_capacity(line.len() + 64);
    for chunk in line.utf8_chunks() {
        push_without_hex_escapes(chunk.valid(), &mut text);
        chunk.invalid().iter().for_each(|byte| text.push(carrier(*byte)));
    }
    text
}

/// The bytes of a string of a repaired line.
pub(crate) fn restored(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        match u32::from(character).checked_sub(CARRIER).and_then(|code| u8::try_from(code).ok()) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes
}

fn carrier(byte: u8) -> char {
    char::from_u32(CARRIER + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn push_without_hex_escapes(valid: &str, text: &mut String) {
    let mut rest = valid;
    while let Some((plain, escape)) = rest.split_once('\\') {
        push_plain(plain, text);
        rest = match escape.as_bytes() {
            [b'x' | b'X', high, low, ..] => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    text.push(carrier(high << 4 | low));
                    escape.get(3..).unwrap_or_default()
                }
                _ => escape,
            },
            // Taken together with its backslash, so that the second of `\\` starts no escape of its own.
            [b'"' | b'\\', ..] => {
                text.push('\\');
                text.push_str(escape.get(..1).unwrap_or_default());
                escape.get(1..).unwrap_or_default()
            }
            _ => {
                text.push('\\');
                escape
            }
        };
    }
    push_plain(rest, text);
}

/// A character that would pass for a carried byte is carried itself, byte by byte.
fn push_plain(plain: &str, text: &mut String) {
    let mut rest = plain;
    while let Some(at) = rest.find(|c: char| u32::from(c) >= CARRIER) {
        let (before, found) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let mut characters = found.chars();
        text.push_str(before);
        let character = characters.next().unwrap_or_default();
        character.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| text.push(carrier(byte)));
        rest = characters.as_str();
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hex_escapes_and_stray_bytes_come_back_as_bytes() {
        let cases: [(&[u8], &[u8]); 4] = [
            (br#"{"a":"\x16\x03"}"#, b"\x16\x03"),
            (b"{\"a\":\"\xff\xc3\xa9\"}", b"\xff\xc3\xa9"),
            (br#"{"a":"\\x16\""}"#, br#"\x16""#),
            (br#"{"a":"\x22\x5C"}"#, b"\"\\"),
        ];
        for (line, want) in cases {
            let value: serde_json::Value = serde_json::from_str(&repaired(line)).expect("repaired");
            assert_eq!(
                restored(value["a"].as_str().expect("text")),
                want,
                "{}",
                String::from_utf8_lossy(line)
            );
        }
    }

    /// Such characters came back as one byte each.
    #[test]
    fn characters_that_look_like_carried_bytes_come_back_as_themselves() {
        for text in ["\u{10FF00}", "a\u{10FFFF}b\u{10FF41}", "\u{10FEFF}"] {
            assert_eq!(restored(&repaired(text.as_bytes())), text.as_bytes());
        }
    }

    proptest! {
        #[test]
        fn bytes_without_escapes_survive_the_journey(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            prop_assume!(!bytes.contains(&b'\\'));
            prop_assert_eq!(restored(&repaired(&bytes)), bytes);
        }
    }
}
