//! Abuse of HTTP itself. Only what was sent is judged: a header that is not there says nothing, since most logs show
//! few of them.
//!
//! Left out on purpose: `Upgrade: h2c`, which curl and Java's client send in good faith in just the form that
//! smuggling uses.

mod framing;
mod line;
mod value;

use bartizan_model::{Action, Evidence, Finding, HttpRequest, ThreatClass};

use super::evidence::{self, finding};

/// A way to abuse the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Abuse {
    Method,
    MethodName,
    ForeignTarget,
    HeaderName,
    LongHeaderName,
    HeaderBytes,
    Host,
    Hosts,
    Length,
    Lengths,
    Coding,
    Framing,
    Ranges,
    MethodOverride,
    TargetOverride,
    SocketVersion,
}

impl Abuse {
    #[cfg(test)]
    const ALL: [Self; 16] = [
        Self::Method,
        Self::MethodName,
        Self::ForeignTarget,
        Self::HeaderName,
        Self::LongHeaderName,
        Self::HeaderBytes,
        Self::Host,
        Self::Hosts,
        Self::Length,
        Self::Lengths,
        Self::Coding,
        Self::Framing,
        Self::Ranges,
        Self::MethodOverride,
        Self::TargetOverride,
        Self::SocketVersion,
    ];

    fn name(self) -> &'static str {
        self.row().0
    }

    fn details(self) -> String {
        format!("{} ({})", self.row().3, self.name())
    }

    fn row(self) -> (&'static str, ThreatClass, Action, &'static str) {
        use Action::{Block, Flag};
        use ThreatClass::{Anomaly, Ddos, HeaderInjection, Scanner};
        match self {
            Self::Method => ("odd_method", Scanner, Flag, "A method that scanners alone use"),
            Self::MethodName => ("method_name", Scanner, Flag, "A method with characters that no method has"),
            Self::ForeignTarget => ("foreign_target", Scanner, Flag, "Somebody looks for an open proxy"),
            Self::HeaderName => (
                "header_name",
                HeaderInjection,
                Flag,
                "The name of a header holds characters that no name has",
            ),
            Self::LongHeaderName => ("long_header_name", Scanner, Flag, "The name of a header is very long"),
            Self::HeaderBytes => {
                ("header_bytes", HeaderInjection, Flag, "A header holds a line end or a zero byte")
            }
            Self::Host => {
                ("host_name", Scanner, Flag, "The host has characters or a length that no host name has")
            }
            Self::Hosts => ("two_hosts", Anomaly, Flag, "Two headers name two hosts"),
            Self::Length => ("content_length", Anomaly, Flag, "The length of the body is not a number"),
            Self::Lengths => {
                ("two_lengths", Anomaly, Block, "Two lengths for one body, as in request smuggling")
            }
            Self::Coding => (
                "transfer_encoding",
                Anomaly,
                Block,
                "A transfer encoding that servers read in different ways, as in request smuggling",
            ),
            Self::Framing => (
                "length_and_encoding",
                Anomaly,
                Flag,
                "Both a length and a transfer encoding, as in request smuggling",
            ),
            Self::Ranges => ("many_ranges", Ddos, Flag, "Very many ranges are wanted at once: CVE-2011-3192"),
            Self::MethodOverride => {
                ("method_override", Anomaly, Flag, "A header puts an odd method in place")
            }
            Self::TargetOverride => (
                "target_override",
                Anomaly,
                Flag,
                "A header puts another address in place of the one that was checked: CVE-2018-14773",
            ),
            Self::SocketVersion => (
                "websocket_version",
                Anomaly,
                Flag,
                "A WebSocket version that does not exist, as in smuggling",
            ),
        }
    }
}

/// What was found so far, each abuse once.
struct Report<'a> {
    seen: Vec<Abuse>,
    found: &'a mut Vec<Finding>,
}

impl Report<'_> {
    fn add(&mut self, abuse: Abuse, evidence: Vec<Evidence>) {
        if !self.seen.contains(&abuse) {
            self.seen.push(abuse);
            let (_, class, action, _) = abuse.row();
            self.found.push(finding(class, action, abuse.details(), evidence));
        }
    }

    fn add_header(&mut self, abuse: Abuse, name: &str, value: &[u8]) {
        if !self.seen.contains(&abuse) {
            self.add(abuse, vec![evidence::header(name, value)]);
        }
    }
}

pub(super) fn search(request: &HttpRequest, found: &mut Vec<Finding>) {
    let mut report = Report { seen: Vec::new(), found };
    line::search(request, &mut report);
    let mut framing = framing::Framing::default();
    let mut host = None;
    for (name, sent) in &request.headers {
        let value = sent.trim_ascii();
        value::name(name, value, &mut report);
        value::bytes(name, value, &mut report);
        match name.as_str() {
            "content-length" => framing.add_length(name, value, &mut report),
            "transfer-encoding" => framing.add_coding(name, sent, &mut report),
            "host" => value::host(&mut host, name, value, &mut report),
            "range" | "request-range" => value::ranges(name, value, &mut report),
            "x-http-method-override" | "x-http-method" | "x-method-override" => {
                value::method_override(name, value, &mut report);
            }
            "x-original-url" | "x-rewrite-url" => value::target_override(request, name, value, &mut report),
            "sec-websocket-version" => value::socket_version(name, value, &mut report),
            _ => {}
        }
    }
    framing.settle(&mut report);
}

/// Characters of a token, of which names and methods are made (RFC 9110, section 5.6.2).
fn is_token(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| {
        byte.is_ascii_alphanumeric()
            || matches!(
                byte,
                b'!' | b'#'
                    | b'$'
                    | b'%'
                    | b'&'
                    | b'\''
                    | b'*'
                    | b'+'
                    | b'-'
                    | b'.'
                    | b'^'
                    | b'_'
                    | b'`'
                    | b'|'
                    | b'~'
            )
    })
}

#[cfg(test)]
mod tests;
