//! The alert engine on a real store.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bartizan_bus::LocalBus;
use bartizan_model::{
    Action, Alert, AlertKind, AlertStatus, AnomalyScore, Assessment, Clock, DecidedBy, HttpRequest, Severity,
    Silence, SilenceMatch, ThreatClass, Timestamp, Verdict, Via,
};
use bartizan_store::{AlertFilter, CommitBatch, Judged, Page, Store};

use super::{AlertEngine, AlertSettings, ChannelRule, Condition};

#[derive(Debug)]
struct SetClock(AtomicI64);

impl SetClock {
    fn set(&self, second: i64) {
        self.0.store(second, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(self.0.load(Ordering::SeqCst))
    }
}

struct Site {
    _folder: tempfile::TempDir,
    store: Arc<dyn Store>,
    clock: Arc<SetClock>,
    engine: AlertEngine,
}

/// One threat to come: when, from whom, of which class, on which site.
type Hit<'a> = (i64, &'a str, ThreatClass, &'a str);

impl Site {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Arc::new(SetClock(AtomicI64::new(1_000)));
        let url = format!("sqlite://{}", folder.path().join("rows.db").display());
        let store = bartizan_store::open(&url, Arc::clone(&clock) as Arc<dyn Clock>).await.expect("opened");
        let engine = engine(&store, &clock);
        Self { _folder: folder, store, clock, engine }
    }

    /// What a kill leaves: the store, and nothing of what was in memory.
    fn kill(&mut self) {
        self.engine = engine(&self.store, &self.clock);
    }

