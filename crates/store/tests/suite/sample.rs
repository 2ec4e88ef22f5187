//! Requests and alerts to put into a store.

use std::sync::Arc;

use bartizan_model::{
    Action, Alert, AlertKind, AlertStatus, AnomalyScore, Assessment, Clock, DecidedBy, Evidence, HttpRequest,
    Location, Severity, ThreatClass, Timestamp, TrafficRecord, Verdict, Via,
};
use bartizan_store::{CommitBatch, Filter, Judged, Page, Store};

/// Time zero of the tests: 2026-03-04T05:00:00Z.
const BASE_S: i64 = 1_772_600_400;

/// A day in seconds.
pub(crate) const DAY: i64 = 86_400;

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_secs(BASE_S + seconds)
}

/// The time of the tests: long after their events.
#[derive(Debug)]
pub(crate) struct Later;

impl Clock for Later {
    fn now(&self) -> Timestamp {
        at(200 * DAY)
    }
}

pub(crate) fn batch(judged: Vec<Judged>) -> CommitBatch {
    CommitBatch { judged: judged.into(), source: None, received_at: at(100_000) }
}

pub(crate) fn plain(seconds: i64, target: &str) -> Judged {
    let mut request = HttpRequest::new(at(seconds), "GET", target.as_bytes(), Via::Log);
    "203.0.113.9".clone_into(&mut request.client);
    request.status = 200;
    request.headers = vec![("user-agent".to_owned(), b"curl/8.5.0".to_vec())];
    let score = AnomalyScore::new(0.01);
    let assessment =
        Assessment { score: Some(score), model: Some(Arc::from("wall-test")), ..Assessment::default() };
    Judged { request, assessment, verdict: Verdict::allow(Some(score)), judged_us: 20 }
}

pub(crate) fn attack(seconds: i64, target: &str) -> Judged {
    let mut judged = plain(seconds, target);
    let class = ThreatClass::SqlInjection;
    judged.assessment.explanation = vec![Evidence {
        location: Location::Query,
        name: Some("q".to_owned()),
        start: 0,
        end: 1,
        text: "' or 1=1".to_owned(),
        weight: 0.9,
        decoded_from: None,
    }];
    judged.verdict = Verdict {
        action: Action::Block,
        enforced: false,
        class: Some(class),
        severity: Some(Severity::of(class, 0.97, Action::Block)),
        score: Some(AnomalyScore::new(0.97)),
        decided_by: DecidedBy::Model,
        payload: Some("' or 1=1".to_owned()),
        details: Some("SQL syntax in query parameter q".to_owned()),
    };
    judged
}

pub(crate) fn alert(key: &str) -> Alert {
    Alert {
        id: 0,
        key: key.to_owned(),
        kind: AlertKind::Warning,
        severity: Severity::High,
        title: "SQL injection attempts".to_owned(),
        description: "1 hit from 203.0.113.9".to_owned(),
        raised_at: at(7),
        first_seen: at(5),
        last_seen: at(6),
        count: 1,
        source: "detector".to_owned(),
        status: AlertStatus::Open,
        handled_by: None,
        handled_at: None,
        class: Some(ThreatClass::SqlInjection),
        related_ip: Some("203.0.113.9".to_owned()),
        related_endpoint: Some("/a".to_owned()),
        related_threat_id: Some(1),
        host: Some("shop.example.com".to_owned()),
        clients: 2,
        targets: 3,
        classes: vec![(ThreatClass::Xss, 2), (ThreatClass::SqlInjection, 1)],
        part_of: None,
        advice: "Look at the samples.".to_owned(),
        note: None,
    }
}

pub(crate) async fn read_all(store: &Arc<dyn Store>) -> Vec<TrafficRecord> {
    let mut rows = Vec::new();
    let mut page = Page::newest(1_000);
    loop {
        let got = store.traffic(&Filter::default(), &page).await.expect("listed");
        rows.extend(got.rows);
        match got.next {
            Some(next) => page.after = Some(next),
            None => return rows,
        }
    }
}

/// A linear congruential generator (Knuth's MMIX constants): the same numbers on every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    pub(crate) fn one_of<T: Clone>(&mut self, values: &[T]) -> T {
        let at = usize::try_from(self.below(values.len() as u64)).expect("small");
        values[at].clone()
    }
}
