//! How busy the shop is, by the time of day and around the start of the demo.

use bartizan_model::Timestamp;

/// Page views and their parts per second at an average hour.
const LIVE_PACE: f64 = 4.5;

/// Pace of the past: six hours of it are some thousand lines, which a first start reads within seconds.
const PAST_PACE: f64 = 0.10;

/// Seconds before the start during which the pace rises from the past one to the live one, so that charts show a busy
/// evening and not a step.
const RISE_S: f64 = 1_800.0;

/// By this much of itself the pause between attacks is longer in the past.
const QUIET_ATTACK_PAUSE: f64 = 1.5;

const DAY_S: f64 = 86_400.0;

/// The pace of people over time.
#[derive(Debug, Clone)]
pub(crate) struct Rhythm {
    /// From when on the pace is the live one.
    pub(crate) live_from: Timestamp,
}

impl Rhythm {
    /// Requests of people per second.
    pub(crate) fn pace(&self, now: Timestamp) -> f64 {
        let risen = self.risen(now);
        (PAST_PACE + (LIVE_PACE - PAST_PACE) * risen * risen) * time_of_day(now)
    }

    /// How much longer than in the busy present attackers wait; they come less often to a quiet shop.
    pub(crate) fn attack_pause_factor(&self, now: Timestamp) -> f64 {
        1.0 + QUIET_ATTACK_PAUSE * (1.0 - self.risen(now))
    }

    /// From 0 in the past to 1 in the present.
    fn risen(&self, now: Timestamp) -> f64 {
        (now.seconds_since(self.live_from) / RISE_S + 1.0).clamp(0.0, 1.0)
    }
}

/// A factor around 1: quiet in the early morning, busy in the evening (UTC).
fn time_of_day(now: Timestamp) -> f64 {
    let second_of_day = now.seconds_since(Timestamp::default()).rem_euclid(DAY_S);
    // Busiest at 19:00.
    let phase = (second_of_day / DAY_S - 19.0 / 24.0) * std::f64::consts::TAU;
    1.0 + 0.25 * phase.cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_rises_to_the_start_and_follows_the_day() {
        let evening: Timestamp = "2026-03-04T19:00:00Z".parse().expect("an instant");
        let rhythm = Rhythm { live_from: evening };
        let at = |minutes: i64| rhythm.pace(evening.plus_micros(minutes * 60 * Timestamp::SECOND_MICROS));
        assert!(at(-300) < 0.25 && at(-20) > at(-300) && at(-10) > at(-20) && at(0) > at(-10));
        assert!(at(0) > 5.0 && at(12 * 60) < 4.0, "{} {}", at(0), at(12 * 60));
    }
}
