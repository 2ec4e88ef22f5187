//! Labelled traffic to weights and a model card

mod card;
mod corpus;
mod error;
mod eval;
mod example;
mod generate;
mod grammar;
mod rng;
mod row;
mod sgd;
mod training;

pub use error::{DataError, EvalError, TrainError};
pub use eval::{EvalReport, Latency, Mistake, SetReport, Share, evaluate};
pub use training::{TrainOptions, TrainReport, train};
