//! Log formats in the words of the server that writes them, compiled once.

mod apache;
mod error;
mod nginx;
mod reading;
mod slot;

use std::borrow::Cow;
use std::fmt;

use bartizan_model::{HttpRequest, Timestamp};

pub use self::error::TemplateError;
use self::reading::Reading;
use self::slot::Slot;
use crate::LineError;
use crate::combined::unescaped_quotes;
use crate::escape::{json_unescaped, unescaped};
use crate::quantity::status;
use crate::syslog_prefix::without_prefix;
use crate::zone::LogZone;

/// Longest format that is understood, in bytes; Apache's own limit for a line of its configuration is 16 MiB, nginx
/// writes no more than 4 KiB of a configuration parameter.
const MAX_FORMAT_BYTES: usize = 16 * 1024;

/// Digits of a status.
const MAX_STATUS_DIGITS: usize = 3;

/// A log format by which lines are read.
///
/// Text between variables separates them: a variable ends where the text after it is found next (in quotes, at the
/// next quote that no backslash escapes). Unknown variables are skipped. No line is gone through more than four times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// As it was given, with the name of its syntax.
    source: String,
    parts: Vec<Part>,
    escaping: Escaping,
}

/// A piece of a format.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(Vec<u8>),
    Slot {
        slot: Slot,
        /// As written.
        name: String,
    },
}

/// What the server does to quotes and control characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escaping {
    /// `\xNN`, and those of Apache.
    Backslash,
    Json,
    None,
}

/// Whether a blank of the format stands for one blank of the line or for any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Blanks {
    Exact,
    Any,
}

impl Template {
    /// Compiles the text of an nginx `log_format`, with or without the directive, its name, `escape=` and quotes.
    ///
    /// # Errors
    /// [`TemplateError`] when lines of this format would not tell who asked for what, or could not be cut.
    pub fn nginx(text: &str) -> Result<Self, TemplateError> {
        check_length(text)?;
        let (parts, escaping) = nginx::parts(text)?;
        Self::compiled(format!("nginx:{}", text.trim()), parts, escaping, (nginx::REQUEST, nginx::CLIENT))
    }

    /// Compiles the text of an Apache `LogFormat`, with or without the directive and its quotes.
    ///
    /// # Errors
    /// Those of [`Template::nginx`].
    pub fn apache(text: &str) -> Result<Self, TemplateError> {
        check_length(text)?;
        let parts = apache::parts(text)?;
        let advice = (apache::REQUEST, apache::CLIENT);
        Self::compiled(format!("apache:{}", text.trim()), parts, Escaping::Backslash, advice)
    }

    fn compiled(
        source: String,
        pieces: Vec<Part>,
        escaping: Escaping,
        (request, client): (&'static str, &'static str),
    ) -> Result<Self, TemplateError> {
        let mut parts: Vec<Part> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match (parts.last_mut(), piece) {
                (_, Part::Literal(text)) if text.is_empty() => {}
                (Some(Part::Literal(known)), Part::Literal(text)) => known.extend_from_slice(&text),
                (Some(Part::Slot { slot, name }), Part::Slot { slot: next, name: next_name }) => {
                    let Some(joined) = slot.joined(&next) else {
                        return Err(TemplateError::Adjacent { first: name.clone(), second: next_name });
                    };
                    *slot = joined;
                    name.push_str(&next_name);
                }
                (_, piece) => parts.push(piece),
            }
        }
        let has = |wanted: fn(&Slot) -> bool| {
            parts.iter().any(|part| matches!(part, Part::Slot { slot, .. } if wanted(slot)))
        };
        let has_target = has(|slot| matches!(slot, Slot::Target | Slot::Path | Slot::HostAndTarget));
        let has_request =
            has(|slot| *slot == Slot::RequestLine) || (has_target && has(|slot| *slot == Slot::Method));
        if !has_request {
            return Err(TemplateError::NoRequest { remedy: request });
        }
        if !has(|slot| matches!(slot, Slot::Client(_) | Slot::ForwardedFor)) {
            return Err(TemplateError::NoClient { remedy: client });
        }
        Ok(Self { source, parts, escaping })
    }

    /// Reads one line, which may stand behind a syslog prefix. Where blanks are used to line up columns, it fits in a
    /// later attempt, in which any number of blanks is one.
    pub(crate) fn parse(
        &self,
        line: &[u8],
        read_at: Timestamp,
        zone: &LogZone,
    ) -> Result<HttpRequest, LineError> {
        let bare = without_prefix(line).trim_ascii_start();
        let mut best = self.read(bare, read_at, zone, Blanks::Exact);
        // What looks like a prefix may be the format's own.
        for (text, blanks) in [(line, Blanks::Exact), (bare, Blanks::Any), (line, Blanks::Any)] {
            if best.as_ref().is_ok_and(|request| !is_number(&request.client)) {
                break;
            }
            // A number for a client is its neighbour, behind a column that was read as empty.
            let attempt = self.read(text, read_at, zone, blanks);
            if attempt.as_ref().is_ok_and(|request| best.is_err() || !is_number(&request.client)) {
                best = attempt;
            }
        }
        best
    }

    fn read(
        &self,
        line: &[u8],
        read_at: Timestamp,
        zone: &LogZone,
        blanks: Blanks,
    ) -> Result<HttpRequest, LineError> {
        let mut reading = Reading::new(read_at, zone);
        let mut rest = line;
        let mut is_quoted = false;
        for (place, part) in self.parts.iter().enumerate() {
            let slot = match part {
                Part::Literal(text) => {
                    let matched = match_len(text, rest, blanks);
                    let Some(len) = matched else {
                        // The line was cut, or the server writes less than it was told to.
                        if reading.has_request() && rest.trim_ascii().is_empty() {
                            break;
                        }
                        return Err(LineError::NotTemplate { what: self.what_after(place) });
                    };
                    rest = rest.get(len..).unwrap_or_default();
                    is_quoted = text.ends_with(b"\"");
                    continue;
                }
                Part::Slot { slot, .. } => slot,
            };
            let (value, after) = match self.parts.get(place + 1) {
                Some(Part::Literal(text)) => {
                    let is_before_status =
                        matches!(self.parts.get(place + 2), Some(Part::Slot { slot: Slot::Status, .. }));
                    let end = Cut { text, blanks, is_quoted, is_before_status, escaping: self.escaping };
                    match end.find(rest) {
                        Some(at) => rest.split_at(at),
                        None if *slot == Slot::RequestLine || reading.has_request() => (rest, b"".as_slice()),
                        None => return Err(LineError::NotTemplate { what: slot.what() }),
                    }
                }
                _ => (rest, b"".as_slice()),
            };
            if value.is_empty() && slot.is_never_empty() && !(reading.has_request() && after.is_empty()) {
                return Err(LineError::NotTemplate { what: slot.what() });
            }
            reading.take(slot, self.decoded(value))?;
            rest = after;
        }
        if reading.has_request() {
            Ok(reading.finish())
        } else {
            Err(LineError::NotTemplate { what: "the request" })
        }
    }

    fn what_after(&self, place: usize) -> &'static str {
        match self.parts.get(place + 1) {
            Some(Part::Slot { slot, .. }) => slot.what(),
            _ => "its end",
        }
    }

    fn decoded<'a>(&self, value: &'a [u8]) -> Cow<'a, [u8]> {
        match self.escaping {
            Escaping::Backslash => unescaped(value),
            Escaping::Json => json_unescaped(value),
            Escaping::None => Cow::Borrowed(value),
        }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

