//! Threats into alerts: grouped, so that an attack raises one alert that counts, not a thousand that scroll.

use std::collections::HashMap;
use std::sync::Arc;

use bartizan_bus::{Event, LocalBus};
use bartizan_model::{
    Action, Alert, AlertKind, AlertStatus, DecidedBy, Severity, ThreatClass, ThreatRecord, Timestamp,
};
use bartizan_store::{AlertFilter, Page, Store, StoreError};
use tokio::sync::Mutex;

/// Events of one group further apart than this, by event time, are two alerts.
const GROUP_GAP_S: f64 = 900.0;
/// Less severe threats raise an alert only when so many came within [`BURST_S`].
const BURST_COUNT: usize = 5;
/// The window of that count, in seconds.
const BURST_S: f64 = 60.0;
/// Groups of one class that open within [`GROUP_GAP_S`] before the rest is gathered under the class alone.
const CLIENTS_PER_CLASS: usize = 20;
/// Groups kept in memory; the one seen longest ago is forgotten first.
const MAX_GROUPS: usize = 10_000;
/// Active alerts read back at the start, so that a restart goes on counting them.
const READ_BACK: u32 = 1_000;

/// Groups threats and raises alerts.
#[derive(Debug)]
pub(crate) struct AlertEngine {
    store: Arc<dyn Store>,
    bus: LocalBus,
    groups: Mutex<HashMap<String, Group>>,
}

#[derive(Debug)]
struct Group {
    /// Event times not yet part of an alert, newest last; at most [`BURST_COUNT`].
    waiting: Vec<(Timestamp, i64)>,
    alert: Option<Alert>,
    last_seen: Timestamp,
}

impl AlertEngine {
    /// Goes on with the alerts that are active in the store.
    pub(crate) async fn start(store: Arc<dyn Store>, bus: LocalBus) -> Result<Self, StoreError> {
        let active = AlertFilter { active_only: true, ..AlertFilter::default() };
        let mut groups = HashMap::new();
        for alert in store.alerts(&active, &Page::newest(READ_BACK)).await?.rows {
            let last_seen = alert.last_seen;
            groups.entry(alert.key.clone()).or_insert(Group {
                waiting: Vec::new(),
                alert: Some(alert),
                last_seen,
            });
        }
        Ok(Self { store, bus, groups: Mutex::new(groups) })
    }

    /// Takes in the threats of one commit; alerts are written once per commit, however many threats they hold.
    pub(crate) async fn observe(&self, threats: &[ThreatRecord], now: Timestamp) -> Result<(), StoreError> {
        if threats.is_empty() {
            return Ok(());
        }
        let mut groups = self.groups.lock().await;
        let mut touched: HashMap<String, Vec<i64>> = HashMap::new();
        for threat in threats {
            let key = group_key(&groups, threat);
            let group = groups.entry(key.clone()).or_insert_with(|| Group {
                waiting: Vec::new(),
                alert: None,
                last_seen: threat.timestamp,
            });
            let linked = group.take(threat, &key, now);
            if !linked.is_empty() {
                touched.entry(key).or_default().extend(linked);
            }
        }
        for (key, threat_ids) in touched {
            let Some(alert) = groups.get_mut(&key).and_then(|group| group.alert.as_mut()) else { continue };
            let raised = alert.id == 0;
            if raised {
                alert.id = self.store.insert_alert(alert).await?;
            } else {
                self.store.update_alert(alert).await?;
            }
            self.store.link_threats(alert.id, &threat_ids).await?;
            let published = Arc::new(alert.clone());
            self.bus.publish(if raised {
                Event::AlertRaised(published)
            } else {
                Event::AlertUpdated(published)
            });
        }
        forget_oldest(&mut groups);
        Ok(())
    }

    /// Raises an alert of the product itself, or counts up the active one of its key.
    pub(crate) async fn raise(&self, new: Alert) -> Result<(), StoreError> {
        let mut groups = self.groups.lock().await;
        let group = groups.entry(new.key.clone()).or_insert_with(|| Group {
            waiting: Vec::new(),
            alert: None,
            last_seen: new.last_seen,
        });
        let is_apart = new.last_seen.seconds_since(group.last_seen).abs() > GROUP_GAP_S;
        group.last_seen = new.last_seen;
        let event = if let Some(known) = group.alert.take().filter(|_| !is_apart) {
            let alert = Alert {
                count: known.count + 1,
                description: new.description,
                last_seen: new.last_seen,
                ..known
            };
            self.store.update_alert(&alert).await?;
            Event::AlertUpdated(Arc::new(group.alert.insert(alert).clone()))
        } else {
            let alert = Alert { id: self.store.insert_alert(&new).await?, ..new };
            Event::AlertRaised(Arc::new(group.alert.insert(alert).clone()))
        };
        self.bus.publish(event);
        forget_oldest(&mut groups);
        Ok(())
    }

