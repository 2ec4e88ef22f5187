//! Which bytes carried the verdict: those without which there is none.

use std::ops::Range;

use bartizan_model::Evidence;

use crate::Detector;
use crate::canonical::{Flags, Tracking, Wrapping, decode};
use crate::feature::tokens;
use crate::field::Field;
use crate::judge::Judged;

/// Longest field that is explained as a whole, in bytes.
const MAX_EXPLAINED: usize = 4_096;
/// Bytes around the worst window of a longer one that are looked at.
const SURROUNDINGS: usize = 512;
/// Tokens that may be marked one by one in one field.
const MAX_STEPS: usize = 24;
/// Tokens that are tried in one step.
const MAX_TRIED: usize = 10;
/// What marking a token costs beside its bytes: otherwise lone brackets would always win over words.
const FIXED_COST: usize = 2;
/// Most evidence that one mark may account for; a text in which nothing is left has minus infinity.
const MAX_WEIGHT: f64 = 8.0;
/// Unmarked bytes between two marks that are marked with them: what stands in pieces cannot be read.
const MAX_GAP: usize = 4;
/// How far a mark is drawn out so that it can be read: not at all, over a short word behind an operator, and over signs
/// before it as well.
const BARE: Reach = Reach { operand: 0, lead: 0 };
const NEAR: Reach = Reach { operand: 4, lead: 0 };
const FAR: Reach = Reach { operand: 6, lead: 2 };
/// Tokens that are marked besides when marks that are drawn out bring the verdict back; with three of them a reader has
/// more than 30 % of a field before him.
const MAX_FURTHER: usize = 1;
/// Bytes that are judged for the explanation of one field; then it is finished as well as it goes.
const MAX_WORK: usize = 96 * 1024;
/// Characters of a field's value that are shown (API.md 4.6).
const MAX_SHOWN: usize = 1_024;
/// Characters of a payload that are shown (API.md 4.5).
const MAX_PAYLOAD: usize = 100;
/// Characters of one span that are shown.
const MAX_SPAN_TEXT: usize = 200;

/// A marked half-open range of the raw bytes of a field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MarkedSpan {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Share of the field's verdict that goes with it.
    pub(crate) weight: f64,
}

impl MarkedSpan {
    /// The span as shown to people, of a field of this name.
    pub(crate) fn evidence(&self, field: &Field<'_>, name: Option<&str>) -> Evidence {
        let raw = field.value.get(self.start..self.end).unwrap_or_default();
        let text = cut(&decoded(raw, field.wrapping), MAX_SPAN_TEXT);
        let spelled = cut(&String::from_utf8_lossy(raw), MAX_SPAN_TEXT);
        let head = field.value.get(..self.start).unwrap_or_default();
        let start = utf16_len(head);
        Evidence {
            location: field.location,
            name: name.map(str::to_owned),
            start,
            end: start + utf16_len(raw),
            decoded_from: (spelled != text).then_some(spelled),
            text,
            weight: self.weight,
        }
    }
}

/// The spans whose removal brings the field below `below`, heaviest first. Each step marks the densest evidence
/// of what is still the worst text, removes it and judges again, so the claim is tested as it is made.
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
    let mut search = Search { detector, field, left: (0..field.value.len()).collect(), work: 0 };
    let mut marked: Vec<Mark> = Vec::new();
    for step in 0..MAX_STEPS {
        let value = search.remaining();
        let Some(judged) = search.judge(&value) else { break };
        if detector.score(judged.evidence) < below {
            break;
        }
        // The last chance takes the whole window.
        let last_chance = step + 1 == MAX_STEPS || search.work > MAX_WORK;
        let best = if last_chance { None } else { search.best_token(&judged, &value) };
        let range = best.unwrap_or_else(|| window(&judged, &value));
        if range.is_empty() {
            break;
        }
        let positions: Vec<usize> = search.left.drain(range).collect();
        let after = search.evidence(&search.remaining());
        marked.push(Mark { positions, weight: (judged.evidence - after).clamp(0.0, MAX_WEIGHT) });
        if last_chance {
            break;
        }
    }
    search.give_back(&mut marked, below);
    // What was added for the reader must not bring back what was removed, such as two halves of a word that now meet.
    for (reach, further) in [(NEAR, 0), (FAR, 0), (NEAR, MAX_FURTHER)] {
        if let Some(spans) = search.drawn_out(&marked, reach, further, below) {
            return spans;
        }
    }
    merge(marked.iter().filter_map(|mark| mark.span(field.value, BARE)).collect(), 0)
}

/// Bytes by which a mark may grow.
#[derive(Debug, Clone, Copy)]
struct Reach {
    /// Longest word behind a mark that does not end in one: `=` reads better as `=1`.
    operand: usize,
    /// Most signs before a mark: `/` reads better as `../`.
    lead: usize,
}

/// Raw bytes that were marked in one step.
#[derive(Debug, Clone)]
struct Mark {
    positions: Vec<usize>,
    /// How much of the evidence went with them.
    weight: f64,
}

impl Mark {
    /// Start, end and weight of the mark, drawn out within reach.
    fn span(&self, value: &[u8], reach: Reach) -> Option<(usize, usize, f64)> {
        let (start, end) = (*self.positions.first()?, *self.positions.last()? + 1);
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric();
        let is_sign = |byte: &u8| byte.is_ascii_punctuation();
        let before =
            value.get(..start)?.iter().rev().take(reach.lead).take_while(|byte| is_sign(byte)).count();
        let ends_in_word = value.get(end - 1).is_some_and(is_word);
        let word = value.get(end..)?.iter().take_while(|byte| is_word(byte)).count();
        let behind = if ends_in_word || word > reach.operand { 0 } else { word };
        Some((start - before, end + behind, self.weight))
    }
}

