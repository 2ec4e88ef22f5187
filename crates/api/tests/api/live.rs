//! The live socket over a real listener: order, subscriptions, resume, shutdown.

use std::time::Duration;

use bartizan_api::{ApiSettings, LiveSettings, serve};
use bartizan_engine::Recording;
use bartizan_model::HttpRequest;
use bartizan_model::Via;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tokio_util::sync::CancellationToken;

use crate::site::{Site, at};

/// How long a frame may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server on a port of its own.
pub(crate) struct Server {
    pub(crate) site: Site,
    pub(crate) address: std::net::SocketAddr,
    pub(crate) stop: CancellationToken,
    pub(crate) task: JoinHandle<std::io::Result<()>>,
}

/// A client of the socket.
pub(crate) struct Client {
    pub(crate) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

pub(crate) fn quiet() -> LiveSettings {
    // Figures would come between the frames that a test is about.
    let never = Duration::from_hours(1);
    LiveSettings { metrics_interval: never, performance_interval: never, ..LiveSettings::default() }
}

impl Server {
    pub(crate) async fn start(live: LiveSettings) -> Self {
        let site = Site::with(ApiSettings { live, ..ApiSettings::default() }).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let stop = CancellationToken::new();
        let task = tokio::spawn(serve(listener, site.state.clone(), stop.clone()));
        Self { site, address, stop, task }
    }

    pub(crate) async fn connect(&self, path: &str) -> Client {
        let (socket, _) = connect_async(format!("ws://{}{path}", self.address)).await.expect("connected");
        Client { socket }
    }

