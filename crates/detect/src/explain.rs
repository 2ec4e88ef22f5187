//! Which bytes carried the verdict: those without which there is none.

use std::ops::Range;

use bartizan_model::Evidence;

use crate::Detector;
use crate::canonical::{Flags, Tracking, Wrapping, decode};
use crate::field::Field;
use crate::judge::Judged;

/// Longest field that is explained as a whole, in bytes.
const MAX_EXPLAINED: usize = 4_096;
/// Bytes around the worst window of a longer one that are looked at.
const SURROUNDINGS: usize = 512;
/// Lengths that are tried for a span, in canonical bytes.
const SPAN_LENGTHS: [usize; 5] = [4, 8, 14, 24, 40];
/// Shortest span that the ends of longer ones are cut to, and the smallest cut, in bytes: a lone quote explains nothing.
const MIN_SPAN: usize = 4;
const MIN_STEP: usize = 2;
/// Bytes that are judged for the explanation of one field; then it is finished as well as it goes.
const MAX_WORK: usize = 96 * 1024;
/// Spans marked in one field.
const MAX_SPANS: usize = 8;
/// Characters of a field's value that are shown (API.md 4.6).
const MAX_SHOWN: usize = 1_024;
/// Characters of a payload that are shown (API.md 4.5).
const MAX_PAYLOAD: usize = 100;
/// Characters of one span that are shown.
const MAX_SPAN_TEXT: usize = 200;
/// Canonical bytes between two pieces of evidence that are still marked as one.
const BRIDGE: usize = 6;

/// A marked half-open range of the raw bytes of a field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MarkedSpan {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Share of the verdict that goes with it.
    pub(crate) weight: f64,
}

impl MarkedSpan {
    /// The span as shown to people.
    pub(crate) fn evidence(&self, field: &Field<'_>) -> Evidence {
        let raw = field.value.get(self.start..self.end).unwrap_or_default();
        let text = cut(&decoded(raw, field.wrapping), MAX_SPAN_TEXT);
        let spelled = cut(&String::from_utf8_lossy(raw), MAX_SPAN_TEXT);
        let head = field.value.get(..self.start).unwrap_or_default();
        let start = utf16_len(head);
        Evidence {
            location: field.location,
            name: field.name_text(),
            start,
            end: start + utf16_len(raw),
            decoded_from: (spelled != text).then_some(spelled),
            text,
            weight: self.weight,
        }
    }
}

/// The spans whose removal brings the field below `below`, heaviest first. Each step marks the densest evidence
/// of what is still the worst window, removes it and judges again, so the claim is tested as it is made.
///
/// In a long field only the surroundings of the worst window are looked at: judging a megabyte a dozen times over
/// would be a gift to attackers.
pub(crate) fn spans(detector: &Detector, field: &Field<'_>, judged: &Judged, below: f64) -> Vec<MarkedSpan> {
    if field.value.len() <= MAX_EXPLAINED {
        return spans_of(detector, field, below);
    }
    let (start, end) = judged.text.origin(judged.window.start, judged.window.end);
    let (start, end) = (start.saturating_sub(SURROUNDINGS), (end + SURROUNDINGS).min(field.value.len()));
    let (start, end) = whole_chars(field.value, (start, end.min(start + MAX_EXPLAINED)));
    let excerpt = field.value.get(start..end).unwrap_or_default();
    let mut spans = spans_of(detector, &Field { value: excerpt, ..*field }, below);
    for span in &mut spans {
        span.start += start;
        span.end += start;
    }
    spans
}

fn spans_of(detector: &Detector, field: &Field<'_>, below: f64) -> Vec<MarkedSpan> {
    let mut search = Search { detector, field, below, left: (0..field.value.len()).collect(), work: 0 };
    let mut marked: Vec<(usize, usize, f64)> = Vec::new();
    for step in 0..MAX_SPANS {
        let value = search.remaining();
        let Some(judged) = search.judge(&value) else { break };
        let score = detector.score(&judged);
        if score < below {
            break;
        }
        // The last chance takes the whole window.
        let last_chance = step + 1 == MAX_SPANS || search.work > MAX_WORK;
        let range = if last_chance { whole(&judged, &value) } else { search.smallest(&judged, &value) };
        if range.is_empty() {
            break;
        }
        let removed: Vec<usize> = search.left.drain(range).collect();
        let after = search.score(&search.remaining());
        let first = removed.first().copied().unwrap_or_default();
        let last = removed.last().copied().unwrap_or_default();
        marked.push((first, last + 1, (score - after).max(0.0)));
        if after < below || last_chance {
            break;
        }
    }
    search.shrink(&mut marked);
    merge(marked)
}

