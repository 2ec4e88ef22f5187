//! Whole files become requests: one that is generated here, and real ones where they are at hand.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bartizan_ingest::{FileReader, LineOptions, ReadBatch, ReadState, SourceConfig};
use bartizan_model::{SourceKind, SystemClock};

fn batches(path: &Path) -> Vec<ReadBatch> {
    let config = SourceConfig {
        name: "test".to_owned(),
        path: path.to_owned(),
        kind: SourceKind::File,
        follow: false,
        lines: LineOptions::default(),
    };
    let mut reader = FileReader::open(&config, None, Arc::new(SystemClock)).expect("opens");
    let mut batches = Vec::new();
    loop {
        let batch = reader.read_batch(512).expect("reads");
        let state = batch.state.clone();
        batches.push(batch);
        match state {
            ReadState::More => {}
            ReadState::CaughtUp | ReadState::Ended => return batches,
            ReadState::Waiting { reason } => panic!("{reason}"),
        }
    }
}

fn totals(path: &Path) -> (u64, u64) {
    batches(path).iter().fold((0, 0), |(lines, failed), batch| (lines + batch.lines, failed + batch.failed))
}

/// 10,000 lines of every supported form, among them one whose user agent was cut, and 100 of an error log.
fn generated() -> String {
    let mut text = String::new();
    for number in 0..10_000_u32 {
        let (minute, second) = (number / 60 % 60, number % 60);
        let clf = format!("192.0.2.{} - - [04/Mar/2026:05:{minute:02}:{second:02} +0100]", number % 250);
        let request = format!("\"GET /page/{number}?q=%27a HTTP/1.1\" 200 {number}");
        let agent = "\"https://shop.example.com/\" \"Mozilla/5.0 (X11; Linux x86_64)\"";
        match number % 8 {
            _ if number == 8_888 => writeln!(text, "{clf} {request} \"-\" \"Mozilla/5.0 (cut"),
            0 => writeln!(text, "{clf} {request}"),
            1 => writeln!(text, "shop.example.com:443 {clf} {request} {agent}"),
            2 => writeln!(
                text,
                "Mar  4 05:{minute:02}:{second:02} web1 nginx[812]: {clf} {request} {agent} 0.012"
            ),
            3 => writeln!(text, "{clf} \"\\x16\\x03\\x01\" 400 0 \"-\" \"-\""),
            4 => writeln!(
                text,
                "{{\"time_iso8601\":\"2026-03-04T05:{minute:02}:{second:02}Z\",\"remote_addr\":\"192.0.2.9\",\
                 \"request\":\"GET /j/{number} HTTP/2.0\",\"status\":200}}"
            ),
            _ => writeln!(text, "{clf} {request} {agent} \"192.0.2.1\""),
        }
        .expect("writes");
        if number % 100 == 0 {
            writeln!(
                text,
                "2026/03/04 05:00:00 [error] 7#7: *1 open() \"/srv/x\" failed, request: \"GET /x HTTP/1.1\""
            )
            .expect("writes");
        }
    }
    text
}

#[test]
fn every_line_of_a_generated_log_becomes_a_request() {
    let dir = tempfile::tempdir().expect("tempdir");
    let path = dir.path().join("access.log");
    std::fs::write(&path, generated()).expect("writes");
    assert_eq!(totals(&path), (10_100, 100));
    let requests: Vec<_> = batches(&path).into_iter().flat_map(|batch| batch.requests).collect();
    assert!(requests.iter().all(|request| request.client.starts_with("192.0.2.") && request.status > 0));
    let cut = requests.iter().find(|request| request.path() == b"/page/8888").expect("is there");
    assert_eq!(cut.user_agent().as_deref(), Some("Mozilla/5.0 (cut"));
}

/// The folder with the logs of the shared data, beside the repository or named by `BARTIZAN_DATA`.
fn shared_logs() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("BARTIZAN_DATA").map_or(beside, PathBuf::from);
    Some(data.join("logs")).filter(|logs| logs.is_dir())
}

#[test]
fn real_logs_become_requests_where_they_are_at_hand() {
    let Some(logs) = shared_logs() else {
        assert!(std::env::var_os("BARTIZAN_DATA").is_none(), "BARTIZAN_DATA names no folder with logs");
        return;
    };
    assert_eq!(totals(&logs.join("apache_combined_2015.log")), (10_000, 0));
    // 72 of these are lines of error, mail, audit and system logs, or of a proxy's own form without a quoted request.
    assert_eq!(totals(&logs.join("mixed_attacks.log")), (819, 72));
}