    /// Records requests as another caller would, and waits until something of them is told.
    pub(crate) async fn record(&self, targets: &[&str]) {
        let request = |target: &&str| {
            let mut request =
                HttpRequest::new(at("2026-03-04T05:06:00Z"), "GET", target.as_bytes(), Via::Check);
            "192.0.2.9".clone_into(&mut request.client);
            request
        };
        let engine = &self.site.engine;
        let newest = engine.live().newest_seq();
        engine.check(targets.iter().map(request).collect(), Recording::Kept).await.expect("judged");
        let begun = std::time::Instant::now();
        while engine.live().newest_seq() == newest {
            assert!(begun.elapsed() < PATIENCE, "nothing is told of {targets:?}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

impl Client {
    pub(crate) async fn send(&mut self, frame: &Value) {
        self.socket.send(Message::text(frame.to_string())).await.expect("sent");
    }

    /// The next message of any kind.
    pub(crate) async fn message(&mut self) -> Option<Message> {
        let next = tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("a message in time");
        next.and_then(Result::ok)
    }

    /// The next frame.
    pub(crate) async fn frame(&mut self) -> Value {
        loop {
            match self.message().await.expect("the socket is open") {
                Message::Text(text) => return serde_json::from_str(&text).expect("JSON"),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("no frame: {other:?}"),
            }
        }
    }

    /// The next frame of that type.
    pub(crate) async fn frame_of(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.frame().await;
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// Reads up to the end and gives the close code.
    pub(crate) async fn close_code(&mut self) -> Option<u16> {
        while let Some(message) = self.message().await {
            if let Message::Close(frame) = message {
                return frame.map(|frame| frame.code.into());
            }
        }
        None
    }
}

/// What any model has to see.
const ATTACK: &str = "/products?id=1%27%20UNION%20ALL%20SELECT%20NULL,username,password%20FROM%20users%20\
                      WHERE%20%271%27=%271%27--%20-";

#[tokio::test]
async fn the_first_frames_greet_and_show_the_figures() {
    let server = Server::start(LiveSettings::default()).await;
    for path in ["/", "/ws", "/ws/"] {
        let mut client = server.connect(path).await;
        let greeting = client.frame().await;
        assert_eq!((&greeting["type"], &greeting["data"]), (&json!("connection"), &json!("connected")));
        assert_eq!(greeting["status"], "connected");
        assert!(greeting["epoch"].is_string() && greeting["seq"].is_u64());
        let metrics = client.frame().await;
        assert_eq!((&metrics["type"], &metrics["data"]["requests"]), (&json!("metrics"), &json!(5)));
        let performance = client.frame().await;
        assert_eq!(performance["type"], "performance");
        assert!(performance["data"]["memory"].is_f64());
    }
}

#[tokio::test]
async fn metrics_come_again_and_again() {
    let interval = Duration::from_millis(50);
    let live = LiveSettings { metrics_interval: interval, performance_interval: interval, ..quiet() };
    let server = Server::start(live).await;
    let mut client = server.connect("/ws").await;
    for _ in 0..4 {
        client.frame_of("metrics").await;
        client.frame_of("performance").await;
    }
}

#[tokio::test]
async fn a_recorded_attack_reaches_the_socket_as_it_stands_in_rest() {
    let server = Server::start(quiet()).await;
    let mut client = server.connect("/ws").await;
    client.frame_of("performance").await;
    server.record(&[ATTACK]).await;
    let (mut frames, mut last) = (std::collections::BTreeMap::new(), 0);
    while frames.len() < 3 {
        let frame = client.frame().await;
        let seq = frame["seq"].as_u64().expect("a seq");
        assert!(seq > last, "{frame}");
        last = seq;
        if ["threat", "traffic", "activity"].contains(&frame["type"].as_str().unwrap_or_default()) {
            frames.insert(frame["type"].as_str().unwrap_or_default().to_owned(), frame["data"].clone());
        }
    }
    assert_eq!(frames["threat"], server.site.data("/api/threats/recent?limit=1").await[0]);
    assert_eq!(frames["traffic"], server.site.data("/api/traffic/recent?limit=1&ip=192.0.2.9").await[0]);
    assert_eq!(frames["activity"], server.site.data("/api/activities/recent?limit=1").await[0]);
}

#[tokio::test]
async fn a_set_chooses_the_types_and_every_change_is_answered() {
    let server = Server::start(quiet()).await;
    let mut client = server.connect("/ws").await;
    client.frame_of("performance").await;
    for _ in 0..8 {
        client.send(&json!({"type": "subscribe", "message_types": ["traffic", "nonsense"]})).await;
    }
    for _ in 0..8 {
        let answer = client.frame().await;
        assert_eq!(
            (&answer["type"], &answer["message_types"]),
            (&json!("subscribed"), &json!(["nonsense", "traffic"]))
        );
        assert_eq!(answer["data"], json!({"message_types": ["nonsense", "traffic"]}));
    }
    server.record(&[ATTACK, "/"]).await;
    for _ in 0..2 {
        assert_eq!(client.frame().await["type"], "traffic");
    }
    client.send(&json!({"type": "unsubscribe", "message_types": ["nonsense"]})).await;
    assert_eq!(client.frame().await["message_types"], json!(["traffic"]));
    client.send(&json!({"type": "get_subscriptions"})).await;
    let answer = client.frame().await;
    assert_eq!((&answer["type"], &answer["data"]), (&json!("subscriptions"), &json!(["traffic"])));
    client.socket.send(Message::text("not JSON")).await.expect("sent");
    client.send(&json!({"type": "dance"})).await;
    client.send(&json!({"type": "ping"})).await;
    let pong = client.frame().await;
    assert_eq!((&pong["type"], &pong["data"]), (&json!("pong"), &Value::Null));
}

#[tokio::test]
async fn batches_go_to_those_who_name_them() {
    let server = Server::start(quiet()).await;
    let mut client = server.connect("/ws?types=traffic_batch,threat_batch").await;
    assert_eq!(client.frame().await["type"], "connection");
    assert_eq!(client.frame().await["type"], "subscribed");
    server.record(&["/a", ATTACK, "/b"]).await;
    let (mut traffic, mut threats) = (Vec::new(), Vec::new());
    while traffic.len() < 3 || threats.is_empty() {
        let frame = client.frame().await;
        let data = frame["data"].as_array().expect("a list").clone();
        assert_eq!(frame["sampled"], 0);
        match frame["type"].as_str() {
            Some("traffic_batch") => traffic.extend(data),
            Some("threat_batch") => threats.extend(data),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(threats[0]["class"], "sql_injection");
}

#[tokio::test]
async fn a_resume_brings_what_was_missed_once_and_in_order() {
    let server = Server::start(quiet()).await;
    let mut first = server.connect("/ws").await;
    let greeting = first.frame().await;
    let (since, epoch) = (greeting["seq"].clone(), greeting["epoch"].clone());
    server.record(&[ATTACK, "/x"]).await;
    // All that the two bring: a later update would come live to the second socket, before what it missed.
    let mut expected = Vec::new();
    while expected.len() < 6 {
        let frame = first.frame().await;
        if frame["seq"].as_u64() > since.as_u64() {
            expected.push((frame["seq"].clone(), frame["type"].clone()));
        }
    }
    let kinds: Vec<_> = expected.iter().filter_map(|(_, kind): &(Value, Value)| kind.as_str()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "alert").count(), 1, "{kinds:?}");
    // A socket that comes later asks for all of it, and asks twice.
    let mut second = server.connect("/ws").await;
    second.frame_of("performance").await;
    second.send(&json!({"type": "resume", "since": since, "epoch": epoch})).await;
    let mut replayed = Vec::new();
    let resumed = loop {
        let frame = second.frame().await;
        if frame["type"] == "resumed" {
            break frame;
        }
        replayed.push((frame["seq"].clone(), frame["type"].clone()));
    };
    assert_eq!(replayed, expected);
    assert_eq!(resumed["data"], json!({"replayed": expected.len(), "lost": 0}));
    second.send(&json!({"type": "resume", "since": since, "epoch": epoch})).await;
    assert_eq!(second.frame().await["data"], json!({"replayed": 0, "lost": 0}));
    // The first socket was sent all of it already.
    first.send(&json!({"type": "resume", "since": since})).await;
    assert_eq!(first.frame_of("resumed").await["data"], json!({"replayed": 0, "lost": 0}));
    second.send(&json!({"type": "resume", "since": since, "epoch": "another"})).await;
    assert_eq!(second.frame().await["data"]["lost"], Value::Null);
}

#[tokio::test]
async fn the_address_itself_can_subscribe_and_resume() {
    let server = Server::start(quiet()).await;
    let greeting = server.connect("/ws").await.frame().await;
    server.record(&[ATTACK]).await;
    let (since, epoch) =
        (greeting["seq"].as_u64().expect("a seq"), greeting["epoch"].as_str().expect("an epoch"));
    let mut client = server.connect(&format!("/ws?types=threat&since={since}&epoch={epoch}")).await;
    let kinds = [client.frame().await, client.frame().await, client.frame().await, client.frame().await];
    let kinds: Vec<_> = kinds.iter().map(|frame| frame["type"].as_str().unwrap_or_default()).collect();
    assert_eq!(kinds, ["connection", "subscribed", "threat", "resumed"]);
}

#[tokio::test]
async fn a_stop_closes_sockets_with_1001_and_ends_the_server() {
    let server = Server::start(quiet()).await;
    let mut client = server.connect("/ws").await;
    client.frame().await;
    server.stop.cancel();
    assert_eq!(client.close_code().await, Some(1001));
    let ended = tokio::time::timeout(PATIENCE, server.task).await.expect("the server ends");
    assert!(ended.expect("no panic").is_ok());
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn a_page_of_a_foreign_origin_opens_no_socket() {
    let server = Server::start(quiet()).await;
    for (origin, opens) in [
        ("http://evil.example", false),
        ("http://localhost:3000", true),
        (&*format!("http://{}", server.address), true),
    ] {
        let mut request = format!("ws://{}/ws", server.address).into_client_request().expect("a request");
        request.headers_mut().insert("origin", origin.parse().expect("a header"));
        request
            .headers_mut()
            .insert("sec-websocket-protocol", "bearer.x, bartizan.v1".parse().expect("a header"));
        match connect_async(request).await {
            Ok((_, response)) => {
                assert!(opens, "{origin}");
                assert_eq!(response.headers()["sec-websocket-protocol"], "bartizan.v1");
            }
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => {
                assert!(!opens && response.status() == 403, "{origin}");
            }
            Err(error) => panic!("{error}"),
        }
    }
}
