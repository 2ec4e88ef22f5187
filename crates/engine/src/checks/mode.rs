//! Whether verdicts are carried out as the configuration says.

use bartizan_model::Mode;

use super::{Outcome, Probe};

pub(super) const PROBE: Probe = Probe {
    id: 4,
    key: "mode",
    name: "Mode is the configured one",
    why: "Whoever believes that attacks are refused, while they are only recorded, is unprotected; the other way round a site refuses what nobody decided to refuse.",
    weight: 2,
    measure: |shared| {
        Box::pin(async move { judge(shared.judge.in_force().policy.mode, shared.configured_policy().mode) })
    },
};

fn judge(in_force: Mode, configured: Mode) -> Outcome {
    let value = format!("{} in force, {} configured", in_force.as_str(), configured.as_str());
    if in_force == configured {
        return Outcome::pass(value, "verdicts are carried out as the configuration says");
    }
    Outcome::warning(
        value,
        "the mode was set while the server ran and differs from the configuration",
        "set detection.mode in the configuration to what is meant, or set the mode back",
    )
}

#[cfg(test)]
mod tests {
    use bartizan_model::CheckStatus;

    use super::*;

    #[test]
    fn a_mode_that_is_not_the_configured_one_is_told() {
        assert_eq!(judge(Mode::Block, Mode::Block).status, CheckStatus::Pass);
        assert_eq!(judge(Mode::Monitor, Mode::Block).status, CheckStatus::Warning);
    }
}
