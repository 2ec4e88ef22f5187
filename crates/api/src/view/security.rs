//! Security checks and what they add up to (API.md 4.7, SecurityCheck and Compliance).

use bartizan_engine::{CheckChange, SecurityCheck as Measured};
use bartizan_model::CheckStatus;
use serde::Serialize;
use utoipa::ToSchema;

use super::name::{CheckStatusName, Named};
use super::number::tenth;

/// One security check with its latest result.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SecurityCheck {
    id: i64,
    /// Stable.
    key: &'static str,
    name: &'static str,
    status: CheckStatusName,
    /// What the measurement means, one sentence.
    message: String,
    /// What was measured and what to do, in one text.
    details: Option<String>,
    #[serde(rename = "lastChecked")]
    #[schema(format = DateTime)]
    last_checked: String,
    duration_ms: f64,
    /// What was measured, with its unit.
    value: String,
    /// Why it matters.
    why: &'static str,
    /// What to do; null where all is well.
    remedy: Option<String>,
    /// How much it counts in the weighted score, 1 to 3.
    weight: u32,
}

impl From<&Measured> for SecurityCheck {
    fn from(check: &Measured) -> Self {
        let details = match &check.remedy {
            Some(remedy) => format!("{}. {remedy}", check.value),
            None => check.value.clone(),
        };
        Self {
            id: check.id,
            key: check.key,
            name: check.name,
            status: Named(check.status),
            message: check.message.clone(),
            details: Some(details),
            last_checked: check.at.to_rfc3339_millis(),
            duration_ms: tenth(check.duration_ms),
            value: check.value.clone(),
            why: check.why,
            remedy: check.remedy.clone(),
            weight: check.weight,
        }
    }
}

/// What all checks add up to.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Compliance {
    /// (passed + ½ warnings) ÷ total × 100.
    score: f64,
    total: u64,
    passed: u64,
    warnings: u64,
    failed: u64,
    /// The same with every check counted by its weight.
    weighted_score: f64,
}

impl Compliance {
    /// The sum of these checks.
    pub(crate) fn of(checks: &[Measured]) -> Self {
        let count = |status| checks.iter().filter(|check| check.status == status).count() as u64;
        let (passed, warnings) = (count(CheckStatus::Pass), count(CheckStatus::Warning));
        let total = checks.len() as u64;
        let weight: f64 = checks.iter().map(|check| f64::from(check.weight)).sum();
        let reached: f64 = checks.iter().map(|check| f64::from(check.weight) * worth(check.status)).sum();
        Self {
            score: percent(passed as f64 + warnings as f64 / 2.0, total as f64),
            total,
            passed,
            warnings,
            failed: count(CheckStatus::Fail),
            weighted_score: percent(reached, weight),
        }
    }
}

/// How much a status counts.
pub(crate) fn worth(status: CheckStatus) -> f64 {
    match status {
        CheckStatus::Pass => 1.0,
        CheckStatus::Warning => 0.5,
        CheckStatus::Fail => 0.0,
    }
}

fn percent(part: f64, whole: f64) -> f64 {
    tenth(if whole > 0.0 { part / whole * 100.0 } else { 0.0 })
}

/// A status that changed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CheckHistory {
    /// Stable name of the check.
    key: String,
    #[schema(format = DateTime)]
    timestamp: String,
    status: CheckStatusName,
    message: String,
}

impl From<CheckChange> for CheckHistory {
    fn from(change: CheckChange) -> Self {
        Self {
            key: change.key,
            timestamp: change.at.to_rfc3339_millis(),
            status: Named(change.status),
            message: change.message,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(id: i64, weight: u32, status: CheckStatus) -> Measured {
        Measured {
            id,
            key: "k",
            name: "n",
            why: "w",
            weight,
            status,
            value: String::new(),
            message: String::new(),
            remedy: None,
            at: bartizan_model::Timestamp::from_secs(1),
            duration_ms: 1.0,
        }
    }

    #[test]
    fn half_a_point_for_a_warning_and_weights_apart() {
        let checks = [
            check(1, 3, CheckStatus::Pass),
            check(2, 1, CheckStatus::Pass),
            check(3, 1, CheckStatus::Warning),
            check(4, 3, CheckStatus::Fail),
        ];
        let sum = Compliance::of(&checks);
        assert!((sum.score - 62.5).abs() < 1e-9 && (sum.weighted_score - 56.3).abs() < 1e-9, "{sum:?}");
        assert_eq!((sum.total, sum.passed, sum.warnings, sum.failed), (4, 2, 1, 1));
        assert!(Compliance::of(&[]).score.abs() < f64::EPSILON);
    }
}
