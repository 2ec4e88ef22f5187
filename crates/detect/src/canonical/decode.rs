//! One layer of each encoding taken off. Every function answers `None` when there was nothing to do, and none
//! makes the text longer.

use memchr::{memchr, memmem};

use super::rewrite::{Piece, rewrite, rewrite_nested, rewrite_within};
use super::{Flags, Text};

/// HTML entities that matter in attacks and ordinary text, without `&` and `;`.
const ENTITIES: [(&[u8], u8); 31] = [
    (b"lt", b'<'),
    (b"gt", b'>'),
    (b"amp", b'&'),
    (b"quot", b'"'),
    (b"apos", b'\''),
    (b"nbsp", b' '),
    (b"tab", b'\t'),
    (b"newline", b'\n'),
    (b"colon", b':'),
    (b"semi", b';'),
    (b"lpar", b'('),
    (b"rpar", b')'),
    (b"sol", b'/'),
    (b"bsol", b'\\'),
    (b"comma", b','),
    (b"period", b'.'),
    (b"excl", b'!'),
    (b"num", b'#'),
    (b"dollar", b'$'),
    (b"percnt", b'%'),
    (b"ast", b'*'),
    (b"plus", b'+'),
    (b"equals", b'='),
    (b"quest", b'?'),
    (b"commat", b'@'),
    (b"lsqb", b'['),
    (b"rsqb", b']'),
    (b"lcub", b'{'),
    (b"rcub", b'}'),
    (b"lbrace", b'{'),
    (b"grave", b'`'),
];

/// Letters of the longest entity.
const MAX_ENTITY: usize = 7;
/// Leading zeros that a numeric entity or a `\u{…}` may have before it is taken for something else.
const MAX_DIGITS: usize = 9;

pub(super) fn hex(byte: u8) -> Option<u32> {
    char::from(byte).to_digit(16)
}

/// The value of at most `max` digits at the start, and how many there are.
fn number(bytes: &[u8], radix: u32, max: usize) -> (u32, usize) {
    let mut value = 0_u32;
    let mut len = 0;
    for digit in bytes.iter().take(max).map_while(|byte| char::from(*byte).to_digit(radix)) {
        value = value.saturating_mul(radix).saturating_add(digit);
        len += 1;
    }
    (value, len)
}

/// The low eight bits; callers pass what two hex digits or a masked sequence gave.
pub(super) fn low_byte(value: u32) -> u8 {
    value.to_le_bytes()[0]
}

fn after(bytes: &[u8], at: usize) -> &[u8] {
    bytes.get(at..).unwrap_or_default()
}

/// `%41`, `%u0041`.
pub(super) fn percent(text: &Text, layers: &mut usize, flags: &mut Flags) -> Option<Text> {
    rewrite_nested(text, b'%', layers, |rest, _| {
        if matches!(rest.first(), Some(b'u' | b'U')) {
            let (code, len) = number(after(rest, 1), 16, 4);
            if len == 4 {
                flags.set(Flags::PERCENT_U);
                return Some((Piece::char(code), 5));
            }
        }
        let (value, len) = number(rest, 16, 2);
        if len < 2 {
            return None;
        }
        let byte = low_byte(value);
        if byte.is_ascii_alphanumeric() {
            flags.set(Flags::NEEDLESS);
        }
        Some((Piece::byte(byte), 2))
    })
}

/// `&lt;`, `&#60;`, `&#x3c`.
pub(super) fn entity(text: &Text, layers: &mut usize, flags: &mut Flags) -> Option<Text> {
    rewrite_nested(text, b'&', layers, |rest, again| {
        // What is not closed may still get its last digit from the entity behind it.
        entity_at(rest, flags).filter(|(_, taken)| !again || rest.get(taken - 1) == Some(&b';'))
    })
}

/// What the bytes behind an ampersand say, with how many of them.
fn entity_at(rest: &[u8], flags: &mut Flags) -> Option<(Piece, usize)> {
    if rest.first() == Some(&b'#') {
        let (head, radix) = if matches!(rest.get(1), Some(b'x' | b'X')) { (2, 16) } else { (1, 10) };
        let (code, digits) = number(after(rest, head), radix, MAX_DIGITS);
        if digits == 0 || char::from_u32(code).is_none() {
            return None;
        }
        let end = head + digits;
        let closed = rest.get(end) == Some(&b';');
        // Encoders close what they open; some write three decimal digits, and none more zeros or a capital X.
        let longest = if radix == 16 { 2 } else { 3 };
        let odd = !closed || digits > longest || rest.get(1) == Some(&b'X');
        if odd && matches!(u8::try_from(code), Ok(b'!'..=b'~')) {
            flags.set(Flags::NEEDLESS);
        }
        return Some((Piece::char(code), end + usize::from(closed)));
    }
    // Most ampersands divide the pairs of a query: only the oldest entities may go without a semicolon.
    let end = rest.iter().take(MAX_ENTITY + 1).position(|byte| !byte.is_ascii_alphabetic());
    let is_closed = end.and_then(|end| rest.get(end)) == Some(&b';');
    if !is_closed && !matches!(rest.first(), Some(b'l' | b'L' | b'g' | b'G' | b'q' | b'Q')) {
        return None;
    }
    for (entity, byte) in ENTITIES {
        if !rest.get(..entity.len()).is_some_and(|found| found.eq_ignore_ascii_case(entity)) {
            continue;
        }
        // Without a semicolon only the oldest ones count, or `&num=1` in a URL would lose its name.
        let next = rest.get(entity.len());
        let closed = next == Some(&b';');
        let old = matches!(entity, b"lt" | b"gt" | b"quot");
        if closed || (old && next != Some(&b'=')) {
            return Some((Piece::byte(byte), entity.len() + usize::from(closed)));
        }
    }
    None
}

