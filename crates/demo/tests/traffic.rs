//! What the demo sends: readable, repeatable, in order, and with an attack of every class.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use bartizan_demo::{DemoLine, DemoTraffic, run};
use bartizan_ingest::parse_line;
use bartizan_model::{Clock, HttpRequest, MISSING, ThreatClass, Timestamp};

const MINUTE: i64 = 60 * Timestamp::SECOND_MICROS;

fn start() -> Timestamp {
    "2026-03-04T18:00:00Z".parse().expect("an instant")
}

fn lines(seed: u64, minutes: i64) -> Vec<DemoLine> {
    DemoTraffic::new(seed, start()).lines_until(start().plus_micros(minutes * MINUTE))
}

fn parsed(line: &str) -> HttpRequest {
    parse_line(line.as_bytes(), Timestamp::default()).unwrap_or_else(|error| panic!("{error}: {line}"))
}

#[test]
fn every_line_is_read_back_with_all_its_parts() {
    for line in lines(1, 60) {
        let request = parsed(&line.text);
        assert_eq!(request.time.secs(), line.time.secs(), "{}", line.text);
        assert_ne!(request.client, MISSING);
        assert!(request.response_bytes.is_some() && request.response_time_ms.is_some(), "{}", line.text);
        assert!((200..=599).contains(&request.status), "{}", line.text);
        assert_eq!(request.method == MISSING, line.text.contains("\\x16\\x03"), "{}", line.text);
        if line.attack.is_none() {
            assert!(request.user_agent().is_some() && request.target.starts_with(b"/"), "{}", line.text);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_lines_however_they_are_fetched() {
    let mut traffic = DemoTraffic::new(9, start());
    let in_steps: Vec<DemoLine> =
        (1..=100).flat_map(|step| traffic.lines_until(start().plus_micros(step * MINUTE / 10))).collect();
    assert_eq!(in_steps, lines(9, 10));
    assert_ne!(in_steps, lines(10, 10));
}

#[test]
fn times_ascend_from_the_start_on() {
    let lines = lines(2, 30);
    assert!(lines.is_sorted_by_key(|line| line.time));
    assert!(lines.iter().all(|line| line.time >= start() && line.time <= start().plus_micros(30 * MINUTE)));
}

#[test]
fn every_class_of_attack_occurs_within_an_hour() {
    for seed in 0..5 {
        let seen: BTreeSet<ThreatClass> = lines(seed, 60).iter().filter_map(|line| line.attack).collect();
        let missing: Vec<ThreatClass> = ThreatClass::ALL
            .into_iter()
            .filter(|class| {
                !matches!(class, ThreatClass::Policy | ThreatClass::Anomaly) && !seen.contains(class)
            })
            .collect();
        assert!(missing.is_empty(), "seed {seed}: {missing:?}");
    }
}

#[test]
fn the_shop_is_busy_and_mostly_peaceful() {
    let lines = lines(3, 120);
    let per_second = lines.len() as f64 / 7_200.0;
    assert!((3.0..9.0).contains(&per_second), "{per_second} requests per second");
    let attacks = lines.iter().filter(|line| line.attack.is_some()).count() as f64 / lines.len() as f64;
    assert!((0.01..0.12).contains(&attacks), "{attacks} of the requests are attacks");
    let in_five_minutes: BTreeSet<String> = lines
        .iter()
        .filter(|line| line.time >= start().plus_micros(115 * MINUTE))
        .map(|line| parsed(&line.text).client)
        .collect();
    assert!((40..200).contains(&in_five_minutes.len()), "{} clients", in_five_minutes.len());
}

#[test]
fn every_address_is_reserved_for_documentation() {
    for line in lines(4, 60) {
        let client = parsed(&line.text).client;
        let blocks = ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"];
        assert!(blocks.iter().any(|block| client.starts_with(block)), "{client}");
    }
}

/// A clock that moves on by a second whenever it is asked, and ends the run at its end.
#[derive(Debug)]
struct SteppingClock<'a> {
    seconds: AtomicI64,
    end: i64,
    stop: &'a AtomicBool,
}

impl Clock for SteppingClock<'_> {
    fn now(&self) -> Timestamp {
        let seconds = self.seconds.fetch_add(1, Ordering::Relaxed);
        if seconds >= self.end {
            self.stop.store(true, Ordering::Relaxed);
        }
        start().plus_micros(seconds * Timestamp::SECOND_MICROS)
    }
}

fn run_for(seconds: i64, path: &std::path::Path) -> Vec<HttpRequest> {
    let stop = AtomicBool::new(false);
    let clock = SteppingClock { seconds: AtomicI64::new(0), end: seconds, stop: &stop };
    run(path, &clock, &stop).expect("written");
    let mut text = Vec::new();
    let file = std::fs::File::open(path).expect("readable");
    file.take(64 * 1024 * 1024).read_to_end(&mut text).expect("readable");
    text.split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| parsed(&String::from_utf8_lossy(line)))
        .collect()
}

#[test]
fn an_empty_file_is_given_a_past_and_then_goes_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("access.log");
    std::fs::write(&path, "").expect("written");
    let requests = run_for(10, &path);
    let past = requests.iter().filter(|request| request.time <= start()).count();
    assert!((6_000..11_000).contains(&past), "{past} lines of the past");
    assert!(requests.len() > past, "nothing after the start");
    let first = requests.first().expect("a line").time;
    assert!(start().seconds_since(first) > 5.9 * 3_600.0, "{first}");
    assert!(requests.is_sorted_by_key(|request| request.time));
}

#[test]
fn a_file_with_lines_is_only_appended_to_even_when_its_last_line_was_cut() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("access.log");
    let cut = r#"192.0.2.1 - - [04/Mar/2026:17:00:00 +0000] "GET /cut HTTP/1.1" 200 1 "-" "x"#;
    std::fs::write(&path, cut).expect("written");
    let requests = run_for(10, &path);
    assert_eq!(requests.first().map(|request| request.target.clone()), Some(b"/cut".to_vec()));
    assert!(requests.len() > 5, "{}", requests.len());
    assert!(requests.iter().skip(1).all(|request| request.time >= start()));
}

#[test]
fn a_large_file_is_put_aside() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("access.log");
    let file = std::fs::File::create(&path).expect("created");
    file.set_len(65 * 1024 * 1024).expect("sized");
    let requests = run_for(5, &path);
    assert!(!requests.is_empty());
    let aside = folder.path().join("access.log.1");
    assert!(aside.metadata().is_ok_and(|metadata| metadata.len() > 64 * 1024 * 1024));
}
