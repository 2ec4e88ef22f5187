//! The log line as it was read, escaped by the server that wrote it.

use bartizan_model::HttpRequest;
use memchr::memmem;

use super::Masking;
use super::decoded::{Decoded, Spelling};
use super::mark::MASKED;
use super::needles::Needles;
use super::ranges::{Found, Patch, bounded, patched};
use super::request::RequestSecrets;
use super::text::Kind;

/// Escapes in escapes that a log line may hold: those of the format, and those of a server that writes into it.
const MAX_LEVELS: usize = 2;

/// A part of the request and its patches.
struct Part<'a> {
    bytes: &'a [u8],
    patches: Vec<Patch>,
}

impl Masking {
    /// The log line without secrets; `None` when it held none.
    ///
    /// A part with secrets that cannot be found in the line again hides the whole line: better no line than a secret.
    pub(super) fn mask_line(
        &self,
        line: &str,
        request: &HttpRequest,
        secrets: &RequestSecrets,
        needles: &Needles,
    ) -> Option<String> {
        if needles.are_too_many() {
            return Some(MASKED.to_owned());
        }
        let mut levels: Vec<Decoded> = Vec::new();
        for _ in 0..MAX_LEVELS {
            let last = levels.last().map_or(line.as_bytes(), |level| level.bytes.as_slice());
            match Decoded::of(last, Spelling::Backslash) {
                Some(level) => levels.push(level),
                None => break,
            }
        }
        let mut patches: Vec<Patch> = Vec::new();
        for part in self.parts(request, secrets) {
            let before = patches.len();
            for depth in 0..=levels.len() {
                self.find_part(line.as_bytes(), levels.get(..depth).unwrap_or_default(), &part, &mut patches);
            }
            if patches.len() == before {
                return Some(MASKED.to_owned());
            }
        }
        // What is hidden already is known by its mark, so that a quote in it cannot lead beyond it.
        let patches = bounded(merged(patches), line.len());
        let mut masked = patched(line.as_bytes(), &patches);
        let mut found = Vec::new();
        self.vocabulary.find_in_text(&masked, Kind::Free, &mut found);
        needles.find_copies(&masked, &mut found);
        if let Some(level) = Decoded::of(&masked, Spelling::Backslash) {
            let mut here = Vec::new();
            needles.find_copies(&level.bytes, &mut here);
            found.extend(here.into_iter().map(|one| Found::new(level.origin(&one.range), one.hiding)));
        }
        if patches.is_empty() && found.is_empty() {
            return None;
        }
        masked = self.replaced(&masked, found);
        Some(String::from_utf8_lossy(&masked).into_owned())
    }

    /// The parts that hold secrets, each as it was read from the line.
    fn parts<'a>(&self, request: &'a HttpRequest, secrets: &RequestSecrets) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        let mut add = |bytes: &'a [u8], found: &[Found]| {
            if !found.is_empty() {
                parts.push(Part { bytes, patches: self.patches(bytes, found.to_vec()) });
            }
        };
        add(request.path(), &secrets.path);
        add(request.query().unwrap_or_default(), &secrets.query);
        for (place, found) in &secrets.headers {
            add(request.headers.get(*place).map(|(_, value)| value.as_slice()).unwrap_or_default(), found);
        }
        add(request.body.as_deref().unwrap_or_default(), &secrets.body);
        add(request.host.as_deref().unwrap_or_default().as_bytes(), &secrets.host);
        parts
    }

    /// Adds the patches of a part wherever it stands in the line, read through these levels of escapes.
    #[expect(clippy::unused_self, reason = "it reads beside mask_line")]
    fn find_part(&self, line: &[u8], levels: &[Decoded], part: &Part<'_>, patches: &mut Vec<Patch>) {
        let text = levels.last().map_or(line, |level| level.bytes.as_slice());
        for at in memmem::find_iter(text, part.bytes) {
            for patch in &part.patches {
                let mut end = at + patch.range.end;
                if patch.range.end == part.bytes.len() {
                    // The part may have been cut when it was read: up to what ends a field of any log.
                    let rest = text.get(end..).unwrap_or_default();
                    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\\');
                    end += rest.iter().position(ends).unwrap_or(rest.len());
                }
                let range = at + patch.range.start..end;
                let range = levels.iter().rev().fold(range, |range, level| level.origin(&range));
                patches.push(Patch { range, text: patch.text.clone() });
            }
        }
    }
}

/// In order and without overlap: the outer patch stays, and what sticks out of it is hidden with it.
fn merged(mut patches: Vec<Patch>) -> Vec<Patch> {
    patches.sort_by_key(|patch| (patch.range.start, std::cmp::Reverse(patch.range.end)));
    let mut merged: Vec<Patch> = Vec::with_capacity(patches.len());
    for patch in patches {
        match merged.last_mut() {
            Some(last) if patch.range.start < last.range.end => {
                last.range.end = last.range.end.max(patch.range.end);
            }
            _ => merged.push(patch),
        }
    }
    merged
}
