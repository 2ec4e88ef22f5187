//! The threads that receive syslog.

use std::fs;
use std::io::{self, Read};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::address::Address;
use super::cutter::{Cutter, MAX_MESSAGE_BYTES};
use super::rate::Rate;
use crate::line_queue::{LineQueue, Received};

/// Connections of one source at a time. Each holds a thread and at most two messages.
const MAX_CONNECTIONS: usize = 64;

/// How often a thread looks whether the source was closed.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// Pause between looks for new connections.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A connection that was silent for so long is closed, so that dead peers do not use up the places.
const MAX_SILENCE: Duration = Duration::from_hours(1);

/// Bytes that are read from a stream at once.
const CHUNK_BYTES: usize = 16 * 1024;

/// Binds the address and starts to receive into the queue, until that is closed.
pub(super) fn start(address: &Address, queue: &Arc<LineQueue>) -> io::Result<()> {
    let queue = Arc::clone(queue);
    match address {
        Address::Udp(address) => {
            let socket = UdpSocket::bind(address)?;
            socket.set_read_timeout(Some(LOOK_AGAIN))?;
            spawn(move || receive(|space| socket.recv(space), &queue))
        }
        Address::UnixDatagram(path) => {
            remove_stale(path, |path| UnixDatagram::unbound().and_then(|socket| socket.connect(path)))?;
            let socket = UnixDatagram::bind(path)?;
            socket.set_read_timeout(Some(LOOK_AGAIN))?;
            spawn(move || receive(|space| socket.recv(space), &queue))
        }
        Address::Tcp(address) => {
            let listener = TcpListener::bind(address)?;
            listener.set_nonblocking(true)?;
            spawn(move || accept(|| listener.accept().map(|(stream, _)| stream), &queue))
        }
        Address::UnixStream(path) => {
            remove_stale(path, |path| UnixStream::connect(path).map(drop))?;
            let listener = UnixListener::bind(path)?;
            listener.set_nonblocking(true)?;
            spawn(move || accept(|| listener.accept().map(|(stream, _)| stream), &queue))
        }
    }
}

fn spawn(work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name("syslog".to_owned()).spawn(work).map(drop)
}

/// Removes a socket that an earlier run left and nobody listens on any more; anything else stays and makes binding fail.
fn remove_stale(path: &Path, connect: impl Fn(&Path) -> io::Result<()>) -> io::Result<()> {
    let is_socket = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_socket());
    let is_refused = || connect(path).is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
    if is_socket && is_refused() { fs::remove_file(path) } else { Ok(()) }
}

/// Receives datagrams, one message each. What comes too fast is dropped and counted.
fn receive(receive_one: impl Fn(&mut [u8]) -> io::Result<usize>, queue: &LineQueue) {
    let mut space = vec![0; MAX_MESSAGE_BYTES];
    let mut rate = Rate::new(Instant::now());
    while !queue.is_closed() {
        match receive_one(&mut space) {
            Ok(count) if rate.take(Instant::now()).is_ok() => {
                let line = space.get(..count).unwrap_or_default().to_vec();
                queue.offer(Received { line, is_cut: false });
            }
            Ok(_) => queue.count_dropped(),
            Err(error) if is_pause(&error) => {}
            Err(error) => {
                queue.report(format!("receiving failed: {error}"));
                thread::sleep(LOOK_AGAIN);
            }
        }
    }
}

/// A stream of either kind.
trait Stream: Read + Send + 'static {
    fn prepare(&self) -> io::Result<()>;
}

impl Stream for TcpStream {
    fn prepare(&self) -> io::Result<()> {
        self.set_nonblocking(false).and_then(|()| self.set_read_timeout(Some(LOOK_AGAIN)))
    }
}

impl Stream for UnixStream {
    fn prepare(&self) -> io::Result<()> {
        self.set_nonblocking(false).and_then(|()| self.set_read_timeout(Some(LOOK_AGAIN)))
    }
}

/// Accepts connections, each on a thread of its own; those over the cap are closed at once.
fn accept<S: Stream>(accept_one: impl Fn() -> io::Result<S>, queue: &Arc<LineQueue>) {
    let open = Arc::new(AtomicUsize::new(0));
    let rate = Arc::new(Mutex::new(Rate::new(Instant::now())));
    while !queue.is_closed() {
        match accept_one() {
            Ok(_) if open.load(Ordering::Relaxed) >= MAX_CONNECTIONS => {
                queue.report(format!("a connection was refused: {MAX_CONNECTIONS} are open"));
            }
            Ok(stream) => {
                open.fetch_add(1, Ordering::Relaxed);
                let (here, lines, rate) = (Arc::clone(&open), Arc::clone(queue), Arc::clone(&rate));
                let started = spawn(move || {
                    serve(stream, &lines, &rate);
                    here.fetch_sub(1, Ordering::Relaxed);
                });
                if let Err(error) = started {
                    open.fetch_sub(1, Ordering::Relaxed);
                    queue.report(format!("the operating system gave no thread for a connection: {error}"));
                }
            }
            Err(error) if is_pause(&error) => thread::sleep(ACCEPT_PAUSE),
            Err(error) => {
                queue.report(format!("accepting a connection failed: {error}"));
                thread::sleep(LOOK_AGAIN);
            }
        }
    }
}

/// Reads one connection to its end. What comes too fast stays with the sender.
fn serve<S: Stream>(mut stream: S, queue: &LineQueue, rate: &Mutex<Rate>) {
    if let Err(error) = stream.prepare() {
        queue.report(format!("a connection cannot be read: {error}"));
        return;
    }
    let mut cutter = Cutter::default();
    let mut space = [0; CHUNK_BYTES];
    let mut heard = Instant::now();
    let mut is_end = false;
    while !is_end {
        match stream.read(&mut space) {
            Ok(0) => is_end = true,
            Ok(count) => {
                heard = Instant::now();
                cutter.add(space.get(..count).unwrap_or_default());
            }
            Err(error) if is_pause(&error) => is_end = queue.is_closed() || heard.elapsed() > MAX_SILENCE,
            Err(_) => is_end = true,
        }
        while let Some(received) = cutter.next_message(is_end) {
            wait_for_turn(rate);
            if !queue.push(received) {
                return;
            }
        }
    }
}

fn wait_for_turn(rate: &Mutex<Rate>) {
    loop {
        let turn = rate.lock().unwrap_or_else(PoisonError::into_inner).take(Instant::now());
        match turn {
            Ok(()) => return,
            Err(pause) => thread::sleep(pause.max(Duration::from_millis(1))),
        }
    }
}

fn is_pause(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted)
}
