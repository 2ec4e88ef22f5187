//! The prefix that a syslog daemon or relay leaves before a log line.

use crate::log_time::text_time;

/// Fields after the version of an RFC 5424 header: time, host, application, process, message id.
const RFC5424_WORDS: usize = 5;

/// What follows `Jul  8 11:07:11 host nginx[2869]:`, `2026-07-08T11:07:11+02:00 host nginx:` or the header of
/// RFC 5424, each with or without `<134>` before it; the whole line when it begins otherwise.
pub(crate) fn without_prefix(line: &[u8]) -> &[u8] {
    let (text, has_priority) = without_priority(line);
    let rest = match text {
        [b'1', b' ', header @ ..] if has_priority => after_rfc5424(header),
        [letter, ..] if letter.is_ascii_alphabetic() => after_rfc3164(text),
        [_, _, _, _, b'-', ..] => after_iso(text),
        _ => None,
    };
    rest.unwrap_or(line)
}

/// The next word and what follows it; the word is empty at the end.
pub(crate) fn word(text: &[u8]) -> (&[u8], &[u8]) {
    let text = text.trim_ascii_start();
    text.split_at(text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len()))
}

fn after_rfc3164(text: &[u8]) -> Option<&[u8]> {
    let (month, rest) = word(text);
    let (day, rest) = word(rest);
    let (clock, rest) = word(rest);
    let is_time = month.len() == 3
        && month.iter().all(u8::is_ascii_alphabetic)
        && day.iter().all(u8::is_ascii_digit)
        && clock.contains(&b':');
    is_time.then(|| after_host_and_tag(rest)).flatten()
}

fn after_iso(text: &[u8]) -> Option<&[u8]> {
    let (stamp, rest) = word(text);
    text_time(stamp)?;
    after_host_and_tag(rest)
}

fn after_host_and_tag(text: &[u8]) -> Option<&[u8]> {
    let (_host, rest) = word(text);
    let (tag, rest) = word(rest);
    tag.ends_with(b":").then_some(rest)
}

fn after_rfc5424(header: &[u8]) -> Option<&[u8]> {
    let mut rest = header;
    for _ in 0..RFC5424_WORDS {
        let (field, after) = word(rest);
        if field.is_empty() {
            return None;
        }
        rest = after;
    }
    let data = rest.trim_ascii_start();
    let message = match data {
        [b'-', message @ ..] => message,
        // Structured data ends at the first `]` that no other element follows (RFC 5424, section 6.3).
        [b'[', ..] => data.get(memchr::memmem::find(data, b"] ")? + 1..)?,
        _ => return None,
    };
    Some(message.strip_prefix(b" \xEF\xBB\xBF").unwrap_or(message))
}

/// The text without the `<134>` that a relay may leave before the time, and whether there was one.
fn without_priority(text: &[u8]) -> (&[u8], bool) {
    match text.strip_prefix(b"<").and_then(|inside| inside.get(memchr::memchr(b'>', inside)? + 1..)) {
        Some(rest) => (rest, true),
        None => (text, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prefix_is_taken_off_and_nothing_else() {
        let cases = [
            ("Jul  8 11:07:11 web1 nginx[2869]: rest", " rest"),
            ("<190>Jul 18 11:07:11 web1 nginx: rest", " rest"),
            ("2026-07-08T11:07:11.1+02:00 web1 nginx: rest", " rest"),
            ("<134>1 2026-07-08T11:07:11Z web1 haproxy 812 - - rest", " rest"),
            ("<134>1 2026-07-08T11:07:11Z web1 haproxy 812 - [a@1 b=\"c\"] rest", " rest"),
            ("192.0.2.1 - - [x]", "192.0.2.1 - - [x]"),
            ("shop.example.com 192.0.2.1 -", "shop.example.com 192.0.2.1 -"),
            ("<", "<"),
            ("", ""),
        ];
        for (line, want) in cases {
            assert_eq!(without_prefix(line.as_bytes()), want.as_bytes(), "{line}");
        }
    }
}
