//! Whether live updates are delivered.

use std::time::Duration;

use super::{Outcome, Probe};

pub(super) const PROBE: Probe = Probe {
    id: 12,
    key: "live",
    name: "Live updates are delivered",
    why: "A dashboard that is told nothing looks calm during an attack.",
    weight: 1,
    measure: |shared| {
        Box::pin(async move {
            let flush_every = shared.settings.flush_every;
            judge(shared.broadcaster.since_flush(), flush_every, shared.broadcaster.connections())
        })
    },
};

fn judge(since: Option<Duration>, flush_every: Duration, sockets: usize) -> Outcome {
    let Some(since) = since else {
        return Outcome::fail("never", "no update was ever sent", "restart the server and report this");
    };
    let value = format!("last sent {:.1} s ago, {sockets} open sockets", since.as_secs_f64());
    // A machine that is busy for a moment is no defect.
    if since > flush_every * 5 + Duration::from_secs(5) {
        return Outcome::fail(
            value,
            "updates are not sent any more",
            "restart the server and report this with its log",
        );
    }
    Outcome::pass(value, "updates are sent regularly")
}

#[cfg(test)]
mod tests {
    use bartizan_model::CheckStatus;

    use super::*;

    #[test]
    fn a_deliverer_that_stands_still_is_told() {
        let every = Duration::from_secs(2);
        assert_eq!(judge(Some(Duration::from_secs(1)), every, 3).status, CheckStatus::Pass);
        assert_eq!(judge(Some(Duration::from_mins(1)), every, 3).status, CheckStatus::Fail);
        assert_eq!(judge(None, every, 0).status, CheckStatus::Fail);
    }
}
