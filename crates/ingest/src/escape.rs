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

/// The byte meant by what follows a backslash, and what follows that.
fn escape(after: &[u8]) -> (u8, &[u8]) {
    match after {
        [b'x' | b'X', high, low, rest @ ..] => match (hex(*high), hex(*low)) {
            (Some(high), Some(low)) => (high << 4 | low, rest),
            _ => (b'\\', after),
        },
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
        let cases: [(&[u8], &[u8]); 9] = [
            (b"plain", b"plain"),
            (br"\x22\x5C\xFF", b"\x22\\\xff"),
            (br#"a\"b\\c"#, br#"a"b\c"#),
            (br"\t\n\r\b\v", b"\t\n\r\x08\x0b"),
            (br"\x16\x03\x01", b"\x16\x03\x01"),
            (br"\xZZ", br"\xZZ"),
            (br"\x2", br"\x2"),
            (br"C:\dir", br"C:\dir"),
            (br"end\", br"end\"),
        ];
        for (field, want) in cases {
            assert_eq!(unescaped(field).as_ref(), want, "{}", String::from_utf8_lossy(field));
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
        }
    }
}
