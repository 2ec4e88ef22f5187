//! The parts of the page; each is empty when there is nothing to say.

use std::fmt::Write as _;

use bartizan_model::{Severity, ThreatClass};

use super::chart;
use super::escape::Escaped;
use super::table::{Cell, table};
use crate::number;
use crate::report::{AttackerRow, Example, Report};

/// Problems that are listed.
const MAX_PROBLEMS: usize = 20;

pub(super) fn problems(report: &Report) -> String {
    let input = &report.input;
    if input.problems_total == 0 {
        return String::new();
    }
    let mut list = String::new();
    for problem in input.problems.iter().take(MAX_PROBLEMS) {
        let _ = write!(list, "<li><code>{}</code> {}</li>", Escaped(&problem.path), Escaped(&problem.reason));
    }
    let title = format!("Not read, or not to the end ({})", number::count(input.problems_total));
    section(&title, "", &format!("<ul class=plain>{list}</ul>")).replacen(
        "<section",
        "<section class=warn",
        1,
    )
}

pub(super) fn tiles(report: &Report) -> String {
    let totals = &report.totals;
    let alarm = |count: u64, class: &'static str| if count > 0 { class } else { "calm" };
    let of_requests = |count| format!("{} of all requests", number::share(count, totals.requests));
    let tiles = [
        (totals.requests, "requests", format!("{} sent", number::bytes(totals.response_bytes)), "calm"),
        (totals.attacks, "attacks", of_requests(totals.attacks), alarm(totals.attacks, "bad")),
        (
            totals.attacks_answered,
            "answered with success",
            if totals.attacks_answered > 0 { "look at these first" } else { "no attack got a 2xx" }
                .to_owned(),
            alarm(totals.attacks_answered, "bad"),
        ),
        (
            totals.suspicious,
            "suspicious requests",
            of_requests(totals.suspicious),
            alarm(totals.suspicious, "doubt"),
        ),
        (
            totals.attackers,
            "clients that sent them",
            format!("of {}", number::plural(totals.clients, "client", "clients")),
            "calm",
        ),
        (
            totals.unreadable,
            "unreadable lines",
            format!("of {}", number::plural(totals.lines, "line", "lines")),
            alarm(totals.unreadable, "doubt"),
        ),
    ];
    let mut html = String::from("<div class=tiles>");
    for (value, label, note, class) in tiles {
        let _ = write!(
            html,
            "<div class=\"tile {class}\"><b>{}</b><span>{label}</span><small>{note}</small></div>",
            number::count(value)
        );
    }
    html + "</div>"
}

pub(super) fn timeline(report: &Report) -> String {
    let Some(timeline) = &report.timeline else { return String::new() };
    let rows = timeline
        .buckets
        .iter()
        .filter(|bucket| bucket.requests > 0)
        .map(|bucket| {
            [
                Cell::Text(number::time(bucket.start)),
                Cell::Number(number::count(bucket.requests)),
                Cell::Number(number::count(bucket.attacks)),
                Cell::Number(number::count(bucket.suspicious)),
            ]
        })
        .collect();
    let numbers = table(["from (UTC)", "requests", "attacks", "suspicious"], rows);
    let mut note = format!("one column for each {}", number::seconds(timeline.bucket_s));
    if timeline.outside > 0 {
        let outside = number::plural(timeline.outside, "request is", "requests are");
        let _ = write!(note, "; {outside} too far from all others in time to be drawn");
    }
    let legend = "<ul class=legend><li><i class=allowed></i>requests</li><li><i class=blocked></i>attacks</li>\
                  <li><i class=flagged></i>suspicious</li></ul>";
    let content = format!(
        "{}{legend}<details><summary>Numbers</summary>{numbers}</details>",
        chart::timeline(timeline)
    );
    section("Timeline", &note, &content)
}

pub(super) fn answers(report: &Report) -> String {
    if report.totals.attacks == 0 {
        return String::new();
    }
    let mut content = chart::answers(&report.attack_answers);
    if !report.successes.is_empty() {
        content.push_str("<h3>Answered with success</h3><div class=cards>");
        for row in &report.successes {
            let _ = write!(
                content,
                "<article><header><b>{} ×</b> {} <code>{}</code></header>{}</article>",
                number::count_at_least(row.count, row.missed),
                badge(row.class.display_name(), row.example.severity),
                Escaped(&row.endpoint),
                example(&row.example, &format!(" from {}", Escaped(&row.example.client)))
            );
        }
        content.push_str("</div>");
    }
    section("How attacks were answered", "", &content)
}

pub(super) fn classes(report: &Report) -> String {
    if report.classes.is_empty() {
        return String::new();
    }
    let most = report.classes.iter().map(|row| row.attacks + row.suspicious).max().unwrap_or_default();
    let rows = report
        .classes
        .iter()
        .map(|row| {
            [
                Cell::Made(badge(row.name, row.severity)),
                Cell::Made(chart::bar(row.attacks, row.suspicious, most)),
                Cell::Number(number::count(row.attacks)),
                Cell::Number(number::count(row.suspicious)),
                Cell::Number(number::count(row.answered)),
            ]
        })
        .collect();
    let content = table(["class", "", "attacks", "suspicious", "answered 2xx"], rows);
    section("By class", "", &content).replacen("<section", "<section class=classes", 1)
}

pub(super) fn attackers(report: &Report) -> String {
    if report.attackers.is_empty() {
        return String::new();
    }
    let cards: String = report.attackers.iter().map(attacker).collect();
    section("Top attackers", "and what they tried", &format!("<div class=cards>{cards}</div>"))
}

