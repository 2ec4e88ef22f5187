//! What ends a socket, and what a slow one is told.

use std::time::Duration;

use bartizan_api::LiveSettings;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::json;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::live::{Server, quiet};

#[tokio::test]
async fn a_frame_over_16_kib_ends_the_socket_with_1009() {
    let server = Server::start(quiet()).await;
    for size in [16 * 1_024 + 1, 200 * 1_024] {
        let mut client = server.connect("/ws").await;
        let _ = client.socket.send(Message::text("x".repeat(size))).await;
        assert_eq!(client.close_code().await, Some(1009), "{size}");
    }
    let mut client = server.connect("/ws").await;
    client.frame_of("performance").await;
    client.socket.send(Message::text(" ".repeat(16 * 1_024))).await.expect("sent");
    client.send(&json!({"type": "ping"})).await;
    assert_eq!(client.frame().await["type"], "pong");
}

#[tokio::test]
async fn a_flood_of_messages_ends_the_socket_with_1008() {
    let server = Server::start(quiet()).await;
    let mut client = server.connect("/ws").await;
    for _ in 0..600 {
        if client.socket.send(Message::text("{\"type\":\"ping\"}")).await.is_err() {
            break;
        }
    }
    assert_eq!(client.close_code().await, Some(1008));
}

#[tokio::test]
async fn a_silent_peer_is_pinged_and_then_cut_off() {
    let live = LiveSettings { ping_interval: Duration::from_millis(50), ..quiet() };
    let server = Server::start(live).await;
    let mut client = server.connect("/ws").await;
    // Reading answers pings, so the socket of a client that reads lives on.
    let reading =
        tokio::time::timeout(Duration::from_millis(500), async { while client.message().await.is_some() {} });
    assert!(reading.await.is_err(), "a socket that answers its pings stays open");
    // Without reading no ping is answered.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let ended = tokio::time::timeout(Duration::from_secs(5), async {
        while let Some(message) = client.socket.next().await {
            if matches!(message, Err(_) | Ok(Message::Close(_))) {
                break;
            }
        }
    });
    assert!(ended.await.is_ok(), "a socket that was silent through two pings is cut off");
}

#[tokio::test]
async fn a_slow_socket_is_told_how_many_frames_it_lost() {
    let live = LiveSettings { queue_frames: 4, ..quiet() };
    let server = Server::start(live).await;
    let mut client = server.connect("/ws").await;
    client.frame_of("performance").await;
    // More than the buffers of the connection hold, while nobody reads.
    let long = format!("/{}", "a".repeat(2_000));
    for _ in 0..40 {
        let mut targets = vec![long.as_str(); 50];
        targets.push(&long);
        server.record(&targets).await;
        tokio::time::sleep(Duration::from_millis(45)).await;
    }
    let lagged = client.frame_of("lagged").await;
    assert!(lagged["data"]["dropped"].as_u64().is_some_and(|dropped| dropped > 0), "{lagged}");
}

#[tokio::test]
async fn a_socket_that_takes_nothing_is_ended_and_holds_up_nobody() {
    let live = LiveSettings { send_timeout: Duration::from_millis(300), ..quiet() };
    let server = Server::start(live).await;
    let mut stuck = server.connect("/ws").await;
    stuck.frame_of("performance").await;
    let mut reader = server.connect("/ws?types=traffic").await;
    reader.frame_of("subscribed").await;
    let long = format!("/{}", "a".repeat(2_000));
    for _ in 0..40 {
        server.record(&vec![long.as_str(); 50]).await;
        reader.frame_of("traffic").await;
        tokio::time::sleep(Duration::from_millis(45)).await;
    }
    let places = Duration::from_secs(5);
    let ended = tokio::time::timeout(places, async {
        while let Some(Ok(message)) = stuck.socket.next().await {
            if let Message::Close(frame) = message {
                return frame.map(|frame| u16::from(frame.code));
            }
        }
        None
    });
    let code = ended.await.expect("the stuck socket ends");
    assert!(code.is_none_or(|code| code == 1013), "{code:?}");
}

#[tokio::test]
async fn no_more_sockets_open_than_there_are_places() {
    let server = Server::start(LiveSettings { max_sockets: 2, ..quiet() }).await;
    let mut one = server.connect("/ws").await;
    let mut two = server.connect("/ws").await;
    one.frame().await;
    two.frame().await;
    let refused = connect_async(format!("ws://{}/ws", server.address)).await;
    match refused {
        Err(Error::Http(response)) => assert_eq!(response.status(), 503),
        other => panic!("{other:?}"),
    }
    drop(one);
    let freed = tokio::time::timeout(Duration::from_secs(5), async {
        while connect_async(format!("ws://{}/ws", server.address)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(freed.await.is_ok(), "a place is free again once a socket is gone");
}
