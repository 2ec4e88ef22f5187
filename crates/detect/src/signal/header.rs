//! Signals in the headers, the name of the client among them.

use bartizan_model::{Finding, HttpRequest, Location};

use super::catalogue::Catalogue;
use super::evidence::{self, finding, span};
use super::{MAX_SEARCHED, Settled};

/// At most one finding per signal.
pub(super) fn search(catalogue: &Catalogue, request: &HttpRequest, found: &mut Vec<Finding>) {
    let mut settled = Settled::default();
    for (name, value) in &request.headers {
        let Some(watch) = catalogue.watched.get(name) else { continue };
        if let Some(sign) = &watch.presence
            && !value.is_empty()
            && settled.is_first(sign.number)
        {
            let evidence = vec![evidence::header(name, value)];
            found.push(finding(sign.signal.class, sign.signal.action, sign.sentence(), evidence));
        }
        if !watch.is_searched {
            continue;
        }
        let lower = value.get(..value.len().min(MAX_SEARCHED)).unwrap_or_default().to_ascii_lowercase();
        for (sign, range) in catalogue.headers.hits(&lower) {
            let signal = &sign.signal;
            if sign.is_of_header(name) && settled.is_first(sign.number) && super::fits(signal, request) {
                let text = value.get(range.clone()).unwrap_or_default();
                let evidence = vec![span(Location::Header, Some(name), value, range, text)];
                found.push(finding(signal.class, signal.action, sign.sentence(), evidence));
            }
        }
    }
}
