//! Conditions under which a scan fails, for pipelines.

use std::fmt;
use std::str::FromStr;

use bartizan_model::ThreatClass;

use crate::Report;

/// A condition on a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Any attack.
    Attack,
    /// Any attack or suspicious request.
    Suspicious,
    /// An attack that was answered with a status of 200 to 299.
    Success,
    /// Any attack or suspicious request of that class.
    Class(ThreatClass),
}

/// The error of a condition that is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown condition '{given}'; known are attack, suspicious, success, and class=NAME, where NAME is one of {known}"
)]
pub struct UnknownGate {
    given: String,
    known: String,
}

impl Gate {
    /// What the report says against it; `None` when the condition is not met.
    pub fn violation(self, report: &Report) -> Option<String> {
        let totals = &report.totals;
        let of_class = |class| {
            let rows = report.classes.iter().filter(move |row| row.class == class);
            rows.map(|row| row.attacks + row.suspicious).sum()
        };
        let (count, what) = match self {
            Self::Attack => (totals.attacks, "attacks".to_owned()),
            Self::Suspicious => {
                (totals.attacks + totals.suspicious, "attacks or suspicious requests".to_owned())
            }
            Self::Success => (totals.attacks_answered, "attacks answered with success".to_owned()),
            Self::Class(class) => {
                (of_class(class), format!("attacks or suspicious requests of class {class}"))
            }
        };
        (count > 0).then(|| format!("{self}: {count} {what}"))
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attack => f.write_str("attack"),
            Self::Suspicious => f.write_str("suspicious"),
            Self::Success => f.write_str("success"),
            Self::Class(class) => write!(f, "class={class}"),
        }
    }
}

impl FromStr for Gate {
    type Err = UnknownGate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let class = text.strip_prefix("class=").and_then(|name| name.parse().ok());
        match (text, class) {
            ("attack", _) => Ok(Self::Attack),
            ("suspicious", _) => Ok(Self::Suspicious),
            ("success", _) => Ok(Self::Success),
            (_, Some(class)) => Ok(Self::Class(class)),
            _ => Err(UnknownGate {
                given: text.to_owned(),
                known: ThreatClass::ALL.map(ThreatClass::as_str).join(", "),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read_back_and_others_are_refused_with_the_known_ones() {
        for text in ["attack", "suspicious", "success", "class=sql_injection"] {
            assert_eq!(text.parse::<Gate>().expect("known").to_string(), text);
        }
        for text in ["attacks", "class=", "class=sqli", ""] {
            let said = text.parse::<Gate>().expect_err("unknown").to_string();
            assert!(said.contains("sql_injection") && said.contains(text), "{said}");
        }
    }
}
