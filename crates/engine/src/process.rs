//! The process itself: what it judged, how long it runs, what it takes of the machine.

use std::time::Duration;

use crate::{Engine, JudgingTotals, MachineLoad};

/// Figures of this process since it started, over all ways in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProcessReport {
    /// What was judged.
    pub judging: JudgingTotals,
    /// Requests that were judged and could not be kept.
    pub unrecorded: u64,
    /// Requests of the API and of proxies that were judged and wait to be recorded.
    pub waiting: u64,
    /// Batches that were committed.
    pub commits: u64,
    /// How long all of them took.
    pub commit_time: Duration,
    /// Messages to people outside that arrived.
    pub messages_sent: u64,
    /// Tries to send one that failed.
    pub messages_failed: u64,
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
        let (commits, commit_time) = self.shared.recorder.commits();
        let (messages_sent, messages_failed) = self.shared.outbox.tries();
        ProcessReport {
            judging: self.judging(),
            unrecorded: self.shared.behind.unrecorded(),
            waiting: self.shared.behind.waiting() as u64,
            commits,
            commit_time,
            messages_sent,
            messages_failed,
            uptime_s: self.now().seconds_since(self.started_at()).max(0.0),
            connections: self.live().connections() as u64,
            load: self.machine_load(),
        }
    }
}
