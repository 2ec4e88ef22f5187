//! The kinds of attack and how grave each is (API.md chapter 3).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Action, UnknownName};

/// What an attack tries to do. `as_str` is the stable name, `display_name` the one for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "the names are the field's own; the table of API.md chapter 3 describes each"
)]
pub enum ThreatClass {
    SqlInjection,
    Xss,
    Ddos,
    PathTraversal,
    FileInclusion,
    CommandInjection,
    CodeInjection,
    TemplateInjection,
    ExpressionInjection,
    Deserialization,
    Ssrf,
    Xxe,
    Nosql,
    LdapXpath,
    HeaderInjection,
    BruteForce,
    Scanner,
    Policy,
    Anomaly,
}

/// The four groups that existing dashboards draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum ThreatGroup {
    Sql,
    Xss,
    Ddos,
    Other,
}

impl ThreatClass {
    /// Every class, in the order of the contract's table.
    pub const ALL: [Self; 19] = [
        Self::SqlInjection,
        Self::Xss,
        Self::Ddos,
        Self::PathTraversal,
        Self::FileInclusion,
        Self::CommandInjection,
        Self::CodeInjection,
        Self::TemplateInjection,
        Self::ExpressionInjection,
        Self::Deserialization,
        Self::Ssrf,
        Self::Xxe,
        Self::Nosql,
        Self::LdapXpath,
        Self::HeaderInjection,
        Self::BruteForce,
        Self::Scanner,
        Self::Policy,
        Self::Anomaly,
    ];

    /// The stable name, as stored and sent.
    pub fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The name for people; existing dashboards group it by substring, which a test of this module guards.
    pub fn display_name(self) -> &'static str {
        self.row().1
    }

    /// The severity of a certain attack of this class.
    pub fn base_severity(self) -> Severity {
        self.row().2
    }

    /// The group that existing dashboards draw it in.
    pub fn group(self) -> ThreatGroup {
        match self {
            Self::SqlInjection => ThreatGroup::Sql,
            Self::Xss => ThreatGroup::Xss,
            Self::Ddos => ThreatGroup::Ddos,
            _ => ThreatGroup::Other,
        }
    }

    /// The class with this stable name or display name, whatever the case.
    pub fn from_any_name(name: &str) -> Option<Self> {
        let name = name.trim();
        Self::ALL.into_iter().find(|class| {
            class.as_str().eq_ignore_ascii_case(name) || class.display_name().eq_ignore_ascii_case(name)
        })
    }

    fn row(self) -> (&'static str, &'static str, Severity) {
        match self {
            Self::SqlInjection => ("sql_injection", "SQL Injection", Severity::High),
            Self::Xss => ("xss", "XSS", Severity::High),
            Self::Ddos => ("ddos", "DDoS", Severity::High),
            Self::PathTraversal => ("path_traversal", "Path Traversal", Severity::High),
            Self::FileInclusion => ("file_inclusion", "File Inclusion", Severity::High),
            Self::CommandInjection => ("command_injection", "Command Execution", Severity::Critical),
            Self::CodeInjection => ("code_injection", "Code Execution", Severity::Critical),
            Self::TemplateInjection => ("template_injection", "Template Execution", Severity::Critical),
            Self::ExpressionInjection => ("expression_injection", "Expression Execution", Severity::Critical),
            Self::Deserialization => ("deserialization", "Unsafe Deserialization", Severity::Critical),
            Self::Ssrf => ("ssrf", "SSRF", Severity::High),
            Self::Xxe => ("xxe", "XML External Entity", Severity::High),
            Self::Nosql => ("nosql", "Query Operator Abuse", Severity::High),
            Self::LdapXpath => ("ldap_xpath", "LDAP and XPath Abuse", Severity::High),
            Self::HeaderInjection => ("header_injection", "Header Splitting", Severity::Medium),
            Self::BruteForce => ("brute_force", "Brute Force", Severity::Medium),
            Self::Scanner => ("scanner", "Scanner", Severity::Low),
            Self::Policy => ("policy", "Policy Violation", Severity::Medium),
            Self::Anomaly => ("anomaly", "Anomaly", Severity::Medium),
        }
    }
}

impl fmt::Display for ThreatClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ThreatClass {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|class| class.as_str() == name)
            .ok_or_else(|| UnknownName { what: "threat class", given: name.to_owned() })
    }
}

/// How grave a threat is; ordered from low to critical.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// Every severity, gravest first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    /// Below this score an attack counts as one step less severe (API.md chapter 3).
    const SURE_SCORE: f64 = 0.9;

    /// The default policy: the class's base severity, one step lower when the score is unsure, and at most
    /// `Medium` for what is only flagged.
    pub fn of(class: ThreatClass, score: f64, action: Action) -> Self {
        let base = class.base_severity();
        let sure = if Self::is_sure(score) { base } else { base.lower() };
        if action == Action::Flag { sure.min(Self::Medium) } else { sure }
    }

    /// Whether a score leaves little doubt that it is an attack.
    pub fn is_sure(score: f64) -> bool {
        score >= Self::SURE_SCORE
    }

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    fn lower(self) -> Self {
        match self {
            Self::Critical => Self::High,
            Self::High => Self::Medium,
            Self::Medium | Self::Low => Self::Low,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|severity| severity.as_str() == name)
            .ok_or_else(|| UnknownName { what: "severity", given: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The grouping that existing dashboards do on `type`, as API.md chapter 3 describes it.
    fn group_by_substring(name: &str) -> Vec<ThreatGroup> {
        let name = name.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let mut groups = Vec::new();
        if has(&["sql", "injection"]) {
            groups.push(ThreatGroup::Sql);
        }
        if has(&["xss", "cross-site"]) {
            groups.push(ThreatGroup::Xss);
        }
        if has(&["ddos", "dos"]) {
            groups.push(ThreatGroup::Ddos);
        }
        if groups.is_empty() {
            groups.push(ThreatGroup::Other);
        }
        groups
    }

    #[test]
    fn display_names_fall_into_exactly_their_own_group() {
        for class in ThreatClass::ALL {
            let name = class.display_name();
            assert_eq!(group_by_substring(name), [class.group()], "{name}");
            assert!(name.chars().all(|c| c.is_ascii_alphabetic() || c == ' '), "{name}");
        }
    }

    #[test]
    fn names_are_read_back() {
        for class in ThreatClass::ALL {
            assert_eq!(class.as_str().parse(), Ok(class));
            assert_eq!(ThreatClass::from_any_name(&class.display_name().to_uppercase()), Some(class));
            assert_eq!(serde_json::to_value(class).expect("serialises"), class.as_str());
        }
        assert!("sqli".parse::<ThreatClass>().is_err());
    }

    #[test]
    fn an_unsure_score_lowers_the_severity_one_step() {
        assert_eq!(Severity::of(ThreatClass::CommandInjection, 0.89, Action::Block), Severity::High);
        assert_eq!(Severity::of(ThreatClass::CommandInjection, 0.9, Action::Block), Severity::Critical);
        assert_eq!(Severity::of(ThreatClass::Scanner, 0.1, Action::Flag), Severity::Low);
    }
}
