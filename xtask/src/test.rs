//! `cargo xtask test`: every check and every test, closed by one line `N passed, N failed`.
//!
//! One profile is built: the tests, and the binary that the browser meets, are the dev profile's.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::count::{self, Count};
use crate::{dashboard, generate, packages, shell};

/// A step: what it does, and how. Each counts its tests; one that has none counts as one.
type Step = (&'static str, fn() -> anyhow::Result<Count>);

/// In this order, because the binary embeds the dashboard and the browser needs the binary.
const STEPS: [Step; 12] = [
    ("look for the servers and the browser", || done(packages::ensure())),
    ("check the format", || done(shell::run(shell::cargo().args(["fmt", "--all", "--", "--check"])))),
    ("install the dashboard's packages", || {
        done(dashboard::check_tools().and_then(|()| dashboard::install(true)))
    }),
    ("compare the generated types", || done(generate::check_schema())),
    ("build the dashboard", || done(shell::run(&mut dashboard::script("build")))),
    ("check the dashboard's types", || done(shell::run(&mut dashboard::script("typecheck")))),
    ("lint the dashboard", || done(shell::run(&mut dashboard::script("lint")))),
    ("test the dashboard", test_dashboard),
    ("lint the Rust code", || done(shell::run(&mut clippy()))),
    ("build the Rust tests and the binary", || {
        done(shell::run(shell::cargo().args(["test", "--workspace", "--no-run"])))
    }),
    ("run the Rust tests", test_rust),
    ("test the whole in Chromium", test_end_to_end),
];

/// Runs every step, also after a failure, so that one run shows everything that is wrong.
pub(crate) fn run() -> ExitCode {
    let mut total = Count::default();
    let mut report = Vec::new();
    for (index, (what, step)) in STEPS.iter().enumerate() {
        println!("[{}/{}] {what}", index + 1, STEPS.len());
        let started = Instant::now();
        let count = step().unwrap_or_else(|error| {
            println!("error: {error:#}");
            Count::check(false)
        });
        total.add(count);
        report.push(row(what, count, started.elapsed()));
        println!("{}", report.last().map_or("", String::as_str));
    }
    println!("\n{}", report.join("\n"));
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn row(what: &str, count: Count, took: Duration) -> String {
    let word = if count.failed == 0 { "ok" } else { "FAILED" };
    let Count { passed, failed, .. } = count;
    format!("      {word:6} {what:38} {passed:5} passed {failed:3} failed {:7.1} s", took.as_secs_f64())
}

/// A step that is no test run: an error is shown and counted by the caller.
fn done(result: anyhow::Result<()>) -> anyhow::Result<Count> {
    result.map(|()| Count::check(true))
}

fn clippy() -> Command {
    let mut cargo = shell::cargo();
    cargo.args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]);
    cargo
}

fn test_rust() -> anyhow::Result<Count> {
    let mut count = Count::default();
    // CI makes snapshot tests fail instead of writing what they saw.
    let mut cargo = shell::cargo();
    cargo.args(["test", "--workspace", "--no-fail-fast"]).env("CI", "true");
    let succeeded = shell::watch(&mut cargo, |line| {
        if let Some(more) = count::of_cargo_line(line) {
            count.add(more);
        }
    })?;
    Ok(count.of_runner(succeeded))
}

fn test_dashboard() -> anyhow::Result<Count> {
    let report = Report::new("vitest")?;
    let mut npm = dashboard::script("test");
    let output = format!("--outputFile.json={}", report.path.display());
    npm.args(["--", "--reporter=default", "--reporter=json", &output]).env("CI", "true");
    let succeeded = shell::watch(&mut npm, |_| ())?;
    Ok(count::of_vitest(&report.read()?)?.of_runner(succeeded))
}

fn test_end_to_end() -> anyhow::Result<Count> {
    let binary = shell::target().join("debug/bartizan");
    if !binary.is_file() {
        // The tests did not compile; what the browser has to say about the binary is still worth knowing.
        shell::run(shell::cargo().args(["build", "--package", "bartizan-cli"]))?;
    }
    let report = Report::new("playwright")?;
    let mut npm = dashboard::script("e2e");
    npm.args(["--", "--reporter=list,json"])
        .env("CI", "true")
        .env("BARTIZAN_BIN", &binary)
        .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report.path)
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report.path);
    if let Some(chromium) =
        std::env::var_os("CHROMIUM").map(PathBuf::from).or_else(|| shell::find("chromium"))
    {
        npm.env("CHROMIUM", chromium);
    }
    let succeeded = shell::watch(&mut npm, |_| ())?;
    Ok(count::of_playwright(&report.read()?)?.of_runner(succeeded))
}

/// The JSON report of a runner: never one of an earlier run, and gone afterwards.
struct Report {
    path: PathBuf,
}

impl Report {
    fn new(runner: &str) -> anyhow::Result<Self> {
        let folder = shell::target().join("xtask");
        std::fs::create_dir_all(&folder).with_context(|| format!("failed to make {}", folder.display()))?;
        let path = folder.join(format!("{runner}-{}.json", std::process::id()));
        remove(&path);
        Ok(Self { path })
    }

    fn read(&self) -> anyhow::Result<String> {
        shell::read(&self.path).context("the test runner left no report, so nothing is known to have passed")
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

fn remove(path: &Path) {
    if let Err(error) = std::fs::remove_file(path)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        println!("      could not remove {}: {error}", path.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_report_is_an_error_that_says_so() {
        let report = Report::new("unit-test").expect("target can be written");
        let error = report.read().expect_err("nobody wrote it");
        assert!(format!("{error:#}").starts_with("the test runner left no report"), "{error:#}");
    }

    #[test]
    fn a_failed_step_is_marked_in_the_report() {
        let took = Duration::from_millis(1500);
        assert!(row("lint", Count::check(false), took).contains("FAILED lint"));
        assert!(row("lint", Count::check(true), took).contains("1.5 s"));
    }
}
