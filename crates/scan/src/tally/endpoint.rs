//! Which requests belong together: the path without what only names one of many things.

use bartizan_model::HttpRequest;

use crate::plain;

/// Longest name of an endpoint, in bytes; attack paths can be as long as a request line.
const MAX_ENDPOINT_BYTES: usize = 120;

/// Hexadecimal digits from which on a segment is a name of something and no word.
const MIN_HASH_DIGITS: usize = 16;

/// Writes host and path, with numbers, UUIDs and hashes as `{id}`: `/orders/4711/items` and `/orders/4712/items` are one
/// endpoint. The name is plain text.
pub(crate) fn write_endpoint(request: &HttpRequest, name: &mut String) {
    name.clear();
    if let Some(host) = &request.host {
        name.push_str(&plain::text(host));
    }
    let path = request.path();
    let path = path.get(..MAX_ENDPOINT_BYTES * 2).unwrap_or(path);
    for (number, segment) in path.split(|byte| *byte == b'/').enumerate() {
        if number > 0 {
            name.push('/');
        }
        if is_id(segment) {
            name.push_str("{id}");
        } else {
            write_segment(segment, name);
        }
        if name.len() > MAX_ENDPOINT_BYTES {
            let mut end = MAX_ENDPOINT_BYTES;
            while !name.is_char_boundary(end) {
                end -= 1;
            }
            name.truncate(end);
            name.push('…');
            return;
        }
    }
}

fn write_segment(segment: &[u8], name: &mut String) {
    match std::str::from_utf8(segment) {
        Ok(text) if segment.iter().all(u8::is_ascii_graphic) => name.push_str(text),
        _ => name.push_str(&bartizan_model::display_target(segment, MAX_ENDPOINT_BYTES)),
    }
}

/// A number, a UUID, or a hash in hexadecimal.
fn is_id(segment: &[u8]) -> bool {
    if segment.is_empty() {
        return false;
    }
    let mut hex = 0;
    let mut others = 0;
    let mut has_digit = false;
    for byte in segment {
        match byte {
            b'0'..=b'9' => has_digit = true,
            b'a'..=b'f' | b'A'..=b'F' => hex += 1,
            b'-' => others += 1,
            _ => return false,
        }
    }
    let digits = segment.len() - others;
    has_digit && ((hex == 0 && others == 0) || digits >= MIN_HASH_DIGITS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bartizan_model::{Timestamp, Via};

    #[test]
    fn what_only_names_one_of_many_things_is_left_out() {
        let cases = [
            ("/orders/4711/items?x=1", "/orders/{id}/items"),
            ("/u/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "/u/{id}"),
            ("/static/app-3f2504.js", "/static/app-3f2504.js"),
            ("/cafe/2024-03", "/cafe/2024-03"),
            ("/decade", "/decade"),
            ("/", "/"),
            ("/a b\u{1b}", "/a%20b%1B"),
        ];
        for (target, want) in cases {
            let request = HttpRequest::new(Timestamp::default(), "GET", target.as_bytes(), Via::Log);
            let mut name = String::new();
            write_endpoint(&request, &mut name);
            assert_eq!(name, want);
        }
        let mut request = HttpRequest::new(Timestamp::default(), "GET", &[b'x'; 5_000], Via::Log);
        request.host = Some("shop.example".to_owned());
        let mut name = String::new();
        write_endpoint(&request, &mut name);
        assert!(name.starts_with("shop.examplex") && name.len() < 200, "{name}");
    }
}
