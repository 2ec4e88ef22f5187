//! What the process tells of itself on standard error.

use std::path::Path;

use serde_json::Value;

use crate::access_log::{append, lines};
use crate::server::{Place, Server, read};

/// Standard error of a server that was started and stopped, with this format of its log.
fn told(format: &str) -> String {
    let place = Place::new();
    append(&place.log(), lines(0..3));
    let stderr = place.path("stderr");
    let mut command = place.command([Path::new("--log"), &place.log()]);
    command.env("RUST_LOG", "info").env("BARTIZAN__TELEMETRY__FORMAT", format);
    Server::start(&mut command, &stderr).stop();
    read(&stderr)
}

#[test]
fn as_json_every_line_of_the_log_is_an_object_with_time_level_and_message() {
    let log = told("json");
    assert!(!log.trim().is_empty(), "nothing was told");
    for line in log.lines() {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(event["timestamp"].as_str().is_some_and(|at| at.ends_with('Z')), "{line}");
        assert!(event["level"].is_string() && event["message"].is_string(), "{line}");
    }
}

#[test]
fn as_text_it_is_for_people() {
    let log = told("text");
    assert!(log.lines().next().is_some_and(|line| !line.starts_with('{')), "{log}");
}
