//! A GET and a POST, and no more of HTTP than that.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Longest answer that is read.
const MAX_BYTES: u64 = 16 << 20;

/// The JSON body of a GET that must succeed.
pub(crate) fn json(address: SocketAddr, path: &str) -> Value {
    let (status, body) = get(address, path).unwrap_or_else(|error| panic!("GET {path}: {error}"));
    assert_eq!(status, 200, "GET {path}: {body}");
    serde_json::from_str(&body).unwrap_or_else(|error| panic!("GET {path}: {error}: {body}"))
}

/// Status and body of a GET.
pub(crate) fn get(address: SocketAddr, path: &str) -> io::Result<(u16, String)> {
    ask(address, &format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n"))
}

/// Status and body of a POST of JSON.
pub(crate) fn post(address: SocketAddr, path: &str, body: &str) -> io::Result<(u16, String)> {
    let length = body.len();
    ask(
        address,
        &format!(
            "POST {path} HTTP/1.0\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        ),
    )
}

/// Status, head and body of any request; `headers` are lines that end in CRLF each.
pub(crate) fn send(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> io::Result<(u16, String, String)> {
    let length = body.len();
    exchange(
        address,
        &format!(
            "{method} {path} HTTP/1.0\r\nHost: {address}\r\nContent-Type: application/json\r\n{headers}\
             Content-Length: {length}\r\n\r\n{body}"
        ),
    )
}

fn ask(address: SocketAddr, request: &str) -> io::Result<(u16, String)> {
    exchange(address, request).map(|(status, _, body)| (status, body))
}

fn exchange(address: SocketAddr, request: &str) -> io::Result<(u16, String, String)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.take(MAX_BYTES).read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let incomplete = || io::Error::new(io::ErrorKind::UnexpectedEof, format!("no whole answer: {answer}"));
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(incomplete)?;
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(incomplete)?;
    Ok((status, head.to_owned(), body.to_owned()))
}
