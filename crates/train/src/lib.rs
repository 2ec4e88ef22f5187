//! Labelled traffic to weights and a model card

mod error;
mod eval;
mod training;

pub use error::{DataError, EvalError, TrainError};
pub use eval::{EvalReport, Latency, Mistake, SetReport, Share, evaluate};
pub use training::{TrainOptions, TrainReport, train};
