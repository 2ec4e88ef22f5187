//! How one value may be spelled on its way to the server; benign values and attacks take the same ways.

use std::fmt::Write as _;

use bartizan_detect::Wrapping;

use super::benign_text::word;
use crate::rng::Rng;
use crate::row::percent_encode;

/// The value in one of the spellings of traffic, and the wrapping of the place it then stands in.
pub(crate) fn spelled(value: &str, rng: &mut Rng) -> (Vec<u8>, Wrapping) {
    let bytes = value.as_bytes();
    match rng.below(100) {
        0..=31 => (bytes.to_vec(), Wrapping::None),
        32..=56 => (percent_encode(bytes), Wrapping::Plus),
        57..=65 => (blanks_as_plus(bytes), Wrapping::Plus),
        66..=78 => (json(value), Wrapping::Json),
        79..=82 => (percent_encode(&percent_encode(bytes)), Wrapping::Plus),
        83..=84 => (entities(value).into_bytes(), Wrapping::None),
        85..=88 => (base64(bytes).into_bytes(), Wrapping::None),
        89..=90 => (percent_encode(base64(bytes).as_bytes()), Wrapping::Plus),
        91..=93 => (percent_encode(object(value, rng).as_bytes()), Wrapping::Plus),
        94..=95 => (percent_encode(address(bytes, rng).as_bytes()), Wrapping::Plus),
        96..=97 => (percent_encode(list(bytes, rng).as_bytes()), Wrapping::Plus),
        98 => (escaped(value).into_bytes(), Wrapping::Json),
        _ => (hexadecimal(bytes).into_bytes(), Wrapping::None),
    }
}

/// Bytes as uploads send them, or percent-encoded as the few do that stand in a query or a form.
pub(crate) fn sent(bytes: Vec<u8>, rng: &mut Rng) -> (Vec<u8>, Wrapping) {
    if rng.percent(75) { (bytes, Wrapping::None) } else { (percent_encode(&bytes), Wrapping::Plus) }
}

/// Characters up to U+00FF as the one byte that each is in Latin-1, others as UTF-8.
pub(crate) fn latin(value: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    for char in value.chars() {
        match u8::try_from(u32::from(char)) {
            Ok(byte) => out.push(byte),
            Err(_) => out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out
}

fn blanks_as_plus(bytes: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(&percent_encode(bytes)).replace("%20", "+").into_bytes()
}

fn json(value: &str) -> Vec<u8> {
    let quoted = serde_json::to_string(value).unwrap_or_default();
    quoted.trim_start_matches('"').strip_suffix('"').unwrap_or("").as_bytes().to_vec()
}

/// One string among others of a JSON object.
fn object(value: &str, rng: &mut Rng) -> String {
    let quoted = serde_json::to_string(value).unwrap_or_default();
    let (first, second) = (word(rng), word(rng));
    match rng.below(3) {
        0 => format!("{{\"q\":{quoted}}}"),
        1 => format!("{{\"id\":{},\"items\":[{{\"name\":{quoted},\"type\":\"{first}\"}}]}}", rng.below(9999)),
        _ => format!("[\"{first}\",{quoted},\"{second}\",null]"),
    }
}

/// A URL with the value in its query.
fn address(bytes: &[u8], rng: &mut Rng) -> String {
    let encoded = String::from_utf8_lossy(&percent_encode(bytes)).into_owned();
    format!(
        "{}/p?page={}&q={encoded}",
        rng.pick(&["", "https://www.example.com", "http://localhost:3000"]),
        rng.below(99)
    )
}

fn list(bytes: &[u8], rng: &mut Rng) -> String {
    let encoded = String::from_utf8_lossy(&percent_encode(bytes)).into_owned();
    format!("a={}&{}={encoded}", rng.below(999), word(rng).replace(|c: char| !c.is_ascii_alphanumeric(), ""))
}

/// Every character that is neither letter nor digit as `\uXXXX`.
fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len() * 2);
    for unit in value.encode_utf16() {
        match char::from_u32(u32::from(unit)).filter(char::is_ascii_alphanumeric) {
            Some(plain) => out.push(plain),
            None => {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

fn entities(value: &str) -> String {
    value
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// Base64 with padding (RFC 4648, section 4).
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + 4);
    for chunk in bytes.chunks(3) {
        let value =
            (0..3).fold(0_u32, |value, at| value << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            if at <= chunk.len() {
                let index = (value >> (18 - 6 * at)) & 63;
                out.push(char::from(ALPHABET.get(index as usize).copied().unwrap_or(b'A')));
            } else {
                out.push('=');
            }
        }
    }
    out
}

/// Random changes of case, as evasions and lazy typists make them.
pub(crate) fn shuffled_case(value: &str, rng: &mut Rng) -> String {
    value
        .chars()
        .map(|c| if rng.percent(50) { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
        .collect()
}
