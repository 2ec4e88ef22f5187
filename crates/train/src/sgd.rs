//! Training of the linear model and of the class heads.

use bartizan_detect::{HEAD_BITS, Weights, damping, table_len, visit_features, visit_flags};
use bartizan_model::ThreatClass;

use crate::example::Example;
use crate::rng::Rng;

/// The classes that the heads tell apart.
pub(crate) const CLASSES: [ThreatClass; 14] = [
    ThreatClass::SqlInjection,
    ThreatClass::Xss,
    ThreatClass::PathTraversal,
    ThreatClass::FileInclusion,
    ThreatClass::CommandInjection,
    ThreatClass::CodeInjection,
    ThreatClass::TemplateInjection,
    ThreatClass::ExpressionInjection,
    ThreatClass::Deserialization,
    ThreatClass::Ssrf,
    ThreatClass::Xxe,
    ThreatClass::Nosql,
    ThreatClass::LdapXpath,
    ThreatClass::HeaderInjection,
];

/// Step size of Adagrad, found on held-out data.
const RATE: f32 = 0.25;
/// Pull of every touched weight towards 0.
const DECAY: f32 = 2e-5;

/// Logistic regression by Adagrad (Duchi, Hazan, Singer, 2011) on the worst window of each text, so that what is
/// trained is what is later judged.
pub(crate) struct LinearTrainer {
    pub(crate) weights: Weights,
    squares: Vec<f32>,
    bias_square: f32,
    touched: Vec<u32>,
    counts: Vec<f32>,
    /// Sums over the passes that were kept, and how many there are.
    kept: Vec<f32>,
    kept_bias: f32,
    kept_passes: f32,
}

impl LinearTrainer {
    pub(crate) fn new() -> Self {
        let len = table_len();
        Self {
            weights: Weights {
                linear: vec![0.0; len],
                bias: 0.0,
                heads: vec![0; CLASSES.len() << HEAD_BITS],
                head_scales: vec![1.0; CLASSES.len()],
                head_biases: vec![0.0; CLASSES.len()],
            },
            squares: vec![1e-3; len],
            bias_square: 1.0,
            touched: Vec::new(),
            counts: vec![0.0; len],
            kept: vec![0.0; len],
            kept_bias: 0.0,
            kept_passes: 0.0,
        }
    }

    /// One pass over the examples that are not held out, in a new order; the mean loss.
    pub(crate) fn epoch(&mut self, examples: &[Example], rng: &mut Rng) -> f64 {
        let mut order: Vec<usize> = (0..examples.len()).filter(|at| !examples[*at].held_out).collect();
        rng.shuffle(&mut order);
        let mut loss = 0.0;
        for at in &order {
            loss += f64::from(self.step(&examples[*at]));
        }
        loss / (order.len().max(1)) as f64
    }

    /// Lets the weights as they stand count for the average.
    pub(crate) fn keep(&mut self) {
        self.kept_passes += 1.0;
        self.kept_bias += self.weights.bias;
        for (sum, weight) in self.kept.iter_mut().zip(&self.weights.linear) {
            *sum += weight;
        }
    }

    /// The mean of the weights that were kept; the last ones when none were.
    pub(crate) fn averaged(mut self) -> Weights {
        if self.kept_passes > 0.0 {
            self.weights.bias = self.kept_bias / self.kept_passes;
            for (weight, sum) in self.weights.linear.iter_mut().zip(&self.kept) {
                *weight = sum / self.kept_passes;
            }
        }
        self.weights
    }

