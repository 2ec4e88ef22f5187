//! What follows the size in a combined line: referer, user agent, and whatever the operator appended.

use bartizan_model::HttpRequest;

use crate::client::{address, canonical_host};
use crate::combined::unescaped_quotes;
use crate::escape::unescaped;
use crate::quantity::{duration_ms, whole};

/// Longest header value that is kept, in bytes; twice the default limit of nginx and Apache for one header line.
pub(crate) const MAX_HEADER_BYTES: usize = 16 * 1024;

/// Most headers that are kept of one request; Apache refuses more than 100 (LimitRequestFields).
pub(crate) const MAX_HEADERS: usize = 128;

/// Longest header name that is kept, in bytes; longer ones are no names but attempts.
pub(crate) const MAX_NAME_BYTES: usize = 256;

/// Headers that a combined line usually brings: referer and user agent.
const USUAL_HEADERS: usize = 2;

/// Fields after the size that are looked at.
const MAX_FIELDS: usize = 64;

/// Reads the fields after the size into the request.
///
/// The first quoted field is the referer, the second the user agent, a later one that lists addresses is
/// `X-Forwarded-For`. The response time is, in this order of trust: a `rt=` or `request_time=` field, a number with a
/// unit, a decimal number (seconds, as nginx logs them), a single whole number after the user agent (microseconds,
/// Apache's `%D`; two of them are byte counts).
pub(crate) fn read_trailing(fields: &[u8], request: &mut HttpRequest) {
    let mut quoted = 0;
    let mut time = ResponseTime::default();
    let mut rest = fields;
    for _ in 0..MAX_FIELDS {
        let Some((field, after)) = next_field(rest) else {
            break;
        };
        rest = after;
        match field {
            Field::Quoted(value) => {
                quoted += 1;
                read_quoted(quoted, value, request);
            }
            Field::Bare(value) => match value.iter().position(|byte| *byte == b'=') {
                Some(at) => {
                    let (key, value) = value.split_at(at);
                    read_named(key, value.get(1..).unwrap_or_default(), request, &mut time);
                }
                None => time.consider(value, quoted >= 2),
            },
        }
    }
    request.response_time_ms = time.best();
}

