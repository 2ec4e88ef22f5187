//! Whether the lines of log sources can be read.

use bartizan_model::SourceStatus;

use super::{Outcome, Probe};

pub(super) const PROBE: Probe = Probe {
    id: 10,
    key: "parsing",
    name: "Log lines parse",
    why: "A line that does not parse is a request that nobody judges; attackers write such lines on purpose.",
    weight: 2,
    measure: |shared| Box::pin(async move { judge(&shared.sources.statuses()) }),
};

/// Shares of unreadable lines: a broken request line now and then is the noise of the internet.
const SOME: f64 = 0.05;
const MOST: f64 = 0.5;
/// Lines below which a share is chance.
const ENOUGH: u64 = 20;

fn judge(sources: &[SourceStatus]) -> Outcome {
    let share = |source: &SourceStatus| source.failed as f64 / source.lines.max(1) as f64;
    let known = sources.iter().filter(|source| source.lines >= ENOUGH);
    let Some(worst) = known.max_by(|left, right| share(left).total_cmp(&share(right))) else {
        return Outcome::pass("too few lines to tell", "no source has read enough lines yet");
    };
    let value = format!(
        "{}: {} of {} lines unreadable ({:.1} %)",
        worst.name,
        worst.failed,
        worst.lines,
        share(worst) * 100.0
    );
    let remedy =
        "compare the samples of system/sources with the format; name the format in the configuration";
    if share(worst) >= MOST {
        return Outcome::fail(value, "most lines of a source do not parse", remedy);
    }
    if share(worst) >= SOME {
        return Outcome::warning(value, "many lines of a source do not parse", remedy);
    }
    Outcome::pass(value, "nearly all lines parse")
}

#[cfg(test)]
mod tests {
    use bartizan_model::{CheckStatus, SourceState};

    use super::*;
    use crate::checks::sources::tests::source;

    #[test]
    fn the_worst_source_decides() {
        let with = |lines, failed| SourceStatus { lines, failed, ..source(SourceState::Running) };
        assert_eq!(judge(&[]).status, CheckStatus::Pass);
        assert_eq!(judge(&[with(1_000, 1)]).status, CheckStatus::Pass);
        assert_eq!(judge(&[with(1_000, 1), with(1_000, 80)]).status, CheckStatus::Warning);
        assert_eq!(judge(&[with(1_000, 900), with(1_000, 0)]).status, CheckStatus::Fail);
        assert_eq!(judge(&[with(3, 3)]).status, CheckStatus::Pass, "three lines tell nothing");
    }
}
