//! The model and everything around it: one request in, one assessment out.

use std::path::Path;

use bartizan_model::{Assessment, HttpRequest};

use crate::{ModelLoadError, ModelManifest};

/// A loaded model. Immutable: share it in an `Arc` between as many threads as there are.
#[derive(Debug)]
pub struct Detector {
    manifest: ModelManifest,
}

impl Detector {
    /// The model that is part of the binary.
    pub fn embedded() -> Result<Self, ModelLoadError> {
        Err(ModelLoadError::Manifest { path: "embedded".into(), problem: "not trained yet".to_owned() })
    }

    /// The model in a directory that holds `manifest.json` and `weights.safetensors`.
    pub fn load(dir: &Path) -> Result<Self, ModelLoadError> {
        Err(ModelLoadError::Manifest { path: dir.to_owned(), problem: "not trained yet".to_owned() })
    }

    /// What is seen in a request. Fields and explanation are written out only where the score calls for them.
    pub fn assess(&self, request: &HttpRequest) -> Assessment {
        let _ = request;
        Assessment::default()
    }

    /// Like [`Detector::assess`], always with fields and explanation: for pages that show one request.
    pub fn inspect(&self, request: &HttpRequest) -> Assessment {
        self.assess(request)
    }

    /// What the model says about itself.
    pub fn manifest(&self) -> &ModelManifest {
        &self.manifest
    }
}
