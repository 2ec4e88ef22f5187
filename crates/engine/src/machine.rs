//! How busy the machine is, in shares of its processor time and memory.

use sysinfo::{
    CpuRefreshKind, MemoryRefreshKind, Pid, ProcessRefreshKind, ProcessesToUpdate, RefreshKind, System,
};

/// Shares in use, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MachineLoad {
    /// Processor time since the last measurement.
    pub cpu_percent: f64,
    /// Memory, of the container's limit where there is one.
    pub memory_percent: f64,
    /// Processor time of this process since the last measurement, in percent of the machine's.
    pub process_cpu_percent: f64,
    /// Memory of this process, in bytes.
    pub process_memory_bytes: u64,
}

/// Measures the machine; processor time is a difference, so one object is kept and asked again.
#[derive(Debug)]
pub(crate) struct Machine {
    system: System,
    own: Option<Pid>,
}

impl Machine {
    /// # Errors
    /// When the operating system does not tell.
    pub(crate) fn new() -> Result<Self, sysinfo::Error> {
        let what = RefreshKind::nothing()
            .with_cpu(CpuRefreshKind::nothing().with_usage())
            .with_memory(MemoryRefreshKind::nothing().with_ram());
        Ok(Self { system: System::new_with_specifics(what)?, own: sysinfo::get_current_pid().ok() })
    }

    pub(crate) fn measure(&mut self) -> MachineLoad {
        self.system.refresh_cpu_usage();
        self.system.refresh_memory();
        let (process_cpu_percent, process_memory_bytes) = self.measure_process();
        let (used, total) = match self.system.cgroup_limits() {
            Some(limits) if limits.total_memory > 0 => {
                (limits.total_memory.saturating_sub(limits.free_memory), limits.total_memory)
            }
            _ => (self.system.used_memory(), self.system.total_memory()),
        };
        MachineLoad {
            cpu_percent: f64::from(self.system.global_cpu_usage()).clamp(0.0, 100.0),
            memory_percent: if total == 0 {
                0.0
            } else {
                (used as f64 / total as f64 * 100.0).clamp(0.0, 100.0)
            },
            process_cpu_percent,
            process_memory_bytes,
        }
    }

    /// Processor time in percent of the machine's, and memory in bytes; zeros where the operating system does not tell.
    fn measure_process(&mut self) -> (f64, u64) {
        let Some(own) = self.own else { return (0.0, 0) };
        let what = ProcessRefreshKind::nothing().with_cpu().with_memory();
        self.system.refresh_processes_specifics(ProcessesToUpdate::Some(&[own]), false, what);
        let processors = self.system.cpus().len().max(1) as f64;
        self.system
            .process(own)
            .map_or((0.0, 0), |process| (f64::from(process.cpu_usage()) / processors, process.memory()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_percentages_and_some_memory_is_in_use() {
        let load = Machine::new().expect("this machine tells").measure();
        assert!((0.0..=100.0).contains(&load.cpu_percent), "{load:?}");
        assert!(load.process_memory_bytes > 1 << 20, "{load:?}");
        assert!(load.memory_percent > 0.0 && load.memory_percent <= 100.0, "{load:?}");
    }
}
