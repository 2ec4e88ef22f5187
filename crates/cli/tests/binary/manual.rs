//! Completions and man pages, which packages carry.

use std::process::Command;

use crate::server::{Place, read};

#[test]
fn every_shell_completes_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
        let output = command.args(["completions", shell]).output().expect("the binary starts");
        let script = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && script.contains("doctor") && script.contains("backup"), "{shell}");
    }
}

#[test]
fn settings_tell_where_they_come_from() {
    let place = Place::new();
    std::fs::write(place.path("b.yaml"), "retention: {traffic_days: 3}\n").expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.current_dir(place.path("")).env("BARTIZAN__SERVER__GRACE_S", "7");
    let output =
        command.args(["config", "show", "--origins", "--config", "b.yaml"]).output().expect("starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let line = |key: &str| {
        let found =
            text.lines().find(|line| line.starts_with(key)).unwrap_or_else(|| panic!("{key}: {text}"));
        found.split_whitespace().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(line("server.grace_s"), ["7", "environment"]);
    assert_eq!(line("retention.threats_days"), ["90", "default"]);
    let days = line("retention.traffic_days");
    assert!(days[0] == "3" && days[1].ends_with("b.yaml"), "{days:?}");
}

#[test]
fn a_mistake_in_the_configuration_is_told_with_its_place() {
    let place = Place::new();
    std::fs::write(place.path("b.yaml"), "server:\n  lisen: 127.0.0.1:1\n").expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.current_dir(place.path("")).args(["config", "check", "--config", "b.yaml"]);
    let output = command.output().expect("starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("b.yaml:2:3: server.lisen") && said.contains("did you mean listen?"), "{said}");
}

#[test]
fn every_command_has_a_page() {
    let place = Place::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    let output = command.arg("man").arg(place.path("")).output().expect("the binary starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for (page, says) in
        [("bartizan.1", "doctor"), ("bartizan-serve.1", "listen"), ("bartizan-db-backup.1", "pg_dump")]
    {
        assert!(read(&place.path(page)).contains(says), "{page} does not speak of {says}");
    }
    let missing = Command::new(env!("CARGO_BIN_EXE_bartizan")).args(["man", "/nonexistent"]).output();
    let missing = missing.expect("the binary starts");
    let said = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(!missing.status.success() && said.contains("make the folder first"), "{said}");
}
