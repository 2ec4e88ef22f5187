//! Log lines without what their row already holds: what remains is the same for thousands of lines and gets a name.

use bartizan_model::{MISSING, Timestamp, TrafficRecord};
use memchr::{memchr, memchr2};

/// What stands for a value of the row, from Unicode's private use area; a line that holds one of them stays as it is.
const IP: char = '\u{E001}';
const METHOD: char = '\u{E002}';
const TARGET: char = '\u{E003}';
const STATUS: char = '\u{E004}';
const BYTES: char = '\u{E005}';
const USER_AGENT: char = '\u{E006}';
/// Date and time of the Common Log Format; the offset from UTC follows it as in the line.
const TIME: char = '\u{E007}';
const REFERER: char = '\u{E008}';
const SECONDS: char = '\u{E009}';

/// First byte of every mark; other characters of the private use area begin with it as well.
const LEAD: u8 = 0xEE;

/// Length of `12/May/2025:00:00:01`, and of ` +0000`.
const CLF_BYTES: usize = 20;
const OFFSET_BYTES: usize = 6;

/// The values of one row that a line may repeat.
pub(crate) struct Known<'r> {
    pub(crate) row: &'r TrafficRecord,
    /// The whole target.
    pub(crate) target: &'r str,
    /// The value of the header `referer`.
    pub(crate) referer: Option<&'r str>,
}

impl Known<'_> {
    fn bytes(&self) -> String {
        self.row.response_bytes.map_or_else(|| MISSING.to_owned(), |bytes| bytes.to_string())
    }

    /// The response time in seconds, as nginx writes `$request_time`.
    fn seconds(&self) -> Option<String> {
        self.row.response_time_ms.map(|ms| format!("{:.3}", ms / 1e3))
    }
}

/// The line with marks in place of known values; `None` where that would not give the same line back.
pub(crate) fn fold(line: &str, known: &Known<'_>) -> Option<String> {
    if memchr(LEAD, line.as_bytes()).is_some() && line.contains(|char| (IP..=SECONDS).contains(&char)) {
        return None;
    }
    let texts = Texts::of(known);
    let mut folded = String::with_capacity(line.len());
    let mut rest = line;
    if let Some(after) = strip(rest, &known.row.ip) {
        folded.push(IP);
        rest = after;
    }
    // Every other value begins where one of these two stands.
    while let Some(at) = memchr2(b'"', b'[', rest.as_bytes()) {
        let (plain, found) = rest.split_at(at);
        folded.push_str(plain);
        rest = texts.fold(found, known, &mut folded);
    }
    folded.push_str(rest);
    if let Some(seconds) = texts.seconds.as_deref().filter(|seconds| folded.ends_with(*seconds)) {
        folded.truncate(folded.len() - seconds.len());
        folded.push(SECONDS);
    }
    (unfold(&folded, known) == line).then_some(folded)
}

/// Numbers of the row as a line writes them.
struct Texts {
    status: String,
    /// `None` where the database cannot hold the number: it knows none above its own integers.
    bytes: Option<String>,
    seconds: Option<String>,
}

impl Texts {
    fn of(known: &Known<'_>) -> Self {
        let fits = known.row.response_bytes.is_none_or(|bytes| i64::try_from(bytes).is_ok());
        Self {
            status: known.row.status.to_string(),
            bytes: fits.then(|| known.bytes()),
            seconds: known.seconds(),
        }
    }

    /// Writes a mark for the value at the beginning of a text that begins with a quote or a bracket, or that one
    /// character; returns what comes after.
    fn fold<'l>(&self, text: &'l str, known: &Known<'_>, folded: &mut String) -> &'l str {
        let (first, rest) = text.split_at(1);
        folded.push_str(first);
        let row = known.row;
        if first == "[" {
            let after = offset_s(rest.get(CLF_BYTES..).unwrap_or_default())
                .and_then(|offset| rest.strip_prefix(clf_time(row.timestamp, offset).as_str()));
            folded.extend(after.map(|_| TIME));
            return after.unwrap_or(rest);
        }
        if let Some(after) = strip(rest, &row.method).and_then(|rest| strip(rest, " "))
            && let Some(after) = strip(after, known.target)
        {
            folded.extend([METHOD, ' ', TARGET]);
            return after;
        }
        if let Some(after) = strip(rest, " ").and_then(|rest| strip(rest, &self.status))
            && let Some(after) = strip(after, " ").and_then(|rest| strip(rest, self.bytes.as_deref()?))
        {
            folded.extend([' ', STATUS, ' ', BYTES]);
            return after;
        }
        for (mark, value) in [(USER_AGENT, row.user_agent.as_deref()), (REFERER, known.referer)] {
            if let Some(after) = strip(rest, value.unwrap_or_default()).and_then(|rest| strip(rest, "\"")) {
                folded.extend([mark, '"']);
                return after;
            }
        }
        rest
    }
}

/// What comes after that text, unless it is empty.
fn strip<'l>(line: &'l str, text: &str) -> Option<&'l str> {
    if text.is_empty() { None } else { line.strip_prefix(text) }
}

