//! Answering on a listener until told to stop.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{ApiState, router};

/// How long requests that are being received or answered may take after the stop. Well below the grace time of the
/// whole process (10 s by default), or a client that sent half a request would make every stop a failed one.
const GRACE: Duration = Duration::from_secs(3);

/// Answers on the listener until `shutdown` is cancelled; then sockets are closed with 1001, and requests that are
/// being answered are finished.
///
/// # Errors
/// What the listener fails with.
pub async fn serve(listener: TcpListener, state: ApiState, shutdown: CancellationToken) -> io::Result<()> {
    let (stop, sockets) = (state.stop.clone(), state.sockets.clone());
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    let stopping = {
        let (stop, shutdown) = (stop.clone(), shutdown.clone());
        async move {
            shutdown.cancelled().await;
            stop.cancel();
        }
    };
    let server = axum::serve(listener, service).with_graceful_shutdown(stopping);
    let overdue = async {
        shutdown.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    let served = tokio::select! {
        served = server.into_future() => served,
        () = overdue => {
            tracing::warn!("requests that were still being answered {} s after the stop were cut off", GRACE.as_secs());
            Ok(())
        }
    };
    // Sockets outlive their connection's task, so they are waited for on their own.
    stop.cancel();
    sockets.close();
    let _ = tokio::time::timeout(GRACE, sockets.wait()).await;
    served
}
