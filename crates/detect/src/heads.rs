//! The class heads: which class a window is, given that it is an attack.

use crate::feature::{head_bucket, visit_features_within};
use crate::linear::Window;
use crate::window::damping;

/// Whether a line may end in a text, however that is written. Without it nothing forges a header.
pub fn may_end_a_line(text: &[u8]) -> bool {
    text.iter().any(|byte| matches!(byte, b'\n' | b'\\' | b'%'))
}

/// One row of weights per class, quantised to eight bits with one scale per row.
#[derive(Debug, Clone, PartialEq)]
pub struct Heads {
    /// `classes · 2^HEAD_BITS` weights.
    pub weights: Vec<i8>,
    /// What one step of a row is worth.
    pub scales: Vec<f32>,
    /// The logit of each class before any feature.
    pub biases: Vec<f32>,
}

impl Heads {
    /// Probability of each class for a window of a text that is an attack.
    pub fn classes(&self, bytes: &[u8], window: Window) -> Vec<f64> {
        let rows = self.scales.len();
        let row_len = self.weights.len() / rows.max(1);
        let scale = damping(window.end - window.start);
        let mut sums = vec![0_i32; rows];
        let mut buckets = Vec::with_capacity((window.end - window.start) * 7);
        visit_features_within(bytes, window.start..window.end, |index| {
            buckets.push(head_bucket(index));
        });
        for (sum, row) in sums.iter_mut().zip(self.weights.chunks_exact(row_len.max(1))) {
            *sum =
                buckets.iter().filter_map(|bucket| row.get(*bucket)).map(|weight| i32::from(*weight)).sum();
        }
        let logits: Vec<f64> = sums
            .iter()
            .zip(&self.scales)
            .zip(&self.biases)
            .map(|((sum, step), bias)| {
                f64::from(*bias) + f64::from(*sum) * f64::from(*step) / f64::from(scale)
            })
            .collect();
        softmax(&logits)
    }
}

fn softmax(logits: &[f64]) -> Vec<f64> {
    let top = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = logits.iter().map(|logit| (logit - top).exp()).collect();
    let total: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / total).collect()
}
