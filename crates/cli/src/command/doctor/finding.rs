//! What one examination found, and how it is written.

use bartizan_engine::Outcome;
use bartizan_model::CheckStatus;
use serde_json::json;

/// Something that was looked at.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    /// Its stable name, such as `database`.
    pub(super) check: &'static str,
    /// Which one of several, such as the file of a log.
    pub(super) subject: Option<String>,
    pub(super) outcome: Outcome,
}

impl Finding {
    pub(super) fn new(check: &'static str, outcome: Outcome) -> Self {
        Self { check, subject: None, outcome }
    }

    pub(super) fn of(check: &'static str, subject: impl Into<String>, outcome: Outcome) -> Self {
        Self { check, subject: Some(subject.into()), outcome }
    }
}

/// For people: one paragraph per finding, and a sum.
pub(super) fn text(findings: &[Finding]) -> String {
    let mut lines = Vec::new();
    for Finding { check, subject, outcome } in findings {
        let word = match outcome.status {
            CheckStatus::Pass => "ok",
            CheckStatus::Warning => "look",
            CheckStatus::Fail => "BROKEN",
        };
        let subject = subject.as_ref().map(|subject| format!(" {subject}")).unwrap_or_default();
        lines.push(format!("{word:7} {check}{subject}: {}", outcome.value));
        if outcome.status != CheckStatus::Pass {
            lines.push(format!("        {}", outcome.message));
        }
        if let Some(remedy) = &outcome.remedy {
            lines.push(format!("        -> {remedy}"));
        }
    }
    let [passed, look, broken] = counts(findings);
    lines.push(format!("\n{passed} ok, {look} to look at, {broken} broken"));
    lines.join("\n")
}

/// For programs.
pub(super) fn json(findings: &[Finding]) -> String {
    let [passed, warnings, failed] = counts(findings);
    let rows: Vec<_> = findings
        .iter()
        .map(|Finding { check, subject, outcome }| {
            json!({
                "check": check,
                "subject": subject,
                "status": outcome.status.as_str(),
                "value": outcome.value,
                "message": outcome.message,
                "remedy": outcome.remedy,
            })
        })
        .collect();
    let report = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "passed": passed,
        "warnings": warnings,
        "failed": failed,
        "findings": rows,
    });
    format!("{report:#}")
}

fn counts(findings: &[Finding]) -> [usize; 3] {
    CheckStatus::ALL.map(|status| findings.iter().filter(|finding| finding.outcome.status == status).count())
}
