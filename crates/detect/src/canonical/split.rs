//! Values built of values: JSON in a parameter, a query in a URL, a list of pairs in a pair.

use super::bytes::Kinds;
use super::{Text, decode};
use crate::structure::{json, pairs, url};

/// Longest text that is looked at for pairs and URLs, in bytes: parameters are no longer.
const MAX_LIST: usize = 16 * 1024;

/// The parts of a decoded text that is plainly built of parts; `None` when it is to be judged as it stands. Parts
/// that are names, numbers or literals are left out: they say nothing.
pub(super) fn parts(text: &Text, kinds: Kinds, max: usize) -> Option<Vec<Text>> {
    let bytes = text.bytes();
    if kinds.all(Kinds::OPEN.with(Kinds::QUOTE)) && is_json(bytes) {
        return json_parts(text, max);
    }
    if !kinds.any(Kinds::EQUALS) || bytes.len() > MAX_LIST {
        return None;
    }
    if kinds.any(Kinds::AMPERSAND) && pairs::is_list(bytes, b'&') {
        return Some(pair_parts(text, 0, b'&', max));
    }
    if kinds.any(Kinds::QUESTION) {
        return url_parts(text, max);
    }
    None
}

/// Begins and ends as JSON does, with a string or a container inside.
fn is_json(bytes: &[u8]) -> bool {
    let bytes = bytes.trim_ascii();
    let inside = |at: usize| bytes.iter().skip(at).find(|byte| !byte.is_ascii_whitespace());
    match (bytes.first(), bytes.last()) {
        (Some(b'{'), Some(b'}')) => matches!(inside(1), Some(b'"')),
        (Some(b'['), Some(b']')) => {
            matches!(inside(1), Some(b'{' | b'[' | b'"' | b'0'..=b'9' | b'-' | b'n' | b't' | b'f'))
        }
        _ => false,
    }
}

fn json_parts(text: &Text, max: usize) -> Option<Vec<Text>> {
    let bytes = text.bytes();
    let mut found = Vec::new();
    let mut owner = None;
    for token in json::tokens(bytes) {
        let range = match token {
            json::Token::Key(range) => {
                let before = owner.replace(range.clone());
                let Some(range) = json::judged(bytes, range, before) else { continue };
                range
            }
            json::Token::Bare(range) if json::is_scalar(bytes.get(range.clone())?) => continue,
            json::Token::String(range) | json::Token::Bare(range) => range,
            _ => continue,
        };
        if range.is_empty() {
            continue;
        }
        if found.len() + 1 >= max {
            // What is too much to be taken apart is judged in one piece.
            found.push(text.part(range.start..bytes.len()));
            break;
        }
        let part = text.part(range);
        found.push(decode::json_string(&part).unwrap_or(part));
    }
    Some(found)
}

fn pair_parts(text: &Text, from: usize, separator: u8, max: usize) -> Vec<Text> {
    let bytes = text.bytes().get(from..).unwrap_or_default();
    let mut found = Vec::new();
    for pair in pairs::pairs(bytes, separator) {
        let range = from + pair.value.start..from + pair.value.end;
        if range.is_empty() {
            continue;
        }
        if found.len() + 1 >= max {
            found.push(text.part(range.start..text.len()));
            break;
        }
        found.push(text.part(range));
    }
    found
}

/// A URL whose query is a list falls apart into what stands before the query and the values of the query.
fn url_parts(text: &Text, max: usize) -> Option<Vec<Text>> {
    let bytes = text.bytes();
    let url = url::parse(bytes)?;
    let query = bytes.get(url.query.clone())?;
    let single = || {
        let mut list = pairs::pairs(query, b'&');
        let only = list.next()?;
        let name = query.get(only.name?)?;
        (list.next().is_none() && !name.is_empty() && pairs::is_name(name)).then_some(())
    };
    if !pairs::is_list(query, b'&') && single().is_none() {
        return None;
    }
    let mut found = vec![text.part(0..url.path.end)];
    if !url.fragment.is_empty() {
        found.push(text.part(url.fragment));
    }
    let query = text.part(url.query);
    found.extend(pair_parts(&query, 0, b'&', max.saturating_sub(found.len()).max(1)));
    Some(found)
}
