//! Replacing the model of a running server.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::Value;

use crate::server::{PATIENCE, Place, Server};

const MANIFEST: &str = include_str!("../../../../models/wall-3/manifest.json");
const WEIGHTS: &[u8] = include_bytes!("../../../../models/wall-3/weights.safetensors");

/// Waits until `/waf/model-info` is as it should be.
fn wait_for_model(server: &Server, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let started = Instant::now();
    loop {
        let info = server.json("/api/v1/waf/model-info")["data"].clone();
        if holds(&info) {
            return info;
        }
        assert!(started.elapsed() < PATIENCE, "waited in vain until {what}: {info}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    // In one step: half of a file would be one more refusal.
    let (path, new) = (folder.join(name), folder.join("new"));
    std::fs::write(&new, bytes).expect("a temporary folder");
    std::fs::rename(&new, &path).expect("a temporary folder");
    path
}

#[test]
fn a_model_is_replaced_while_serving_and_a_damaged_one_leaves_the_old_in_force() {
    let place = Place::new();
    let folder = place.path("model");
    std::fs::create_dir(&folder).expect("a temporary folder");
    write(&folder, "manifest.json", MANIFEST.as_bytes());
    let weights = write(&folder, "weights.safetensors", WEIGHTS);
    let server = Server::start(&mut place.command([Path::new("--model"), &folder]), &place.path("stderr"));
    wait_for_model(&server, "wall-3 is in force", |info| info["version"] == "wall-3");

    let next =
        MANIFEST.replacen("\"wall-3\"", "\"wall-next\"", 1).replacen("\"block\": 0.5", "\"block\": 0.75", 1);
    write(&folder, "manifest.json", next.as_bytes());
    let info = wait_for_model(&server, "wall-next is in force", |info| info["version"] == "wall-next");
    assert_eq!(info["threshold"], 0.75);
    assert_eq!(info["refused"], Value::Null);
    assert_eq!(server.json("/config")["model"], "wall-next");
    assert_eq!(server.json("/config")["threshold"], 0.75);
    assert_eq!(server.json("/api/v1/system/info")["data"]["model"], "wall-next");
    assert_eq!(server.json("/health")["model"], "wall-next");

    write(&folder, "weights.safetensors", b"damaged");
    server.signal("HUP");
    let info = wait_for_model(&server, "the damaged model is refused", |info| !info["refused"].is_null());
    assert_eq!(info["version"], "wall-next");
    let problem = info["refused"]["problem"].as_str().expect("a reason");
    assert!(problem.contains("weights.safetensors do not match"), "{problem}");
    assert!(!problem.contains('/'), "paths stay private: {problem}");
    server.signal("HUP");
    write(&folder, "weights.safetensors", WEIGHTS);
    let info = wait_for_model(&server, "the restored model is seen", |info| info["refused"].is_null());
    assert_eq!(info["version"], "wall-next");

    server.signal("TERM");
    let (status, messages) = server.wait();
    assert!(status.success(), "{status}: {messages}");
    assert_eq!(messages.matches("ERROR").count(), 1, "one error, please: {messages}");
    assert!(messages.contains(weights.to_str().expect("plain names")), "the file is not named: {messages}");
    assert!(messages.contains("restore it"), "no remedy: {messages}");
}
