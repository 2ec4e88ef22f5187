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
