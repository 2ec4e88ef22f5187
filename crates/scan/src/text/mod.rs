//! The report for a terminal.

mod table;

use bartizan_model::ThreatClass;

use crate::report::{AttackerRow, Example, Timeline};
use crate::{Report, number};
use table::{Align, cut, sparkline, table};

/// Widest line, in characters.
const WIDTH: usize = 110;

/// Problems that are listed; all are counted, and the JSON names more.
const MAX_PROBLEMS: usize = 10;

impl Report {
    /// Plain text of at most 110 columns. Nothing in it can drive a terminal.
    pub fn to_text(&self) -> String {
        let mut page = Page::default();
        page.heading(self);
        page.problems(self);
        if self.totals.requests > 0 {
            page.summary(self);
            page.timeline(self.timeline.as_ref());
            page.classes(self);
            page.successes(self);
            page.attackers(self);
            page.targets(self);
            page.slowest(self);
        }
        page.unreadable(self);
        page.limits(self);
        page.0
    }
}

/// The text so far.
#[derive(Default)]
struct Page(String);

impl Page {
    fn line(&mut self, line: &str) {
        self.0.push_str(cut(line, WIDTH).trim_end());
        self.0.push('\n');
    }

    fn title(&mut self, title: &str) {
        self.line("");
        self.line(title);
    }

    fn lines(&mut self, lines: Vec<String>) {
        for line in lines {
            self.line(&line);
        }
    }

    fn heading(&mut self, report: &Report) {
        let files = number::plural(report.input.files_read, "file", "files");
        let requests = number::plural(report.totals.requests, "request", "requests");
        self.line(&format!(
            "Bartizan {} · {files}, {} · {requests}",
            report.scan.version,
            number::bytes(report.input.bytes)
        ));
        if let Some(time) = &report.time {
            self.line(&format!("{} to {} UTC", number::time(time.first), number::time(time.last)));
        }
    }

    fn problems(&mut self, report: &Report) {
        let input = &report.input;
        if input.problems_total == 0 {
            return;
        }
        self.title(&format!("NOT READ, OR NOT TO THE END ({})", number::count(input.problems_total)));
        for problem in input.problems.iter().take(MAX_PROBLEMS) {
            // Never cut: the end is what tells.
            self.0.extend(["  ", &problem.path, "\n      ", &problem.reason, "\n"]);
        }
        if input.problems_total > u64::try_from(MAX_PROBLEMS).unwrap_or(u64::MAX) {
            self.line("  … more are named by --format json");
        }
    }

    fn summary(&mut self, report: &Report) {
        let totals = &report.totals;
        let answered = if totals.attacks_answered > 0 { "   look at these first" } else { "" };
        let rows = [
            (
                totals.attacks,
                format!("attacks, {} of all requests", number::share(totals.attacks, totals.requests)),
            ),
            (totals.attacks_answered, format!("of them answered with success (2xx){answered}")),
            (totals.suspicious, "suspicious requests".to_owned()),
            (totals.attackers, format!("of {} clients sent them", number::count(totals.clients))),
            (totals.unreadable, format!("of {} lines unreadable", number::count(totals.lines))),
        ];
        let rows: Vec<(String, String)> =
            rows.into_iter().map(|(value, what)| (number::count(value), what)).collect();
        let width = rows.iter().map(|(value, _)| value.len()).max().unwrap_or_default();
        self.line("");
        for (value, what) in rows {
            self.line(&format!("  {value:>width$}  {what}"));
        }
        let answers = &report.answers;
        let of = |count| number::share(count, answers.total());
        self.line(&format!(
            "  answers: 2xx {} · 3xx {} · 4xx {} · 5xx {}",
            of(answers.success),
            of(answers.redirect),
            of(answers.client_error),
            of(answers.server_error),
        ));
    }

    fn timeline(&mut self, timeline: Option<&Timeline>) {
        let Some(timeline) = timeline else { return };
        let (Some(first), Some(last)) = (timeline.buckets.first(), timeline.buckets.last()) else { return };
        self.title(&format!("TIMELINE, each column {} (UTC)", number::seconds(timeline.bucket_s)));
        let requests = timeline.buckets.iter().map(|bucket| bucket.requests);
        let threats = timeline.buckets.iter().map(|bucket| bucket.attacks + bucket.suspicious);
        let peak = |values: &mut dyn Iterator<Item = u64>| number::count(values.max().unwrap_or_default());
        let columns = timeline.buckets.len();
        let (start, end) = (first.start.short_label(), last.start.short_label());
        self.line(&format!(
            "  {}  requests, at most {}",
            sparkline(requests.clone()),
            peak(&mut requests.clone())
        ));
        if threats.clone().any(|count| count > 0) {
            self.line(&format!(
                "  {}  attacks and suspicious, at most {}",
                sparkline(threats.clone()),
                peak(&mut threats.clone())
            ));
        }
        let gap = columns.saturating_sub(start.len() + end.len());
        let axis = if gap == 0 { start } else { format!("{start}{}{end}", " ".repeat(gap)) };
        self.line(&format!("  {axis}"));
        if timeline.outside > 0 {
            self.line(&format!(
                "  {} far from all others in time are not drawn",
                number::plural(timeline.outside, "request", "requests")
            ));
        }
    }

