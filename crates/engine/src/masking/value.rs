//! Where the value behind a name begins and ends.

use std::ops::Range;

use super::mark::mark_len;
use super::text::Kind;

/// Blanks that may stand around a separator.
const MAX_BLANKS: usize = 64;

/// Authentication schemes that stand before credentials (IANA HTTP Authentication Scheme Registry, and those of
/// clouds). They are no secret.
const SCHEMES: [&[u8]; 17] = [
    b"basic",
    b"bearer",
    b"digest",
    b"negotiate",
    b"ntlm",
    b"oauth",
    b"hawk",
    b"hoba",
    b"mutual",
    b"vapid",
    b"dpop",
    b"gnap",
    b"apikey",
    b"token",
    b"aws4-hmac-sha256",
    b"scram-sha-256",
    b"sharedkey",
];

/// The value behind a name, if a separator follows it.
pub(super) fn after(text: &[u8], name: &Range<usize>, kind: Kind) -> Option<Range<usize>> {
    let mut at = name.end;
    at += quote(rest(text, at)).map_or(0, |quote| quote.len);
    // PHP's serialize(): s:8:"password";s:7:"hunter2";
    if let Some(start) = serialized(rest(text, at)) {
        return Some(quoted(text, at + start));
    }
    at += blanks(rest(text, at));
    at += match rest(text, at) {
        [b'=', b'>' | b'=' | b'~', ..] | [b':', b'=', ..] => 2,
        [b'=' | b':', ..] => 1,
        _ => return None,
    };
    if kind == Kind::Path {
        return Some(bare(text, at, kind));
    }
    at += blanks(rest(text, at));
    Some(whole(text, name, at, kind))
}

/// The value that begins there: quoted, nested or bare.
fn whole(text: &[u8], name: &Range<usize>, at: usize, kind: Kind) -> Range<usize> {
    let value = rest(text, at);
    if let Some(mark) = mark(text, at, kind) {
        return mark;
    }
    if is_authorization(text.get(name.clone()).unwrap_or_default()) {
        return credentials(text, at);
    }
    if quote(value).is_some() {
        return quoted(text, at);
    }
    match value.first() {
        Some(b'{' | b'[') => at..at + nested(value),
        _ => bare(text, at, kind),
    }
}

/// What was hidden before, if it ends where its mark does: it stays as it is.
fn mark(text: &[u8], at: usize, kind: Kind) -> Option<Range<usize>> {
    let value = rest(text, at);
    let len = mark_len(value)?;
    ends(value.get(len), kind).then_some(at..at + len)
}

/// What stands between the quotes that begin there; without the closing one it is the rest.
fn quoted(text: &[u8], at: usize) -> Range<usize> {
    let Some(open) = quote(rest(text, at)) else { return at..at };
    let start = at + open.len;
    let spelled = text.get(at..start).unwrap_or_default();
    if open.len > 1 {
        // Inside a string the closing quote is spelled as the opening one.
        let end = memchr::memmem::find(rest(text, start), spelled);
        return start..end.map_or(text.len(), |end| start + end);
    }
    let mut end = start;
    while let Some(found) = memchr::memchr2(open.byte, b'\\', rest(text, end)) {
        end += found;
        if text.get(end) == Some(&open.byte) {
            return start..end;
        }
        end += 2;
    }
    start..text.len()
}

fn bare(text: &[u8], at: usize, kind: Kind) -> Range<usize> {
    let value = rest(text, at);
    let len = value.iter().position(|byte| ends(Some(byte), kind)).unwrap_or(value.len());
    at..at + len
}

fn ends(byte: Option<&u8>, kind: Kind) -> bool {
    let Some(byte) = byte else { return true };
    byte.is_ascii_whitespace()
        || b"&\"'`<>,}".contains(byte) && kind == Kind::Free
        || b";/?&\"".contains(byte) && kind == Kind::Path
}

/// Length of an object or array, up to the bracket that closes it; without one it is the rest.
fn nested(text: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = text.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            b'"' => at = quoted(text, at).end,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// Everything up to the end of the line or of the string around it, without a scheme before it.
fn credentials(text: &[u8], at: usize) -> Range<usize> {
    let open = quote(rest(text, at));
    let line = match open {
        Some(_) => quoted(text, at),
        None => line(text, at),
    };
    let sent = text.get(line.clone()).unwrap_or_default();
    line.start + scheme(sent)..line.end
}

/// Length of an authentication scheme and the blanks behind it.
pub(super) fn scheme(value: &[u8]) -> usize {
    let word = value.iter().position(u8::is_ascii_whitespace).unwrap_or(value.len());
    let is_scheme =
        value.get(..word).is_some_and(|sent| SCHEMES.iter().any(|scheme| sent.eq_ignore_ascii_case(scheme)));
    if is_scheme && word < value.len() { word + blanks(rest(value, word)) } else { 0 }
}

/// What follows the name of a header: `: ` and the rest of the line, or a string.
pub(super) fn line_after(text: &[u8], at: usize) -> Option<Range<usize>> {
    let mut at = at + quote(rest(text, at)).map_or(0, |quote| quote.len);
    at += blanks(rest(text, at));
    at += match rest(text, at) {
        [b'=' | b':', ..] => 1,
        _ => return None,
    };
    at += blanks(rest(text, at));
    if let Some(mark) = mark(text, at, Kind::Free) {
        return Some(mark);
    }
    Some(match rest(text, at) {
        [b'[' | b'{', ..] => at..at + nested(rest(text, at)),
        value if quote(value).is_some() => quoted(text, at),
        _ => line(text, at),
    })
}

fn line(text: &[u8], at: usize) -> Range<usize> {
    let value = rest(text, at);
    let len = value.iter().position(|byte| matches!(byte, b'\r' | b'\n' | b'"')).unwrap_or(value.len());
    at..at + value.get(..len).unwrap_or_default().trim_ascii_end().len()
}

/// The token behind `Bearer ` (RFC 6750, section 2.1); short words are prose.
pub(super) fn bearer(text: &[u8], at: usize) -> Option<Range<usize>> {
    let start = at + blanks(rest(text, at));
    if start == at {
        return None;
    }
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/=%".contains(byte);
    let len = rest(text, start).iter().take_while(|byte| is_token(byte)).count();
    (len >= 8).then_some(start..start + len)
}

/// `;s:7:` up to the quote, behind a name.
fn serialized(rest: &[u8]) -> Option<usize> {
    let after = rest.strip_prefix(b";s:")?;
    let digits = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (digits > 0 && after.get(digits..)?.starts_with(b":\"")).then_some(3 + digits + 1)
}

/// A quote with the backslashes before it.
struct Quote {
    byte: u8,
    len: usize,
}

fn quote(text: &[u8]) -> Option<Quote> {
    if text.starts_with(b"&quot;") {
        return Some(Quote { byte: b'"', len: 6 });
    }
    let slashes = text.iter().take(8).take_while(|byte| **byte == b'\\').count();
    let byte = *text.get(slashes)?;
    matches!(byte, b'"' | b'\'' | b'`').then_some(Quote { byte, len: slashes + 1 })
}

fn is_authorization(name: &[u8]) -> bool {
    let suffix = name.len().checked_sub(b"authorization".len()).and_then(|at| name.get(at..));
    suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case(b"authorization"))
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take(MAX_BLANKS).take_while(|byte| byte.is_ascii_whitespace()).count()
}

fn rest(text: &[u8], at: usize) -> &[u8] {
    text.get(at..).unwrap_or_default()
}
