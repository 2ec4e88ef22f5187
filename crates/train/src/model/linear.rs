//! Training of the linear model.

use bartizan_detect::{Linear, Window, damping, table_len, visit_features, visit_flags};

use super::{LeftOut, MIN_SLOPE, order, sigmoid};
use crate::example::{Example, Piece};
use crate::rng::Rng;

/// Step size of Adagrad, found on data left out.
const RATE: f32 = 0.25;
/// Pull of every touched weight towards 0.
const DECAY: f32 = 2e-5;

/// Logistic regression by Adagrad (Duchi, Hazan, Singer, 2011).
pub(crate) struct LinearTrainer {
    pub(crate) model: Linear,
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
            model: Linear { weights: vec![0.0; len], bias: 0.0 },
            squares: vec![1e-3; len],
            bias_square: 1.0,
            touched: Vec::new(),
            counts: vec![0.0; len],
            kept: vec![0.0; len],
            kept_bias: 0.0,
            kept_passes: 0.0,
        }
    }

    /// One pass over the examples outside one part, in a new order.
    pub(crate) fn epoch(&mut self, examples: &[Example], left_out: LeftOut, rng: &mut Rng) {
        for at in order(examples, left_out, rng) {
            self.step(&examples[at]);
        }
    }

    /// Lets the weights as they stand count for the average.
    pub(crate) fn keep(&mut self) {
        self.kept_passes += 1.0;
        self.kept_bias += self.model.bias;
        for (sum, weight) in self.kept.iter_mut().zip(&self.model.weights) {
            *sum += weight;
        }
    }

    /// The mean of the weights that were kept, which steadies the tail that thresholds are set in; the last ones when
    /// none were.
    pub(crate) fn averaged(mut self) -> Linear {
        if self.kept_passes > 0.0 {
            self.model.bias = self.kept_bias / self.kept_passes;
            for (weight, sum) in self.model.weights.iter_mut().zip(&self.kept) {
                *weight = sum / self.kept_passes;
            }
        }
        self.model
    }

    fn step(&mut self, example: &Example) {
        let Some((piece, window)) = worst(&self.model, example) else { return };
        let target = if example.truth.is_attack() { 1.0 } else { 0.0 };
        let slope = (sigmoid(window.logit) - target) * example.weight;
        if slope.abs() < MIN_SLOPE {
            return;
        }
        let counts = &mut self.counts;
        let touched = &mut self.touched;
        let scale = 1.0 / damping(window.end - window.start);
        let mut add = |index: usize, value: f32| {
            if counts[index] == 0.0 {
                touched.push(u32::try_from(index).unwrap_or(0));
            }
            counts[index] += value;
        };
        visit_features(&piece.bytes, piece.tokens(), |position, index| {
            if (window.start..window.end).contains(&position) {
                add(index, scale);
            }
        });
        visit_flags(piece.flags, |index| add(index, 1.0));
        for index in self.touched.drain(..) {
            let index = index as usize;
            let gradient = slope * self.counts[index] + DECAY * self.model.weights[index];
            self.counts[index] = 0.0;
            self.squares[index] += gradient * gradient;
            self.model.weights[index] -= RATE * gradient / self.squares[index].sqrt();
        }
        self.bias_square += slope * slope;
        self.model.bias -= RATE * slope / self.bias_square.sqrt();
    }
}

/// The model whose logit of a window is the mean of those of all these; there must be one at least.
pub(crate) fn mean(models: &[Linear]) -> Linear {
    let share = 1.0 / models.len() as f32;
    let sum = |index: usize| models.iter().map(|model| model.weights[index]).sum::<f32>();
    Linear {
        weights: (0..table_len()).map(|index| sum(index) * share).collect(),
        bias: models.iter().map(|model| model.bias).sum::<f32>() * share,
    }
}

/// The worst text of an example and the worst window in it.
pub(crate) fn worst<'a>(model: &Linear, example: &'a Example) -> Option<(&'a Piece, Window)> {
    let mut worst: Option<(&Piece, Window)> = None;
    for piece in &example.pieces {
        let window = model.worst_window(&piece.bytes, piece.tokens(), piece.flags);
        if worst.as_ref().is_none_or(|(_, worst)| window.logit > worst.logit) {
            worst = Some((piece, window));
        }
    }
    worst
}
