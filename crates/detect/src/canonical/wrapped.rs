//! Texts inside texts: base64, hex, UTF-7; of serialised objects the names in them.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use memchr::memchr;

use super::rewrite::{Piece, rewrite};
use super::settle::{OBJECTS, head_len};
use super::{Text, binary, decode};

/// Shortest run that may be base64: 16 characters are 12 bytes, less is no payload.
const MIN_BASE64: usize = 16;
/// Shortest run that may be base64 when it is the whole value or is said to be (`;base64,`); `' or 1=1` is that long.
const MIN_WHOLE_BASE64: usize = 10;
/// Shortest run that may be hex.
const MIN_HEX: usize = 24;
/// Longest run that is opened, in bytes; what lies beyond is an upload, and judged as it stands.
const MAX_RUN: usize = 64 * 1024;
/// Shortest text that was worth wrapping, in bytes.
const MIN_TEXT: usize = 6;
/// Bytes that are decoded to see whether the rest is worth it.
const PROBE: usize = 12;

/// Padding is optional in the wild, and a run may be cut short.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Whether a value of letters, digits, `-`, `_` and dots might hold wrapped text or a serialised object. Cheap, and never wrong when it
/// says no.
pub(crate) fn may_hold_wrapped(value: &[u8]) -> bool {
    if head_len(value) > 0 {
        return true;
    }
    value.len() >= MIN_WHOLE_BASE64
        && value.split(|byte| *byte == b'.').any(|run| {
            run.len() >= MIN_WHOLE_BASE64
                && (is_base64_text(run) || (run.len() >= MIN_HEX && is_hex_text(run)))
        })
}

/// The texts wrapped in a text, at most `max`.
pub(super) fn unwrap(text: &Text, max: usize) -> Vec<Text> {
    let mut found = Vec::new();
    let bytes = text.bytes();
    if bytes.len() < MIN_WHOLE_BASE64 {
        return found;
    }
    let mut at = 0;
    while at < bytes.len() && found.len() < max {
        // A run is too short wherever one of its first bytes would be none of its own.
        let shortest = bytes.get(at..at + MIN_WHOLE_BASE64).unwrap_or_default();
        if let Some(gap) = shortest.iter().rposition(|byte| !is_base64(*byte)) {
            at += gap + 1;
            continue;
        }
        let len = bytes.get(at..).unwrap_or_default().iter().take_while(|byte| is_base64(**byte)).count();
        let end = at + len;
        // Asked at the start alone: asked everywhere, a megabyte of `=` would cost its length squared.
        let whole = at == 0 && bytes.get(end..).unwrap_or_default().iter().all(|byte| *byte == b'=');
        let said = || bytes.get(..at).unwrap_or_default().ends_with(b"base64,");
        if (len >= MIN_BASE64 || (len >= MIN_WHOLE_BASE64 && (whole || said()))) && len <= MAX_RUN {
            open_run(text, at, end, &mut found);
        }
        at = end + 1;
    }
    found
}

