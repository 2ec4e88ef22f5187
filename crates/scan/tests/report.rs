//! Reports of logs that the tests write, judged by a toy: counting is tested here, detection elsewhere.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use bartizan_detect::{BehaviourConfig, Policy, Thresholds};
use bartizan_model::{AnomalyScore, Assessment, HttpRequest, Mode, ThreatClass, Timestamp};
use bartizan_scan::{Assess, Gate, Progress, Report, ScanOptions, scan};
use proptest::prelude::*;
use tempfile::TempDir;

/// Takes the word "union" for an attack and "odd" for something suspicious.
struct Toy;

impl Assess for Toy {
    fn assess(&self, request: &HttpRequest) -> Assessment {
        let has = |word: &[u8]| request.target.windows(word.len()).any(|part| part == word);
        let score = if has(b"union") {
            0.9
        } else if has(b"odd") {
            0.4
        } else {
            0.0
        };
        Assessment {
            score: Some(AnomalyScore::new(score)),
            class: (score > 0.0).then_some(ThreatClass::SqlInjection),
            payload: Some(String::from_utf8_lossy(&request.target).into_owned()),
            details: Some("a word of the toy".to_owned()),
            ..Assessment::default()
        }
    }
}

struct Logs(TempDir);

impl Logs {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }

    fn scan(&self, threads: usize) -> Report {
        report(&[self.0.path().to_owned()], threads)
    }
}

fn report(inputs: &[PathBuf], threads: usize) -> Report {
    let options = ScanOptions {
        lines: bartizan_ingest::LineOptions::default(),
        policy: Policy { thresholds: Thresholds::new(0.3, 0.5), mode: Mode::Monitor },
        behaviour: BehaviourConfig::default(),
        model: "toy".to_owned(),
        threads: NonZeroUsize::new(threads).expect("some"),
        top: 10,
        now: Timestamp::default(),
    };
    scan(inputs, &Toy, &options, &Progress::default())
}

fn line(client: &str, second: u32, target: &str, status: u16) -> String {
    let (hour, minute, second) = (second / 3600 % 24, second / 60 % 60, second % 60);
    format!(
        "{client} - - [04/Mar/2026:{hour:02}:{minute:02}:{second:02} +0000] \"GET {target} HTTP/1.1\" {status} 512 \
         \"-\" \"x/1\" rt=0.020 host=shop.example\n"
    )
}

#[test]
fn the_sums_are_those_of_the_lines() {
    let logs = Logs::new();
    logs.write(
        "a.log",
        [
            line("192.0.2.1", 1, "/a", 200),
            line("192.0.2.2", 2, "/items/17?q=union", 200),
            line("192.0.2.2", 3, "/items/18?q=union", 404),
            "\n".to_owned(),
            line("192.0.2.3", 4, "/items/19?q=odd", 200),
            "not a line\n".to_owned(),
        ]
        .concat(),
    );
    let report = logs.scan(2);
    let totals = &report.totals;
    assert_eq!((totals.lines, totals.requests, totals.unreadable), (5, 4, 1));
    assert_eq!((totals.attacks, totals.suspicious, totals.attacks_answered), (2, 1, 1));
    assert_eq!((totals.clients, totals.attackers), (3, 2));
    let attacker = &report.attackers[0];
    assert_eq!((attacker.client.as_str(), attacker.attacks, attacker.requests), ("192.0.2.2", 2, Some(2)));
    let target = &report.targets[0];
    assert_eq!(
        (target.endpoint.as_str(), target.attacks, target.suspicious),
        ("shop.example/items/{id}", 2, 1)
    );
    let success = &report.successes[0];
    assert_eq!((success.count, success.example.line), (1, 2));
    let sample = &report.unreadable.samples[0];
    assert_eq!((sample.line, sample.text.as_str()), (6, "not a line"));
    assert_eq!(report.slowest[0].endpoint, "shop.example/items/{id}");
    let drawn: u64 = report.timeline.expect("a timeline").buckets.iter().map(|bucket| bucket.requests).sum();
    assert_eq!(drawn, 4);
}

#[test]
fn gates_are_met_by_what_they_name_alone() {
    let logs = Logs::new();
    logs.write("a.log", line("192.0.2.1", 1, "/?q=odd", 200));
    let suspicious = logs.scan(1);
    let met =
        |gate: &str, report: &Report| gate.parse::<Gate>().expect("a condition").violation(report).is_some();
    assert!(met("suspicious", &suspicious) && met("class=sql_injection", &suspicious));
    assert!(!met("attack", &suspicious) && !met("success", &suspicious) && !met("class=xss", &suspicious));
    logs.write("a.log", line("192.0.2.1", 1, "/?q=union", 500));
    let failed = logs.scan(1);
    assert!(met("attack", &failed) && !met("success", &failed));
    logs.write("a.log", line("192.0.2.1", 1, "/?q=union", 204));
    assert!(met("success", &logs.scan(1)));
}

