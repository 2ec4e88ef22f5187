//! Signals in the path and the query.

use std::ops::Range;

use bartizan_model::{Evidence, Finding, HttpRequest, Location};
use memchr::{memchr2, memmem};

use super::catalogue::{Catalogue, Signal, Where};
use super::evidence::{finding, span};
use super::{MAX_SEARCHED, Settled};
use crate::canonical::{Flags, Text, Tracking, Wrapping, decode};

/// Paths under which GitLab, GitHub, Gitea, Bitbucket, Gerrit, Jenkins and Subversion show files of any name.
const CODE_HOST_PATHS: [&[u8]; 15] = [
    b"/-/",
    b"/blob/",
    b"/tree/",
    b"/blame/",
    b"/raw/",
    b"/commits/",
    b"/src/branch/",
    b"/src/commit/",
    b"/src/tag/",
    b"/browse/",
    b"/contents/",
    b"/repository/",
    b"/+/refs/",
    b"/job/",
    b"/!svn/",
];

/// Statuses that say there is no such thing, or not for this client. 401 is not among them: it is what everybody
/// gets first where a password is asked for. 444 is how nginx says nothing at all.
const MISSING_STATUSES: [u16; 7] = [400, 403, 404, 405, 406, 410, 444];

/// A target as it is searched: decoded, in lower case.
struct Searched {
    lower: Vec<u8>,
    /// The way back to the raw bytes, where it is not one to one.
    decoded: Option<Text>,
    path_start: usize,
    path_end: usize,
}

impl Searched {
    /// Decoding is slow, and most targets hold nothing to decode.
    fn new(request: &HttpRequest) -> Self {
        let raw = request.target.get(..request.target.len().min(MAX_SEARCHED)).unwrap_or_default();
        let decoded = decoded(raw);
        let lower = decoded.as_ref().map_or(raw, Text::bytes).to_ascii_lowercase();
        let mut searched = Self { lower, decoded, path_start: 0, path_end: 0 };
        // Where the raw query begins, in decoded bytes: an encoded question mark is part of the path.
        let raw_end = request.path().len();
        searched.path_end = match searched.decoded {
            None => raw_end.min(searched.lower.len()),
            Some(_) => (0..searched.lower.len())
                .find(|at| searched.origin(*at..at + 1).start >= raw_end)
                .unwrap_or(searched.lower.len()),
        };
        searched.path_start = searched.first_slash();
        searched
    }

    /// The bytes that a range was decoded from.
    fn origin(&self, range: Range<usize>) -> Range<usize> {
        match &self.decoded {
            None => range,
            Some(text) => {
                let (start, end) = text.origin(range.start, range.end);
                start..end
            }
        }
    }

    fn path(&self) -> &[u8] {
        self.lower.get(..self.path_end).unwrap_or_default()
    }

    /// Where the path begins, behind the host of an absolute target and all slashes but the last.
    fn first_slash(&self) -> usize {
        let path = self.path();
        let authority =
            [b"http://".as_slice(), b"https://"].into_iter().find(|scheme| path.starts_with(scheme));
        let from = authority.map_or(0, |scheme| {
            let host = path.get(scheme.len()..).unwrap_or_default();
            scheme.len() + host.iter().position(|byte| *byte == b'/').unwrap_or(host.len())
        });
        let slashes = path.get(from..).unwrap_or_default().iter().take_while(|byte| **byte == b'/').count();
        from + slashes.saturating_sub(1)
    }

    /// Whether the bytes stand where the signal wants them.
    fn is_placed(&self, signal: &Signal, range: &Range<usize>) -> bool {
        let before = range.start.checked_sub(1).and_then(|at| self.lower.get(at));
        let after = self.lower.get(range.end);
        let in_path = range.end <= self.path_end;
        let placed = match signal.place {
            Where::Segment => {
                let ends = range.end == self.path_end || matches!(after, Some(b'/' | b';'));
                in_path && before == Some(&b'/') && ends
            }
            Where::Suffix => range.end == self.path_end,
            Where::Path => in_path,
            Where::Root => in_path && range.start == self.path_start,
            Where::Target => range.start < self.path_end,
            Where::Anywhere => true,
            Where::Query => range.start > self.path_end && matches!(before, Some(b'?' | b'&')),
            Where::Agent | Where::Header | Where::HeaderName => false,
        };
        let rest = self.lower.get(range.end..).unwrap_or_default();
        let numbered = !rest.is_empty() && rest.len() <= 6 && rest.iter().all(u8::is_ascii_digit);
        placed && (!signal.digits || numbered)
    }

    /// Whether everything else that the signal asks for is so, wherever it was hit.
    fn applies(&self, signal: &Signal, request: &HttpRequest) -> bool {
        let holds = |bytes: &[u8], words: &[String]| {
            words.iter().any(|word| memmem::find(bytes, word.as_bytes()).is_some())
        };
        let hosted = || CODE_HOST_PATHS.iter().any(|part| memmem::find(self.path(), part).is_some());
        super::fits(signal, request)
            && (!signal.missing || MISSING_STATUSES.contains(&request.status))
            && (signal.also.is_empty() || holds(&self.lower, &signal.also))
            && (signal.within.is_empty() || holds(self.path(), &signal.within))
            && !holds(&self.lower, &signal.unless)
            && !(signal.outside_code_hosts && hosted())
    }

    /// Evidence in the path or in the query, whichever the hit begins in.
    fn evidence(&self, request: &HttpRequest, range: Range<usize>) -> Evidence {
        let raw = self.origin(range.clone());
        let text = self.decoded.as_ref().map_or(request.target.as_slice(), Text::bytes);
        let text = text.get(range).unwrap_or_default();
        let path = request.path();
        if raw.start < path.len() {
            return span(Location::Path, None, path, raw.start..raw.end.min(path.len()), text);
        }
        let offset = path.len() + 1;
        let raw = raw.start.saturating_sub(offset)..raw.end.saturating_sub(offset);
        span(Location::Query, None, request.query().unwrap_or_default(), raw, text)
    }
}

/// A target without its encodings; `None` when it holds none.
fn decoded(raw: &[u8]) -> Option<Text> {
    let is_encoded = memchr2(b'%', b'\\', raw).is_some() || !raw.is_ascii();
    is_encoded.then(|| decode(raw, Wrapping::None, Tracking::On, &mut Flags::default()))
}

/// At most one finding per signal.
pub(super) fn search(catalogue: &Catalogue, request: &HttpRequest, found: &mut Vec<Finding>) {
    let searched = Searched::new(request);
    let mut settled = Settled::default();
    for (sign, range) in catalogue.targets.hits(&searched.lower) {
        let signal = &sign.signal;
        // What does not hang on the place is asked once per signal, or a long target could make us search it again
        // and again.
        if searched.is_placed(signal, &range)
            && settled.is_first(sign.number)
            && searched.applies(signal, request)
        {
            let evidence = searched.evidence(request, range);
            found.push(finding(signal.class, signal.action, sign.sentence(), vec![evidence]));
        }
    }
}
