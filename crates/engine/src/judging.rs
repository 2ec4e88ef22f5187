//! How long judging takes, and how much was judged since the start.

use std::collections::VecDeque;
use std::sync::Mutex;

use bartizan_model::{Action, LatencyHistogram, Timestamp};

/// Minutes that the percentile looks back (API.md 4.1).
const WINDOW_MINUTES: u8 = 5;

/// Judgements whose extremes are reported (API.md 6.1, bare `/metrics`).
const RECENT: usize = 1_000;

/// Counters of this process, over all ways in.
#[derive(Debug, Default)]
pub(crate) struct Judging {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    minutes: VecDeque<(i64, LatencyHistogram)>,
    recent_ms: VecDeque<f64>,
    totals: JudgingTotals,
}

/// What was judged since the process started.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct JudgingTotals {
    /// Requests judged.
    pub requests: u64,
    /// Of these, action `flag`.
    pub flagged: u64,
    /// Of these, action `block`.
    pub blocked: u64,
    /// Time of judging all of them, in milliseconds.
    pub sum_ms: f64,
    /// Mean time of judging one, in milliseconds.
    pub mean_ms: f64,
    /// Longest of the last thousand.
    pub max_ms: f64,
    /// Shortest of the last thousand.
    pub min_ms: f64,
    /// 99th percentile of the last five minutes; 0 without requests.
    pub p99_ms: f64,
}

impl JudgingTotals {
    /// Requests whose action is not allow.
    pub fn anomalies(&self) -> u64 {
        self.flagged + self.blocked
    }
}

impl Judging {
    /// Notes judgements made at `now`, each as its duration in milliseconds and its action.
    pub(crate) fn record(&self, now: Timestamp, judged: impl Iterator<Item = (f64, Action)>) {
        let mut state = self.lock();
        let minute = now.secs().div_euclid(60);
        if state.minutes.back().is_none_or(|(last, _)| *last != minute) {
            state.minutes.push_back((minute, LatencyHistogram::default()));
            while state.minutes.len() > usize::from(WINDOW_MINUTES) {
                state.minutes.pop_front();
            }
        }
        for (duration_ms, action) in judged {
            if let Some((_, histogram)) = state.minutes.back_mut() {
                histogram.record(duration_ms);
            }
            state.recent_ms.push_back(duration_ms);
            if state.recent_ms.len() > RECENT {
                state.recent_ms.pop_front();
            }
            let totals = &mut state.totals;
            totals.requests += 1;
            totals.flagged += u64::from(action == Action::Flag);
            totals.blocked += u64::from(action == Action::Block);
            totals.sum_ms += duration_ms;
            totals.mean_ms = totals.sum_ms / totals.requests as f64;
        }
    }

    /// The figures as of `now`.
    pub(crate) fn totals(&self, now: Timestamp) -> JudgingTotals {
        let state = self.lock();
        let oldest = now.secs().div_euclid(60) - i64::from(WINDOW_MINUTES);
        let mut histogram = LatencyHistogram::default();
        for (_, minute) in state.minutes.iter().filter(|(minute, _)| *minute > oldest) {
            histogram.merge(minute);
        }
        JudgingTotals {
            max_ms: state.recent_ms.iter().copied().fold(0.0, f64::max),
            min_ms: state.recent_ms.iter().copied().reduce(f64::min).unwrap_or(0.0),
            p99_ms: histogram.percentile(0.99).unwrap_or(0.0),
            ..state.totals
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // A panic while counting leaves counts, not broken invariants: go on with them.
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_percentile_forgets_after_five_minutes() {
        let judging = Judging::default();
        judging.record(Timestamp::from_secs(0), [(2.0, Action::Flag), (1.0, Action::Allow)].into_iter());
        let fresh = judging.totals(Timestamp::from_secs(240));
        assert!(fresh.p99_ms >= 2.0 && fresh.p99_ms < 2.3, "{fresh:?}");
        assert_eq!((fresh.requests, fresh.anomalies()), (2, 1));
        assert!((fresh.mean_ms - 1.5).abs() < 1e-9);
        let later = judging.totals(Timestamp::from_secs(301));
        assert!(later.p99_ms.abs() < f64::EPSILON);
        assert_eq!(later.requests, 2);
    }
}
