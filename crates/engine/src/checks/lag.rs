//! Whether log lines are judged soon after they were written.

use bartizan_model::SourceStatus;

use super::{Outcome, Probe};

pub(super) const PROBE: Probe = Probe {
    id: 11,
    key: "lag",
    name: "Log lines are judged in time",
    why: "An alert about what happened an hour ago comes an hour too late, and dropped lines are never judged.",
    weight: 2,
    measure: |shared| Box::pin(async move { judge(&shared.sources.statuses()) }),
};

/// Lines waiting from which on a source is behind, or hopelessly so.
const BEHIND: u64 = 10_000;
const FAR_BEHIND: u64 = 1_000_000;

fn judge(sources: &[SourceStatus]) -> Outcome {
    let waiting: u64 = sources.iter().filter_map(|source| source.lag_lines).sum();
    let dropped: u64 = sources.iter().map(|source| source.dropped).sum();
    let lag = sources.iter().filter_map(|source| source.lag_s).reduce(f64::max);
    let age =
        lag.map_or_else(|| "unknown age".to_owned(), |lag| format!("newest {lag:.1} s old when judged"));
    let value = format!("{waiting} lines waiting, {dropped} dropped, {age}");
    let remedy = "give the server more processors or a faster disk; read large old logs with `bartizan scan`";
    if waiting >= FAR_BEHIND {
        return Outcome::fail(value, "judging is far behind the logs", remedy);
    }
    if dropped > 0 {
        return Outcome::warning(value, "lines were dropped because they came too fast", remedy);
    }
    if waiting >= BEHIND {
        return Outcome::warning(value, "judging is behind the logs", remedy);
    }
    Outcome::pass(value, "judging keeps up with the logs")
}

#[cfg(test)]
mod tests {
    use bartizan_model::{CheckStatus, SourceState};

    use super::*;
    use crate::checks::sources::tests::source;

    #[test]
    fn what_waits_or_was_dropped_is_told() {
        let with = |lag_lines, dropped| SourceStatus {
            lag_lines: Some(lag_lines),
            dropped,
            ..source(SourceState::Running)
        };
        assert_eq!(judge(&[with(5, 0)]).status, CheckStatus::Pass);
        assert_eq!(judge(&[with(5, 0), with(20_000, 0)]).status, CheckStatus::Warning);
        assert_eq!(judge(&[with(0, 3)]).status, CheckStatus::Warning);
        assert_eq!(judge(&[with(2_000_000, 0)]).status, CheckStatus::Fail);
    }
}