/// The search for the bytes without which a field is harmless.
struct Search<'a> {
    detector: &'a Detector,
    field: &'a Field<'a>,
    below: f64,
    /// Positions in the field's value that are not marked yet.
    left: Vec<usize>,
    /// Bytes judged so far.
    work: usize,
}

impl Search<'_> {
    fn remaining(&self) -> Vec<u8> {
        self.left.iter().filter_map(|at| self.field.value.get(*at).copied()).collect()
    }

    fn judge(&mut self, value: &[u8]) -> Option<Judged> {
        self.work += value.len();
        self.detector.judge_field(&Field { value, ..*self.field })
    }

    fn score(&mut self, value: &[u8]) -> f64 {
        self.work += value.len();
        self.detector.field_score(&Field { value, ..*self.field })
    }

    /// Takes back what was marked at the ends of spans without need.
    fn shrink(&mut self, marked: &mut [(usize, usize, f64)]) {
        for at in 0..marked.len() {
            for from_start in [true, false] {
                let length = |span: &(usize, usize, f64)| span.1 - span.0;
                let mut step = marked.get(at).map_or(0, length) / 2;
                while step >= MIN_STEP && self.work <= MAX_WORK {
                    let Some(before) = marked.get(at).copied() else { return };
                    if length(&before) < step + MIN_SPAN {
                        step /= 2;
                        continue;
                    }
                    let narrower = if from_start {
                        (before.0 + step, before.1, before.2)
                    } else {
                        (before.0, before.1 - step, before.2)
                    };
                    if let Some(span) = marked.get_mut(at) {
                        *span = narrower;
                    }
                    let whole = whole_chars(self.field.value, (narrower.0, narrower.1));
                    let cuts_a_char = whole != (narrower.0, narrower.1);
                    if cuts_a_char || self.score(&self.without(marked)) >= self.below {
                        if let Some(span) = marked.get_mut(at) {
                            *span = before;
                        }
                        step /= 2;
                    }
                }
            }
        }
    }

    /// The value without the marked bytes.
    fn without(&self, marked: &[(usize, usize, f64)]) -> Vec<u8> {
        let is_marked = |at: usize| marked.iter().any(|(start, end, _)| (*start..*end).contains(&at));
        let kept = self.field.value.iter().enumerate().filter(|(at, _)| !is_marked(*at));
        kept.map(|(_, byte)| *byte).collect()
    }

    /// The shortest range of the value, of a few lengths tried, without which it is harmless; the one with most of the
    /// evidence when none is short enough.
    fn smallest(&mut self, judged: &Judged, value: &[u8]) -> Range<usize> {
        let evidence = self.detector.byte_evidence(judged);
        let (start, end) = densest(&evidence);
        let all = raw_range(judged, value, (start, end));
        for length in SPAN_LENGTHS.into_iter().take_while(|length| *length < end - start) {
            let range = raw_range(judged, value, heaviest(&evidence, length));
            let rest =
                [value.get(..range.start), value.get(range.end..)].map(Option::unwrap_or_default).concat();
            if self.work > MAX_WORK {
                break;
            }
            if !range.is_empty() && range.len() < all.len() && self.score(&rest) < self.below {
                return range;
            }
        }
        all
    }
}

/// The worst window.
fn whole(judged: &Judged, value: &[u8]) -> Range<usize> {
    let (start, end) = whole_chars(value, judged.text.origin(judged.window.start, judged.window.end));
    start..end
}

