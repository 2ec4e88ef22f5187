//! `bartizan doctor` and `bartizan health`, each way that they can end.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output};

use serde_json::Value;

use crate::access_log::{append, lines};
use crate::server::Place;

fn bartizan(place: &Place, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.current_dir(place.path("")).args(arguments);
    command.output().expect("the binary starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

/// What the doctor finds with that configuration: exit code and findings.
fn doctor(place: &Place, yaml: &str) -> (Option<i32>, Value) {
    std::fs::write(place.path("bartizan.yaml"), yaml).expect("written");
    let output = bartizan(place, &["doctor", "--format", "json", "--config", "bartizan.yaml"]);
    let report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
    (output.status.code(), report)
}

/// The status of a check.
fn status(report: &Value, check: &str) -> String {
    let findings = report["findings"].as_array().expect("a list");
    let found = findings.iter().find(|finding| finding["check"] == check);
    found.unwrap_or_else(|| panic!("no finding about {check}: {report:#}"))["status"]
        .as_str()
        .expect("a text")
        .to_owned()
}

/// A configuration that listens on a free port, with further lines.
fn sound(place: &Place, more: &str) -> String {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("bound");
    format!(
        "server: {{listen: '{free}'}}\nstore: {{url: 'sqlite://{}'}}\nsources: [{{path: '{}'}}]\n{more}",
        place.database().display(),
        place.log().display()
    )
}

#[test]
fn a_sound_installation_is_found_to_be_sound_before_beside_and_after_the_server() {
    let place = Place::new();
    append(&place.log(), lines(0..500));
    let (code, report) = doctor(&place, &sound(&place, ""));
    // A disk of the machine that runs the test may be nearly full, which is no matter of ours.
    let is_sound = |report: &Value| {
        let findings = report["findings"].as_array().expect("a list");
        findings.iter().all(|finding| finding["status"] == "pass" || finding["check"] == "disk")
    };
    assert!(is_sound(&report), "{report:#}");
    assert_eq!(code == Some(0), status(&report, "disk") == "pass", "{report:#}");
    let log = report["findings"].as_array().expect("a list").iter().find(|found| found["check"] == "log");
    let value = log.expect("a finding")["value"].as_str().expect("a text").to_owned();
    assert!(value.contains("100.0 % of 500 lines readable"), "{value}");

    let server = place.serve();
    server.wait_for_lines(500);
    let address = server.address;
    let yaml = format!(
        "server: {{listen: '{address}'}}\nstore: {{url: 'sqlite://{}'}}\nsources: [{{path: '{}'}}]\n",
        place.database().display(),
        place.log().display()
    );
    let (_, report) = doctor(&place, &yaml);
    assert!(is_sound(&report), "{report:#}");
    assert!(
        report.to_string().contains("500 requests") && report.to_string().contains("running"),
        "{report:#}"
    );
    let health = bartizan(&place, &["health", "--listen", &address.to_string()]);
    assert!(health.status.success(), "{}", said(&health));
    server.stop();
    let health = bartizan(&place, &["health", "--listen", &address.to_string()]);
    assert_eq!(health.status.code(), Some(1), "{}", said(&health));
    assert!(said(&health).contains("nothing answers"), "{}", said(&health));
}

#[test]
fn what_is_broken_is_named_with_its_remedy_and_exit_code_2() {
    let place = Place::new();
    append(&place.log(), lines(0..50));
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    taken.set_nonblocking(true).expect("set");
    for (yaml, check) in [
        ("server: {lisen: 1}".to_owned(), "configuration"),
        (sound(&place, "detection: {model: /nonexistent}"), "model"),
        (
            "server: {listen: '0.0.0.0:0', allow_unauthenticated: true}\nstore: {url: 'sqlite://new.db'}"
                .to_owned(),
            "exposure",
        ),
        ("sources: [{path: /nonexistent/access.log}]".to_owned(), "log"),
        ("store: {url: 'postgres://me:changeme@127.0.0.1:1/none'}".to_owned(), "secrets"),
        ("store: {url: 'postgres://me:of-its-own@127.0.0.1:1/none'}".to_owned(), "database"),
    ] {
        let (code, report) = doctor(&place, &yaml);
        assert_eq!(status(&report, check), "fail", "{yaml}: {report:#}");
        assert_eq!(code, Some(2), "{yaml}");
        let text = bartizan(&place, &["doctor", "--config", "bartizan.yaml"]);
        assert!(said(&text).contains("BROKEN") && said(&text).contains("->"), "{}", said(&text));
        assert!(!said(&text).contains("changeme") && !said(&text).contains("of-its-own"), "{}", said(&text));
    }
}

#[test]
fn what_should_be_looked_at_gives_exit_code_1_and_open_files_give_2() {
    let place = Place::new();
    append(&place.log(), lines(0..50));
    std::fs::write(place.path("other.log"), "this is no access log\n".repeat(50)).expect("written");
    let (code, report) = doctor(&place, &sound(&place, "").replace("sources:", "unused: &unused\nsources:"));
    assert_eq!((code, status(&report, "configuration").as_str()), (Some(2), "fail"), "{report:#}");

    let none = "store: {url: 'sqlite://new.db'}\nserver: {listen: '127.0.0.1:0'}";
    let (code, report) = doctor(&place, none);
    assert_eq!(status(&report, "logs"), "warning", "{report:#}");
    if status(&report, "disk") == "pass" {
        assert_eq!(code, Some(1), "{report:#}");
    }
    let other = sound(&place, "").replace("access.log", "other.log");
    assert_eq!(status(&doctor(&place, &other).1, "log"), "fail");

    let server = place.serve();
    server.wait_for_lines(50);
    server.stop();
    assert_eq!(status(&doctor(&place, &sound(&place, "")).1, "permissions"), "pass");
    let everyone = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(place.database(), everyone).expect("ours");
    let (code, report) = doctor(&place, &sound(&place, ""));
    assert_eq!((code, status(&report, "permissions").as_str()), (Some(2), "fail"), "{report:#}");
}
