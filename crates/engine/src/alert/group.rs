//! A group of threats that belong together, with everything that decides about its alert.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use bartizan_model::{Action, Alert, AlertStatus, DecidedBy, Severity, ThreatRecord, Timestamp};
use serde::{Deserialize, Serialize};

use super::key::Scope;
use super::severity::{Breadth, level, shown};
use super::words;

/// Less severe threats raise an alert only when so many came within [`BURST_S`].
const BURST_COUNT: usize = 5;
/// The window of that count, in seconds.
const BURST_S: f64 = 60.0;
/// Distinct clients and paths that are told apart within a group.
pub(super) const MAX_CLIENTS: u64 = 256;
pub(super) const MAX_TARGETS: u64 = 2_000;

/// What is remembered of a group; stored as JSON.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Group {
    /// Event times of threats that are not yet part of an alert, newest last, with their ids; fewer than
    /// [`BURST_COUNT`] within [`BURST_S`].
    pub(super) waiting: Vec<(Timestamp, i64)>,
    pub(super) first_seen: Timestamp,
    pub(super) last_seen: Timestamp,
    /// Events since the group began, those that wait apart.
    pub(super) count: u64,
    pub(super) worst: Option<Severity>,
    clients: BTreeSet<String>,
    targets: BTreeSet<u32>,
    /// The level at which someone dismissed it: it stays quiet until it gets graver, or ends and begins anew.
    pub(super) hushed: Option<u8>,
    /// When each channel was last told of it.
    #[serde(default)]
    pub(super) told: BTreeMap<String, Timestamp>,
    /// Its alert while that is active; the store has it under the same key.
    #[serde(skip)]
    pub(super) alert: Option<Alert>,
}

impl Group {
    pub(super) fn new(at: Timestamp) -> Self {
        Self { first_seen: at, last_seen: at, ..Self::default() }
    }

    /// Adds a threat; returns the ids of the threats that the group's alert holds because of it, and the alert that
    /// ended because so long a pause came before. `gap_s`: the pause, by event time, after which it is another attack.
    pub(super) fn take(
        &mut self,
        threat: &ThreatRecord,
        scope: &Scope,
        key: &str,
        gap_s: f64,
        now: Timestamp,
    ) -> (Vec<i64>, Option<Alert>) {
        let ended =
            if threat.timestamp.seconds_since(self.last_seen).abs() > gap_s { self.end() } else { None };
        self.last_seen = if ended.is_some() || self.count == 0 && self.waiting.is_empty() {
            threat.timestamp
        } else {
            self.last_seen.max(threat.timestamp)
        };
        if self.count == 0 {
            self.waiting.retain(|(at, _)| threat.timestamp.seconds_since(*at).abs() <= BURST_S);
            if self.waiting.is_empty() {
                self.clients.clear();
                self.targets.clear();
                self.worst = None;
            }
        }
        self.note(threat);
        if self.count == 0 {
            self.waiting.push((threat.timestamp, threat.id));
            let is_grave = threat.action == Action::Block && threat.severity >= Severity::High;
            if !is_grave && self.waiting.len() < BURST_COUNT {
                return (Vec::new(), ended);
            }
            self.first_seen = self.waiting.iter().map(|(at, _)| *at).min().unwrap_or(threat.timestamp);
        } else {
            self.waiting.push((threat.timestamp, threat.id));
            self.first_seen = self.first_seen.min(threat.timestamp);
        }
        let linked: Vec<i64> = self.waiting.drain(..).map(|(_, id)| id).collect();
        self.count += linked.len() as u64;
        let level = level(threat.severity.max(self.worst.unwrap_or(Severity::Low)), self.breadth());
        if self.hushed.is_some_and(|hushed| level <= hushed) {
            return (Vec::new(), ended);
        }
        self.hushed = None;
        self.draw(threat, scope, key, level, now);
        (linked, ended)
    }

