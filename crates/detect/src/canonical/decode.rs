//! One layer of each encoding taken off. Every function answers `None` when there was nothing to do, and none
//! makes the text longer.

use memchr::{memchr, memmem};

use super::{Flags, Text};

/// HTML entities that matter in attacks and ordinary text, without `&` and `;`.
const ENTITIES: [(&[u8], u8); 30] = [
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
    (b"grave", b'`'),
];

pub(super) fn hex(byte: u8) -> Option<u32> {
    char::from(byte).to_digit(16)
}

fn hex_run(text: &Text, start: usize, max: usize) -> (u32, usize) {
    let mut value = 0_u32;
    let mut len = 0;
    while len < max
        && let Some(digit) = text.at(start + len).and_then(hex)
    {
        value = value.saturating_mul(16).saturating_add(digit);
        len += 1;
    }
    (value, len)
}

/// The low eight bits; callers pass what two hex digits or a masked sequence gave.
pub(super) fn low_byte(value: u32) -> u8 {
    value.to_le_bytes()[0]
}

/// `%41`, `%u0041`.
pub(super) fn percent(text: &Text, flags: &mut Flags) -> Option<Text> {
    let first = memchr(b'%', text.bytes())?;
    let mut out = Text::with_capacity(text.len());
    let mut changed = false;
    let mut at = 0;
    while at < text.len() {
        if at < first || text.at(at) != Some(b'%') {
            out.copy(text, at);
            at += 1;
            continue;
        }
        if matches!(text.at(at + 1), Some(b'u' | b'U')) {
            let (code, len) = hex_run(text, at + 2, 4);
            if len == 4 {
                flags.set(Flags::PERCENT_U);
                out.push_char_from(code, text, at, at + 6);
                changed = true;
                at += 6;
                continue;
            }
        }
        let (value, len) = hex_run(text, at + 1, 2);
        if len == 2 {
            let byte = low_byte(value);
            if byte.is_ascii_alphanumeric() {
                flags.set(Flags::NEEDLESS);
            }
            out.push_from(byte, text, at, at + 3);
            changed = true;
            at += 3;
        } else {
            out.copy(text, at);
            at += 1;
        }
    }
    changed.then_some(out)
}

/// `&lt;`, `&#60;`, `&#x3c`.
pub(super) fn entity(text: &Text) -> Option<Text> {
    memchr(b'&', text.bytes())?;
    let mut out = Text::with_capacity(text.len());
    let mut changed = false;
    let mut at = 0;
    while at < text.len() {
        if text.at(at) == Some(b'&')
            && let Some((code, len)) = entity_at(text, at)
        {
            out.push_char_from(code, text, at, at + len);
            changed = true;
            at += len;
        } else {
            out.copy(text, at);
            at += 1;
        }
    }
    changed.then_some(out)
}

fn entity_at(text: &Text, at: usize) -> Option<(u32, usize)> {
    if text.at(at + 1) == Some(b'#') {
        let hexadecimal = matches!(text.at(at + 2), Some(b'x' | b'X'));
        let (code, digits, head) = if hexadecimal {
            let (code, digits) = hex_run(text, at + 3, 8);
            (code, digits, 3)
        } else {
            let mut code = 0_u32;
            let mut digits = 0;
            while digits < 9
                && let Some(digit) = text.at(at + 2 + digits).and_then(|byte| char::from(byte).to_digit(10))
            {
                code = code.saturating_mul(10).saturating_add(digit);
                digits += 1;
            }
            (code, digits, 2)
        };
        if digits == 0 || char::from_u32(code).is_none() {
            return None;
        }
        let end = head + digits;
        let semicolon = usize::from(text.at(at + end) == Some(b';'));
        return Some((code, end + semicolon));
    }
    let rest = text.bytes().get(at + 1..)?;
    for (name, byte) in ENTITIES {
        let Some(found) = rest.get(..name.len()) else { continue };
        // Without a semicolon only the oldest ones count, or `&num=1` in a URL would lose its name.
        let closed = rest.get(name.len()) == Some(&b';');
        let old = matches!(name, b"lt" | b"gt" | b"quot");
        if found.eq_ignore_ascii_case(name) && (closed || (old && rest.get(name.len()) != Some(&b'='))) {
            return Some((u32::from(byte), 1 + name.len() + usize::from(closed)));
        }
    }
    None
}

