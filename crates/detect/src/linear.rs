//! The linear model: a window's logit is its damped evidence, and a text is as bad as its worst window.

use std::ops::Range;

use crate::canonical::Flags;
use crate::feature::{Token, add_grams, tokens, visit_flags, visit_tokens_within};
use crate::window::{byte_windows, damping, segments};

/// Bytes that are kept on both sides of what carries a window's evidence.
const CORE_EDGE: usize = 4;

/// One weight per feature: hashed n-grams of bytes and of tokens, and marks.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    /// The weights, in the order of [`crate::table_len`].
    pub weights: Vec<f32>,
    /// The logit of nothing at all.
    pub bias: f32,
}

/// The worst window of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// First canonical byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Uncalibrated evidence; 0 is undecided.
    pub logit: f32,
}

impl Linear {
    /// The worst window of canonical bytes with these marks.
    pub fn worst_window(&self, bytes: &[u8], tokens: &[Token], flags: Flags) -> Window {
        self.worst_window_with(bytes, tokens, flags, &mut Vec::new())
    }

    /// The same with a buffer to be used again.
    pub(crate) fn worst_window_with(
        &self,
        bytes: &[u8],
        tokens: &[Token],
        flags: Flags,
        sums: &mut Vec<f64>,
    ) -> Window {
        let mut marks = self.bias;
        visit_flags(flags, |index| marks += self.weights.get(index).copied().unwrap_or_default());
        let mut worst = Window { start: 0, end: 0, logit: f32::NEG_INFINITY };
        for segment in segments(bytes.len()) {
            self.running_sums(bytes, tokens, segment.clone(), sums);
            for (start, end, damping) in byte_windows(bytes.len(), segment.clone()) {
                let sum_at = |position: usize| sums.get(position - segment.start);
                let (Some(before), Some(after)) = (sum_at(start), sum_at(end)) else { continue };
                let logit = marks + to_f32(after - before) / damping;
                if logit > worst.logit {
                    worst = Window { start, end, logit };
                }
            }
        }
        worst
    }

    /// Evidence of each position of a window, damped as the window is.
    pub(crate) fn evidence(&self, bytes: &[u8], tokens: &[Token], window: Window) -> Vec<f32> {
        let mut sums = Vec::new();
        self.running_sums(bytes, tokens, window.start..window.end, &mut sums);
        let scale = damping(window.end - window.start);
        sums.windows(2).map(|pair| to_f32(pair[1] - pair[0]) / scale).collect()
    }

    /// The part of a window that carries its evidence, with a little around it: what stands beside a payload says nothing
    /// of its class. It is the run of bytes with the greatest sum (Kadane), or the window itself where none speaks for an attack.
    pub fn core(&self, bytes: &[u8], window: Window) -> Window {
        let inside = bytes.get(window.start..window.end).unwrap_or_default();
        let whole = Window { start: 0, end: inside.len(), ..window };
        let evidence = self.evidence(inside, &tokens(inside), whole);
        let (mut best, mut best_sum) = (0..0, 0.0_f32);
        let (mut start, mut sum) = (0, 0.0_f32);
        for (at, value) in evidence.iter().enumerate() {
            if sum <= 0.0 {
                (start, sum) = (at, 0.0);
            }
            sum += value;
            if sum > best_sum {
                (best, best_sum) = (start..at + 1, sum);
            }
        }
        if best.is_empty() {
            return window;
        }
        let end = (window.start + best.end + CORE_EDGE).min(window.end);
        Window { start: window.start + best.start.saturating_sub(CORE_EDGE), end, ..window }
    }

    /// The evidence between the start of a range and each of its positions, and of all of it.
    fn running_sums(&self, bytes: &[u8], tokens: &[Token], range: Range<usize>, sums: &mut Vec<f64>) {
        sums.clear();
        sums.resize(range.len() + 1, 0.0);
        let inside = sums.get_mut(1..).unwrap_or_default();
        add_grams(&self.weights, bytes, range.clone(), inside);
        visit_tokens_within(tokens, range.clone(), |position, index| {
            if let (Some(sum), Some(weight)) =
                (inside.get_mut(position - range.start), self.weights.get(index))
            {
                *sum += f64::from(*weight);
            }
        });
        let mut total = 0.0;
        for sum in sums.iter_mut() {
            total += *sum;
            *sum = total;
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a sum of a few hundred weights is far inside the range of f32"
)]
fn to_f32(value: f64) -> f32 {
    value as f32
}