#[test]
fn counters_follow_each_file_and_begin_anew_with_the_next() {
    let scanner = |second: u32| {
        (0..12).map(|number| line("192.0.2.9", second, &format!("/gone-{number}"), 404)).collect::<String>()
    };
    let logs = Logs::new();
    logs.write("one.log", scanner(0));
    logs.write("two.log", scanner(10));
    assert_eq!(logs.scan(2).totals.suspicious, 0, "twelve paths in each of two logs are no scan");
    let together = Logs::new();
    let more =
        (20..32).map(|number| line("192.0.2.9", 10, &format!("/gone-{number}"), 404)).collect::<String>();
    together.write("one.log", scanner(0) + &more);
    assert!(together.scan(2).totals.suspicious > 0, "twenty-four within ten seconds are one");
}

#[test]
fn a_second_log_behind_the_first_is_no_flood() {
    let day =
        |client: &str| (0..300).map(|number| line(client, number * 200, "/page", 200)).collect::<String>();
    let logs = Logs::new();
    logs.write("joined.log", day("192.0.2.1") + &day("192.0.2.1"));
    assert_eq!(logs.scan(1).totals.suspicious, 0);
}

#[test]
fn nothing_from_a_log_is_markup_or_drives_a_terminal() {
    let logs = Logs::new();
    let mark = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u{1b}[2J\u{202e}";
    logs.write(
        "<b>a.log",
        [
            line(mark, 1, &format!("/{mark}?q=union"), 200),
            line("192.0.2.1", 2, &format!("/a?union={mark}"), 200),
            line("192.0.2.1", 3, "/a?union", 200).replace("x/1", mark),
            format!("{mark}\n"),
        ]
        .concat(),
    );
    logs.write("<i>other.log", format!("{mark}\n"));
    let report = logs.scan(1);
    assert!(report.totals.attacks >= 2 && report.totals.unreadable >= 1, "{:?}", report.totals);
    let html = report.to_html();
    for tag in ["<script", "<img", "<b>a", "<i>other", "onerror=alert(1)>"] {
        assert!(!html.contains(tag), "{tag}");
    }
    assert!(html.contains("&lt;script&gt;"));
    for text in [html, report.to_text(), report.to_json().expect("JSON")] {
        assert!(!text.contains(['\u{1b}', '\u{202e}']));
    }
}

#[test]
fn the_page_asks_for_nothing_and_holds_no_script() {
    let logs = Logs::new();
    logs.write("a.log", line("192.0.2.1", 1, "/?q=union", 200));
    let html = logs.scan(1).to_html();
    assert!(html.contains("default-src 'none'"));
    for word in ["<script", "http://", "https://", "url(", "@import", "src="] {
        assert!(!html.contains(word), "{word}");
    }
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_goes_on() {
    let logs = Logs::new();
    let good = logs.write("good.log", line("192.0.2.1", 1, "/", 200));
    let error_log = logs.write("error.log", "2026/03/04 [error] 7#7: oops\n");
    let report = report(&[PathBuf::from("/nonexistent/x.log"), error_log.clone(), good], 2);
    assert_eq!((report.totals.requests, report.input.files_read), (1, 1));
    let named: Vec<&Path> = report.input.problems.iter().map(|problem| Path::new(&problem.path)).collect();
    assert_eq!(named, [Path::new("/nonexistent/x.log"), &error_log]);
    assert!(!report.is_unusable());
    let nothing = self::report(&[error_log], 2);
    assert!(
        nothing.is_unusable() && nothing.to_html().contains("oops") && nothing.to_text().contains("oops")
    );
}

prop_compose! {
    fn any_lines()(
        lines in prop::collection::vec((0..6_u8, 0..90_000_u32, 0..40_u16, prop::sample::select(vec![200_u16, 301, 404, 500])), 0..400),
    ) -> String {
        let text = lines.into_iter().map(|(kind, second, number, status)| {
            let client = format!("192.0.2.{}", number % 9);
            match kind {
                0 => format!("broken {number}\n"),
                1 => line(&client, second, &format!("/x/{number}?q=union"), status),
                2 => line(&client, second, "/?odd", status),
                _ => line(&client, second, &format!("/page-{number}"), status),
            }
        });
        text.collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]
    #[test]
    fn the_same_logs_give_the_same_bytes_whatever_the_threads(texts in prop::collection::vec(any_lines(), 1..4), repeat in 1..40_usize) {
        let logs = Logs::new();
        for (number, text) in texts.iter().enumerate() {
            logs.write(&format!("{number}.log"), text.repeat(repeat));
        }
        let [one, two, five] = [1, 2, 5].map(|threads| logs.scan(threads));
        prop_assert_eq!(one.to_json().expect("JSON"), two.to_json().expect("JSON"));
        prop_assert_eq!(&one.to_text(), &five.to_text());
        prop_assert_eq!(one.to_html(), five.to_html());
        let lines: usize = texts.iter().map(|text| text.lines().count() * repeat).sum();
        // A file of broken lines alone is named and not counted.
        prop_assert!(one.totals.lines <= lines as u64);
    }
}