    /// Sets an alert's status; a dismissed one is not counted up any more, the next event raises a new one.
    pub(crate) async fn set_status(
        &self,
        id: i64,
        status: AlertStatus,
        by: &str,
        now: Timestamp,
    ) -> Result<Option<Alert>, StoreError> {
        let mut groups = self.groups.lock().await;
        let Some(alert) = self.store.set_alert_status(id, status, by, now).await? else { return Ok(None) };
        if let Some(group) = groups.get_mut(&alert.key)
            && group.alert.as_ref().is_some_and(|known| known.id == id)
        {
            group.alert = status.is_active().then(|| alert.clone());
        }
        self.bus.publish(Event::AlertUpdated(Arc::new(alert.clone())));
        Ok(Some(alert))
    }
}

impl Group {
    /// Adds a threat; returns the threats that an alert now holds because of it.
    fn take(&mut self, threat: &ThreatRecord, key: &str, now: Timestamp) -> Vec<i64> {
        let gap_s = threat.timestamp.seconds_since(self.last_seen).abs();
        self.last_seen = self.last_seen.max(threat.timestamp);
        if gap_s > GROUP_GAP_S {
            self.alert = None;
            self.waiting.clear();
        }
        if let Some(alert) = &mut self.alert {
            alert.count += 1;
            alert.first_seen = alert.first_seen.min(threat.timestamp);
            alert.last_seen = alert.last_seen.max(threat.timestamp);
            alert.related_endpoint = Some(threat.endpoint.clone());
            alert.related_threat_id = Some(threat.id);
            alert.severity = alert.severity.max(badge(threat.severity));
            alert.kind = if threat.severity == Severity::Critical { AlertKind::Critical } else { alert.kind };
            alert.description =
                describe(threat, key, alert.count, alert.last_seen.seconds_since(alert.first_seen).max(0.0));
            return vec![threat.id];
        }
        self.waiting.retain(|(at, _)| threat.timestamp.seconds_since(*at).abs() <= BURST_S);
        self.waiting.push((threat.timestamp, threat.id));
        let grave = threat.action == Action::Block && threat.severity >= Severity::High;
        if !grave && self.waiting.len() < BURST_COUNT {
            return Vec::new();
        }
        let waiting = std::mem::take(&mut self.waiting);
        let first = waiting.iter().map(|(at, _)| *at).min().unwrap_or(threat.timestamp);
        self.alert = Some(new_alert(threat, key, waiting.len() as u64, first, now));
        waiting.into_iter().map(|(_, id)| id).collect()
    }
}

fn new_alert(threat: &ThreatRecord, key: &str, count: u64, first: Timestamp, now: Timestamp) -> Alert {
    let one_client = !key.ends_with("|*");
    Alert {
        id: 0,
        key: key.to_owned(),
        kind: if threat.severity == Severity::Critical { AlertKind::Critical } else { AlertKind::Warning },
        severity: badge(threat.severity),
        title: title(threat.class),
        description: describe(threat, key, count, threat.timestamp.seconds_since(first).max(0.0)),
        raised_at: now,
        first_seen: first,
        last_seen: threat.timestamp,
        count,
        source: if threat.decided_by == DecidedBy::Behaviour { "behaviour" } else { "detector" }.to_owned(),
        status: AlertStatus::Open,
        handled_by: None,
        handled_at: None,
        class: Some(threat.class),
        related_ip: one_client.then(|| threat.ip.clone()),
        related_endpoint: Some(threat.endpoint.clone()),
        related_threat_id: Some(threat.id),
    }
}

/// One group per class and client; once many clients do the same, one group for all of them.
fn group_key(groups: &HashMap<String, Group>, threat: &ThreatRecord) -> String {
    let own = format!("{}|{}", threat.class, threat.ip);
    let shared = format!("{}|*", threat.class);
    if groups.contains_key(&own) {
        return own;
    }
    let near = |group: &Group| threat.timestamp.seconds_since(group.last_seen).abs() <= GROUP_GAP_S;
    if groups.get(&shared).is_some_and(near) {
        return shared;
    }
    let prefix = format!("{}|", threat.class);
    let open = groups
        .iter()
        .filter(|(key, group)| key.starts_with(&prefix) && group.alert.is_some() && near(group))
        .take(CLIENTS_PER_CLASS)
        .count();
    if open >= CLIENTS_PER_CLASS { shared } else { own }
}

