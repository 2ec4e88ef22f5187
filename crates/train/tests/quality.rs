//! The shipped model on the suites of the repository: floors that must hold, and a snapshot in which every change of
//! model or features shows its price.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use bartizan_detect::Detector;
use bartizan_train::{EvalReport, SetReport, evaluate};

const SUITES: [&str; 11] = [
    "attacks_evasive",
    "browser_benign",
    "browser_fresh",
    "browser_sessions",
    "exploits_recent",
    "payloads",
    "payloads_second",
    "payloads_third",
    "payloads_third_read",
    "queries_benign",
    "text_benign",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("suites")
}

fn measured() -> EvalReport {
    let detector = Detector::embedded().expect("the shipped model loads");
    let files: Vec<PathBuf> = SUITES.iter().map(|name| folder().join(format!("{name}.jsonl"))).collect();
    evaluate(&detector, &files, detector.manifest().thresholds).expect("the suites are in the repository")
}

fn rate(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |share| format!("{:.2} %", share * 100.0))
}

fn table(report: &EvalReport) -> String {
    let mut text = format!(
        "# Quality of {} on the suites\n\nAt its block threshold. `UPDATE_QUALITY=1 cargo test -p bartizan-train --test quality` writes this page.\n\n\
         | suite | attacks | caught | benign | flagged |\n|---|---|---|---|---|\n",
        report.model
    );
    for set in &report.sets {
        let (tpr, fpr) = (rate(set.tpr), rate(set.fpr));
        let _ = writeln!(text, "| {} | {} | {tpr} | {} | {fpr} |", set.file, set.attack, set.benign);
    }
    text.push_str("\n| suite | class | caught | of |\n|---|---|---|---|\n");
    for set in report.sets.iter().filter(|set| set.attack > 0) {
        for (class, count) in &set.classes {
            let _ = writeln!(
                text,
                "| {} | {class} | {} | {} |",
                set.file, count.attack.caught, count.attack.total
            );
        }
    }
    text
}

fn set<'a>(report: &'a EvalReport, name: &str) -> &'a SetReport {
    report.sets.iter().find(|set| set.file.ends_with(&format!("/{name}.jsonl"))).expect("measured")
}

#[test]
fn the_shipped_model_holds_its_floors_and_its_snapshot() {
    let report = measured();
    let mut missed = Vec::new();
    for (name, floor) in [("attacks_evasive", 0.85), ("exploits_recent", 0.93), ("payloads", 0.90)] {
        let tpr = set(&report, name).tpr.unwrap_or_default();
        if tpr < floor {
            missed.push(format!("{name}: {tpr:.4} caught, at least {floor} wanted"));
        }
    }
    for (name, ceiling) in [("browser_sessions", 0.0015), ("browser_benign", 0.005), ("text_benign", 0.02)] {
        let fpr = set(&report, name).fpr.unwrap_or(1.0);
        if fpr > ceiling {
            missed.push(format!("{name}: {fpr:.4} flagged, at most {ceiling} wanted"));
        }
    }
    let (page, now) = (folder().join("QUALITY.md"), table(&report));
    if std::env::var_os("UPDATE_QUALITY").is_some() {
        std::fs::write(&page, &now).expect("written");
    }
    assert!(missed.is_empty(), "{missed:#?}");
    let mut committed = String::new();
    let file = File::open(&page).expect("suites/QUALITY.md is in the repository");
    file.take(1 << 20).read_to_string(&mut committed).expect("text");
    assert_eq!(now, committed, "the quality changed: look at the difference, then UPDATE_QUALITY=1");

    // What the dashboard shows beside the model is what was measured here, whenever that was.
    let detector = Detector::embedded().expect("the shipped model loads");
    let shown = detector.quality().expect("models/*/quality.json is of these weights");
    let at = shown.measured_at.parse().expect("an instant");
    assert_eq!(
        shown,
        &report.quality(detector.manifest(), at),
        "the quality changed: bartizan eval --quality models/wall-3/quality.json crates/train/suites/*.jsonl"
    );
}
