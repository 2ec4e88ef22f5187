//! The alert engine: one lock around what it remembers, one transaction per step.

use std::collections::BTreeSet;
use std::sync::Arc;

use arc_swap::ArcSwap;
use bartizan_bus::{Event, LocalBus};
use bartizan_model::{Alert, AlertStatus, Clock, Occasion, Silence, Timestamp};
use bartizan_store::{AlertFilter, AlertWrite, Page, Store, StoreError};
use tokio::sync::{Mutex, MutexGuard};

use super::condition::{Condition, PREFIX};
use super::group::Group;
use super::key::Scope;
use super::rule::ChannelRule;
use super::settings::AlertSettings;
use super::severity::{level, shown};
use super::silencing::{self, Subject};
use super::state::{Draft, MAX_GROUPS, State};
use crate::EngineError;

/// Threats per step.
const THREATS_PER_STEP: u32 = 1_000;
/// Alerts that one look resolves at most; the next look takes the rest.
const RESOLVED_PER_LOOK: u32 = 200;
/// Seconds that a condition must be gone before its alert resolves: one that comes and goes is one alert.
const GONE_S: f64 = 300.0;

/// Groups threats, watches conditions, and raises alerts.
#[derive(Debug)]
pub(crate) struct AlertEngine {
    store: Arc<dyn Store>,
    bus: LocalBus,
    clock: Arc<dyn Clock>,
    settings: ArcSwap<AlertSettings>,
    rules: Vec<ChannelRule>,
    /// `None` until it is read, and after a step failed: then what is in memory may be ahead of what is stored.
    state: Mutex<Option<State>>,
}

/// What a change of many alerts did.
#[derive(Debug, Clone, PartialEq)]
pub struct Bulk {
    /// The alerts as they are now.
    pub alerts: Vec<Alert>,
    /// The same alerts as they were before.
    pub before: Vec<Alert>,
    /// Ids that name no alert.
    pub unknown: Vec<i64>,
}