/// `..2f..5c`: a way upwards whose slashes have lost their percent signs, to programs that take those for granted or to
/// filters that take them away.
pub(super) fn bare_slash(text: &Text, flags: &mut Flags) -> Option<Text> {
    rewrite_within(
        text,
        |rest| {
            // Behind all the dots of a run: of `....2f` a filter that takes dots away leaves `..2f`.
            let at = memmem::find(rest, b"..")?;
            Some(at + after(rest, at).iter().take_while(|byte| **byte == b'.').count())
        },
        |bytes, at| {
            let rest = after(bytes, at);
            let hidden = rest.strip_prefix(b"25").unwrap_or(rest).get(..2)?;
            let slash = match (hidden.first()?, hidden.get(1)?.to_ascii_lowercase()) {
                (b'2', b'f') => b'/',
                (b'5', b'c') => b'\\',
                _ => return None,
            };
            flags.set(Flags::NEEDLESS);
            let len = if rest.starts_with(b"25") { 4 } else { 2 };
            Some((Piece::byte(slash), len))
        },
    )
}

/// `\x41`, `\u0041`, `\u{41}`, `\101`: as programs write characters in any language.
pub(super) fn escape(text: &Text, layers: &mut usize) -> Option<Text> {
    rewrite_nested(text, b'\\', layers, |rest, _| escape_at(rest))
}

/// What the bytes behind a backslash say, with how many of them.
fn escape_at(rest: &[u8]) -> Option<(Piece, usize)> {
    match rest.first()? {
        b'x' | b'X' => {
            let (code, len) = number(after(rest, 1), 16, 2);
            (len == 2).then(|| (Piece::byte(low_byte(code)), 3))
        }
        b'u' | b'U' if rest.get(1) == Some(&b'{') => {
            let (code, len) = number(after(rest, 2), 16, 6);
            let closed = rest.get(2 + len) == Some(&b'}');
            (len > 0 && closed && char::from_u32(code).is_some()).then(|| (Piece::char(code), len + 3))
        }
        b'u' | b'U' => {
            let (code, len) = number(after(rest, 1), 16, 4);
            (len == 4).then(|| (Piece::char(code), 5))
        }
        b'0'..=b'1' => {
            let (code, len) = number(rest, 8, 3);
            (len == 3).then(|| (Piece::byte(low_byte(code)), 3))
        }
        _ => None,
    }
}

/// The escapes of a JSON string, taken off once before anything else.
pub(super) fn json_string(text: &Text) -> Option<Text> {
    rewrite(
        text,
        |rest| memchr(b'\\', rest),
        |rest| match rest.get(1)? {
            b'n' => Some((Piece::byte(b'\n'), 2)),
            b'r' => Some((Piece::byte(b'\r'), 2)),
            b't' => Some((Piece::byte(b'\t'), 2)),
            b'b' | b'f' => Some((Piece::byte(b' '), 2)),
            byte @ (b'"' | b'\\' | b'/') => Some((Piece::byte(*byte), 2)),
            b'u' => escape_at(after(rest, 1)).map(|(piece, taken)| (piece, taken + 1)),
            _ => None,
        },
    )
}

/// `+` as the blank of forms and queries, taken off once before anything else.
pub(super) fn plus(text: &Text) -> Option<Text> {
    memchr(b'+', text.bytes())?;
    let mut out = text.clone();
    out.map_bytes(|byte| if byte == b'+' { b' ' } else { byte });
    Some(out)
}

/// `$IFS` and `${IFS}`, the blank of shells that may not see one.
pub(super) fn shell_blank(text: &Text) -> Option<Text> {
    rewrite(
        text,
        |rest| memchr(b'$', rest),
        |rest| {
            [b"${ifs}".as_slice(), b"$ifs$9", b"$ifs"].into_iter().find_map(|form| {
                let found = rest.get(..form.len())?;
                found.eq_ignore_ascii_case(form).then(|| (Piece::byte(b' '), form.len()))
            })
        },
    )
}