    fn classes(&mut self, report: &Report) {
        if report.classes.is_empty() {
            return;
        }
        self.title("BY CLASS");
        let rows: Vec<[String; 5]> = report
            .classes
            .iter()
            .map(|row| {
                [
                    row.name.to_owned(),
                    row.severity.to_string(),
                    number::count(row.attacks),
                    number::count(row.suspicious),
                    number::count(row.answered),
                ]
            })
            .collect();
        let columns = [
            ("class", Align::Left, 24),
            ("severity", Align::Left, 8),
            ("attacks", Align::Right, 12),
            ("suspicious", Align::Right, 12),
            ("answered 2xx", Align::Right, 12),
        ];
        self.lines(table(columns, &rows));
    }

    fn successes(&mut self, report: &Report) {
        if report.successes.is_empty() {
            return;
        }
        self.title("ATTACKS ANSWERED WITH SUCCESS (which does not prove that they worked)");
        for row in &report.successes {
            self.line(&format!(
                "  {} × {} on {}",
                number::count_at_least(row.count, row.missed),
                row.class.display_name(),
                row.endpoint
            ));
            self.example(&row.example, true);
        }
    }

    fn attackers(&mut self, report: &Report) {
        if report.attackers.is_empty() {
            return;
        }
        self.title("TOP ATTACKERS");
        for row in &report.attackers {
            self.attacker(row);
        }
    }

    fn attacker(&mut self, row: &AttackerRow) {
        let requests =
            row.requests.map(|count| format!(" of {}", number::plural(count, "request", "requests")));
        self.line(&format!(
            "  {}  {} attacks, {} suspicious{}{}",
            row.client,
            number::count_at_least(row.attacks, row.missed),
            number::count_at_least(row.suspicious, row.missed),
            requests.unwrap_or_default(),
            if row.answered > 0 {
                format!(", {} answered 2xx", number::count(row.answered))
            } else {
                String::new()
            },
        ));
        self.line(&format!("      {}", class_list(&row.classes)));
        for example in &row.examples {
            self.example(example, false);
        }
    }

    fn example(&mut self, example: &Example, with_place: bool) {
        let status = if example.status == 0 { "-".to_owned() } else { example.status.to_string() };
        self.line(&format!("        {status} {} {}", example.method, example.target));
        if with_place {
            self.line(&format!(
                "            {} from {} at {} · {}:{}",
                example.severity,
                example.client,
                number::time(example.time),
                example.file,
                example.line
            ));
        }
    }

    fn targets(&mut self, report: &Report) {
        if report.targets.is_empty() {
            return;
        }
        self.title("TOP TARGETS");
        let rows: Vec<[String; 5]> = report
            .targets
            .iter()
            .map(|row| {
                [
                    row.endpoint.clone(),
                    number::count_at_least(row.attacks, row.missed),
                    number::count_at_least(row.suspicious, row.missed),
                    number::count(row.answered),
                    class_list(&row.classes),
                ]
            })
            .collect();
        let columns = [
            ("endpoint", Align::Left, 42),
            ("attacks", Align::Right, 10),
            ("suspicious", Align::Right, 10),
            ("2xx", Align::Right, 8),
            ("classes", Align::Left, 36),
        ];
        self.lines(table(columns, &rows));
    }

    fn slowest(&mut self, report: &Report) {
        if report.slowest.is_empty() {
            return;
        }
        self.title("SLOWEST ENDPOINTS");
        let rows: Vec<[String; 6]> = report
            .slowest
            .iter()
            .map(|row| {
                [
                    row.endpoint.clone(),
                    number::count_at_least(row.requests, row.missed),
                    number::milliseconds(row.p50_ms),
                    number::milliseconds(row.p95_ms),
                    number::milliseconds(row.max_ms),
                    number::count(row.server_errors),
                ]
            })
            .collect();
        let columns = [
            ("endpoint", Align::Left, 48),
            ("requests", Align::Right, 12),
            ("median", Align::Right, 9),
            ("p95", Align::Right, 9),
            ("longest", Align::Right, 9),
            ("5xx", Align::Right, 8),
        ];
        self.lines(table(columns, &rows));
    }

    fn unreadable(&mut self, report: &Report) {
        let unreadable = &report.unreadable;
        if unreadable.total == 0 {
            return;
        }
        self.title("UNREADABLE LINES");
        for row in &unreadable.reasons {
            self.line(&format!("  {}  {}", number::count(row.lines), row.reason));
        }
        for sample in &unreadable.samples {
            self.line(&format!("      {}:{}: {}", sample.file, sample.line, sample.text));
        }
    }

    fn limits(&mut self, report: &Report) {
        if report.totals.requests > 0 && report.slowest.is_empty() {
            self.title("These logs show no response times, so slow endpoints are not listed.");
        }
        for sentence in &report.limits {
            self.line(sentence);
        }
        if report.totals.requests > 0 {
            self.line("");
            self.line(&format!(
                "Judged by model {}: attacks score {} or more, or show a known sign.",
                report.scan.model,
                number::score(report.scan.block_threshold)
            ));
            self.line("A log shows no bodies and few headers: what hides there is not seen.");
        }
    }
}

/// `SQL Injection 12, XSS 3`.
fn class_list(classes: &[(ThreatClass, u64)]) -> String {
    let names: Vec<String> = classes
        .iter()
        .map(|(class, count)| format!("{} {}", class.display_name(), number::count(*count)))
        .collect();
    names.join(", ")
}