    /// Forgets what was, but not when channels were told; returns the alert that was open.
    pub(super) fn end(&mut self) -> Option<Alert> {
        let told = std::mem::take(&mut self.told);
        let old = std::mem::replace(self, Self { told, ..Self::new(self.last_seen) });
        old.alert
    }

    pub(super) fn breadth(&self) -> Breadth {
        Breadth { count: self.count, clients: self.clients.len() as u64, targets: self.targets.len() as u64 }
    }

    fn note(&mut self, threat: &ThreatRecord) {
        self.worst = self.worst.max(Some(threat.severity));
        if (self.clients.len() as u64) < MAX_CLIENTS {
            self.clients.insert(threat.ip.clone());
        }
        if (self.targets.len() as u64) < MAX_TARGETS {
            let path = threat.endpoint.split('?').next().unwrap_or_default();
            let mut hasher = DefaultHasher::new();
            path.hash(&mut hasher);
            // Thirty-two bits tell a few thousand paths apart well enough to count them.
            self.targets.insert(u32::try_from(hasher.finish() >> 32).unwrap_or_default());
        }
    }

    /// Brings the alert up to date, or makes it.
    fn draw(&mut self, threat: &ThreatRecord, scope: &Scope, key: &str, level: u8, now: Timestamp) {
        let breadth = self.breadth();
        let (kind, severity) = shown(level);
        let span_s = self.last_seen.seconds_since(self.first_seen).max(0.0);
        let description = words::describe(threat, scope, breadth, span_s);
        let advice = words::advice(scope.class, scope.client.as_deref(), threat.enforced);
        let known = self.alert.take();
        let raised_at = known.as_ref().map_or(now, |alert| alert.raised_at);
        // Of an alert that was reopened, the group forgot whom it had counted.
        let (clients, targets) = known.as_ref().map_or((0, 0), |alert| (alert.clients, alert.targets));
        let (status, handled_by, handled_at, note, id) = match known {
            Some(alert) => (alert.status, alert.handled_by, alert.handled_at, alert.note, alert.id),
            None => (AlertStatus::Open, None, None, None, 0),
        };
        self.alert = Some(Alert {
            id,
            key: key.to_owned(),
            kind,
            severity,
            title: words::title(scope.class),
            description,
            raised_at,
            first_seen: self.first_seen,
            last_seen: self.last_seen,
            count: self.count,
            source: if threat.decided_by == DecidedBy::Behaviour { "behaviour" } else { "detector" }
                .to_owned(),
            status,
            handled_by,
            handled_at,
            class: scope.class,
            related_ip: scope.client.clone(),
            related_endpoint: Some(threat.endpoint.clone()),
            related_threat_id: Some(threat.id),
            host: scope.host.clone(),
            clients: breadth.clients.max(clients),
            targets: breadth.targets.max(targets),
            advice,
            note,
        });
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use bartizan_model::{AlertKind, ThreatClass, Via};

    pub(in crate::alert) fn threat(
        n: i64,
        class: ThreatClass,
        ip: &str,
        at_s: i64,
        action: Action,
    ) -> ThreatRecord {
        ThreatRecord {
            id: n,
            traffic_id: n,
            timestamp: Timestamp::from_secs(at_s),
            class,
            severity: Severity::of(class, 0.99, action),
            ip: ip.to_owned(),
            host: None,
            method: "GET".to_owned(),
            endpoint: "/a".to_owned(),
            status: 200,
            user_agent: None,
            via: Via::Log,
            action,
            enforced: false,
            score: Some(0.99),
            model: None,
            decided_by: DecidedBy::Model,
            payload: None,
            details: None,
        }
    }

    fn feed(group: &mut Group, threat: &ThreatRecord) -> (Vec<i64>, Option<Alert>) {
        let scope = Scope::own(threat);
        group.take(threat, &scope, &scope.key(), 900.0, threat.timestamp)
    }

    /// An alert as the engine raises it.
    pub(crate) fn sample() -> Alert {
        let mut group = Group::default();
        feed(&mut group, &threat(1, ThreatClass::SqlInjection, "198.51.100.7", 1_000, Action::Block));
        group.alert.expect("raised")
    }

    #[test]
    fn a_grave_threat_raises_an_alert_at_once_and_later_ones_are_counted() {
        let mut group = Group::default();
        for n in 0..3 {
            let next =
                threat(n + 1, ThreatClass::SqlInjection, "198.51.100.7", 1_000 + n * 30, Action::Block);
            assert_eq!(feed(&mut group, &next).0, [n + 1]);
        }
        let alert = group.alert.expect("raised");
        assert_eq!((alert.count, alert.kind, alert.severity), (3, AlertKind::Warning, Severity::High));
        assert_eq!(alert.description, "3 hits in 60 s from 198.51.100.7, would be blocked");
        assert!(alert.advice.contains("198.51.100.7"), "{}", alert.advice);
    }

    #[test]
    fn a_single_probe_raises_nothing_and_a_burst_of_them_does() {
        let mut group = Group::default();
        for n in 0..4 {
            let next = threat(n, ThreatClass::Scanner, "198.51.100.7", 1_000 + n, Action::Flag);
            assert!(feed(&mut group, &next).0.is_empty());
        }
        let fifth = threat(4, ThreatClass::Scanner, "198.51.100.7", 1_004, Action::Flag);
        assert_eq!(feed(&mut group, &fifth).0, [0, 1, 2, 3, 4]);
        let slow = (0..40).map(|n| threat(n, ThreatClass::Scanner, "198.51.100.8", n * 30, Action::Flag));
        let mut group = Group::default();
        assert!(slow.into_iter().all(|next| feed(&mut group, &next).0.is_empty()), "one in half a minute");
    }

    #[test]
    fn after_a_long_pause_the_old_alert_ends_and_a_new_one_is_raised() {
        let mut group = Group::default();
        feed(&mut group, &threat(1, ThreatClass::Xss, "198.51.100.7", 1_000, Action::Block));
        if let Some(alert) = &mut group.alert {
            alert.id = 7;
        }
        let (linked, ended) =
            feed(&mut group, &threat(2, ThreatClass::Xss, "198.51.100.7", 3_000, Action::Block));
        assert_eq!((linked, ended.map(|alert| alert.id)), (vec![2], Some(7)));
        assert_eq!(group.alert.map(|alert| (alert.id, alert.count)), Some((0, 1)));
    }

    #[test]
    fn what_was_dismissed_stays_quiet_until_it_gets_graver() {
        let mut group = Group::default();
        feed(&mut group, &threat(1, ThreatClass::Xss, "198.51.100.7", 1_000, Action::Block));
        (group.alert, group.hushed) = (None, Some(2));
        for n in 2..500 {
            let next = threat(n, ThreatClass::Xss, "198.51.100.7", 1_000 + n, Action::Block);
            assert!(feed(&mut group, &next).0.is_empty(), "{n}");
        }
        let next = threat(500, ThreatClass::Xss, "198.51.100.7", 1_500, Action::Block);
        assert_eq!(feed(&mut group, &next).0, [500]);
        assert_eq!(group.alert.map(|alert| (alert.count, alert.kind)), Some((500, AlertKind::Critical)));
    }

    #[test]
    fn what_is_remembered_survives_being_stored() {
        let mut group = Group::default();
        for n in 0..3 {
            feed(&mut group, &threat(n, ThreatClass::Scanner, "198.51.100.7", 1_000 + n, Action::Flag));
        }
        group.told.insert("team".to_owned(), Timestamp::from_secs(9));
        let text = serde_json::to_string(&group).expect("written");
        assert_eq!(serde_json::from_str::<Group>(&text).expect("read"), group);
    }
}