/// The range with the largest sum.
fn densest(evidence: &[f64]) -> (usize, usize) {
    let mut best = (0, 0, f64::NEG_INFINITY);
    let mut start = 0;
    let mut sum = 0.0;
    for (at, value) in evidence.iter().enumerate() {
        if sum <= 0.0 {
            start = at;
            sum = 0.0;
        }
        sum += value;
        if sum > best.2 {
            best = (start, at + 1, sum);
        }
    }
    (best.0, best.1)
}

/// The range of a length with the largest sum.
fn heaviest(evidence: &[f64], length: usize) -> (usize, usize) {
    let mut best = (0, f64::NEG_INFINITY);
    for (start, window) in evidence.windows(length).enumerate() {
        let sum: f64 = window.iter().sum();
        if sum > best.1 {
            best = (start, sum);
        }
    }
    (best.0, best.0 + length)
}

/// The raw bytes of a canonical range, grown to whole words and characters.
fn raw_range(judged: &Judged, value: &[u8], (start, end): (usize, usize)) -> Range<usize> {
    let bytes = judged.text.bytes();
    let is_word = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let (mut start, mut end) = (start, end);
    let limit = start.saturating_sub(BRIDGE);
    while start > limit && is_word(start) && is_word(start - 1) {
        start -= 1;
    }
    let limit = end + BRIDGE;
    while end < limit && end < bytes.len() && is_word(end - 1) && is_word(end) {
        end += 1;
    }
    let (start, end) = whole_chars(value, judged.text.origin(start, end.max(start + 1).min(bytes.len())));
    start..end
}

/// Overlapping and touching spans become one; weights become shares of 1.
fn merge(mut marked: Vec<(usize, usize, f64)>) -> Vec<MarkedSpan> {
    marked.sort_by_key(|(start, end, _)| (*start, *end));
    let mut spans: Vec<MarkedSpan> = Vec::new();
    for (start, end, weight) in marked {
        match spans.last_mut() {
            Some(last) if start <= last.end => {
                last.end = last.end.max(end);
                last.weight += weight;
            }
            _ => spans.push(MarkedSpan { start, end, weight }),
        }
    }
    let total: f64 = spans.iter().map(|span| span.weight).sum();
    let count = spans.len() as f64;
    for span in &mut spans {
        span.weight = if total > 0.0 { (span.weight / total).min(1.0) } else { 1.0 / count };
    }
    spans.sort_by(|left, right| right.weight.total_cmp(&left.weight));
    spans
}

/// The range grown so that it cuts no UTF-8 character in two.
fn whole_chars(value: &[u8], (mut start, mut end): (usize, usize)) -> (usize, usize) {
    let inside = |at: usize| value.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
    for _ in 0..3 {
        if start > 0 && inside(start) {
            start -= 1;
        }
        if inside(end) {
            end += 1;
        }
    }
    (start, end.min(value.len()))
}

/// The raw value for people, cut so that it still holds every span; positions in it never shift, so a value whose
/// spans lie far in is shown from its start up to the last span.
pub(crate) fn shown_value(field: &Field<'_>, spans: &[MarkedSpan]) -> (String, bool) {
    let text = String::from_utf8_lossy(field.value);
    let needed = spans.iter().map(|span| span.end).max().unwrap_or(0);
    let needed_chars = String::from_utf8_lossy(field.value.get(..needed).unwrap_or_default()).chars().count();
    let limit = MAX_SHOWN.max(needed_chars);
    let shown: String = text.chars().take(limit).collect();
    let truncated = shown.len() < text.len();
    (shown, truncated)
}

/// The field decoded and cut, for lists.
pub(crate) fn payload(field: &Field<'_>) -> String {
    let head = field.value.get(..field.value.len().min(16 * MAX_PAYLOAD)).unwrap_or_default();
    cut(&decoded(head, field.wrapping), MAX_PAYLOAD)
}

fn decoded(raw: &[u8], wrapping: Wrapping) -> String {
    let text = decode(raw, wrapping, Tracking::Off, &mut Flags::default());
    String::from_utf8_lossy(text.bytes()).into_owned()
}

pub(crate) fn cut(text: &str, max_chars: usize) -> String {
    let mut shown: String = text.chars().take(max_chars).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

fn utf16_len(bytes: &[u8]) -> usize {
    String::from_utf8_lossy(bytes).encode_utf16().count()
}
