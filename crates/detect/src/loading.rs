//! A model file is data from outside: capped, hashed, and checked against what this build computes.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use bartizan_model::ThreatClass;
use sha2::{Digest as _, Sha256};

use crate::feature::shape;
use crate::manifest::FORMAT;
use crate::weights::Weights;
use crate::{Detector, ModelLoadError, ModelManifest, ModelQuality};

/// Largest manifest read, in bytes.
const MAX_MANIFEST: u64 = 1024 * 1024;
/// Largest figures of quality read, in bytes.
const MAX_QUALITY: u64 = 1024 * 1024;
/// Largest weights read, in bytes.
const MAX_WEIGHTS: u64 = 64 * 1024 * 1024;

const EMBEDDED_MANIFEST: &[u8] = include_bytes!("../../../models/wall-3/manifest.json");
const EMBEDDED_QUALITY: &[u8] = include_bytes!("../../../models/wall-3/quality.json");
const EMBEDDED_WEIGHTS: &[u8] = include_bytes!("../../../models/wall-3/weights.safetensors");

pub(crate) fn embedded() -> Result<Detector, ModelLoadError> {
    let [manifest_path, weights_path] = ModelFiles::NAMES.map(|name| Path::new("(embedded)").join(name));
    assemble(&manifest_path, EMBEDDED_MANIFEST, &weights_path, EMBEDDED_WEIGHTS, Some(EMBEDDED_QUALITY))
}

/// Bytes of the two files of a model, read but not yet understood.
///
/// Whoever follows a folder compares [`ModelFiles::fingerprint`] first and so loads exactly the bytes that it compared.
pub struct ModelFiles {
    manifest_path: PathBuf,
    manifest: Vec<u8>,
    weights_path: PathBuf,
    weights: Vec<u8>,
    quality: Option<Vec<u8>>,
}

impl ModelFiles {
    /// Names of the files in the folder of a model.
    pub const NAMES: [&str; 2] = ["manifest.json", "weights.safetensors"];
    /// Name of the file that may stand beside them, with the figures of a measurement.
    pub const QUALITY: &str = "quality.json";

    /// Reads both files of a folder, and the figures beside them where there are any.
    ///
    /// # Errors
    /// [`ModelLoadError::Read`], [`ModelLoadError::TooLarge`].
    pub fn read(dir: &Path) -> Result<Self, ModelLoadError> {
        let [manifest_path, weights_path] = Self::NAMES.map(|name| dir.join(name));
        let manifest = read_capped(&manifest_path, MAX_MANIFEST)?;
        let weights = read_capped(&weights_path, MAX_WEIGHTS)?;
        // A model judges as well without figures: a missing or oversized file of them is none.
        let quality = read_capped(&dir.join(Self::QUALITY), MAX_QUALITY).ok();
        Ok(Self { manifest_path, manifest, weights_path, weights, quality })
    }

    /// Equal for equal bytes: the SHA-256 of each file, in hex.
    pub fn fingerprint(&self) -> String {
        [&self.manifest, &self.weights].map(|bytes| sha256_hex(bytes)).concat()
    }

    /// The model that the files hold.
    ///
    /// # Errors
    /// Whatever makes it unusable: see [`ModelLoadError`].
    pub fn load(&self) -> Result<Detector, ModelLoadError> {
        let quality = self.quality.as_deref();
        assemble(&self.manifest_path, &self.manifest, &self.weights_path, &self.weights, quality)
    }
}

impl std::fmt::Debug for ModelFiles {
    /// Without a megabyte of weights.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ModelFiles").field("manifest_path", &self.manifest_path).finish_non_exhaustive()
    }
}

/// SHA-256 in hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

fn read_capped(path: &Path, limit: u64) -> Result<Vec<u8>, ModelLoadError> {
    let read = |source| ModelLoadError::Read { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    File::open(path).map_err(read)?.take(limit + 1).read_to_end(&mut bytes).map_err(read)?;
    if bytes.len() as u64 > limit {
        return Err(ModelLoadError::TooLarge { path: path.to_owned(), limit });
    }
    Ok(bytes)
}

fn assemble(
    manifest_path: &Path,
    manifest: &[u8],
    weights_path: &Path,
    weights: &[u8],
    quality: Option<&[u8]>,
) -> Result<Detector, ModelLoadError> {
    let unreadable = |problem: String| ModelLoadError::Manifest { path: manifest_path.to_owned(), problem };
    let manifest: ModelManifest =
        serde_json::from_slice(manifest).map_err(|error| unreadable(error.to_string()))?;
    let incompatible = |what, found: String, expected: String| ModelLoadError::Incompatible {
        path: manifest_path.to_owned(),
        what,
        found,
        expected,
    };
    if manifest.format != FORMAT {
        return Err(incompatible("format", manifest.format.to_string(), FORMAT.to_string()));
    }
    if manifest.features != shape() {
        return Err(incompatible("features", format!("{:?}", manifest.features), format!("{:?}", shape())));
    }
    let thresholds = manifest.thresholds;
    if !(0.0 <= thresholds.flag && thresholds.flag <= thresholds.block && thresholds.block <= 1.0) {
        return Err(unreadable("thresholds must rise from flag to block within 0 to 1".to_owned()));
    }
    if !manifest.calibration.is_valid() {
        return Err(unreadable(
            "the calibration must have rising quantiles, a slope above 0 and a finite origin".to_owned(),
        ));
    }
    let mut classes = Vec::new();
    for name in &manifest.classes {
        classes.push(name.parse::<ThreatClass>().map_err(|error| unreadable(error.to_string()))?);
    }
    if classes.is_empty() {
        return Err(unreadable("it names no classes".to_owned()));
    }
    let found = sha256_hex(weights);
    if found != manifest.weights_sha256 {
        let expected = manifest.weights_sha256.clone();
        return Err(ModelLoadError::Hash { path: weights_path.to_owned(), found, expected });
    }
    let weights = Weights::from_bytes(weights, classes.len())
        .map_err(|problem| ModelLoadError::Weights { path: weights_path.to_owned(), problem })?;
    let quality = quality.and_then(|bytes| quality_of(&manifest, bytes));
    Ok(Detector::new(manifest, quality, classes, weights))
}

/// The figures, if they can be read and are those of these weights: a folder that was trained into again may still hold
/// the figures of the model before.
fn quality_of(manifest: &ModelManifest, bytes: &[u8]) -> Option<ModelQuality> {
    let quality: ModelQuality = serde_json::from_slice(bytes).ok()?;
    (quality.weights_sha256 == manifest.weights_sha256).then_some(quality)
}