/// `\x41`, `\u0041`, `\u{41}`, `\101`: as programs write characters in any language.
pub(super) fn escape(text: &Text) -> Option<Text> {
    memchr(b'\\', text.bytes())?;
    let mut out = Text::with_capacity(text.len());
    let mut changed = false;
    let mut at = 0;
    while at < text.len() {
        if text.at(at) == Some(b'\\')
            && let Some((code, len, is_byte)) = escape_at(text, at)
        {
            if is_byte {
                out.push_from(low_byte(code), text, at, at + len);
            } else {
                out.push_char_from(code, text, at, at + len);
            }
            changed = true;
            at += len;
        } else {
            out.copy(text, at);
            at += 1;
        }
    }
    changed.then_some(out)
}

fn escape_at(text: &Text, at: usize) -> Option<(u32, usize, bool)> {
    match text.at(at + 1)? {
        b'x' | b'X' => {
            let (code, len) = hex_run(text, at + 2, 2);
            (len == 2).then_some((code, 4, true))
        }
        b'u' | b'U' if text.at(at + 2) == Some(b'{') => {
            let (code, len) = hex_run(text, at + 3, 6);
            let closed = text.at(at + 3 + len) == Some(b'}');
            (len > 0 && closed && char::from_u32(code).is_some()).then_some((code, len + 4, false))
        }
        b'u' | b'U' => {
            let (code, len) = hex_run(text, at + 2, 4);
            (len == 4).then_some((code, 6, false))
        }
        b'0'..=b'1' => {
            let digits: Option<Vec<u32>> = (1..4)
                .map(|offset| text.at(at + offset).and_then(|byte| char::from(byte).to_digit(8)))
                .collect();
            let code = digits?.into_iter().fold(0, |code, digit| code * 8 + digit);
            Some((code, 4, true))
        }
        _ => None,
    }
}

/// The escapes of a JSON string, taken off once before anything else.
pub(super) fn json_string(text: &Text) -> Option<Text> {
    memchr(b'\\', text.bytes())?;
    let mut out = Text::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let escaped = if text.at(at) == Some(b'\\') { text.at(at + 1) } else { None };
        let plain = match escaped {
            Some(b'n') => Some(b'\n'),
            Some(b'r') => Some(b'\r'),
            Some(b't') => Some(b'\t'),
            Some(b'b' | b'f') => Some(b' '),
            Some(byte @ (b'"' | b'\\' | b'/')) => Some(byte),
            _ => None,
        };
        if let Some(byte) = plain {
            out.push_from(byte, text, at, at + 2);
            at += 2;
        } else if escaped == Some(b'u')
            && let Some((code, len, _)) = escape_at(text, at)
        {
            out.push_char_from(code, text, at, at + len);
            at += len;
        } else {
            out.copy(text, at);
            at += 1;
        }
    }
    Some(out)
}

/// `+` as the blank of forms and queries, taken off once before anything else.
pub(super) fn plus(text: &Text) -> Option<Text> {
    memchr(b'+', text.bytes())?;
    let mut out = text.clone();
    out.map_bytes(|byte| if byte == b'+' { b' ' } else { byte });
    Some(out)
}

