//! The task of one socket: carries frames between the session and the wire, and ends sockets that misbehave.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use bartizan_engine::Caller;
use bartizan_engine::live::LiveEvent;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{FutureExt as _, Sink as _, SinkExt as _, StreamExt as _};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

use super::session::Session;
use super::upgrade::Opening;
use crate::ApiState;

/// Largest frame that a client may send, in bytes.
pub(crate) const MAX_FRAME: usize = 16 * 1024;
/// Messages that a client may send in [`FLOOD_WINDOW`]: 50 per second.
const FLOOD_MESSAGES: usize = 500;
/// The time over which messages are counted.
const FLOOD_WINDOW: Duration = Duration::from_secs(10);
/// Answers that wait beyond which nothing is read: a client that asks but does not take is held up by its own window.
const MAX_WAITING: usize = 16_384;
/// Shortest pause between figures or pings, whatever is configured.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(10);
/// Frames taken in at once before any of them is sent.
const MOST_TOGETHER: usize = 64;
/// How long a closing socket is given to take its last frames and to answer.
const CLOSING: Duration = Duration::from_secs(1);
/// How long the figures may take before a round is left out.
const FIGURES: Duration = Duration::from_secs(2);

/// Why a socket ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The peer closed or is gone: nothing to say.
    Gone,
    /// The server stops.
    Shutdown,
    /// The credential expired or was revoked.
    Unauthenticated,
    /// More messages than a person or a dashboard sends.
    Flood,
    /// A frame over the limit.
    TooLarge,
    /// The peer does not take what it is sent.
    TooSlow,
    /// A panic in this socket's task, which goes no further.
    Defect,
}

impl End {
    fn frame(self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::Gone => return None,
            Self::Shutdown => (1001, "the server stops"),
            Self::Unauthenticated => (4401, "credential expired or revoked"),
            Self::Flood => (1008, "too many messages"),
            Self::TooLarge => (1009, "frames may have 16 KiB"),
            Self::TooSlow => (1013, "too slow"),
            Self::Defect => (1011, "a defect of the server"),
        };
        Some(CloseFrame { code, reason: reason.into() })
    }
}

/// Speaks with one socket until one side ends it.
pub(crate) async fn run(socket: WebSocket, api: ApiState, opening: Opening, caller: Arc<Caller>) {
    let (sink, stream) = socket.split();
    let mut wire = Wire { sink, stream, unflushed: false, unanswered_pings: 0, received: VecDeque::new() };
    let conversing = AssertUnwindSafe(wire.converse(&api, opening, &caller)).catch_unwind().await;
    let end = conversing.unwrap_or_else(|_| {
        tracing::error!("a live socket ended by a defect");
        End::Defect
    });
    tracing::debug!(?end, "socket ended");
    if let Some(frame) = end.frame() {
        // A peer that does not take its last frame is cut off.
        let _ = timeout(CLOSING, wire.close(frame)).await;
    }
}

struct Wire {
    sink: SplitSink<WebSocket, Message>,
    stream: SplitStream<WebSocket>,
    /// Whether frames were handed over that may not have left yet.
    unflushed: bool,
    unanswered_pings: u32,
    /// When the newest messages came.
    received: VecDeque<Instant>,
}

impl Wire {
    async fn converse(&mut self, api: &ApiState, opening: Opening, caller: &Caller) -> End {
        // Before anything else, so that no ending is missed.
        let mut endings = api.engine.access().endings();
        let settings = &api.settings.live;
        let broadcaster = api.engine.live();
        let (newest, mut events) = broadcaster.subscribe();
        let mut session = Session::new(newest, settings.queue_frames);
        session.connect(broadcaster.epoch(), api.now());
        let resumes = opening.apply(&mut session, api.now());
        send_metrics(&mut session, api).await;
        send_performance(&mut session, api).await;
        if let Some((since, epoch)) = resumes {
            session.resume(since, epoch.as_deref(), broadcaster, api.now());
        }

        let mut metrics = ticks(settings.metrics_interval);
        let mut performance = ticks(settings.performance_interval);
        let mut pings = ticks(settings.ping_interval);
        let mut stalled_at = Instant::now() + settings.send_timeout;
        loop {
            let has_output = session.has_frames() || self.unflushed;
            if !has_output {
                stalled_at = Instant::now() + settings.send_timeout;
            }
            tokio::select! {
                // In this order: a stop is never missed, and what waits leaves before more is taken in.
                biased;
                () = api.stop.cancelled() => {
                    // What is queued goes out first, as far as the peer takes it at once.
                    let _ = timeout(CLOSING, self.drain(&mut session, api)).await;
                    return End::Shutdown;
                }
                // Waits for ever when there is nobody left to end anything.
                Ok(()) = endings.changed() => {
                    if has_ended(api, caller).await {
                        return End::Unauthenticated;
                    }
                }
                () = sleep_until(stalled_at), if has_output => return End::TooSlow,
                output = output(&mut self.sink, session.has_frames()), if has_output => match output {
                    Ok(Output::Ready) => {
                        let frame = session.next_frame(api.now()).map(|frame| Message::Text(frame.as_ref().into()));
                        if frame.is_none_or(|frame| self.start(frame).is_err()) {
                            return End::Gone;
                        }
                        stalled_at = Instant::now() + settings.send_timeout;
                    }
                    Ok(Output::Flushed) => self.unflushed = false,
                    Err(_) => return End::Gone,
                },
                message = self.stream.next(), if session.waiting() < MAX_WAITING => match message {
                    Some(Ok(message)) => {
                        if let Err(end) = self.take(message, &mut session, api) {
                            return end;
                        }
                    }
                    Some(Err(error)) => return of_error(&error),
                    None => return End::Gone,
                },
                event = events.recv() => match event {
                    Ok(event) => {
                        session.offer(event);
                        offer_what_came_with_it(&mut events, &mut session);
                    }
                    Err(RecvError::Lagged(count)) => session.note_dropped(count),
                    Err(RecvError::Closed) => return End::Shutdown,
                },
                _ = metrics.tick() => send_metrics(&mut session, api).await,
                _ = performance.tick() => send_performance(&mut session, api).await,
                _ = pings.tick() => {
                    // What expires, or is ended by another node, tells nobody.
                    if has_ended(api, caller).await {
                        return End::Unauthenticated;
                    }
                    if self.unanswered_pings >= 2 {
                        return End::Gone;
                    }
                    self.unanswered_pings += 1;
                    // Only when there is room: a socket that is stalled is ended by its own limit.
                    let room = output(&mut self.sink, true).now_or_never();
                    if room.is_some_and(|room| room.is_ok())
                        && self.start(Message::Ping(axum::body::Bytes::new())).is_err()
                    {
                        return End::Gone;
                    }
                }
            }
        }
    }

