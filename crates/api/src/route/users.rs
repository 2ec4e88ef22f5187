//! Accounts of people.

use axum::extract::{Extension, State};
use bartizan_engine::{NewUser, UserChange};
use bartizan_model::Role;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::auth::Login;
use crate::ApiState;
use crate::access::{By, Client};
use crate::body::JsonBody;
use crate::envelope::{Answer, Done};
use crate::error::ApiError;
use crate::path::Id;
use crate::view::user::{TokenLogin, User};

/// A user to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserDraft {
    /// Letters, digits and `. _ @ -`; kept in lower case.
    username: String,
    email: String,
    /// 12 to 256 characters.
    #[schema(format = Password)]
    password: String,
    /// `viewer`, `operator` or `admin`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    #[serde(default)]
    full_name: Option<String>,
    /// Whether the password is one for the first login, to be replaced there; true when left out.
    #[serde(default)]
    must_change_password: Option<bool>,
}

/// What is to be changed about a user; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserPatch {
    #[serde(default)]
    email: Option<String>,
    /// `viewer`, `operator` or `admin`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    role: Option<Role>,
    /// Null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    #[expect(clippy::option_option, reason = "left out and null are different wishes")]
    full_name: Option<Option<String>>,
    /// Disabling ends sessions and refuses tokens.
    #[serde(default)]
    is_active: Option<bool>,
    /// To be replaced by its owner at the next login.
    #[serde(default)]
    #[schema(format = Password)]
    password: Option<String>,
}

/// A member that may be null, told apart from one that is missing.
#[expect(clippy::option_option, reason = "left out and null are different wishes")]
pub(crate) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Every user.
#[utoipa::path(get, path = "/api/v1/users", tag = "users", operation_id = "users",
    responses((status = 200, description = "The users", body = Answer<Vec<User>>)))]
pub(crate) async fn list(State(api): State<ApiState>) -> Result<Answer<Vec<User>>, ApiError> {
    let users = api.engine.access().users().await?;
    Ok(Answer::new(api.now(), users.iter().map(User::from).collect()))
}

/// Makes a user.
#[utoipa::path(post, path = "/api/v1/users", tag = "users", operation_id = "createUser", request_body = UserDraft,
    responses((status = 200, description = "Made", body = Answer<User>)))]
pub(crate) async fn create(
    State(api): State<ApiState>,
    by: By,
    JsonBody(draft): JsonBody<UserDraft>,
) -> Result<Answer<User>, ApiError> {
    let new = NewUser {
        username: draft.username,
        email: draft.email,
        full_name: draft.full_name,
        role: draft.role.unwrap_or(Role::Viewer),
        must_change_password: draft.must_change_password.unwrap_or(true),
    };
    let user = api.engine.access().add_user(new, draft.password, &by.actor()).await?;
    Ok(Answer::new(api.now(), User::from(&user)))
}

/// Changes a user.
#[utoipa::path(patch, path = "/api/v1/users/{id}", tag = "users", operation_id = "changeUser",
    params(("id" = i64, Path)), request_body = UserPatch,
    responses((status = 200, description = "Changed", body = Answer<User>)))]
pub(crate) async fn change(
    State(api): State<ApiState>,
    by: By,
    Id(id): Id,
    JsonBody(patch): JsonBody<UserPatch>,
) -> Result<Answer<User>, ApiError> {
    let UserPatch { email, role, full_name, is_active, password } = patch;
    let change = UserChange { email, role, full_name, is_active, password };
    let user = api.engine.access().change_user(id, change, &by.actor()).await?;
    Ok(Answer::new(api.now(), User::from(&user)))
}

/// Deletes a user with sessions and tokens.
#[utoipa::path(delete, path = "/api/v1/users/{id}", tag = "users", operation_id = "deleteUser",
    params(("id" = i64, Path)), responses((status = 200, description = "Deleted", body = Done)))]
pub(crate) async fn delete(State(api): State<ApiState>, by: By, Id(id): Id) -> Result<Done, ApiError> {
    api.engine.access().delete_user(id, &by.actor()).await?;
    Ok(Done::new(api.now(), "user deleted"))
}

/// The caller as a user.
#[utoipa::path(get, path = "/api/v1/users/me", tag = "users", operation_id = "myUser",
    responses((status = 200, description = "The caller", body = Answer<User>)))]
pub(crate) async fn me(State(api): State<ApiState>, by: By) -> Answer<User> {
    Answer::new(api.now(), User::from(&by.caller.user))
}

/// Gives a bearer token of twelve hours.
#[utoipa::path(post, path = "/api/v1/users/login", tag = "users", operation_id = "loginForToken",
    request_body = Login, responses((status = 200, description = "Logged in", body = Answer<TokenLogin>)))]
pub(crate) async fn login(
    State(api): State<ApiState>,
    Extension(client): Extension<Client>,
    JsonBody(login): JsonBody<Login>,
) -> Result<Answer<TokenLogin>, ApiError> {
    let (user, token) = api.engine.access().login_for_token(login.at(&api, &client)?).await?;
    Ok(Answer::new(api.now(), TokenLogin::new(token, &user)))
}
