//! The texts that a value holds: itself, and what is wrapped in it as base64 or hex.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{Flags, Text, Wrapping, canonicalise, decode, decode_text};

/// Texts of one value that are judged; more are a bomb.
const MAX_LEAVES: usize = 12;
/// Wrappings inside wrappings that are opened.
const MAX_DEPTH: usize = 3;
/// Shortest run that may be base64: 16 characters are 12 bytes, less is no payload.
const MIN_BASE64: usize = 16;
/// Shortest run that may be hex.
const MIN_HEX: usize = 24;
/// Longest run that is opened, in bytes; what lies beyond is an upload, and judged as it stands.
const MAX_RUN: usize = 16 * 1024;

/// Padding is optional in the wild, and a run may be cut short.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// One text to judge.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// The canonical bytes, with their origin in the raw value.
    pub text: Text,
    /// What decoding erased.
    pub flags: Flags,
}

/// Everything that a raw value holds, itself first.
pub fn leaves(raw: &[u8], wrapping: Wrapping) -> Vec<Leaf> {
    let mut flags = Flags::default();
    let decoded = decode(raw, wrapping, &mut flags);
    let mut found = Vec::new();
    let mut queue = vec![(decoded, flags, 0)];
    while let Some((decoded, mut flags, depth)) = queue.pop() {
        if found.len() >= MAX_LEAVES {
            break;
        }
        if depth < MAX_DEPTH {
            for inner in unwrap_runs(&decoded) {
                let mut inner_flags = Flags::default();
                inner_flags.set(Flags::WRAPPED);
                let inner = decode_text(inner, &mut inner_flags);
                queue.push((inner, inner_flags, depth + 1));
            }
        }
        if is_binary(decoded.bytes()) {
            flags.set(Flags::BINARY);
        }
        let text = canonicalise(&decoded, &mut flags);
        found.push(Leaf { text, flags });
    }
    found
}

fn is_binary(bytes: &[u8]) -> bool {
    let odd = bytes.iter().filter(|byte| matches!(byte, 0..=8 | 14..=31 | 127)).count();
    odd * 10 > bytes.len()
}

fn unwrap_runs(text: &Text) -> Vec<Text> {
    let mut found = Vec::new();
    if text.len() < MIN_BASE64 {
        return found;
    }
    let mut at = 0;
    while at < text.len() && found.len() < MAX_LEAVES {
        let mut end = at;
        while text.at(end).is_some_and(is_base64) {
            end += 1;
        }
        if end - at >= MIN_BASE64 && end - at <= MAX_RUN {
            found.extend(unwrap_base64(text, at, end));
            // A path is made of base64 characters too: its segments are tried on their own.
            let mut start = at;
            while start < end {
                let stop = (start..end).find(|index| text.at(*index) == Some(b'/')).unwrap_or(end);
                if stop - start >= MIN_BASE64 && (start, stop) != (at, end) {
                    found.extend(unwrap_base64(text, start, stop));
                }
                start = stop + 1;
            }
            found.extend(unwrap_hex(text, at, end));
        }
        at = end + 1;
    }
    found
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

fn unwrap_base64(text: &Text, start: usize, end: usize) -> Option<Text> {
    let run = text.bytes().get(start..end)?;
    // Words have no digits or no change of case; base64 of any text has both sooner or later.
    if !run.iter().any(u8::is_ascii_uppercase) || !run.iter().any(u8::is_ascii_lowercase) {
        return None;
    }
    let usable = if run.len() % 4 == 1 { run.get(..run.len() - 1)? } else { run };
    let decoded = STANDARD.decode(usable).or_else(|_| URL_SAFE.decode(usable)).ok()?;
    if !is_text(&decoded) {
        return None;
    }
    let mut out = Text::with_capacity(decoded.len());
    for (index, byte) in decoded.into_iter().enumerate() {
        let first = start + index * 4 / 3;
        out.push_from(byte, text, first, (first + 2).min(end));
    }
    Some(out)
}

fn unwrap_hex(text: &Text, start: usize, end: usize) -> Option<Text> {
    let mut run = text.bytes().get(start..end)?;
    let mut start = start;
    if run.starts_with(b"0x") {
        run = run.get(2..)?;
        start += 2;
    }
    if run.len() < MIN_HEX || run.len() % 2 == 1 || !run.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut decoded = Vec::with_capacity(run.len() / 2);
    for pair in run.chunks_exact(2) {
        let digits =
            pair.iter().filter_map(|byte| decode::hex(*byte)).fold(0, |value, digit| value * 16 + digit);
        decoded.push(decode::low_byte(digits));
    }
    if !is_text(&decoded) {
        return None;
    }
    let mut out = Text::with_capacity(decoded.len());
    for (index, byte) in decoded.into_iter().enumerate() {
        out.push_from(byte, text, start + index * 2, start + index * 2 + 2);
    }
    Some(out)
}

/// Whether decoded bytes are text: chance hits of random tokens are not.
fn is_text(bytes: &[u8]) -> bool {
    bytes.len() >= 8
        && bytes.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r'))
        && std::str::from_utf8(bytes).is_ok()
}
