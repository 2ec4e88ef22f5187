//! A database that does not take what is written, messages that could not be delivered, tasks that end by a defect.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use bartizan_model::{DeliveryState, Severity, Timestamp};

use crate::EngineError;
use crate::alert::{Condition, Switch};
use crate::engine::Shared;

/// How long a failure is told of, in seconds.
const TOLD_S: f64 = 600.0;
/// Failures from which on they are told: one may be a hiccup, and the batch is written again.
const MIN_FAILURES: usize = 3;
/// Failures kept.
const MAX_FAILURES: usize = 10_000;

/// Writes that failed lately.
#[derive(Debug, Default)]
pub(crate) struct Troubles(Mutex<VecDeque<Timestamp>>);

impl Troubles {
    pub(crate) fn note(&self, now: Timestamp) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures.push_back(now);
        if failures.len() > MAX_FAILURES {
            failures.pop_front();
        }
    }

    fn lately(&self, now: Timestamp) -> usize {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures.retain(|at| now.seconds_since(*at) <= TOLD_S);
        failures.len()
    }
}

pub(super) fn failed_commits(shared: &Shared, settings: Switch, now: Timestamp) -> Option<Condition> {
    let failures = shared.troubles.lately(now);
    (settings.enabled && failures >= MIN_FAILURES).then(|| Condition {
        key: "database".to_owned(),
        severity: Severity::Critical,
        title: "The database does not take what is written".to_owned(),
        description: format!("{failures} writes failed in the last {:.0} min; they are tried again, nothing is lost", TOLD_S / 60.0),
        advice: "Look at the server's log for the reason: a full disk, a file that may not be written, another program \
                 that holds the database."
            .to_owned(),
        host: None,
    })
}

pub(super) async fn failed_messages(
    shared: &Shared,
    settings: Switch,
    now: Timestamp,
) -> Result<Vec<Condition>, EngineError> {
    if !settings.enabled {
        return Ok(Vec::new());
    }
    let since = now.plus_micros(-3_600 * Timestamp::SECOND_MICROS);
    let mut failed: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::new();
    for (channel, state, count) in shared.store.delivery_tally(since).await? {
        if state == DeliveryState::Failed {
            *failed.entry(channel).or_default() += count;
        }
    }
    Ok(failed
        .into_iter()
        .map(|(channel, count)| Condition {
            key: format!("messages|{channel}"),
            severity: Severity::High,
            title: format!("Messages to {channel} do not arrive"),
            description: format!("{count} messages of the last hour were given up after every try"),
            advice: "Look at the delivery log for the reason, mend the channel, and send a test.".to_owned(),
            host: None,
        })
        .collect())
}

pub(super) fn defects(shared: &Shared, settings: Switch) -> Vec<Condition> {
    if !settings.enabled {
        return Vec::new();
    }
    let tasks = shared.supervisor.statuses().into_iter().filter(|task| task.panics_in_a_row > 0);
    tasks
        .map(|task| Condition {
            key: format!("task|{}", task.name),
            severity: Severity::High,
            title: format!("Background task {} ended by a defect", task.name),
            description: task.last_error.unwrap_or_else(|| "a defect without words".to_owned()),
            advice: "It is tried again by itself. Please report it with the server's log.".to_owned(),
            host: None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_forgotten_after_a_while() {
        let troubles = Troubles::default();
        for second in 0..5 {
            troubles.note(Timestamp::from_secs(second));
        }
        assert_eq!(troubles.lately(Timestamp::from_secs(600)), 5);
        assert_eq!(troubles.lately(Timestamp::from_secs(603)), 2);
        assert_eq!(troubles.lately(Timestamp::from_secs(700)), 0);
    }
}