impl AlertEngine {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        bus: LocalBus,
        clock: Arc<dyn Clock>,
        settings: AlertSettings,
        rules: Vec<ChannelRule>,
    ) -> Self {
        let settings = ArcSwap::from_pointee(settings);
        Self { store, bus, clock, settings, rules, state: Mutex::new(None) }
    }

    /// When alerts are raised, as of this moment.
    pub(crate) fn settings(&self) -> Arc<AlertSettings> {
        self.settings.load_full()
    }

    /// Raises alerts by other thresholds from the next look on.
    pub(crate) fn configure(&self, settings: AlertSettings) {
        self.settings.store(Arc::new(settings));
    }

    /// Takes in every threat that was committed and not yet taken into alerts.
    pub(crate) async fn catch_up(&self) -> Result<(), StoreError> {
        let mut guard = self.state.lock().await;
        loop {
            let state = self.loaded(&mut guard).await?;
            let threats = self.store.threats_after(state.position, THREATS_PER_STEP).await?;
            if threats.is_empty() {
                return Ok(());
            }
            let gap_s = f64::from(self.settings().group_s);
            let draft = state.take(&threats, &self.rules, gap_s, self.clock.now())?;
            self.write(&mut guard, draft).await?;
        }
    }

    /// Resolves the alerts of attacks that have ended.
    pub(crate) async fn resolve_quiet(&self) -> Result<(), StoreError> {
        let mut guard = self.state.lock().await;
        let now = self.clock.now();
        let cutoff = now.plus_micros(-i64::from(self.settings().resolve_after_s) * Timestamp::SECOND_MICROS);
        let quiet = self.store.quiet_alerts(cutoff, RESOLVED_PER_LOOK).await?;
        let state = self.loaded(&mut guard).await?;
        let mut draft = Draft::at(state.position, now);
        for id in quiet {
            let Some(alert) = self.store.alert(id).await?.filter(|alert| alert.source != Alert::SYSTEM)
            else {
                continue;
            };
            let (key, mut told) = (alert.key.clone(), std::collections::BTreeMap::new());
            if let Some(group) = state.groups.get_mut(&key).filter(|group| group.is_of(id)) {
                group.end();
                state.opened.remove(&key);
                told.clone_from(&group.told);
            }
            self.resolve(&mut draft, alert, &mut told, now);
            if let Some(group) = state.groups.get_mut(&key) {
                group.told = told;
                draft.group(&key, Some(group))?;
            }
        }
        self.write(&mut guard, draft).await
    }

    /// Takes in what is wrong now: raises what is new, and resolves what has been gone for a while.
    pub(crate) async fn reconcile(&self, conditions: &[Condition]) -> Result<(), StoreError> {
        let mut guard = self.state.lock().await;
        let now = self.clock.now();
        let state = self.loaded(&mut guard).await?;
        let mut draft = Draft::at(state.position, now);
        let mut present = BTreeSet::new();
        for condition in conditions {
            let key = condition.group_key();
            if !present.insert(key.clone()) {
                continue;
            }
            let new = condition.alert(now);
            let silencer =
                state.silencers.iter().find(|silencer| silencer.holds_back(Subject::alert(&new), now));
            if let Some(silencer) = silencer {
                draft.step.silenced.push((silencer.silence.id, 1));
                continue;
            }
            let group = state.groups.entry(key.clone()).or_insert_with(|| Group::new(now));
            group.last_seen = now;
            if group.hushed.is_some_and(|hushed| condition.level() <= hushed) {
                continue;
            }
            group.hushed = None;
            let known = group.alert.take();
            let (alert, occasion) = match known {
                None => (new, Some(Occasion::Raised)),
                Some(known) => {
                    let is_graver = new.weight() > known.weight();
                    let is_same = new.description == known.description && new.weight() == known.weight();
                    let alert = Alert {
                        kind: new.kind,
                        severity: new.severity,
                        title: new.title,
                        description: new.description,
                        advice: new.advice,
                        last_seen: now,
                        ..known
                    };
                    if is_same {
                        group.alert = Some(alert);
                        continue;
                    }
                    (alert, is_graver.then_some(Occasion::Escalated))
                }
            };
            group.alert = Some(alert.clone());
            let deliveries = match occasion {
                Some(occasion) => self.deliveries(&alert, occasion, &mut group.told, now),
                None => Vec::new(),
            };
            draft.alert(AlertWrite { deliveries, ..AlertWrite::of(alert) }, Some(key.clone()));
            draft.group(&key, Some(group))?;
        }
        for (key, group) in &mut state.groups {
            let is_known = group.alert.is_some() || group.hushed.is_some();
            let is_gone = key.starts_with(PREFIX) && !present.contains(key);
            if !is_known || !is_gone || now.seconds_since(group.last_seen) < GONE_S {
                continue;
            }
            if let Some(alert) = group.end() {
                self.resolve(&mut draft, alert, &mut group.told, now);
            }
            draft.group(key, Some(group))?;
        }
        self.write(&mut guard, draft).await
    }

    /// Sets the status of alerts; repeating it is no error, and keeps who set it first. What was dismissed stays quiet
    /// until it gets graver, or ends and begins anew; what was resolved is over, and the next event begins another.
    pub(crate) async fn set_status(
        &self,
        ids: &[i64],
        status: AlertStatus,
        by: &str,
        note: Option<&str>,
    ) -> Result<Bulk, StoreError> {
        let mut guard = self.state.lock().await;
        let now = self.clock.now();
        let state = self.loaded(&mut guard).await?;
        let mut draft = Draft::at(state.position, now);
        let mut bulk = Bulk { alerts: Vec::new(), before: Vec::new(), unknown: Vec::new() };
        for id in ids.iter().copied().collect::<BTreeSet<i64>>() {
            let Some(alert) = self.store.alert(id).await? else {
                bulk.unknown.push(id);
                continue;
            };
            bulk.before.push(alert.clone());
            if alert.status == status && note.is_none() {
                bulk.alerts.push(alert);
                continue;
            }
            let (handled, was_active) = (alert.status != status, alert.status.is_active());
            let alert = Alert {
                status,
                // What is taken up again by itself is no longer part of another.
                part_of: alert.part_of.filter(|_| !status.is_active()),
                handled_by: if handled { Some(by.to_owned()) } else { alert.handled_by },
                handled_at: if handled { Some(now) } else { alert.handled_at },
                note: note.map(str::to_owned).or(alert.note),
                ..alert
            };
            let key = alert.key.clone();
            // Only the latest alert of a group has a say in what the group does.
            let mut is_shown = false;
            if let Some(group) = state.groups.get_mut(&key) {
                let is_latest = group.alert.as_ref().is_none_or(|open| open.id == id);
                if is_latest && status.is_active() && group.may_reopen(&alert) {
                    group.reopen(&alert);
                    if let Some(scope) = Scope::parse(&key) {
                        state.opened.insert(&key, &scope, alert.host.as_deref());
                    }
                    is_shown = true;
                } else if is_latest && was_active && status == AlertStatus::Dismissed {
                    group.hush(&alert);
                    state.opened.remove(&key);
                } else if is_latest && was_active && status == AlertStatus::Resolved {
                    group.end();
                    state.opened.remove(&key);
                }
                draft.group(&key, Some(group))?;
            }
            let write = AlertWrite::of(alert.clone());
            draft.alert(write, is_shown.then_some(key));
            bulk.alerts.push(alert);
        }
        self.write(&mut guard, draft).await?;
        Ok(bulk)
    }

    /// Every silence, newest first.
    pub(crate) async fn silences(&self) -> Result<Vec<Silence>, StoreError> {
        self.store.silences().await
    }

    /// Begins a silence, and dismisses the open alerts that it matches, whose ids are returned.
    pub(crate) async fn silence(&self, new: Silence) -> Result<(Silence, Vec<i64>), EngineError> {
        silencing::check(&new.matches, new.expires_at, self.clock.now())?;
        let silence = Silence { id: self.store.insert_silence(&new).await?, ..new };
        let matching: Vec<(i64, String)> = {
            let mut guard = self.state.lock().await;
            let now = self.clock.now();
            let state = self.loaded(&mut guard).await?;
            if state.silencers.iter().all(|known| known.silence.id != silence.id) {
                state.silence(silence.clone());
            }
            let holds = |alert: &Alert| {
                let this = state.silencers.iter().find(|known| known.silence.id == silence.id);
                this.is_some_and(|silencer| silencer.holds_back(Subject::alert(alert), now))
            };
            let open =
                state.groups.iter().filter_map(|(key, group)| group.alert.as_ref().map(|alert| (key, alert)));
            open.filter(|(_, alert)| holds(alert)).map(|(key, alert)| (alert.id, key.clone())).collect()
        };
        let ids: Vec<i64> = matching.iter().map(|(id, _)| *id).collect();
        self.set_status(&ids, AlertStatus::Dismissed, &silence.created_by, silence.reason.as_deref()).await?;
        // When it ends, what it held back may speak again: nothing but the silence keeps it quiet.
        let mut guard = self.state.lock().await;
        let state = self.loaded(&mut guard).await?;
        let mut draft = Draft::at(state.position, self.clock.now());
        for (_, key) in matching {
            if let Some(group) = state.groups.get_mut(&key) {
                group.end();
                draft.group(&key, Some(group))?;
            }
        }
        self.write(&mut guard, draft).await?;
        Ok((silence, ids))
    }

    /// Ends a silence; `false` when there is none of that id.
    pub(crate) async fn unsilence(&self, id: i64) -> Result<bool, StoreError> {
        let mut guard = self.state.lock().await;
        let was_there = self.store.delete_silence(id).await?;
        if let Some(state) = guard.as_mut() {
            state.silencers.retain(|silencer| silencer.silence.id != id);
        }
        Ok(was_there)
    }

    fn deliveries(
        &self,
        alert: &Alert,
        occasion: Occasion,
        told: &mut std::collections::BTreeMap<String, Timestamp>,
        now: Timestamp,
    ) -> Vec<bartizan_model::Delivery> {
        self.rules.iter().filter_map(|rule| rule.delivery(alert, occasion, told, now)).collect()
    }

    fn resolve(
        &self,
        draft: &mut Draft,
        alert: Alert,
        told: &mut std::collections::BTreeMap<String, Timestamp>,
        now: Timestamp,
    ) {
        let alert = Alert { status: AlertStatus::Resolved, ..alert };
        let deliveries = self.deliveries(&alert, Occasion::Resolved, told, now);
        draft.alert(AlertWrite { deliveries, ..AlertWrite::of(alert) }, None);
    }

    /// What is remembered, read from the store when it is not in memory.
    async fn loaded<'g>(
        &self,
        guard: &'g mut MutexGuard<'_, Option<State>>,
    ) -> Result<&'g mut State, StoreError> {
        if guard.is_none() {
            let state = self.load().await?;
            **guard = Some(state);
        }
        guard.as_mut().ok_or(StoreError::StaleAlerts)
    }

    async fn load(&self) -> Result<State, StoreError> {
        let now = self.clock.now();
        let mut state = State { position: self.store.alert_position().await?, ..State::default() };
        let limit = u32::try_from(MAX_GROUPS).unwrap_or(u32::MAX);
        for stored in self.store.alert_groups(limit).await? {
            let Some(group) = stored.state.and_then(|text| serde_json::from_str::<Group>(&text).ok()) else {
                tracing::warn!(
                    alert.group = stored.key,
                    "what was remembered of a group cannot be read and is left out"
                );
                continue;
            };
            state.groups.insert(stored.key, group);
        }
        let active = AlertFilter { active_only: true, ..AlertFilter::default() };
        let mut page = Page::newest(1_000);
        loop {
            let alerts = self.store.alerts(&active, &page).await?;
            for alert in alerts.rows {
                let Some(group) = state.groups.get_mut(&alert.key) else { continue };
                if let Some(scope) = Scope::parse(&alert.key) {
                    state.opened.insert(&alert.key, &scope, alert.host.as_deref());
                }
                group.alert.get_or_insert(alert);
            }
            let Some(next) = alerts.next else { break };
            page.after = Some(next);
        }
        for (key, group) in &mut state.groups {
            if key.starts_with(PREFIX) {
                // While the process was down nobody looked, so nothing is known to have gone.
                group.last_seen = now;
            }
        }
        let silences = self.store.silences().await?;
        silences
            .into_iter()
            .filter(|silence| silence.is_active(now))
            .for_each(|silence| state.silence(silence));
        Ok(state)
    }

    /// Writes a step and tells of its alerts; a step that cannot be written is forgotten as a whole.
    async fn write(&self, guard: &mut MutexGuard<'_, Option<State>>, draft: Draft) -> Result<(), StoreError> {
        let step = &draft.step;
        if step.from == step.to
            && step.alerts.is_empty()
            && step.groups.is_empty()
            && step.silenced.is_empty()
        {
            return Ok(());
        }
        let ids = match self.store.write_alerts(step).await {
            Ok(ids) => ids,
            Err(error) => {
                **guard = None;
                return Err(error);
            }
        };
        let Some(state) = guard.as_mut() else { return Ok(()) };
        for (alert, raised) in state.written(draft, &ids) {
            let alert = Arc::new(alert);
            self.bus.publish(if raised { Event::AlertRaised(alert) } else { Event::AlertUpdated(alert) });
        }
        Ok(())
    }
}

impl Group {
    fn is_of(&self, id: i64) -> bool {
        self.alert.as_ref().is_some_and(|alert| alert.id == id)
    }

    /// Whether an alert of this group may be shown again: none is open, and it is the one that was dismissed, or
    /// nothing came since it ended.
    fn may_reopen(&self, alert: &Alert) -> bool {
        self.is_of(alert.id) || (self.alert.is_none() && (self.hushed.is_some() || self.count == 0))
    }

    /// Goes on with an alert that was dismissed or had ended.
    fn reopen(&mut self, alert: &Alert) {
        if self.count == 0 && alert.source != Alert::SYSTEM {
            (self.count, self.first_seen) = (alert.count, alert.first_seen);
            self.last_seen = self.last_seen.max(alert.last_seen);
        }
        (self.alert, self.hushed) = (Some(alert.clone()), None);
    }

    fn hush(&mut self, alert: &Alert) {
        let by_count = level(self.worst.unwrap_or(bartizan_model::Severity::Low), self.breadth());
        // A condition has no count; what it showed is its level.
        let by_badge = (0..=3).rev().find(|level| shown(*level) == (alert.kind, alert.severity)).unwrap_or(0);
        self.hushed = Some(by_count.max(by_badge));
        self.alert = None;
    }
}
