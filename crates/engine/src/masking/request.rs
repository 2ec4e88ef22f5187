//! Where the secrets of a request stand.

use std::ops::Range;

use bartizan_model::HttpRequest;

use super::mark::Hiding;
use super::names::Names;
use super::pairs::{Pair, pairs};
use super::ranges::{Found, settled};
use super::text::{Kind, is_secret};
use super::value::scheme;
use super::vocabulary::Vocabulary;
use super::{authorization_code, json, multipart};

/// Headers that hold a URL, with parameters in its query and its fragment.
const URL_MARKS: &[u8] = b"?#";

/// The secrets of a request by part, each list in order.
#[derive(Debug, Default)]
pub(super) struct RequestSecrets {
    pub(super) path: Vec<Found>,
    /// In the target behind the first `?`.
    pub(super) query: Vec<Found>,
    /// By the header's place.
    pub(super) headers: Vec<(usize, Vec<Found>)>,
    pub(super) body: Vec<Found>,
    pub(super) host: Vec<Found>,
    /// Whether the log line was looked at and can hold none.
    pub(super) is_line_quiet: bool,
}

impl RequestSecrets {
    pub(super) fn is_empty(&self) -> bool {
        self.path.is_empty()
            && self.query.is_empty()
            && self.headers.is_empty()
            && self.body.is_empty()
            && self.host.is_empty()
    }
}

impl Vocabulary {
    /// Everything to hide in a request, its log line apart.
    pub(super) fn find_in_request(&self, request: &HttpRequest) -> RequestSecrets {
        let mut secrets = RequestSecrets::default();
        // A log line holds all that was read from it, so that for most of them one look is enough.
        let line = request.raw_line.as_deref().filter(|_| request.body.is_none());
        let is_quiet =
            line.is_some_and(|line| is_whole(line.as_bytes(), request) && !self.may_hold(line.as_bytes()));
        secrets.is_line_quiet = is_quiet;
        if !is_quiet {
            secrets.path = self.in_path(request.path());
            secrets.query = request.query().map(|query| self.in_query(query)).unwrap_or_default();
            secrets.body =
                request.body.as_deref().map(|body| self.in_body(request, body)).unwrap_or_default();
        }
        secrets.host = request.host.as_deref().map(in_host).unwrap_or_default();
        for (place, (name, value)) in request.headers.iter().enumerate() {
            let found = self.in_header(name, value, is_quiet);
            if !found.is_empty() {
                secrets.headers.push((place, found));
            }
        }
        secrets
    }

    pub(super) fn in_path(&self, path: &[u8]) -> Vec<Found> {
        let mut found = Vec::new();
        self.find_in_text(path, Kind::Path, &mut found);
        self.find_in_segments(path, &mut found);
        settled(found)
    }

    fn in_query(&self, query: &[u8]) -> Vec<Found> {
        let mut found = Vec::new();
        self.find_in_pairs(query, 0..query.len(), &self.parameters, &mut found);
        settled(found)
    }

    /// A header by its name, and by its text unless that was looked at already.
    pub(super) fn in_header(&self, name: &str, value: &[u8], is_quiet: bool) -> Vec<Found> {
        let mut found = Vec::new();
        let is_cookie = matches!(name.to_ascii_lowercase().as_str(), "cookie" | "cookie2" | "set-cookie");
        if is_cookie {
            // The attributes of a cookie that is set are hidden with it: this is no header of requests.
            self.find_in_cookies(value, &mut found);
        }
        if let Some(hiding) = self.headers.find(name.as_bytes()) {
            let start = if name.to_ascii_lowercase().ends_with("authorization") { scheme(value) } else { 0 };
            if is_secret(value.get(start..).unwrap_or_default()) {
                found.push(Found::new(start..value.len(), hiding));
            }
        }
        if !is_quiet && !is_cookie {
            // A URL has parameters in its query and in its fragment.
            let mark = value.iter().position(|byte| URL_MARKS.contains(byte)).unwrap_or(value.len());
            let start = value.get(..mark).unwrap_or_default();
            self.find_in_text(start, Kind::Free, &mut found);
            if name.eq_ignore_ascii_case("referer") {
                self.find_in_segments(start, &mut found);
            }
            let rest = (mark + 1).min(value.len())..value.len();
            let hash = memchr::memchr(b'#', value.get(rest.clone()).unwrap_or_default());
            let hash = hash.map_or(value.len(), |at| rest.start + at);
            for part in [rest.start..hash, (hash + 1).min(value.len())..value.len()] {
                self.find_in_pairs(value, part, &self.parameters, &mut found);
            }
        }
        settled(found)
    }

