//! Following a log while it is written, rotated and truncated.

use std::time::{Duration, Instant};

use crate::access_log::{append, lines};
use crate::server::Place;

/// How soon an appended line must show (issue: "within 2 s").
const SOON: Duration = Duration::from_secs(2);

#[test]
fn an_appended_line_shows_in_the_traffic_list_within_two_seconds() {
    let place = Place::new();
    append(&place.log(), lines(0..100));
    let server = place.serve();
    server.wait_for_lines(100);
    for number in 100..105 {
        append(&place.log(), lines(number..number + 1));
        let written = Instant::now();
        let newest = format!("/api/v1/traffic?q=line={number}&limit=1");
        while server.json(&newest)["data"].as_array().is_none_or(Vec::is_empty) {
            assert!(written.elapsed() < SOON, "line {number} does not show after {SOON:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    server.assert_holds_each_line_once(105);
}

#[test]
fn a_line_that_is_written_in_two_pieces_counts_once_and_only_when_it_is_whole() {
    let place = Place::new();
    append(&place.log(), lines(0..3));
    let server = place.serve();
    let fourth = lines(3..4);
    let (begin, end) = fourth.split_at(40);
    append(&place.log(), begin);
    server.wait_for_lines(3);
    // The next line could only be counted by mistake now; a moment is given for that.
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!(server.lines_read(), 3, "half a line was counted");
    append(&place.log(), end);
    server.wait_for_lines(4);
    assert_eq!(server.source()["failed"], 0);
    server.assert_holds_each_line_once(4);
}

#[test]
fn a_log_that_is_empty_at_first_is_followed_when_lines_come() {
    let place = Place::new();
    append(&place.log(), "");
    let server = place.serve();
    // Some looks at the empty file must have passed; nothing that happens then can be waited for.
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!((server.lines_read(), server.source()["state"].as_str()), (0, Some("running")));
    append(&place.log(), lines(0..10));
    server.wait_for_lines(10);
    server.assert_holds_each_line_once(10);
    server.stop();
    let server = place.serve();
    server.assert_holds_each_line_once(10);
}

#[test]
fn a_log_that_is_removed_is_waited_for_and_read_when_it_comes_back() {
    let place = Place::new();
    append(&place.log(), lines(0..10));
    let server = place.serve();
    server.wait_for_lines(10);
    std::fs::remove_file(place.log()).expect("our own file");
    server.wait_for_state("waiting");
    append(&place.log(), lines(10..20));
    server.wait_for_lines(20);
    server.wait_for_state("running");
    server.assert_holds_each_line_once(20);
}

#[test]
fn rotation_by_renaming_loses_nothing_even_of_what_is_written_late_to_the_old_file() {
    let place = Place::new();
    append(&place.log(), lines(0..1_000));
    let server = place.serve();
    server.wait_for_lines(1_000);
    let old = place.path("access.log.1");
    for round in 1..4 {
        let next = round * 1_000;
        std::fs::rename(place.log(), &old).expect("our own file");
        // A web server goes on writing to the renamed file until it is told to open the new one.
        append(&old, lines(next..next + 300));
        append(&place.log(), lines(next + 300..next + 1_000));
        server.wait_for_lines(next + 1_000);
    }
    server.assert_holds_each_line_once(4_000);
}

#[test]
fn copying_and_truncating_loses_and_repeats_nothing() {
    let place = Place::new();
    append(&place.log(), lines(0..1_000));
    let server = place.serve();
    server.wait_for_lines(1_000);
    for round in 1..4 {
        let next = round * 1_000;
        std::fs::copy(place.log(), place.path("access.log.1")).expect("our own file");
        std::fs::File::create(place.log()).expect("our own file");
        append(&place.log(), lines(next..next + 1_000));
        server.wait_for_lines(next + 1_000);
    }
    server.assert_holds_each_line_once(4_000);
}

#[test]
fn a_log_that_was_rotated_while_nobody_read_is_caught_up() {
    let place = Place::new();
    append(&place.log(), lines(0..1_000));
    let server = place.serve();
    server.wait_for_lines(1_000);
    server.stop();
    append(&place.log(), lines(1_000..1_500));
    std::fs::rename(place.log(), place.path("access.log.1")).expect("our own file");
    append(&place.log(), lines(1_500..2_000));
    let server = place.serve();
    server.wait_for_lines(2_000);
    server.assert_holds_each_line_once(2_000);
}

#[test]
fn lines_of_any_length_and_any_bytes_are_counted_and_the_others_go_on() {
    let place = Place::new();
    let log = place.log();
    append(&log, lines(0..50));
    let huge = vec![b'A'; 10 << 20];
    append(&log, huge);
    append(&log, "\n");
    append(&log, lines(50..60));
    append(&log, b"\xff\xfe\x00\x80 not text at all \xc3\x28\n");
    append(&log, b"198.51.100.9 - - [no time] \"GET /items?line=7 HTTP/1.1\" 200 1 \"-\" \"-\"\n");
    append(&log, lines(60..100));
    let server = place.serve();
    server.wait_for_lines(103);
    let source = server.source();
    assert_eq!((source["lines"].as_u64(), source["parsed"].as_u64()), (Some(103), Some(100)), "{source}");
    assert_eq!((source["failed"].as_u64(), source["state"].as_str()), (Some(3), Some("running")), "{source}");
    let samples = source["samples"].as_array().expect("a list");
    assert_eq!(samples.len(), 3, "{source}");
    assert!(
        samples.iter().all(|sample| sample["problem"].as_str().is_some_and(|why| !why.is_empty())),
        "{source}"
    );
    assert!(source.to_string().len() < 20_000, "a sample of the long line must be cut");
    assert_eq!(server.stored_lines(), (0..100).collect());
    append(&log, lines(100..110));
    server.wait_for_lines(113);
    assert_eq!(server.stored_lines(), (0..110).collect());
}
