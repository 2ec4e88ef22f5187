//! Running checks, and what is known of them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use bartizan_model::{CheckStatus, Clock, Timestamp};
use bartizan_store::CheckChange;

use super::{ALL, Outcome, Probe, SecurityCheck, Surroundings};
use crate::engine::Shared;
use crate::task::{Task, TaskError, Trigger};
use crate::{Engine, EngineError};

/// Longest time that a measurement may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// Days that changes are kept; the newest of each check stays.
const HISTORY_DAYS: i64 = 90;
/// Measurements of free space that the forecast looks back on: a day's, at one per run.
const FREE_SPACE_KEPT: usize = 24 * 60;

/// What is known of the checks.
#[derive(Debug)]
pub(crate) struct Checks {
    results: Mutex<BTreeMap<i64, SecurityCheck>>,
    surroundings: OnceLock<Surroundings>,
    /// Free bytes of the disk at instants, oldest first.
    pub(super) free_space: Mutex<VecDeque<(Timestamp, u64)>>,
    /// The instant of the start by both clocks.
    pub(super) started: (Instant, Timestamp),
    /// Judged requests that could not be kept, as of the last run.
    pub(super) unrecorded: Mutex<u64>,
}

impl Checks {
    pub(crate) fn new(clock: &dyn Clock) -> Self {
        Self {
            results: Mutex::default(),
            surroundings: OnceLock::new(),
            free_space: Mutex::default(),
            started: (Instant::now(), clock.now()),
            unrecorded: Mutex::default(),
        }
    }

    /// How the server is set up; `None` where nobody said.
    pub(super) fn surroundings(&self) -> Option<&Surroundings> {
        self.surroundings.get()
    }

    /// Notes what the disk has free.
    pub(super) fn note_free(&self, at: Timestamp, bytes: u64) -> VecDeque<(Timestamp, u64)> {
        let mut kept = self.free_space.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((at, bytes));
        while kept.len() > FREE_SPACE_KEPT {
            kept.pop_front();
        }
        kept.clone()
    }

    fn results(&self) -> MutexGuard<'_, BTreeMap<i64, SecurityCheck>> {
        self.results.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// Runs one check, keeps its result, and tells when its status changed.
    async fn run_check(self: &Arc<Self>, probe: &Probe) -> Result<SecurityCheck, EngineError> {
        let begun = Instant::now();
        let measured = tokio::time::timeout(DEADLINE, (probe.measure)(Arc::clone(self))).await;
        let Outcome { status, value, message, remedy } = measured.unwrap_or_else(|_| {
            Outcome::fail(
                format!("over {} s", DEADLINE.as_secs()),
                "the measurement did not end in time",
                "see whether the machine or the database is overloaded",
            )
        });
        let check = SecurityCheck {
            id: probe.id,
            key: probe.key,
            name: probe.name,
            why: probe.why,
            weight: probe.weight,
            status,
            value,
            message,
            remedy,
            at: self.clock.now(),
            duration_ms: begun.elapsed().as_secs_f64() * 1e3,
        };
        let before = self.checks.results().insert(check.id, check.clone());
        if before.is_none_or(|before| before.status != check.status) {
            self.broadcaster.check(check.clone(), check.at);
            let change = CheckChange {
                key: check.key.to_owned(),
                at: check.at,
                status: check.status,
                message: check.message.clone(),
            };
            let oldest = check.at.plus_micros(-HISTORY_DAYS * 86_400 * Timestamp::SECOND_MICROS);
            if let Err(error) = self.store.record_check(&change, oldest).await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    check.key = check.key,
                    "the result of a check was not kept"
                );
            }
            if check.status == CheckStatus::Fail {
                tracing::warn!(check.key = check.key, "security check failed: {}", check.message);
            }
        }
        Ok(check)
    }

    async fn run_checks(self: &Arc<Self>) -> Result<(), EngineError> {
        for probe in &ALL {
            self.run_check(probe).await?;
        }
        Ok(())
    }
}

impl Engine {
    /// Says how the server is set up around the engine; what was said first stays.
    pub fn describe(&self, surroundings: Surroundings) {
        let _ = self.shared.checks.surroundings.set(surroundings);
    }

    /// Every check with its latest result; those that never ran are run.
    pub async fn security_checks(&self) -> Result<Vec<SecurityCheck>, EngineError> {
        if self.shared.checks.results().len() < ALL.len() {
            self.shared.run_checks().await?;
        }
        Ok(self.shared.checks.results().values().cloned().collect())
    }

    /// The results that are there, without running anything.
    pub fn known_checks(&self) -> Vec<SecurityCheck> {
        self.shared.checks.results().values().cloned().collect()
    }

    /// Runs one check now.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when there is no such check.
    pub async fn run_security_check(&self, id: i64) -> Result<SecurityCheck, EngineError> {
        let probe = ALL.iter().find(|probe| probe.id == id);
        let probe = probe.ok_or_else(|| EngineError::NotFound { what: "check", name: id.to_string() })?;
        self.shared.run_check(probe).await
    }

    /// Changes of the status of checks, newest first.
    pub async fn check_history(&self, limit: u32) -> Result<Vec<CheckChange>, EngineError> {
        Ok(self.shared.store.check_history(limit).await?)
    }
}

/// Runs every check, again and again.
pub(crate) struct RunChecks {
    shared: Arc<Shared>,
}

impl RunChecks {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

impl Task for RunChecks {
    const NAME: &'static str = "security_checks";
    const ABOUT: &'static str = "Runs the security checks";
    const EVERY: Duration = Duration::from_mins(1);
    /// Everything else has to have begun before it can be found to work.
    const AT_START: bool = false;

    async fn run(&self, _trigger: Trigger) -> Result<(), TaskError> {
        Ok(self.shared.run_checks().await?)
    }
}
