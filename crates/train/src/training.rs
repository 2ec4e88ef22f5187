//! From the data folder to a model on disk.

use std::path::PathBuf;

use bartizan_detect::ModelManifest;

use crate::TrainError;

/// What to train on and where to put the result.
#[derive(Debug, Clone)]
pub struct TrainOptions {
    /// Folder that holds `train/`, and optionally `validate/` for the model card alone.
    pub data: PathBuf,
    /// Folder for `weights.safetensors`, `manifest.json` and `MODEL_CARD.md`; made if need be.
    pub out: PathBuf,
    /// Seed of every random choice; the same seed and data give the same weights.
    pub seed: u64,
}

/// What training ended with.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainReport {
    /// The manifest as written.
    pub manifest: ModelManifest,
    /// Examples that the last round trained on.
    pub examples: u64,
    /// Size of the weights file in bytes.
    pub weights_bytes: u64,
}

/// Trains a model and writes it. `progress` is told the step, how much of it is done, and its size.
pub fn train(options: &TrainOptions, progress: &dyn Fn(&str, u64, u64)) -> Result<TrainReport, TrainError> {
    progress("read", 0, 1);
    Err(TrainError::NoData { path: options.data.clone() })
}
