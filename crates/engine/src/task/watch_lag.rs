//! Tells when lines come faster than they are judged: a log that is behind for long, or lines that were dropped.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bartizan_model::{Alert, AlertKind, AlertStatus, Severity, SourceStatus, Timestamp};

use super::{Task, TaskError, Trigger};
use crate::engine::Shared;

/// Lines from which on a source counts as behind: what even a slow machine judges within a few seconds is no lag.
const BEHIND_LINES: u64 = 100_000;
/// Looks in a row at which a source must be behind: two minutes.
const BEHIND_LOOKS: u32 = 8;

pub(super) struct WatchLag {
    shared: Arc<Shared>,
    known: Mutex<HashMap<String, Watched>>,
}

impl WatchLag {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, known: Mutex::default() }
    }
}

impl Task for WatchLag {
    const NAME: &'static str = "lag";
    const ABOUT: &'static str = "Looks whether log lines come faster than they are judged";
    const EVERY: Duration = Duration::from_secs(15);

    async fn run(&self, _trigger: Trigger) -> Result<(), TaskError> {
        let now = self.shared.clock.now();
        let mut alerts = Vec::new();
        {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            for source in self.shared.sources.statuses() {
                let watched = known.entry(source.name.clone()).or_default();
                alerts.extend(watched.look(&source).map(|what| alert(&source.name, what, now)));
            }
        }
        for alert in alerts {
            self.shared.alerts.raise(alert).await?;
        }
        Ok(())
    }
}

/// What was seen of one source.
#[derive(Debug, Default)]
struct Watched {
    looks_behind: u32,
    dropped: u64,
}

impl Watched {
    /// Takes in how a source is doing; a sentence when people should know.
    fn look(&mut self, source: &SourceStatus) -> Option<String> {
        let dropped = source.dropped.saturating_sub(std::mem::replace(&mut self.dropped, source.dropped));
        if dropped > 0 {
            return Some(format!(
                "{dropped} lines were dropped, because they came faster than they can be taken"
            ));
        }
        let behind = source.lag_lines.unwrap_or(0);
        self.looks_behind = if behind < BEHIND_LINES { 0 } else { self.looks_behind + 1 };
        // Again every two minutes for as long as it lasts, which counts the alert up.
        let is_long = self.looks_behind > 0 && self.looks_behind.is_multiple_of(BEHIND_LOOKS);
        is_long.then(|| format!("about {behind} lines are there and not judged yet; nothing is lost"))
    }
}

fn alert(name: &str, what: String, now: Timestamp) -> Alert {
    Alert {
        id: 0,
        key: format!("lag|{name}"),
        kind: AlertKind::Warning,
        severity: Severity::Medium,
        title: format!("Log source {name} is behind"),
        description: what,
        raised_at: now,
        first_seen: now,
        last_seen: now,
        count: 1,
        source: "system".to_owned(),
        status: AlertStatus::Open,
        handled_by: None,
        handled_at: None,
        class: None,
        related_ip: None,
        related_endpoint: None,
        related_threat_id: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bartizan_model::{SourceKind, SourceState};

    fn status(lag_lines: u64, dropped: u64) -> SourceStatus {
        SourceStatus {
            name: "site".to_owned(),
            kind: SourceKind::File,
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
        let mut watched = Watched::default();
        let behind = status(BEHIND_LINES, 0);
        assert_eq!((0..7).filter_map(|_| watched.look(&behind)).count(), 0);
        assert!(watched.look(&behind).is_some_and(|what| what.contains("100000 lines")));
        assert_eq!((0..8).filter_map(|_| watched.look(&behind)).count(), 1, "again, later");
        assert_eq!((0..4).filter_map(|_| watched.look(&behind)).count(), 0);
        assert_eq!(watched.look(&status(5, 0)), None);
        assert_eq!((0..7).filter_map(|_| watched.look(&behind)).count(), 0, "counted anew");
        assert!(watched.look(&status(0, 3)).is_some_and(|what| what.starts_with("3 lines were dropped")));
        assert_eq!(watched.look(&status(0, 3)), None);
    }
}
