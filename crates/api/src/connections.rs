//! The connections that are served at a time, and which of them gives way when there is no room for one more.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::Response;
use hyper::body::{Bytes, Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// At most so many connections. The one that has gone longest without a request is closed when another one comes, as a
/// client that keeps connections open, or sends its headers a byte at a time, must not keep a health check waiting.
#[derive(Debug)]
pub(crate) struct Connections {
    places: Arc<Semaphore>,
    idle: Arc<Idle>,
}

/// The connections without a request, by when that began.
#[derive(Debug, Default)]
struct Idle(Mutex<Turns>);

#[derive(Debug, Default)]
struct Turns {
    last: u64,
    cuts: BTreeMap<u64, CancellationToken>,
}

/// One connection's place; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Connection {
    idle: Arc<Idle>,
    turn: Mutex<u64>,
    cut: CancellationToken,
    _place: OwnedSemaphorePermit,
}

impl Connections {
    pub(crate) fn new(most: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS))), idle: Arc::default() }
    }

    /// A place for one more connection. When all are taken and all of these have requests that are being answered, it
    /// comes with the first that ends.
    pub(crate) async fn place(&self) -> Option<Arc<Connection>> {
        let place = if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            place
        } else {
            self.idle.cut_first();
            Arc::clone(&self.places).acquire_owned().await.ok()?
        };
        let cut = CancellationToken::new();
        let turn = Mutex::new(self.idle.begin(cut.clone()));
        Some(Arc::new(Connection { idle: Arc::clone(&self.idle), turn, cut, _place: place }))
    }
}

impl Idle {
    fn turns(&self) -> std::sync::MutexGuard<'_, Turns> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, cut: CancellationToken) -> u64 {
        let mut turns = self.turns();
        turns.last += 1;
        let turn = turns.last;
        turns.cuts.insert(turn, cut);
        turn
    }

    fn end(&self, turn: u64) {
        self.turns().cuts.remove(&turn);
    }

    fn cut_first(&self) {
        if let Some((_, cut)) = self.turns().cuts.pop_first() {
            cut.cancel();
        }
    }
}

impl Connection {
    /// Waits until this connection has to give way.
    pub(crate) async fn until_cut(&self) {
        self.cut.cancelled().await;
    }

    /// Marks that a request has come; until the guard is dropped the connection does not give way.
    pub(crate) fn busy(self: &Arc<Self>) -> Busy {
        self.idle.end(*self.turn.lock().unwrap_or_else(PoisonError::into_inner));
        Busy(Arc::clone(self))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.idle.end(*self.turn.get_mut().unwrap_or_else(PoisonError::into_inner));
    }
}

/// A request of a connection, from its headers to the last byte of the answer.
#[derive(Debug)]
pub(crate) struct Busy(Arc<Connection>);

impl Busy {
    /// The answer, which keeps the connection busy for as long as there is something to send.
    pub(crate) fn until_sent(self, answer: Response) -> Response {
        answer.map(|body| Body::new(Held { body, _busy: self }))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let connection = &self.0;
        let turn = connection.idle.begin(connection.cut.clone());
        *connection.turn.lock().unwrap_or_else(PoisonError::into_inner) = turn;
    }
}

/// A body that holds on to its connection.
struct Held {
    body: Body,
    _busy: Busy,
}

impl hyper::body::Body for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
