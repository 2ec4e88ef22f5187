//! The strings of a JSON text, found without building it.

use std::ops::Range;

/// Levels whose names appear in pointers; deeper ones are read as if they were at this depth.
const MAX_DEPTH: usize = 64;
/// Levels that a pointer shows.
const MAX_SHOWN_DEPTH: usize = 16;
/// Longest key that a pointer shows, in bytes.
const MAX_KEY: usize = 64;
/// Longest key that can be a name, in bytes.
const MAX_NAME: usize = 128;
/// Longest number or literal, in bytes.
const MAX_SCALAR: usize = 64;

/// A piece of JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// `{`.
    Object,
    /// `[`.
    Array,
    /// `}` or `]`.
    Close,
    /// `,`.
    Comma,
    /// The inside of a string that a colon follows.
    Key(Range<usize>),
    /// The inside of any other string.
    String(Range<usize>),
    /// What stands outside strings: numbers and literals, or no JSON at all.
    Bare(Range<usize>),
}

/// The tokens of a text. An open string ends where the text does.
pub(crate) struct Tokens<'a> {
    text: &'a [u8],
    at: usize,
}

pub(crate) fn tokens(text: &[u8]) -> Tokens<'_> {
    Tokens { text, at: 0 }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            let start = self.at;
            let byte = self.text.get(start)?;
            self.at += 1;
            return Some(match byte {
                b'{' => Token::Object,
                b'[' => Token::Array,
                b'}' | b']' => Token::Close,
                b',' => Token::Comma,
                b'"' => {
                    let end = string_end(self.text, self.at);
                    let inside = self.at..end;
                    self.at = end + 1;
                    let rest = self.text.get(self.at..).unwrap_or_default();
                    let next = rest.iter().find(|byte| !byte.is_ascii_whitespace());
                    if next == Some(&b':') { Token::Key(inside) } else { Token::String(inside) }
                }
                b' ' | b'\t' | b'\r' | b'\n' | b':' => continue,
                _ => {
                    let rest = self.text.get(start..).unwrap_or_default();
                    let len = rest.iter().take_while(|byte| !b",}]\"\n".contains(byte)).count().max(1);
                    self.at = start + len;
                    let end = start + rest.get(..len).unwrap_or_default().trim_ascii_end().len();
                    Token::Bare(start..end)
                }
            });
        }
    }
}

fn string_end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(offset) = memchr::memchr2(b'"', b'\\', text.get(at..).unwrap_or_default()) {
        if text.get(at + offset) == Some(&b'"') {
            return at + offset;
        }
        at += offset + 2;
    }
    text.len()
}

/// Whether a key is a name and nothing more: what holds more is judged like a value.
fn is_name(key: &[u8]) -> bool {
    key.len() <= MAX_NAME
        && key.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:@/ ".contains(byte))
        && !key.windows(2).any(|pair| pair == b"..")
        // Keys that reach into what every object inherits are an attack by themselves.
        && !(key.starts_with(b"__") && key.ends_with(b"__")) && key != b"constructor"
        && !leads_to_prototype(key)
}

/// `a.__proto__.b`, `constructor.prototype.b`: for libraries that read a key with dots as a path.
fn leads_to_prototype(key: &[u8]) -> bool {
    let holds = |word: &[u8]| memchr::memmem::find(key, word).is_some();
    key.len() > b"__proto__".len() && holds(b"proto") && (holds(b"__proto__") || holds(b"constructor"))
}

/// Longest stretch around a key that is judged with it, in bytes.
const MAX_AROUND: usize = 64;

/// Whether a key works on what it stands in: an operator of a document database, or a way into what every object
/// inherits. By itself it says little (`$type` and `constructor` are ordinary words); with what stands around it, much.
fn is_operator(key: &[u8]) -> bool {
    (key.len() > 1 && key.starts_with(b"$"))
        || key == b"constructor"
        || memchr::memmem::find(key, b"proto").is_some()
}

/// What is judged of a key that is more than a name: the key, or for an operator the stretch from the key it belongs
/// to (`before`, when nothing but `":{"` lies between) to the end of its first value, or the key of a token without a
/// signature and its value. `None` of a mere name.
pub(crate) fn judged(text: &[u8], key: Range<usize>, before: Option<Range<usize>>) -> Option<Range<usize>> {
    let name = text.get(key.clone())?;
    if let Some(end) = unsigned(text, &key) {
        return Some(key.start..end);
    }
    if is_name(name) {
        return None;
    }
    if !is_operator(name) {
        return Some(key);
    }
    let owner = before.filter(|before| {
        key.end - before.start <= MAX_AROUND
            && text
                .get(before.end..key.start)
                .is_some_and(|between| between.iter().all(|byte| b"\": {\t\r\n".contains(byte)))
    });
    let start = owner.map_or(key.start, |owner| owner.start);
    let after = text.get(key.end..text.len().min(key.end + MAX_AROUND)).unwrap_or_default();
    let len = after.iter().position(|byte| matches!(byte, b'}' | b']')).unwrap_or(after.len());
    Some(start..key.end + len)
}

/// The end of `alg":"none`, in any case of its letters: what begins so is a token that nobody signed (CVE-2015-9235).
fn unsigned(text: &[u8], key: &Range<usize>) -> Option<usize> {
    const NONE: &[u8] = b"none";
    if !text.get(key.clone())?.eq_ignore_ascii_case(b"alg") {
        return None;
    }
    let after = text.get(key.end..text.len().min(key.end + MAX_AROUND))?;
    let value = key.end + after.iter().position(|byte| !b"\": \t\r\n".contains(byte))?;
    let end = value + NONE.len();
    text.get(value..end)?.eq_ignore_ascii_case(NONE).then_some(end)
}

