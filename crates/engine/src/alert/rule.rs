//! Whom alerts are sent to: filters, windows and quiet hours of a channel.

use std::collections::BTreeMap;

use bartizan_model::{Alert, Delivery, DeliveryState, Occasion, Severity, ThreatClass, Timestamp};
use jiff::tz::TimeZone;

/// Alerts whose newest event is older are news to nobody: an old log that is read today sends no messages.
const NEWS_S: f64 = 6.0 * 3_600.0;

/// What one channel is told of, and when.
#[derive(Debug, Clone)]
pub struct ChannelRule {
    /// Its name.
    pub name: String,
    /// Least severity; `Critical` takes alerts of kind critical alone.
    pub min_severity: Severity,
    /// Classes it is told of; empty: all, and alerts about the system.
    pub classes: Vec<ThreatClass>,
    /// Sites it is told of, `*.example.com` for subdomains; empty: all, and alerts about no single site.
    pub hosts: Vec<String>,
    /// Whether it is also told when an alert has resolved.
    pub resolved: bool,
    /// Seconds within which it is told of one cause once.
    pub window_s: u32,
    /// Seconds that a message waits for others, which it takes along.
    pub gather_s: u32,
    /// When it is left in peace.
    pub quiet: Option<QuietHours>,
}

/// A time of day at which messages wait.
#[derive(Debug, Clone)]
pub struct QuietHours {
    /// First minute of the day.
    pub from_minute: u16,
    /// First minute after it; before `from_minute` when it holds midnight.
    pub to_minute: u16,
    /// The zone of both.
    pub zone: TimeZone,
    /// Least severity that is sent all the same.
    pub except: Severity,
}

impl ChannelRule {
    /// The message that this channel is owed, if any; `told` tells when each channel was last told of the cause.
    pub(super) fn delivery(
        &self,
        alert: &Alert,
        occasion: Occasion,
        told: &mut BTreeMap<String, Timestamp>,
        now: Timestamp,
    ) -> Option<Delivery> {
        let is_news = now.seconds_since(alert.last_seen) <= NEWS_S;
        if !is_news || !self.wants(alert) || (occasion == Occasion::Resolved && !self.resolved) {
            return None;
        }
        let window_s = i64::from(self.window_s.max(1));
        if told.get(&self.name).is_some_and(|at| now.seconds_since(*at) < window_s as f64) {
            return None;
        }
        told.insert(self.name.clone(), now);
        Some(Delivery {
            id: 0,
            channel: self.name.clone(),
            cause: alert.key.clone(),
            window: now.bucket_start(window_s),
            alert_id: None,
            occasion,
            created_at: now,
            due_at: now.plus_micros(i64::from(self.gather_s) * Timestamp::SECOND_MICROS),
            state: DeliveryState::Pending,
            attempts: 0,
            sent_at: None,
            last_error: None,
        })
    }

    fn wants(&self, alert: &Alert) -> bool {
        let is_class = self.classes.is_empty()
            || alert.class.is_some_and(|class| self.classes.contains(&class))
            // A campaign of many classes holds one of them as likely as not; better told than missed.
            || (alert.class.is_none() && alert.source != Alert::SYSTEM);
        let is_host = self.hosts.is_empty()
            || alert
                .host
                .as_deref()
                .is_some_and(|host| self.hosts.iter().any(|known| host_matches(known, host)));
        rank(alert) >= severity_rank(self.min_severity) && is_class && is_host
    }
}

impl QuietHours {
    /// When the quiet that holds at `now` ends; `None` when it is not quiet, or not for that alert.
    pub(crate) fn end(&self, alert: Option<&Alert>, now: Timestamp) -> Option<Timestamp> {
        if alert.is_some_and(|alert| rank(alert) >= severity_rank(self.except)) {
            return None;
        }
        let here = jiff::Timestamp::from_microsecond(now.micros()).ok()?.to_zoned(self.zone.clone());
        let minute = u16::try_from(i32::from(here.hour()) * 60 + i32::from(here.minute())).ok()?;
        let (from, to) = (self.from_minute, self.to_minute);
        let is_quiet = if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to };
        if !is_quiet {
            return None;
        }
        let day = if from > to && minute >= from { here.date().tomorrow().ok()? } else { here.date() };
        let (hour, minute) = (i8::try_from(to / 60).ok()?, i8::try_from(to % 60).ok()?);
        // Midnight as an end is that of the next day.
        let end = if to == 1_440 { day.tomorrow().ok()?.at(0, 0, 0, 0) } else { day.at(hour, minute, 0, 0) };
        let end = end.to_zoned(self.zone.clone()).ok()?.timestamp();
        Some(Timestamp::from_micros(end.as_microsecond()))
    }
}

