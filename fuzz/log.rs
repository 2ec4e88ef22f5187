//! Bytes as a log, and what must hold for whatever is read from it.

use bartizan_ingest::{LineOptions, LineParser};
use bartizan_model::{HttpRequest, Timestamp};

/// Longest client name in characters (RFC 1035, section 2.3.4).
const MAX_CLIENT_CHARS: usize = 255;
const MAX_HEADERS: usize = 256;
/// Longest header value and longest line that are kept, in bytes.
const MAX_KEPT_BYTES: usize = 16 * 1024;
/// Longest response time, in milliseconds: eleven days.
const MAX_RESPONSE_MS: f64 = 1e9;

/// Reads the log in each of the formats of these names.
pub fn read_as(names: &[&str], log: &[u8]) {
    for name in names {
        let format = Some(name.parse().expect("a known name"));
        read(&LineOptions { format, ..LineOptions::default() }, log);
    }
}

/// Reads the log line by line.
pub fn read(options: &LineOptions, log: &[u8]) {
    let mut parser = LineParser::new(options);
    for line in log.split(|byte| *byte == b'\n') {
        if let Ok(Some(request)) = parser.parse(line, Timestamp::default()) {
            check(&request, line);
        }
    }
}

fn check(request: &HttpRequest, line: &[u8]) {
    let client = request.client.chars().count();
    assert!((1..=MAX_CLIENT_CHARS).contains(&client), "a client of {client} characters");
    assert!(request.host.as_ref().is_none_or(|host| !host.is_empty()), "an empty host");
    assert!(request.headers.len() <= MAX_HEADERS, "{} headers", request.headers.len());
    for (name, value) in &request.headers {
        assert!(!name.is_empty() && value.len() <= MAX_KEPT_BYTES, "{name}: {} bytes", value.len());
    }
    let time = request.response_time_ms;
    assert!(time.is_none_or(|ms| (0.0..=MAX_RESPONSE_MS).contains(&ms)), "{time:?} ms");
    assert!(request.status <= 999, "status {}", request.status);
    assert!(request.raw_line.as_ref().is_some_and(|raw| raw.len() <= MAX_KEPT_BYTES + 2), "the line is kept");
    // Joined pieces may stretch it a little; more would be invented.
    assert!(request.target.len() <= 2 * line.len() + 2, "a target of {} bytes", request.target.len());
}