    /// The values of secret names in `a=1&b=2`, and what is secret in the other values and in the names.
    fn find_in_pairs(&self, text: &[u8], within: Range<usize>, names: &Names, found: &mut Vec<Found>) {
        let mut codes = Vec::new();
        authorization_code::find(text.get(within.clone()).unwrap_or_default(), &mut codes);
        found.extend(codes.into_iter().map(|one| one.moved_by(within.start)));
        for pair in pairs(text, within, b'&') {
            let name = text.get(pair.name.clone().unwrap_or(0..0)).unwrap_or_default();
            self.find_in_pair(text, pair, names.find(name), found);
        }
    }

    /// The same for `a=1; b=2` (RFC 6265, section 4.2.1). A value without a name is hidden where all names are those of
    /// secrets.
    fn find_in_cookies(&self, text: &[u8], found: &mut Vec<Found>) {
        for pair in pairs(text, 0..text.len(), b';') {
            let name = text.get(pair.name.clone().unwrap_or(0..0)).filter(|name| !name.is_empty());
            self.find_in_pair(text, pair, self.cookies.find(name.unwrap_or(b"-")), found);
        }
    }

    fn find_in_pair(&self, text: &[u8], pair: Pair, hiding: Option<Hiding>, found: &mut Vec<Found>) {
        let mut open = vec![pair.name.unwrap_or(0..0)];
        match hiding {
            Some(hiding) if is_secret(text.get(pair.value.clone()).unwrap_or_default()) => {
                found.push(Found::new(pair.value, hiding));
            }
            Some(_) => {}
            None => open.push(pair.value),
        }
        for range in open {
            let mut here = Vec::new();
            self.find_in_text(text.get(range.clone()).unwrap_or_default(), Kind::Free, &mut here);
            found.extend(here.into_iter().map(|one| one.moved_by(range.start)));
        }
    }

    /// What a body is, is not what it says it is: all readings are tried, since each costs little.
    fn in_body(&self, request: &HttpRequest, body: &[u8]) -> Vec<Found> {
        let mut found = Vec::new();
        let content_type = request.header("content-type").unwrap_or_default();
        let trimmed = body.trim_ascii_start();
        let declared = content_type.to_ascii_lowercase();
        if memchr::memmem::find(&declared, b"multipart/").is_some() || trimmed.starts_with(b"--") {
            multipart::find(body, content_type, &self.fields, &mut found);
        }
        // Socket.io and its like put a packet number before the JSON.
        let numbered = trimmed.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let first = trimmed.get(numbered);
        if matches!(first, Some(b'{' | b'[' | b'"')) {
            json::find(body, &self.fields, &mut found);
        }
        if first != Some(&b'<') && begins_with_pair(trimmed) {
            self.find_in_pairs(body, 0..body.len(), &self.fields, &mut found);
        } else {
            self.find_in_text(body, Kind::Free, &mut found);
        }
        settled(found)
    }
}

/// What stands before an `@` is no part of a host.
fn in_host(host: &str) -> Vec<Found> {
    let at = memchr::memrchr(b'@', host.as_bytes()).unwrap_or(0);
    let user = host.get(..at).unwrap_or_default();
    if is_secret(user.as_bytes()) { vec![Found::new(0..at, Hiding::Mask)] } else { Vec::new() }
}

/// Whether a line holds the parts of a request as they are, so that what is not in it is not in them.
fn is_whole(line: &[u8], request: &HttpRequest) -> bool {
    holds(line, &request.target) && request.headers.iter().all(|(_, value)| holds(line, value))
}

/// Whether a part stands in a line. Readying a search for each part would cost ten times as much as looking.
fn holds(line: &[u8], part: &[u8]) -> bool {
    let Some(first) = part.first() else { return true };
    memchr::memchr_iter(*first, line).any(|at| line.get(at..).is_some_and(|rest| rest.starts_with(part)))
}

/// Whether a text looks like a form: a name without blanks or brackets of JSON, and `=`.
fn begins_with_pair(text: &[u8]) -> bool {
    let name = text.iter().take(256).position(|byte| *byte == b'=').and_then(|at| text.get(..at));
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.[]%:+$~".contains(byte);
    name.is_some_and(|name| !name.is_empty() && name.iter().all(is_part))
}
