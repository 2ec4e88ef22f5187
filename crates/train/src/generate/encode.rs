//! How one value may be spelled on its way to the server; benign values and attacks take the same ways.

use bartizan_detect::Wrapping;

use crate::rng::Rng;
use crate::row::percent_encode;

/// The value in one of the spellings of traffic, and the wrapping of the place it then stands in.
pub(crate) fn spelled(value: &str, rng: &mut Rng) -> (Vec<u8>, Wrapping) {
    let bytes = value.as_bytes();
    match rng.below(100) {
        0..=34 => (bytes.to_vec(), Wrapping::None),
        35..=64 => (percent_encode(bytes), Wrapping::Plus),
        65..=74 => {
            (String::from_utf8_lossy(&percent_encode(bytes)).replace("%20", "+").into_bytes(), Wrapping::Plus)
        }
        75..=89 => (json(value), Wrapping::Json),
        90..=94 => (percent_encode(&percent_encode(bytes)), Wrapping::Plus),
        95..=96 => (entities(value).into_bytes(), Wrapping::None),
        _ => (base64(bytes).into_bytes(), Wrapping::None),
    }
}

fn json(value: &str) -> Vec<u8> {
    let quoted = serde_json::to_string(value).unwrap_or_default();
    quoted.trim_start_matches('"').strip_suffix('"').unwrap_or("").as_bytes().to_vec()
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
