//! Why training or measuring stopped.

use std::path::PathBuf;

use bartizan_detect::ModelLoadError;
use bartizan_model::{Classify, ErrorKind};

/// Training that could not be finished.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The data folder holds nothing to train on.
    #[error("{} holds no `train` folder with .jsonl files; give the folder that contains `train`", path.display())]
    NoData {
        /// The folder that was given.
        path: PathBuf,
    },
    /// A data file cannot be read.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A file of the measurement cannot be read.
    #[error(transparent)]
    Measure(#[from] EvalError),
    /// The result cannot be written.
    #[error("cannot write {}: {source}; check that the folder exists and is writable", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The weights could not be put into their file format.
    #[error("cannot encode the weights: {0}")]
    Encode(String),
    /// The model just written does not load: a defect of ours.
    #[error("the trained model does not load: {0}")]
    Reload(#[from] ModelLoadError),
}

/// A labelled file that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The file cannot be opened or read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A row is not of the schema.
    #[error("{} line {line}: {problem}; expected rows of the labelled-traffic schema", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// Line, counted from 1.
        line: u64,
        /// What is wrong.
        problem: String,
    },
}

/// Measuring that could not be finished.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// A file cannot be read.
    #[error(transparent)]
    Data(#[from] DataError),
}

impl Classify for TrainError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NoData { .. } => ErrorKind::NotFound,
            Self::Data(error) => error.kind(),
            Self::Measure(error) => error.kind(),
            Self::Write { .. } => ErrorKind::Unavailable,
            Self::Encode(_) | Self::Reload(_) => ErrorKind::Internal,
        }
    }
}

impl Classify for DataError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Read { .. } => ErrorKind::NotFound,
            Self::Row { .. } => ErrorKind::Invalid,
        }
    }
}

impl Classify for EvalError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Data(error) => error.kind(),
        }
    }
}
