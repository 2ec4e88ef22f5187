//! The caller behind the headers of a request.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use bartizan_engine::{Actor, Caller};
use bartizan_model::Scope;

use super::{Client, cookie};
use crate::ApiState;
use crate::error::ApiError;

/// How a subprotocol begins that carries a token (API.md 7.1): browsers can set no header of a socket.
const BEARER_PROTOCOL: &str = "bearer.";

/// What is known of whoever asks.
#[derive(Debug, Clone)]
pub(crate) enum Identity {
    /// A caller with a credential that holds, or everybody while there is no authentication.
    Known(Arc<Caller>),
    /// There is no credential, or none that holds.
    Unknown,
    /// It could not be found out.
    Failed(Box<ApiError>),
}

impl Identity {
    /// Finds out who asks. A token in a query string is never looked at.
    pub(crate) async fn of(api: &ApiState, headers: &HeaderMap, client: &Client) -> Self {
        if !api.settings.authenticate {
            return Self::Known(Arc::clone(&api.local));
        }
        let access = api.engine.access();
        let found = if let Some(value) = headers.get(header::AUTHORIZATION) {
            // Whoever sends this means it: a cookie beside it does not help out.
            match value.to_str().ok().and_then(bearer) {
                Some(token) => access.token(token).await,
                None => Ok(None),
            }
        } else if let Some(token) = protocol_token(headers) {
            access.token(token).await
        } else if let Some(session) = cookie::session(headers, client) {
            access.session(session).await
        } else {
            Ok(None)
        };
        match found {
            Ok(Some(caller)) => Self::Known(Arc::new(caller)),
            Ok(None) => Self::Unknown,
            Err(error) => Self::Failed(Box::new(bartizan_engine::EngineError::from(error).into())),
        }
    }

    /// The caller, if it is known and reaches as far as that.
    ///
    /// # Errors
    /// 401, 403, and what kept us from finding out.
    pub(crate) fn reaching(&self, scope: Scope) -> Result<&Arc<Caller>, ApiError> {
        let caller = self.known()?;
        if caller.user.must_change_password {
            let message = "this password was given by somebody else; choose one of your own first";
            return Err(ApiError::new(StatusCode::FORBIDDEN, "password_change_required", message));
        }
        if caller.scope < scope { Err(ApiError::forbidden(scope)) } else { Ok(caller) }
    }

    /// The caller, however far it reaches.
    ///
    /// # Errors
    /// 401, and what kept us from finding out.
    pub(crate) fn known(&self) -> Result<&Arc<Caller>, ApiError> {
        match self {
            Self::Known(caller) => Ok(caller),
            Self::Unknown => {
                let message = "credentials are missing, unknown or expired; log in, or send a bearer token";
                Err(ApiError::new(StatusCode::UNAUTHORIZED, "unauthenticated", message))
            }
            Self::Failed(error) => Err(error.as_ref().clone()),
        }
    }
}

/// The caller of a handler, and from where it asks.
#[derive(Debug)]
pub(crate) struct By {
    pub(crate) caller: Arc<Caller>,
    pub(crate) client: Client,
}

impl By {
    /// This caller in the audit log.
    pub(crate) fn actor(&self) -> Actor {
        self.caller.actor(self.client.ip)
    }

    /// Refuses what a part of the route needs beyond the route itself.
    ///
    /// # Errors
    /// 403 when the caller does not reach as far.
    pub(crate) fn reaches(&self, scope: Scope) -> Result<(), ApiError> {
        if self.caller.scope < scope { Err(ApiError::forbidden(scope)) } else { Ok(()) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for By {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let identity = parts.extensions.get::<Identity>();
        let client = parts.extensions.get::<Client>().copied();
        let (Some(identity), Some(client)) = (identity, client) else {
            return Err(ApiError::internal("a request passed nobody who asked who it is"));
        };
        Ok(Self { caller: Arc::clone(identity.known()?), client })
    }
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn protocol_token(headers: &HeaderMap) -> Option<&str> {
    let offered = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
    let mut names = offered.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    names.find_map(|name| name.trim().strip_prefix(BEARER_PROTOCOL))
}
