//! Measures the machine and keeps it per minute.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bartizan_store::SystemSample;

use super::{Task, TaskError, Trigger};
use crate::engine::Shared;
use crate::machine::Machine;

/// The task; the first run comes after a pause, since processor time is a difference that needs a moment to form.
pub(super) struct Measure {
    shared: Arc<Shared>,
    machine: Mutex<Option<Machine>>,
}

impl Measure {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        let mut machine = Machine::new().ok();
        if let Some(machine) = &mut machine {
            // Memory is known at once.
            shared.set_load(machine.measure());
        }
        Self { shared, machine: Mutex::new(machine) }
    }
}

impl Task for Measure {
    const NAME: &'static str = "measure";
    const ABOUT: &'static str = "Measures processor, memory, judging time and lag, and keeps them per minute";
    const EVERY: Duration = Duration::from_secs(5);
    const AT_START: bool = false;

    async fn run(&self, _trigger: Trigger) -> Result<(), TaskError> {
        let load = {
            let mut slot = self.machine.lock().unwrap_or_else(PoisonError::into_inner);
            let machine = match slot.take() {
                Some(machine) => machine,
                None => Machine::new().map_err(|error| TaskError::new(error.to_string()))?,
            };
            slot.insert(machine).measure()
        };
        let shared = &self.shared;
        shared.set_load(load);
        let process = shared.process_figures();
        let sample = SystemSample {
            cpu_percent: load.cpu_percent,
            memory_percent: load.memory_percent,
            connections: process.connections,
            uptime_s: process.uptime_s,
            judge_p99_ms: process.judging.p99_ms,
            judge_mean_ms: process.judging.mean_ms,
            ingest_lag_s: process.ingest_lag_s,
        };
        Ok(shared.store.record_system(shared.clock.now(), sample).await?)
    }
}
