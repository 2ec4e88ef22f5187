//! What the alert engine remembers, and how threats change it.

use std::collections::{BTreeMap, HashMap};

use bartizan_model::{Alert, AlertStatus, Occasion, Silence, ThreatRecord, Timestamp};
use bartizan_store::{AlertStep, AlertWrite, StoreError, StoredGroup};

use super::group::Group;
use super::key::{Opened, Scope};
use super::rule::ChannelRule;
use super::silencing::{Silencer, Subject};

/// Groups that are remembered; those seen longest ago are forgotten first, but none with an open alert.
pub(super) const MAX_GROUPS: usize = 4_000;

/// Everything in memory; it can be read back from the store at any time.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) position: i64,
    pub(super) groups: HashMap<String, Group>,
    pub(super) opened: Opened,
    pub(super) silencers: Vec<Silencer>,
}

/// A step that is to be written, with the key of the group behind each alert.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) step: AlertStep,
    /// Beside `step.alerts`: the group whose open alert it is.
    pub(super) owners: Vec<Option<String>>,
    pub(super) raised: Vec<bool>,
}

impl Draft {
    pub(super) fn at(position: i64, now: Timestamp) -> Self {
        let step = AlertStep { from: position, to: position, at: now, ..AlertStep::default() };
        Self { step, ..Self::default() }
    }

    pub(super) fn alert(&mut self, write: AlertWrite, owner: Option<String>) {
        self.raised.push(write.alert.id == 0);
        self.step.alerts.push(write);
        self.owners.push(owner);
    }

    pub(super) fn group(&mut self, key: &str, group: Option<&Group>) -> Result<(), StoreError> {
        let state = group.map(serde_json::to_string).transpose();
        let state = state.map_err(|_| StoreError::Corrupt { what: "group of alerts".to_owned() })?;
        self.step.groups.push(StoredGroup { key: key.to_owned(), state });
        Ok(())
    }
}

/// A group as it was before a step touched it, and what the step linked to its alert.
#[derive(Debug, Default)]
struct Touched {
    weight: Option<(u8, bartizan_model::Severity)>,
    links: Vec<i64>,
    /// Alerts whose threats its alert holds now as well.
    takes_over: Vec<i64>,
}

impl Touched {
    fn of(group: &Group) -> Self {
        Self { weight: group.alert.as_ref().map(Alert::weight), ..Self::default() }
    }

    /// The group's alert has ended within the step; what comes now belongs to another.
    fn end(&mut self, alert: Alert, draft: &mut Draft) {
        let Self { links, takes_over, .. } = std::mem::take(self);
        let alert = Alert { status: AlertStatus::Resolved, ..alert };
        let write = AlertWrite { alert, threat_ids: links, takes_over, deliveries: Vec::new() };
        draft.alert(write, None);
    }
}

impl State {
    /// Takes in threats in the order in which they were committed.
    pub(super) fn take(
        &mut self,
        threats: &[ThreatRecord],
        rules: &[ChannelRule],
        gap_s: f64,
        now: Timestamp,
    ) -> Result<Draft, StoreError> {
        let mut draft = Draft::at(self.position, now);
        draft.step.to = threats.last().map_or(self.position, |threat| threat.id);
        let mut silenced: BTreeMap<i64, u64> = BTreeMap::new();
        // Ordered, so that alerts get their ids in an order that does not depend on chance.
        let mut touched: BTreeMap<String, Touched> = BTreeMap::new();
        for threat in threats {
            let groups = &self.groups;
            let is_open = |key: &str| groups.get(key).is_some_and(|group| group.is_open(threat, gap_s));
            let (key, scope) = self.opened.choose(threat, is_open);
            let subject = Subject::threat(threat).with_key(&key);
            if let Some(silencer) =
                self.silencers.iter_mut().find(|silencer| silencer.holds_back(subject, now))
            {
                *silenced.entry(silencer.silence.id).or_default() += 1;
                continue;
            }
            if scope.gathers() && !is_open(&key) {
                self.gather(&key, &scope, threat, gap_s, &mut touched, &mut draft);
            }
            let group = self.groups.entry(key.clone()).or_insert_with(|| Group::new(threat.timestamp));
            let entry = touched.entry(key.clone()).or_insert_with(|| Touched::of(group));
            let (linked, ended) = group.take(threat, &scope, &key, gap_s, now);
            if let Some(alert) = ended {
                entry.end(alert, &mut draft);
                self.opened.remove(&key);
            }
            entry.links.extend(linked);
            if let Some(alert) = &group.alert {
                self.opened.insert(&key, &scope, alert.host.as_deref());
            }
        }
        for (key, Touched { weight, links, takes_over }) in touched {
            let Some(group) = self.groups.get_mut(&key) else { continue };
            if let Some(alert) = group.alert.clone().filter(|_| !links.is_empty()) {
                let occasion = match weight {
                    None => Some(Occasion::Raised),
                    Some(before) if alert.weight() > before => Some(Occasion::Escalated),
                    Some(_) => None,
                };
                let deliveries = occasion.map_or_else(Vec::new, |occasion| {
                    rules
                        .iter()
                        .filter_map(|rule| rule.delivery(&alert, occasion, &mut group.told, now))
                        .collect()
                });
                let write = AlertWrite { alert, threat_ids: links, takes_over, deliveries };
                draft.alert(write, Some(key.clone()));
            }
            draft.group(&key, Some(group))?;
        }
        draft.step.silenced = silenced.into_iter().collect();
        self.forget(&mut draft)?;
        Ok(draft)
    }

