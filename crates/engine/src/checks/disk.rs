//! Whether the disk has room, and for how long.

use std::collections::VecDeque;
use std::path::PathBuf;

use bartizan_model::Timestamp;
use sysinfo::Disks;

use super::{Outcome, Probe};
use crate::engine::Shared;

pub(super) const PROBE: Probe = Probe {
    id: 6,
    key: "disk",
    name: "Room on the disk",
    why: "A full disk stops every source and every record, mostly at night.",
    weight: 2,
    measure: |shared| {
        Box::pin(async move {
            let Some(folder) = folder(&shared) else {
                return Outcome::pass("not on this machine", "rows are not kept on a disk of this machine");
            };
            let Some((free, total)) = look(folder).await else {
                return unknown();
            };
            judge(free, total, &shared.checks.note_free(shared.clock.now(), free))
        })
    },
};

/// Looks at the disk that holds a folder, without what only time shows.
pub fn examine(folder: &std::path::Path) -> Outcome {
    match space(folder) {
        Some((free, total)) => judge(free, total, &VecDeque::new()),
        None => unknown(),
    }
}

fn unknown() -> Outcome {
    Outcome::warning(
        "unknown",
        "the operating system does not tell how much room the disk has",
        "watch the disk by other means",
    )
}

/// Bytes free on the disk of the database, where it lies on this machine and that is known.
pub(crate) async fn disk_free(shared: &Shared) -> Option<u64> {
    look(folder(shared)?).await.map(|(free, _)| free)
}

fn folder(shared: &Shared) -> Option<PathBuf> {
    shared.checks.surroundings().and_then(|surroundings| surroundings.data_folder.clone())
}

async fn look(folder: PathBuf) -> Option<(u64, u64)> {
    tokio::task::spawn_blocking(move || space(&folder)).await.ok().flatten()
}

/// Bytes free and in all of the disk that holds the folder.
fn space(folder: &std::path::Path) -> Option<(u64, u64)> {
    let folder = folder.canonicalize().ok()?;
    let disks = Disks::new_with_refreshed_list().ok()?;
    // The longest mount point that the folder begins with is where it lies.
    let disk = disks
        .iter()
        .filter(|disk| folder.starts_with(disk.mount_point()))
        .max_by_key(|disk| disk.mount_point().as_os_str().len())?;
    Some((disk.available_space(), disk.total_space()))
}

/// Shares of the disk, and bytes, below which it is low or as good as full.
const LOW: (f64, u64) = (0.10, 1 << 30);
const FULL: (f64, u64) = (0.02, 200 << 20);
/// Days ahead that a full disk is worth a word, or a cry.
const SOON_DAYS: f64 = 7.0;
const NOW_DAYS: f64 = 1.0;
/// Seconds of measurements below which their trend is chance.
const TREND_S: f64 = 1_800.0;

fn judge(free: u64, total: u64, measured: &VecDeque<(Timestamp, u64)>) -> Outcome {
    let share = free as f64 / total.max(1) as f64;
    let days = days_left(measured);
    let forecast = days.map_or_else(
        || "no trend yet".to_owned(),
        |days| {
            if days.is_finite() {
                format!("full in {days:.1} days at this pace")
            } else {
                "not shrinking".to_owned()
            }
        },
    );
    let value = format!("{:.1} GB free ({:.0} %), {forecast}", free as f64 / 1e9, share * 100.0);
    let remedy = "give the disk more room, shorten retention.*_days, or move the database (store.url)";
    let days = days.unwrap_or(f64::INFINITY);
    let is_below = |limit: (f64, u64)| share < limit.0 && free < limit.1 * 10 || free < limit.1;
    if is_below(FULL) || days < NOW_DAYS {
        return Outcome::fail(value, "the disk is full, or will be within a day", remedy);
    }
    if is_below(LOW) || days < SOON_DAYS {
        return Outcome::warning(value, "room on the disk is getting short", remedy);
    }
    Outcome::pass(value, "the disk has room")
}

/// Days until nothing is free if it goes on as measured; infinite when it does not shrink, `None` without a trend.
fn days_left(measured: &VecDeque<(Timestamp, u64)>) -> Option<f64> {
    let (first_at, first) = *measured.front()?;
    let (last_at, last) = *measured.back()?;
    let seconds = last_at.seconds_since(first_at);
    if seconds < TREND_S {
        return None;
    }
    let per_second = (first as f64 - last as f64) / seconds;
    Some(if per_second <= 0.0 { f64::INFINITY } else { last as f64 / per_second / 86_400.0 })
}

#[cfg(test)]
mod tests {
    use bartizan_model::CheckStatus;

    use super::*;

    const GB: u64 = 1_000_000_000;

    #[test]
    fn little_room_and_a_steep_trend_are_told() {
        let flat =
            VecDeque::from([(Timestamp::from_secs(0), 50 * GB), (Timestamp::from_secs(3_600), 50 * GB)]);
        assert_eq!(judge(50 * GB, 100 * GB, &flat).status, CheckStatus::Pass);
        assert_eq!(judge(5 * GB, 100 * GB, &flat).status, CheckStatus::Warning);
        assert_eq!(judge(GB / 10, 100 * GB, &flat).status, CheckStatus::Fail);
        let steep =
            |end| VecDeque::from([(Timestamp::from_secs(0), 50 * GB), (Timestamp::from_secs(3_600), end)]);
        assert_eq!(
            judge(49 * GB, 100 * GB, &steep(49 * GB)).status,
            CheckStatus::Warning,
            "two days are left"
        );
        assert_eq!(
            judge(40 * GB, 100 * GB, &steep(40 * GB)).status,
            CheckStatus::Fail,
            "four hours are left"
        );
        let short = VecDeque::from([(Timestamp::from_secs(0), 50 * GB), (Timestamp::from_secs(60), 40 * GB)]);
        assert_eq!(judge(40 * GB, 100 * GB, &short).status, CheckStatus::Pass, "a minute is no trend");
    }

    #[test]
    fn the_disk_of_a_folder_is_found() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        if let Some((free, total)) = space(folder.path()) {
            assert!(free <= total && total > 0);
        }
        assert_eq!(space(std::path::Path::new("/nonexistent/folder")), None);
    }
}
