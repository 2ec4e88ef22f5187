//! `bartizan scan`: logs to one report.

use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, bail};
use bartizan_detect::{BehaviourConfig, Policy};
use bartizan_engine::{Masking, MaskingSettings};
use bartizan_ingest::LineOptions;
use bartizan_model::{Clock, Mode, SystemClock};
use bartizan_scan::{Progress, Report, ScanOptions, scan};
use indicatif::{HumanCount, HumanDuration, HumanFloatCount, ProgressBar, ProgressStyle};

use crate::args::{ReportFormat, Scan};
use crate::output;

/// Nothing could be read, or there is no report.
const UNUSABLE: u8 = 2;

/// There is a report, and something is missing in it.
const INCOMPLETE: u8 = 3;

/// How often the bar is drawn: ten times a second looks alive and costs nothing.
const BAR_PERIOD: Duration = Duration::from_millis(100);

pub(crate) fn run(args: &Scan) -> ExitCode {
    match report(args) {
        Ok(report) => verdict(args, &report),
        Err(error) => {
            output::error(&error);
            ExitCode::from(UNUSABLE)
        }
    }
}

/// Makes the report and writes it.
fn report(args: &Scan) -> anyhow::Result<Report> {
    let detector = super::detector(args.model.as_deref())?;
    let manifest = detector.manifest();
    let options = ScanOptions {
        policy: Policy { thresholds: manifest.thresholds, mode: Mode::Monitor },
        behaviour: BehaviourConfig::default(),
        model: manifest.version.clone(),
        threads: args.threads.unwrap_or_else(all_cores),
        top: args.top,
        lines: LineOptions {
            format: args.log_format.clone(),
            time_zone: args.time_zone.clone().unwrap_or_default(),
        },
        now: SystemClock.now(),
    };
    if let Some(file) = &args.output {
        refuse_to_overwrite(file, &args.files)?;
    }
    let mut report = with_bar(args.quiet, |progress| scan(&args.files, &detector, &options, progress));
    if report.is_unusable() {
        let reasons: Vec<String> = report
            .input
            .problems
            .iter()
            .map(|problem| format!("\n  {}: {}", problem.path, problem.reason))
            .collect();
        bail!("nothing could be read{}", reasons.concat());
    }
    // As before anything is stored: a report is made to be shown to others.
    let masking = Masking::new(&MaskingSettings::default(), None)?;
    report.hide(&|text| masking.text(text).into_owned());
    let text = match args.format {
        ReportFormat::Text => report.to_text(),
        ReportFormat::Json => report.to_json().context("the report cannot be shown")? + "\n",
        ReportFormat::Html => report.to_html(),
    };
    match &args.output {
        None => output::line(text.trim_end()),
        Some(file) => {
            std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
        }
    }
    // The text lists them itself.
    if args.format != ReportFormat::Text || args.output.is_some() {
        for problem in &report.input.problems {
            output::progress(format_args!("bartizan: {}: {}", problem.path, problem.reason));
        }
    }
    Ok(report)
}

/// A report must not take the place of what it reports on.
fn refuse_to_overwrite(report: &Path, inputs: &[PathBuf]) -> anyhow::Result<()> {
    let Ok(report) = report.canonicalize() else { return Ok(()) };
    if inputs.iter().any(|input| input.canonicalize().is_ok_and(|input| input == report)) {
        bail!("--output {} is one of the logs to be read; name another file", report.display());
    }
    Ok(())
}

/// The exit code, with the reason for a failure.
fn verdict(args: &Scan, report: &Report) -> ExitCode {
    let violations: Vec<String> = args.fail_on.iter().filter_map(|gate| gate.violation(report)).collect();
    for violation in &violations {
        output::progress(format_args!("bartizan: --fail-on {violation}"));
    }
    let broken_off = report.input.files_broken_off;
    match (violations.is_empty(), broken_off) {
        (false, _) => ExitCode::FAILURE,
        (true, 0) => ExitCode::SUCCESS,
        (true, _) => {
            let files = if broken_off == 1 { "one file was" } else { "files were" };
            output::progress(format_args!("bartizan: {files} not read to the end, see the report"));
            ExitCode::from(INCOMPLETE)
        }
    }
}

fn all_cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Does the work while a bar shows how far it is; without a terminal there is none.
fn with_bar(is_quiet: bool, work: impl FnOnce(&Progress) -> Report) -> Report {
    let progress = Progress::default();
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let drawer = scope.spawn(|| {
            let bar = if is_quiet { ProgressBar::hidden() } else { bar() };
            while !is_done.load(Ordering::Acquire) {
                draw(&bar, &progress);
                std::thread::park_timeout(BAR_PERIOD);
            }
            bar.finish_and_clear();
        });
        let report = {
            let _done = Done { is_done: &is_done, drawer: drawer.thread() };
            work(&progress)
        };
        drop(drawer);
        let _ = std::io::stderr().flush();
        report
    })
}

/// Ends the bar, also when the work ends by a defect.
struct Done<'a> {
    is_done: &'a AtomicBool,
    drawer: &'a std::thread::Thread,
}

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.is_done.store(true, Ordering::Release);
        self.drawer.unpark();
    }
}

fn bar() -> ProgressBar {
    let template = "{bar:30} {percent:>3} %  {decimal_bytes} of {decimal_total_bytes}  {msg}";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style.progress_chars("█▌░"))
}

fn draw(bar: &ProgressBar, progress: &Progress) {
    let lines = progress.lines();
    let rate = lines as f64 / bar.elapsed().as_secs_f64().max(0.001);
    bar.set_length(progress.bytes_expected());
    bar.set_position(progress.bytes_read());
    let files = match progress.files_expected() {
        0 | 1 => String::new(),
        expected => format!("  file {} of {expected}", (progress.files_done() + 1).min(expected)),
    };
    // At the beginning nobody knows.
    let left = if lines == 0 { String::new() } else { format!("  {:#} left", HumanDuration(bar.eta())) };
    bar.set_message(format!("{} lines, {}/s{files}{left}", HumanCount(lines), HumanFloatCount(rate.round())));
}
