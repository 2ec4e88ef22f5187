//! Small numbers for the names that every traffic row repeats. A code is a place in its list, so lists only grow at
//! their end.

use bartizan_model::{Action, DecidedBy, Severity, ThreatClass, Via};

use crate::StoreError;

/// A value that traffic rows keep as a number.
pub(super) trait Coded: Copy + PartialEq + 'static {
    /// Every value, at the place that is its code.
    const CODES: &'static [Self];
    /// What it is, for messages.
    const WHAT: &'static str;

    fn code(self) -> i64 {
        let place = Self::CODES.iter().position(|one| *one == self);
        place.and_then(|place| i64::try_from(place).ok()).unwrap_or(-1)
    }

    /// # Errors
    /// [`StoreError::Corrupt`] for a number that is no code.
    fn of_code(code: i64) -> Result<Self, StoreError> {
        let place = usize::try_from(code).ok().and_then(|place| Self::CODES.get(place));
        place.copied().ok_or_else(|| StoreError::Corrupt { what: format!("{} {code}", Self::WHAT) })
    }
}

impl Coded for Action {
    const CODES: &'static [Self] = &[Self::Allow, Self::Flag, Self::Block];
    const WHAT: &'static str = "action";
}

impl Coded for Severity {
    const CODES: &'static [Self] = &[Self::Low, Self::Medium, Self::High, Self::Critical];
    const WHAT: &'static str = "severity";
}

impl Coded for Via {
    const CODES: &'static [Self] = &[Self::Log, Self::Proxy, Self::ForwardAuth, Self::Check];
    const WHAT: &'static str = "via";
}

impl Coded for DecidedBy {
    const CODES: &'static [Self] =
        &[Self::Model, Self::Behaviour, Self::Rule, Self::List, Self::Exception, Self::Failure];
    const WHAT: &'static str = "decided_by";
}

impl Coded for ThreatClass {
    const CODES: &'static [Self] = &[
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
    const WHAT: &'static str = "class";
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::*;

    fn all_have_codes<T: Coded + Debug>(all: &[T]) {
        assert_eq!(all.len(), T::CODES.len());
        for one in all {
            assert_eq!(T::of_code(one.code()).expect("a code"), *one);
        }
        assert!(T::of_code(-1).is_err() && T::of_code(99).is_err());
    }

    #[test]
    fn every_value_has_a_code() {
        all_have_codes(&Action::ALL);
        all_have_codes(&Severity::ALL);
        all_have_codes(&Via::ALL);
        all_have_codes(&DecidedBy::ALL);
        all_have_codes(&ThreatClass::ALL);
    }
}
