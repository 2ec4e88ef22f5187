//! Variables of a path.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use crate::error::ApiError;

/// The one variable of a path, percent-decoded once.
#[derive(Debug)]
pub(crate) struct Variable(pub(crate) String);

/// The id in a path; what is no id names nothing.
#[derive(Debug)]
pub(crate) struct Id(pub(crate) i64);

impl<S: Send + Sync> FromRequestParts<S> for Variable {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let variables = Path::<HashMap<String, String>>::from_request_parts(parts, state)
            .await
            .map_err(|_| ApiError::malformed_request("the path is not UTF-8"))?;
        let value = variables.0.into_values().next();
        value.map(Self).ok_or_else(|| ApiError::internal("the route has no variable"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Variable(text) = Variable::from_request_parts(parts, state).await?;
        let id = text.parse::<i64>().ok().filter(|id| *id >= 1);
        id.map(Self).ok_or_else(|| ApiError::not_found("ids are whole numbers from 1 upward"))
    }
}
