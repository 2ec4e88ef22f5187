//! Secrets in JSON bodies, at any depth, in broken texts too.

use std::ops::Range;

use super::authorization_code;
use super::mark::{Hiding, is_mark};
use super::names::Names;
use super::ranges::Found;
use super::text::is_secret;

/// Levels that are told apart; what lies deeper is taken to be as secret as its parent.
const MAX_DEPTH: usize = 512;

/// An object or array that is open.
#[derive(Default)]
struct Level {
    /// How all that stands inside is hidden.
    hiding: Option<Hiding>,
    /// Values of the name `code`.
    codes: Vec<Range<usize>>,
    /// Whether a name beside them tells that they are authorization codes.
    has_company: bool,
}

impl Level {
    fn close(self, found: &mut Vec<Found>) {
        if self.has_company {
            found.extend(self.codes.into_iter().map(|code| Found::new(code, Hiding::Mask)));
        }
    }
}

/// Adds the values under secret names: strings without their quotes, numbers as they stand, and all that stands inside
/// an object or array of that name; and authorization codes, which are told by the names beside them.
pub(super) fn find(text: &[u8], names: &Names, found: &mut Vec<Found>) {
    let mut levels: Vec<Level> = Vec::new();
    let mut too_deep = 0_usize;
    // How the value that comes next is hidden, and whether its name is `code`.
    let mut next: Option<Hiding> = None;
    let mut is_code = false;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let here = levels.last().and_then(|level| level.hiding);
        match byte {
            b'{' | b'[' => {
                if levels.len() < MAX_DEPTH {
                    levels.push(Level { hiding: next.take().or(here), ..Level::default() });
                } else {
                    too_deep += 1;
                }
                is_code = false;
                at += 1;
            }
            b'}' | b']' => {
                if too_deep > 0 {
                    too_deep -= 1;
                } else if let Some(level) = levels.pop() {
                    level.close(found);
                }
                (next, is_code) = (None, false);
                at += 1;
            }
            b',' => {
                (next, is_code) = (None, false);
                at += 1;
            }
            b'"' => {
                let inside = string(text, at + 1);
                at = inside.end + 1;
                let value = text.get(inside.clone()).unwrap_or_default();
                if is_key(text, at) {
                    next = names.find(value).or(here);
                    is_code = next.is_none() && value == authorization_code::NAME;
                    if let Some(level) = levels.last_mut() {
                        level.has_company |= authorization_code::is_company(value);
                    }
                } else if !is_secret(value) {
                    next = None;
                } else if let Some(hiding) = next.take().or(here) {
                    found.push(Found::new(inside, hiding));
                } else if std::mem::take(&mut is_code)
                    && let Some(level) = levels.last_mut()
                {
                    level.codes.push(inside);
                }
            }
            b':' | b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            _ => {
                let scalar = bare(text, at);
                at = scalar.end.max(at + 1);
                let value = text.get(scalar.clone()).unwrap_or_default();
                if let Some(hiding) = next.or(here)
                    && is_secret(value)
                {
                    found.push(Found::new(scalar, hiding));
                }
            }
        }
    }
    // What a text that was cut off left open.
    for level in levels {
        level.close(found);
    }
}

/// Whether a secret found in JSON stands outside of strings, so that its mark needs quotes.
pub(super) fn is_bare(text: &[u8], range: &Range<usize>) -> bool {
    let before = text.get(..range.start).unwrap_or_default().trim_ascii_end();
    let value = text.get(range.clone()).unwrap_or_default();
    matches!(before.last(), Some(b':' | b',' | b'['))
        && value.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        && !is_mark(value)
}

fn string(text: &[u8], start: usize) -> Range<usize> {
    let mut end = start;
    while let Some(offset) = memchr::memchr2(b'"', b'\\', text.get(end..).unwrap_or_default()) {
        end += offset;
        if text.get(end) == Some(&b'"') {
            return start..end;
        }
        end += 2;
    }
    start..text.len().max(start)
}

fn is_key(text: &[u8], after: usize) -> bool {
    let rest = text.get(after..).unwrap_or_default();
    rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
}

fn bare(text: &[u8], start: usize) -> Range<usize> {
    let rest = text.get(start..).unwrap_or_default();
    let len = rest.iter().position(|byte| b",}]\"\n".contains(byte)).unwrap_or(rest.len());
    start..start + rest.get(..len).unwrap_or_default().trim_ascii_end().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Vec<&str> {
        let mut names = Names::default();
        names.add("password", Hiding::Mask);
        names.add("pin", Hiding::Mask);
        let mut found = Vec::new();
        find(text.as_bytes(), &names, &mut found);
        found.into_iter().map(|one| &text[one.range]).collect()
    }

    #[test]
    fn values_are_found_at_any_depth() {
        for (text, expected) in [
            (r#"{"password":"a\"b","x":"y"}"#, vec![r#"a\"b"#]),
            (r#"{"a":{"b":[{"PassWord" : "s"}]}}"#, vec!["s"]),
            (r#"{"pin":1234,"n":5,"password":null}"#, vec!["1234"]),
            (r#"{"password":{"old":"a","new":["b",7]},"x":"y"}"#, vec!["a", "b", "7"]),
            (r#"{"p\u0061ssword":"a"}"#, vec!["a"]),
            (r#"[{"user":"password"},"x"]"#, vec![]),
            (r#"{"password":"open"#, vec!["open"]),
            (r#"{"password":"[masked]"}"#, vec![]),
            (r#"{"password": ' or 1=1, "b":2}"#, vec!["' or 1=1"]),
        ] {
            assert_eq!(secrets(text), expected, "{text}");
        }
        for (text, expected) in [
            (r#"{"grant_type":"authorization_code","code":"SplxlOBe","client_id":"a"}"#, vec!["SplxlOBe"]),
            (r#"{"code":"a\"b","state":"xyz"}"#, vec![r#"a\"b"#]),
            (r#"[{"oauth":{"code":"SplxlOBe","redirect_uri":"https://h/cb"#, vec!["SplxlOBe"]),
            (r#"{"code":"PROMO","basket":{"state":"CA"}}"#, vec![]),
            (r#"{"code":"","state":"CA"}"#, vec![]),
            (r#"{"code":{"lang":"de"},"state":"CA"}"#, vec![]),
            (r#"{"error":"state","code":"E12"}"#, vec![]),
        ] {
            assert_eq!(secrets(text), expected, "{text}");
        }
        let deep = format!("{}\"password\":\"s\"", "{\"a\":[".repeat(2_000));
        assert_eq!(secrets(&deep), ["s"]);
    }
}
