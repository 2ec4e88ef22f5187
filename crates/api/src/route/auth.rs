//! Logging in and out, and who one is.

use axum::extract::{Extension, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bartizan_engine::Credentials;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::access::{By, Client, cleared, opened};
use crate::body::JsonBody;
use crate::envelope::{Answer, Done};
use crate::error::ApiError;
use crate::view::user::{LoggedIn, Me};

/// What a person logs in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    username: String,
    #[schema(format = Password)]
    password: String,
}

impl Login {
    /// These at a client, where there is anything to log in to.
    pub(crate) fn at(self, api: &ApiState, client: &Client) -> Result<Credentials, ApiError> {
        if !api.settings.authenticate {
            return Err(ApiError::auth_disabled());
        }
        Ok(Credentials { username: self.username, password: self.password, peer: client.ip })
    }
}

/// A new password of one's own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    /// The present one.
    #[schema(format = Password)]
    current_password: String,
    /// 12 to 256 characters.
    #[schema(format = Password)]
    new_password: String,
}

/// Opens a session and sets its cookie. Every failure looks and lasts alike.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "auth", operation_id = "login", request_body = Login,
    responses((status = 200, description = "Logged in", body = Answer<LoggedIn>)))]
pub(crate) async fn login(
    State(api): State<ApiState>,
    Extension(client): Extension<Client>,
    JsonBody(login): JsonBody<Login>,
) -> Result<Response, ApiError> {
    let (caller, credential) = api.engine.access().login(login.at(&api, &client)?).await?;
    let answer = Answer::new(api.now(), LoggedIn::from(&caller));
    Ok(([(header::SET_COOKIE, opened(&credential, &client)?)], answer).into_response())
}

/// Ends the session, and closes its sockets.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "auth", operation_id = "logout",
    responses((status = 200, description = "Logged out", body = Done)))]
pub(crate) async fn logout(State(api): State<ApiState>, by: By) -> Result<Response, ApiError> {
    api.engine.access().logout(&by.caller, by.client.ip).await?;
    let answer = Done::new(api.now(), "logged out");
    Ok(([(header::SET_COOKIE, cleared(&by.client)?)], answer).into_response())
}

/// Who asks, and what they may do.
#[utoipa::path(get, path = "/api/v1/auth/me", tag = "auth", operation_id = "me",
    responses((status = 200, description = "The caller", body = Answer<Me>)))]
pub(crate) async fn me(State(api): State<ApiState>, by: By) -> Answer<Me> {
    Answer::new(api.now(), Me::from(by.caller.as_ref()))
}

/// Replaces one's own password. Every session of the user ends, this one included.
#[utoipa::path(post, path = "/api/v1/auth/password", tag = "auth", operation_id = "changePassword",
    request_body = PasswordChange, responses((status = 200, description = "Replaced", body = Done)))]
pub(crate) async fn change_password(
    State(api): State<ApiState>,
    by: By,
    JsonBody(change): JsonBody<PasswordChange>,
) -> Result<Done, ApiError> {
    if by.caller.user.id == 0 {
        return Err(ApiError::conflict("this caller has no password"));
    }
    let PasswordChange { current_password, new_password } = change;
    let access = api.engine.access();
    access.change_own_password(&by.caller, current_password, new_password, &by.actor()).await?;
    Ok(Done::new(api.now(), "password replaced; log in with the new one"))
}
