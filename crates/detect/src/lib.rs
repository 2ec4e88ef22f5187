//! Requests to assessments: canonicalise, score, explain, decide

mod behaviour;
mod detector;
mod error;
mod hash;
mod manifest;
mod policy;

pub use behaviour::{Behaviour, BehaviourConfig};
pub use detector::Detector;
pub use error::ModelLoadError;
pub use manifest::{Calibration, DataSource, FORMAT, FeatureShape, ModelManifest, SetMetrics};
pub use policy::{Policy, Thresholds};
