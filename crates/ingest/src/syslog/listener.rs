//! The threads that receive syslog.

use std::fs;
use std::io::{self, Read};
use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::address::SyslogAddress;
use super::cutter::{Cutter, MAX_MESSAGE_BYTES};
use super::kernel::{KernelDrops, enlarge_buffer};
use super::places::{Asked, Limits, Place, Places};
use super::rate::Rate;
use crate::line_queue::{LineQueue, Received};

/// How often a thread looks whether the source was closed.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// How often the kernel is asked what it dropped.
const ASK_KERNEL: Duration = Duration::from_secs(1);

/// Pause between looks for new connections.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A connection that was silent for so long is closed, so that dead peers do not use up the places.
const MAX_SILENCE: Duration = Duration::from_hours(1);

/// How long a connection that has to make room may take for what it sent before.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Bytes that are read from a stream at once.
const CHUNK_BYTES: usize = 16 * 1024;

/// Binds the address and starts to receive into the queue, until that is closed.
pub(super) fn start(address: &SyslogAddress, queue: &Arc<LineQueue>) -> io::Result<()> {
    let queue = Arc::clone(queue);
    match address {
        SyslogAddress::Udp(address) => {
            let socket = UdpSocket::bind(address)?;
            socket.set_read_timeout(Some(LOOK_AGAIN))?;
            enlarge_buffer(&socket);
            let drops = KernelDrops::of(&socket);
            spawn(move || receive(|space| socket.recv(space), drops, &queue))
        }
        SyslogAddress::UnixDatagram(path) => {
            remove_stale(path, |path| UnixDatagram::unbound().and_then(|socket| socket.connect(path)))?;
            let socket = UnixDatagram::bind(path)?;
            socket.set_read_timeout(Some(LOOK_AGAIN))?;
            // Whoever sends to a full one waits or is told: the kernel drops nothing.
            spawn(move || receive(|space| socket.recv(space), KernelDrops::default(), &queue))
        }
        SyslogAddress::Tcp(address) => {
            let listener = TcpListener::bind(address)?;
            listener.set_nonblocking(true)?;
            spawn(move || accept(|| listener.accept().map(|(stream, _)| stream), Limits::default(), &queue))
        }
        SyslogAddress::UnixStream(path) => {
            remove_stale(path, |path| UnixStream::connect(path).map(drop))?;
            let listener = UnixListener::bind(path)?;
            listener.set_nonblocking(true)?;
            spawn(move || accept(|| listener.accept().map(|(stream, _)| stream), Limits::default(), &queue))
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

/// Receives datagrams, each with one message or with several lines. What comes too fast is dropped and counted.
fn receive(receive_one: impl Fn(&mut [u8]) -> io::Result<usize>, mut drops: KernelDrops, queue: &LineQueue) {
    // One byte more than is read, so that what is longer is known to be.
    let mut space = vec![0; MAX_MESSAGE_BYTES + 1];
    let mut rate = Rate::new(Instant::now());
    let mut asked = Instant::now();
    while !queue.is_closed() {
        match receive_one(&mut space) {
            Ok(count) => take(space.get(..count).unwrap_or_default(), &mut rate, queue),
            Err(error) if is_pause(&error) => {}
            Err(error) => {
                queue.report(format!("receiving failed: {error}"));
                thread::sleep(LOOK_AGAIN);
            }
        }
        if asked.elapsed() >= ASK_KERNEL {
            asked = Instant::now();
            queue.count_dropped(drops.look());
        }
    }
}

/// Hands over the lines of one datagram.
fn take(datagram: &[u8], rate: &mut Rate, queue: &LineQueue) {
    let is_cut = datagram.len() > MAX_MESSAGE_BYTES;
    let mut lines =
        datagram.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).peekable();
    while let Some(line) = lines.next() {
        if rate.take(Instant::now()).is_ok() {
            queue.offer(Received { line: line.to_vec(), is_cut: is_cut && lines.peek().is_none() });
        } else {
            queue.count_dropped(1);
        }
    }
}

/// A stream of either kind.
trait Stream: Send + Sync + 'static {
    fn prepare(&self) -> io::Result<()>;
    fn receive(&self, space: &mut [u8]) -> io::Result<usize>;
    /// Takes what arrived and nothing more.
    fn hang_up(&self);
}

impl Stream for TcpStream {
    fn prepare(&self) -> io::Result<()> {
        self.set_nonblocking(false).and_then(|()| self.set_read_timeout(Some(LOOK_AGAIN)))
    }

    fn receive(&self, space: &mut [u8]) -> io::Result<usize> {
        Read::read(&mut &*self, space)
    }

    fn hang_up(&self) {
        // One that is closed already ends as well.
        let _ = self.shutdown(Shutdown::Read);
    }
}

impl Stream for UnixStream {
    fn prepare(&self) -> io::Result<()> {
        self.set_nonblocking(false).and_then(|()| self.set_read_timeout(Some(LOOK_AGAIN)))
    }

    fn receive(&self, space: &mut [u8]) -> io::Result<usize> {
        Read::read(&mut &*self, space)
    }

    fn hang_up(&self) {
        let _ = self.shutdown(Shutdown::Read);
    }
}

/// Accepts connections, each on a thread of its own. When all places are taken, the connection that has been silent for
/// longest makes room; where none was silent for long, the new one is closed at once.
fn accept<S: Stream>(accept_one: impl Fn() -> io::Result<S>, limits: Limits, queue: &Arc<LineQueue>) {
    let places = Arc::new(Places::new(limits, Instant::now()));
    let rate = Arc::new(Mutex::new(Rate::new(Instant::now())));
    while !queue.is_closed() {
        let stream = match accept_one() {
            Ok(stream) => stream,
            Err(error) if is_pause(&error) => {
                thread::sleep(ACCEPT_PAUSE);
                continue;
            }
            Err(error) => {
                queue.report(format!("accepting a connection failed: {error}"));
                thread::sleep(LOOK_AGAIN);
                continue;
            }
        };
        let place = match places.ask(stream, Instant::now()) {
            Asked::Placed(place) => place,
            Asked::PlacedFor(place, other, silence) => {
                other.stream.hang_up();
                queue.report(format!(
                    "a connection that sent nothing for {} s was closed to make room for another: {} are open",
                    silence.as_secs(),
                    places.limit()
                ));
                place
            }
            Asked::Refused => {
                queue.report(format!(
                    "a connection was refused: {} are open, and none of them has been silent for long",
                    places.limit()
                ));
                continue;
            }
        };
        let (held, lines, rate) = (Arc::clone(&place), Arc::clone(queue), Arc::clone(&rate));
        let all = Arc::clone(&places);
        let started = spawn(move || {
            serve(&held, &lines, &rate);
            all.free(&held);
        });
        if let Err(error) = started {
            places.free(&place);
            queue.report(format!("the operating system gave no thread for a connection: {error}"));
        }
    }
}

/// Reads one connection to its end. What comes too fast stays with the sender.
fn serve<S: Stream>(place: &Place<S>, queue: &LineQueue, rate: &Mutex<Rate>) {
    if let Err(error) = place.stream.prepare() {
        queue.report(format!("a connection cannot be read: {error}"));
        return;
    }
    let mut cutter = Cutter::default();
    let mut space = [0; CHUNK_BYTES];
    let mut leaving_since = None;
    let mut is_end = false;
    while !is_end {
        match place.stream.receive(&mut space) {
            Ok(0) => is_end = true,
            Ok(count) => {
                place.begin();
                cutter.add(space.get(..count).unwrap_or_default());
            }
            Err(error) if is_pause(&error) => {
                let is_dead = place.silence(Instant::now()).is_some_and(|silence| silence > MAX_SILENCE);
                is_end = queue.is_closed() || place.is_leaving() || is_dead;
            }
            Err(_) => is_end = true,
        }
        if place.is_leaving() {
            is_end |= leaving_since.get_or_insert_with(Instant::now).elapsed() > LAST_WORDS;
        }
        while let Some(received) = cutter.next_message(is_end) {
            wait_for_turn(rate);
            if !queue.push(received) {
                return;
            }
        }
        if place.silence(Instant::now()).is_none() {
            place.done(Instant::now());
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// Longest time that a step may take.
    const PATIENCE: Duration = Duration::from_secs(20);

    /// Takes from the queue until `is_enough` says so of the lines, the dropped ones and the last error.
    fn take_until(
        queue: &LineQueue,
        is_enough: impl Fn(&[String], u64, Option<&str>) -> bool,
    ) -> (Vec<String>, u64, Option<String>) {
        let (mut lines, mut dropped, mut error) = (Vec::new(), 0, None);
        let began = Instant::now();
        while !is_enough(&lines, dropped, error.as_deref()) {
            assert!(began.elapsed() < PATIENCE, "{} lines, {dropped} dropped, {error:?}", lines.len());
            let taken = queue.take(100_000, usize::MAX);
            lines
                .extend(taken.lines.into_iter().map(|line| String::from_utf8_lossy(&line.line).into_owned()));
            dropped += taken.dropped;
            error = taken.last_error.or(error);
            thread::yield_now();
        }
        (lines, dropped, error)
    }

    /// What the kernel dropped was lost without a word: whoever sent 5,000 lines saw a thousand and `dropped: 0`.
    #[test]
    #[cfg(target_os = "linux")]
    fn every_datagram_is_read_or_counted_as_dropped() {
        const SENT: u64 = 5_000;
        let socket = UdpSocket::bind("127.0.0.1:0").expect("an address of our own");
        socket.set_read_timeout(Some(Duration::from_millis(10))).expect("a socket");
        rustix::net::sockopt::set_socket_recv_buffer_size(&socket, 64 * 1024).expect("a small buffer");
        let sender = UdpSocket::bind("127.0.0.1:0").expect("an address of our own");
        sender.connect(socket.local_addr().expect("bound")).expect("there");
        for number in 0..SENT {
            sender.send(format!("<190>{number}").as_bytes()).expect("sent");
        }
        let (queue, drops) = (Arc::new(LineQueue::default()), KernelDrops::of(&socket));
        let filled = Arc::clone(&queue);
        spawn(move || receive(|space| socket.recv(space), drops, &filled)).expect("a thread");
        let (lines, dropped, _) =
            take_until(&queue, |lines, dropped, _| lines.len() as u64 + dropped >= SENT);
        queue.close();
        assert!(!lines.is_empty() && dropped > 0);
        assert_eq!(lines.len() as u64 + dropped, SENT);
    }

    #[test]
    fn each_line_of_a_datagram_is_a_record() {
        let queue = LineQueue::default();
        let mut rate = Rate::new(Instant::now());
        take(b"<190>one\n<190>two\r\n\n \nthree\n", &mut rate, &queue);
        take(&vec![b'x'; MAX_MESSAGE_BYTES + 1], &mut rate, &queue);
        take(b"", &mut rate, &queue);
        let lines = queue.take(100, usize::MAX).lines;
        let text: Vec<_> = lines.iter().take(3).map(|line| (line.line.as_slice(), line.is_cut)).collect();
        let want: [(&[u8], bool); 3] = [(b"<190>one", false), (b"<190>two\r", false), (b"three", false)];
        assert_eq!(text, want);
        assert!(lines.len() == 4 && lines[3].is_cut);
    }

    /// Sixty-four connections that sent nothing locked every other sender out for an hour.
    #[test]
    fn idle_connections_make_room_for_those_that_send() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("an address of our own");
        let address = listener.local_addr().expect("bound");
        let queue = Arc::new(LineQueue::default());
        let filled = Arc::clone(&queue);
        let limits = Limits { connections: 3, leaving: 3, min_silence: Duration::from_millis(300) };
        spawn(move || accept(|| listener.accept().map(|(stream, _)| stream), limits, &filled))
            .expect("a thread");
        let mut speaking = TcpStream::connect(address).expect("accepted");
        let mut idle: Vec<_> = (0..2).map(|_| TcpStream::connect(address).expect("accepted")).collect();
        idle[0].write_all(b"half a ").expect("sent");
        // Senders come and say their line; the one that speaks now and then stays among them.
        let mut said = 0;
        let began = Instant::now();
        for number in 0..6 {
            let came = Instant::now();
            while came.elapsed() < Duration::from_millis(400) {
                assert!(began.elapsed() < PATIENCE);
                speaking.write_all(b"I am here\n").expect("still open");
                said += 1;
                thread::sleep(Duration::from_millis(20));
            }
            let mut sender = TcpStream::connect(address).expect("accepted");
            sender.write_all(format!("line {number}\n").as_bytes()).expect("sent");
            idle.push(sender);
        }
        let (lines, _, error) = take_until(&queue, |lines, _, _| {
            lines.iter().filter(|line| *line == "I am here").count() == said
                && lines.iter().filter(|line| line.starts_with("line ")).count() == 6
        });
        queue.close();
        assert!(lines.contains(&"half a ".to_owned()), "what was sent before is kept");
        let error = error.expect("it is told");
        assert!(error.contains("closed to make room") && error.contains("3 are open"), "{error}");
    }
}