/// The search for the bytes without which a field is harmless.
struct Search<'a> {
    detector: &'a Detector,
    field: &'a Field<'a>,
    /// Positions in the field's value that are not marked.
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

    fn evidence(&mut self, value: &[u8]) -> f64 {
        self.work += value.len();
        self.detector.field_evidence(&Field { value, ..*self.field })
    }

    /// The token of the worst text whose removal takes away most for its length. Those that the models' own accounts
    /// name first are tried in earnest.
    fn best_token(&mut self, judged: &Judged, value: &[u8]) -> Option<Range<usize>> {
        let tokens = tokens(judged.text.bytes());
        let evidence = self.detector.byte_evidence(judged, &tokens);
        let len = judged.text.len();
        let ends = tokens.iter().skip(1).map(|token| token.start as usize).chain([len]);
        let mut candidates: Vec<(f64, Range<usize>)> = tokens
            .iter()
            .zip(ends)
            .filter_map(|(token, end)| {
                let start = token.start as usize;
                let account: f64 = evidence.get(start..end)?.iter().sum();
                let (start, end) = whole_chars(value, judged.text.origin(start, end));
                (start < end).then(|| (account / (end - start + FIXED_COST) as f64, start..end))
            })
            .collect();
        candidates.sort_by(|left, right| right.0.total_cmp(&left.0));
        let mut best: Option<(f64, Range<usize>)> = None;
        for (_, range) in candidates.into_iter().take(MAX_TRIED) {
            let parts = [value.get(..range.start), value.get(range.end..)].map(Option::unwrap_or_default);
            let drop = judged.evidence - self.evidence(&parts.concat()).max(judged.evidence - MAX_WEIGHT);
            let gain = drop / (range.len() + FIXED_COST) as f64;
            if gain > best.as_ref().map_or(0.0, |best| best.0) {
                best = Some((gain, range));
            }
        }
        best.map(|(_, range)| range)
    }

    /// The marks drawn out within reach, with at most so many further ones where what was drawn out brought the verdict
    /// back; `None` when it stays.
    fn drawn_out(
        &mut self,
        marked: &[Mark],
        reach: Reach,
        further: usize,
        below: f64,
    ) -> Option<Vec<MarkedSpan>> {
        let mut marked = marked.to_vec();
        for more in (0..=further).rev() {
            let value = self.field.value;
            let spans = merge(marked.iter().filter_map(|mark| mark.span(value, reach)).collect(), MAX_GAP);
            let is_marked = |at: &usize| spans.iter().any(|span| (span.start..span.end).contains(at));
            self.left = (0..value.len()).filter(|at| !is_marked(at)).collect();
            let rest = self.remaining();
            let Some(judged) = self.judge(&rest) else { return Some(spans) };
            if self.detector.score(judged.evidence) < below {
                return Some(spans);
            }
            if more == 0 || self.work > MAX_WORK {
                return None;
            }
            let range = self.best_token(&judged, &rest)?;
            let positions: Vec<usize> = self.left.drain(range).collect();
            let after = self.evidence(&self.remaining());
            marked.push(Mark { positions, weight: (judged.evidence - after).clamp(0.0, MAX_WEIGHT) });
        }
        None
    }

    /// Takes back marks that turn out to be needless once all others are there, the lightest first.
    fn give_back(&mut self, marked: &mut Vec<Mark>, below: f64) {
        marked.sort_by(|left, right| left.weight.total_cmp(&right.weight));
        let mut at = 0;
        while at < marked.len() && marked.len() > 1 && self.work <= MAX_WORK {
            let Some(mark) = marked.get(at) else { return };
            let mut left = self.left.clone();
            left.extend(&mark.positions);
            left.sort_unstable();
            let before = std::mem::replace(&mut self.left, left);
            let evidence = self.evidence(&self.remaining());
            if self.detector.score(evidence) < below {
                marked.remove(at);
            } else {
                self.left = before;
                at += 1;
            }
        }
    }
}

/// The worst window.
fn window(judged: &Judged, value: &[u8]) -> Range<usize> {
    let (start, end) = whole_chars(value, judged.text.origin(judged.window.start, judged.window.end));
    start..end
}

/// Spans that overlap or have at most `gap` bytes between them become one; weights become shares of 1.
fn merge(mut marked: Vec<(usize, usize, f64)>, gap: usize) -> Vec<MarkedSpan> {
    marked.sort_by_key(|(start, end, _)| (*start, *end));
    let mut spans: Vec<MarkedSpan> = Vec::new();
    for (start, end, weight) in marked {
        match spans.last_mut() {
            Some(last) if start <= last.end + gap => {
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
    let needed = spans.iter().map(|span| span.end).max().unwrap_or(0);
    // No character is longer than four bytes, so that much holds all that may be shown.
    let enough = field.value.len().min(needed + 4 * MAX_SHOWN);
    let text = String::from_utf8_lossy(field.value.get(..enough).unwrap_or_default());
    let needed_chars = if needed == 0 {
        0
    } else {
        String::from_utf8_lossy(field.value.get(..needed).unwrap_or_default()).chars().count()
    };
    let limit = MAX_SHOWN.max(needed_chars);
    let shown: String = text.chars().take(limit).collect();
    let truncated = enough < field.value.len() || shown.len() < text.len();
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
    if bytes.is_ascii() {
        return bytes.len();
    }
    String::from_utf8_lossy(bytes).encode_utf16().count()
}