    /// Lets the group of that key, which is not open, take over the alerts of the groups that it holds. The oldest of
    /// them goes on as its alert, so that whoever was told of it follows the same one; the others end as parts of it.
    fn gather(
        &mut self,
        key: &str,
        scope: &Scope,
        threat: &ThreatRecord,
        gap_s: f64,
        touched: &mut BTreeMap<String, Touched>,
        draft: &mut Draft,
    ) {
        let parts: Vec<String> = self
            .opened
            .iter()
            .filter(|(part, narrow)| {
                *part != key
                    && self.groups.get(*part).is_some_and(|group| {
                        group.is_open(threat, gap_s)
                            && group.may_be_gathered(scope)
                            && scope.holds(narrow, &group.hosts())
                    })
            })
            .map(|(part, _)| part.to_owned())
            .collect();
        let mut group = self.groups.remove(key).unwrap_or_else(|| Group::new(threat.timestamp));
        let mut whole = touched.remove(key).unwrap_or_else(|| Touched::of(&group));
        if let Some(alert) = group.begin_anew(threat) {
            whole.end(alert, draft);
            self.opened.remove(key);
        }
        let mut alerts = Vec::new();
        for part in &parts {
            let Some(other) = self.groups.get_mut(part) else { continue };
            let entry = touched.entry(part.clone()).or_insert_with(|| Touched::of(other));
            let before = std::mem::take(entry);
            whole.links.extend(before.links);
            whole.takes_over.extend(before.takes_over);
            if let Some(alert) = group.gather(other) {
                alerts.push((alert, before.weight));
            }
            self.opened.remove(part);
        }
        // One that is not yet written has no id, and nobody knows of it.
        let known: Vec<_> = alerts.into_iter().filter(|(alert, _)| alert.id > 0).collect();
        let oldest = known.iter().map(|(alert, _)| alert.id).min();
        for (alert, weight) in known {
            if Some(alert.id) == oldest {
                whole.weight = weight;
                group.alert = Some(alert);
                continue;
            }
            whole.takes_over.push(alert.id);
            let alert = Alert { status: AlertStatus::Resolved, part_of: oldest, ..alert };
            draft.alert(AlertWrite::of(alert), None);
        }
        touched.insert(key.to_owned(), whole);
        self.groups.insert(key.to_owned(), group);
    }

    /// Forgets the groups seen longest ago when there are too many.
    fn forget(&mut self, draft: &mut Draft) -> Result<(), StoreError> {
        if self.groups.len() <= MAX_GROUPS {
            return Ok(());
        }
        // Half at once, so that the sort is paid once in many steps.
        let mut seen: Vec<Timestamp> = self.groups.values().map(|group| group.last_seen).collect();
        seen.sort_unstable();
        let cutoff = seen.get(seen.len() / 2).copied().unwrap_or_default();
        let old: Vec<String> = self
            .groups
            .iter()
            .filter(|(_, group)| group.last_seen <= cutoff && group.alert.is_none())
            .map(|(key, _)| key.clone())
            .collect();
        for key in old {
            self.groups.remove(&key);
            draft.group(&key, None)?;
        }
        Ok(())
    }

    /// Takes in that the draft is durable: its alerts have ids now. Returns the alerts as they are.
    pub(super) fn written(&mut self, draft: Draft, ids: &[i64]) -> Vec<(Alert, bool)> {
        self.position = draft.step.to;
        for (id, hits) in &draft.step.silenced {
            if let Some(silencer) = self.silencers.iter_mut().find(|silencer| silencer.silence.id == *id) {
                silencer.silence.hits += hits;
                silencer.silence.last_hit = Some(draft.step.at);
            }
        }
        let mut alerts = Vec::with_capacity(ids.len());
        let writes = draft.step.alerts.into_iter().zip(draft.owners).zip(draft.raised).zip(ids);
        for (((write, owner), raised), id) in writes {
            let alert = Alert { id: *id, ..write.alert };
            if let Some(group) = owner.and_then(|key| self.groups.get_mut(&key))
                && let Some(known) = &mut group.alert
            {
                known.id = *id;
            }
            alerts.push((alert, raised));
        }
        alerts
    }

    pub(super) fn silence(&mut self, silence: Silence) {
        self.silencers.push(Silencer::new(silence));
    }
}
