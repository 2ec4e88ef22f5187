//! What strangers send: values of any size, and text that would like to be SQL.

use bartizan_model::{AssessedField, Location, Severity, ThreatClass};
use bartizan_store::{AlertFilter, AlertStep, AlertWrite, EndpointFilter, Filter, Page};

use super::Site;
use super::sample::{alert, at, attack, batch, plain, read_all};

/// Longer than anything may be kept.
const HUGE: usize = 10_000_000;

pub(crate) async fn values_of_any_size_are_kept_within_their_caps(site: Site) {
    let huge = "\u{1F525}".repeat(HUGE / 4);
    let mut one = attack(1, "/");
    one.request.target = vec![0xFF; HUGE];
    one.request.client.clone_from(&huge);
    one.request.host = Some(huge.clone());
    one.request.method.clone_from(&huge);
    one.request.headers = vec![("x-many".to_owned(), vec![b'a'; 10_000]); 1_000];
    one.request.headers.insert(0, ("user-agent".to_owned(), vec![b'a'; HUGE]));
    one.request.body = Some(vec![0; HUGE]);
    one.request.raw_line = Some(huge.clone());
    one.request.response_bytes = Some(u64::MAX);
    one.request.response_time_ms = Some(f64::NAN);
    one.verdict.payload = Some(huge.clone());
    one.verdict.details = Some(huge.clone());
    one.assessment.explanation[0].text.clone_from(&huge);
    one.assessment.explanation[0].weight = f64::INFINITY;
    let field = AssessedField {
        location: Location::Query,
        name: Some(huge.clone()),
        value: huge,
        truncated: false,
        score: one.verdict.score.unwrap_or_default(),
        class: None,
    };
    one.assessment.fields = vec![field; 3];
    let mut empty = plain(2, "");
    empty.request.client = String::new();
    empty.request.method = String::new();
    let committed = site.store.commit(batch(vec![one, empty])).await.expect("committed");
    assert_eq!(read_all(&site.store).await.len(), 2);
    let (row, request, detail, _) = site.store.threat_by_id(1).await.expect("read").expect("there");
    assert_eq!(row, committed.threats[0]);
    assert!(
        row.endpoint.chars().count() <= 2_049 && row.user_agent.is_some_and(|agent| agent.len() == 1_024)
    );
    let whole = format!("{request:?} {detail:?} {:?} {:?} {}", row.payload, row.details, row.ip);
    assert!(whole.len() < 1_000_000, "{} bytes are kept of one request", whole.len());
    assert!(detail.fields[0].truncated);
}

pub(crate) async fn text_that_looks_like_sql_is_only_text(site: Site) {
    site.store.commit(batch(vec![plain(1, "/a"), attack(2, "/b?x=1")])).await.expect("committed");
    for text in [
        "'",
        "\"",
        "' OR 1=1 --",
        "'; DROP TABLE traffic; --",
        "$1",
        "?",
        "?1",
        "%",
        "_",
        "\\",
        "\0",
        "*.",
        "/*",
    ] {
        let one = || vec![text.to_owned()];
        for endpoint in [
            EndpointFilter::Target(text.to_owned()),
            EndpointFilter::Path(text.to_owned()),
            EndpointFilter::Either(text.to_owned()),
        ] {
            let filter = Filter { endpoint: Some(endpoint), ..Filter::default() };
            assert!(
                site.store.traffic(&filter, &Page::newest(9)).await.expect(text).rows.is_empty(),
                "{text}"
            );
        }
        for filter in [
            Filter { ip: one(), ..Filter::default() },
            Filter { method: one(), ..Filter::default() },
            Filter { host: one(), ..Filter::default() },
            Filter { words: vec![text.to_owned(), "absent".to_owned()], ..Filter::default() },
        ] {
            for rows in [
                site.store.traffic(&filter, &Page::newest(9)).await.expect(text).rows.len(),
                site.store.threats(&filter, &Page::newest(9)).await.expect(text).rows.len(),
                site.store.activities(&filter, &Page::newest(9)).await.expect(text).rows.len(),
            ] {
                assert_eq!(rows, 0, "{text}");
            }
        }
        let prefix = Filter { endpoint: Some(EndpointFilter::Prefix(text.to_owned())), ..Filter::default() };
        site.store.traffic(&prefix, &Page::newest(9)).await.expect(text);
        let mut named = alert(text);
        text.clone_into(&mut named.title);
        let position = site.store.alert_position().await.expect(text);
        let write = AlertWrite::of(named.clone());
        let step = AlertStep { from: position, to: position, alerts: vec![write], ..AlertStep::default() };
        named.id = site.store.write_alerts(&step).await.expect(text)[0];
        let wanted = AlertFilter {
            words: vec![text.to_owned(), "absent".to_owned()],
            severity: vec![Severity::High],
            class: vec![ThreatClass::SqlInjection],
            ..AlertFilter::default()
        };
        assert!(site.store.alerts(&wanted, &Page::newest(9)).await.expect(text).rows.is_empty());
        assert!(!site.store.knows_host(text).await.expect(text));
        assert_eq!(site.store.source(text).await.expect(text), None);
        let mut request = attack(3, text);
        request.request.host = Some(text.to_owned());
        text.clone_into(&mut request.request.client);
        text.clone_into(&mut request.request.method);
        request.verdict.details = Some(text.to_owned());
        site.store.commit(batch(vec![request])).await.expect(text);
        // Taken back out of the way of the next text.
        let now = at(300 * 86_400);
        let old = at(-86_400);
        let cutoffs =
            bartizan_store::RetentionCutoffs { traffic: old, threats: old, alerts: now, metrics: old };
        site.store.expire(cutoffs).await.expect(text);
    }
    assert_eq!(read_all(&site.store).await.len(), 15);
}
