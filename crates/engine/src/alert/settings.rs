//! What can be set about alerts: each threshold with its own switch.

use serde::{Deserialize, Serialize};

/// When alerts are raised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertSettings {
    /// Seconds without an event, by event time, after which the next one begins another alert.
    pub group_s: u32,
    /// Seconds without an event after which the alert of an attack resolves.
    pub resolve_after_s: u32,
    /// The share of requests that are judged worth blocking.
    pub attack_rate: AttackRate,
    /// The share of answers that are server errors.
    pub error_rate: ErrorRate,
    /// Slow answers.
    pub latency: Latency,
    /// Requests against the site's own history.
    pub traffic: TrafficLevel,
    /// Logs that grow faster than they are judged, and lines that were dropped.
    pub lag: Lag,
    /// Lines that do not parse.
    pub parse_failures: ParseFailures,
    /// Flagged requests against the site's own history.
    pub drift: Drift,
    /// The disk of the database.
    pub disk: DiskSpace,
    /// A database that does not take what is written.
    pub database: Switch,
    /// Log sources that cannot be read.
    pub sources: Switch,
    /// Messages that could not be delivered.
    pub notifications: Switch,
    /// Background tasks that end by a defect.
    pub tasks: Switch,
}

/// Something that is on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the name says it")]
pub struct Switch {
    pub enabled: bool,
}

/// Blocked requests ÷ requests.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct AttackRate {
    pub enabled: bool,
    pub percent: f64,
    pub minutes: u32,
    pub min_requests: u64,
}

/// Answers of 500 and above ÷ requests.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ErrorRate {
    pub enabled: bool,
    pub percent: f64,
    pub minutes: u32,
    pub min_requests: u64,
}

/// A percentile of the response times.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Latency {
    pub enabled: bool,
    pub percentile: f64,
    pub above_ms: f64,
    pub minutes: u32,
    pub min_requests: u64,
}

/// Requests of the last quarter of an hour against the same hour of the week in the weeks before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct TrafficLevel {
    pub enabled: bool,
    pub min_weeks: u32,
    pub deviations: f64,
    pub min_requests_per_hour: u64,
}

/// Lines that wait to be judged.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Lag {
    pub enabled: bool,
    pub lines: u64,
    pub minutes: u32,
}

/// Lines that do not parse ÷ lines.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ParseFailures {
    pub enabled: bool,
    pub percent: f64,
    pub minutes: u32,
    pub min_lines: u64,
}

/// Flagged requests ÷ requests of a day against the days before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Drift {
    pub enabled: bool,
    pub min_days: u32,
    pub deviations: f64,
    pub min_requests: u64,
}

/// What is free on the disk of the database: an alert when both fall short.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct DiskSpace {
    pub enabled: bool,
    pub free_percent: f64,
    pub free_mib: u64,
}

impl Default for AlertSettings {
    fn default() -> Self {
        let on = Switch { enabled: true };
        Self {
            group_s: 900,
            resolve_after_s: 1_800,
            attack_rate: AttackRate { enabled: true, percent: 20.0, minutes: 5, min_requests: 200 },
            error_rate: ErrorRate { enabled: true, percent: 10.0, minutes: 5, min_requests: 200 },
            latency: Latency {
                enabled: true,
                percentile: 95.0,
                above_ms: 5_000.0,
                minutes: 10,
                min_requests: 200,
            },
            traffic: TrafficLevel {
                enabled: true,
                min_weeks: 3,
                deviations: 6.0,
                min_requests_per_hour: 1_000,
            },
            lag: Lag { enabled: true, lines: 100_000, minutes: 2 },
            parse_failures: ParseFailures { enabled: true, percent: 10.0, minutes: 10, min_lines: 200 },
            drift: Drift { enabled: true, min_days: 7, deviations: 6.0, min_requests: 5_000 },
            disk: DiskSpace { enabled: true, free_percent: 10.0, free_mib: 2_048 },
            database: on,
            sources: on,
            notifications: on,
            tasks: on,
        }
    }
}

impl AlertSettings {
    /// What types cannot say; the message names the setting.
    ///
    /// # Errors
    /// A sentence that begins with the setting.
    pub fn check(&self) -> Result<(), String> {
        let percents = [
            ("attack_rate.percent", self.attack_rate.percent),
            ("error_rate.percent", self.error_rate.percent),
            ("latency.percentile", self.latency.percentile),
            ("parse_failures.percent", self.parse_failures.percent),
            ("disk.free_percent", self.disk.free_percent),
        ];
        for (name, value) in percents {
            if !(value > 0.0 && value <= 100.0) {
                return Err(format!("{name} must lie above 0 and not above 100"));
            }
        }
        for (name, value) in
            [("traffic.deviations", self.traffic.deviations), ("drift.deviations", self.drift.deviations)]
        {
            if !(value >= 1.0 && value.is_finite()) {
                return Err(format!("{name} must be at least 1"));
            }
        }
        if !(self.latency.above_ms > 0.0 && self.latency.above_ms.is_finite()) {
            return Err("latency.above_ms must be above 0".to_owned());
        }
        let minutes = [
            ("attack_rate.minutes", self.attack_rate.minutes),
            ("error_rate.minutes", self.error_rate.minutes),
            ("latency.minutes", self.latency.minutes),
            ("lag.minutes", self.lag.minutes),
            ("parse_failures.minutes", self.parse_failures.minutes),
        ];
        for (name, value) in minutes {
            if !(1..=1_440).contains(&value) {
                return Err(format!("{name} must lie between 1 and 1440"));
            }
        }
        for (name, value) in [("group_s", self.group_s), ("resolve_after_s", self.resolve_after_s)] {
            if !(60..=86_400).contains(&value) {
                return Err(format!("{name} must lie between 60 and 86400"));
            }
        }
        if self.traffic.min_weeks < 2 || self.drift.min_days < 3 {
            return Err("traffic.min_weeks must be at least 2 and drift.min_days at least 3".to_owned());
        }
        Ok(())
    }
}
