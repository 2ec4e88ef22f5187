//! `bartizan check`: one verdict on one request, with the bytes that carried it.

use std::io::{IsTerminal, Read};

use anyhow::{Context, anyhow, bail};
use bartizan_detect::Policy;
use bartizan_model::{AssessedField, Assessment, Clock, Evidence, Mode, SystemClock, Verdict};
use serde_json::{Value, json};

use crate::args::Check;
use crate::output;

/// Longest request that is read, in bytes; the same as `POST /check` takes.
const MAX_INPUT: u64 = 1 << 20;

/// How marked bytes look on a terminal, and where the output is no terminal.
const COLOURS: (&str, &str) = ("\u{1b}[1;31m", "\u{1b}[0m");
const BRACKETS: (&str, &str) = ("[[", "]]");

pub(crate) fn run(args: &Check) -> anyhow::Result<()> {
    let mut input = Vec::new();
    std::io::stdin()
        .lock()
        .take(MAX_INPUT + 1)
        .read_to_end(&mut input)
        .context("cannot read standard input")?;
    if input.len() as u64 > MAX_INPUT {
        bail!("the request is longer than {MAX_INPUT} bytes");
    }
    let request = bartizan_api::read_check_request(&input, SystemClock.now()).map_err(|problem| {
        anyhow!(
            "standard input must hold a request such as {{\"method\": \"GET\", \"path\": \"/a?id=1\"}}: {problem}"
        )
    })?;
    let detector = super::detector(args.model.as_deref())?;
    let manifest = detector.manifest();
    let policy = Policy { thresholds: manifest.thresholds, mode: Mode::Monitor };
    let assessment = detector.inspect(&request);
    let verdict = policy.decide(&assessment);
    if args.json {
        let answer = as_json(&assessment, &verdict, &manifest.version, policy.thresholds.block);
        output::line(serde_json::to_string_pretty(&answer).context("the verdict cannot be shown")?);
    } else {
        let marks = if std::io::stdout().is_terminal() { COLOURS } else { BRACKETS };
        output::line(as_text(&assessment, &verdict, &manifest.version, marks));
    }
    Ok(())
}

fn as_json(assessment: &Assessment, verdict: &Verdict, model: &str, threshold: f64) -> Value {
    let score = assessment.score.map_or(0.0, bartizan_model::AnomalyScore::value);
    let scores: serde_json::Map<String, Value> =
        assessment.scores.iter().map(|(class, score)| (class.as_str().to_owned(), json!(score))).collect();
    json!({
        "action": verdict.action,
        "class": verdict.class,
        "severity": verdict.severity,
        "score": score,
        "threshold": threshold,
        "is_anomaly": score > threshold,
        "decided_by": verdict.decided_by,
        "details": verdict.details,
        "model": model,
        "scores": scores,
        "fields": assessment.fields,
        "explanation": spans(assessment),
    })
}

fn as_text(assessment: &Assessment, verdict: &Verdict, model: &str, marks: (&str, &str)) -> String {
    let score = assessment.score.map_or(0.0, bartizan_model::AnomalyScore::value);
    let class = verdict.class.map_or("", bartizan_model::ThreatClass::display_name);
    let mut lines = vec![format!(
        "{}  {class}  score {score:.4}  decided by {}  model {model}",
        verdict.action.as_str(),
        verdict.decided_by.as_str()
    )];
    lines.extend(verdict.details.clone());
    for field in &assessment.fields {
        let name = field.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
        let marked: Vec<&Evidence> = spans(assessment)
            .into_iter()
            .filter(|span| span.location == field.location && span.name == field.name && span.weight > 0.0)
            .collect();
        let value = highlight(field, &marked, marks);
        lines.push(format!("  {:.4}  {}{name}: {value}", field.score.value(), field.location));
        for span in marked.iter().filter(|span| span.decoded_from.is_some()) {
            lines.push(format!("          read as: {}", printable(&span.text)));
        }
    }
    lines.join("\n")
}

fn spans(assessment: &Assessment) -> Vec<&Evidence> {
    let found = assessment.findings.iter().flat_map(|finding| &finding.evidence);
    assessment.explanation.iter().chain(found).collect()
}

/// The value with the spans marked; spans count in UTF-16 code units, like those of the API.
fn highlight(field: &AssessedField, spans: &[&Evidence], (open, close): (&str, &str)) -> String {
    let mut text = String::new();
    let mut inside = false;
    let mut unit = 0;
    for c in field.value.chars() {
        let marked = spans.iter().any(|span| span.start <= unit && unit < span.end);
        if marked != inside {
            text.push_str(if marked { open } else { close });
            inside = marked;
        }
        text.push_str(&printable(c.encode_utf8(&mut [0; 4])));
        unit += c.len_utf16();
    }
    if inside {
        text.push_str(close);
    }
    text
}

/// Attack text must not drive the terminal: control characters are shown escaped.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bartizan_model::{AnomalyScore, Location};

    fn span(start: usize, end: usize) -> Evidence {
        Evidence {
            location: Location::Query,
            name: None,
            start,
            end,
            text: String::new(),
            weight: 1.0,
            decoded_from: None,
        }
    }

    #[test]
    fn spans_are_marked_by_utf16_units_and_control_characters_are_escaped() {
        let field = AssessedField {
            location: Location::Query,
            name: None,
            value: "a\u{1F600}b\u{1b}c".to_owned(),
            truncated: false,
            score: AnomalyScore::new(1.0),
            class: None,
        };
        let (emoji, end) = (span(1, 3), span(5, 6));
        assert_eq!(highlight(&field, &[&emoji, &end], BRACKETS), "a[[\u{1F600}]]b\\u{1b}[[c]]");
        assert_eq!(highlight(&field, &[], BRACKETS), "a\u{1F600}b\\u{1b}c");
    }
}
