//! The escapes that servers put into quoted log fields, undone.

use std::borrow::Cow;

/// The bytes behind the escapes of nginx (`\xNN`) and Apache (`\"`, `\\`, `\t`, `\n`, `\r`, `\b`, `\v`, `\xhh`).
///
/// A backslash before anything else stands for itself: other servers do not escape at all.
pub(crate) fn unescaped(field: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr::memchr(b'\\', field) else {
        return Cow::Borrowed(field);
    };
    let (plain, mut rest) = field.split_at(first);
    let mut bytes = Vec::with_capacity(field.len());
    bytes.extend_from_slice(plain);
    while let Some((&byte, after)) = rest.split_first() {
        let (value, remaining) = if byte == b'\\' { escape(after) } else { (byte, after) };
        bytes.push(value);
        rest = remaining;
    }
    Cow::Owned(bytes)
}

/// The bytes behind the escapes of a JSON string (RFC 8259, section 7); what is no escape stands for itself.
pub(crate) fn json_unescaped(field: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr::memchr(b'\\', field) else {
        return Cow::Borrowed(field);
    };
    let (plain, mut rest) = field.split_at(first);
    let mut bytes = Vec::with_capacity(field.len());
    bytes.extend_from_slice(plain);
    while let Some((&byte, after)) = rest.split_first() {
        rest = match after {
            [b'/', after @ ..] if byte == b'\\' => {
                bytes.push(b'/');
                after
            }
            [b'f', after @ ..] if byte == b'\\' => {
                bytes.push(0x0C);
                after
            }
            [b'u', ..] if byte == b'\\' => {
                if let Some((character, after)) = unicode_escape(after) {
                    bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                    after
                } else {
                    bytes.push(b'\\');
                    after
                }
            }
            _ if byte == b'\\' => {
                let (value, after) = escape(after);
                bytes.push(value);
                after
            }
            after => {
                bytes.push(byte);
                after
            }
        };
    }
    Cow::Owned(bytes)
}

/// The character of `u` and four hexadecimal digits, or of two such that are a surrogate pair.
fn unicode_escape(text: &[u8]) -> Option<(char, &[u8])> {
    let (unit, rest) = code_unit(text)?;
    if let Some(character) = char::from_u32(unit) {
        return Some((character, rest));
    }
    let pair = rest.strip_prefix(b"\\").and_then(code_unit).filter(|(low, _)| (0xDC00..0xE000).contains(low));
    match pair {
        Some((low, rest)) if unit < 0xDC00 => {
            let code = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            Some((char::from_u32(code)?, rest))
        }
        _ => Some((char::REPLACEMENT_CHARACTER, rest)),
    }
}

fn code_unit(text: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, rest) = text.strip_prefix(b"u")?.split_at_checked(4)?;
    let unit =
        digits.iter().try_fold(0, |sum, digit| hex(*digit).map(|value| sum * 16 + u32::from(value)))?;
    Some((unit, rest))
}

/// The byte meant by what follows a backslash, and what follows that.
fn escape(after: &[u8]) -> (u8, &[u8]) {
    match after {
        // The latter as written where an access log in JSON was turned into text; beyond ASCII it would be no single
        // byte.
        [b'x' | b'X', high, low, rest @ ..] | [b'u', b'0', b'0', high @ b'0'..=b'7', low, rest @ ..] => {
            match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, rest),
                _ => (b'\\', after),
            }
        }
        [b'"', rest @ ..] => (b'"', rest),
        [b'\\', rest @ ..] => (b'\\', rest),
        [b't', rest @ ..] => (b'\t', rest),
        [b'n', rest @ ..] => (b'\n', rest),
        [b'r', rest @ ..] => (b'\r', rest),
        [b'b', rest @ ..] => (0x08, rest),
        [b'v', rest @ ..] => (0x0B, rest),
        _ => (b'\\', after),
    }
}

/// The bytes behind a mark and two hexadecimal digits; what is no such escape stands for itself.
pub(crate) fn hex_unescaped(field: &[u8], mark: u8) -> Cow<'_, [u8]> {
    let Some(first) = memchr::memchr(mark, field) else {
        return Cow::Borrowed(field);
    };
    let (plain, mut rest) = field.split_at(first);
    let mut bytes = Vec::with_capacity(field.len());
    bytes.extend_from_slice(plain);
    while let Some((&byte, after)) = rest.split_first() {
        let escape = match after {
            [high, low, rest @ ..] if byte == mark => hex(*high).zip(hex(*low)).map(|pair| (pair, rest)),
            _ => None,
        };
        let (value, remaining) = match escape {
            Some(((high, low), rest)) => (high << 4 | low, rest),
            None => (byte, after),
        };
        bytes.push(value);
        rest = remaining;
    }
    Cow::Owned(bytes)
}

/// The bytes as text, those outside UTF-8 replaced. Nearly all are text: that is asked first, since it is quicker.
pub(crate) fn lossy(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The value of a hexadecimal digit.
pub(crate) fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_escapes_of_both_servers_are_undone() {
        let cases: [(&[u8], &[u8]); 11] = [
            (b"plain", b"plain"),
            (br"\x22\x5C\xFF", b"\x22\\\xff"),
            (br#"a\"b\\c"#, br#"a"b\c"#),
            (br"\t\n\r\b\v", b"\t\n\r\x08\x0b"),
            (br"\x16\x03\x01", b"\x16\x03\x01"),
            (br"\u0022\u0016", b"\"\x16"),
            (br"\u12 C:\users", br"\u12 C:\users"),
            (br"\xZZ", br"\xZZ"),
            (br"\x2", br"\x2"),
            (br"C:\dir", br"C:\dir"),
            (br"end\", br"end\"),
        ];
        for (field, want) in cases {
            assert_eq!(unescaped(field).as_ref(), want, "{}", String::from_utf8_lossy(field));
        }
    }

    #[test]
    fn the_escapes_of_json_are_undone() {
        let cases: [(&[u8], &str); 6] = [
            (br#"a\"b\\c\/d"#, r#"a"b\c/d"#),
            (br"\u0022\u00e9\n", "\"\u{e9}\n"),
            (br"\ud83d\ude00!", "\u{1f600}!"),
            (br"\ud83d!", "\u{fffd}!"),
            (br"\u12", r"\u12"),
            (br"end\", r"end\"),
        ];
        for (field, want) in cases {
            assert_eq!(json_unescaped(field).as_ref(), want.as_bytes());
        }
    }

    proptest! {
        #[test]
        fn what_nginx_escapes_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut field = Vec::new();
            for &byte in &bytes {
                if byte.is_ascii_graphic() && byte != b'"' && byte != b'\\' || byte == b' ' {
                    field.push(byte);
                } else {
                    field.extend_from_slice(format!("\\x{byte:02X}").as_bytes());
                }
            }
            let restored = unescaped(&field);
            prop_assert_eq!(restored.as_ref(), bytes.as_slice());
        }

        #[test]
        fn any_bytes_unescape_to_no_more_than_themselves(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(unescaped(&bytes).len() <= bytes.len());
            prop_assert!(json_unescaped(&bytes).len() <= bytes.len());
        }
    }
}
