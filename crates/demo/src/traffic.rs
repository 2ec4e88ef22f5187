//! Everybody at once: who acts when, and the lines that come of it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use bartizan_model::{ThreatClass, Timestamp};

use crate::attacker::{Attacker, CLASSES};
use crate::line::{DemoLine, Exchange};
use crate::random::{Random, rounded};
use crate::rhythm::Rhythm;
use crate::robot::Robot;
use crate::shopper::{Act, REQUESTS_PER_VISIT, Shopper};

/// Longest wait for the next visitor before the pace is looked at again, in milliseconds.
const DOOR_MS: u64 = 20_000;

/// Pause between campaigns, in milliseconds; the longest one lets all of them start within 50 minutes.
const CAMPAIGN_PAUSE_MS: (u64, u64) = (80_000, 175_000);

/// Mean pause between single probes, in milliseconds.
const PROBE_PAUSE_MS: f64 = 150_000.0;

/// The shop fills up during this time before its first line, so that it is not empty when it opens.
const WARM_UP_MICROS: i64 = 600 * Timestamp::SECOND_MICROS;

/// The traffic of a small web shop, invented; the same seed and start give the same lines.
#[derive(Debug)]
pub struct DemoTraffic {
    random: Random,
    rhythm: Rhythm,
    /// What happens next: time, order among equal times, and what it is.
    agenda: BinaryHeap<Reverse<(Timestamp, u64)>>,
    events: BTreeMap<u64, Event>,
    scheduled: u64,
    /// Campaigns of this round that are still to come.
    deck: Vec<ThreatClass>,
}

#[derive(Debug)]
enum Event {
    /// A request ends.
    Line(Box<Exchange>),
    Shopper(Box<Shopper>),
    Robot(Robot),
    Attacker(Attacker),
    /// Perhaps somebody comes in.
    Door {
        arrives: bool,
    },
    /// Somebody begins a campaign.
    Campaign,
    /// Somebody looks whether something is there.
    Probe,
}

impl DemoTraffic {
    /// Traffic from `start` on, at the pace of every day.
    pub fn new(seed: u64, start: Timestamp) -> Self {
        Self::with_quiet_past(seed, start, start)
    }

    /// Traffic from `start` on that is thin until half an hour before `live_from` and rises to its full pace by then.
    pub fn with_quiet_past(seed: u64, start: Timestamp, live_from: Timestamp) -> Self {
        let mut traffic = Self {
            random: Random::new(seed),
            rhythm: Rhythm { live_from },
            agenda: BinaryHeap::new(),
            events: BTreeMap::new(),
            scheduled: 0,
            deck: Vec::new(),
        };
        let opening = start.plus_micros(-WARM_UP_MICROS);
        for robot in Robot::all() {
            let after_ms = traffic.random.between(0, 60_000);
            traffic.schedule(opening, after_ms, Event::Robot(robot));
        }
        traffic.schedule(opening, 0, Event::Door { arrives: true });
        let first_ms = traffic.random.between(0, CAMPAIGN_PAUSE_MS.0);
        traffic.schedule(start, first_ms, Event::Campaign);
        traffic.schedule(start, CAMPAIGN_PAUSE_MS.0, Event::Probe);
        traffic.lines_until(start);
        traffic
    }

    /// The lines since the last call, or since the start, up to this instant; in order of time.
    pub fn lines_until(&mut self, now: Timestamp) -> Vec<DemoLine> {
        let mut lines = Vec::new();
        while let Some(Reverse((time, number))) = self.agenda.peek().copied()
            && time <= now
        {
            self.agenda.pop();
            match self.events.remove(&number) {
                Some(Event::Line(exchange)) => lines.push(exchange.at(time)),
                Some(event) => self.happen(time, event),
                None => {}
            }
        }
        lines
    }

    fn happen(&mut self, now: Timestamp, event: Event) {
        match event {
            Event::Line(_) => {}
            Event::Shopper(mut shopper) => {
                let act = shopper.act(&mut self.random);
                self.carry_out(now, act, Event::Shopper(shopper));
            }
            Event::Robot(mut robot) => {
                let act = robot.act(&mut self.random);
                self.carry_out(now, act, Event::Robot(robot));
            }
            Event::Attacker(mut attacker) => {
                let act = attacker.act(&mut self.random);
                self.carry_out(now, act, Event::Attacker(attacker));
            }
            Event::Door { arrives } => self.open_door(now, arrives),
            Event::Campaign => {
                let class = self.draw();
                let attacker = Attacker::new(class, &mut self.random);
                self.schedule(now, 0, Event::Attacker(attacker));
                let pause_ms = self.random.between(CAMPAIGN_PAUSE_MS.0, CAMPAIGN_PAUSE_MS.1);
                let pause_ms = rounded(pause_ms as f64 * self.rhythm.attack_pause_factor(now));
                self.schedule(now, pause_ms, Event::Campaign);
            }
            Event::Probe => {
                let probe = Attacker::probe(&mut self.random);
                self.schedule(now, 0, Event::Line(Box::new(probe)));
                let pause_ms = rounded(self.random.exponential(PROBE_PAUSE_MS));
                self.schedule(now, pause_ms, Event::Probe);
            }
        }
    }

    fn carry_out(&mut self, now: Timestamp, act: Act, actor: Event) {
        for exchange in act.exchanges {
            // A request is logged when its answer has been sent.
            let ends_ms = exchange.after_ms + rounded(exchange.took_ms);
            self.schedule(now, ends_ms, Event::Line(Box::new(exchange)));
        }
        if let Some(again_ms) = act.again_ms {
            self.schedule(now, again_ms, actor);
        }
    }

    fn open_door(&mut self, now: Timestamp, arrives: bool) {
        if arrives {
            // Sometimes many come at once, after a newsletter or a mention somewhere.
            let guests = if self.random.chance(0.02) { self.random.between(4, 8) } else { 1 };
            for _ in 0..guests {
                let shopper = Shopper::new(&mut self.random);
                let after_ms = if guests > 1 { self.random.between(0, 12_000) } else { 0 };
                self.schedule(now, after_ms, Event::Shopper(Box::new(shopper)));
            }
        }
        let mean_ms = 1e3 * REQUESTS_PER_VISIT / self.rhythm.pace(now);
        let wait_ms = rounded(self.random.exponential(mean_ms));
        // Waiting anew after a while changes nothing about when independent visitors come, but lets the pace change.
        let arrives = wait_ms <= DOOR_MS;
        self.schedule(now, wait_ms.min(DOOR_MS), Event::Door { arrives });
    }

    fn draw(&mut self) -> ThreatClass {
        if self.deck.is_empty() {
            self.deck.extend(CLASSES);
            self.random.shuffle(&mut self.deck);
        }
        self.deck.pop().unwrap_or(ThreatClass::Scanner)
    }

    fn schedule(&mut self, now: Timestamp, after_ms: u64, event: Event) {
        let micros = i64::try_from(after_ms.saturating_mul(1_000)).unwrap_or(i64::MAX);
        self.scheduled += 1;
        self.agenda.push(Reverse((now.plus_micros(micros), self.scheduled)));
        self.events.insert(self.scheduled, event);
    }
}
