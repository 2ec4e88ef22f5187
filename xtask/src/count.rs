//! Reading from the output of test runners how many tests passed and failed.

use anyhow::Context;
use serde_json::Value;

/// Tests that passed, failed, or were left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    /// Left out although they exist. A test that nobody runs proves nothing, so these count as failures.
    pub(crate) skipped: u64,
}

impl Count {
    /// One check that is not a test.
    pub(crate) fn check(succeeded: bool) -> Self {
        if succeeded { Self { passed: 1, ..Self::default() } } else { Self { failed: 1, ..Self::default() } }
    }

    /// The verdict on a runner: one that failed without a failed test, or that ran no test at all, is one failure.
    pub(crate) fn of_runner(self, succeeded: bool) -> Self {
        let mut count = Self { failed: self.failed + self.skipped, ..self };
        let nothing_ran = self == Self::default();
        if (!succeeded && count.failed == 0) || nothing_ran {
            count.failed += 1;
        }
        count
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// Reads a line of Rust's test harness, such as `test result: ok. 5 passed; 0 failed; 1 ignored; …`; `None` for any
/// other line.
pub(crate) fn of_cargo_line(line: &str) -> Option<Count> {
    let figures = line.strip_prefix("test result: ")?.split_once(". ")?.1;
    let figure = |name: &str| {
        figures.split("; ").find_map(|part| part.strip_suffix(name)?.trim_end().parse::<u64>().ok())
    };
    Some(Count { passed: figure("passed")?, failed: figure("failed")?, skipped: figure("ignored")? })
}

/// Reads the JSON report of Vitest.
pub(crate) fn of_vitest(report: &str) -> anyhow::Result<Count> {
    let report: Value = serde_json::from_str(report).context("the report of vitest is not JSON")?;
    let figure =
        |name: &str| number(&report, name).with_context(|| format!("no {name} in the report of vitest"));
    Ok(Count {
        passed: figure("numPassedTests")?,
        failed: figure("numFailedTests")?,
        skipped: figure("numPendingTests")? + number(&report, "numTodoTests").unwrap_or(0),
    })
}

/// Reads the JSON report of Playwright. A flaky test failed once and passed when repeated: it counts as failed.
pub(crate) fn of_playwright(report: &str) -> anyhow::Result<Count> {
    let report: Value = serde_json::from_str(report).context("the report of playwright is not JSON")?;
    let stats = report.get("stats").context("no stats in the report of playwright")?;
    let figure =
        |name: &str| number(stats, name).with_context(|| format!("no {name} in the report of playwright"));
    Ok(Count {
        passed: figure("expected")?,
        failed: figure("unexpected")? + figure("flaky")?,
        skipped: figure("skipped")?,
    })
}

fn number(value: &Value, name: &str) -> Option<u64> {
    value.get(name)?.as_u64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_of_the_harness_are_read_and_other_lines_are_not() {
        let cases = [
            (
                "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s",
                Some((5, 0, 1)),
            ),
            (
                "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 2s",
                Some((12, 3, 0)),
            ),
            ("test a::b ... ok", None),
            ("a line that says test result: ok. 5 passed; 0 failed; 0 ignored", None),
            ("test result: ok. many passed; 0 failed; 0 ignored", None),
            ("", None),
        ];
        for (line, expected) in cases {
            let expected = expected.map(|(passed, failed, skipped)| Count { passed, failed, skipped });
            assert_eq!(of_cargo_line(line), expected, "{line}");
        }
    }

    #[test]
    fn a_runner_that_ran_nothing_or_left_tests_out_has_failed() {
        let count = |passed, failed, skipped| Count { passed, failed, skipped };
        let cases = [
            (count(5, 0, 0), true, 0),
            (count(5, 2, 0), false, 2),
            (count(5, 0, 0), false, 1),
            (count(0, 0, 0), true, 1),
            (count(0, 0, 0), false, 1),
            (count(5, 1, 2), false, 3),
            (count(5, 0, 2), true, 2),
        ];
        for (ran, succeeded, failed) in cases {
            assert_eq!(ran.of_runner(succeeded).failed, failed, "{ran:?} {succeeded}");
        }
    }

    #[test]
    fn reports_of_the_dashboard_runners_are_read() {
        let vitest = r#"{"numTotalTests":7,"numPassedTests":4,"numFailedTests":1,"numPendingTests":1,"numTodoTests":1}"#;
        assert_eq!(of_vitest(vitest).expect("valid"), Count { passed: 4, failed: 1, skipped: 2 });
        let playwright = r#"{"suites":[],"stats":{"expected":9,"skipped":1,"unexpected":2,"flaky":1}}"#;
        assert_eq!(of_playwright(playwright).expect("valid"), Count { passed: 9, failed: 3, skipped: 1 });
    }

    #[test]
    fn a_report_without_figures_is_an_error_and_not_zero_failures() {
        for report in ["", "{}", "[]", r#"{"stats":{"expected":3}}"#, r#"{"numPassedTests":3}"#] {
            assert!(of_vitest(report).is_err(), "{report}");
            assert!(of_playwright(report).is_err(), "{report}");
        }
    }
}