fn attacker(row: &AttackerRow) -> String {
    let mut facts = vec![format!("<b>{}</b> attacks", number::count_at_least(row.attacks, row.missed))];
    if row.suspicious > 0 {
        facts.push(format!("{} suspicious", number::count_at_least(row.suspicious, row.missed)));
    }
    if row.answered > 0 {
        facts.push(format!("<b class=hot>{} answered 2xx</b>", number::count(row.answered)));
    }
    if let Some(requests) = row.requests {
        facts.push(number::plural(requests, "request", "requests"));
    }
    let (first, last) = (number::time(row.time.first), number::time(row.time.last));
    facts.push(if first == last { first } else { format!("{first} to {last}") });
    let chips: String = row
        .classes
        .iter()
        .map(|(class, count)| {
            let label = format!("{} {}", class.display_name(), number::count(*count));
            badge(&label, class.base_severity())
        })
        .collect();
    let agent = row.agent.as_ref().map(|agent| format!("<p class=agent>{}</p>", Escaped(agent)));
    let examples: String = row.examples.iter().map(|shown| example(shown, "")).collect();
    format!(
        "<article><header><code class=who>{}</code> <span>{}</span></header><p>{chips}</p>{}{examples}</article>",
        Escaped(&row.client),
        facts.join(" · "),
        agent.unwrap_or_default(),
    )
}

/// A request as it was sent, and what was seen in it; `origin` is markup of ours.
fn example(example: &Example, origin: &str) -> String {
    let status = if example.status == 0 { "no status".to_owned() } else { example.status.to_string() };
    let size = example.response_bytes.map(|bytes| format!(", {}", number::bytes(bytes)));
    format!(
        "<div class=request><code>{} {}</code><p><b class=\"s{}\">{status}</b>{} · {} · {}{origin} · {}:{}</p></div>",
        Escaped(&example.method),
        Escaped(&example.target),
        example.status / 100,
        size.unwrap_or_default(),
        Escaped(&example.details),
        number::time(example.time),
        Escaped(&example.file),
        example.line
    )
}

pub(super) fn targets(report: &Report) -> String {
    if report.targets.is_empty() {
        return String::new();
    }
    let rows = report
        .targets
        .iter()
        .map(|row| {
            [
                Cell::Code(row.endpoint.clone()),
                Cell::Number(number::count_at_least(row.attacks, row.missed)),
                Cell::Number(number::count_at_least(row.suspicious, row.missed)),
                Cell::Number(number::count(row.answered)),
                Cell::Text(class_list(&row.classes)),
            ]
        })
        .collect();
    let content = table(["endpoint", "attacks", "suspicious", "answered 2xx", "classes"], rows);
    section("Top targets", "", &content)
}

pub(super) fn slowest(report: &Report) -> String {
    if report.slowest.is_empty() {
        if report.totals.requests == 0 {
            return String::new();
        }
        let content = "<p class=note>These logs show no response times. In nginx, add <code>rt=$request_time</code> to \
                       the log format; in Apache, <code>%D</code>.</p>";
        return section("Slowest endpoints", "", content);
    }
    let rows = report
        .slowest
        .iter()
        .map(|row| {
            [
                Cell::Code(row.endpoint.clone()),
                Cell::Number(number::count_at_least(row.requests, row.missed)),
                Cell::Number(number::milliseconds(row.p50_ms)),
                Cell::Number(number::milliseconds(row.p95_ms)),
                Cell::Number(number::milliseconds(row.max_ms)),
                Cell::Number(number::count(row.server_errors)),
            ]
        })
        .collect();
    let content = table(["endpoint", "requests", "median", "95 % within", "longest", "5xx"], rows);
    section("Slowest endpoints", "", &content)
}

pub(super) fn unreadable(report: &Report) -> String {
    let unreadable = &report.unreadable;
    if unreadable.total == 0 {
        return String::new();
    }
    let mut content = String::from("<ul class=plain>");
    for row in &unreadable.reasons {
        let _ = write!(content, "<li><b>{}</b> {}</li>", number::count(row.lines), Escaped(&row.reason));
    }
    content.push_str("</ul>");
    for sample in &unreadable.samples {
        let _ = write!(
            content,
            "<div class=request><code>{}</code><p>{}:{} · {}</p></div>",
            Escaped(&sample.text),
            Escaped(&sample.file),
            sample.line,
            Escaped(&sample.reason)
        );
    }
    section("Unreadable lines", "", &content)
}

pub(super) fn files(report: &Report) -> String {
    let input = &report.input;
    if input.files.len() < 2 {
        return String::new();
    }
    let rows = input
        .files
        .iter()
        .map(|file| {
            [
                Cell::Code(file.path.clone()),
                Cell::Number(number::bytes(file.bytes)),
                Cell::Number(number::count(file.requests)),
                Cell::Number(number::count(file.unreadable)),
            ]
        })
        .collect();
    let files = number::plural(input.files_read, "file", "files");
    let content = table(["file", "size", "requests", "unreadable"], rows);
    section("Files", "", &format!("<details><summary>{files}</summary>{content}</details>"))
}

/// A part of the page; title and note are ours.
fn section(title: &str, note: &str, content: &str) -> String {
    let note = if note.is_empty() { String::new() } else { format!(" <small>{note}</small>") };
    format!("<section><h2>{title}{note}</h2>{content}</section>")
}

/// A name with the colour of a severity, which its words tell as well.
fn badge(label: &str, severity: Severity) -> String {
    format!("<span class=\"badge {severity}\" title=\"severity: {severity}\">{}</span> ", Escaped(label))
}

fn class_list(classes: &[(ThreatClass, u64)]) -> String {
    let names: Vec<String> = classes
        .iter()
        .map(|(class, count)| format!("{} {}", class.display_name(), number::count(*count)))
        .collect();
    names.join(", ")
}
