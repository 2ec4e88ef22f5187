//! Thresholds and mode: from what was seen to what is done.

use bartizan_model::{Action, Assessment, DecidedBy, Finding, Mode, Severity, Verdict};

/// Scores from which a request is flagged and blocked; both 0 to 1, `flag` at most `block`.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Thresholds {
    /// Scores from here on are recorded as a threat and let through.
    pub flag: f64,
    /// Scores from here on are judged worth stopping.
    pub block: f64,
}

impl Thresholds {
    /// Thresholds as given, brought into 0..=1 with `flag` at most `block`.
    pub fn new(flag: f64, block: f64) -> Self {
        let block = if block.is_nan() { 1.0 } else { block.clamp(0.0, 1.0) };
        let flag = if flag.is_nan() { block } else { flag.clamp(0.0, block) };
        Self { flag, block }
    }
}

/// What turns an assessment into a verdict.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    /// Where the model's score starts to matter.
    pub thresholds: Thresholds,
    /// Whether verdicts are carried out; a verdict itself never depends on it.
    pub mode: Mode,
}

impl Policy {
    /// The verdict on one request. `enforced` is always false here: only whoever holds the request knows
    /// whether it was really refused.
    ///
    /// The model's score comes first; a finding of a signal or a counter settles what the model let pass, and
    /// a finding that asks for more than the model does raises the action.
    pub fn decide(&self, assessment: &Assessment) -> Verdict {
        let score = assessment.score.map_or(0.0, bartizan_model::AnomalyScore::value);
        let by_model = if assessment.score.is_none() {
            Action::Allow
        } else if score >= self.thresholds.block {
            Action::Block
        } else if score >= self.thresholds.flag {
            Action::Flag
        } else {
            Action::Allow
        };
        let finding =
            strongest(&assessment.findings).filter(|finding| severity(finding.action) > severity(by_model));
        if let Some(finding) = finding {
            return verdict_of(assessment, finding);
        }
        if by_model == Action::Allow {
            return Verdict::allow(assessment.score);
        }
        let class = assessment.class.unwrap_or(bartizan_model::ThreatClass::Anomaly);
        Verdict {
            action: by_model,
            enforced: false,
            class: Some(class),
            severity: Some(Severity::of(class, score, by_model)),
            score: assessment.score,
            decided_by: DecidedBy::Model,
            payload: assessment.payload.clone(),
            details: assessment.details.clone(),
        }
    }
}

/// The verdict that a finding settles.
fn verdict_of(assessment: &Assessment, finding: &Finding) -> Verdict {
    Verdict {
        action: finding.action,
        enforced: false,
        class: Some(finding.class),
        // A finding is certain of what it saw, so the score does not lower its severity.
        severity: Some(Severity::of(finding.class, 1.0, finding.action)),
        score: assessment.score,
        decided_by: finding.by,
        payload: finding.evidence.first().map(|evidence| evidence.text.clone()),
        details: Some(finding.details.clone()),
    }
}

/// The finding with the gravest action, then the gravest class; the first of equals.
fn strongest(findings: &[Finding]) -> Option<&Finding> {
    let mut best: Option<&Finding> = None;
    for finding in findings {
        let rank = (severity(finding.action), finding.class.base_severity());
        if best.is_none_or(|best| rank > (severity(best.action), best.class.base_severity())) {
            best = Some(finding);
        }
    }
    best
}

fn severity(action: Action) -> u8 {
    match action {
        Action::Allow => 0,
        Action::Flag => 1,
        Action::Block => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bartizan_model::{AnomalyScore, ThreatClass};

    const POLICY: Policy = Policy { thresholds: Thresholds { flag: 0.3, block: 0.5 }, mode: Mode::Monitor };

    fn scored(score: f64) -> Assessment {
        Assessment {
            score: Some(AnomalyScore::new(score)),
            class: Some(ThreatClass::SqlInjection),
            ..Assessment::default()
        }
    }

    fn finding(class: ThreatClass, action: Action) -> Finding {
        Finding { by: DecidedBy::Rule, class, action, details: "seen".to_owned(), evidence: Vec::new() }
    }

    #[test]
    fn the_score_meets_the_thresholds_inclusively() {
        for (score, action) in [
            (0.0, Action::Allow),
            (0.299, Action::Allow),
            (0.3, Action::Flag),
            (0.499, Action::Flag),
            (0.5, Action::Block),
            (1.0, Action::Block),
        ] {
            assert_eq!(POLICY.decide(&scored(score)).action, action, "{score}");
        }
    }

    #[test]
    fn an_allowed_request_has_neither_class_nor_severity() {
        let verdict = POLICY.decide(&scored(0.1));
        assert_eq!((verdict.class, verdict.severity), (None, None));
    }

    #[test]
    fn a_finding_settles_what_the_model_let_pass() {
        let mut assessment = scored(0.1);
        assessment.findings = vec![finding(ThreatClass::Scanner, Action::Flag)];
        let verdict = POLICY.decide(&assessment);
        assert_eq!((verdict.action, verdict.decided_by), (Action::Flag, DecidedBy::Rule));
        assert_eq!(verdict.class, Some(ThreatClass::Scanner));
        assert_eq!(verdict.severity, Some(Severity::Low));
    }

    #[test]
    fn a_finding_never_weakens_the_model() {
        let mut assessment = scored(0.9);
        assessment.findings = vec![finding(ThreatClass::Scanner, Action::Flag)];
        let verdict = POLICY.decide(&assessment);
        assert_eq!((verdict.action, verdict.decided_by), (Action::Block, DecidedBy::Model));
    }

    #[test]
    fn the_gravest_finding_wins() {
        let findings = vec![
            finding(ThreatClass::Scanner, Action::Flag),
            finding(ThreatClass::CodeInjection, Action::Block),
            finding(ThreatClass::Ddos, Action::Flag),
        ];
        let assessment = Assessment { findings, ..Assessment::default() };
        let verdict = POLICY.decide(&assessment);
        assert_eq!((verdict.action, verdict.class), (Action::Block, Some(ThreatClass::CodeInjection)));
    }

    #[test]
    fn thresholds_are_brought_into_order() {
        assert_eq!(Thresholds::new(0.9, 0.4), Thresholds { flag: 0.4, block: 0.4 });
        assert_eq!(Thresholds::new(f64::NAN, 2.0), Thresholds { flag: 1.0, block: 1.0 });
    }
}
