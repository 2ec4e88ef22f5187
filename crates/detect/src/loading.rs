//! A model file is data from outside: capped, hashed, and checked against what this build computes.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use bartizan_model::ThreatClass;
use sha2::{Digest as _, Sha256};

use crate::feature::shape;
use crate::manifest::FORMAT;
use crate::weights::Weights;
use crate::{Detector, ModelLoadError, ModelManifest};

/// Largest manifest read, in bytes.
const MAX_MANIFEST: u64 = 1024 * 1024;
/// Largest weights read, in bytes.
const MAX_WEIGHTS: u64 = 64 * 1024 * 1024;

const EMBEDDED_MANIFEST: &[u8] = include_bytes!("../../../models/wall-2/manifest.json");
const EMBEDDED_WEIGHTS: &[u8] = include_bytes!("../../../models/wall-2/weights.safetensors");

pub(crate) fn embedded() -> Result<Detector, ModelLoadError> {
    let dir = Path::new("(embedded)");
    assemble(
        &dir.join("manifest.json"),
        EMBEDDED_MANIFEST,
        &dir.join("weights.safetensors"),
        EMBEDDED_WEIGHTS,
    )
}

pub(crate) fn load(dir: &Path) -> Result<Detector, ModelLoadError> {
    let manifest_path = dir.join("manifest.json");
    let weights_path = dir.join("weights.safetensors");
    let manifest = read_capped(&manifest_path, MAX_MANIFEST)?;
    let weights = read_capped(&weights_path, MAX_WEIGHTS)?;
    assemble(&manifest_path, &manifest, &weights_path, &weights)
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
    Ok(Detector::new(manifest, classes, weights))
}