/// The time zone of that name, such as `Europe/Berlin`.
pub fn time_zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

pub(super) fn host_matches(known: &str, host: &str) -> bool {
    match known.strip_prefix("*.") {
        Some(domain) => host
            .to_ascii_lowercase()
            .strip_suffix(&domain.to_ascii_lowercase())
            .is_some_and(|sub| sub.ends_with('.')),
        None => known.eq_ignore_ascii_case(host),
    }
}

fn rank(alert: &Alert) -> u8 {
    if alert.kind == bartizan_model::AlertKind::Critical { 3 } else { severity_rank(alert.severity).min(2) }
}

fn severity_rank(severity: Severity) -> u8 {
    match severity {
        Severity::Low => 0,
        Severity::Medium => 1,
        Severity::High => 2,
        Severity::Critical => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::group::tests::sample;

    fn rule() -> ChannelRule {
        ChannelRule {
            name: "team".to_owned(),
            min_severity: Severity::Low,
            classes: Vec::new(),
            hosts: Vec::new(),
            resolved: false,
            window_s: 600,
            gather_s: 10,
            quiet: None,
        }
    }

    #[test]
    fn one_cause_is_told_once_per_window() {
        let (rule, alert) = (rule(), sample());
        let mut told = BTreeMap::new();
        let mut sent = Vec::new();
        for second in 0..1_500 {
            let now = Timestamp::from_secs(1_000 + second);
            sent.extend(
                rule.delivery(&alert, Occasion::Raised, &mut told, now).map(|delivery| delivery.created_at),
            );
        }
        assert_eq!(sent, [1_000, 1_600, 2_200].map(Timestamp::from_secs));
        let late = Timestamp::from_secs(1_000 + 7 * 3_600);
        assert_eq!(rule.delivery(&alert, Occasion::Raised, &mut BTreeMap::new(), late), None, "old news");
    }

    #[test]
    fn filters_choose_by_severity_class_and_site() {
        let now = Timestamp::from_secs(1_000);
        let is_told = |rule: &ChannelRule, alert: &Alert| {
            rule.delivery(alert, Occasion::Raised, &mut BTreeMap::new(), now).is_some()
        };
        let alert = Alert { host: Some("shop.example.com".to_owned()), ..sample() };
        let system =
            Alert::system("system|disk".to_owned(), Severity::High, String::new(), String::new(), now);
        assert!(is_told(&rule(), &alert) && is_told(&rule(), &system));
        let critical = ChannelRule { min_severity: Severity::Critical, ..rule() };
        assert!(!is_told(&critical, &alert) && is_told(&critical, &system));
        for (classes, hosts, expected) in [
            (vec![ThreatClass::SqlInjection], vec![], true),
            (vec![ThreatClass::Xss], vec![], false),
            (vec![], vec!["*.example.com".to_owned()], true),
            (vec![], vec!["SHOP.example.com".to_owned()], true),
            (vec![], vec!["example.com".to_owned()], false),
            (vec![], vec!["*.ample.com".to_owned()], false),
        ] {
            let rule = ChannelRule { classes, hosts, ..rule() };
            assert_eq!(is_told(&rule, &alert), expected, "{rule:?}");
            assert!(!is_told(&rule, &system));
        }
        assert_eq!(rule().delivery(&alert, Occasion::Resolved, &mut BTreeMap::new(), now), None);
    }

    #[test]
    fn quiet_hours_end_in_their_own_zone_and_hold_midnight() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let quiet = QuietHours { from_minute: 22 * 60, to_minute: 7 * 60, zone, except: Severity::Critical };
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let alert = Alert { kind: bartizan_model::AlertKind::Warning, ..sample() };
        for (now, end) in [
            ("2026-03-04T20:00:00Z", Some("2026-03-05T05:00:00Z")),
            ("2026-03-05T01:00:00Z", Some("2026-03-05T05:00:00Z")),
            ("2026-03-05T05:00:00Z", None),
            ("2026-03-04T19:59:59Z", None),
        ] {
            assert_eq!(quiet.end(Some(&alert), at(now)), end.map(at), "{now}");
        }
        let critical = Alert { kind: bartizan_model::AlertKind::Critical, ..sample() };
        assert_eq!(quiet.end(Some(&critical), at("2026-03-04T20:00:00Z")), None);
    }
}
