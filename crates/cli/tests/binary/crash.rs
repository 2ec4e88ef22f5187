//! `kill -9` at any moment: not a line lost, not a line twice.

use std::time::Duration;

use bartizan_model::{Clock, SystemClock};

use crate::access_log::{append, lines};
use crate::server::Place;

/// Lines of the log: enough that reading takes many commits.
const LINES: u64 = 60_000;

/// How often the server is killed.
const KILLS: u64 = 8;

#[test]
#[expect(
    clippy::print_stdout,
    reason = "the seed and the moments of a failed run must be known to repeat it"
)]
fn killed_at_random_moments_it_neither_loses_nor_repeats_a_line() {
    let seed = std::env::var("BARTIZAN_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| SystemClock.now().micros().unsigned_abs());
    println!("BARTIZAN_SEED={seed}");
    let mut random = SplitMix(seed);

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

/// SplitMix64 (Steele, Lea and Flood, 2014): small, and good enough to pick moments.
struct SplitMix(u64);

impl SplitMix {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (word ^ (word >> 31)) % limit
    }
}
