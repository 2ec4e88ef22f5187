//! One HTTP request as it was seen, from whichever source.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Timestamp, UnknownName};

/// What stands for a client or a method that is not known.
pub const MISSING: &str = "-";

/// Longest request target that lists show, in characters (API.md 4.4).
pub const MAX_TARGET_CHARS: usize = 2_048;

/// The way by which a request reached us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Via {
    Log,
    Proxy,
    ForwardAuth,
    Check,
}

impl Via {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::Log, Self::Proxy, Self::ForwardAuth, Self::Check];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Proxy => "proxy",
            Self::ForwardAuth => "forward_auth",
            Self::Check => "check",
        }
    }
}

impl FromStr for Via {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|via| via.as_str() == name)
            .ok_or_else(|| UnknownName { what: "way in", given: name.to_owned() })
    }
}

/// A part of an exchange that a source may not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Part {
    Headers,
    Cookies,
    Body,
    Response,
}

impl Part {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Headers => "headers",
            Self::Cookies => "cookies",
            Self::Body => "body",
            Self::Response => "response",
        }
    }
}

/// One request, as raw as the source gave it: nothing is decoded here but the log's own escapes.
///
/// Whatever comes from outside is bytes; text members hold only what was checked to be text.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpRequest {
    /// When it happened, by the clock of whoever logged or received it.
    pub time: Timestamp,
    /// Client address in canonical text; the logged name where the log holds none; [`MISSING`] when unknown.
    pub client: String,
    /// Requested host, lower case, without port.
    pub host: Option<String>,
    /// Upper-case method; [`MISSING`] when the request line was unreadable, and then `target` is that line.
    pub method: String,
    /// Request target as sent: path and query, still percent-encoded.
    pub target: Vec<u8>,
    /// `HTTP/1.1` and the like, when known.
    pub protocol: Option<String>,
    /// Header names (lower case) and raw values, as far as the source shows them.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, when the source shows it.
    pub body: Option<Vec<u8>>,
    /// Status of the answer; 0 when unknown.
    pub status: u16,
    /// Size of the answer's body in bytes.
    pub response_bytes: Option<u64>,
    /// Time that the application took, in milliseconds.
    pub response_time_ms: Option<f64>,
    /// How it reached us.
    pub via: Via,
    /// The log line it was read from, without the line end; bytes outside UTF-8 replaced.
    pub raw_line: Option<String>,
}

impl HttpRequest {
    /// A request with nothing known but when and where to; for builders and tests.
    pub fn new(time: Timestamp, method: &str, target: &[u8], via: Via) -> Self {
        Self {
            time,
            client: MISSING.to_owned(),
            host: None,
            method: method.to_owned(),
            target: target.to_owned(),
            protocol: None,
            headers: Vec::new(),
            body: None,
            status: 0,
            response_bytes: None,
            response_time_ms: None,
            via,
            raw_line: None,
        }
    }

    /// The path: the target up to its first `?`.
    pub fn path(&self) -> &[u8] {
        self.split_target().0
    }

    /// The query: what follows the first `?` of the target, if there is one.
    pub fn query(&self) -> Option<&[u8]> {
        self.split_target().1
    }

    /// The first header of that lower-case name.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_slice())
    }

    /// The user agent as text, bytes outside UTF-8 replaced.
    pub fn user_agent(&self) -> Option<String> {
        self.header("user-agent").map(|value| String::from_utf8_lossy(value).into_owned())
    }

    fn split_target(&self) -> (&[u8], Option<&[u8]>) {
        match self.target.iter().position(|byte| *byte == b'?') {
            Some(at) => {
                let (path, query) = self.target.split_at(at);
                (path, query.get(1..))
            }
            None => (&self.target, None),
        }
    }
}

impl fmt::Display for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, display_target(&self.target, 200))
    }
}

/// A target for people: bytes outside printable ASCII percent-encoded, cut after `max_chars` characters with `…`.
pub fn display_target(target: &[u8], max_chars: usize) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut text = String::with_capacity(target.len().min(max_chars) + 4);
    let mut chars = 0;
    for &byte in target {
        let width = if byte.is_ascii_graphic() { 1 } else { 3 };
        if chars + width > max_chars {
            text.push('…');
            break;
        }
        chars += width;
        if width == 1 {
            text.push(char::from(byte));
        } else {
            text.push('%');
            for nibble in [byte >> 4, byte & 0xF] {
                text.push(char::from(*HEX.get(usize::from(nibble)).unwrap_or(&b'0')));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_splits_at_its_first_question_mark() {
        let request = HttpRequest::new(Timestamp::default(), "GET", b"/a?b=1?c", Via::Log);
        assert_eq!(request.path(), b"/a");
        assert_eq!(request.query(), Some(b"b=1?c".as_slice()));
    }

    #[test]
    fn a_shown_target_is_printable_and_cut() {
        assert_eq!(display_target(b"/a b\xff", 100), "/a%20b%FF");
        assert_eq!(display_target(b"/abcdef", 4), "/abc…");
    }
}
