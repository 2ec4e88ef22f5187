//! What no text model can see: sensitive files, scanners by name, endpoints that are exploits by themselves, and
//! connections that do not speak HTTP. A curated list, named as what it is, and never part of the model's score.

mod catalogue;

use bartizan_model::{Action, DecidedBy, Evidence, Finding, HttpRequest, Location, MISSING, ThreatClass};

use crate::canonical::{Flags, Text, Tracking, Wrapping, decode};
use catalogue::{CATALOGUE, Catalogue, Signal, Where};

/// Bytes of a target and of a user agent that are searched.
const MAX_SEARCHED: usize = 16 * 1024;
/// Findings of one request; more say nothing new.
const MAX_FINDINGS: usize = 4;

/// What the list says about a request, at most one finding per signal.
pub(crate) fn findings(request: &HttpRequest) -> Vec<Finding> {
    if request.method == MISSING {
        return garbage(request).into_iter().collect();
    }
    let mut found: Vec<(usize, Finding)> = Vec::new();
    if let Some(catalogue) = CATALOGUE.as_ref() {
        search_target(catalogue, request, &mut found);
        search_agent(catalogue, request, &mut found);
    }
    let mut findings: Vec<Finding> = found.into_iter().map(|(_, finding)| finding).collect();
    if matches!(request.method.as_str(), "CONNECT" | "TRACE" | "TRACK" | "DEBUG") {
        let details = format!("The method {} is used by scanners alone", request.method);
        findings.push(finding(ThreatClass::Scanner, Action::Flag, details, Vec::new()));
    }
    findings.truncate(MAX_FINDINGS);
    findings
}

/// A request line that is none: another protocol, or bytes thrown at the port. An empty one is a connection that
/// was closed unused, which browsers do all the time.
fn garbage(request: &HttpRequest) -> Option<Finding> {
    let line = request.target.trim_ascii();
    if line.is_empty() || line == b"-" {
        return None;
    }
    let escaped = [b"\\x16\\x03".as_slice(), b"\x16\x03"];
    let details = if escaped.iter().any(|hello| line.starts_with(hello)) {
        "A TLS handshake was sent to a port that speaks plain HTTP"
    } else if line.iter().any(|byte| !(b' '..=b'~').contains(byte)) || line.starts_with(b"\\x") {
        "Binary bytes instead of a request"
    } else {
        "A request line that is not HTTP"
    };
    Some(finding(ThreatClass::Scanner, Action::Flag, details.to_owned(), Vec::new()))
}

fn search_target(catalogue: &Catalogue, request: &HttpRequest, found: &mut Vec<(usize, Finding)>) {
    let raw = request.target.get(..request.target.len().min(MAX_SEARCHED)).unwrap_or_default();
    let text = decode(raw, Wrapping::None, Tracking::On, &mut Flags::default());
    let lower = text.bytes().to_ascii_lowercase();
    // Where the raw query begins, in decoded bytes: an encoded question mark is part of the path.
    let raw_path = request.path().len();
    let path_end = (0..lower.len()).find(|at| text.origin(*at, at + 1).0 >= raw_path).unwrap_or(lower.len());
    for hit in catalogue.targets.find_overlapping_iter(&lower) {
        let Some(owner) = catalogue.target_owners.get(hit.pattern().as_usize()).copied() else { continue };
        let Some(signal) = catalogue.signals.get(owner) else { continue };
        let known = found.iter().any(|(other, _)| *other == owner);
        if !known && applies(signal, request, &lower, path_end, hit.start(), hit.end()) {
            let evidence = target_evidence(request, &text, hit.start(), hit.end());
            found.push((owner, finding(signal.class, signal.action, sentence(signal), vec![evidence])));
        }
    }
}

fn applies(
    signal: &Signal,
    request: &HttpRequest,
    lower: &[u8],
    path_end: usize,
    start: usize,
    end: usize,
) -> bool {
    if signal.missing && !matches!(request.status, 400 | 401 | 403 | 404 | 405 | 410) {
        return false;
    }
    let before = start.checked_sub(1).and_then(|at| lower.get(at));
    let in_path = end <= path_end;
    let placed = match signal.place {
        Where::Segment => {
            in_path && before == Some(&b'/') && (end == path_end || lower.get(end) == Some(&b'/'))
        }
        Where::Suffix => end == path_end,
        Where::Path => in_path,
        Where::Target => true,
        Where::Query => start > path_end && matches!(before, Some(b'?' | b'&')),
        Where::Agent => false,
    };
    let rest = lower.get(end..).unwrap_or_default();
    let numbered = !rest.is_empty() && rest.len() <= 6 && rest.iter().all(u8::is_ascii_digit);
    placed && (!signal.digits || numbered)
}

fn search_agent(catalogue: &Catalogue, request: &HttpRequest, found: &mut Vec<(usize, Finding)>) {
    let Some(agent) = request.header("user-agent") else { return };
    let lower = agent.get(..agent.len().min(MAX_SEARCHED)).unwrap_or_default().to_ascii_lowercase();
    for hit in catalogue.agents.find_overlapping_iter(&lower) {
        let Some(owner) = catalogue.agent_owners.get(hit.pattern().as_usize()).copied() else { continue };
        let Some(signal) = catalogue.signals.get(owner) else { continue };
        if !found.iter().any(|(other, _)| *other == owner) {
            let evidence = evidence(
                Location::Header,
                Some("user-agent"),
                agent,
                hit.start(),
                hit.end(),
                &lower,
                hit.range(),
            );
            found.push((owner, finding(signal.class, signal.action, sentence(signal), vec![evidence])));
        }
    }
}

fn sentence(signal: &Signal) -> String {
    format!("{} ({})", signal.details, signal.name)
}

/// Evidence in the path or in the query, whichever the hit begins in.
fn target_evidence(request: &HttpRequest, text: &Text, start: usize, end: usize) -> Evidence {
    let (from, to) = text.origin(start, end);
    let path = request.path();
    if from < path.len() {
        evidence(Location::Path, None, path, from, to.min(path.len()), text.bytes(), start..end)
    } else {
        let offset = path.len() + 1;
        let query = request.query().unwrap_or_default();
        let (from, to) = (from.saturating_sub(offset), to.saturating_sub(offset));
        evidence(Location::Query, None, query, from, to, text.bytes(), start..end)
    }
}

fn evidence(
    location: Location,
    name: Option<&str>,
    raw: &[u8],
    from: usize,
    to: usize,
    decoded: &[u8],
    range: std::ops::Range<usize>,
) -> Evidence {
    let utf16 = |bytes: &[u8]| String::from_utf8_lossy(bytes).encode_utf16().count();
    let start = utf16(raw.get(..from).unwrap_or_default());
    let span = raw.get(from..to).unwrap_or_default();
    let text = String::from_utf8_lossy(decoded.get(range).unwrap_or_default()).into_owned();
    let spelled = String::from_utf8_lossy(span).into_owned();
    Evidence {
        location,
        name: name.map(str::to_owned),
        start,
        end: start + utf16(span),
        decoded_from: (spelled != text).then_some(spelled),
        text,
        weight: 1.0,
    }
}

fn finding(class: ThreatClass, action: Action, details: String, evidence: Vec<Evidence>) -> Finding {
    Finding { by: DecidedBy::Rule, class, action, details, evidence }
}

#[cfg(test)]
mod tests;
