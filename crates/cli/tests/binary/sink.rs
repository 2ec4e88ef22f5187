//! A receiver of webhooks that counts what arrives.

use std::io::{BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;

/// Longest body that is taken.
const MAX_BYTES: u64 = 4 << 20;

/// Takes every message, slowly, for as long as the test runs.
pub(crate) struct Sink {
    pub(crate) address: SocketAddr,
    taken: Arc<Mutex<Vec<Value>>>,
}

impl Sink {
    /// `slowness`: how long it takes before it answers, so that its sender can be killed meanwhile.
    pub(crate) fn new(slowness: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        let taken = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&taken);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let into = Arc::clone(&into);
                // Whoever was killed while it sent has closed the connection, which is no concern of the others.
                std::thread::spawn(move || take(&stream, slowness, &into));
            }
        });
        Self { address, taken }
    }

    /// Every alert that arrived, in the order of its arrival.
    pub(crate) fn alerts(&self) -> Vec<Value> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.iter().flat_map(|body| body["alerts"].as_array().cloned().unwrap_or_default()).collect()
    }
}

fn take(stream: &TcpStream, slowness: Duration, into: &Mutex<Vec<Value>>) -> Option<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    let mut reader = BufReader::new(stream.take(MAX_BYTES));
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            reader.read_exact(&mut byte).ok()?;
            head.extend(byte);
        }
        let head = String::from_utf8(head).ok()?.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"))?;
        let length = length.trim().parse().ok()?;
        let mut body = Vec::new();
        (&mut reader).take(length).read_to_end(&mut body).ok()?;
        let body = serde_json::from_slice(&body).ok()?;
        into.lock().unwrap_or_else(PoisonError::into_inner).push(body);
        std::thread::sleep(slowness);
        let mut answer = stream;
        answer.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").ok()?;
    }
}
