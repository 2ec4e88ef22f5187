//! A model file is data from outside: what is wrong with it is said by name, and nothing is loaded.

use std::path::{Path, PathBuf};

use bartizan_detect::{Detector, ModelFiles, ModelLoadError};

const MANIFEST: &str = include_str!("../../../models/wall-3/manifest.json");
const WEIGHTS: &[u8] = include_bytes!("../../../models/wall-3/weights.safetensors");

/// A folder of its own under the test binary's scratch space.
fn folder(name: &str, manifest: &str, weights: &[u8]) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&dir).expect("scratch space");
    std::fs::write(dir.join("manifest.json"), manifest).expect("written");
    std::fs::write(dir.join("weights.safetensors"), weights).expect("written");
    dir
}

#[test]
fn the_shipped_model_loads_from_a_folder_too() {
    let detector = Detector::load(&folder("whole", MANIFEST, WEIGHTS)).expect("loads");
    assert_eq!(detector.manifest(), Detector::embedded().expect("embedded").manifest());
}

#[test]
fn figures_of_other_weights_or_no_figures_at_all_leave_the_model_as_it_is() {
    let detector = Detector::embedded().expect("embedded");
    let own = detector.quality().expect("the shipped model was measured").clone();
    let with = |name: &str, figures: &[u8]| {
        let dir = folder(name, MANIFEST, WEIGHTS);
        std::fs::write(dir.join(ModelFiles::QUALITY), figures).expect("written");
        Detector::load(&dir).expect("loads").quality().cloned()
    };
    let text = serde_json::to_vec(&own).expect("JSON");
    assert_eq!(with("measured", &text).as_ref(), Some(&own));
    let mut other = own.clone();
    other.weights_sha256 = "0".repeat(64);
    assert_eq!(with("other_measured", &serde_json::to_vec(&other).expect("JSON")), None);
    assert_eq!(with("no_figures", b"not json"), None);
    assert_eq!(with("endless_figures", &vec![b' '; 2 << 20]), None);
    assert_eq!(Detector::load(&folder("unmeasured", MANIFEST, WEIGHTS)).expect("loads").quality(), None);
}

#[test]
fn a_fingerprint_tells_of_a_change_in_either_file() {
    let fingerprint = |name, manifest, weights: &[u8]| {
        ModelFiles::read(&folder(name, manifest, weights)).expect("read").fingerprint()
    };
    let first = fingerprint("first", "{}", b"weights");
    assert_eq!(first, fingerprint("same", "{}", b"weights"));
    assert_ne!(first, fingerprint("other_manifest", "[]", b"weights"));
    assert_ne!(first, fingerprint("other_weights", "{}", b"Weights"));
}

#[test]
fn damage_is_refused_by_name() {
    let mut damaged = WEIGHTS.to_vec();
    if let Some(last) = damaged.last_mut() {
        *last ^= 1;
    }
    let newer = MANIFEST.replacen("\"format\": 2", "\"format\": 3", 1);
    let tables = MANIFEST.replacen("\"gram_bits\": 16", "\"gram_bits\": 17", 1);
    let cases: [(&str, &str, &[u8], &str); 6] = [
        ("damaged", MANIFEST, &damaged, "SHA-256"),
        ("empty", MANIFEST, b"", "SHA-256"),
        ("newer", &newer, WEIGHTS, "format 3"),
        ("tables", &tables, WEIGHTS, "features"),
        ("no_json", "not json", WEIGHTS, "manifest.json"),
        ("array", "[]", WEIGHTS, "manifest.json"),
    ];
    for (name, manifest, weights, said) in cases {
        let dir = folder(name, manifest, weights);
        let error = Detector::load(&dir).expect_err(name).to_string();
        assert!(error.contains(said) && error.contains(name), "{name}: {error}");
        let to_clients = Detector::load(&dir).expect_err(name).without_folder().to_string();
        assert!(to_clients.contains(said) && !to_clients.contains('/'), "{name}: {to_clients}");
    }
    let absent = Path::new(env!("CARGO_TARGET_TMPDIR")).join("absent");
    assert!(matches!(Detector::load(&absent), Err(ModelLoadError::Read { .. })));
}

#[test]
fn a_model_that_knows_no_places_still_loads() {
    let mut manifest: serde_json::Value = serde_json::from_str(MANIFEST).expect("JSON");
    let calibration = manifest["calibration"].as_object_mut().expect("an object");
    for name in ["query", "query_lines"] {
        calibration.remove(name).expect("shipped with it");
    }
    let detector = Detector::load(&folder("no_places", &manifest.to_string(), WEIGHTS)).expect("loads");
    let calibration = detector.manifest().calibration;
    assert!(calibration.query.abs() + calibration.query_lines.abs() < f64::EPSILON);
    for name in ["query", "query_lines"] {
        let mut manifest = manifest.clone();
        manifest["calibration"][name] = serde_json::Value::Null;
        assert!(Detector::load(&folder("null_place", &manifest.to_string(), WEIGHTS)).is_err(), "{name}");
    }
}