    fn step(&mut self, example: &Example) -> f32 {
        let window = self.weights.worst_window(&example.bytes, example.flags);
        if window.logit == f32::NEG_INFINITY {
            return 0.0;
        }
        let probability = 1.0 / (1.0 + (-window.logit).exp());
        let target = if example.truth.is_attack() { 1.0 } else { 0.0 };
        let slope = (probability - target) * example.weight;
        if slope.abs() > 1e-3 {
            let part = &example.bytes[window.start..window.end];
            let counts = &mut self.counts;
            let touched = &mut self.touched;
            let scale = 1.0 / damping(part.len());
            let mut add = |index: usize, value: f32| {
                if counts[index] == 0.0 {
                    touched.push(u32::try_from(index).unwrap_or(0));
                }
                counts[index] += value;
            };
            visit_features(part, |_, index| add(index, scale));
            visit_flags(example.flags, |index| add(index, 1.0));
            for index in self.touched.drain(..) {
                let index = index as usize;
                let gradient = slope * self.counts[index] + DECAY * self.weights.linear[index];
                self.counts[index] = 0.0;
                self.squares[index] += gradient * gradient;
                self.weights.linear[index] -= RATE * gradient / self.squares[index].sqrt();
            }
            self.bias_square += slope * slope;
            self.weights.bias -= RATE * slope / self.bias_square.sqrt();
        }
        let right = if target > 0.5 { probability } else { 1.0 - probability };
        -right.max(1e-6).ln() * example.weight
    }
}

/// Trains the class heads on the worst windows of the attacks whose class is known, and quantises them.
pub(crate) fn train_heads(weights: &mut Weights, examples: &[Example], rng: &mut Rng) {
    let rows = CLASSES.len();
    let width = 1_usize << HEAD_BITS;
    let mut table = vec![0.0_f32; rows * width];
    let mut squares = vec![1e-2_f32; rows * width];
    let mut biases = vec![0.0_f32; rows];
    let mut totals = vec![0_usize; rows];
    let known: Vec<(usize, usize)> = examples
        .iter()
        .enumerate()
        .filter(|(_, example)| !example.held_out)
        .filter_map(|(at, example)| class_row(example).map(|row| (at, row)))
        .collect();
    for (_, row) in &known {
        totals[*row] += 1;
    }
    for _ in 0..3 {
        let mut order = known.clone();
        rng.shuffle(&mut order);
        for (at, truth) in order {
            let example = &examples[at];
            let window = weights.worst_window(&example.bytes, example.flags);
            let part = &example.bytes[window.start..window.end];
            let scale = 1.0 / damping(part.len());
            let mut features = Vec::with_capacity(part.len() * 6);
            visit_features(part, |_, index| features.push(index & (width - 1)));
            let mut logits = biases.clone();
            for bucket in &features {
                for (row, logit) in logits.iter_mut().enumerate() {
                    *logit += table[row * width + bucket] * scale;
                }
            }
            let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let powers: Vec<f32> = logits.iter().map(|logit| (logit - top).exp()).collect();
            let total: f32 = powers.iter().sum();
            // Thin classes count for more, within reason.
            let weight = (known.len() as f32 / (rows as f32 * totals[truth] as f32)).sqrt().clamp(0.3, 4.0);
            for (row, power) in powers.iter().enumerate() {
                let slope = (power / total - if row == truth { 1.0 } else { 0.0 }) * weight;
                if slope.abs() < 1e-3 {
                    continue;
                }
                biases[row] -= 0.01 * slope;
                let gradient = slope * scale;
                for bucket in &features {
                    let at = row * width + bucket;
                    squares[at] += gradient * gradient;
                    table[at] -= 0.2 * gradient / squares[at].sqrt();
                }
            }
        }
    }
    for row in 0..rows {
        let values = &table[row * width..(row + 1) * width];
        let largest = values.iter().fold(1e-6_f32, |largest, value| largest.max(value.abs()));
        let step = largest / 127.0;
        weights.head_scales[row] = step;
        weights.head_biases[row] = biases[row];
        for (target, value) in weights.heads[row * width..(row + 1) * width].iter_mut().zip(values) {
            *target = quantise(value / step);
        }
    }
}

pub(crate) fn class_row(example: &Example) -> Option<usize> {
    let class = example.truth.class()?;
    CLASSES.iter().position(|known| *known == class)
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range of i8 just before")]
fn quantise(value: f32) -> i8 {
    value.round().clamp(-127.0, 127.0) as i8
}
