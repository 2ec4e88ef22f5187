//! What is wrong now: each file looks at one theme and names the conditions that it finds.

mod database;
mod disk;
mod drift;
mod history;
mod lag;
mod parsing;
mod traffic;

use std::sync::{Mutex, PoisonError};

pub(crate) use database::Troubles;

use crate::EngineError;
use crate::alert::Condition;
use crate::engine::Shared;

/// Looks at everything; what it remembers only smooths, and is built anew after a restart.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    memory: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    lag: lag::Memory,
    parsing: parsing::Memory,
}

impl Watch {
    /// Every condition that holds now.
    ///
    /// # Errors
    /// When the store does not answer; then nothing is known, and nothing counts as gone.
    pub(crate) async fn look(&self, shared: &Shared) -> Result<Vec<Condition>, EngineError> {
        let (now, settings) = (shared.clock.now(), shared.alerts.settings());
        let mut found = Vec::new();
        found.extend(traffic::attack_rate(shared, settings.attack_rate, now).await?);
        found.extend(traffic::error_rate(shared, settings.error_rate, now).await?);
        found.extend(traffic::latency(shared, settings.latency, now).await?);
        found.extend(history::level(shared, settings.traffic, now).await?);
        found.extend(drift::flagged(shared, settings.drift, now).await?);
        found.extend(database::failed_messages(shared, settings.notifications, now).await?);
        found.extend(database::failed_commits(shared, settings.database, now));
        found.extend(database::defects(shared, settings.tasks));
        found.extend(disk::space(shared, settings.disk).await);
        let sources = shared.sources.statuses();
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        for source in &sources {
            found.extend(memory.lag.look(source, settings.lag, now));
            found.extend(memory.parsing.look(source, settings.parse_failures, now));
            found.extend(lag::unreadable(source, settings.sources));
        }
        Ok(found)
    }
}
