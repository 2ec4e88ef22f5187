//! Requests to assessments: canonicalise, score, explain, decide

mod behaviour;
mod canonical;
mod detector;
mod error;
mod explain;
mod feature;
mod field;
mod hash;
mod linear;
mod loading;
mod manifest;
mod policy;
mod signal;
mod weights;
mod wording;

pub use behaviour::{Behaviour, BehaviourConfig};
pub use canonical::{Flags, Leaf, Text, Wrapping, canonicalise, decode, leaves};
pub use detector::Detector;
pub use error::ModelLoadError;
pub use feature::{
    GRAM_BITS, HEAD_BITS, REVISION, TOKEN_BITS, Token, flag_base, shape, table_len, tokens, visit_features,
    visit_flags,
};
pub use field::{Field, fields};
pub use linear::{Window, damping};
pub use loading::sha256_hex;
pub use manifest::{Calibration, DataSource, FORMAT, FeatureShape, ModelManifest, SetMetrics};
pub use policy::{Policy, Thresholds};
pub use weights::Weights;
