//! Alerts, their links, what the alert engine remembers, silences and the outbox.

use bartizan_model::{
    Alert, AlertKind, AlertStatus, Delivery, DeliveryState, Occasion, Severity, Silence, SilenceMatch,
    ThreatClass, Timestamp,
};
use bartizan_store::{AlertFilter, AlertStep, AlertWrite, Filter, Page, StoreError, StoredGroup};

use super::Site;
use super::sample::{alert, at, attack, batch, plain};

fn step(from: i64, to: i64) -> AlertStep {
    AlertStep { from, to, at: at(7), ..AlertStep::default() }
}

fn delivery(channel: &str, window_s: i64) -> Delivery {
    Delivery {
        id: 0,
        channel: channel.to_owned(),
        cause: "xss|203.0.113.9|".to_owned(),
        window: Timestamp::from_secs(window_s),
        alert_id: None,
        occasion: Occasion::Raised,
        created_at: at(7),
        due_at: at(8),
        state: DeliveryState::Pending,
        attempts: 0,
        sent_at: None,
        last_error: None,
    }
}

pub(crate) async fn alerts_are_kept_counted_and_handled(site: Site) {
    let store = &site.store;
    let mut raised = alert("sql_injection|203.0.113.9");
    let write = AlertWrite { threat_ids: vec![4, 5, 5], ..AlertWrite::of(raised.clone()) };
    let ids = store.write_alerts(&AlertStep { alerts: vec![write], ..step(0, 5) }).await.expect("written");
    assert_eq!(ids, [1]);
    raised.id = 1;
    assert_eq!(store.alert(1).await.expect("read"), Some(raised.clone()));
    assert_eq!(store.alerts_of_threat(5).await.expect("read"), [1]);
    let active = AlertFilter { active_only: true, ..AlertFilter::default() };
    assert_eq!(store.alerts(&active, &Page::newest(10)).await.expect("read").rows.len(), 1);
    raised.count = 9;
    raised.status = AlertStatus::Dismissed;
    (raised.handled_by, raised.handled_at) = (Some("local".to_owned()), Some(at(9)));
    raised.note = Some("known".to_owned());
    let write = AlertWrite { threat_ids: vec![6], ..AlertWrite::of(raised.clone()) };
    let ids = store.write_alerts(&AlertStep { alerts: vec![write], ..step(5, 5) }).await.expect("written");
    assert_eq!(ids, [1]);
    assert_eq!(store.alert(1).await.expect("read"), Some(raised));
    assert_eq!(store.alerts(&active, &Page::newest(10)).await.expect("read").rows.len(), 0);
    let words = AlertFilter { words: vec!["203.0.113".to_owned()], ..AlertFilter::default() };
    assert_eq!(store.alerts(&words, &Page::newest(10)).await.expect("read").rows.len(), 1);
}

pub(crate) async fn an_alert_takes_over_the_threats_of_others(site: Site) {
    let store = &site.store;
    let held = |ids: Vec<i64>, alert: Alert| AlertWrite { threat_ids: ids, ..AlertWrite::of(alert) };
    let writes = vec![held(vec![1, 2], alert("a")), held(vec![3], alert("b"))];
    let ids = store.write_alerts(&AlertStep { alerts: writes, ..step(0, 3) }).await.expect("written");
    let part = Alert { id: ids[1], status: AlertStatus::Resolved, part_of: Some(ids[0]), ..alert("b") };
    let whole = Alert {
        id: ids[0],
        key: "wide".to_owned(),
        class: None,
        classes: Vec::new(),
        count: 9,
        ..alert("a")
    };
    let writes = vec![
        AlertWrite::of(part.clone()),
        AlertWrite { takes_over: vec![ids[1]], ..held(vec![4], whole.clone()) },
    ];
    store.write_alerts(&AlertStep { alerts: writes, ..step(3, 4) }).await.expect("written");
    assert_eq!(store.alert(ids[0]).await.expect("read"), Some(whole));
    assert_eq!(store.alert(ids[1]).await.expect("read"), Some(part));
    for (threat, alerts) in [(1, vec![ids[0]]), (3, ids.clone()), (4, vec![ids[0]])] {
        assert_eq!(store.alerts_of_threat(threat).await.expect("read"), alerts, "threat {threat}");
    }
}

