//! What the detectors wrote about a request: fields, spans, payloads and sentences.

use std::borrow::Cow;
use std::ops::Range;

use bartizan_model::{AssessedField, Assessment, Evidence, HttpRequest, Location, Verdict};

use super::Masking;
use super::decoded::plain;
use super::mark::{Hiding, MASKED, is_mark};
use super::needles::Needles;
use super::ranges::{Found, Patch, moved, patched};
use super::text::{Kind, is_secret};

/// Characters of a span that are shown.
const MAX_SPAN_CHARS: usize = 200;

/// Appended to the sentence about a threat whose evidence is hidden.
const NOTE: &str = "; the value is masked";

/// A value that spans point into, with what is hidden in it.
struct Shown<'a> {
    location: Location,
    name: Option<&'a str>,
    value: Cow<'a, str>,
    patches: Vec<Patch>,
    masked: String,
}

impl Masking {
    /// Hides secrets in what was found and decided, and says so in the sentence about it; whether anything changed.
    pub(super) fn mask_findings(
        &self,
        request: &HttpRequest,
        assessment: &mut Assessment,
        verdict: &mut Verdict,
        needles: &Needles,
    ) -> bool {
        let (old, old_verdict) = (assessment.clone(), verdict.clone());
        let mut shown: Vec<Shown<'_>> =
            old.fields.iter().map(|field| self.shown_field(field, needles)).collect();
        shown.extend(self.shown_parts(request, needles));
        let mut hidden = false;
        for (field, shown) in assessment.fields.iter_mut().zip(&shown) {
            field.value.clone_from(&shown.masked);
            self.mask_name(&mut field.name, needles);
        }
        let spans = assessment.explanation.iter_mut();
        for span in spans.chain(assessment.findings.iter_mut().flat_map(|finding| &mut finding.evidence)) {
            hidden |= self.mask_span(span, &shown, needles);
        }
        self.join_spans(&mut assessment.explanation);
        for finding in &mut assessment.findings {
            self.join_spans(&mut finding.evidence);
            self.mask_excerpt(&mut finding.details, needles);
        }
        let before = std::mem::take(&mut assessment.payload);
        assessment.payload = before.clone().map(|payload| self.payload(payload, old.fields.first(), needles));
        verdict.payload = verdict.payload.take().map(|payload| {
            if Some(&payload) == before.as_ref() {
                return assessment.payload.clone().unwrap_or_default();
            }
            let finding = old.findings.iter().zip(&assessment.findings).find_map(|(old, new)| {
                let same = old.evidence.first().is_some_and(|span| span.text == payload);
                same.then(|| new.evidence.first().map(|span| span.text.clone())).flatten()
            });
            finding.unwrap_or_else(|| self.payload(payload, None, needles))
        });
        hidden |= verdict.payload.as_deref().is_some_and(|payload| is_mark(payload.as_bytes()));
        for details in [&mut assessment.details, &mut verdict.details].into_iter().flatten() {
            self.mask_excerpt(details, needles);
            if hidden && !details.ends_with(NOTE) {
                details.push_str(NOTE);
            }
        }
        *assessment != old || *verdict != old_verdict
    }

