//! The outbox against a real receiver on this machine.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bartizan_bus::LocalBus;
use bartizan_model::{Clock, Delivery, DeliveryState, Severity, Timestamp};
use bartizan_notify::{Way, Webhook, WebhookFormat};
use bartizan_store::{Page, Store};
use jiff::tz::TimeZone;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::{Channel, Outbox};
use crate::alert::{AlertEngine, AlertSettings, ChannelRule, Condition, QuietHours};

#[derive(Debug)]
struct SetClock(AtomicI64);

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(self.0.load(Ordering::SeqCst))
    }
}

/// A receiver that writes down what it is sent.
struct Sink {
    url: String,
    received: Arc<Mutex<Vec<String>>>,
    /// What it answers; 0: nothing at all.
    status: Arc<AtomicI64>,
}

impl Sink {
    async fn new(status: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let received: Arc<Mutex<Vec<String>>> = Arc::default();
        let status = Arc::new(AtomicI64::new(status));
        let (writing, answering) = (Arc::clone(&received), Arc::clone(&status));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (writing, answering) = (Arc::clone(&writing), Arc::clone(&answering));
                tokio::spawn(async move {
                    let mut bytes = Vec::new();
                    let mut chunk = [0; 4_096];
                    // The whole request: head, and as much body as it announces.
                    loop {
                        let Ok(count) = stream.read(&mut chunk).await else { return };
                        bytes.extend_from_slice(&chunk[..count]);
                        let text = String::from_utf8_lossy(&bytes).to_string();
                        let Some((head, body)) = text.split_once("\r\n\r\n") else {
                            if count == 0 {
                                return;
                            }
                            continue;
                        };
                        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                        if body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0) {
                            writing.lock().unwrap_or_else(PoisonError::into_inner).push(text);
                            break;
                        }
                    }
                    let status = answering.load(Ordering::SeqCst);
                    if status == 0 {
                        std::future::pending::<()>().await;
                    }
                    let place = if status == 302 { "location: http://127.0.0.1:9/\r\n" } else { "" };
                    let answer = format!(
                        "HTTP/1.1 {status} x\r\n{place}content-length: 0\r\nconnection: close\r\n\r\n"
                    );
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        Self { url, received, status }
    }

    fn received(&self) -> Vec<String> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

struct Site {
    _folder: tempfile::TempDir,
    store: Arc<dyn Store>,
    clock: Arc<SetClock>,
    channels: Arc<Vec<Channel>>,
    alerts: AlertEngine,
    outbox: Outbox,
}

impl Site {
    async fn new(sink: &Sink, quiet: Option<QuietHours>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Arc::new(SetClock(AtomicI64::new(1_000)));
        let url = format!("sqlite://{}", folder.path().join("rows.db").display());
        let store = bartizan_store::open(&url, Arc::clone(&clock) as Arc<dyn Clock>).await.expect("opened");
        let secret = Some("s3cret".to_owned());
        let way = Way::Webhook(Webhook::new(&sink.url, WebhookFormat::Json, secret).expect("a webhook"));
        let rule = ChannelRule {
            name: "team".to_owned(),
            min_severity: Severity::Low,
            classes: Vec::new(),
            hosts: Vec::new(),
            resolved: false,
            window_s: 3_600,
            gather_s: 10,
            quiet,
        };
        let channels = Arc::new(vec![Channel { rule, way }]);
        let (alerts, outbox) = Self::parts(&store, &clock, &channels);
        Self { _folder: folder, store, clock, channels, alerts, outbox }
    }

    fn parts(
        store: &Arc<dyn Store>,
        clock: &Arc<SetClock>,
        channels: &Arc<Vec<Channel>>,
    ) -> (AlertEngine, Outbox) {
        let time = Arc::clone(clock) as Arc<dyn Clock>;
        let rules = channels.iter().map(|channel| channel.rule.clone()).collect();
        let settings = AlertSettings::default();
        let alerts = AlertEngine::new(Arc::clone(store), LocalBus::new(), Arc::clone(&time), settings, rules);
        (alerts, Outbox::new(Arc::clone(store), time, Arc::clone(channels)))
    }

    /// What a kill leaves: the store.
    fn kill(&mut self) {
        (self.alerts, self.outbox) = Self::parts(&self.store, &self.clock, &self.channels);
    }

    fn advance(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds, Ordering::SeqCst);
    }

    async fn raise(&self, keys: &[&str]) {
        let condition = |key: &&str| Condition {
            key: (*key).to_owned(),
            severity: Severity::High,
            title: format!("{key} is wrong"),
            description: format!("at {}", self.clock.now()),
            advice: "Look at it.".to_owned(),
            host: None,
        };
        let conditions: Vec<Condition> = keys.iter().map(condition).collect();
        self.alerts.reconcile(&conditions).await.expect("written");
    }

    async fn send(&self) {
        self.outbox.send_due().await.expect("looked");
    }

    async fn log(&self) -> Vec<Delivery> {
        self.store.deliveries(None, &Page::newest(100)).await.expect("listed").rows
    }
}

#[tokio::test]
async fn what_comes_together_is_one_signed_message_and_is_sent_once() {
    let sink = Sink::new(200).await;
    let mut site = Site::new(&sink, None).await;
    site.raise(&["disk"]).await;
    site.advance(4);
    site.raise(&["disk", "latency"]).await;
    site.send().await;
    assert_eq!(sink.received().len(), 0, "it waits for company");
    site.advance(6);
    for _ in 0..3 {
        site.send().await;
        site.kill();
        // The same cause, again and again within its window.
        site.raise(&["disk", "latency"]).await;
        site.advance(60);
    }
    site.send().await;
    let received = sink.received();
    assert_eq!(received.len(), 1, "{received:?}");
    assert!(received[0].contains("disk is wrong") && received[0].contains("latency is wrong"));
    for header in ["x-bartizan-signature: v1=", "x-bartizan-timestamp: 1010", "x-bartizan-delivery: d1"] {
        assert!(received[0].contains(header), "{header}: {}", received[0]);
    }
    assert!(!received[0].contains("s3cret"));
    let log = site.log().await;
    assert!(
        log.iter().all(|delivery| delivery.state == DeliveryState::Sent && delivery.attempts == 1),
        "{log:?}"
    );
}

#[tokio::test]
async fn killed_while_sending_it_is_not_sent_again() {
    let sink = Sink::new(0).await;
    let mut site = Site::new(&sink, None).await;
    site.raise(&["disk"]).await;
    site.advance(10);
    let cut_off = async {
        tokio::select! {
            () = site.send() => {}
            () = async { while sink.received().is_empty() { tokio::time::sleep(Duration::from_millis(5)).await } } => {}
        }
    };
    cut_off.await;
    sink.status.store(200, Ordering::SeqCst);
    for _ in 0..3 {
        site.kill();
        site.advance(600);
        site.raise(&["disk"]).await;
        site.send().await;
    }
    assert_eq!(sink.received().len(), 1, "the receiver had it");
    let log = site.log().await;
    assert_eq!((log.len(), log[0].state), (1, DeliveryState::Unknown));
    assert!(log[0].last_error.as_deref().is_some_and(|error| error.contains("may have arrived")), "{log:?}");
}

#[tokio::test]
async fn what_fails_is_tried_again_later_also_after_a_restart_and_given_up_in_the_end() {
    let sink = Sink::new(503).await;
    let mut site = Site::new(&sink, None).await;
    site.raise(&["disk"]).await;
    site.advance(10);
    site.send().await;
    site.send().await;
    assert_eq!(sink.received().len(), 1, "not at once");
    site.kill();
    site.advance(30);
    site.send().await;
    assert_eq!(sink.received().len(), 2);
    assert_eq!(site.log().await[0].last_error.as_deref(), Some("the receiver answered 503"));
    for _ in 0..20 {
        site.kill();
        site.advance(3_600);
        site.send().await;
    }
    assert_eq!(sink.received().len(), 8);
    assert_eq!((site.log().await[0].state, site.log().await[0].attempts), (DeliveryState::Failed, 8));
}

#[tokio::test]
async fn what_was_refused_for_good_is_not_tried_again_and_no_redirect_is_followed() {
    for status in [404, 302] {
        let sink = Sink::new(status).await;
        let site = Site::new(&sink, None).await;
        site.raise(&["disk"]).await;
        site.advance(10);
        site.send().await;
        site.advance(3_600);
        site.send().await;
        assert_eq!(sink.received().len(), 1);
        let log = site.log().await;
        assert_eq!(log[0].last_error, Some(format!("the receiver answered {status}")));
        assert_eq!(log[0].state, DeliveryState::Failed);
    }
}

#[tokio::test]
async fn in_quiet_hours_messages_wait_for_their_end() {
    let sink = Sink::new(200).await;
    let quiet = QuietHours { from_minute: 0, to_minute: 60, zone: TimeZone::UTC, except: Severity::Critical };
    let mut site = Site::new(&sink, Some(quiet)).await;
    let low = Condition {
        key: "drift".to_owned(),
        severity: Severity::Medium,
        title: "drift".to_owned(),
        description: "d".to_owned(),
        advice: String::new(),
        host: None,
    };
    site.alerts.reconcile(&[low]).await.expect("written");
    site.advance(10);
    site.send().await;
    site.kill();
    assert_eq!(sink.received().len(), 0);
    assert_eq!(site.log().await[0].due_at, Timestamp::from_secs(3_600));
    site.advance(2_600);
    site.send().await;
    assert_eq!(sink.received().len(), 1);
}

#[tokio::test]
async fn a_test_tells_at_once_how_it_went() {
    let sink = Sink::new(200).await;
    let site = Site::new(&sink, None).await;
    let sent = site.outbox.test("team").await.expect("tried");
    assert_eq!((sent.state, sent.last_error), (DeliveryState::Sent, None));
    sink.status.store(403, Ordering::SeqCst);
    site.advance(1);
    let failed = site.outbox.test("team").await.expect("tried");
    assert_eq!(failed.last_error.as_deref(), Some("the receiver answered 403"));
    assert!(site.outbox.test("nobody").await.is_err());
    let status = site.outbox.channels().await.expect("read").remove(0);
    assert_eq!((status.sent, status.failed, status.pending, status.kind), (1, 1, 0, "webhook"));
}
