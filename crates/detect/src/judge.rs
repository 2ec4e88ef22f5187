//! One field to its worst text: what both models say of it.

use crate::canonical::{Flags, Leaf, Tracking, leaves};
use crate::feature::{Token, is_calm, marks, tokens_into};
use crate::field::{Field, is_filler};
use crate::linear::Window;
use crate::network::TokenWindow;
use crate::weights::Weights;
use crate::{Calibration, Text};

/// Where in a field the worst was found, and how bad it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Worst {
    /// What both models and the place together say, before it becomes a score.
    pub(crate) evidence: f64,
    /// Which of the field's texts, in the order of [`leaves`].
    leaf: usize,
    window: Window,
    token_window: Option<TokenWindow>,
}

/// The worst text of a field.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    /// What both models and the place together say, before it becomes a score.
    pub(crate) evidence: f64,
    pub(crate) text: Text,
    flags: Flags,
    pub(crate) window: Window,
    pub(crate) token_window: Option<TokenWindow>,
}

/// Buffers that one assessment after another uses.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    tokens: Vec<Token>,
    sums: Vec<f64>,
}

/// The evidence of a text in which there is nothing to judge.
const NOTHING: f64 = f64::NEG_INFINITY;

/// Longest text without a letter or digit that says nothing by itself, in bytes.
const MAX_TRIVIAL: usize = 4;

/// Longest text that is decoded again to be explained, in bytes.
const LONG: usize = 64 * 1024;

/// `{}`, `*/*`, `--`: what stands where a value is missing. Quotes, brackets of markup and what shells, templates and
/// filters of directories read are not among it, nor a path to every node of a document.
fn is_trivial(bytes: &[u8]) -> bool {
    bytes.len() <= MAX_TRIVIAL
        && bytes.iter().all(|byte| b"{}[]():;,-_*/+=!?#~|&. \n".contains(byte))
        && !bytes.windows(2).any(|pair| matches!(pair, b".." | b")(" | b"*)" | b"*|" | b"*("))
        && bytes != b"//*"
}

/// The worst of a field, as far as it was worth keeping.
#[derive(Debug, Clone)]
pub(crate) enum Found {
    /// Where it stands; the text is decoded again should anybody ask.
    Place(Worst),
    /// The text itself.
    Text(Box<Judged>),
}

impl Found {
    pub(crate) fn evidence(&self) -> f64 {
        match self {
            Self::Place(worst) => worst.evidence,
            Self::Text(judged) => judged.evidence,
        }
    }

    /// The text in which it was found: the way back to the raw bytes is worth its cost only now, and nothing is
    /// judged again.
    pub(crate) fn unfold(self, field: &Field<'_>) -> Option<Judged> {
        match self {
            Self::Place(worst) => unfold(leaves(field.value, field.wrapping, Tracking::On), worst),
            Self::Text(judged) => Some(*judged),
        }
    }
}

fn unfold(leaves: Vec<Leaf>, worst: Worst) -> Option<Judged> {
    let Leaf { text, flags } = leaves.into_iter().nth(worst.leaf)?;
    let Worst { evidence, window, token_window, .. } = worst;
    Some(Judged { evidence, text, flags, window, token_window })
}

impl Weights {
    /// Whether a canonical text is innocent before any model is asked: it bears no mark, and it is a lone word, trivial,
    /// or made of tokens that say nothing.
    pub fn skips(bytes: &[u8], tokens: &[Token], flags: Flags) -> bool {
        // A lone word may be anything that an interpreter knows, and does nothing.
        let word = tokens.len() == 1 && bytes.iter().all(u8::is_ascii_lowercase);
        flags == Flags::NONE
            && (word || tokens.iter().all(|token| is_calm(*token)) || is_trivial(bytes))
            && !is_filler(bytes)
    }

