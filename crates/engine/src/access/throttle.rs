//! Failed logins in a minute: five of each name and from each address, then a pause (API.md 1.10).

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bartizan_model::Timestamp;

use super::AccessError;

/// Failures in [`WINDOW_S`] seconds.
const FAILURES: usize = 5;
const WINDOW_S: i64 = 60;
/// Names and addresses remembered at most: some megabytes.
const MAX_KEYS: usize = 20_000;

/// What failures are counted by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Name(String),
    Peer(IpAddr),
}

/// Counts failed logins. An attempt counts from its start, so that many at once are no way round it; a success takes
/// it back.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    attempts: Mutex<HashMap<Key, VecDeque<Timestamp>>>,
}

/// An attempt that counts as failed until it is forgiven.
#[derive(Debug)]
pub(super) struct Attempt {
    keys: Vec<Key>,
    at: Timestamp,
}

impl Throttle {
    /// Begins an attempt.
    ///
    /// # Errors
    /// [`AccessError::Throttled`] when name or address had too many failures.
    pub(super) fn begin(
        &self,
        username: &str,
        peer: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Attempt, AccessError> {
        let mut keys: Vec<Key> = peer.map(network).map(Key::Peer).into_iter().collect();
        keys.push(Key::Name(username.chars().take(64).collect()));
        let mut attempts = self.attempts();
        for key in &keys {
            let Some(times) = attempts.get_mut(key) else { continue };
            expire(times, now);
            if let (true, Some(oldest)) = (times.len() >= FAILURES, times.front()) {
                let wait = (oldest.seconds_since(now) + WINDOW_S as f64).ceil().max(1.0);
                return Err(AccessError::Throttled { retry_after_s: seconds(wait) });
            }
        }
        for key in &keys {
            if attempts.len() >= MAX_KEYS && !attempts.contains_key(key) {
                make_room(&mut attempts, now);
            }
            attempts.entry(key.clone()).or_default().push_back(now);
        }
        Ok(Attempt { keys, at: now })
    }

    /// Takes back an attempt that did not fail.
    pub(super) fn forgive(&self, attempt: Attempt) {
        let mut attempts = self.attempts();
        for key in attempt.keys {
            let Some(times) = attempts.get_mut(&key) else { continue };
            if let Some(at) = times.iter().position(|time| *time == attempt.at) {
                times.remove(at);
            }
            if times.is_empty() {
                attempts.remove(&key);
            }
        }
    }

    fn attempts(&self) -> MutexGuard<'_, HashMap<Key, VecDeque<Timestamp>>> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A household has a whole /64 of IPv6 to call from.
fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
        address @ IpAddr::V4(_) => address,
    }
}

fn expire(times: &mut VecDeque<Timestamp>, now: Timestamp) {
    while times.front().is_some_and(|oldest| now.seconds_since(*oldest) >= WINDOW_S as f64) {
        times.pop_front();
    }
}

fn make_room(attempts: &mut HashMap<Key, VecDeque<Timestamp>>, now: Timestamp) {
    attempts.retain(|_, times| {
        expire(times, now);
        !times.is_empty()
    });
    while attempts.len() >= MAX_KEYS {
        let oldest =
            attempts.iter().min_by_key(|(_, times)| times.back().copied()).map(|(key, _)| key.clone());
        match oldest {
            Some(key) => attempts.remove(&key),
            None => return,
        };
    }
}

/// Whole seconds of a pause, which never exceeds the window.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 60")]
fn seconds(wait: f64) -> u64 {
    wait.clamp(1.0, WINDOW_S as f64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_secs(1_000_000 + seconds)
    }

    fn peer(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn five_failures_of_a_name_or_an_address_are_enough_for_a_minute() {
        let throttle = Throttle::default();
        for n in 0..5 {
            throttle.begin("alice", Some(peer(&format!("192.0.2.{n}"))), at(n)).expect("one of five");
        }
        let refused = throttle.begin("alice", Some(peer("192.0.2.9")), at(10));
        assert!(matches!(refused, Err(AccessError::Throttled { retry_after_s: 50 })), "{refused:?}");
        assert!(throttle.begin("bob", Some(peer("192.0.2.9")), at(10)).is_ok());
        assert!(
            throttle.begin("alice", Some(peer("192.0.2.9")), at(60)).is_ok(),
            "the first is a minute old"
        );

        for n in 0..5 {
            throttle.begin(&format!("user{n}"), Some(peer("2001:db8::1")), at(70)).expect("one of five");
        }
        assert!(throttle.begin("carol", Some(peer("2001:db8::2:3")), at(71)).is_err(), "the same network");
        assert!(throttle.begin("carol", Some(peer("2001:db8:0:1::")), at(71)).is_ok());
    }

    #[test]
    fn a_success_is_no_failure() {
        let throttle = Throttle::default();
        for n in 0..50 {
            let attempt = throttle.begin("alice", Some(peer("192.0.2.1")), at(n % 3)).expect("none failed");
            throttle.forgive(attempt);
        }
        assert!(throttle.attempts().is_empty());
    }

    #[test]
    fn strangers_cannot_fill_the_memory() {
        let throttle = Throttle::default();
        for n in 0..MAX_KEYS + 100 {
            throttle.begin(&format!("u{n}"), None, at(0)).expect("new names");
        }
        assert!(throttle.attempts().len() <= MAX_KEYS);
        throttle.begin("late", None, at(100)).expect("a new name");
        assert!(throttle.attempts().len() <= 2, "what is over is forgotten");
    }
}
