//! Access logs written by the tests: every line carries a number of its own, so that a lost or repeated one is seen.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::ops::Range;
use std::path::Path;

use bartizan_model::{Clock, SystemClock, Timestamp};

/// Lines `numbers` in the combined format. Line n asks for `/items?line=n`; times rise by a second every twenty lines
/// and lie within the last hours, so that every default range holds them.
pub(crate) fn lines(numbers: Range<u64>) -> String {
    let start = SystemClock.now().plus_micros(-4 * 3600 * Timestamp::SECOND_MICROS);
    let mut text = String::new();
    for number in numbers {
        let second = i64::try_from(number / 20 % 10_000).expect("small");
        let at = log_time(start.plus_micros(second * Timestamp::SECOND_MICROS));
        writeln!(
            text,
            "198.51.100.{} - - [{at}] \"GET /items?line={number} HTTP/1.1\" 200 {} \"-\" \"Mozilla/5.0 (X11; Linux)\"",
            number % 250,
            500 + number % 1000,
        )
        .expect("a String takes everything");
    }
    text
}

/// Appends to a log as a web server does: in one write.
pub(crate) fn append(log: &Path, text: impl AsRef<[u8]>) {
    let mut file = OpenOptions::new().create(true).append(true).open(log).expect("the log can be written");
    file.write_all(text.as_ref()).expect("the log can be written");
}

/// The number in a request target of ours.
pub(crate) fn number_of(endpoint: &str) -> u64 {
    let number =
        endpoint.strip_prefix("/items?line=").unwrap_or_else(|| panic!("not one of our lines: {endpoint}"));
    number.parse().unwrap_or_else(|_| panic!("not one of our lines: {endpoint}"))
}

/// `04/Mar/2026:05:06:07 +0000`, the time of common and combined logs.
pub(crate) fn log_time(at: Timestamp) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = at.to_rfc3339_seconds();
    let (date, clock) = text.trim_end_matches('Z').split_once('T').expect("RFC 3339");
    let mut parts = date.split('-');
    let mut next = || parts.next().expect("year, month and day");
    let (year, month, day) = (next(), next().parse::<usize>().expect("a number"), next());
    format!("{day}/{}/{year}:{clock} +0000", MONTHS[month - 1])
}