fn open_run(text: &Text, start: usize, end: usize, found: &mut Vec<Text>) {
    if let Some(inner) = base64_text(text, start, end) {
        found.push(inner);
        return;
    }
    // A path is made of base64 characters too: its segments are tried on their own.
    let run = text.bytes().get(start..end).unwrap_or_default();
    if memchr(b'/', run).is_some() {
        let mut from = start;
        for segment in run.split(|byte| *byte == b'/') {
            if segment.len() >= MIN_BASE64 {
                found.extend(base64_text(text, from, from + segment.len()));
            }
            from += segment.len() + 1;
        }
    }
    found.extend(hex_text(text, start, end));
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Whether a run begins like the base64 of a text.
fn is_base64_text(run: &[u8]) -> bool {
    // Words have no change of case; base64 of any text has it sooner or later.
    if !run.iter().any(u8::is_ascii_uppercase) || !run.iter().any(u8::is_ascii_lowercase) {
        return false;
    }
    let head = run.get(..run.len().min(PROBE)).unwrap_or_default();
    let mut group = 0_u32;
    let mut held = 0;
    for byte in head {
        // The two alphabets differ in the last two characters alone.
        group = group << 6 | sextet(*byte).unwrap_or(if *byte == b'-' { 62 } else { 63 });
        held += 6;
        if held >= 8 {
            held -= 8;
            if !may_be_text(decode::low_byte(group >> held)) {
                return false;
            }
        }
    }
    true
}

fn is_hex_text(run: &[u8]) -> bool {
    let run = run.strip_prefix(b"0x").unwrap_or(run);
    let head = run.get(..run.len().min(PROBE)).unwrap_or_default();
    head.chunks_exact(2).all(|pair| hex_byte(pair).is_some_and(may_be_text))
}

fn hex_byte(pair: &[u8]) -> Option<u8> {
    let mut value = 0;
    for byte in pair {
        value = value * 16 + decode::hex(*byte)?;
    }
    Some(decode::low_byte(value))
}

fn may_be_text(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r' | 0xc2..=0xf4 | 0x80..=0xbf)
}

/// Whether decoded bytes are text: chance hits of random tokens are not.
fn is_text(bytes: &[u8]) -> bool {
    bytes.len() >= MIN_TEXT
        && bytes.iter().all(|byte| may_be_text(*byte))
        && std::str::from_utf8(bytes).is_ok()
        && bytes.iter().filter(|byte| byte.is_ascii()).count() * 2 >= bytes.len()
}

fn base64_text(text: &Text, start: usize, end: usize) -> Option<Text> {
    let run = text.bytes().get(start..end)?;
    let serialised = OBJECTS.iter().find(|head| run.starts_with(head));
    if serialised.is_none() && !is_base64_text(run) {
        return None;
    }
    let usable = if run.len() % 4 == 1 { run.get(..run.len() - 1)? } else { run };
    let decoded = STANDARD.decode(usable).or_else(|_| URL_SAFE.decode(usable)).ok()?;
    let is_object = serialised.is_some();
    if !is_object && !is_text(&decoded) {
        return None;
    }
    let mut out = text.empty_like(decoded.len());
    for (index, byte) in decoded.into_iter().enumerate() {
        let first = start + index * 4 / 3;
        out.push_from(byte, text, first, (first + 2).min(end));
    }
    if is_object { binary::names(&out) } else { Some(out) }
}

fn hex_text(text: &Text, mut start: usize, end: usize) -> Option<Text> {
    let mut run = text.bytes().get(start..end)?;
    if let Some(digits) = run.strip_prefix(b"0x") {
        run = digits;
        start += 2;
    }
    let is_object = run.get(..8).is_some_and(|head| head.eq_ignore_ascii_case(b"aced0005"));
    if run.len() < MIN_HEX || run.len() % 2 == 1 || !(is_object || is_hex_text(run)) {
        return None;
    }
    let decoded: Vec<u8> = run.chunks_exact(2).map(hex_byte).collect::<Option<_>>()?;
    if !is_object && !is_text(&decoded) {
        return None;
    }
    let mut out = text.empty_like(decoded.len());
    for (index, byte) in decoded.into_iter().enumerate() {
        out.push_from(byte, text, start + index * 2, start + index * 2 + 2);
    }
    if is_object { binary::names(&out) } else { Some(out) }
}

/// `+ADw-script+AD4-`: UTF-7 (RFC 2152), as far as it hides ASCII characters one by one.
pub(super) fn utf7(text: &Text) -> Option<Text> {
    rewrite(
        text,
        |rest| memchr(b'+', rest),
        |rest| {
            let [b'+', unit @ ..] = rest.get(..4)? else { return None };
            // Sixteen bits in three characters, and two that are left over.
            let bits = unit.iter().try_fold(0, |bits, byte| Some(bits << 6 | sextet(*byte)?))?;
            let byte = u8::try_from(bits >> 2).ok()?;
            if bits & 3 != 0 || !matches!(byte, b' '..=b'~') {
                return None;
            }
            Some((Piece::byte(byte), 4 + usize::from(rest.get(4) == Some(&b'-'))))
        },
    )
}

/// What a character of standard base64 stands for.
fn sextet(byte: u8) -> Option<u32> {
    Some(
        match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        }
        .into(),
    )
}
