//! The trainers: each learns from the worst text of each example, so that what is trained is what is later judged.

mod heads;
mod linear;
mod network;

pub(crate) use heads::{CLASSES, class_row, train_heads};
pub(crate) use linear::{LinearTrainer, mean};
pub(crate) use network::{MEMBERS, Member, NetworkTrainer};

use crate::example::Example;
use crate::rng::Rng;

/// One step of training is as large as this at least, or it is not worth its work.
const MIN_SLOPE: f32 = 1e-3;

/// What a model does not learn from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LeftOut {
    /// The part that it will judge.
    pub(crate) fold: Option<usize>,
    /// Whether the broad kinds of attack are left out.
    pub(crate) broad: bool,
}

impl LeftOut {
    fn holds(self, example: &Example) -> bool {
        self.fold == Some(example.fold) || (self.broad && example.is_broad)
    }
}

/// The order of one pass: the examples that are not left out, shuffled.
fn order(examples: &[Example], left_out: LeftOut, rng: &mut Rng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..examples.len()).filter(|at| !left_out.holds(&examples[*at])).collect();
    rng.shuffle(&mut order);
    order
}

fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}
