//! What is wrong with data is said by name, and a report counts what the rows say.

use std::path::Path;

use bartizan_detect::{Detector, Thresholds};
use bartizan_train::{EvalError, TrainError, TrainOptions, evaluate, train};

fn quiet(_: &str, _: u64, _: u64) {}

#[test]
fn a_folder_without_data_is_named() {
    let dir = tempfile::tempdir().expect("scratch space");
    let options = TrainOptions { data: dir.path().to_owned(), out: dir.path().join("out"), seed: 1 };
    let error = train(&options, &quiet).expect_err("no data");
    assert!(matches!(error, TrainError::NoData { .. }) && error.to_string().contains("train"), "{error}");
    assert!(!dir.path().join("out").exists());
}

#[test]
fn a_damaged_row_is_named_by_file_and_line() {
    let dir = tempfile::tempdir().expect("scratch space");
    let file = dir.path().join("rows.jsonl");
    std::fs::write(&file, "{\"label\":\"benign\",\"payload\":\"x\"}\n{\"label\":\"odd\"}\n")
        .expect("written");
    let detector = Detector::embedded().expect("the shipped model");
    let EvalError::Data(error) =
        evaluate(&detector, &[file], detector.manifest().thresholds).expect_err("row 2");
    assert!(error.to_string().contains("rows.jsonl line 2"), "{error}");
}

#[test]
fn the_report_counts_what_the_rows_say() {
    let dir = tempfile::tempdir().expect("scratch space");
    let file = dir.path().join("rows.jsonl");
    let rows = [
        r#"{"label":"attack","class":"sqli","payload":"-1 union select 1,user(),3 from users"}"#,
        r#"{"label":"benign","class":"benign","payload":"summer shoes"}"#,
        r#"{"label":"benign","class":"benign","method":"GET","path":"/blog/2015/","query":"page=2","headers":{}}"#,
    ];
    std::fs::write(&file, rows.join("\n")).expect("written");
    let log = dir.path().join("access.log");
    let line = "192.0.2.7 - - [04/Mar/2026:05:06:07 +0000] \"GET /cart HTTP/1.1\" 200 512 \"-\" \"curl/8.5\"";
    std::fs::write(&log, format!("{line}\nno log line\n{line}\n")).expect("written");
    let detector = Detector::embedded().expect("the shipped model");
    let report = evaluate(&detector, &[file, log], detector.manifest().thresholds).expect("readable");
    let json = report.to_json();
    let set = &json["sets"][0];
    assert_eq!((set["attack"].as_u64(), set["benign"].as_u64()), (Some(1), Some(2)));
    assert_eq!((set["tpr"].as_f64(), set["fpr"].as_f64()), (Some(1.0), Some(0.0)));
    assert_eq!(set["auc"].as_f64(), Some(1.0));
    for name in ["0.0001", "0.0005", "0.001", "0.01"] {
        assert!(set["tpr_at_fpr"][name].is_number(), "{name}");
    }
    assert!(set["latency_us"]["p50"].is_number() && set["latency_us"]["p99"].is_number());
    let log = &json["sets"][1];
    assert_eq!(
        (log["unlabelled"].as_u64(), log["unreadable"].as_u64(), log["fpr"].is_null()),
        (Some(2), Some(1), true)
    );
}

#[test]
fn a_threshold_that_nothing_reaches_catches_nothing() {
    let dir = tempfile::tempdir().expect("scratch space");
    let file = dir.path().join("rows.jsonl");
    std::fs::write(&file, r#"{"label":"attack","payload":"<script>alert(1)</script>"}"#).expect("written");
    let detector = Detector::embedded().expect("the shipped model");
    let caught = |block| {
        evaluate(&detector, &[Path::new(&file).to_owned()], Thresholds::new(block, block))
            .expect("readable")
            .sets[0]
            .tpr
    };
    assert_eq!((caught(0.0), caught(1.0)), (Some(1.0), Some(0.0)));
}
