//! Stopping: what was read is committed, the exit code says so, and the next start goes on.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::access_log::{append, lines};
use crate::server::Place;

/// Less than the default grace time of `server.grace_s`, after which a stop counts as failed.
const IN_TIME: Duration = Duration::from_secs(9);

const LINES: u64 = 20_000;

#[test]
fn ctrl_c_and_sigterm_drain_and_exit_zero_and_the_next_start_goes_on() {
    let place = Place::new();
    append(&place.log(), lines(0..LINES));
    let mut before = 0;
    for signal in ["INT", "TERM"] {
        let server = place.serve();
        server.wait_for_lines(before + 1);
        server.signal(signal);
        let (status, messages) = server.wait();
        assert!(status.success(), "SIG{signal}: {status}: {messages}");
        assert!(!messages.contains("panicked"), "SIG{signal}: {messages}");
        // What a stopped server left is what the next one begins with.
        let server = place.serve();
        let after = server.lines_read();
        assert!(after > before, "SIG{signal}: {after} lines after, {before} before");
        server.kill();
        before = after;
    }
    let server = place.serve();
    server.wait_for_lines(LINES);
    server.assert_holds_each_line_once(LINES);
}

#[test]
fn clients_that_hold_their_connection_open_do_not_hold_the_stop() {
    let place = Place::new();
    append(&place.log(), lines(0..10));
    let server = place.serve();
    server.wait_for_lines(10);
    let silent = TcpStream::connect(server.address).expect("it listens");
    let mut halfway = TcpStream::connect(server.address).expect("it listens");
    halfway.write_all(b"GET /api/v1/traffic HTTP/1.1\r\nHost: local").expect("it reads");
    let started = Instant::now();
    server.stop();
    assert!(started.elapsed() < IN_TIME, "stopping took {:?}", started.elapsed());
    drop((silent, halfway));
}
