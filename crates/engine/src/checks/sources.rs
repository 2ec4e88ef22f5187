//! Whether every log source is alive.

use bartizan_model::{SourceState, SourceStatus};

use super::{Outcome, Probe};

pub(super) const PROBE: Probe = Probe {
    id: 9,
    key: "sources",
    name: "Log sources are alive",
    why: "What a source does not read is never judged, and a quiet chart looks like a quiet night.",
    weight: 3,
    measure: |shared| Box::pin(async move { judge(&shared.sources.statuses()) }),
};

fn judge(sources: &[SourceStatus]) -> Outcome {
    let in_state = |state| sources.iter().filter(move |source| source.state == state);
    let failed: Vec<_> = in_state(SourceState::Failed).collect();
    let waiting: Vec<_> = in_state(SourceState::Waiting).collect();
    let value = format!("{} sources, {} failed, {} waiting", sources.len(), failed.len(), waiting.len());
    let why = |source: &SourceStatus| {
        let cause = source.last_error.as_deref().unwrap_or("without words");
        format!("log source {}: {cause}", source.name)
    };
    if let Some(source) = failed.first() {
        return Outcome::fail(value, why(source), "mend what it names; it goes on where it stopped");
    }
    if let Some(source) = waiting.first() {
        return Outcome::warning(value, why(source), "see that the file is there and can be read");
    }
    if sources.is_empty() {
        return Outcome::pass(value, "no log source is configured; requests come by other ways");
    }
    Outcome::pass(value, "every log source is read")
}

#[cfg(test)]
pub(super) mod tests {
    use bartizan_model::{CheckStatus, SourceKind, SourceOrigin};

    use super::*;

    pub(in crate::checks) fn source(state: SourceState) -> SourceStatus {
        SourceStatus {
            name: "shop".to_owned(),
            kind: SourceKind::File,
            origin: SourceOrigin::Configuration,
            belongs_to: "shop".to_owned(),
            state,
            lines: 0,
            parsed: 0,
            failed: 0,
            bytes: 0,
            dropped: 0,
            lines_per_second: 0.0,
            lag_s: None,
            lag_bytes: None,
            lag_lines: None,
            position: None,
            file: None,
            last_line_at: None,
            last_error: Some("no such file".to_owned()),
            samples: Vec::new(),
        }
    }

    #[test]
    fn one_failed_source_among_many_is_told_by_name() {
        let running = source(SourceState::Running);
        assert_eq!(judge(&[]).status, CheckStatus::Pass);
        assert_eq!(judge(std::slice::from_ref(&running)).status, CheckStatus::Pass);
        assert_eq!(judge(&[running.clone(), source(SourceState::Waiting)]).status, CheckStatus::Warning);
        let failed = judge(&[running, source(SourceState::Failed)]);
        assert_eq!(failed.status, CheckStatus::Fail);
        assert!(failed.message.contains("shop") && failed.message.contains("no such file"));
    }
}
