//! Why a model could not be loaded.

use std::path::PathBuf;

use bartizan_model::{Classify, ErrorKind};

/// A model that cannot be used; the message names the file and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum ModelLoadError {
    /// A file of the model cannot be read.
    #[error("cannot read the model file {}: {source}; check the path and its permissions, or train one with `bartizan train`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A file is larger than any model of this format.
    #[error("the model file {} is larger than {limit} bytes; it is no model of this product", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The cap, in bytes.
        limit: u64,
    },
    /// The manifest is not what this build reads.
    #[error("the model manifest {} cannot be understood: {problem}; restore it or train the model anew with `bartizan train`", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The model was made by another version.
    #[error("the model {} has {what} {found}, this build reads {expected}; train it anew with `bartizan train` or use the matching release", path.display())]
    Incompatible {
        /// The manifest.
        path: PathBuf,
        /// Which number differs.
        what: &'static str,
        /// What the file says.
        found: String,
        /// What is needed.
        expected: String,
    },
    /// The weights are not those that the manifest describes.
    #[error("the weights {} do not match their manifest (SHA-256 {found}, expected {expected}); the file is damaged or was replaced: restore it", path.display())]
    Hash {
        /// The weights.
        path: PathBuf,
        /// Hash of the file.
        found: String,
        /// Hash in the manifest.
        expected: String,
    },
    /// The weights have the right hash but not the right contents.
    #[error("the weights {} cannot be used: {problem}; train the model anew with `bartizan train`", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
}

impl ModelLoadError {
    /// The same with the name of the file alone: for clients, who must not learn where files lie.
    #[must_use]
    pub fn without_folder(mut self) -> Self {
        let (Self::Read { path, .. }
        | Self::TooLarge { path, .. }
        | Self::Manifest { path, .. }
        | Self::Incompatible { path, .. }
        | Self::Hash { path, .. }
        | Self::Weights { path, .. }) = &mut self;
        *path = path.file_name().map(PathBuf::from).unwrap_or_default();
        self
    }
}

impl Classify for ModelLoadError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Read { .. } => ErrorKind::Unavailable,
            Self::TooLarge { .. }
            | Self::Manifest { .. }
            | Self::Incompatible { .. }
            | Self::Hash { .. }
            | Self::Weights { .. } => ErrorKind::Invalid,
        }
    }
}
