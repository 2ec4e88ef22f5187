//! Requests to assessments: canonicalise, score, explain, decide.
//!
//! A [`Detector`] holds a trained model. It takes a request apart into [`Field`]s, brings every value to one canonical
//! spelling that remembers its raw bytes, scores the worst window of each and says which bytes carried the score.
//! [`Behaviour`] counts what no single request shows, and a [`Policy`] makes a verdict of both. Pure computation: no
//! I/O but the loading of a model, no clock, no threads.
//!
//! ```
//! use bartizan_detect::{Detector, Policy};
//! use bartizan_model::{Action, HttpRequest, Mode, ThreatClass, Timestamp, Via};
//!
//! let detector = Detector::embedded()?;
//! let policy = Policy { thresholds: detector.manifest().thresholds, mode: Mode::Monitor };
//! let request = HttpRequest::new(Timestamp::default(), "GET", b"/items?id=9%27%20or%201=1%20--%20", Via::Log);
//! let verdict = policy.decide(&detector.assess(&request));
//! assert_eq!(verdict.action, Action::Block);
//! assert_eq!(verdict.class, Some(ThreatClass::SqlInjection));
//! # Ok::<(), bartizan_detect::ModelLoadError>(())
//! ```

mod behaviour;
mod canonical;
mod detector;
mod error;
mod explain;
mod feature;
mod field;
mod hash;
mod heads;
mod judge;
mod linear;
mod loading;
mod manifest;
mod network;
mod policy;
mod quality;
mod signal;
mod structure;
mod weights;
mod window;
mod wording;

pub use behaviour::{Behaviour, BehaviourConfig};
pub use canonical::{Flags, Leaf, Text, Tracking, Wrapping, canonicalise, decode, leaves};
pub use detector::Detector;
pub use error::ModelLoadError;
pub use feature::{
    EDGE, GRAM_BITS, HEAD_BITS, REVISION, TOKEN_BITS, Token, flag_base, kinds, marks, shape, table_len,
    tokens, visit_features, visit_flags,
};
pub use field::{Field, fields};
pub use heads::{Heads, may_end_a_line};
pub use linear::{Linear, Window};
pub use loading::{ModelFiles, sha256_hex};
pub use manifest::{Calibration, DataSource, FORMAT, FeatureShape, ModelManifest, SetMetrics, Tail};
pub use network::{FILTERS, KERNEL, MAX_ENTRY, Network, TokenWindow};
pub use policy::{Policy, Thresholds};
pub use quality::{Caught, ModelQuality, QualityOfSet};
pub use weights::Weights;
pub use window::{BLOCK, block_windows, damping};
