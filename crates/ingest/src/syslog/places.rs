//! The places that connections have: so many at a time, and whoever sends keeps its own.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Connections of one source at a time. Each holds a thread and at most two messages.
const MAX_CONNECTIONS: usize = 64;

/// Connections that may be there beside them while they end: those that had to make room.
const MAX_LEAVING: usize = 8;

/// How long a connection must have been silent to make room for a new one.
const MIN_SILENCE: Duration = Duration::from_secs(10);

/// Stands for a connection of which something is being handed over: what makes it wait is us.
const BUSY: u64 = u64::MAX;

/// Who has a place.
#[derive(Debug)]
pub(super) struct Places<S> {
    limits: Limits,
    began: Instant,
    taken: Mutex<Vec<Arc<Place<S>>>>,
}

/// How many places there are, and what they are kept for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) connections: usize,
    pub(super) leaving: usize,
    pub(super) min_silence: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: MAX_CONNECTIONS, leaving: MAX_LEAVING, min_silence: MIN_SILENCE }
    }
}

/// The place of one connection.
#[derive(Debug)]
pub(super) struct Place<S> {
    pub(super) stream: S,
    began: Instant,
    /// When something came last, in milliseconds since the source began.
    heard_ms: AtomicU64,
    /// Whether it has to make room.
    is_leaving: AtomicBool,
}

/// What became of a connection that asked for a place.
pub(super) enum Asked<S> {
    /// It has one.
    Placed(Arc<Place<S>>),
    /// It has one, and another has to go that was silent for so long.
    PlacedFor(Arc<Place<S>>, Arc<Place<S>>, Duration),
    /// All others have something to say.
    Refused,
}

impl<S> Places<S> {
    pub(super) fn new(limits: Limits, began: Instant) -> Self {
        Self { limits, began, taken: Mutex::default() }
    }

    /// How many connections may be there.
    pub(super) fn limit(&self) -> usize {
        self.limits.connections
    }

    /// Gives a connection a place: a free one, or that of the one that has been silent for longest.
    pub(super) fn ask(&self, stream: S, now: Instant) -> Asked<S> {
        let place = Arc::new(Place {
            stream,
            began: self.began,
            heard_ms: AtomicU64::new(milliseconds(now.saturating_duration_since(self.began))),
            is_leaving: AtomicBool::new(false),
        });
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let staying = taken.iter().filter(|place| !place.is_leaving());
        if staying.clone().count() < self.limits.connections {
            taken.push(Arc::clone(&place));
            return Asked::Placed(place);
        }
        let silent = staying.filter_map(|place| Some((place.silence(now)?, place)));
        let longest = silent.max_by_key(|(silence, _)| *silence);
        match longest {
            Some((silence, other))
                if silence >= self.limits.min_silence
                    && taken.len() < self.limits.connections + self.limits.leaving =>
            {
                let other = Arc::clone(other);
                other.is_leaving.store(true, Ordering::Relaxed);
                taken.push(Arc::clone(&place));
                Asked::PlacedFor(place, other, silence)
            }
            _ => Asked::Refused,
        }
    }

    /// Takes a place back.
    pub(super) fn free(&self, place: &Arc<Place<S>>) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.retain(|known| !Arc::ptr_eq(known, place));
    }
}

impl<S> Place<S> {
    /// Whether it has to make room for another.
    pub(super) fn is_leaving(&self) -> bool {
        self.is_leaving.load(Ordering::Relaxed)
    }

    /// Notes that something came, which is being handed over now.
    pub(super) fn begin(&self) {
        self.heard_ms.store(BUSY, Ordering::Relaxed);
    }

    /// Notes that what came was handed over.
    pub(super) fn done(&self, now: Instant) {
        let heard = milliseconds(now.saturating_duration_since(self.began));
        self.heard_ms.store(heard, Ordering::Relaxed);
    }

    /// For how long nothing came; `None` while something is being handed over.
    pub(super) fn silence(&self, now: Instant) -> Option<Duration> {
        let heard = self.heard_ms.load(Ordering::Relaxed);
        let now = now.saturating_duration_since(self.began);
        (heard != BUSY).then(|| now.saturating_sub(Duration::from_millis(heard)))
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(BUSY - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_was_silent_for_longest_makes_room_and_whoever_sends_stays() {
        let start = Instant::now();
        let at = |second| start + Duration::from_secs(second);
        let limits = Limits { connections: 3, leaving: 1, min_silence: Duration::from_secs(10) };
        let places = Places::new(limits, start);
        let placed = |name, second| match places.ask(name, at(second)) {
            Asked::Placed(place) => place,
            _ => panic!("{name} has no place"),
        };
        let (sending, idle, waiting) = (placed("sending", 0), placed("idle", 1), placed("waiting", 0));
        waiting.begin();
        sending.done(at(9));
        assert!(matches!(places.ask("early", at(10)), Asked::Refused), "nobody was silent for long");

        sending.done(at(19));
        let Asked::PlacedFor(new, left, silence) = places.ask("new", at(21)) else {
            panic!("the idle one did not make room");
        };
        assert_eq!((left.stream, silence), ("idle", Duration::from_secs(20)));
        assert!(left.is_leaving() && Arc::ptr_eq(&left, &idle));
        assert!(!new.is_leaving() && !sending.is_leaving() && !waiting.is_leaving());

        assert!(matches!(places.ask("more", at(60)), Asked::Refused), "the idle one is still there");
        places.free(&idle);
        waiting.done(at(60));
        let Asked::PlacedFor(_, left, _) = places.ask("more", at(60)) else { panic!("no room") };
        assert_eq!(left.stream, "sending");
        places.free(&left);
        places.free(&new);
        assert!(matches!(places.ask("last", at(60)), Asked::Placed(_)));
    }
}
