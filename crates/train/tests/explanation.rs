//! An explanation is a claim: without the marked characters there is no verdict, and the mark is not simply everything.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use bartizan_detect::Detector;
use bartizan_model::{AnomalyScore, Assessment, HttpRequest, Location, Timestamp, Via};
use serde_json::Value;

/// Requests of one of the suites.
fn suite(name: &str) -> Vec<HttpRequest> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("suites").join(name);
    let mut text = String::new();
    let file = File::open(path).expect("the suite is in the repository");
    file.take(64 << 20).read_to_string(&mut text).expect("text");
    text.lines().map(|line| request(&serde_json::from_str(line).expect("a row"))).collect()
}

fn request(row: &Value) -> HttpRequest {
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let (path, query) = (text("path"), text("query"));
    let target = if query.is_empty() { path } else { format!("{path}?{query}") };
    let mut request = HttpRequest::new(Timestamp::default(), &text("method"), target.as_bytes(), Via::Check);
    for (name, value) in row["headers"].as_object().into_iter().flatten() {
        request
            .headers
            .push((name.to_ascii_lowercase(), value.as_str().unwrap_or_default().as_bytes().to_vec()));
    }
    request.body = Some(text("body").into_bytes()).filter(|body| !body.is_empty());
    request
}

fn score(assessment: &Assessment) -> f64 {
    assessment.score.map_or(0.0, AnomalyScore::value)
}

/// Deletes the marked characters of every field from the request; the mean share of the marked fields that they are.
fn without_marks(request: &mut HttpRequest, assessment: &Assessment) -> Option<f64> {
    let mut shares = Vec::new();
    for field in &assessment.fields {
        let units: Vec<u16> = field.value.encode_utf16().collect();
        let mut keep = vec![true; units.len()];
        for span in &assessment.explanation {
            if span.location == field.location && span.name == field.name {
                keep.get_mut(span.start..span.end)?.fill(false);
            }
        }
        let kept: Vec<u16> =
            units.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(unit, _)| *unit).collect();
        if kept.len() == units.len() {
            continue;
        }
        shares.push(1.0 - kept.len() as f64 / units.len() as f64);
        replace(request, field.location, &field.value, &String::from_utf16_lossy(&kept));
    }
    (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / shares.len() as f64)
}

fn replace(request: &mut HttpRequest, location: Location, value: &str, rest: &str) {
    let swap = |bytes: &mut Vec<u8>| {
        let found = bytes.windows(value.len()).position(|part| part == value.as_bytes());
        if let Some(at) = found {
            bytes.splice(at..at + value.len(), rest.bytes());
        }
    };
    match location {
        Location::Path | Location::Query => swap(&mut request.target),
        Location::Header | Location::Cookie => request.headers.iter_mut().for_each(|(_, value)| swap(value)),
        _ => {
            if let Some(body) = &mut request.body {
                swap(body);
            }
        }
    }
}

#[test]
fn deleting_the_marked_characters_removes_the_verdict_and_they_are_few() {
    let detector = Detector::embedded().expect("the shipped model loads");
    let flag = detector.manifest().thresholds.flag;
    let (mut flagged, mut fell, mut shares) = (0_u32, 0_u32, 0.0);
    for request in suite("exploits_recent.jsonl").into_iter().chain(suite("attacks_evasive.jsonl")) {
        let assessment = detector.assess(&request);
        // A field that is shown cut cannot be put back together from what is shown.
        if score(&assessment) < flag || assessment.fields.iter().any(|field| field.truncated) {
            continue;
        }
        let mut reduced = request.clone();
        let Some(share) = without_marks(&mut reduced, &assessment) else { continue };
        flagged += 1;
        shares += share;
        fell += u32::from(score(&detector.assess(&reduced)) < flag);
    }
    let (fell, mean) = (f64::from(fell) / f64::from(flagged), shares / f64::from(flagged));
    assert!(flagged > 1_000, "only {flagged} requests were flagged");
    assert!(fell >= 0.95, "the verdict fell in {:.1} % of {flagged}", fell * 100.0);
    assert!(mean <= 0.30, "{:.1} % of the fields are marked", mean * 100.0);
}
