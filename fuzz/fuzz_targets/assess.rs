//! Any request to its assessment by the shipped model.
#![no_main]

use std::sync::LazyLock;

use bartizan_detect::{Detector, fields};
use bartizan_fuzz::{request, utf16_len};
use bartizan_model::{AnomalyScore, HttpRequest, Location};
use libfuzzer_sys::fuzz_target;

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::embedded().expect("the shipped model loads"));

fuzz_target!(|data: &[u8]| {
    let request = request(data);
    let assessment = DETECTOR.inspect(&request);
    let score = assessment.score.map(AnomalyScore::value).expect("the model judges every request");
    assert!((0.0..=1.0).contains(&score), "score {score}");
    assert_eq!(DETECTOR.assess(&request).score, assessment.score, "looking closer changes the score");

    let found = fields(&request);
    for evidence in &assessment.explanation {
        assert!(evidence.start < evidence.end, "empty evidence");
        assert!((0.0..=1.0).contains(&evidence.weight), "weight {}", evidence.weight);
        let lies_inside = found.iter().any(|field| {
            field.location == evidence.location
                && evidence.end <= utf16_len(field.value)
                && field.name_text() == evidence.name
        });
        assert!(lies_inside, "evidence outside its field: {evidence:?}");
        let is_shown = assessment.fields.iter().any(|field| {
            field.location == evidence.location
                && field.name == evidence.name
                && evidence.end <= field.value.encode_utf16().count()
        });
        assert!(is_shown, "evidence that the shown value does not hold: {evidence:?}");
    }
    for evidence in assessment.findings.iter().flat_map(|finding| &finding.evidence) {
        let lies_inside = values(&request, evidence.location, evidence.name.as_deref())
            .into_iter()
            .any(|value| evidence.start <= evidence.end && evidence.end <= utf16_len(value));
        assert!(lies_inside, "evidence outside its part of the request: {evidence:?}");
    }
});

/// What the list of signals counts its positions in.
fn values<'a>(request: &'a HttpRequest, location: Location, name: Option<&str>) -> Vec<&'a [u8]> {
    let is_named = |header: &str| name.is_some_and(|name| header.starts_with(name));
    match location {
        Location::Path => vec![request.path()],
        Location::Query => request.query().into_iter().collect(),
        _ => request.headers.iter().filter(|(name, _)| is_named(name)).map(|(_, value)| &**value).collect(),
    }
}
