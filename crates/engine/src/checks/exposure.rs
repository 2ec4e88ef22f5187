//! Whether who may ask fits who can reach the server.

use super::{Outcome, Probe, Surroundings};

pub(super) const PROBE: Probe = Probe {
    id: 13,
    key: "authentication",
    name: "Authentication fits the address",
    why: "Whoever reaches an open server reads all traffic, addresses and payloads, and may switch protection off.",
    weight: 3,
    measure: |shared| {
        Box::pin(async move {
            let surroundings = shared.checks.surroundings().cloned();
            judge(surroundings.as_ref())
        })
    },
};

/// Judges an address and who may ask there.
pub fn examine(surroundings: &Surroundings) -> Outcome {
    judge(Some(surroundings))
}

fn judge(surroundings: Option<&Surroundings>) -> Outcome {
    let Some(around) = surroundings else {
        return Outcome::pass("not served", "this engine is not reached over a network");
    };
    let auth = if around.authenticated { "on" } else { "off" };
    let reach = if around.loopback { "this machine only" } else { "the network" };
    let value = format!("authentication {auth}, reached from {reach} ({})", around.listen);
    if !around.authenticated && !around.loopback {
        return Outcome::fail(
            value,
            "anyone who reaches this address may read and change everything",
            "switch authentication on, or listen on 127.0.0.1 behind a proxy that authenticates",
        );
    }
    Outcome::pass(value, "only those who may can ask")
}

#[cfg(test)]
mod tests {
    use bartizan_model::CheckStatus;

    use super::*;

    #[test]
    fn an_open_server_on_the_network_fails() {
        for (authenticated, loopback, status) in [
            (false, true, CheckStatus::Pass),
            (true, true, CheckStatus::Pass),
            (true, false, CheckStatus::Pass),
            (false, false, CheckStatus::Fail),
        ] {
            let around = Surroundings { loopback, authenticated, ..Surroundings::default() };
            assert_eq!(judge(Some(&around)).status, status, "{authenticated} {loopback}");
        }
    }
}
