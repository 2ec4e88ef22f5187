//! One exchange as nginx logs it: the combined format with the request time appended.

use std::fmt::Write;

use bartizan_model::{ThreatClass, Timestamp};

use crate::client::Client;

/// One line of the log, and what is known about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoLine {
    /// When the request ended; lines come in this order.
    pub time: Timestamp,
    /// The line, without its end.
    pub text: String,
    /// What the request tries, when it is an attack. The log does not say it; measurements of detectors may.
    pub attack: Option<ThreatClass>,
}

/// A request and its answer, before it has a time.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    /// Milliseconds after its visitor acted.
    pub(crate) after_ms: u64,
    pub(crate) client: Client,
    /// The request line as the client sent it.
    pub(crate) request: Vec<u8>,
    pub(crate) status: u16,
    pub(crate) bytes: u64,
    /// Time that the answer took, in milliseconds.
    pub(crate) took_ms: f64,
    pub(crate) referer: Option<String>,
    pub(crate) attack: Option<ThreatClass>,
}

impl Exchange {
    /// An answered request with the usual protocol of its client.
    pub(crate) fn new(client: &Client, method: &str, target: &str) -> Self {
        Self {
            after_ms: 0,
            client: client.clone(),
            request: format!("{method} {target} {}", client.protocol).into_bytes(),
            status: 200,
            bytes: 0,
            took_ms: 1.0,
            referer: None,
            attack: None,
        }
    }

    /// The line for a request that ended at this time.
    pub(crate) fn at(self, time: Timestamp) -> DemoLine {
        let mut text = format!("{} - - [{}] \"", self.client.address, clock(time));
        push_escaped(&self.request, &mut text);
        let _ = write!(text, "\" {} {} \"", self.status, self.bytes);
        push_escaped(self.referer.as_deref().unwrap_or("-").as_bytes(), &mut text);
        text.push_str("\" \"");
        push_escaped(self.client.agent.as_bytes(), &mut text);
        let _ = write!(text, "\" rt={:.3}", self.took_ms / 1e3);
        DemoLine { time, text, attack: self.attack }
    }
}

fn clock(time: Timestamp) -> String {
    let instant = jiff::Timestamp::from_microsecond(time.micros()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    instant.to_zoned(jiff::tz::TimeZone::UTC).strftime("%d/%b/%Y:%H:%M:%S +0000").to_string()
}

/// Escapes as nginx does: quotes, backslashes, control characters and everything above ASCII as `\xNN`.
fn push_escaped(bytes: &[u8], text: &mut String) {
    for &byte in bytes {
        if matches!(byte, b'"' | b'\\' | 0..=31 | 127..) {
            let _ = write!(text, "\\x{byte:02X}");
        } else {
            text.push(char::from(byte));
        }
    }
}

/// Percent-encodes a value of a query, as a browser's form (spaces as `+`) or as scripts do it (`%20`).
pub(crate) fn encoded(value: &str, is_form: bool) -> String {
    let mut text = String::with_capacity(value.len() * 2);
    for byte in value.bytes() {
        match byte {
            b' ' if is_form => text.push('+'),
            b'-' | b'_' | b'.' | b'*' => text.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => text.push(char::from(byte)),
            byte => {
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn a_line_looks_as_nginx_writes_it() {
        let client = Client {
            address: "192.0.2.1".to_owned(),
            agent: "a \"b\" \u{e9}".to_owned(),
            ..Client::person(&mut Random::new(1))
        };
        let mut exchange = Exchange::new(&client, "GET", "/x");
        exchange.request = b"GET /\\x HTTP/1.1".to_vec();
        exchange.bytes = 12;
        exchange.took_ms = 12.3;
        let line = exchange.at("2026-03-04T05:06:07.9Z".parse().expect("an instant"));
        assert_eq!(
            line.text,
            r#"192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET /\x5Cx HTTP/1.1" 200 12 "-" "a \x22b\x22 \xC3\xA9" rt=0.012"#
        );
    }

    #[test]
    fn values_are_encoded_like_forms_and_like_scripts() {
        assert_eq!(encoded("o'neill & son", true), "o%27neill+%26+son");
        assert_eq!(encoded("a b\u{e9}", false), "a%20b%C3%A9");
    }
}