/// The line that [`fold`] was given.
pub(crate) fn unfold(folded: &str, known: &Known<'_>) -> String {
    let mut line = String::with_capacity(folded.len() + known.target.len() + 256);
    let mut rest = folded;
    while let Some(at) = memchr(LEAD, rest.as_bytes()) {
        let (plain, marked) = rest.split_at(at);
        line.push_str(plain);
        let mut chars = marked.chars();
        let Some(char) = chars.next() else { break };
        rest = chars.as_str();
        match char {
            IP => line.push_str(&known.row.ip),
            METHOD => line.push_str(&known.row.method),
            TARGET => line.push_str(known.target),
            STATUS => line.push_str(&known.row.status.to_string()),
            BYTES => line.push_str(&known.bytes()),
            USER_AGENT => line.push_str(known.row.user_agent.as_deref().unwrap_or_default()),
            REFERER => line.push_str(known.referer.unwrap_or_default()),
            SECONDS => line.push_str(&known.seconds().unwrap_or_default()),
            TIME => line.push_str(&clf_time(known.row.timestamp, offset_s(rest).unwrap_or(0))),
            other => line.push(other),
        }
    }
    line.push_str(rest);
    line
}

/// Reads ` +0200` in seconds.
fn offset_s(text: &str) -> Option<i64> {
    let text = text.get(..OFFSET_BYTES)?.strip_prefix(' ')?;
    let digits = text.get(1..)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes): (i64, i64) = (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?);
    let seconds = hours * 3_600 + minutes * 60;
    match text.get(..1)? {
        "+" => Some(seconds),
        "-" => Some(-seconds),
        _ => None,
    }
}

/// `12/May/2025:00:00:01`, in the zone of that offset.
fn clf_time(instant: Timestamp, offset_s: i64) -> String {
    instant.plus_micros(offset_s * Timestamp::SECOND_MICROS).to_clf()
}

#[cfg(test)]
mod tests {
    use bartizan_model::{Action, DecidedBy, Via};
    use proptest::prelude::*;

    use super::*;

    fn row() -> TrafficRecord {
        TrafficRecord {
            id: 1,
            timestamp: "2025-05-12T00:00:01.000007Z".parse().expect("an instant"),
            received_at: Timestamp::default(),
            ip: "198.51.100.7".to_owned(),
            host: None,
            method: "GET".to_owned(),
            endpoint: "/a?b=1".to_owned(),
            path: "/a".to_owned(),
            status: 200,
            response_bytes: Some(1_536),
            response_time_ms: Some(12.0),
            user_agent: Some("curl/8.5.0".to_owned()),
            action: Action::Allow,
            enforced: false,
            class: None,
            severity: None,
            score: None,
            model: None,
            decided_by: DecidedBy::Model,
            via: Via::Log,
            log_source: None,
            threat_id: None,
        }
    }

    #[test]
    fn lines_of_servers_keep_nothing_of_their_own() {
        let row = row();
        let known = Known { row: &row, target: "/a?b=1", referer: Some("https://x/") };
        for (line, left) in [
            (
                r#"198.51.100.7 - - [12/May/2025:00:00:01 +0000] "GET /a?b=1 HTTP/1.1" 200 1536 "https://x/" "curl/8.5.0""#,
                "\u{E001} - - [\u{E007} +0000] \"\u{E002} \u{E003} HTTP/1.1\" \u{E004} \u{E005} \"\u{E008}\" \"\u{E006}\"",
            ),
            (
                r#"198.51.100.7 - - [12/May/2025:05:30:01 +0530] "GET /a?b=1 HTTP/1.1" 200 1536 0.012"#,
                "\u{E001} - - [\u{E007} +0530] \"\u{E002} \u{E003} HTTP/1.1\" \u{E004} \u{E005} \u{E009}",
            ),
            ("[11/May/2025:16:00:01 -0800] x", "[\u{E007} -0800] x"),
            ("[12/May/2025:00:00:02 +0000] x", "[12/May/2025:00:00:02 +0000] x"),
            ("", ""),
        ] {
            let folded = fold(line, &known).expect("the same line comes back");
            assert_eq!(folded, left);
            assert_eq!(unfold(&folded, &known), line);
        }
        assert_eq!(fold("a mark: \u{E003}", &known), None);
    }

    proptest! {
        #[test]
        fn any_line_comes_back(
            line in "[\u{E000}-\u{E00A}\"\\[ 0-9a-z/:+-]{0,60}", ip in "[0-9a-z. ]{0,6}", target in "[a-z/? ]{0,6}",
            agent in proptest::option::of("[a-z \u{E001}]{0,5}"), referer in proptest::option::of("[a-z\" ]{0,5}"),
            status in 0u16..1_000, bytes in proptest::option::of(0u64..100), ms in proptest::option::of(0.0..9e9),
        ) {
            let row = TrafficRecord { ip, user_agent: agent, status, response_bytes: bytes, response_time_ms: ms, ..row() };
            let known = Known { row: &row, target: &target, referer: referer.as_deref() };
            if let Some(folded) = fold(&line, &known) {
                prop_assert_eq!(unfold(&folded, &known), line);
            }
        }
    }
}
