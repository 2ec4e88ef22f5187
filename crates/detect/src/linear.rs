//! The linear model: a window's logit is its mean evidence, and a text is as bad as its worst window.

use crate::canonical::{Flags, Leaf};
use crate::feature::{head_bucket, visit_features, visit_flags};
use crate::weights::Weights;

/// Lengths of the windows in canonical bytes. A short payload stands out in a short one, and a text no longer
/// than the longest is also judged as a whole.
const WINDOWS: [usize; 4] = [24, 48, 96, 192];

/// What a window is divided by: evidence grows slower than length, or long texts would always be the worst.
/// The constant keeps a handful of bytes from deciding.
pub fn damping(len: usize) -> f32 {
    // At most one window's length, so exact in f32.
    (len as f32 + 12.0).sqrt()
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

impl Weights {
    /// The worst window of canonical bytes with these marks.
    pub fn worst_window(&self, bytes: &[u8], flags: Flags) -> Window {
        let sums = self.running_sums(bytes);
        let mut marks = self.bias;
        visit_flags(flags, |index| marks += self.linear.get(index).copied().unwrap_or_default());
        let mut worst = Window { start: 0, end: 0, logit: f32::NEG_INFINITY };
        for (start, end) in windows(bytes.len()) {
            let (Some(before), Some(after)) = (sums.get(start), sums.get(end)) else { continue };
            let logit = marks + to_f32(after - before) / damping(end - start);
            if logit > worst.logit {
                worst = Window { start, end, logit };
            }
        }
        worst
    }

    /// Evidence of each position of a window, damped as the window is.
    pub(crate) fn evidence(&self, leaf: &Leaf, window: Window) -> Vec<f32> {
        let sums = self.running_sums(leaf.text.bytes());
        let scale = damping(window.end - window.start);
        let inside = sums.get(window.start..=window.end).unwrap_or_default();
        inside.windows(2).map(|pair| to_f32(pair[1] - pair[0]) / scale).collect()
    }

    /// Probability of each class for a window that is an attack.
    pub fn classes(&self, bytes: &[u8], window: Window) -> Vec<f64> {
        let rows = self.head_scales.len();
        let row_len = self.heads.len() / rows.max(1);
        let scale = damping(window.end - window.start);
        let mut sums = vec![0_i32; rows];
        let part = bytes.get(window.start..window.end).unwrap_or_default();
        visit_features(part, |_, index| {
            let bucket = head_bucket(index);
            for (row, sum) in sums.iter_mut().enumerate() {
                *sum += i32::from(self.heads.get(row * row_len + bucket).copied().unwrap_or_default());
            }
        });
        let logits: Vec<f64> = sums
            .iter()
            .zip(&self.head_scales)
            .zip(&self.head_biases)
            .map(|((sum, step), bias)| {
                f64::from(*bias) + f64::from(*sum) * f64::from(*step) / f64::from(scale)
            })
            .collect();
        softmax(&logits)
    }

    fn running_sums(&self, bytes: &[u8]) -> Vec<f64> {
        let mut at_position = vec![0.0_f32; bytes.len()];
        visit_features(bytes, |position, index| {
            if let (Some(sum), Some(weight)) = (at_position.get_mut(position), self.linear.get(index)) {
                *sum += weight;
            }
        });
        let mut sums = Vec::with_capacity(bytes.len() + 1);
        let mut total = 0.0_f64;
        sums.push(total);
        for evidence in at_position {
            total += f64::from(evidence);
            sums.push(total);
        }
        sums
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a sum of a few hundred weights is far inside the range of f32"
)]
fn to_f32(value: f64) -> f32 {
    value as f32
}

fn softmax(logits: &[f64]) -> Vec<f64> {
    let top = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = logits.iter().map(|logit| (logit - top).exp()).collect();
    let total: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / total).collect()
}

/// Half-overlapping windows of every length below the text's, the last one flush with its end, and the text
/// itself when it is short.
fn windows(len: usize) -> impl Iterator<Item = (usize, usize)> {
    let longest = WINDOWS.last().copied().unwrap_or_default();
    let whole = (len <= longest).then_some((0, len));
    WINDOWS
        .into_iter()
        .filter(move |width| *width < len)
        .flat_map(move |width| {
            (0..len - width)
                .step_by(width / 2)
                .chain(std::iter::once(len - width))
                .map(move |at| (at, at + width))
        })
        .chain(whole)
}
