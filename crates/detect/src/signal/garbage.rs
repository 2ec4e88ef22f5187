//! Request lines that are none: another protocol, or bytes thrown at the port.

use bartizan_model::{Action, Finding, HttpRequest, ThreatClass};

use super::evidence::finding;

/// How other protocols begin, as the bytes themselves and as servers escape them in their logs.
const GREETINGS: [(&[u8], &str); 14] = [
    (b"\x16\x03", "A TLS handshake was sent to a port that speaks plain HTTP"),
    (b"\\x16\\x03", "A TLS handshake was sent to a port that speaks plain HTTP"),
    (b"SSH-", "An SSH greeting instead of a request"),
    (b"\x03\0\0", "A remote desktop greeting instead of a request"),
    (b"\\x03\\x00\\x00", "A remote desktop greeting instead of a request"),
    (b"t3 ", "A greeting of WebLogic's own protocol instead of a request"),
    (b"t3s ", "A greeting of WebLogic's own protocol instead of a request"),
    (b"JRMI", "A greeting of Java's remote calls instead of a request"),
    (b"GIOP", "A greeting of CORBA instead of a request"),
    (b"MGLNDD_", "The greeting of a scanner that asks every port"),
    (b"\x05\x01\0", "A SOCKS greeting: somebody looks for an open proxy"),
    (b"\\x05\\x01\\x00", "A SOCKS greeting: somebody looks for an open proxy"),
    (b"\x04\x01\0", "A SOCKS greeting: somebody looks for an open proxy"),
    (b"\\x04\\x01\\x00", "A SOCKS greeting: somebody looks for an open proxy"),
];

/// What an unreadable request line is. An empty one is a connection that was closed unused, which browsers do all
/// the time.
pub(super) fn read(request: &HttpRequest) -> Option<Finding> {
    let line = request.target.trim_ascii();
    if line.is_empty() || line == b"-" {
        return None;
    }
    let greeting = GREETINGS.iter().find(|(greeting, _)| line.starts_with(greeting));
    let details = if let Some((_, details)) = greeting {
        details
    } else if line.iter().any(|byte| !(b' '..=b'~').contains(byte)) || line.starts_with(b"\\x") {
        "Binary bytes instead of a request"
    } else {
        "A request line that is not HTTP"
    };
    Some(finding(ThreatClass::Scanner, Action::Flag, details.to_owned(), Vec::new()))
}