pub(crate) async fn what_an_alert_holds_can_be_listed(site: Site) {
    let store = &site.store;
    store
        .commit(batch(vec![plain(0, "/a"), attack(1, "/b"), attack(2, "/b"), attack(3, "/b")]))
        .await
        .expect("committed");
    let write = AlertWrite { threat_ids: vec![1, 3], ..AlertWrite::of(alert("k")) };
    store.write_alerts(&AlertStep { alerts: vec![write], ..step(0, 3) }).await.expect("written");
    let page = Page { count: true, ..Page::newest(10) };
    for (alert, threats) in [(1, vec![3, 1]), (2, vec![])] {
        let filter = Filter { alert: Some(alert), ..Filter::default() };
        let found = store.threats(&filter, &page).await.expect("listed");
        assert_eq!(found.rows.iter().map(|threat| threat.id).collect::<Vec<_>>(), threats);
        let found = store.traffic(&filter, &page).await.expect("listed");
        let of: Vec<i64> = found.rows.iter().filter_map(|row| row.threat_id).collect();
        assert_eq!((of, found.total), (threats.clone(), Some(threats.len() as u64)));
    }
}

pub(crate) async fn alerts_are_listed_gravest_first_page_by_page(site: Site) {
    let store = &site.store;
    let grave = |kind, severity, count| Alert { kind, severity, count, ..alert("k") };
    let alerts = vec![
        grave(AlertKind::Warning, Severity::Low, 9_000),
        grave(AlertKind::Critical, Severity::High, 3),
        grave(AlertKind::Warning, Severity::High, 700),
        grave(AlertKind::Critical, Severity::High, 40),
        grave(AlertKind::Warning, Severity::Medium, 1),
    ];
    let writes = alerts.into_iter().map(AlertWrite::of).collect();
    store.write_alerts(&AlertStep { alerts: writes, ..step(0, 0) }).await.expect("written");
    let filter = AlertFilter { by_weight: true, ..AlertFilter::default() };
    let mut page = Page::newest(2);
    let mut ids = Vec::new();
    loop {
        let found = store.alerts(&filter, &page).await.expect("listed");
        ids.extend(found.rows.iter().map(|alert| alert.id));
        let Some(next) = found.next else { break };
        page.after = Some(next);
    }
    assert_eq!(ids, [4, 2, 3, 5, 1]);
}

pub(crate) async fn a_step_of_alerts_is_written_once_and_as_a_whole(mut site: Site) {
    let group = |state: Option<&str>| StoredGroup { key: "g".to_owned(), state: state.map(str::to_owned) };
    let write = AlertWrite {
        threat_ids: vec![1],
        deliveries: vec![delivery("team", 0)],
        ..AlertWrite::of(alert("k"))
    };
    let first = AlertStep { alerts: vec![write], groups: vec![group(Some("{}"))], ..step(0, 3) };
    site.store.write_alerts(&first).await.expect("written");
    let replay = site.store.write_alerts(&first).await;
    assert!(matches!(replay, Err(StoreError::StaleAlerts)), "{replay:?}");
    site.reopen().await;
    let store = &site.store;
    assert_eq!(store.alert_position().await.expect("read"), 3);
    assert_eq!(store.alert_groups(10).await.expect("read"), [group(Some("{}"))]);
    assert_eq!(store.alerts(&AlertFilter::default(), &Page::newest(10)).await.expect("read").rows.len(), 1);
    let outbox = store.deliveries(None, &Page::newest(10)).await.expect("read").rows;
    assert_eq!(outbox.iter().map(|delivery| delivery.alert_id).collect::<Vec<_>>(), [Some(1)]);
    store.write_alerts(&AlertStep { groups: vec![group(None)], ..step(3, 3) }).await.expect("written");
    assert_eq!(store.alert_groups(10).await.expect("read"), []);
    assert_eq!(store.quiet_alerts(at(6), 10).await.expect("read"), [0_i64; 0]);
    assert_eq!(store.quiet_alerts(at(8), 10).await.expect("read"), [1]);
}