    async fn commit(&self, hits: &[Hit<'_>]) {
        let judged = hits.iter().map(|hit| judged(*hit)).collect();
        let batch = CommitBatch { judged, source: None, received_at: self.clock.now() };
        self.store.commit(batch).await.expect("committed");
    }

    async fn alerts(&self, active_only: bool) -> Vec<Alert> {
        let filter = AlertFilter { active_only, ..AlertFilter::default() };
        self.store.alerts(&filter, &Page::newest(1_000)).await.expect("listed").rows
    }

    async fn deliveries(&self) -> usize {
        self.store.deliveries(None, &Page::newest(1_000)).await.expect("listed").rows.len()
    }
}

fn engine(store: &Arc<dyn Store>, clock: &Arc<SetClock>) -> AlertEngine {
    let rule = ChannelRule {
        name: "team".to_owned(),
        min_severity: Severity::Low,
        classes: Vec::new(),
        hosts: Vec::new(),
        resolved: true,
        window_s: 3_600,
        gather_s: 0,
        quiet: None,
    };
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    AlertEngine::new(Arc::clone(store), LocalBus::new(), clock, AlertSettings::default(), vec![rule])
}

fn judged((second, client, class, host): Hit<'_>) -> Judged {
    let mut request =
        HttpRequest::new(Timestamp::from_secs(second), "GET", format!("/{second}").as_bytes(), Via::Log);
    client.clone_into(&mut request.client);
    request.host = Some(host.to_owned());
    let score = Some(AnomalyScore::new(0.99));
    let assessment = Assessment { score, class: Some(class), ..Assessment::default() };
    let verdict = Verdict {
        action: Action::Block,
        enforced: false,
        class: Some(class),
        severity: Some(Severity::of(class, 0.99, Action::Block)),
        score,
        decided_by: DecidedBy::Model,
        payload: None,
        details: None,
    };
    Judged { request, assessment, verdict, judged_us: 1 }
}

fn condition(description: &str, severity: Severity) -> Condition {
    Condition {
        key: "disk".to_owned(),
        severity,
        title: "The disk is nearly full".to_owned(),
        description: description.to_owned(),
        advice: "Free some space.".to_owned(),
        host: None,
    }
}

/// Key, count, status, severity, clients and paths.
type Essence = (String, u64, AlertStatus, Severity, u64, u64);

/// Without those that became part of another, which counts what they held.
fn whole(alerts: &[Alert]) -> Vec<Alert> {
    alerts.iter().filter(|alert| alert.part_of.is_none()).cloned().collect()
}

/// What of alerts must not depend on restarts.
fn essence(alerts: &[Alert]) -> Vec<Essence> {
    let essence = alerts.iter().map(|alert| {
        (alert.key.clone(), alert.count, alert.status, alert.severity, alert.clients, alert.targets)
    });
    let mut essence: Vec<_> = essence.collect();
    essence.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    essence
}

/// An hour of a scanner from 50 clients that tries everything, on two sites.
fn campaign(hits: usize) -> Vec<(i64, String, ThreatClass, &'static str)> {
    let hit = |n: usize| {
        let class = ThreatClass::ALL[(n * 7) % ThreatClass::ALL.len()];
        let host = if n.is_multiple_of(5) { "app.example.com" } else { "shop.example.com" };
        let second = 1_000 + i64::try_from(n * 3_600 / hits).expect("small");
        (second, format!("198.51.100.{}", n % 50), class, host)
    };
    (0..hits).map(hit).collect()
}

async fn replay(restart_every: Option<usize>) -> (Vec<Alert>, usize) {
    let mut site = Site::new().await;
    site.clock.set(5_000);
    let hits = campaign(2_000);
    for (n, chunk) in hits.chunks(50).enumerate() {
        let chunk: Vec<Hit<'_>> =
            chunk.iter().map(|(at, client, class, host)| (*at, client.as_str(), *class, *host)).collect();
        site.commit(&chunk).await;
        if restart_every.is_some_and(|every| n.is_multiple_of(every)) {
            // Killed after the commit and before a word was said about it.
            site.kill();
            continue;
        }
        site.engine.catch_up().await.expect("caught up");
    }
    site.kill();
    site.engine.catch_up().await.expect("caught up");
    let told = site.store.deliveries(None, &Page::newest(1_000)).await.expect("listed").rows;
    let causes: BTreeSet<&str> = told.iter().map(|delivery| delivery.cause.as_str()).collect();
    assert_eq!(causes.len(), told.len(), "a cause was told of twice within its window");
    (site.alerts(false).await, told.len())
}

#[tokio::test]
async fn killed_at_any_moment_no_alert_is_lost_and_none_is_doubled() {
    let undisturbed = replay(None).await;
    let total: u64 = whole(&undisturbed.0).iter().map(|alert| alert.count).sum();
    // Single probes of lesser classes wait for a burst that does not come, until their kind is gathered.
    assert!(
        (1_950..=2_000).contains(&total),
        "{total} threats are in exactly one alert that is no part of another"
    );
    for every in [1, 2, 3, 7] {
        let disturbed = replay(Some(every)).await;
        assert_eq!(
            essence(&whole(&disturbed.0)),
            essence(&whole(&undisturbed.0)),
            "killed at every {every}th batch"
        );
        // What is taken in at once is gathered before anybody is told of its parts.
        assert!((1..=undisturbed.1).contains(&disturbed.1), "{} messages", disturbed.1);
    }
}

#[tokio::test]
async fn an_attack_of_many_clients_is_a_few_alerts_and_the_big_ones_are_the_gravest() {
    let (alerts, messages) = replay(None).await;
    assert!(alerts.len() <= 20, "{} alerts: {alerts:#?}", alerts.len());
    assert!(messages <= 12, "{messages} messages");
    let mut shown = whole(&alerts);
    shown.sort_by_key(|alert| std::cmp::Reverse(alert.count));
    assert!(shown.len() <= 3, "{shown:#?}");
    assert_eq!(shown[0].kind, AlertKind::Critical, "{:?}", shown[0]);
    assert_eq!(
        shown.iter().map(|alert| alert.clients).sum::<u64>(),
        50,
        "each client has one site: {shown:#?}"
    );
    assert!(
        shown.iter().map(|alert| std::cmp::Reverse(alert.weight())).is_sorted(),
        "graver is bigger: {shown:#?}"
    );
}

#[tokio::test]
async fn a_client_that_tries_everything_is_one_alert_that_goes_on_from_the_first() {
    let mut site = Site::new().await;
    site.clock.set(1_100);
    let classes = [
        ThreatClass::Xss,
        ThreatClass::SqlInjection,
        ThreatClass::Xxe,
        ThreatClass::Ssrf,
        ThreatClass::PathTraversal,
        ThreatClass::CommandInjection,
        ThreatClass::FileInclusion,
    ];
    for (n, class) in classes.into_iter().enumerate() {
        let second = 1_000 + i64::try_from(n).expect("small");
        site.commit(&[(second, "198.51.100.7", class, "a")]).await;
        site.engine.catch_up().await.expect("caught up");
        site.kill();
    }
    let alerts = site.alerts(true).await;
    let [alert] = alerts.as_slice() else { panic!("{alerts:#?}") };
    assert_eq!((alert.id, alert.count, alert.kind), (1, 7, AlertKind::Critical));
    assert_eq!(alert.title, "198.51.100.7 tries 7 kinds of attack on 7 paths");
    assert_eq!(
        alert.description,
        "7 hits in 6 s from 198.51.100.7 on a: SQL Injection (1), XSS (1), Path Traversal (1) and 4 more, 7 paths, \
         would be blocked"
    );
    assert_eq!(alert.classes.len(), 7);
    let part = site.store.alert(2).await.expect("read").expect("there");
    assert_eq!((part.status, part.part_of, part.count), (AlertStatus::Resolved, Some(1), 1));
    assert_eq!(site.store.alerts_of_threat(2).await.expect("read"), [1, 2], "its threats are in both");
    assert_eq!(
        site.deliveries().await,
        2,
        "of the first two kinds; what gathers them is no news within the window"
    );
    // Somebody else is still somebody else.
    site.commit(&[(1_010, "198.51.100.8", ThreatClass::Xss, "a")]).await;
    site.engine.catch_up().await.expect("caught up");
    assert_eq!(site.alerts(true).await.len(), 2);
}

#[tokio::test]
async fn what_somebody_has_taken_in_hand_is_left_to_them() {
    let site = Site::new().await;
    site.commit(&[(1_000, "198.51.100.7", ThreatClass::Xss, "a")]).await;
    site.engine.catch_up().await.expect("caught up");
    site.engine.set_status(&[1], AlertStatus::Acknowledged, "ann", None).await.expect("set");
    let later = [ThreatClass::Ssrf, ThreatClass::Xxe, ThreatClass::SqlInjection, ThreatClass::Xss];
    site.commit(&later.map(|class| (1_010, "198.51.100.7", class, "a"))).await;
    site.engine.catch_up().await.expect("caught up");
    let alerts = site.alerts(true).await;
    let seen: Vec<_> = alerts.iter().map(|alert| (alert.id, alert.status, alert.count)).collect();
    assert_eq!(seen, [(2, AlertStatus::Open, 3), (1, AlertStatus::Acknowledged, 2)]);
}

#[tokio::test]
async fn an_alert_resolves_when_its_attack_has_ended() {
    let mut site = Site::new().await;
    site.commit(&[(1_000, "198.51.100.7", ThreatClass::Xss, "a")]).await;
    site.engine.catch_up().await.expect("caught up");
    site.clock.set(2_000);
    site.engine.resolve_quiet().await.expect("looked");
    assert_eq!(site.alerts(true).await.len(), 1);
    site.kill();
    site.clock.set(2_801);
    site.engine.resolve_quiet().await.expect("looked");
    assert_eq!(site.alerts(true).await.len(), 0);
    assert_eq!(site.alerts(false).await[0].status, AlertStatus::Resolved);
    site.commit(&[(2_801, "198.51.100.7", ThreatClass::Xss, "a")]).await;
    site.engine.catch_up().await.expect("caught up");
    assert_eq!(site.alerts(true).await.len(), 1, "the next attack is another alert");
    assert_eq!(site.deliveries().await, 1, "of which nobody is told within the same window");
}

#[tokio::test]
async fn a_dismissed_alert_stays_quiet_and_can_be_reopened() {
    let mut site = Site::new().await;
    site.commit(&[(1_000, "198.51.100.7", ThreatClass::Xss, "a")]).await;
    site.engine.catch_up().await.expect("caught up");
    let id = site.alerts(true).await[0].id;
    site.engine.set_status(&[id, 99], AlertStatus::Dismissed, "ann", Some("ours")).await.expect("set");
    site.kill();
    site.commit(&[(1_010, "198.51.100.7", ThreatClass::Xss, "a")]).await;
    site.engine.catch_up().await.expect("caught up");
    assert_eq!(site.alerts(true).await.len(), 0);
    let again = site.engine.set_status(&[id, 99], AlertStatus::Dismissed, "bob", None).await.expect("set");
    assert_eq!(again.unknown, [99]);
    assert_eq!(
        (again.alerts[0].handled_by.as_deref(), again.alerts[0].note.as_deref()),
        (Some("ann"), Some("ours"))
    );
    site.engine.set_status(&[id], AlertStatus::Open, "bob", None).await.expect("set");
    site.commit(&[(1_020, "198.51.100.7", ThreatClass::Xss, "a")]).await;
    site.engine.catch_up().await.expect("caught up");
    let alerts = site.alerts(true).await;
    assert_eq!((alerts.len(), alerts[0].id, alerts[0].count), (1, id, 3));
}

#[tokio::test]
async fn what_was_resolved_by_hand_is_over_and_can_be_taken_up_again() {
    let site = Site::new().await;
    site.commit(&[(1_000, "198.51.100.7", ThreatClass::Xss, "a")]).await;
    site.engine.catch_up().await.expect("caught up");
    let first = site.alerts(true).await[0].id;
    let done = site.engine.set_status(&[first], AlertStatus::Resolved, "ann", None).await.expect("set");
    assert_eq!((done.before[0].status, done.alerts[0].status), (AlertStatus::Open, AlertStatus::Resolved));
    site.engine.set_status(&[first], AlertStatus::Open, "ann", None).await.expect("reopened");
    site.commit(&[(1_010, "198.51.100.7", ThreatClass::Xss, "a")]).await;
    site.engine.catch_up().await.expect("caught up");
    let alerts = site.alerts(true).await;
    assert_eq!((alerts.len(), alerts[0].id, alerts[0].count), (1, first, 2), "the same one goes on counting");
    site.engine.set_status(&[first], AlertStatus::Resolved, "ann", None).await.expect("set");
    site.commit(&[(1_020, "198.51.100.7", ThreatClass::Xss, "a")]).await;
    site.engine.catch_up().await.expect("caught up");
    let alerts = site.alerts(true).await;
    assert_eq!((alerts.len(), alerts[0].count), (1, 1), "the next event begins another");
    assert_ne!(alerts[0].id, first);
}

#[tokio::test]
async fn a_silence_holds_back_what_it_matches_until_it_ends() {
    let mut site = Site::new().await;
    let hits =
        [(1_000, "198.51.100.7", ThreatClass::Xss, "a"), (1_000, "203.0.113.9", ThreatClass::Xss, "a")];
    site.commit(&hits).await;
    site.engine.catch_up().await.expect("caught up");
    let silence = Silence {
        id: 0,
        created_at: site.clock.now(),
        created_by: "ann".to_owned(),
        expires_at: Some(Timestamp::from_secs(1_500)),
        reason: Some("our scanner".to_owned()),
        matches: SilenceMatch { ip: Some("198.51.100.0/24".to_owned()), ..SilenceMatch::default() },
        hits: 0,
        last_hit: None,
    };
    site.engine.silence(silence).await.expect("silenced");
    let active = site.alerts(true).await;
    assert_eq!(
        active.iter().map(|alert| alert.related_ip.as_deref()).collect::<Vec<_>>(),
        [Some("203.0.113.9")]
    );
    site.kill();
    site.commit(&[
        (1_010, "198.51.100.7", ThreatClass::Xss, "a"),
        (1_011, "198.51.100.8", ThreatClass::Ssrf, "b"),
    ])
    .await;
    site.engine.catch_up().await.expect("caught up");
    assert_eq!(site.alerts(true).await.len(), 1);
    assert_eq!(site.engine.silences().await.expect("read")[0].hits, 2);
    site.clock.set(1_500);
    site.commit(&[(1_500, "198.51.100.7", ThreatClass::Xss, "a")]).await;
    site.engine.catch_up().await.expect("caught up");
    assert_eq!(site.alerts(true).await.len(), 2, "it has ended, and the attack goes on");
}

#[tokio::test]
async fn a_condition_is_one_alert_from_its_beginning_to_its_end() {
    let mut site = Site::new().await;
    let full = condition("less than 512 MiB are free", Severity::High);
    for second in [1_000, 1_030, 1_060] {
        site.clock.set(second);
        site.engine.reconcile(std::slice::from_ref(&full)).await.expect("written");
        site.kill();
    }
    let worse = condition("less than 128 MiB are free", Severity::Critical);
    site.engine.reconcile(&[worse]).await.expect("written");
    let alerts = site.alerts(false).await;
    assert_eq!((alerts.len(), alerts[0].description.as_str()), (1, "less than 128 MiB are free"));
    assert_eq!((alerts[0].source.as_str(), alerts[0].status), ("system", AlertStatus::Open));
    // Gone for a moment, or only because nobody looked: still the same.
    site.clock.set(1_200);
    site.engine.reconcile(&[]).await.expect("written");
    site.kill();
    site.clock.set(9_000);
    site.engine.reconcile(&[]).await.expect("written");
    assert_eq!(site.alerts(true).await.len(), 1);
    site.clock.set(9_301);
    site.engine.reconcile(&[]).await.expect("written");
    assert_eq!(site.alerts(false).await[0].status, AlertStatus::Resolved);
    assert_eq!(site.deliveries().await, 2, "that it came, and hours later that it went");
}

#[tokio::test]
async fn a_dismissed_condition_stays_quiet_while_it_lasts() {
    let mut site = Site::new().await;
    let full = [condition("less than 512 MiB are free", Severity::High)];
    site.engine.reconcile(&full).await.expect("written");
    let id = site.alerts(true).await[0].id;
    site.engine.set_status(&[id], AlertStatus::Dismissed, "ann", None).await.expect("set");
    for second in [1_030, 1_060, 1_090] {
        site.kill();
        site.clock.set(second);
        site.engine.reconcile(&full).await.expect("written");
    }
    assert_eq!(site.alerts(false).await.len(), 1);
    site.clock.set(1_400);
    site.engine.reconcile(&[]).await.expect("written");
    site.engine.reconcile(&full).await.expect("written");
    assert_eq!(site.alerts(true).await.len(), 1, "it went and came again");
}

#[tokio::test]
async fn an_old_log_raises_alerts_and_sends_no_message() {
    let site = Site::new().await;
    site.clock.set(1_000_000);
    let hits = [
        (1_000, "198.51.100.7", ThreatClass::Xss, "a"),
        (1_010, "198.51.100.7", ThreatClass::Xss, "a"),
        (50_000, "198.51.100.7", ThreatClass::Xss, "a"),
    ];
    site.commit(&hits).await;
    site.engine.catch_up().await.expect("caught up");
    let alerts = essence(&site.alerts(false).await);
    let seen: Vec<_> = alerts.iter().map(|alert| (alert.1, alert.2)).collect();
    assert_eq!(seen, [(1, AlertStatus::Open), (2, AlertStatus::Resolved)]);
    assert_eq!(site.deliveries().await, 0);
    for alert in site.alerts(false).await {
        assert_eq!(
            site.store.alerts_of_threat(alert.related_threat_id.expect("one")).await.expect("read"),
            [alert.id]
        );
    }
}
