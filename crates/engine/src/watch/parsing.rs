//! Lines that do not parse, as a share of those that were read lately.

use std::collections::{HashMap, VecDeque};

use bartizan_model::{Severity, SourceStatus, Timestamp};

use crate::alert::{Condition, ParseFailures};

/// Looks kept per source at most.
const MAX_LOOKS: usize = 3_000;

/// Lines and failures of each source at earlier looks.
#[derive(Debug, Default)]
pub(super) struct Memory(HashMap<String, VecDeque<(Timestamp, u64, u64)>>);

impl Memory {
    pub(super) fn look(
        &mut self,
        source: &SourceStatus,
        settings: ParseFailures,
        now: Timestamp,
    ) -> Option<Condition> {
        if !settings.enabled {
            return None;
        }
        let looks = self.0.entry(source.name.clone()).or_default();
        looks.push_back((now, source.lines, source.failed));
        let window_s = f64::from(settings.minutes) * 60.0;
        // The newest look that lies before the window stays: what came since then is in it.
        while looks.len() > MAX_LOOKS
            || looks.get(1).is_some_and(|(at, ..)| now.seconds_since(*at) >= window_s)
        {
            looks.pop_front();
        }
        let (_, lines, failed) = looks.front()?;
        let (lines, failed) = (source.lines.saturating_sub(*lines), source.failed.saturating_sub(*failed));
        let percent = failed as f64 / lines.max(1) as f64 * 100.0;
        (lines >= settings.min_lines && percent >= settings.percent).then(|| Condition {
            key: format!("parsing|{}", source.name),
            severity: Severity::Medium,
            title: format!("Lines of log source {} do not parse", source.name),
            description: format!("{failed} of {lines} lines of the last {} min ({percent:.0} %) cannot be read", settings.minutes),
            advice: "Look at the samples of the source, and name its format in the configuration. Lines that do not parse \
                     are not judged."
                .to_owned(),
            host: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::lag::tests::status;
    use super::*;

    #[test]
    fn a_share_of_the_lines_of_the_window_is_told_and_goes() {
        let settings = ParseFailures { enabled: true, percent: 10.0, minutes: 10, min_lines: 200 };
        let mut memory = Memory::default();
        let mut look = |lines: u64, failed: u64, at_s: i64| {
            let source = SourceStatus { lines, failed, ..status(0, 0) };
            memory.look(&source, settings, Timestamp::from_secs(at_s)).map(|condition| condition.description)
        };
        assert_eq!(look(10_000, 9_000, 0), None, "what was before the start does not count");
        assert_eq!(look(10_199, 9_199, 60), None, "too few");
        assert!(look(10_300, 9_199, 120).is_some_and(|text| text.contains("199 of 300 lines")));
        assert_eq!(look(20_000, 9_199, 180), None, "a small share");
        assert_eq!(look(20_000, 9_199, 900), None);
        assert!(look(20_400, 9_300, 1_000).is_some());
        assert_eq!(look(20_400, 9_300, 1_700), None, "over");
    }
}
