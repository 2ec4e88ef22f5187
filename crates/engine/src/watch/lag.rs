//! Lines that come faster than they are judged, lines that were dropped, and sources that cannot be read.

use std::collections::HashMap;

use bartizan_model::{Severity, SourceState, SourceStatus, Timestamp};

use crate::alert::{Condition, Lag, Switch};

/// How long dropped lines are told of, in seconds.
const TOLD_S: f64 = 600.0;

/// What was seen of the sources.
#[derive(Debug, Default)]
pub(super) struct Memory(HashMap<String, Seen>);

#[derive(Debug, Default)]
struct Seen {
    behind_since: Option<Timestamp>,
    dropped: u64,
    /// Lines dropped lately, and when the last of them were.
    lost: Option<(u64, Timestamp)>,
}

impl Memory {
    pub(super) fn look(&mut self, source: &SourceStatus, settings: Lag, now: Timestamp) -> Vec<Condition> {
        if !settings.enabled {
            return Vec::new();
        }
        let seen = self.0.entry(source.name.clone()).or_default();
        let mut found = Vec::new();
        let behind = source.lag_lines.unwrap_or(0);
        if behind < settings.lines {
            seen.behind_since = None;
        } else {
            let since = *seen.behind_since.get_or_insert(now);
            if now.seconds_since(since) >= f64::from(settings.minutes) * 60.0 {
                found.push(Condition {
                    key: format!("lag|{}", source.name),
                    severity: Severity::Medium,
                    title: format!("Log source {} is behind", source.name),
                    description: format!("about {behind} lines are there and not judged yet; nothing is lost"),
                    advice: "Wait if it has just begun to read an old log. Otherwise give the server more processor \
                             time, or split the log."
                        .to_owned(),
                    host: None,
                });
            }
        }
        let dropped = source.dropped.saturating_sub(std::mem::replace(&mut seen.dropped, source.dropped));
        if dropped > 0 {
            let before =
                seen.lost.filter(|(_, at)| now.seconds_since(*at) <= TOLD_S).map_or(0, |(lines, _)| lines);
            seen.lost = Some((before + dropped, now));
        }
        if let Some((lines, _)) = seen.lost.filter(|(_, at)| now.seconds_since(*at) <= TOLD_S) {
            found.push(Condition {
                key: format!("dropped|{}", source.name),
                severity: Severity::High,
                title: format!("Lines of log source {} were dropped", source.name),
                description: format!("{lines} lines were dropped, because they came faster than they can be taken"),
                advice: "Give the server more processor time, or send the log as a file, which waits until it is read."
                    .to_owned(),
                host: None,
            });
        }
        found
    }
}

/// A source that has failed.
pub(super) fn unreadable(source: &SourceStatus, settings: Switch) -> Option<Condition> {
    let has_failed = settings.enabled && source.state == SourceState::Failed;
    has_failed.then(|| Condition {
        key: format!("source|{}", source.name),
        severity: Severity::High,
        title: format!("Log source {} cannot be read", source.name),
        description: source.last_error.clone().unwrap_or_else(|| "for a reason that it does not tell".to_owned()),
        advice: "Look whether the log exists and may be read by the user that bartizan runs as. It is tried again by \
                 itself, and nothing is skipped."
            .to_owned(),
        host: None,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use bartizan_model::{SourceKind, SourceOrigin};

    pub(in crate::watch) fn status(lag_lines: u64, dropped: u64) -> SourceStatus {
        SourceStatus {
            name: "site".to_owned(),
            kind: SourceKind::File,
            origin: SourceOrigin::Configuration,
            belongs_to: "site".to_owned(),
            state: SourceState::Running,
            lines: 0,
            parsed: 0,
            failed: 0,
            bytes: 0,
            dropped,
            lines_per_second: 0.0,
            lag_s: None,
            lag_bytes: None,
            lag_lines: Some(lag_lines),
            position: None,
            file: None,
            last_line_at: None,
            last_error: None,
            samples: Vec::new(),
        }
    }

    #[test]
    fn only_what_lasts_or_is_lost_is_told() {
        let settings = Lag { enabled: true, lines: 100_000, minutes: 2 };
        let mut memory = Memory::default();
        let mut look = |status: &SourceStatus, at_s: i64| {
            let found = memory.look(status, settings, Timestamp::from_secs(at_s));
            found.into_iter().map(|condition| condition.description).collect::<Vec<_>>()
        };
        let behind = status(100_000, 0);
        assert!(look(&behind, 0).is_empty() && look(&behind, 119).is_empty());
        assert!(look(&behind, 120)[0].contains("100000 lines"));
        assert!(look(&status(5, 0), 150).is_empty(), "it has gone");
        assert!(look(&behind, 160).is_empty(), "and is counted anew");
        assert!(look(&status(0, 3), 200)[0].starts_with("3 lines were dropped"));
        assert!(look(&status(0, 5), 300)[0].starts_with("5 lines were dropped"));
        assert!(look(&status(0, 5), 901).is_empty(), "told for ten minutes");
        let off = Lag { enabled: false, ..settings };
        assert!(Memory::default().look(&status(0, 3), off, Timestamp::from_secs(1)).is_empty());
    }
}
