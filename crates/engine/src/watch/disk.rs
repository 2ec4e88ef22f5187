//! The disk of the database.

use std::path::Path;

use bartizan_model::Severity;
use sysinfo::Disks;

use crate::alert::{Condition, DiskSpace};
use crate::engine::Shared;

/// One MiB in bytes.
const MIB: u64 = 1 << 20;

pub(super) async fn space(shared: &Shared, settings: DiskSpace) -> Option<Condition> {
    let folder = shared.data_folder.clone().filter(|_| settings.enabled)?;
    // Asking a disk that hangs must not hold a thread of the runtime.
    let (free, total) = tokio::task::spawn_blocking(move || free_of(&folder)).await.ok().flatten()?;
    condition(free, total, settings)
}

/// Free and total bytes of the disk that holds a folder.
fn free_of(folder: &Path) -> Option<(u64, u64)> {
    let folder = folder.canonicalize().ok()?;
    let disks = Disks::new_with_refreshed_list().ok()?;
    let holding = disks.iter().filter(|disk| folder.starts_with(disk.mount_point()));
    let disk = holding.max_by_key(|disk| disk.mount_point().as_os_str().len())?;
    Some((disk.available_space(), disk.total_space()))
}

fn condition(free: u64, total: u64, settings: DiskSpace) -> Option<Condition> {
    let percent = free as f64 / total.max(1) as f64 * 100.0;
    let is_short = total > 0 && percent < settings.free_percent && free / MIB < settings.free_mib;
    is_short.then(|| Condition {
        key: "disk".to_owned(),
        severity: if free / MIB < settings.free_mib / 4 { Severity::Critical } else { Severity::High },
        title: "The disk of the database is nearly full".to_owned(),
        // In coarse steps, so that every byte is not news.
        description: format!(
            "less than {} MiB ({:.0} %) are free",
            (free / MIB / 128 + 1) * 128,
            percent.ceil()
        ),
        advice: "Free some space, or keep rows for fewer days (retention in the configuration).".to_owned(),
        host: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nearly_full_disk_is_told_and_a_large_rest_is_not() {
        let settings = DiskSpace { enabled: true, free_percent: 10.0, free_mib: 2_048 };
        for (free_mib, total_mib, severity) in [
            (1_000, 100_000, Some(Severity::High)),
            (100, 100_000, Some(Severity::Critical)),
            (3_000, 100_000, None),
            (1_000, 4_000, None),
            (0, 0, None),
        ] {
            let found = condition(free_mib * MIB, total_mib * MIB, settings);
            assert_eq!(found.map(|condition| condition.severity), severity, "{free_mib} of {total_mib}");
        }
    }
}