    fn shown_field<'a>(&self, field: &'a AssessedField, needles: &Needles) -> Shown<'a> {
        let name = field.name.as_deref();
        let hiding = name.and_then(|name| self.vocabulary.find(field.location, name));
        let patches = match hiding {
            Some(hiding) if is_secret(field.value.as_bytes()) => {
                // The hash of a part would differ from that of the whole.
                let hiding = if field.truncated { Hiding::Mask } else { hiding };
                vec![Patch { range: 0..field.value.len(), text: self.mark(hiding, field.value.as_bytes()) }]
            }
            _ => self.excerpt_patches(&field.value, field.location, needles),
        };
        Shown::new(field.location, name, field.value.as_str().into(), patches)
    }

    /// Values that findings point into and that are not among the fields.
    fn shown_parts<'a>(&self, request: &'a HttpRequest, needles: &Needles) -> Vec<Shown<'a>> {
        let path = String::from_utf8_lossy(request.path());
        let found = self.vocabulary.in_path(path.as_bytes());
        let patches = self.part_patches(&path, found, needles);
        let mut parts = vec![Shown::new(Location::Path, None, path, patches)];
        for (name, value) in &request.headers {
            let value = String::from_utf8_lossy(value);
            let found = self.vocabulary.in_header(name, value.as_bytes(), false);
            let patches = self.part_patches(&value, found, needles);
            parts.push(Shown::new(Location::Header, Some(name), value, patches));
        }
        parts
    }

    /// Hides what a span shows; whether it showed a secret. Its positions follow the value that it points into.
    fn mask_span(&self, span: &mut Evidence, shown: &[Shown<'_>], needles: &Needles) -> bool {
        if span.location == Location::Behaviour {
            return false;
        }
        let sent = span.decoded_from.as_deref().unwrap_or(&span.text).trim_end_matches('…').to_owned();
        let same_place =
            |shown: &&Shown<'_>| shown.location == span.location && shown.name == span.name.as_deref();
        let bytes = |shown: &Shown<'_>| byte_range(&shown.value, span.start..span.end);
        let exact = shown.iter().filter(same_place).find(|shown| {
            bytes(shown).and_then(|range| shown.value.get(range)).is_some_and(|text| text.starts_with(&sent))
        });
        let mut touched = false;
        let named = span.name.as_deref().and_then(|name| self.vocabulary.find(span.location, name));
        match exact.or_else(|| shown.iter().find(same_place)).and_then(|shown| Some((shown, bytes(shown)?))) {
            Some((shown, range)) => {
                let (range, overlaps) = moved(&range, &shown.patches);
                span.start = utf16_len(shown.masked.get(..range.start).unwrap_or(&shown.masked));
                let text = shown.masked.get(range).unwrap_or_default();
                span.end = span.start + utf16_len(text);
                if overlaps {
                    touched = true;
                    span.text = text.chars().take(MAX_SPAN_CHARS).collect();
                    span.decoded_from = None;
                }
            }
            // The value that it pointed into is not shown.
            None if named.is_some() => (span.start, span.end) = (0, MASKED.len()),
            None => {}
        }
        if named.is_some() && !touched && is_secret(span.text.as_bytes()) {
            touched = true;
            MASKED.clone_into(&mut span.text);
            span.decoded_from = None;
        }
        touched |= self.mask_excerpt(&mut span.text, needles);
        if let Some(sent) = &mut span.decoded_from
            && self.mask_excerpt(sent, needles)
        {
            touched = true;
            if *sent == span.text {
                span.decoded_from = None;
            }
        }
        self.mask_name(&mut span.name, needles);
        touched
    }

    /// Spans that became one and the same by masking are one; their weights add up.
    #[expect(clippy::unused_self, reason = "a step of masking like the others")]
    fn join_spans(&self, spans: &mut Vec<Evidence>) {
        let mut joined: Vec<Evidence> = Vec::with_capacity(spans.len());
        for span in spans.drain(..) {
            let twin = joined.iter_mut().find(|known| {
                known.location == span.location
                    && known.name == span.name
                    && (known.start, known.end) == (span.start, span.end)
                    && known.text == span.text
                    && is_mark(span.text.as_bytes())
            });
            match twin {
                Some(known) => known.weight = (known.weight + span.weight).clamp(-1.0, 1.0),
                None => joined.push(span),
            }
        }
        *spans = joined;
    }

    /// The payload is the decoded value of the worst field, cut.
    fn payload(&self, mut payload: String, field: Option<&AssessedField>, needles: &Needles) -> String {
        let named = field.and_then(|field| {
            self.vocabulary.find(field.location, field.name.as_deref().unwrap_or_default())
        });
        if let Some(hiding) = named
            && is_secret(payload.as_bytes())
        {
            let whole = field.filter(|field| !field.truncated).map(|field| field.value.as_bytes());
            return whole.map_or(MASKED.into(), |value| self.mark(hiding, value)).into_owned();
        }
        self.mask_excerpt(&mut payload, needles);
        payload
    }

    fn mask_name(&self, name: &mut Option<String>, needles: &Needles) {
        if let Some(name) = name {
            self.mask_excerpt(name, needles);
        }
    }

    /// Hides secrets and copies of secrets, cut ones too; whether there were any.
    pub(super) fn mask_excerpt(&self, text: &mut String, needles: &Needles) -> bool {
        let patches = self.excerpt_patches(text, Location::Body, needles);
        if patches.is_empty() {
            return false;
        }
        *text = String::from_utf8_lossy(&patched(text.as_bytes(), &patches)).into_owned();
        true
    }

    fn excerpt_patches(&self, text: &str, location: Location, needles: &Needles) -> Vec<Patch> {
        let kind = if location == Location::Path { Kind::Path } else { Kind::Free };
        if is_mark(text.as_bytes()) {
            return Vec::new();
        }
        let mut found = Vec::new();
        self.vocabulary.find_in_text(text.as_bytes(), kind, &mut found);
        self.part_patches(text, found, needles)
    }

    /// What was found, and copies of what was found elsewhere.
    fn part_patches(&self, text: &str, mut found: Vec<Found>, needles: &Needles) -> Vec<Patch> {
        needles.find_in_excerpt(text.as_bytes(), &mut found);
        for one in &mut found {
            one.range = whole_chars(text, one.range.clone());
        }
        self.patches(text.as_bytes(), found)
    }

    /// What stands for a value: a mark that gives nothing away, or the keyed hash of what the value means.
    pub(super) fn mark(&self, hiding: Hiding, value: &[u8]) -> Cow<'static, str> {
        match (hiding, &self.key) {
            (Hiding::Hash, Some(key)) => super::mark::hash_mark(&key.digest(&plain(value.trim_ascii()))),
            _ => MASKED.into(),
        }
    }
}

impl<'a> Shown<'a> {
    fn new(location: Location, name: Option<&'a str>, value: Cow<'a, str>, patches: Vec<Patch>) -> Self {
        let masked = if patches.is_empty() {
            value.clone().into_owned()
        } else {
            String::from_utf8_lossy(&patched(value.as_bytes(), &patches)).into_owned()
        };
        Self { location, name, value, patches, masked }
    }
}

/// A range of UTF-16 code units as one of bytes; `None` when it reaches beyond the text.
fn byte_range(text: &str, units: Range<usize>) -> Option<Range<usize>> {
    let (mut start, mut at) = (None, 0);
    for (byte, c) in text.char_indices() {
        if at >= units.start && start.is_none() {
            start = Some(byte);
        }
        if at >= units.end {
            return Some(start?..byte);
        }
        at += c.len_utf16();
    }
    (at >= units.end).then(|| start.unwrap_or(text.len())..text.len())
}

/// The range grown so that it cuts no character.
fn whole_chars(text: &str, mut range: Range<usize>) -> Range<usize> {
    while !text.is_char_boundary(range.start) {
        range.start -= 1;
    }
    while !text.is_char_boundary(range.end) {
        range.end += 1;
    }
    range
}

fn utf16_len(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}