/// Overlong UTF-8 and full-width forms to ASCII; invisible characters away; other blanks to a blank.
pub(super) fn utf8(text: &Text, flags: &mut Flags) -> Option<Text> {
    if text.bytes().is_ascii() {
        return None;
    }
    let mut out = Text::with_capacity(text.len());
    let mut changed = false;
    let mut at = 0;
    while at < text.len() {
        match form_at(text, at) {
            Form::Plain => {
                out.copy(text, at);
                at += 1;
            }
            Form::Ascii(byte, len, flag) => {
                flags.set(flag);
                out.push_from(byte, text, at, at + len);
                changed = true;
                at += len;
            }
            Form::Nothing(len) => {
                flags.set(Flags::INVISIBLE);
                changed = true;
                at += len;
            }
        }
    }
    changed.then_some(out)
}

enum Form {
    Plain,
    Ascii(u8, usize, Flags),
    Nothing(usize),
}

fn form_at(text: &Text, at: usize) -> Form {
    let byte = |offset: usize| u32::from(text.at(at + offset).unwrap_or(0));
    let tail = |offset: usize| byte(offset) & 0x3f;
    let follows = |count: usize| (1..=count).all(|offset| byte(offset) & 0xc0 == 0x80);
    match byte(0) {
        0xc0 | 0xc1 if follows(1) => Form::Ascii(low_byte((byte(0) & 1) << 6 | tail(1)), 2, Flags::OVERLONG),
        0xc2 if byte(1) == 0xa0 => Form::Ascii(b' ', 2, Flags::default()),
        0xc2 if byte(1) == 0xad => Form::Nothing(2),
        0xe0 if follows(2) && byte(1) < 0xa0 => {
            let code = tail(1) << 6 | tail(2);
            if code < 0x80 { Form::Ascii(low_byte(code), 3, Flags::OVERLONG) } else { Form::Plain }
        }
        0xf0 if follows(3) && byte(1) < 0x90 => {
            let code = tail(1) << 12 | tail(2) << 6 | tail(3);
            if code < 0x80 { Form::Ascii(low_byte(code), 4, Flags::OVERLONG) } else { Form::Plain }
        }
        0xe2 if byte(1) == 0x80 && (0x8b..=0x8f).contains(&byte(2)) => Form::Nothing(3),
        0xe2 if byte(1) == 0x80 && (0x80..=0x8a).contains(&byte(2)) => Form::Ascii(b' ', 3, Flags::default()),
        0xe2 if byte(1) == 0x81 && byte(2) == 0xa0 => Form::Nothing(3),
        0xe3 if byte(1) == 0x80 && byte(2) == 0x80 => Form::Ascii(b' ', 3, Flags::default()),
        0xef if byte(1) == 0xbb && byte(2) == 0xbf => Form::Nothing(3),
        0xef if follows(2) && (0xbc..=0xbd).contains(&byte(1)) => {
            let code = 0xf000 | tail(1) << 6 | tail(2);
            if (0xff01..=0xff5e).contains(&code) {
                Form::Ascii(low_byte(code - 0xfee0), 3, Flags::FULL_WIDTH)
            } else {
                Form::Plain
            }
        }
        _ => Form::Plain,
    }
}

/// `$IFS` and `${IFS}`, the blank of shells that may not see one.
pub(super) fn shell_blank(text: &Text) -> Option<Text> {
    memmem::find(text.bytes(), b"ifs").or_else(|| memmem::find(text.bytes(), b"IFS"))?;
    let mut out = Text::with_capacity(text.len());
    let mut changed = false;
    let mut at = 0;
    while at < text.len() {
        let rest = text.bytes().get(at..).unwrap_or_default();
        let len = [b"${ifs}".as_slice(), b"$ifs$9", b"$ifs"].into_iter().find_map(|form| {
            rest.get(..form.len()).filter(|found| found.eq_ignore_ascii_case(form)).map(<[u8]>::len)
        });
        if let Some(len) = len {
            out.push_from(b' ', text, at, at + len);
            changed = true;
            at += len;
        } else {
            out.copy(text, at);
            at += 1;
        }
    }
    changed.then_some(out)
}
