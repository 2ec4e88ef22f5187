//! Whether the log files can be read, and their lines understood.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use bartizan_engine::Outcome;
use bartizan_ingest::{Glob, LineOptions, LineParser};
use bartizan_model::{Clock as _, SystemClock, Timestamp};

use super::finding::Finding;
use crate::settings::{Settings, Source};

/// What is read of a log: its first bytes, which may name the columns, and its latest.
const HEAD_BYTES: u64 = 64 * 1024;
const TAIL_BYTES: u64 = 1024 * 1024;

/// Share of unreadable lines from which one should look, and from which the format is wrong.
const SOME_UNREADABLE: f64 = 0.01;
const MOST_UNREADABLE: f64 = 0.5;

/// Seconds that a line may be ahead of the clock of this machine.
const AHEAD_S: f64 = 60.0;

pub(super) fn examine(settings: &Settings) -> Vec<Finding> {
    if settings.sources.is_empty() {
        let outcome = Outcome::warning(
            "none",
            "no log source is configured, so only what is sent to the API is judged",
            "name one under sources in the configuration, or with --log",
        );
        return vec![Finding::new("logs", outcome)];
    }
    settings.sources.iter().flat_map(of_source).collect()
}

fn of_source(source: &Source) -> Vec<Finding> {
    let Some(path) = source.path.as_deref() else {
        let address = source.syslog.clone().unwrap_or_default();
        let outcome = Outcome::pass("syslog", "lines are received, so there is no file to look at");
        return vec![Finding::of("log", address, outcome)];
    };
    if path == Path::new("-") {
        let outcome = Outcome::pass("standard input", "there is no file to look at");
        return vec![Finding::of("log", "-", outcome)];
    }
    let files = match Glob::of(path) {
        None => vec![path.to_owned()],
        Some(pattern) => pattern.files(),
    };
    if files.is_empty() {
        let outcome = Outcome::warning(
            "no file matches",
            "the pattern stands for no file now; one that appears later is read",
            "see whether the pattern is right, and whether its folder can be read by this user",
        );
        return vec![Finding::of("log", path.display().to_string(), outcome)];
    }
    let lines = source.lines().unwrap_or_default();
    files.iter().map(|file| of_file(file, &lines)).collect()
}

fn of_file(path: &Path, options: &LineOptions) -> Finding {
    let name = path.display().to_string();
    let outcome = match sample(path) {
        Ok(text) => judge(&count(&text, options), SystemClock.now()),
        Err(error) => unreadable(path, &error),
    };
    Finding::of("log", name, outcome)
}

fn unreadable(path: &Path, error: &io::Error) -> Outcome {
    let remedy = match error.kind() {
        io::ErrorKind::NotFound => "let the web server write it, or correct the path".to_owned(),
        io::ErrorKind::PermissionDenied => format!(
            "let this user read it: on Debian `usermod --append --groups adm USER`, elsewhere `setfacl --modify u:USER:r {}`",
            path.display()
        ),
        _ => "see whether it is a log file on a disk that works".to_owned(),
    };
    Outcome::fail("cannot be read", error.to_string(), remedy)
}

/// The first and the latest bytes of a file, in whole lines as far as possible.
fn sample(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut text = Vec::new();
    Read::by_ref(&mut file).take(HEAD_BYTES).read_to_end(&mut text)?;
    if length <= HEAD_BYTES {
        return Ok(text);
    }
    text.truncate(text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1));
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES).max(text.len() as u64)))?;
    let is_gap = length.saturating_sub(TAIL_BYTES) > text.len() as u64;
    let mut tail = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut tail)?;
    let start = if is_gap { tail.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1) } else { 0 };
    text.extend_from_slice(tail.get(start..).unwrap_or_default());
    Ok(text)
}

/// What the lines of a sample are.
#[derive(Debug, Default)]
struct Lines {
    read: u64,
    unreadable: u64,
    format: Option<&'static str>,
    newest: Option<Timestamp>,
}

fn count(text: &[u8], options: &LineOptions) -> Lines {
    let mut parser = LineParser::new(options);
    let mut lines = Lines::default();
    // The last line may be half written.
    let whole =
        text.iter().rposition(|byte| *byte == b'\n').map_or(text, |end| text.get(..end).unwrap_or(text));
    for line in whole.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
        match parser.parse(line, Timestamp::default()) {
            Ok(Some(request)) => {
                lines.read += 1;
                lines.newest = lines.newest.max(Some(request.time));
            }
            Ok(None) => {}
            Err(_) => lines.unreadable += 1,
        }
    }
    lines.format = parser.format().filter(|_| lines.read > 0).map(bartizan_ingest::LogFormat::as_str);
    lines
}

fn judge(lines: &Lines, now: Timestamp) -> Outcome {
    let total = lines.read + lines.unreadable;
    if total == 0 {
        return Outcome::warning(
            "empty",
            "there is no line yet, so the format is not known",
            "send the web server a request, and look again",
        );
    }
    let share = lines.read as f64 / total as f64;
    let format = lines.format.unwrap_or("no known format");
    let value = format!("{format}, {:.1} % of {total} lines readable", share * 100.0);
    if 1.0 - share > MOST_UNREADABLE {
        return Outcome::fail(
            value,
            "most lines cannot be understood, so their requests are not judged",
            "give the source its format (docs/formats.md), or let the server write one that is known (examples)",
        );
    }
    if 1.0 - share > SOME_UNREADABLE {
        return Outcome::warning(
            value,
            "some lines cannot be understood, so their requests are not judged",
            "look at them with `bartizan scan FILE`, which shows samples",
        );
    }
    let ahead = lines.newest.map_or(0.0, |newest| newest.seconds_since(now));
    if ahead > AHEAD_S {
        return Outcome::warning(
            value,
            format!("the newest line is {ahead:.0} s ahead of the clock of this machine"),
            "set the clocks by a time daemon, or give the source its time_zone",
        );
    }
    Outcome::pass(value, "its lines are understood")
}

#[cfg(test)]
mod tests {
    use bartizan_model::CheckStatus;

    use super::*;

    fn line(number: u32) -> String {
        format!("192.0.2.7 - - [04/Mar/2026:05:06:07 +0000] \"GET /{number} HTTP/1.1\" 200 512\n")
    }

    fn status(text: &str, now: i64) -> CheckStatus {
        judge(&count(text.as_bytes(), &LineOptions::default()), Timestamp::from_secs(now)).status
    }

    #[test]
    fn unreadable_lines_and_lines_of_the_future_are_told() {
        let later = 1_900_000_000;
        let good: String = (0..200).map(line).collect();
        assert_eq!(status(&good, later), CheckStatus::Pass);
        assert_eq!(status(&good, 1_000), CheckStatus::Warning, "a clock that is far behind");
        assert_eq!(status(&format!("{good}{}", "?\n".repeat(10)), later), CheckStatus::Warning);
        assert_eq!(status(&format!("{good}{}", "?\n".repeat(300)), later), CheckStatus::Fail);
        assert_eq!(status("", later), CheckStatus::Warning);
    }

    #[test]
    fn of_a_long_log_the_beginning_and_the_end_are_looked_at_in_whole_lines() {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        let text: String = (0..40_000).map(line).collect();
        std::fs::write(file.path(), &text).expect("written");
        let sample = sample(file.path()).expect("readable");
        assert!(sample.len() < text.len() && sample.ends_with(line(39_999).as_bytes()));
        let lines = count(&sample, &LineOptions::default());
        assert_eq!((lines.unreadable, lines.format), (0, Some("combined")));
        assert!(lines.read > 10_000, "{lines:?}");
    }
}
