//! The configuration is read again while serving.

use std::path::Path;
use std::time::Instant;

use serde_json::Value;

use crate::access_log::{append, lines};
use crate::server::{PATIENCE, Place, Server};

fn wait_for(server: &Server, path: &str, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let started = Instant::now();
    loop {
        let answer = server.json(path);
        if holds(&answer) {
            return answer;
        }
        assert!(started.elapsed() < PATIENCE, "waited in vain until {what}: {answer}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn thresholds_change_while_serving_and_a_file_with_a_mistake_changes_nothing() {
    let place = Place::new();
    let file = place.path("bartizan.yaml");
    let write = |text: &str| {
        let new = place.path("new.yaml");
        std::fs::write(&new, text).expect("a temporary folder");
        std::fs::rename(&new, &file).expect("a temporary folder");
    };
    write("detection: {threshold: 0.6, flag_threshold: 0.3}\n");
    let server = Server::start(&mut place.command([Path::new("--config"), &file]), &place.path("stderr"));
    assert_eq!(server.json("/config")["threshold"], 0.6);

    // Without a signal: the file is looked at.
    write("detection: {threshold: 0.75, flag_threshold: 0.3}\nserver: {grace_s: 9}\n");
    wait_for(&server, "/config", "the threshold is 0.75", |config| config["threshold"] == 0.75);

    write("detection:\n  flag_threshold: 0.3\n  treshold: 0.9\n");
    server.signal("HUP");
    let refused = |log: &Value| log["data"][0]["success"] == false;
    let log = wait_for(&server, "/api/v1/audit/logs", "the mistake is in the audit log", refused);
    let told = log["data"][0]["error_message"].as_str().expect("a reason").to_owned();
    assert!(told.contains("bartizan.yaml:3:3: detection.treshold"), "{told}");
    assert_eq!(server.json("/config")["threshold"], 0.75);
    let change = &log["data"][1];
    assert_eq!((&change["action"], &change["username"]), (&"config_change".into(), &"configuration".into()));
    let details: Value = serde_json::from_str(change["details"].as_str().expect("JSON")).expect("JSON");
    assert_eq!(details["before"]["detection.threshold"], 0.6);
    assert_eq!(details["after"]["detection.threshold"], 0.75);

    server.signal("TERM");
    let (status, messages) = server.wait();
    assert!(status.success(), "{status}: {messages}");
    assert!(messages.contains("a restart is needed for server.grace_s"), "{messages}");
    assert!(messages.contains("bartizan.yaml:3:3: detection.treshold"), "{messages}");
}

#[test]
fn sources_begin_end_and_change_while_serving_and_no_line_is_read_twice() {
    let place = Place::new();
    for (log, numbers) in [("a.log", 0..100), ("b.log", 100..200), ("c.log", 200..300)] {
        append(&place.path(log), lines(numbers));
    }
    let file = place.path("bartizan.yaml");
    let write = |sources: &[(&str, &str)]| {
        let line = |(name, more): &(&str, &str)| {
            format!("  - {{name: {name}, path: '{}'{more}}}\n", place.path(&format!("{name}.log")).display())
        };
        let new = place.path("new.yaml");
        let sources: String = sources.iter().map(line).collect();
        std::fs::write(&new, format!("sources:\n{sources}")).expect("a temporary folder");
        std::fs::rename(&new, &file).expect("a temporary folder");
    };
    let states = |server: &Server, wanted: &[(&str, &str, u64)]| {
        server.wait_for(|sources| {
            sources.len() == wanted.len()
                && wanted.iter().all(|(name, state, lines)| {
                    sources.iter().any(|source| {
                        source["name"] == *name && source["state"] == *state && source["lines"] == *lines
                    })
                })
        });
    };
    write(&[("a", ""), ("b", "")]);
    let server = Server::start(&mut place.command([Path::new("--config"), &file]), &place.path("stderr"));
    states(&server, &[("a", "running", 100), ("b", "running", 100)]);

    // One goes, one comes, one is not there yet: it disturbs no other, and is told.
    write(&[("a", ""), ("c", ""), ("late", "")]);
    states(&server, &[("a", "running", 100), ("c", "running", 100), ("late", "failed", 0)]);
    let told = |log: &Value| log["data"][0]["resource_id"] == "late" && log["data"][0]["success"] == false;
    wait_for(
        &server,
        "/api/v1/audit/logs?action=config_change",
        "the audit log tells of the missing log",
        told,
    );
    append(&place.path("b.log"), lines(300..310));
    append(&place.path("a.log"), lines(310..320));
    states(&server, &[("a", "running", 110), ("c", "running", 100), ("late", "failed", 0)]);

    // What was taken out goes on where it stood, what changed is read on, and mistakes change nothing.
    write(&[("a", ", format: combined"), ("b", "")]);
    append(&place.path("a.log"), lines(320..330));
    states(&server, &[("a", "running", 120), ("b", "running", 110)]);
    write(&[("b", ""), ("b", "")]);
    let refused = |log: &Value| log["data"][0]["success"] == false && log["data"][0]["resource_id"].is_null();
    wait_for(&server, "/api/v1/audit/logs?action=config_change", "the mistake is in the audit log", refused);
    states(&server, &[("a", "running", 120), ("b", "running", 110)]);
    assert_eq!(server.stored_lines(), (0..330).collect());
    server.signal("TERM");
    let (status, messages) = server.wait();
    assert!(status.success(), "{status}: {messages}");
    assert!(!messages.contains("a restart is needed"), "{messages}");
    assert!(messages.contains("log source late cannot be read yet"), "{messages}");
}

#[test]
fn configuration_files_of_earlier_versions_mean_what_they_meant() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/settings");
    let files: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("read").path()).collect();
    assert!(files.len() >= 2, "{files:?}");
    let place = Place::new();
    for file in files {
        let run = |command: &[&str]| {
            let mut bartizan = std::process::Command::new(env!("CARGO_BIN_EXE_bartizan"));
            bartizan.current_dir(place.path(".")).arg("config").args(command).arg("--config").arg(&file);
            let output = bartizan.output().expect("starts");
            let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
            assert!(output.status.success(), "{}: {text}", file.display());
            text
        };
        run(&["check"]);
        let shown = run(&["show", "--origins"]);
        for (key, value) in
            [("server.grace_s", "9"), ("retention.traffic_days", "5"), ("retention.threats_days", "90")]
        {
            let line = shown.lines().find(|line| line.split_whitespace().next() == Some(key));
            let words: Vec<_> = line.expect(key).split_whitespace().collect();
            assert_eq!(words.get(1), Some(&value), "{}", file.display());
            assert_eq!(words.get(2), file.to_str().as_ref(), "{key}");
        }
    }
}

