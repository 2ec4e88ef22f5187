//! Secrets in texts of any kind: `name=value`, `"name": "value"`, `<name>value</name>`, `Bearer token`,
//! `https://user:password@host`, JSON Web Tokens, codes of OAuth, card numbers; up to three levels of encoding deep.

use std::ops::Range;

use super::authorization_code;
use super::cards;
use super::decoded::{Decoded, MAX_LEVELS, Spelling, is_veiled};
use super::mark::{Hiding, is_mark};
use super::ranges::Found;
use super::segments::is_jwt;
use super::value;
use super::vocabulary::Vocabulary;
use super::xml;

/// What a text is, as far as it decides where values end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Anything.
    Free,
    /// A path, in which `;` and `/` end a value.
    Path,
}

impl Vocabulary {
    /// Whether a text can hold a secret at all. For most texts it says no, and is quick about it.
    pub(super) fn may_hold(&self, text: &[u8]) -> bool {
        self.has_all()
            || self.holds_name(text)
            || authorization_code::may_stand_in(text)
            || (memchr::memchr(b'@', text).is_some() && memchr::memmem::find(text, b"://").is_some())
            || is_veiled(text)
            || (self.cards && has_card(text))
    }

    /// Whether a word of a secret's name stands where a word of a name can stand: `cc` not in `account`.
    fn holds_name(&self, text: &[u8]) -> bool {
        let mut at = 0;
        while let Some(word) = self.next_word(text, at) {
            let is_small =
                |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_lowercase);
            let goes_on = |from: Option<usize>| is_small(from) && is_small(from.map(|from| from + 1));
            let is_inside = goes_on(word.start.checked_sub(1)) || goes_on(word.end.checked_sub(1));
            let name = identifier(text, at, word);
            let before = name.start.checked_sub(1).and_then(|at| text.get(at));
            let is_escaped = matches!(before, Some(b'%' | b'\\'));
            let sent = text.get(name.clone()).unwrap_or_default();
            if !is_inside || is_escaped || self.is_cookie_header(sent) || self.anywhere.find(sent).is_some() {
                return true;
            }
            at = name.end;
        }
        false
    }

    /// Adds the secrets of a text.
    pub(super) fn find_in_text(&self, text: &[u8], kind: Kind, found: &mut Vec<Found>) {
        let is_announced = self.scan(text, kind, found);
        if !is_announced && !is_veiled(text) {
            return;
        }
        let mut levels: Vec<Decoded> = Vec::new();
        for _ in 0..MAX_LEVELS {
            let last = levels.last().map_or(text, |level| level.bytes.as_slice());
            let Some(level) = Decoded::of(last, Spelling::All) else { return };
            let mut here = Vec::new();
            let _is_announced = self.scan(&level.bytes, kind, &mut here);
            levels.push(level);
            found.extend(here.into_iter().map(|one| {
                let sent = levels.iter().rev().fold(one.range, |range, level| level.origin(&range));
                Found::new(sent, one.hiding)
            }));
        }
    }

    /// One level; whether it holds a word of a secret's name.
    fn scan(&self, text: &[u8], kind: Kind, found: &mut Vec<Found>) -> bool {
        let mut at = 0;
        let mut is_announced = false;
        while let Some(word) = self.next_word(text, at) {
            is_announced = true;
            let from = word.start;
            let name = identifier(text, at, word);
            at = name.end;
            let sent = text.get(name.clone()).unwrap_or_default();
            if is_jwt(text.get(from..name.end).unwrap_or_default()) {
                at = push(text, Some(from..name.end), Hiding::Mask, found).unwrap_or(at);
            } else if kind == Kind::Free && is_log_tag(text, &name) {
                // It names a module, whatever its name.
            } else if Vocabulary::is_bearer(sent) {
                at = push(text, value::bearer(text, name.end), Hiding::Mask, found).unwrap_or(at);
            } else if self.is_cookie_header(sent) {
                at = push(text, value::line_after(text, name.end), Hiding::Mask, found).unwrap_or(at);
            } else if let Some(hiding) = self.anywhere.find(sent) {
                if let Some(ranges) = xml::values(text, &name) {
                    for range in ranges {
                        at = push(text, Some(range), hiding, found).unwrap_or(at).max(at);
                    }
                } else {
                    let end = push(text, value::after(text, &name, kind), hiding, found);
                    at = end.unwrap_or(at).max(at);
                }
            }
        }
        authorization_code::find(text, found);
        user_infos(text, found);
        if self.cards {
            let mut numbers = Vec::new();
            cards::find(text, &mut numbers);
            found.extend(numbers.into_iter().map(|range| Found::new(range, Hiding::Mask)));
        }
        is_announced
    }
}

