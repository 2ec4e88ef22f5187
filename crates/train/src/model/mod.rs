//! The trainers: each learns from the worst text of each example, so that what is trained is what is later judged.

mod heads;
mod linear;
mod network;

pub(crate) use heads::{CLASSES, class_row, train_heads};
pub(crate) use linear::LinearTrainer;
pub(crate) use network::NetworkTrainer;

use crate::example::Example;
use crate::rng::Rng;

/// One step of training is as large as this at least, or it is not worth its work.
const MIN_SLOPE: f32 = 1e-3;

/// The order of one pass: the examples that are not left out, shuffled.
fn order(examples: &[Example], left_out: Option<usize>, rng: &mut Rng) -> Vec<usize> {
    let mut order: Vec<usize> =
        (0..examples.len()).filter(|at| Some(examples[*at].fold) != left_out).collect();
    rng.shuffle(&mut order);
    order
}

fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}