fn forget_oldest(groups: &mut HashMap<String, Group>) {
    if groups.len() <= MAX_GROUPS {
        return;
    }
    // Half at once, so that the sort is paid once in many commits.
    let mut seen: Vec<Timestamp> = groups.values().map(|group| group.last_seen).collect();
    seen.sort_unstable();
    let cutoff = seen.get(seen.len() / 2).copied().unwrap_or_default();
    groups.retain(|_, group| group.last_seen > cutoff);
}

/// The badge shows three steps; a critical threat is `type: critical` with the badge `high` (API.md 4.2).
fn badge(severity: Severity) -> Severity {
    severity.min(Severity::High)
}

fn title(class: ThreatClass) -> String {
    match class {
        ThreatClass::SqlInjection => "SQL injection attempts".to_owned(),
        ThreatClass::Xss => "Cross-site scripting attempts".to_owned(),
        ThreatClass::Ddos => "Request flood".to_owned(),
        ThreatClass::BruteForce => "Repeated failed logins".to_owned(),
        ThreatClass::Scanner => "Scanning for weaknesses".to_owned(),
        other => format!("{} attempts", other.display_name()),
    }
}

fn describe(threat: &ThreatRecord, key: &str, count: u64, span_s: f64) -> String {
    let who = if key.ends_with("|*") { "many clients" } else { &threat.ip };
    let hits = if count == 1 { "1 hit".to_owned() } else { format!("{count} hits") };
    let within = if span_s < 1.0 { String::new() } else { format!(" in {span_s:.0} s") };
    let outcome = match (threat.enforced, threat.action) {
        (true, _) => "blocked",
        (false, Action::Block) => "would be blocked",
        (false, _) => "flagged",
    };
    format!("{hits}{within} from {who}, {outcome}")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use bartizan_model::Via;

    pub(crate) fn threat(n: i64, class: ThreatClass, ip: &str, at_s: i64, action: Action) -> ThreatRecord {
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

    pub(crate) fn alert() -> Alert {
        let threat = threat(1, ThreatClass::SqlInjection, "198.51.100.7", 1_000, Action::Block);
        new_alert(&threat, "sql_injection|198.51.100.7", 1, threat.timestamp, threat.timestamp)
    }

    fn empty_group() -> Group {
        Group { waiting: Vec::new(), alert: None, last_seen: Timestamp::from_secs(1_000) }
    }

    #[test]
    fn a_grave_threat_raises_an_alert_at_once_and_later_ones_are_counted() {
        let mut group = empty_group();
        for n in 0..3 {
            let next =
                threat(n + 1, ThreatClass::SqlInjection, "198.51.100.7", 1_000 + n * 30, Action::Block);
            assert_eq!(group.take(&next, "sql_injection|198.51.100.7", next.timestamp), [n + 1]);
        }
        let alert = group.alert.expect("raised");
        assert_eq!((alert.count, alert.severity), (3, Severity::High));
        assert_eq!(alert.description, "3 hits in 60 s from 198.51.100.7, would be blocked");
    }

    #[test]
    fn a_single_probe_raises_nothing_and_a_burst_of_them_does() {
        let mut group = empty_group();
        for n in 0..4 {
            let next = threat(n, ThreatClass::Scanner, "198.51.100.7", 1_000 + n, Action::Flag);
            assert!(group.take(&next, "scanner|198.51.100.7", next.timestamp).is_empty());
        }
        let fifth = threat(4, ThreatClass::Scanner, "198.51.100.7", 1_004, Action::Flag);
        assert_eq!(group.take(&fifth, "scanner|198.51.100.7", fifth.timestamp), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn after_a_long_pause_a_new_alert_is_raised() {
        let mut group = empty_group();
        for at_s in [1_000, 3_000] {
            let next = threat(1, ThreatClass::Xss, "198.51.100.7", at_s, Action::Block);
            group.take(&next, "xss|198.51.100.7", next.timestamp);
            assert_eq!(group.alert.as_ref().expect("raised").count, 1);
        }
    }

    #[test]
    fn many_clients_doing_the_same_are_one_group() {
        let mut groups = HashMap::new();
        for n in 0..40 {
            let next = threat(n, ThreatClass::Xss, &format!("198.51.100.{n}"), 1_000, Action::Block);
            let key = group_key(&groups, &next);
            let mut group = groups.remove(&key).unwrap_or_else(empty_group);
            group.take(&next, &key, next.timestamp);
            groups.insert(key, group);
        }
        assert_eq!(groups.len(), CLIENTS_PER_CLASS + 1);
        assert_eq!(groups["xss|*"].alert.as_ref().expect("raised").count, 20);
    }
}
