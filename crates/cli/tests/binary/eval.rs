//! `bartizan eval` as a pipeline calls them.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::access_log::append;
use crate::server::Place;

const ATTACK: &str = r#"{"source":"own","id":1,"label":"attack","class":"sqli","kind":"request","method":"GET","path":"/items","query":"id=1%27%20union%20select%20name,password%20from%20users%20--%20","headers":{"Host":"shop.example.com"},"body":""}"#;
const BENIGN: &str = r#"{"source":"own","id":2,"label":"benign","class":"benign","kind":"request","method":"GET","path":"/items","query":"id=1&page=2","headers":{"Host":"shop.example.com"},"body":""}"#;

fn bartizan(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.args(arguments).stdin(Stdio::null()).env_remove("RUST_LOG").env_remove("RUST_BACKTRACE");
    command.output().expect("the program starts")
}

fn file(place: &Place, name: &str, text: &str) -> String {
    let path: PathBuf = place.path(name);
    append(&path, text);
    path.to_str().expect("temporary folders have plain names").to_owned()
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn the_report_has_its_keys_and_null_where_a_side_is_empty() {
    let place = Place::new();
    let both = file(&place, "both.jsonl", &format!("{ATTACK}\n{BENIGN}\n"));
    let one = file(&place, "one.jsonl", &format!("{BENIGN}\n"));
    let report = json(&bartizan(&["eval", "--json", &both, &one]));
    assert!(report["model"].is_string() && report["threshold"].is_f64(), "{report}");
    let sets = report["sets"].as_array().expect("sets");
    let [both_set, one_set] = sets.as_slice() else { panic!("{} sets", sets.len()) };
    assert!(both_set["file"].as_str().is_some_and(|file| file.ends_with("/both.jsonl")), "{both_set}");
    assert_eq!((&both_set["attack"], &both_set["benign"]), (&1.into(), &1.into()));
    assert_eq!(
        (&both_set["tpr"], &both_set["fpr"], &both_set["auc"]),
        (&1.0.into(), &0.0.into(), &1.0.into())
    );
    for share in ["0.0001", "0.0005", "0.001", "0.01"] {
        assert_eq!(both_set["tpr_at_fpr"][share], 1.0, "{both_set}");
        assert_eq!(one_set["tpr_at_fpr"].get(share), Some(&Value::Null), "{one_set}");
    }
    assert!(both_set["latency_us"]["p50"].is_number() && both_set["latency_us"]["p99"].is_number());
    assert_eq!(
        (&one_set["tpr"], &one_set["auc"], &one_set["fpr"]),
        (&Value::Null, &Value::Null, &0.0.into())
    );
}

#[test]
fn the_same_input_gives_the_same_bytes_when_no_times_are_measured() {
    let place = Place::new();
    let rows = file(&place, "rows.jsonl", &format!("{ATTACK}\n{BENIGN}\n"));
    for format in [&["eval", "--no-latency", "--json"][..], &["eval", "--no-latency"]] {
        let [first, second] = [(); 2].map(|()| bartizan(&[format, &[&rows]].concat()).stdout);
        assert!(!first.is_empty() && first == second, "{}", String::from_utf8_lossy(&first));
    }
}

#[test]
fn a_gate_fails_with_the_figure_and_its_bound() {
    let place = Place::new();
    let rows = file(&place, "rows.jsonl", &format!("{ATTACK}\n{BENIGN}\n"));
    let held = bartizan(&["eval", &rows, "--fail-under", "tpr=0.9", "--fail-over", "fpr=0.001"]);
    assert_eq!(held.status.code(), Some(0), "{}", String::from_utf8_lossy(&held.stderr));
    // No request scores as high as 1, so nothing is caught.
    let missed = bartizan(&["eval", &rows, "--threshold", "1", "--fail-under", "tpr=0.9"]);
    assert_eq!(missed.status.code(), Some(1));
    let said = String::from_utf8_lossy(&missed.stderr);
    assert!(said.contains("tpr") && said.contains("0.9"), "{said}");
    let unknown = bartizan(&["eval", &rows, "--fail-under", "beauty=0.9"]);
    let said = String::from_utf8_lossy(&unknown.stderr);
    assert!(!unknown.status.success() && said.contains("beauty") && said.contains("tpr"), "{said}");
}

#[test]
fn raw_requests_and_access_logs_are_judged_with_the_label_that_is_given() {
    let place = Place::new();
    let raw = file(
        &place,
        "attack.http",
        "POST /login HTTP/1.1\r\nHost: shop.example.com\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: 37\r\n\r\nuser=admin'%20or%201=1%20--%20&pass=x\n###\n\
         GET /?page=../../../../etc/passwd HTTP/1.1\r\nHost: shop.example.com\r\n\r\n",
    );
    let log = file(
        &place,
        "access.log",
        "203.0.113.9 - - [12/May/2025:10:00:00 +0000] \"GET /?q=%3Cscript%3Ealert(1)%3C/script%3E HTTP/1.1\" 200 5 \
         \"-\" \"curl/8.5.0\"\n",
    );
    let report = json(&bartizan(&["eval", "--json", "--label", "attack", &raw, &log]));
    let counts: Vec<_> =
        report["sets"].as_array().expect("sets").iter().map(|set| (&set["attack"], &set["tpr"])).collect();
    assert_eq!(counts, [(&2.into(), &1.0.into()), (&1.into(), &1.0.into())], "{report}");
}

#[test]
fn a_line_that_cannot_be_read_is_named() {
    let place = Place::new();
    let rows = file(&place, "rows.jsonl", &format!("{ATTACK}\n{{\"label\": \n"));
    let output = bartizan(&["eval", &rows]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && !said.contains("panicked"), "{said}");
    assert!(said.contains("rows.jsonl") && said.contains('2'), "{said}");
}

#[test]
fn the_figures_are_written_with_the_model_that_they_belong_to() {
    let place = Place::new();
    let rows = file(&place, "rows.jsonl", &format!("{ATTACK}\n{BENIGN}\n"));
    let written = place.path("quality.json");
    let out = written.to_str().expect("temporary folders have plain names");
    json(&bartizan(&["eval", "--json", "--no-latency", "--quality", out, &rows]));
    let quality: Value = serde_json::from_reader(File::open(&written).expect("written")).expect("JSON");
    let manifest: Value =
        serde_json::from_str(include_str!("../../../../models/wall-3/manifest.json")).expect("JSON");
    assert_eq!(quality["weights_sha256"], manifest["weights_sha256"]);
    assert!(quality["measured_at"].as_str().is_some_and(|at| at.ends_with('Z')), "{quality}");
    let set = &quality["sets"][0];
    assert_eq!((&set["attack"]["caught"], &set["attack"]["total"]), (&1.into(), &1.into()), "{set}");
    assert_eq!((&set["benign"]["caught"], &set["benign"]["total"]), (&0.into(), &1.into()), "{set}");
    assert_eq!(set["classes"]["sqli"]["total"], 1, "{set}");
    assert_eq!(set["classes"].get("benign"), None, "{set}");
    // Figures at another threshold are not those of the model as it is used.
    assert!(!bartizan(&["eval", "--quality", out, "--threshold", "0.9", &rows]).status.success());
}