/// One field of a line.
pub(crate) enum Field<'a> {
    /// What stood between quotes, still escaped.
    Quoted(&'a [u8]),
    Bare(&'a [u8]),
}

/// The next field and what follows it. A quoted field ends at an unescaped quote before a space or the end of the
/// line; without one the line was cut, and the field is what there is.
pub(crate) fn next_field(text: &[u8]) -> Option<(Field<'_>, &[u8])> {
    let text = text.trim_ascii_start();
    if let Some(value) = text.strip_prefix(b"\"") {
        let end = unescaped_quotes(value).find(|at| value.get(at + 1).is_none_or(|next| *next == b' '));
        return match end {
            Some(at) => Some((Field::Quoted(value.get(..at)?), value.get(at + 1..)?)),
            None => Some((Field::Quoted(value), b"")),
        };
    }
    let end = memchr::memchr(b' ', text).unwrap_or(text.len());
    let (value, rest) = text.split_at(end);
    (!value.is_empty()).then_some((Field::Bare(value), rest))
}

fn read_quoted(position: usize, value: &[u8], request: &mut HttpRequest) {
    let name = match position {
        1 => "referer",
        2 => "user-agent",
        _ if request.header("x-forwarded-for").is_none() && is_address_list(value) => "x-forwarded-for",
        _ => return,
    };
    if !value.is_empty() && value != b"-" {
        if request.headers.capacity() == 0 {
            request.headers.reserve_exact(USUAL_HEADERS);
        }
        let raw = unescaped(value);
        request.headers.push((name.to_owned(), raw.get(..MAX_HEADER_BYTES).unwrap_or(&raw).to_vec()));
    }
}

fn is_address_list(value: &[u8]) -> bool {
    value.split(|byte| *byte == b',').all(|part| address(part).is_some())
}

fn read_named(key: &[u8], value: &[u8], request: &mut HttpRequest, time: &mut ResponseTime) {
    let value = value.strip_prefix(b"\"").unwrap_or(value);
    let value = value.strip_suffix(b"\"").unwrap_or(value);
    match key {
        b"rt" | b"request_time" | b"response_time" => {
            time.named = time.named.or_else(|| duration_ms(str::from_utf8(value).ok()?, 1e3));
        }
        b"host" | b"vhost" | b"server_name" if request.host.is_none() => request.host = canonical_host(value),
        _ => {}
    }
}

/// Candidates for the response time in milliseconds, by how sure each is.
#[derive(Default)]
struct ResponseTime {
    named: Option<f64>,
    with_unit: Option<f64>,
    decimal: Option<f64>,
    whole: Option<f64>,
    wholes: usize,
}

impl ResponseTime {
    fn consider(&mut self, token: &[u8], is_after_user_agent: bool) {
        let Some(text) =
            str::from_utf8(token).ok().filter(|text| text.starts_with(|c: char| c.is_ascii_digit()))
        else {
            return;
        };
        if whole(token).is_some() {
            if is_after_user_agent {
                self.wholes += 1;
                self.whole = duration_ms(text, 1e-3);
            }
        } else if text.ends_with(|c: char| c.is_ascii_digit()) {
            self.decimal = self.decimal.or_else(|| duration_ms(text, 1e3));
        } else {
            self.with_unit = self.with_unit.or_else(|| duration_ms(text, 1e3));
        }
    }

    fn best(&self) -> Option<f64> {
        self.named.or(self.with_unit).or(self.decimal).or(self.whole.filter(|_| self.wholes == 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bartizan_model::{Timestamp, Via};

    fn read(fields: &[u8]) -> HttpRequest {
        let mut request = HttpRequest::new(Timestamp::default(), "GET", b"/", Via::Log);
        read_trailing(fields, &mut request);
        request
    }

    #[test]
    fn response_times_are_found_in_every_usual_place() {
        let cases = [
            (r#""-" "ua""#, None),
            (r#""-" "ua" 0.012"#, Some(12.0)),
            (r#""-" "ua" "-" 0.012 0.010 ."#, Some(12.0)),
            (r#""-" "ua" rt=0.012 uct="0.000" uht="0.004" urt="0.004""#, Some(12.0)),
            (r#""-" "ua" request_time=0.012"#, Some(12.0)),
            (r#""-" "ua" 12000"#, Some(12.0)),
            (r#""-" "ua" 120 12000"#, None),
            (r#""-" "ua" 17 "router@docker" "http://192.0.2.9:80" 12ms"#, Some(12.0)),
            (r#"0.012 "-" "ua""#, Some(12.0)),
            (r#""-" "ua" 192.0.2.1 -"#, None),
            (r#""-" "ua" rt=-"#, None),
        ];
        for (fields, want) in cases {
            let read = read(fields.as_bytes()).response_time_ms;
            assert_eq!(read.map(f64::round), want, "{fields}");
        }
    }

    #[test]
    fn headers_are_unescaped_and_absent_when_dashed() {
        type Value<'a> = Option<&'a [u8]>;
        let cases: [(&[u8], Value<'_>, Value<'_>, Value<'_>); 6] = [
            (br#""-" "-""#, None, None, None),
            (br#""http://a/?q=\"x\"" "u\x22a""#, Some(br#"http://a/?q="x""#), Some(br#"u"a"#), None),
            (br#""r" "Mozilla"odd"one""#, Some(b"r"), Some(br#"Mozilla"odd"one"#), None),
            (br#""r" "cut her"#, Some(b"r"), Some(b"cut her"), None),
            (br#""r" "u" "192.0.2.1, 2001:db8::1""#, Some(b"r"), Some(b"u"), Some(b"192.0.2.1, 2001:db8::1")),
            (br#""r" "u" "router" "192.0.2.1""#, Some(b"r"), Some(b"u"), Some(b"192.0.2.1")),
        ];
        for (fields, referer, agent, forwarded) in cases {
            let request = read(fields);
            let shown = String::from_utf8_lossy(fields);
            assert_eq!(request.header("referer"), referer, "{shown}");
            assert_eq!(request.header("user-agent"), agent, "{shown}");
            assert_eq!(request.header("x-forwarded-for"), forwarded, "{shown}");
        }
    }

    #[test]
    fn a_host_can_be_named_after_the_user_agent() {
        assert_eq!(
            read(br#""-" "ua" host="Shop.example.com:443""#).host.as_deref(),
            Some("shop.example.com")
        );
    }
}
