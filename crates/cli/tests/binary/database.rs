//! `bartizan db` as an operator uses it, beside a running server and without one.

use std::process::{Command, Output};

use crate::access_log::{append, lines};
use crate::server::Place;

fn db(place: &Place, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.arg("db").args(arguments).arg("--db").arg(format!("sqlite://{}", place.database().display()));
    command.output().expect("the binary starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

#[test]
fn a_backup_made_beside_a_running_server_is_restored() {
    let place = Place::new();
    append(&place.log(), lines(0..2_000));
    let server = place.serve();
    server.wait_for_lines(2_000);
    let copy = place.path("copy.db");
    let copy = copy.to_str().expect("a plain path");

    let backup = db(&place, &["backup", copy]);
    assert!(backup.status.success() && said(&backup).contains("wrote"), "{}", said(&backup));
    let status = db(&place, &["status"]);
    assert!(said(&status).contains("requests: 2000"), "{}", said(&status));
    for needs_it_alone in [&["restore", copy, "--replace"][..], &["prune"], &["migrate"]] {
        let refused = db(&place, needs_it_alone);
        assert!(
            !refused.status.success() && said(&refused).contains("another bartizan"),
            "{}",
            said(&refused)
        );
    }
    let storage = server.json("/api/v1/system/storage");
    assert_eq!(storage["data"]["traffic_rows"], 2_000);
    append(&place.log(), lines(2_000..3_000));
    server.wait_for_lines(3_000);
    server.stop();

    let refused = db(&place, &["restore", copy]);
    assert!(!refused.status.success() && said(&refused).contains("--replace"), "{}", said(&refused));
    let everyone = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(copy, everyone).expect("the copy is ours");
    let restored = db(&place, &["restore", copy, "--replace"]);
    assert!(restored.status.success() && said(&restored).contains("requests: 2000"), "{}", said(&restored));
    let mode = std::fs::metadata(place.database()).expect("it is there").permissions();
    let mode = std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777;
    assert_eq!(mode, 0o600, "a database is for its owner alone, whatever its backup was");
    let pruned = db(&place, &["prune"]);
    assert!(pruned.status.success() && said(&pruned).contains("deleted 0 requests"), "{}", said(&pruned));
    // The position of the log came back with the rows, so the rest is read again, once.
    let server = place.serve();
    server.wait_for_lines(3_000);
    server.assert_holds_each_line_once(3_000);
}

#[test]
fn what_is_no_database_is_said_to_be_none() {
    let place = Place::new();
    let absent = db(&place, &["status"]);
    assert!(!absent.status.success() && !place.database().exists(), "{}", said(&absent));
    std::fs::write(
        place.database(),
        "no database, but a text that is long enough to be taken for one".repeat(99),
    )
    .expect("written");
    for command in [&["status"][..], &["migrate"], &["prune"], &["backup", "copy"]] {
        let output = db(&place, command);
        assert!(!output.status.success(), "{command:?}: {}", said(&output));
        assert!(!said(&output).contains("panicked"), "{}", said(&output));
    }
    assert!(!place.path("copy").exists());
}

#[test]
fn what_is_no_backup_is_refused_as_such_and_nothing_is_left() {
    let place = Place::new();
    let long = "no backup, but a text that is long enough to be taken for one".repeat(99);
    for (name, content, reason) in [
        ("text.db", long.as_str(), "text.db is damaged or holds no database of bartizan; use another backup"),
        ("dump.db", "PGDMP and more", "dump.db is a backup of a PostgreSQL database; name such a database"),
        ("empty.db", "", "empty.db is damaged or holds no database of bartizan; use another backup"),
    ] {
        let file = place.path(name);
        std::fs::write(&file, content).expect("written");
        let refused = db(&place, &["restore", file.to_str().expect("a plain path")]);
        assert!(!refused.status.success() && said(&refused).contains(reason), "{name}: {}", said(&refused));
        assert!(!place.database().exists(), "{name} left a database");
    }
    let missing = place.path("missing.db");
    let refused = db(&place, &["restore", missing.to_str().expect("a plain path")]);
    let reason = "missing.db is no file";
    assert!(!refused.status.success() && said(&refused).contains(reason), "{}", said(&refused));
}
