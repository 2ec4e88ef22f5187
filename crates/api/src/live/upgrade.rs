//! Opening a socket (API.md 7.1).

use std::sync::Arc;

use axum::extract::ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection};
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use bartizan_model::{Scope, Timestamp};

use super::session::Session;
use super::socket::{self, MAX_FRAME};
use crate::ApiState;
use crate::access::Identity;
use crate::error::ApiError;
use crate::param::Params;

/// The subprotocol of this contract.
const PROTOCOL: &str = "bartizan.v1";

/// Bytes that are read and written at once: clients send little, and most sockets are idle most of the time, so that
/// this is what one takes.
const BUFFER: usize = 4 * 1024;

/// What a client asks for with the upgrade.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Opening {
    types: Vec<String>,
    since: Option<u64>,
    epoch: Option<String>,
}

impl Opening {
    /// Reads `types`, `since` and `epoch`; other parameters are none of ours.
    fn parse(mut params: Params) -> Result<Self, ApiError> {
        let types = params.take("types")?.unwrap_or_default();
        let since = params.take("since")?;
        let since =
            since.map(|text| text.parse().map_err(|_| ApiError::validation("since", "must be a seq")));
        Ok(Self {
            types: types
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect(),
            since: since.transpose()?,
            epoch: params.take("epoch")?,
        })
    }

    /// Subscribes, and gives back what is to be resumed.
    pub(crate) fn apply(self, session: &mut Session, now: Timestamp) -> Option<(u64, Option<String>)> {
        if !self.types.is_empty() {
            session.subscribe(self.types, now);
        }
        self.since.map(|since| (since, self.epoch))
    }
}

/// The socket, at `/ws`.
pub(crate) async fn upgrade(
    State(api): State<ApiState>,
    params: Params,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
    offered: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    refuse_where_disabled(&api)?;
    let offered = offered.map_err(|_| upgrade_required())?;
    open(api, params, &headers, &identity, offered)
}

/// The socket at `/` for those who ask for one, the dashboard for the others.
pub(crate) async fn root(
    State(api): State<ApiState>,
    uri: Uri,
    headers: HeaderMap,
    Extension(identity): Extension<Identity>,
    offered: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    match offered {
        Ok(offered) => {
            let params = Params::parse(uri.query().unwrap_or_default());
            params.and_then(|params| open(api, params, &headers, &identity, offered)).into_response()
        }
        Err(_) => crate::dashboard::serve(&uri, &headers),
    }
}

fn open(
    api: ApiState,
    params: Params,
    headers: &HeaderMap,
    identity: &Identity,
    offered: WebSocketUpgrade,
) -> Result<Response, ApiError> {
    refuse_where_disabled(&api)?;
    let caller = Arc::clone(identity.reaching(Scope::Read)?);
    let opening = Opening::parse(params)?;
    if api.stop.is_cancelled() {
        return Err(ApiError::unavailable("the server stops"));
    }
    let Ok(place) = Arc::clone(&api.places).try_acquire_owned() else {
        return Err(ApiError::overloaded("as many live sockets are open as the server takes"));
    };
    let open = api.sockets.token();
    let offered = offered
        .max_message_size(4 * MAX_FRAME)
        .max_frame_size(4 * MAX_FRAME)
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER);
    let offered = match chosen_protocol(headers) {
        Some(protocol) => offered.protocols([protocol]),
        None => offered,
    };
    Ok(offered.on_upgrade(async move |socket| {
        socket::run(socket, api, opening, caller).await;
        drop((place, open));
    }))
}

/// Ours if it is offered, else the first that is.
fn chosen_protocol(headers: &HeaderMap) -> Option<String> {
    let offered: Vec<&str> = headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let chosen = offered.iter().find(|name| **name == PROTOCOL).or_else(|| offered.first());
    chosen.map(|name| (*name).to_owned())
}

/// A socket that is switched off is not there.
fn refuse_where_disabled(api: &ApiState) -> Result<(), ApiError> {
    if api.settings.live.enabled {
        return Ok(());
    }
    let message = "live updates are switched off on this server (websocket.enabled)";
    Err(ApiError::new(StatusCode::NOT_FOUND, "unknown_route", message))
}

fn upgrade_required() -> ApiError {
    let message = "this address speaks WebSocket only: send the upgrade headers";
    ApiError::new(StatusCode::UPGRADE_REQUIRED, "upgrade_required", message)
}