pub(crate) async fn a_channel_is_told_of_a_cause_once_per_window(site: Site) {
    let store = &site.store;
    for (channel, window_s, expected) in
        [("team", 0, true), ("team", 0, false), ("mail", 0, true), ("team", 600, true), ("team", 600, false)]
    {
        let inserted = store.insert_delivery(&delivery(channel, window_s)).await.expect("written");
        assert_eq!(inserted, expected, "{channel} {window_s}");
    }
    assert_eq!(store.due_deliveries(at(7), 10).await.expect("read"), []);
    let mut due = store.due_deliveries(at(8), 10).await.expect("read");
    assert_eq!(due.len(), 3);
    (due[0].state, due[0].attempts) = (DeliveryState::Sending, 1);
    (due[1].state, due[1].sent_at) = (DeliveryState::Sent, Some(at(9)));
    (due[2].due_at, due[2].last_error) = (at(60), Some("refused".to_owned()));
    store.update_deliveries(&due).await.expect("written");
    assert_eq!(store.due_deliveries(at(59), 10).await.expect("read"), []);
    assert_eq!(store.due_deliveries(at(60), 10).await.expect("read"), due[2..]);
    assert_eq!(store.give_up_unknown_deliveries().await.expect("written"), 1);
    let tally = store.delivery_tally(at(7)).await.expect("read");
    let total: u64 = tally.iter().map(|(_, _, count)| count).sum();
    assert_eq!(total, 3);
    assert!(tally.contains(&("team".to_owned(), DeliveryState::Unknown, 1)), "{tally:?}");
    let team = store.deliveries(Some("team"), &Page::newest(1)).await.expect("read");
    assert_eq!((team.rows.len(), team.next.is_some()), (1, true));
}

pub(crate) async fn causes_of_any_length_are_told_apart(site: Site) {
    // Numbers that no database can make shorter, and that differ at the end alone.
    let numbers: Vec<_> = (0_u64..900).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_string()).collect();
    let text = numbers.concat();
    for (cause, expected) in
        [(format!("{text}é1"), true), (format!("{text}é2"), true), (format!("{text}é1"), false)]
    {
        let long = Delivery { cause, channel: "c".repeat(255), ..delivery("", 0) };
        assert_eq!(site.store.insert_delivery(&long).await.expect("written"), expected);
    }
    let kept = site.store.deliveries(None, &Page::newest(10)).await.expect("read").rows;
    assert!(
        kept.iter().all(|delivery| delivery.cause.len() <= 1_000 && text.starts_with(&delivery.cause[..900]))
    );
}

pub(crate) async fn critical_alerts_are_found_by_their_severity(site: Site) {
    let critical = Alert { kind: AlertKind::Critical, ..alert("critical") };
    let low = Alert { severity: Severity::Low, ..alert("low") };
    let write = |alert| AlertWrite::of(alert);
    let alerts = vec![write(critical), write(alert("high")), write(low)];
    site.store.write_alerts(&AlertStep { alerts, ..step(0, 1) }).await.expect("written");
    for (severity, expected) in [
        (vec![Severity::Critical], vec!["critical"]),
        (vec![Severity::High], vec!["high", "critical"]),
        (vec![Severity::Critical, Severity::Low], vec!["low", "critical"]),
    ] {
        let filter = AlertFilter { severity, ..AlertFilter::default() };
        let found = site.store.alerts(&filter, &Page::newest(10)).await.expect("read").rows;
        assert_eq!(found.iter().map(|alert| alert.key.as_str()).collect::<Vec<_>>(), expected);
    }
}

pub(crate) async fn silences_are_kept_counted_and_ended(mut site: Site) {
    let mut silence = Silence {
        id: 0,
        created_at: at(1),
        created_by: "local".to_owned(),
        expires_at: Some(at(99)),
        reason: Some("our own scanner".to_owned()),
        matches: SilenceMatch {
            source: Some("detector".to_owned()),
            class: Some(ThreatClass::Scanner),
            ip: Some("203.0.113.0/24".to_owned()),
            host: Some("*.example.com".to_owned()),
            key: Some("k".to_owned()),
        },
        hits: 0,
        last_hit: None,
    };
    silence.id = site.store.insert_silence(&silence).await.expect("written");
    site.store
        .write_alerts(&AlertStep { silenced: vec![(silence.id, 3)], ..step(0, 9) })
        .await
        .expect("written");
    (silence.hits, silence.last_hit) = (3, Some(at(7)));
    site.reopen().await;
    assert_eq!(site.store.silences().await.expect("read"), [silence]);
    assert!(site.store.delete_silence(1).await.expect("deleted"));
    assert!(!site.store.delete_silence(1).await.expect("deleted"));
}
