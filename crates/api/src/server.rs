//! Answering on a listener until told to stop.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service as _;

use crate::connections::{Connection, Connections};
use crate::{ApiState, router};

/// How long requests that are being received or answered may take after the stop. Well below the grace time of the
/// whole process (10 s by default), or a client that sent half a request would make every stop a failed one.
const GRACE: Duration = Duration::from_secs(3);

/// Pause after the operating system gave no connection, mostly because too many files are open.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Answers on the listener until `shutdown` is cancelled; then sockets are closed with 1001, and requests that are
/// being answered are finished.
///
/// A connection whose request line and headers take too long is closed, and so is one that is idle for as long. When as
/// many are open as are served at a time, the one that has gone longest without a request makes room for the next; only
/// while all of them are being answered does that one wait.
///
/// # Errors
/// What the listener fails with.
pub async fn serve(listener: TcpListener, state: ApiState, shutdown: CancellationToken) -> io::Result<()> {
    let (stop, sockets) = (state.stop.clone(), state.sockets.clone());
    let places = Connections::new(state.settings.max_connections);
    let connections = TaskTracker::new();
    let cut = CancellationToken::new();
    let http = {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(state.settings.header_timeout);
        http
    };
    let router = router(state);
    let mut is_failing = false;
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = accept(&listener, &places, &mut is_failing) => accepted,
        };
        let Some((stream, peer, connection)) = accepted else { continue };
        let (http, router) = (http.clone(), router.clone());
        let (stop, cut) = (stop.clone(), cut.clone());
        connections.spawn(async move {
            tokio::select! {
                () = answer(&http, stream, peer, router, stop, &connection) => {}
                () = connection.until_cut() => {}
                () = cut.cancelled() => {}
            }
        });
    }
    stop.cancel();
    connections.close();
    if tokio::time::timeout(GRACE, connections.wait()).await.is_err() {
        tracing::warn!(
            "requests that were still being answered {} s after the stop were cut off",
            GRACE.as_secs()
        );
        cut.cancel();
    }
    // Sockets outlive their connection's task, so they are waited for on their own.
    sockets.close();
    let _ = tokio::time::timeout(GRACE, sockets.wait()).await;
    Ok(())
}

/// One more connection, and its place. `None` when there was none to be had; the next one may be. While the system
/// gives none, that is told once and not with every try.
async fn accept(
    listener: &TcpListener,
    places: &Connections,
    is_failing: &mut bool,
) -> Option<(TcpStream, SocketAddr, Arc<Connection>)> {
    match listener.accept().await {
        Ok((stream, peer)) => {
            if std::mem::take(is_failing) {
                tracing::info!("connections are accepted again");
            }
            Some((stream, peer, places.place().await?))
        }
        // The peer gave up while it waited: its own affair.
        Err(error) if is_of_one_connection(&error) => None,
        Err(error) => {
            if !std::mem::replace(is_failing, true) {
                tracing::warn!(%error, "no connection can be accepted; is the limit of open files too low?");
            }
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}

/// Answers the requests of one connection; after the stop the one that is under way, and no more.
async fn answer(
    http: &http1::Builder,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    stop: CancellationToken,
    place: &Arc<Connection>,
) {
    // Answers are written in one piece: waiting for more to send along would only delay them.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let busy = place.busy();
        let answer = router.clone().call(request);
        async move { answer.await.map(|answer| busy.until_sent(answer)) }
    });
    let connection = http.serve_connection(TokioIo::new(stream), service).with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