    /// The worst of a field; `None` when the field is plain or holds nothing.
    pub(crate) fn worst(
        &self,
        calibration: &Calibration,
        field: &Field<'_>,
        scratch: &mut Scratch,
    ) -> Option<Found> {
        if field.is_plain() {
            return None;
        }
        // Decoding a long text a second time costs more than tracking it the first.
        let tracking = if field.value.len() > LONG { Tracking::On } else { Tracking::Off };
        let leaves = leaves(field.value, field.wrapping, tracking);
        let worst = self.worst_of(calibration, field, &leaves, scratch)?;
        match tracking {
            Tracking::Off => Some(Found::Place(worst)),
            Tracking::On => unfold(leaves, worst).map(|judged| Found::Text(Box::new(judged))),
        }
    }

    fn worst_of(
        &self,
        calibration: &Calibration,
        field: &Field<'_>,
        leaves: &[Leaf],
        scratch: &mut Scratch,
    ) -> Option<Worst> {
        let mut worst: Option<Worst> = None;
        for (leaf, Leaf { text, flags }) in leaves.iter().enumerate() {
            tokens_into(text.bytes(), &mut scratch.tokens);
            let (evidence, window, token_window) = self.windows(calibration, text.bytes(), *flags, scratch);
            let evidence = evidence + calibration.of_place(field.location, text.bytes());
            if evidence > worst.map_or(NOTHING, |worst| worst.evidence) {
                worst = Some(Worst { evidence, leaf, window, token_window });
            }
        }
        worst
    }

    /// What both models say about a text whose tokens are in the scratch; its marks are put behind them.
    fn windows(
        &self,
        calibration: &Calibration,
        bytes: &[u8],
        flags: Flags,
        scratch: &mut Scratch,
    ) -> (f64, Window, Option<TokenWindow>) {
        if Self::skips(bytes, &scratch.tokens, flags) {
            return (NOTHING, Window { start: 0, end: 0, logit: f32::NEG_INFINITY }, None);
        }
        let window = self.linear.worst_window_with(bytes, &scratch.tokens, flags, &mut scratch.sums);
        scratch.tokens.extend(marks(flags, bytes.len()));
        let token_window = self.network.worst_window(&scratch.tokens);
        let network = token_window.map_or(f64::NEG_INFINITY, |window| f64::from(window.logit));
        (calibration.evidence(f64::from(window.logit), network), window, token_window)
    }

    /// The worst text of a field with all that explains it; `None` when the field is plain or holds nothing.
    pub(crate) fn judge_field(&self, calibration: &Calibration, field: &Field<'_>) -> Option<Judged> {
        if field.is_plain() {
            return None;
        }
        let leaves = leaves(field.value, field.wrapping, Tracking::On);
        let worst = self.worst_of(calibration, field, &leaves, &mut Scratch::default())?;
        unfold(leaves, worst)
    }

    /// What each canonical byte of the worst text, which has these tokens, added to the evidence.
    pub(crate) fn byte_evidence(
        &self,
        calibration: &Calibration,
        judged: &Judged,
        tokens: &[Token],
    ) -> Vec<f64> {
        let bytes = judged.text.bytes();
        let mut evidence = vec![0.0; bytes.len()];
        let unit = |tail: crate::Tail| 0.5 / (tail.high - tail.low);
        let linear = self.linear.evidence(bytes, tokens, judged.window);
        for (at, value) in (judged.window.start..).zip(linear) {
            if let Some(sum) = evidence.get_mut(at) {
                *sum += f64::from(value) * unit(calibration.linear);
            }
        }
        let Some(window) = judged.token_window else { return evidence };
        let tokens: Vec<Token> = tokens.iter().copied().chain(marks(judged.flags, bytes.len())).collect();
        for (token, value) in (window.start..).zip(self.network.evidence(&tokens, window)) {
            // A mark stands behind the last byte, and no byte answers for it.
            let start = tokens.get(token).map_or(bytes.len(), |token| token.start as usize);
            let end = tokens.get(token + 1).map_or(bytes.len(), |next| next.start as usize);
            let share = f64::from(value) * unit(calibration.network) / (end - start).max(1) as f64;
            for sum in evidence.get_mut(start..end).unwrap_or_default() {
                *sum += share;
            }
        }
        evidence
    }
}
