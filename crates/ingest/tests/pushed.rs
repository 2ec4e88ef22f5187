//! Lines that are sent to us arrive once each, whatever they are sent through.

use std::io::Write;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bartizan_ingest::{LineOptions, LineSource, SourceConfig, SourceError, open_source};
use bartizan_model::{SourceKind, SystemClock};

fn open(address: &str) -> Result<Box<dyn LineSource>, SourceError> {
    let config = SourceConfig {
        name: "syslog".to_owned(),
        path: address.into(),
        kind: SourceKind::Syslog,
        follow: true,
        lines: LineOptions::default(),
    };
    open_source(&config, None, Arc::new(SystemClock))
}

fn line(number: usize) -> String {
    format!("192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] \"GET /{number} HTTP/1.1\" 200 5 \"-\" \"x\"")
}

fn message(number: usize) -> String {
    format!("<190>Mar  4 05:06:07 web1 nginx: {}", line(number))
}

/// Reads until that many lines came, and gives their targets.
fn read(source: &mut dyn LineSource, lines: usize) -> Vec<String> {
    let begun = Instant::now();
    let mut seen = Vec::new();
    while seen.len() < lines {
        assert!(begun.elapsed() < Duration::from_secs(30), "{} of {lines} lines came", seen.len());
        let batch = source.read_batch(100).expect("reads");
        assert_eq!(batch.failed, 0, "{:?}", batch.samples);
        seen.extend(batch.requests.iter().map(|one| String::from_utf8_lossy(&one.target).into_owned()));
        std::thread::sleep(Duration::from_millis(1));
    }
    seen
}

fn targets(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("/{number}")).collect()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

#[test]
fn datagrams_are_received() {
    let port = free_port();
    let mut source = open(&format!("udp://127.0.0.1:{port}")).expect("listens");
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    for number in 0..50 {
        socket.send_to(message(number).as_bytes(), ("127.0.0.1", port)).expect("sent");
    }
    assert_eq!(read(source.as_mut(), 50), targets(50));

    let folder = tempfile::tempdir().expect("tempdir");
    let path = folder.path().join("log.sock");
    for _restart in 0..2 {
        let mut source = open(&format!("unix://{}", path.display())).expect("listens");
        let socket = UnixDatagram::unbound().expect("a socket");
        socket.send_to(message(0).as_bytes(), &path).expect("sent");
        assert_eq!(read(source.as_mut(), 1), targets(1));
        assert!(matches!(open(&format!("unix://{}", path.display())), Err(SourceError::Listen { .. })));
        assert!(source.close());
        drop(source);
        std::thread::sleep(Duration::from_millis(600));
    }
}

#[test]
fn streams_are_received_in_both_framings() {
    let port = free_port();
    let mut source = open(&format!("tcp://127.0.0.1:{port}")).expect("listens");
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("connects");
    for number in 0..2_000 {
        let message = message(number);
        let sent = if number % 2 == 0 {
            write!(stream, "{} {message}", message.len())
        } else {
            writeln!(stream, "{message}")
        };
        sent.expect("sent");
    }
    write!(stream, "{}", message(2_000)).expect("sent");
    drop(stream);
    assert_eq!(read(source.as_mut(), 2_001), targets(2_001));

    let folder = tempfile::tempdir().expect("tempdir");
    let path = folder.path().join("log.sock");
    let mut source = open(&format!("unix-stream://{}", path.display())).expect("listens");
    let mut stream = UnixStream::connect(&path).expect("connects");
    writeln!(stream, "{}", message(0)).expect("sent");
    assert_eq!(read(source.as_mut(), 1), targets(1));
}

#[test]
fn a_flood_of_datagrams_is_dropped_and_counted_and_memory_stays_bounded() {
    let port = free_port();
    let mut source = open(&format!("udp://127.0.0.1:{port}")).expect("listens");
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let long = format!("{}{}", message(0), "x".repeat(30_000));
    for _ in 0..2_000 {
        let _full = socket.send_to(long.as_bytes(), ("127.0.0.1", port));
    }
    std::thread::sleep(Duration::from_millis(300));
    let batch = source.read_batch(100_000).expect("reads");
    assert!(batch.bytes < 9 * 1024 * 1024, "{} bytes were held", batch.bytes);
    assert!(batch.lines < 2_000);
}

#[test]
fn what_is_no_address_is_refused() {
    for address in ["localhost:514", "udp://localhost:514", "ftp://127.0.0.1:1"] {
        let message = open(address).expect_err("is refused").to_string();
        assert!(message.contains(address) && message.contains("udp://127.0.0.1:5514"), "{message}");
    }
}
