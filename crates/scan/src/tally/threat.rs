//! One attack as a report shows it.

use bartizan_model::{Action, HttpRequest, Severity, ThreatClass, Timestamp, Verdict};

use crate::plain;

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// File, counted from 0.
    pub(crate) file: usize,
    /// Line, counted from 1.
    pub(crate) line: u64,
}

/// A request with its verdict, in plain text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sighting {
    pub(crate) place: Place,
    pub(crate) time: Timestamp,
    pub(crate) client: String,
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) status: u16,
    pub(crate) response_bytes: Option<u64>,
    pub(crate) class: ThreatClass,
    pub(crate) severity: Severity,
    pub(crate) action: Action,
    /// The model's score; `None` when something else decided.
    pub(crate) score: Option<f64>,
    /// One sentence on what was seen.
    pub(crate) details: String,
    /// The text that decided, decoded.
    pub(crate) payload: Option<String>,
}

impl Sighting {
    pub(crate) fn new(request: &HttpRequest, verdict: &Verdict, class: ThreatClass, place: Place) -> Self {
        Self {
            place,
            time: request.time,
            client: plain::text(&request.client),
            method: plain::text(&request.method),
            target: plain::target(&request.target),
            status: request.status,
            response_bytes: request.response_bytes,
            class,
            severity: verdict.severity.unwrap_or(class.base_severity()),
            action: verdict.action,
            score: verdict.score.map(bartizan_model::AnomalyScore::value),
            details: plain::text(verdict.details.as_deref().unwrap_or_default()),
            payload: verdict.payload.as_deref().map(plain::text),
        }
    }

    /// Keeps the request where it is surer than the one that is kept; of equals the first stays.
    pub(crate) fn keep_surest(
        kept: &mut Option<Self>,
        request: &HttpRequest,
        verdict: &Verdict,
        class: ThreatClass,
        place: Place,
    ) {
        let score = verdict.score.map_or(0.0, bartizan_model::AnomalyScore::value);
        let is_surer = kept.as_ref().is_none_or(|kept| {
            let rank = |action: Action| u8::from(action == Action::Block);
            (rank(verdict.action), score) > (rank(kept.action), kept.score.unwrap_or_default())
        });
        if is_surer {
            *kept = Some(Self::new(request, verdict, class, place));
        }
    }
}