#[test]
fn the_names_of_other_dashboards_files_are_read_and_flags_are_named_as_origins() {
    let place = Place::new();
    let file = place.path("bartizan.yaml");
    let yaml = "api_server: {host: 127.0.0.1, port: 4555, workers: 2}\ndatabase: {url: 'sqlite://other.db'}\n\
                websocket: {enabled: false, ping_interval: 20}\ndata_retention: {traffic_days: 3}\n";
    std::fs::write(&file, yaml).expect("a temporary folder");
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bartizan"));
        let output = command.current_dir(place.path(".")).args(arguments).output().expect("starts");
        (
            output.status.success(),
            String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned(),
        )
    };
    let path = file.to_str().expect("plain names");
    let (sound, text) = run(&["config", "check", "--config", path]);
    assert!(sound, "{text}");
    let (_, text) = run(&["config", "show", "--origins", "--config", path, "--db", "sqlite://flag.db"]);
    let line = |key: &str| {
        let found = text.lines().find(|line| line.split_whitespace().next() == Some(key));
        found
            .unwrap_or_else(|| panic!("no {key}: {text}"))
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(line("server.listen")[1..], ["\"127.0.0.1:4555\"", path]);
    assert_eq!(line("server.workers")[1..], ["2", path]);
    assert_eq!(line("websocket.enabled")[1..], ["false", path]);
    assert_eq!(line("websocket.ping_interval")[1..], ["20", path]);
    assert_eq!(line("retention.traffic_days")[1..], ["3", path]);
    assert_eq!(line("store.url")[1..], ["\"sqlite://flag.db\"", "flag", "--db"]);
    assert_eq!(line("alerts.group_s")[2], "default");

    std::fs::write(&file, "api_server:\n  port: 4555\n  wrokers: 2\n  host: nowhere\n").expect("written");
    let (sound, text) = run(&["config", "check", "--config", path]);
    assert!(!sound);
    assert!(text.contains(":3:3: server.wrokers") && text.contains(":4:3: server.listen"), "{text}");
}

#[test]
fn workers_answer_and_a_socket_that_is_switched_off_is_not_there() {
    let place = Place::new();
    let file = place.path("bartizan.yaml");
    std::fs::write(&file, "api_server: {workers: 1}\nwebsocket: {enabled: false}\n").expect("written");
    let server = Server::start(&mut place.command([Path::new("--config"), &file]), &place.path("stderr"));
    let (status, body) = crate::http::get(server.address, "/ws").expect("answered");
    assert!(status == 404 && body.contains("unknown_route"), "{status}: {body}");
    server.signal("TERM");
    assert!(server.wait().0.success());
}
