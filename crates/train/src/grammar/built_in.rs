//! Rules that are functions: numbers, tokens, blanks.

use std::fmt::Write as _;

use crate::rng::Rng;

const NAMES: [&str; 23] = [
    "d",
    "dd",
    "int",
    "float",
    "hex4",
    "hex8",
    "hex32",
    "hex64",
    "HEX4",
    "b64",
    "b64long",
    "alnum",
    "ALNUM",
    "symbols",
    "nl",
    "crlf",
    "sp",
    "tab",
    "nothing",
    "letters",
    "noise",
    "bytes",
    "printable",
];

/// Whether a name is built in.
#[cfg(test)]
pub(super) fn is_known(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Appends one value of a built-in rule.
pub(super) fn write(name: &str, rng: &mut Rng, out: &mut String) {
    match name {
        "d" => digits(1, rng, out),
        "dd" => digits(2, rng, out),
        "int" => {
            let len = rng.between(1, 7);
            digits(len, rng, out);
        }
        "float" => {
            let (whole, part) = (rng.below(200), rng.below(100_000));
            let _ = write!(out, "{whole}.{part}");
        }
        "hex4" => from(b"0123456789abcdef", 4, rng, out),
        "hex8" => from(b"0123456789abcdef", 8, rng, out),
        "hex32" => from(b"0123456789abcdef", 32, rng, out),
        "hex64" => from(b"0123456789abcdef", 64, rng, out),
        "HEX4" => from(b"0123456789ABCDEF", 4, rng, out),
        "b64" => {
            let len = rng.between(10, 30);
            from(BASE64, len, rng, out);
        }
        "b64long" => {
            let len = rng.between(60, 300);
            from(BASE64, len, rng, out);
        }
        "alnum" => {
            let len = rng.between(4, 14);
            from(b"abcdefghijklmnopqrstuvwxyz0123456789", len, rng, out);
        }
        "ALNUM" => {
            let len = rng.between(4, 14);
            from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", len, rng, out);
        }
        "letters" => {
            let len = rng.between(2, 10);
            from(b"abcdefghijklmnopqrstuvwxyz", len, rng, out);
        }
        "noise" => {
            let len = rng.between(12, 90);
            from(PRINTABLE, len, rng, out);
        }
        "printable" => {
            for _ in 0..rng.between(12, 120) {
                out.push(char::from(u8::try_from(rng.between(33, 126)).unwrap_or(b'-')));
            }
        }
        "bytes" => {
            for _ in 0..rng.between(8, 60) {
                // Half of them control characters or beyond ASCII, as in what is compressed.
                out.push(char::from(u8::try_from(rng.below(256)).unwrap_or_default()));
            }
        }
        "symbols" => {
            let len = rng.between(1, 3);
            from(b"!@#$%^&*?+-=_.,:~", len, rng, out);
        }
        "nl" => out.push('\n'),
        "crlf" => out.push_str("\r\n"),
        "sp" => out.push(' '),
        "tab" => out.push('\t'),
        _ => {}
    }
    debug_assert!(NAMES.contains(&name), "no rule {name}");
}

/// Everything printable but quotes, backslash and the beginning of markup.
const PRINTABLE: &[u8] =
    b" !#$%&()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~";

const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn digits(len: usize, rng: &mut Rng, out: &mut String) {
    from(b"0123456789", len, rng, out);
}

fn from(alphabet: &[u8], len: usize, rng: &mut Rng, out: &mut String) {
    for _ in 0..len {
        if let Some(byte) = alphabet.get(rng.below(alphabet.len())) {
            out.push(char::from(*byte));
        }
    }
}
