//! A group of threats that belong together, with everything that decides about its alert.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use bartizan_model::{Action, Alert, AlertStatus, DecidedBy, Severity, ThreatClass, ThreatRecord, Timestamp};
use serde::{Deserialize, Serialize};

use super::key::{Aim, Scope};
use super::severity::{Breadth, level, shown};
use super::words;

/// Less severe threats raise an alert only when so many came within [`BURST_S`].
const BURST_COUNT: usize = 5;
/// Grave ones that the model is not sure of need fewer.
const UNSURE_COUNT: usize = 2;
/// The window of both counts, in seconds.
const BURST_S: f64 = 60.0;
/// Distinct clients and paths that are told apart within a group.
pub(super) const MAX_CLIENTS: u64 = 256;
pub(super) const MAX_TARGETS: u64 = 2_000;
/// Distinct sites that are told apart within a group.
const MAX_HOSTS: u64 = 16;
/// Events from which on an alert is not gathered with those of other clients: it says enough by itself.
const LARGE: u64 = 500;

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
    /// The sites, an empty name where the log does not say.
    #[serde(default)]
    hosts: BTreeSet<String>,
    /// Events by class, those that wait included.
    #[serde(default)]
    classes: BTreeMap<ThreatClass, u64>,
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
            self.drop_late(threat);
        }
        self.note(threat);
        if self.count == 0 {
            self.waiting.push((threat.timestamp, threat.id));
            if self.waiting.len() < least_count(threat) {
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

    /// Ends what went before, and keeps what waits and could belong to that threat; returns the alert that was open.
    pub(super) fn begin_anew(&mut self, threat: &ThreatRecord) -> Option<Alert> {
        if self.count > 0 {
            return self.end();
        }
        self.drop_late(threat);
        None
    }

    /// Drops what waits for too long to be of one burst with that threat.
    fn drop_late(&mut self, threat: &ThreatRecord) {
        self.waiting.retain(|(at, _)| threat.timestamp.seconds_since(*at).abs() <= BURST_S);
        if self.waiting.is_empty() {
            self.clients.clear();
            self.targets.clear();
            self.hosts.clear();
            self.classes.clear();
            self.worst = None;
        }
    }

    /// Forgets what was, but not when channels were told; returns the alert that was open.
    pub(super) fn end(&mut self) -> Option<Alert> {
        let told = std::mem::take(&mut self.told);
        let old = std::mem::replace(self, Self { told, ..Self::new(self.last_seen) });
        old.alert
    }

    pub(super) fn breadth(&self) -> Breadth {
        Breadth {
            count: self.count,
            clients: self.clients.len() as u64,
            targets: self.targets.len() as u64,
            kinds: self.classes.len() as u64,
        }
    }

    /// The sites that it is about; `None` where the log does not name one.
    pub(super) fn hosts(&self) -> Vec<Option<&str>> {
        self.hosts.iter().map(|host| (!host.is_empty()).then_some(host.as_str())).collect()
    }

    /// Whether it has an alert, shown or dismissed, to which that threat could belong by its time.
    pub(super) fn is_open(&self, threat: &ThreatRecord, gap_s: f64) -> bool {
        (self.alert.is_some() || self.hushed.is_some())
            && threat.timestamp.seconds_since(self.last_seen).abs() <= gap_s
    }

    /// Whether a group of that scope may take its alert over: nobody has taken it in hand, and it is not large. What
    /// one client does belongs together however much it is.
    pub(super) fn may_be_gathered(&self, by: &Scope) -> bool {
        let is_open = self.alert.as_ref().is_some_and(|alert| alert.status == AlertStatus::Open);
        is_open && self.hushed.is_none() && (by.client.is_some() || self.count < LARGE)
    }

    /// Takes over everything that another group counted, which ends; returns the alert that it had.
    pub(super) fn gather(&mut self, other: &mut Self) -> Option<Alert> {
        self.first_seen =
            if self.count == 0 { other.first_seen } else { self.first_seen.min(other.first_seen) };
        self.last_seen = if self.count == 0 { other.last_seen } else { self.last_seen.max(other.last_seen) };
        self.count += other.count;
        self.worst = self.worst.max(other.worst);
        for (class, count) in std::mem::take(&mut other.classes) {
            *self.classes.entry(class).or_default() += count;
        }
        fill(&mut self.clients, std::mem::take(&mut other.clients), MAX_CLIENTS);
        fill(&mut self.targets, std::mem::take(&mut other.targets), MAX_TARGETS);
        fill(&mut self.hosts, std::mem::take(&mut other.hosts), MAX_HOSTS);
        // Whoever was told of a part was told of the whole within the same window.
        for (channel, at) in &other.told {
            let known = self.told.entry(channel.clone()).or_insert(*at);
            *known = (*known).max(*at);
        }
        other.end()
    }

    fn note(&mut self, threat: &ThreatRecord) {
        self.worst = self.worst.max(Some(threat.severity));
        *self.classes.entry(threat.class).or_default() += 1;
        let host = threat.host.as_deref().unwrap_or_default();
        if !self.hosts.contains(host) && (self.hosts.len() as u64) < MAX_HOSTS {
            self.hosts.insert(host.to_owned());
        }
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
        let host = match (&scope.aim, self.hosts().as_slice()) {
            (Aim::Site(host), _) => host.clone(),
            (Aim::Any, [Some(only)]) => Some((*only).to_owned()),
            (Aim::Any, _) => None,
        };
        let seen = words::Seen {
            breadth,
            classes: &self.classes,
            host: host.as_deref(),
            sites: self.hosts.len(),
            span_s,
        };
        let (title, description) = (words::title(scope, &seen), words::describe(threat, scope, &seen));
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
            title,
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
            host,
            clients: breadth.clients.max(clients),
            targets: breadth.targets.max(targets),
            classes: self.classes.iter().map(|(class, count)| (*class, *count)).collect(),
            part_of: None,
            advice,
            note,
        });
    }
}

/// Adds to a set until it has so many.
fn fill<T: Ord>(set: &mut BTreeSet<T>, more: BTreeSet<T>, limit: u64) {
    for one in more {
        if set.len() as u64 >= limit {
            return;
        }
        set.insert(one);
    }
}

/// Threats within a minute of which the last one is such a one that raise an alert: a grave one alone, unless it is the model's
/// and the model not sure of it.
fn least_count(threat: &ThreatRecord) -> usize {
    if threat.action != Action::Block || threat.severity < Severity::High {
        return BURST_COUNT;
    }
    let is_sure = threat.decided_by != DecidedBy::Model || threat.score.is_none_or(Severity::is_sure);
    if is_sure { 1 } else { UNSURE_COUNT }
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
    fn a_grave_threat_that_the_model_is_not_sure_of_needs_company() {
        let unsure = |n, at_s| ThreatRecord {
            score: Some(0.7),
            ..threat(n, ThreatClass::CommandInjection, "198.51.100.7", at_s, Action::Block)
        };
        let mut group = Group::default();
        assert!(feed(&mut group, &unsure(1, 1_000)).0.is_empty());
        assert_eq!(feed(&mut group, &unsure(2, 1_030)).0, [1, 2]);
        let mut group = Group::default();
        for n in 0..9 {
            assert!(feed(&mut group, &unsure(n, 1_000 + n * 3_600)).0.is_empty(), "one an hour");
        }
        let by_rule = ThreatRecord { decided_by: DecidedBy::Rule, ..unsure(1, 1_000) };
        assert_eq!(feed(&mut Group::default(), &by_rule).0, [1]);
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