    fn start(&mut self, message: Message) -> Result<(), axum::Error> {
        Pin::new(&mut self.sink).start_send(message)?;
        self.unflushed = true;
        Ok(())
    }

    fn take(&mut self, message: Message, session: &mut Session, api: &ApiState) -> Result<(), End> {
        self.unanswered_pings = 0;
        let text = match message {
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Close(_) => return Err(End::Gone),
            Message::Text(text) if text.len() > MAX_FRAME => return Err(End::TooLarge),
            Message::Binary(bytes) if bytes.len() > MAX_FRAME => return Err(End::TooLarge),
            Message::Text(text) => Some(text),
            Message::Binary(_) => None,
        };
        let now = Instant::now();
        self.received.push_back(now);
        if self.received.len() > FLOOD_MESSAGES
            && self.received.pop_front().is_some_and(|oldest| now - oldest < FLOOD_WINDOW)
        {
            return Err(End::Flood);
        }
        if let Some(text) = text {
            session.receive(&text, api.engine.live(), api.now());
        }
        Ok(())
    }

    async fn drain(&mut self, session: &mut Session, api: &ApiState) {
        while let Some(frame) = session.next_frame(api.now()) {
            if self.sink.feed(Message::Text(frame.as_ref().into())).await.is_err() {
                return;
            }
        }
    }

    /// Says why, and waits for the peer's answer, so that the last frames are not lost with the connection.
    async fn close(&mut self, frame: CloseFrame) {
        if self.sink.send(Message::Close(Some(frame))).await.is_err() {
            return;
        }
        while let Some(Ok(_)) = self.stream.next().await {}
    }
}

/// What a socket did.
enum Output {
    /// It takes another frame.
    Ready,
    /// Everything that it was given has left.
    Flushed,
}

/// Waits until the socket takes another frame, or where there is none, until it has sent what it was given.
fn output(
    sink: &mut SplitSink<WebSocket, Message>,
    has_frames: bool,
) -> impl Future<Output = Result<Output, axum::Error>> + '_ {
    poll_fn(move |context| {
        let mut sink = Pin::new(&mut *sink);
        if has_frames {
            sink.as_mut().poll_ready(context).map_ok(|()| Output::Ready)
        } else {
            sink.as_mut().poll_flush(context).map_ok(|()| Output::Flushed)
        }
    })
}

/// Frames of one commit leave in one write: with thousands of sockets the writes are what a frame costs.
fn offer_what_came_with_it(events: &mut Receiver<Arc<LiveEvent>>, session: &mut Session) {
    for _ in 0..MOST_TOGETHER {
        match events.try_recv() {
            Ok(event) => session.offer(event),
            Err(TryRecvError::Lagged(count)) => session.note_dropped(count),
            Err(TryRecvError::Empty | TryRecvError::Closed) => return,
        }
    }
}

/// Whether a credential holds no longer. When the store cannot tell, the next look will.
async fn has_ended(api: &ApiState, caller: &Caller) -> bool {
    matches!(api.engine.access().still_holds(caller).await, Ok(false))
}

fn ticks(period: Duration) -> tokio::time::Interval {
    // An interval of zero is a panic of the timer.
    let mut ticks = interval(period.max(SHORTEST_INTERVAL));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first tick is immediate, and the first figures were sent with the greeting.
    ticks.reset();
    ticks
}

async fn send_metrics(session: &mut Session, api: &ApiState) {
    if !session.wants("metrics") {
        return;
    }
    let figures = api.figures.metrics(&api.engine, api.settings.live.metrics_interval);
    match timeout(FIGURES, figures).await {
        Ok(Ok(metrics)) => session.metrics(&metrics, api.now()),
        Ok(Err(error)) => tracing::debug!(%error, "metrics left out"),
        Err(_) => tracing::debug!("metrics left out: the store took too long"),
    }
}

async fn send_performance(session: &mut Session, api: &ApiState) {
    if !session.wants("performance") {
        return;
    }
    let figures = api.figures.performance(&api.engine, api.settings.live.performance_interval);
    match timeout(FIGURES, figures).await {
        Ok(Ok(performance)) => session.performance(&performance, api.now()),
        Ok(Err(error)) => tracing::debug!(%error, "performance left out"),
        Err(_) => tracing::debug!("performance left out: the store took too long"),
    }
}

/// The protocol's own limit stands above ours, so that most oversized frames are told apart by their length; beyond
/// it only the text of the error tells.
fn of_error(error: &axum::Error) -> End {
    if error.to_string().contains("Space limit exceeded") { End::TooLarge } else { End::Gone }
}