/// Whether what stands outside strings is a number or a literal.
pub(crate) fn is_scalar(bare: &[u8]) -> bool {
    bare.len() <= MAX_SCALAR
        && bare.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

enum Level<'a> {
    Object(&'a [u8]),
    Array(usize),
}

/// The JSON Pointers (RFC 6901) of the tokens that begin at these places, cut to what people can read. Walks the text
/// from its start, once for all: asked only for what is shown.
pub(crate) fn pointers(text: &[u8], places: &[usize]) -> Vec<Vec<u8>> {
    let mut wanted: Vec<(usize, usize)> = places.iter().copied().zip(0..).collect();
    wanted.sort_unstable_by(|left, right| right.cmp(left));
    let mut found = vec![Vec::new(); places.len()];
    let mut levels: Vec<Level<'_>> = Vec::new();
    for token in tokens(text) {
        let start = match token {
            Token::Object if levels.len() < MAX_DEPTH => {
                levels.push(Level::Object(b""));
                continue;
            }
            Token::Array if levels.len() < MAX_DEPTH => {
                levels.push(Level::Array(0));
                continue;
            }
            Token::Object | Token::Array => continue,
            Token::Close => {
                levels.pop();
                continue;
            }
            Token::Comma => {
                if let Some(Level::Array(index)) = levels.last_mut() {
                    *index += 1;
                }
                continue;
            }
            Token::Key(range) => {
                let start = range.start;
                if let Some(Level::Object(key)) = levels.last_mut() {
                    *key = text.get(range).unwrap_or_default();
                }
                start
            }
            Token::String(range) | Token::Bare(range) => range.start,
        };
        while let Some((_, index)) = wanted.pop_if(|(place, _)| *place <= start) {
            if let Some(pointer) = found.get_mut(index) {
                *pointer = written(&levels);
            }
        }
        if wanted.is_empty() {
            break;
        }
    }
    found
}

fn written(levels: &[Level<'_>]) -> Vec<u8> {
    let mut pointer = Vec::new();
    for level in levels.iter().take(MAX_SHOWN_DEPTH) {
        pointer.push(b'/');
        match level {
            Level::Object(key) => {
                for byte in key.iter().take(MAX_KEY) {
                    match byte {
                        b'~' => pointer.extend_from_slice(b"~0"),
                        b'/' => pointer.extend_from_slice(b"~1"),
                        _ => pointer.push(*byte),
                    }
                }
            }
            Level::Array(index) => pointer.extend_from_slice(index.to_string().as_bytes()),
        }
    }
    pointer
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_pointer_leads_to_where_a_string_stands() {
        let text = br#"{"a":{"b/c":[1,"x",{"d":"y"}]},"e":"z"}"#;
        let place = |value: &str| {
            let quoted = format!("\"{value}\"");
            memchr::memmem::find(text, quoted.as_bytes()).expect("it is there") + 1
        };
        let found = pointers(text, &["z", "x", "y", "x"].map(place));
        let found: Vec<_> = found.iter().map(|pointer| String::from_utf8_lossy(pointer)).collect();
        assert_eq!(found, ["/e", "/a/b~1c/1", "/a/b~1c/2/d", "/a/b~1c/1"]);
    }

    #[test]
    fn an_open_string_and_junk_are_tokens_too() {
        let kinds: Vec<Token> = tokens(br#"{"a": x' or 1=1, "b": "c"#).collect();
        assert_eq!(
            kinds,
            [
                Token::Object,
                Token::Key(2..3),
                Token::Bare(6..15),
                Token::Comma,
                Token::Key(18..19),
                Token::String(23..24)
            ]
        );
    }

    #[test]
    fn an_operator_is_judged_with_what_it_belongs_to() {
        let seen = |text: &str| {
            let mut owner = None;
            let mut found = Vec::new();
            for token in tokens(text.as_bytes()) {
                let Token::Key(range) = token else { continue };
                let before = owner.replace(range.clone());
                found.extend(judged(text.as_bytes(), range, before).map(|range| text[range].to_owned()));
            }
            found
        };
        assert_eq!(seen(r#"{"password":{"$size":0},"a":1}"#), [r#"password":{"$size":0"#]);
        assert_eq!(seen(r#"{"a":1,"$size":0}"#), [r#"$size":0"#]);
        assert_eq!(
            seen(r#"{"constructor":{"prototype":{"admin":1}}}"#),
            [r#"constructor":{"prototype":{"admin":1"#]
        );
        assert_eq!(seen(r#"{"a<b":{"c":1}}"#), ["a<b"]);
        assert_eq!(seen(r#"{"typ":"JWT","alg": "nOnE"}"#), [r#"alg": "nOnE"#]);
        assert!(seen(r#"{"name":"none","alg":"HS256","protocol":"x"}"#).is_empty());
        let long = format!(r#"{{"{}":{{"$ne":"{}"}}}}"#, "k".repeat(60), "v".repeat(200));
        assert_eq!(seen(&long)[0].len(), "$ne".len() + MAX_AROUND);
    }

    proptest! {
        #[test]
        fn tokens_of_any_bytes_lie_in_order_inside_the_text(text in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut last = 0;
            for token in tokens(&text) {
                if let Token::Key(range) | Token::String(range) | Token::Bare(range) = token {
                    prop_assert!(range.start <= range.end && range.start >= last && range.end <= text.len());
                    last = range.end;
                    let _ = pointers(&text, &[range.end, range.start]);
                }
            }
        }
    }
}
