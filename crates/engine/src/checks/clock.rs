//! Whether the clock can be trusted.

use bartizan_model::Timestamp;

use super::{Outcome, Probe};

pub(super) const PROBE: Probe = Probe {
    id: 15,
    key: "clock",
    name: "Clock runs evenly",
    why: "Windows, charts and the counters of floods order everything by the clock; after a jump they tell nonsense.",
    weight: 1,
    measure: |shared| {
        Box::pin(async move {
            let (begun, at) = shared.checks.started;
            let now = shared.clock.now();
            let newest = shared.sources.statuses().into_iter().filter_map(|source| source.last_line_at).max();
            judge(now.seconds_since(at) - begun.elapsed().as_secs_f64(), newest, now)
        })
    },
};

/// Seconds that the clock may have been moved since the start: a daemon that keeps it right moves it slowly.
const MOVED_S: f64 = 5.0;
const JUMPED_S: f64 = 300.0;

/// `moved` is by how many seconds the clock ran ahead of the time that really passed.
fn judge(moved: f64, newest_line: Option<Timestamp>, now: Timestamp) -> Outcome {
    let value = format!("{moved:+.1} s against the time that passed since the start");
    let remedy = "let a time daemon (chrony, systemd-timesyncd) keep the clocks of this machine and of the web servers";
    if moved.abs() > JUMPED_S {
        return Outcome::fail(value, "the clock was set while the server ran", remedy);
    }
    if moved.abs() > MOVED_S {
        return Outcome::warning(value, "the clock was moved while the server ran", remedy);
    }
    let ahead = newest_line.map_or(0.0, |newest| newest.seconds_since(now));
    if ahead > MOVED_S {
        return Outcome::warning(
            value,
            format!("a log is {ahead:.0} s ahead of this machine's clock"),
            remedy,
        );
    }
    Outcome::pass(value, "the clock runs evenly")
}

#[cfg(test)]
mod tests {
    use bartizan_model::CheckStatus;

    use super::*;

    #[test]
    fn jumps_either_way_and_lines_of_the_future_are_told() {
        let now = Timestamp::from_secs(1_000);
        assert_eq!(judge(0.1, Some(now), now).status, CheckStatus::Pass);
        assert_eq!(judge(-20.0, None, now).status, CheckStatus::Warning);
        assert_eq!(judge(3_600.0, None, now).status, CheckStatus::Fail);
        assert_eq!(judge(0.0, Some(Timestamp::from_secs(1_100)), now).status, CheckStatus::Warning);
    }
}