/// Where a value ends: before the text that follows it.
struct Cut<'a> {
    text: &'a [u8],
    blanks: Blanks,
    is_quoted: bool,
    is_before_status: bool,
    escaping: Escaping,
}

impl Cut<'_> {
    fn find(&self, rest: &[u8]) -> Option<usize> {
        let fits = |at: usize| {
            let here = rest.get(at..)?;
            let len = match_len(self.text, here, self.blanks)?;
            here.get(len..)
        };
        let is_end = |at: &usize| fits(*at).is_some();
        let is_sure_end = |at: &usize| fits(*at).is_some_and(begins_with_status);
        let first = *self.text.first()?;
        let is_escaped_quote = self.is_quoted && first == b'"' && self.escaping != Escaping::None;
        if self.is_before_status {
            // As in combined lines: quotes that a server did not escape do not end the request early.
            let sure = if is_escaped_quote { unescaped_quotes(rest).find(is_sure_end) } else { None };
            let sure = sure.or_else(|| memchr::memchr_iter(first, rest).find(is_sure_end));
            if sure.is_some() {
                return sure;
            }
        }
        if is_escaped_quote {
            return unescaped_quotes(rest).find(is_end);
        }
        memchr::memchr_iter(first, rest).find(is_end)
    }
}

fn begins_with_status(after: &[u8]) -> bool {
    let token = after.trim_ascii_start();
    // As much as a status has at most: a line of nothing but quotes must not be gone through once for each of them.
    let token = token.get(..MAX_STATUS_DIGITS).unwrap_or(token);
    let digits = token.iter().take_while(|byte| byte.is_ascii_digit()).count();
    token.starts_with(b"-")
        || token.get(..digits).is_some_and(|token| !token.is_empty() && status(token).is_some())
}

/// How much of the line the text takes, if the line begins with it.
fn match_len(text: &[u8], line: &[u8], blanks: Blanks) -> Option<usize> {
    if blanks == Blanks::Exact {
        return line.starts_with(text).then_some(text.len());
    }
    let mut rest = line;
    let mut wanted = text;
    while let Some((&byte, after)) = wanted.split_first() {
        if byte == b' ' {
            rest = rest.strip_prefix(b" ")?.trim_ascii_start();
            wanted = after.trim_ascii_start();
        } else {
            let (_, remaining) = rest.split_first().filter(|(found, _)| **found == byte)?;
            rest = remaining;
            wanted = after;
        }
    }
    Some(line.len() - rest.len())
}

fn check_length(text: &str) -> Result<(), TemplateError> {
    if text.len() > MAX_FORMAT_BYTES { Err(TemplateError::TooLong { max: MAX_FORMAT_BYTES }) } else { Ok(()) }
}

/// The beginning of a text, for messages.
fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

fn is_number(client: &str) -> bool {
    client.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
