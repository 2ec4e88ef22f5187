//! Charts as inline SVG and as bars of a table. Axis labels are text of the page, so that they keep their size.

use std::fmt::Write as _;

use super::escape::Escaped;
use crate::number;
use crate::report::{Answers, Timeline};

/// Height of a chart in its own units; the page scales it.
const HEIGHT: f64 = 100.0;

/// Width of a column in the same units, and of the gap after it.
const COLUMN: f64 = 10.0;
const GAP: f64 = 1.6;

/// Requests over time, and below them, on a scale of their own, attacks and suspicious requests.
pub(super) fn timeline(timeline: &Timeline) -> String {
    let (Some(first), Some(last)) = (timeline.buckets.first(), timeline.buckets.last()) else {
        return String::new();
    };
    let buckets = &timeline.buckets;
    let most_requests = buckets.iter().map(|bucket| bucket.requests).max().unwrap_or_default();
    let most_threats =
        buckets.iter().map(|bucket| bucket.attacks + bucket.suspicious).max().unwrap_or_default();
    let mut requests = String::new();
    let mut threats = String::new();
    let mut left = 0.0;
    for bucket in buckets {
        let title = format!(
            "{} UTC: {}, {}, {} suspicious",
            number::time(bucket.start),
            number::plural(bucket.requests, "request", "requests"),
            number::plural(bucket.attacks, "attack", "attacks"),
            number::count(bucket.suspicious)
        );
        column(&mut requests, left, &title, &[(bucket.requests, "allowed")], most_requests);
        let stack = [(bucket.attacks, "blocked"), (bucket.suspicious, "flagged")];
        column(&mut threats, left, &title, &stack, most_threats);
        left += COLUMN;
    }
    let mut html = String::new();
    chart(&mut html, &requests, left, "Requests over time", most_requests, "requests");
    if most_threats > 0 {
        let label = "Attacks and suspicious requests over time";
        chart(&mut html, &threats, left, label, most_threats, "attacks and suspicious");
    }
    let (from, to) = (number::time(first.start), number::time(last.start));
    let _ = write!(html, "<div class=axis><span>{from}</span><span>{to} UTC</span></div>");
    html
}

/// One column: an area over the whole height that shows the numbers when pointed at, and the stacked bars.
fn column(svg: &mut String, left: f64, title: &str, stack: &[(u64, &str)], most: u64) {
    let _ = write!(svg, "<g><title>{}</title>", Escaped(title));
    let _ = write!(svg, "<rect class=hit x={left:.1} y=0 width={COLUMN:.1} height={HEIGHT} />");
    let mut top = HEIGHT;
    for (value, class) in stack.iter().filter(|(value, _)| *value > 0) {
        // The least that is there can still be seen.
        let height = (number::ratio(*value, most) * HEIGHT).max(1.5);
        top = (top - height).max(0.0);
        let width = COLUMN - GAP;
        let _ =
            write!(svg, "<rect class={class} x={left:.1} y={top:.2} width={width:.1} height={height:.2} />");
    }
    svg.push_str("</g>");
}

fn chart(html: &mut String, columns: &str, width: f64, label: &str, most: u64, what: &str) {
    let width = width - GAP;
    let _ = write!(
        html,
        "<figure><figcaption><b>{}</b> {what} at most</figcaption><svg role=img aria-label=\"{}\" \
         viewBox=\"0 0 {width:.1} {HEIGHT}\" preserveAspectRatio=none>{columns}</svg></figure>",
        number::count(most),
        Escaped(label)
    );
}

/// One bar, divided by how requests were answered, with its legend.
pub(super) fn answers(answers: &Answers) -> String {
    let total = answers.total();
    let parts = [
        (answers.success, "success", "answered with success (2xx)"),
        (answers.redirect, "redirect", "redirected (3xx)"),
        (answers.client_error, "refused", "refused (4xx)"),
        (answers.server_error, "failed", "server error (5xx)"),
        (answers.other, "unknown", "answer not in the log"),
    ];
    let parts = parts.into_iter().filter(|(count, ..)| *count > 0);
    let mut bar = String::new();
    let mut legend = String::new();
    for (count, class, label) in parts {
        let percent = number::ratio(count, total) * 100.0;
        let _ = write!(bar, "<span class=\"{class}\" style=\"flex:{percent:.3}\"></span>");
        let _ = write!(
            legend,
            "<li><i class=\"{class}\"></i><b>{}</b> {label} <small>{}</small></li>",
            number::count(count),
            number::share(count, total)
        );
    }
    format!("<div class=stack aria-hidden=true>{bar}</div><ul class=legend>{legend}</ul>")
}

/// A bar in a cell, as long as its share of the longest.
pub(super) fn bar(attacks: u64, suspicious: u64, most: u64) -> String {
    let percent = |value: u64| number::ratio(value, most) * 100.0;
    let part = |value: u64, class: &str| {
        if value == 0 {
            return String::new();
        }
        format!("<span class=\"{class}\" style=\"width:{:.2}%\"></span>", percent(value))
    };
    format!(
        "<div class=bar aria-hidden=true>{}{}</div>",
        part(attacks, "blocked"),
        part(suspicious, "flagged")
    )
}
