//! Clients that mean harm to the socket: contained, and nobody else notices.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bartizan_api::LiveSettings;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use crate::live::{Server, quiet};

/// Attacks that the other client sees while all this goes on.
const SEEN: usize = 40;
/// How late one may arrive.
const LATEST: Duration = Duration::from_secs(2);

/// The server's address, when to end, and how often something was done.
#[derive(Clone)]
struct Target {
    address: SocketAddr,
    over: Arc<AtomicBool>,
    done: Arc<AtomicU64>,
}

impl Target {
    fn goes_on(&self) -> bool {
        self.done.fetch_add(1, Ordering::Relaxed);
        !self.over.load(Ordering::Relaxed)
    }

    /// A socket by hand, so that what follows need not be WebSocket.
    async fn raw(&self) -> Option<TcpStream> {
        let mut stream = TcpStream::connect(self.address).await.ok()?;
        let upgrade = format!(
            "GET /ws HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            self.address
        );
        stream.write_all(upgrade.as_bytes()).await.ok()?;
        Some(stream)
    }
}

/// Bytes that are no frames, frames that are none of ours, and texts that say nothing.
async fn talk_garbage(target: Target) {
    while target.goes_on() {
        let Some(mut stream) = target.raw().await else { continue };
        let noise: Vec<u8> = (0..4_096_u32).map(|n| u8::try_from(n * 167 % 251).unwrap_or(0)).collect();
        let _ = stream.write_all(&noise).await;
        let _ = tokio::time::timeout(Duration::from_millis(20), stream.read(&mut [0; 1_024])).await;
        let Ok((mut socket, _)) = connect_async(format!("ws://{}/ws", target.address)).await else {
            continue;
        };
        for text in
            ["", "null", "[[[[[", r#"{"type":"resume","since":-1}"#, r#"{"type":"subscribe"}"#, "\u{0}"]
        {
            let _ = socket.send(Message::text(text)).await;
        }
        let _ = socket.send(Message::binary(vec![0xFF; 9_000])).await;
    }
}

/// Frames of ten megabytes, announced and in pieces.
async fn send_too_much(target: Target) {
    let large = "x".repeat(10 << 20);
    while target.goes_on() {
        let Ok((mut socket, _)) = connect_async(format!("ws://{}/ws", target.address)).await else {
            continue;
        };
        let _ = socket.send(Message::text(large.clone())).await;
        let Some(mut stream) = target.raw().await else { continue };
        // The head of a masked text frame that claims to have an exabyte.
        let _ = stream.write_all(&[0x81, 0xFF, 0x10, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]).await;
        let _ = stream.write_all(&vec![7; 65_536]).await;
    }
}

/// Connections as fast as they can be made, with and without an upgrade.
async fn connect_again_and_again(target: Target) {
    while target.goes_on() {
        drop(TcpStream::connect(target.address).await);
        drop(target.raw().await);
    }
}

/// Changes of the set as fast as they are taken.
async fn change_the_set(target: Target) {
    while target.goes_on() {
        let Ok((mut socket, _)) = connect_async(format!("ws://{}/ws", target.address)).await else {
            continue;
        };
        for n in 0..2_000 {
            let kind = if n % 2 == 0 { "subscribe" } else { "unsubscribe" };
            let change = json!({"type": kind, "message_types": [format!("t{n}"), "traffic", "chart"]});
            if socket.send(Message::text(change.to_string())).await.is_err()
                || target.over.load(Ordering::Relaxed)
            {
                break;
            }
        }
    }
}

/// Asks for everything and takes nothing.
async fn stall(target: Target) {
    let Some(mut stream) = target.raw().await else { return };
    while target.goes_on() {
        // A masked `{"type":"get_subscriptions"}` with a key of zeros.
        let ask = br#"{"type":"get_subscriptions"}"#;
        let mut frame = vec![0x81, 0x80 | u8::try_from(ask.len()).unwrap_or(0), 0, 0, 0, 0];
        frame.extend(ask);
        let _ = tokio::time::timeout(Duration::from_millis(50), stream.write_all(&frame)).await;
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn clients_that_mean_harm_are_contained_and_the_others_notice_nothing() {
    let server = Server::start(LiveSettings { max_sockets: 400, ..quiet() }).await;
    let mut other = server.connect("/ws?types=threat").await;
    other.frame_of("subscribed").await;
    let target = Target {
        address: server.address,
        over: Arc::new(AtomicBool::new(false)),
        done: Arc::new(AtomicU64::new(0)),
    };
    let mut hostile = JoinSet::new();
    for _ in 0..2 {
        hostile.spawn(talk_garbage(target.clone()));
        hostile.spawn(send_too_much(target.clone()));
        hostile.spawn(change_the_set(target.clone()));
        hostile.spawn(connect_again_and_again(target.clone()));
        hostile.spawn(connect_again_and_again(target.clone()));
    }
    for _ in 0..20 {
        hostile.spawn(stall(target.clone()));
    }

    for n in 0..SEEN {
        let attack =
            format!("/item{n}?id=1%20UNION%20ALL%20SELECT%20NULL,username,password%20FROM%20users--");
        let begun = Instant::now();
        server.record(&[&attack]).await;
        let frame = tokio::time::timeout(LATEST, other.frame()).await.expect("it arrives in time");
        assert_eq!(
            (&frame["type"], &frame["data"]["endpoint"]),
            (&json!("threat"), &json!(attack)),
            "{frame}"
        );
        assert!(begun.elapsed() < LATEST, "{:?}", begun.elapsed());
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    target.over.store(true, Ordering::Relaxed);
    let done = target.done.load(Ordering::Relaxed);
    assert!(done > 500, "only {done} things were tried");
    while hostile.join_next().await.is_some() {}

    // A place is free again once a socket has gone.
    let begun = Instant::now();
    while server.site.engine.live().connections() > 2 {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "{} sockets",
            server.site.engine.live().connections()
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    other.send(&json!({"type": "ping"})).await;
    assert_eq!(other.frame_of("pong").await["type"], "pong");
    let mut late = server.connect("/ws").await;
    assert_eq!(late.frame().await["type"], "connection");
    let _ = late.socket.next().await;
}
