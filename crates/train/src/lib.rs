//! Labelled traffic to weights and a model card, and the measuring of a model on labelled traffic.
//!
//! [`train`] reads the `train` folder of a data folder, adds generated values (code in `generate`, rules in `grammar`),
//! learns from single values, and writes weights, manifest and card. [`evaluate`] judges labelled requests or access
//! logs with a finished model and counts.

mod calibrate;
mod card;
mod corpus;
mod error;
mod eval;
mod example;
mod generate;
mod grammar;
mod model;
mod rng;
mod row;
mod training;

pub use error::{DataError, EvalError, TrainError};
pub use eval::{
    Bound, Breakdown, EvalOptions, EvalReport, Latency, Limit, Mistake, ModelRates, ScoredRow, SetReport,
    Share, evaluate, evaluate_with, violations,
};
pub use training::{LabelledValue, TrainOptions, TrainReport, labelled_values, train};
