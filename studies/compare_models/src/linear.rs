//! The shipped linear model's features, learnt from the same samples as the networks.

use bartizan_detect::{Linear, damping, table_len, visit_features, visit_flags};

use crate::data::Sample;
use crate::rng::Rng;

/// Step size and decay of `bartizan train`.
const RATE: f32 = 0.25;
const DECAY: f32 = 2e-5;

/// Logistic regression on the worst window by Adagrad.
pub(crate) fn train(samples: &[Sample], epochs: usize, rng: &mut Rng) -> Linear {
    let mut model = Linear { weights: vec![0.0; table_len()], bias: 0.0 };
    let mut squares = vec![1e-3_f32; table_len()];
    let mut bias_square = 1.0_f32;
    for _ in 0..epochs {
        let mut order: Vec<&Sample> = samples.iter().collect();
        rng.shuffle(&mut order);
        for Sample { piece, is_attack } in order {
            let window = model.worst_window(&piece.bytes, &piece.tokens, piece.flags);
            let slope = 1.0 / (1.0 + (-window.logit).exp()) - if *is_attack { 1.0 } else { 0.0 };
            let mut features: Vec<(usize, f32)> = Vec::new();
            let share = 1.0 / damping(window.end - window.start);
            visit_features(&piece.bytes, &piece.tokens, |position, index| {
                if (window.start..window.end).contains(&position) {
                    features.push((index, share));
                }
            });
            visit_flags(piece.flags, |index| features.push((index, 1.0)));
            features.sort_unstable_by_key(|(index, _)| *index);
            for same in features.chunk_by(|left, right| left.0 == right.0) {
                let index = same[0].0;
                let value: f32 = same.iter().map(|(_, value)| value).sum();
                let gradient = slope * value + DECAY * model.weights[index];
                squares[index] += gradient * gradient;
                model.weights[index] -= RATE * gradient / squares[index].sqrt();
            }
            bias_square += slope * slope;
            model.bias -= RATE * slope / bias_square.sqrt();
        }
    }
    model
}
