//! The process itself: what it judged, how long it runs, what it takes of the machine.

use crate::{Engine, JudgingTotals, MachineLoad};

/// Figures of this process since it started, over all ways in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProcessReport {
    /// What was judged.
    pub judging: JudgingTotals,
    /// Requests that were judged and could not be kept.
    pub unrecorded: u64,
    /// Age of the process in seconds.
    pub uptime_s: f64,
    /// Open WebSockets.
    pub connections: u64,
    /// The machine, and this process's share of it.
    pub load: MachineLoad,
}

impl Engine {
    /// The figures of this moment.
    pub fn process(&self) -> ProcessReport {
        ProcessReport {
            judging: self.judging(),
            unrecorded: self.shared.behind.unrecorded(),
            uptime_s: self.now().seconds_since(self.started_at()).max(0.0),
            connections: self.live().connections() as u64,
            load: self.machine_load(),
        }
    }
}
