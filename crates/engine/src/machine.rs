//! How busy the machine is, in shares of its processor time and memory.

use sysinfo::{CpuRefreshKind, MemoryRefreshKind, RefreshKind, System};

/// Shares in use, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MachineLoad {
    /// Processor time since the last measurement.
    pub cpu_percent: f64,
    /// Memory, of the container's limit where there is one.
    pub memory_percent: f64,
}

/// Measures the machine; processor time is a difference, so one object is kept and asked again.
#[derive(Debug)]
pub(crate) struct Machine {
    system: System,
}

impl Machine {
    /// # Errors
    /// When the operating system does not tell.
    pub(crate) fn new() -> Result<Self, sysinfo::Error> {
        let what = RefreshKind::nothing()
            .with_cpu(CpuRefreshKind::nothing().with_usage())
            .with_memory(MemoryRefreshKind::nothing().with_ram());
        Ok(Self { system: System::new_with_specifics(what)? })
    }

    pub(crate) fn measure(&mut self) -> MachineLoad {
        self.system.refresh_cpu_usage();
        self.system.refresh_memory();
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
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_percentages_and_some_memory_is_in_use() {
        let load = Machine::new().expect("this machine tells").measure();
        assert!((0.0..=100.0).contains(&load.cpu_percent), "{load:?}");
        assert!(load.memory_percent > 0.0 && load.memory_percent <= 100.0, "{load:?}");
    }
}
