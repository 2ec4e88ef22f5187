//! The figures for Prometheus: those that the documentation names are served, and dashboard and alert rules ask for
//! no others.

use std::collections::BTreeSet;
use std::path::Path;

use crate::access_log::{append, lines};
use crate::http;
use crate::server::{Place, read};

/// Names of our figures in any text.
fn names(text: &str) -> BTreeSet<String> {
    let starts = text.match_indices("bartizan_").map(|(start, _)| &text[start..]);
    starts
        .map(|rest| {
            rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default().to_owned()
        })
        .collect()
}

fn repository(path: &str) -> String {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path))
}

#[test]
fn documentation_dashboard_and_alert_rules_name_the_figures_that_are_served() {
    let place = Place::new();
    append(&place.log(), lines(0..100));
    let server = place.serve();
    server.wait_for_lines(100);
    let (status, text) = http::get(server.address, "/metrics").expect("answered");
    assert_eq!(status, 200);
    let served = names(&text);

    let table: String =
        repository("docs/metrics.md").lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(names(&table), served, "docs/metrics.md describes each figure and no other");
    for path in ["examples/grafana/bartizan.json", "examples/prometheus/bartizan-rules.yml"] {
        let asked = names(&repository(path));
        assert!(asked.len() > 3, "{path} asks for {asked:?}");
        let unknown: Vec<&String> = asked.difference(&served).collect();
        assert!(unknown.is_empty(), "{path} asks for {unknown:?}, which nobody serves");
    }

    // Each stage has done something by now.
    for stage in ["commits_total", "commit_seconds_total", "judge_seconds_total"] {
        let line = text.lines().find(|line| line.starts_with(&format!("bartizan_{stage} ")));
        let value: f64 = line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or_default();
        assert!(value > 0.0, "{stage}: {line:?}");
    }
    assert!(text.contains("bartizan_source_lines_total{source="), "{text}");
    let ready = http::get(server.address, "/health/ready").expect("answered");
    assert_eq!(ready.0, 200, "{}", ready.1);
}
