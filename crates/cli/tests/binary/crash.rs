//! `kill -9` at any moment: not a line lost, not a line twice.

use std::time::Duration;

use crate::access_log::{append, lines};
use crate::random::SplitMix;
use crate::rotating::RotatingLog;
use crate::server::Place;

/// Lines of the log: enough that reading takes many commits.
const LINES: u64 = 60_000;

/// How often the server is killed.
const KILLS: u64 = 8;

#[test]
#[expect(clippy::print_stdout, reason = "the moments of a failed run must be known to understand it")]
fn killed_at_random_moments_it_neither_loses_nor_repeats_a_line() {
    let mut random = SplitMix::seeded();

    let place = Place::new();
    append(&place.log(), lines(0..LINES));
    let mut killed_while_reading = 0;
    for kill in 0..KILLS {
        let server = place.serve();
        // From "before the first commit" to "nearly done", then a moment more, so that it falls anywhere in a commit.
        let before = server.lines_read();
        let goal = LINES * kill / KILLS;
        server.wait_for_lines(goal.saturating_sub(random.below(LINES / KILLS)));
        std::thread::sleep(Duration::from_micros(random.below(40_000)));
        let read = server.lines_read();
        server.kill();
        println!("killed after line {read}, started at {before}");
        killed_while_reading += u64::from(read < LINES);
    }
    assert!(
        killed_while_reading * 2 > KILLS,
        "only {killed_while_reading} kills fell into the reading; write more lines"
    );

    let server = place.serve();
    server.wait_for_lines(LINES);
    server.assert_holds_each_line_once(LINES);
}

#[test]
#[expect(clippy::print_stdout, reason = "the moments of a failed run must be known to understand it")]
fn killed_while_the_log_is_rotated_truncated_and_compressed_it_neither_loses_nor_repeats_a_line() {
    // More kills by BARTIZAN_KILLS=50.
    let kills = std::env::var("BARTIZAN_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(8);
    let mut random = SplitMix::seeded();
    let place = Place::new();
    append(&place.log(), lines(0..300));
    let server = place.serve();
    server.wait_for_lines(1);

    let lines = 300 + kills * 1_000;
    let mut log = RotatingLog::new(&place.log());
    let mut writing = random.fork();
    let writer = std::thread::spawn(move || {
        log.write(300, lines, Duration::from_millis(100), &mut writing);
        log
    });
    std::thread::sleep(Duration::from_millis(random.below(600)));
    println!("killed after line {}", server.lines_read());
    server.kill();
    for _ in 1..kills {
        let server = place.serve();
        // Now and then for longer than a renamed file is waited for, so that reading goes on behind it.
        let at_most = if random.below(4) == 0 { 4_000 } else { 600 };
        std::thread::sleep(Duration::from_millis(random.below(at_most)));
        println!("killed after line {}", server.lines_read());
        server.kill();
        std::thread::sleep(Duration::from_millis(random.below(100)));
    }
    let log = writer.join().expect("it writes to the end");
    println!("{log:?}");

    let server = place.serve();
    server.wait_for_lines(lines);
    server.assert_holds_each_line_once(lines);
}
