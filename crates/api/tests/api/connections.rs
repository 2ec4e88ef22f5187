//! Connections that send slowly, or not at all, and many of them.

use std::time::{Duration, Instant};

use bartizan_api::{ApiSettings, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::site::Site;

const REQUEST: &[u8] = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);

struct Server {
    address: std::net::SocketAddr,
    stop: CancellationToken,
    _site: Site,
}

impl Server {
    async fn start(settings: ApiSettings) -> Self {
        let site = Site::with(settings).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let stop = CancellationToken::new();
        tokio::spawn(serve(listener, site.state.clone(), stop.clone()));
        Self { address, stop, _site: site }
    }

    /// A connection that has sent this much.
    async fn begun(&self, sent: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.expect("connected");
        stream.write_all(sent).await.expect("sent");
        stream
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    // A connection that is reset has ended as well.
    let _ = read.expect("it ends in time");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn whoever_sends_headers_too_slowly_is_cut_off() {
    let header_timeout = Duration::from_millis(300);
    let server = Server::start(ApiSettings { header_timeout, ..ApiSettings::default() }).await;
    let begun = Instant::now();
    for sent in [&b""[..], b"GET /health/live HT", b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: "] {
        let mut slow = server.begun(sent).await;
        let answer = rest(&mut slow).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
    assert!(begun.elapsed() >= header_timeout, "they were given their time");
    // One byte now and then does not keep a connection either.
    let mut drip = server.begun(b"GET /health/live HTTP/1.1\r\n").await;
    let mut sent = 0;
    while drip.write_all(b"X").await.is_ok() {
        sent += 1;
        assert!(sent < 600, "a drip is not cut off");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_body_that_comes_too_slowly_is_a_408_in_the_envelope() {
    let body_timeout = Duration::from_millis(200);
    let server = Server::start(ApiSettings { body_timeout, ..ApiSettings::default() }).await;
    let head = "POST /api/v1/waf/check HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
                Connection: close\r\nContent-Length: 1000\r\n\r\n{\"method\"";
    let mut slow = server.begun(head.as_bytes()).await;
    let answer = rest(&mut slow).await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("request_timeout"), "{answer}");
}

#[tokio::test]
async fn when_all_places_are_taken_those_without_a_request_make_room() {
    let settings = ApiSettings { max_connections: 8, header_timeout: 2 * PATIENCE, ..ApiSettings::default() };
    let server = Server::start(settings).await;
    let mut idle = Vec::new();
    for _ in 0..8 {
        idle.push(server.begun(b"GET /").await);
    }
    let mut later = Vec::new();
    // One after the other, the oldest first.
    for oldest in &mut idle[..3] {
        let mut asking = server.begun(REQUEST).await;
        let answer = rest(&mut asking).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert_eq!(rest(oldest).await, "");
        // Its place is taken again, so that the next one needs another.
        later.push(server.begun(b"GET /").await);
    }
    let mut youngest = idle.pop().expect("eight");
    youngest.write_all(&REQUEST[5..]).await.expect("still open");
    assert!(rest(&mut youngest).await.starts_with("HTTP/1.1 200"), "it was not its turn");
}

#[tokio::test]
async fn requests_that_are_being_answered_do_not_make_room() {
    let body_timeout = Duration::from_secs(1);
    let settings = ApiSettings {
        max_connections: 4,
        header_timeout: 2 * PATIENCE,
        body_timeout,
        ..ApiSettings::default()
    };
    let server = Server::start(settings).await;
    let head = "POST /api/v1/waf/check HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
                Connection: close\r\nContent-Length: 1000\r\n\r\n{\"method\"";
    let mut busy = Vec::new();
    for _ in 0..4 {
        busy.push(server.begun(head.as_bytes()).await);
    }
    let begun = Instant::now();
    let mut waiting = server.begun(REQUEST).await;
    let answer = rest(&mut waiting).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(begun.elapsed() >= body_timeout / 2, "it had to wait for a place");
    for one in &mut busy {
        assert!(rest(one).await.starts_with("HTTP/1.1 408"), "its answer was not cut off");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_of_idle_connections_keep_nobody_from_an_answer() {
    let server = Server::start(ApiSettings::default()).await;
    let mut idle = Vec::new();
    for n in 0..400 {
        idle.push(server.begun(if n % 2 == 0 { b"" } else { b"GET /api/v1/traffic HT" }).await);
    }
    let begun = Instant::now();
    for _ in 0..20 {
        let mut asking = server.begun(REQUEST).await;
        let answer = rest(&mut asking).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    assert!(begun.elapsed() < ApiSettings::default().header_timeout, "nobody waited for the idle ones");
}
