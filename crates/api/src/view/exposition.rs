//! Figures as Prometheus reads them: text format 0.0.4 (prometheus.io, "Exposition formats"). No label carries a value
//! that a client can choose.

use std::fmt::Write as _;

use bartizan_engine::{Engine, ProcessReport, TaskStatus};
use bartizan_model::{SourceState, SourceStatus};

use super::security::worth;

/// Names of the figures begin with it.
const PREFIX: &str = "bartizan_";

/// Everything that is known of the process, of judging, of the log sources and of the security checks.
pub(crate) fn exposition(engine: &Engine, report: &ProcessReport) -> String {
    let mut text = Exposition::default();
    let judging = &report.judging;
    let allowed = judging.requests.saturating_sub(judging.anomalies());
    text.family("requests_total", "counter", "Requests judged since the start, by what was decided");
    for (action, count) in [("allow", allowed), ("flag", judging.flagged), ("block", judging.blocked)] {
        text.sample("requests_total", &[("action", action)], count as f64);
    }
    text.one("judge_seconds_total", "counter", "Time spent judging", judging.sum_ms / 1e3);
    text.one(
        "judge_p99_seconds",
        "gauge",
        "99th percentile of judging one request, 5 minutes",
        judging.p99_ms / 1e3,
    );
    text.one(
        "unrecorded_total",
        "counter",
        "Judged requests that could not be kept",
        report.unrecorded as f64,
    );
    stages(&mut text, report);
    text.one("uptime_seconds", "gauge", "Age of the process", report.uptime_s);
    text.one("live_sockets", "gauge", "Open WebSockets", report.connections as f64);
    let load = &report.load;
    text.one("process_resident_bytes", "gauge", "Memory of the process", load.process_memory_bytes as f64);
    text.one(
        "process_cpu_ratio",
        "gauge",
        "Processor time of the process, of the machine's",
        load.process_cpu_percent / 100.0,
    );
    text.one("machine_cpu_ratio", "gauge", "Processor time in use", load.cpu_percent / 100.0);
    text.one("machine_memory_ratio", "gauge", "Memory in use", load.memory_percent / 100.0);
    let model = engine.model();
    text.family("model_info", "gauge", "The model in force");
    text.sample("model_info", &[("version", model.version())], 1.0);
    text.one(
        "threshold",
        "gauge",
        "Score from which a request is judged worth blocking",
        model.policy.thresholds.block,
    );
    text.one(
        "flag_threshold",
        "gauge",
        "Score from which a request is flagged",
        model.policy.thresholds.flag,
    );
    sources(&mut text, &engine.sources());
    tasks(&mut text, &engine.tasks());
    text.family("check", "gauge", "Security checks: 1 passes, 0.5 warns, 0 fails");
    for check in engine.known_checks() {
        text.sample("check", &[("check", check.key)], worth(check.status));
    }
    text.0
}

/// What follows judging: the queue, the database, the messages.
fn stages(text: &mut Exposition, report: &ProcessReport) {
    text.one(
        "queue_requests",
        "gauge",
        "Requests of the API and of proxies that wait to be recorded",
        report.waiting as f64,
    );
    text.one("commits_total", "counter", "Batches committed to the database", report.commits as f64);
    text.one("commit_seconds_total", "counter", "Time that commits took", report.commit_time.as_secs_f64());
    text.family("notifications_total", "counter", "Tries to send a message, by how they ended");
    for (outcome, count) in [("sent", report.messages_sent), ("failed", report.messages_failed)] {
        text.sample("notifications_total", &[("outcome", outcome)], count as f64);
    }
}

fn tasks(text: &mut Exposition, tasks: &[TaskStatus]) {
    text.family("task_runs_total", "counter", "Runs of background tasks that ended");
    for task in tasks {
        text.sample("task_runs_total", &[("task", task.name)], task.runs as f64);
    }
    text.family("task_failures_total", "counter", "Of these, runs that did not do their work");
    for task in tasks {
        text.sample("task_failures_total", &[("task", task.name)], task.failures as f64);
    }
}

/// One figure of every log source.
type SourceFigure = (&'static str, &'static str, &'static str, fn(&SourceStatus) -> Option<f64>);

fn sources(text: &mut Exposition, sources: &[SourceStatus]) {
    let figures: [SourceFigure; 6] = [
        ("source_lines_total", "counter", "Lines read", |source| Some(source.lines as f64)),
        ("source_unreadable_lines_total", "counter", "Lines that did not parse", |source| {
            Some(source.failed as f64)
        }),
        ("source_dropped_lines_total", "counter", "Lines dropped", |source| Some(source.dropped as f64)),
        ("source_lag_seconds", "gauge", "Age of the newest line when it was judged", |source| source.lag_s),
        ("source_waiting_bytes", "gauge", "Bytes that are there and were not read yet", |source| {
            source.lag_bytes.map(|bytes| bytes as f64)
        }),
        ("source_failed", "gauge", "Whether the source has failed", |source| {
            Some(f64::from(u8::from(source.state == SourceState::Failed)))
        }),
    ];
    for (name, kind, help, figure) in figures.into_iter().filter(|_| !sources.is_empty()) {
        text.family(name, kind, help);
        for source in sources {
            if let Some(value) = figure(source) {
                text.sample(name, &[("source", &source.name)], value);
            }
        }
    }
}

/// The text under construction.
#[derive(Debug, Default)]
pub(crate) struct Exposition(String);

impl Exposition {
    /// Introduces figures of one name.
    pub(crate) fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing into a string cannot fail.
        let _ = writeln!(self.0, "# HELP {PREFIX}{name} {help}\n# TYPE {PREFIX}{name} {kind}");
    }

    /// One figure.
    pub(crate) fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        let _ = write!(self.0, "{PREFIX}{name}");
        for (n, (label, text)) in labels.iter().enumerate() {
            let open = if n == 0 { '{' } else { ',' };
            let _ = write!(self.0, "{open}{label}=\"{}\"", escaped(text));
        }
        let _ = writeln!(self.0, "{} {value}", if labels.is_empty() { "" } else { "}" });
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: f64) {
        self.family(name, kind, help);
        self.sample(name, &[], value);
    }
}

/// The value of a label.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_labels_cannot_end_their_line() {
        let mut text = Exposition::default();
        text.sample("x_total", &[("source", "a\"b\\c\nd"), ("kind", "file")], 2.0);
        text.sample("y", &[], 0.5);
        assert_eq!(text.0, "bartizan_x_total{source=\"a\\\"b\\\\c\\nd\",kind=\"file\"} 2\nbartizan_y 0.5\n");
    }
}