/// Adds a value that is worth hiding; the end of it, hidden or not.
fn push(text: &[u8], range: Option<Range<usize>>, hiding: Hiding, found: &mut Vec<Found>) -> Option<usize> {
    let range = range?;
    let end = range.end;
    if is_secret(text.get(range.clone()).unwrap_or_default()) {
        found.push(Found::new(range, hiding));
    }
    Some(end)
}

/// Whether a value can be one: not empty, not hidden already, not one of the literals of JSON.
pub(super) fn is_secret(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    !value.is_empty() && !is_mark(value) && !matches!(value, b"null" | b"true" | b"false")
}

/// Whether a name is that of a module before the level of a message, as in Apache's error log: `[auth_basic:error]`.
fn is_log_tag(text: &[u8], name: &Range<usize>) -> bool {
    const LEVELS: [&[u8]; 16] = [
        b"emerg", b"alert", b"crit", b"error", b"warn", b"notice", b"info", b"debug", b"trace1", b"trace2",
        b"trace3", b"trace4", b"trace5", b"trace6", b"trace7", b"trace8",
    ];
    let is_open = text.get(name.clone()).is_some_and(|sent| sent.starts_with(b"[") && !sent.contains(&b']'));
    let level = text.get(name.end..).and_then(|rest| rest.strip_prefix(b":"));
    let level = level.and_then(|rest| rest.get(..rest.iter().position(|byte| *byte == b']')?));
    is_open && level.is_some_and(|level| LEVELS.contains(&level))
}

/// The whole name around a word of it.
fn identifier(text: &[u8], floor: usize, word: Range<usize>) -> Range<usize> {
    let before = text.get(floor..word.start).unwrap_or_default();
    let left = before.iter().rev().take_while(|byte| is_part(**byte)).count();
    let after = text.get(word.end..).unwrap_or_default();
    let right = after.iter().take_while(|byte| is_part(**byte)).count();
    word.start - left..word.end + right
}

/// Letters, digits and what structured names are built with.
fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'[' | b']' | b'$' | 0x80..)
}

/// Passwords in URLs (RFC 3986, section 3.2.1), and names that stand there alone, as tokens do.
fn user_infos(text: &[u8], found: &mut Vec<Found>) {
    if memchr::memchr(b'@', text).is_none() {
        return;
    }
    for at in memchr::memmem::find_iter(text, b"://") {
        let start = at + 3;
        let ends = |byte: &u8| byte.is_ascii_whitespace() || b"/?#\"'<>\\&".contains(byte);
        let rest = text.get(start..).unwrap_or_default();
        let authority = rest.get(..rest.iter().position(ends).unwrap_or(rest.len())).unwrap_or_default();
        let Some(at_sign) = memchr::memrchr(b'@', authority) else { continue };
        let user_info = authority.get(..at_sign).unwrap_or_default();
        let first = memchr::memchr(b':', user_info).map_or(0, |colon| colon + 1);
        push(text, Some(start + first..start + at_sign), Hiding::Mask, found);
    }
}

fn has_card(text: &[u8]) -> bool {
    let mut numbers = Vec::new();
    cards::find(text, &mut numbers);
    !numbers.is_empty()
}
