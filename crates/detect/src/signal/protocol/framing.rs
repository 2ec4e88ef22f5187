//! Where a body ends: what two servers must not read in two ways (RFC 9112, section 6).

use super::super::evidence;
use super::{Abuse, Report};

/// Transfer codings that exist (IANA HTTP Transfer Coding Registry, and `identity` of RFC 2616).
const CODINGS: [&[u8]; 7] =
    [b"chunked", b"gzip", b"x-gzip", b"deflate", b"compress", b"x-compress", b"identity"];

/// The framing headers of one request.
#[derive(Default)]
pub(super) struct Framing<'a> {
    length: Option<(&'a str, &'a [u8])>,
    coding: Option<(&'a str, &'a [u8])>,
    is_chunked: bool,
}

impl<'a> Framing<'a> {
    /// A trimmed `Content-Length`; an empty one is what proxies make of one they take away.
    pub(super) fn add_length(&mut self, name: &'a str, value: &'a [u8], report: &mut Report<'_>) {
        for length in value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
            if length.is_empty() {
                continue;
            }
            if !length.iter().all(u8::is_ascii_digit) {
                report.add_header(Abuse::Length, name, value);
            }
            match self.length {
                Some((other_name, other)) if other != length => {
                    let evidence = vec![evidence::header(other_name, other), evidence::header(name, value)];
                    report.add(Abuse::Lengths, evidence);
                }
                _ => self.length = Some((name, length)),
            }
        }
    }

    /// A `Transfer-Encoding` as it was sent. Several headers count as one list.
    pub(super) fn add_coding(&mut self, name: &'a str, sent: &'a [u8], report: &mut Report<'_>) {
        let value = trim_blanks(sent);
        if value.is_empty() {
            return;
        }
        for coding in value.split(|byte| *byte == b',') {
            let coding = coding.split(|byte| *byte == b';').next().unwrap_or_default();
            let coding = trim_blanks(coding);
            let known = CODINGS.iter().any(|known| coding.eq_ignore_ascii_case(known));
            // `chunked` comes last and once.
            if !known || self.is_chunked {
                report.add_header(Abuse::Coding, name, value);
            }
            self.is_chunked |= coding.eq_ignore_ascii_case(b"chunked");
        }
        if !value.eq_ignore_ascii_case(b"identity") {
            self.coding = Some((name, value));
        }
    }

    /// What only both headers together show.
    pub(super) fn settle(&self, report: &mut Report<'_>) {
        if let (Some((length_name, length)), Some((coding_name, coding))) = (self.length, self.coding) {
            let evidence = vec![evidence::header(length_name, length), evidence::header(coding_name, coding)];
            report.add(Abuse::Framing, evidence);
        }
    }
}

/// Takes off blanks and tabs, and a line end that a caller forgot at the end; other white space is how a coding is
/// hidden.
fn trim_blanks(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = bytes.iter().position(|byte| !is_blank(byte)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|byte| !is_blank(byte)).map_or(start, |at| at + 1);
    bytes.get(start..end).unwrap_or_default()
}
