//! What can go wrong at the edge, and how it is told (API.md 1.3): the one place that turns a kind into a status.

use std::error::Error as _;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bartizan_engine::{AccessError, EngineError};
use bartizan_model::{Classify, ErrorKind, Scope};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Standing;

/// Seconds after which a caller may try again what was unavailable.
const RETRY_AFTER_S: u64 = 2;

/// A failure with everything that the caller is told, and the cause that only the log is told.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) details: Details,
    pub(crate) retry_after_s: Option<u64>,
    /// For the log, never for the caller.
    pub(crate) cause: Option<String>,
}

/// What a failure tells beside its code, where it has something to tell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Details {
    #[default]
    None,
    /// What is wrong with a request.
    Problems(Vec<Problem>),
    /// How far a caller would have to reach.
    Scope { required_scope: &'static str },
    /// How often one may ask, and when again.
    Limit { limit: u32, window_s: u32, retry_after_s: u64 },
}

impl Details {
    fn is_none(&self) -> bool {
        *self == Self::None
    }

    /// What is wrong with a request; nothing for other failures.
    #[cfg(test)]
    pub(crate) fn problems(&self) -> &[Problem] {
        if let Self::Problems(problems) = self { problems } else { &[] }
    }
}

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Problem {
    pub(crate) field: String,
    pub(crate) problem: String,
}

/// A failure under `/api`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorEnvelope<'a> {
    /// Always false.
    pub(crate) success: bool,
    /// Always null.
    pub(crate) data: Option<String>,
    /// What went wrong, one sentence for people.
    pub(crate) message: &'a str,
    #[schema(format = DateTime)]
    pub(crate) timestamp: String,
    pub(crate) error: ErrorBody<'a>,
}

/// A failure of a root route.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BareError<'a> {
    pub(crate) detail: &'a str,
    pub(crate) error: ErrorBody<'a>,
}

/// What a program needs to know of a failure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErrorBody<'a> {
    /// Stable, snake_case.
    pub(crate) code: &'static str,
    #[serde(skip_serializing_if = "Details::is_none")]
    pub(crate) details: &'a Details,
    /// Equals the header `X-Request-Id`.
    pub(crate) request_id: &'a str,
}

impl ApiError {
    /// A failure told in full.
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            details: Details::None,
            retry_after_s: None,
            cause: None,
        }
    }

    /// 400: a body or a query that cannot be read.
    pub(crate) fn malformed_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed_request", message)
    }

    /// 400: a cursor that was damaged or made for another query.
    pub(crate) fn bad_cursor() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad_cursor",
            "the cursor is damaged or was made for another query; leave it out to begin at the first page",
        )
    }

    /// 404: no such path.
    pub(crate) fn unknown_route() -> Self {
        Self::new(StatusCode::NOT_FOUND, "unknown_route", "there is no such route")
    }

    /// 404: no such thing.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    /// 403: the caller does not reach that far.
    pub(crate) fn forbidden(required: Scope) -> Self {
        let message = format!("you have no permission for this; it takes the scope {}", required.as_str());
        let error = Self::new(StatusCode::FORBIDDEN, "forbidden", message);
        Self { details: Details::Scope { required_scope: required.as_str() }, ..error }
    }

    /// 409: what is there already stands against it.
    pub(crate) fn conflict(message: &str) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", message)
    }

    /// 409: there is nothing to log in to.
    pub(crate) fn auth_disabled() -> Self {
        let message = "authentication is off: everybody is the local administrator (auth.mode)";
        Self::new(StatusCode::CONFLICT, "auth_disabled", message)
    }

    /// 429: asked too often.
    pub(crate) fn rate_limited(standing: &Standing) -> Self {
        let Standing { limit, retry_after_s, .. } = *standing;
        let message = format!("more than {limit} requests per minute; try again in {retry_after_s} s");
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", message);
        let details = Details::Limit { limit, window_s: 60, retry_after_s };
        Self { details, retry_after_s: Some(retry_after_s), ..error }
    }

    /// 406: no representation that the caller accepts.
    pub(crate) fn not_acceptable() -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", "this route answers application/json only")
    }

    /// 422: a value that is well-formed but wrong.
    pub(crate) fn validation(field: &str, problem: impl Into<String>) -> Self {
        Self::invalid("validation_failed", field, problem.into())
    }

    /// 422: a range that makes no sense.
    pub(crate) fn invalid_range(field: &str, problem: impl Into<String>) -> Self {
        Self::invalid("invalid_range", field, problem.into())
    }

    /// 422: parameters that the route does not know.
    pub(crate) fn unsupported_parameters(names: Vec<String>) -> Self {
        let listed = names.join(", ");
        let mut error = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "unsupported_parameter",
            format!("this route does not know the parameter {listed}"),
        );
        let problem = |field| Problem { field, problem: "unknown".to_owned() };
        error.details = Details::Problems(names.into_iter().map(problem).collect());
        error
    }

    /// 500: a defect of ours; the cause goes to the log.
    pub(crate) fn internal(cause: impl Into<String>) -> Self {
        let mut error = Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "something went wrong in the server; its log has the cause under this request id",
        );
        error.cause = Some(cause.into());
        error
    }

    /// 503: a part that is needed does not answer now; the cause goes to the log.
    pub(crate) fn unavailable(cause: impl Into<String>) -> Self {
        let mut error = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "the server cannot answer now; try again in a moment",
        );
        error.retry_after_s = Some(RETRY_AFTER_S);
        error.cause = Some(cause.into());
        error
    }

    /// 503: as much is open or waiting as the server takes.
    pub(crate) fn overloaded(message: &str) -> Self {
        let mut error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", message);
        error.retry_after_s = Some(RETRY_AFTER_S);
        error
    }

    fn invalid(code: &'static str, field: &str, problem: String) -> Self {
        let mut error = Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, format!("{field} {problem}"));
        error.details = Details::Problems(vec![Problem { field: field.to_owned(), problem }]);
        error
    }
}

impl From<AccessError> for ApiError {
    fn from(error: AccessError) -> Self {
        EngineError::from(error).into()
    }
}

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        if let EngineError::Silence { field, problem } = &error {
            return Self::validation(field, problem.to_string());
        }
        if let EngineError::NewSource { field, problem } = error {
            return Self::validation(field, problem);
        }
        if let EngineError::LowThreshold { .. } = &error {
            return Self::validation("threshold", error.to_string());
        }
        if let EngineError::InvalidRange { field, problem } = error {
            return Self::invalid_range(field, problem);
        }
        let status = |status, code| Self::new(status, code, error.to_string());
        match error {
            EngineError::Access(AccessError::InvalidCredentials) => {
                return status(StatusCode::UNAUTHORIZED, "invalid_credentials");
            }
            EngineError::Access(AccessError::Throttled { retry_after_s }) => {
                let limited = status(StatusCode::TOO_MANY_REQUESTS, "rate_limited");
                let details = Details::Limit { limit: 5, window_s: 60, retry_after_s };
                return Self { details, retry_after_s: Some(retry_after_s), ..limited };
            }
            EngineError::Access(AccessError::Invalid { field, problem }) => {
                return Self::validation(field, problem);
            }
            EngineError::Access(AccessError::Busy) | EngineError::Overloaded | EngineError::QueueFull => {
                return Self::overloaded(&error.to_string());
            }
            EngineError::RateLimited { retry_after_s } => {
                let limited = status(StatusCode::TOO_MANY_REQUESTS, "rate_limited");
                return Self { retry_after_s: Some(retry_after_s), ..limited };
            }
            EngineError::TooLarge { .. } => {
                return status(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large");
            }
            EngineError::AddingOff => return status(StatusCode::CONFLICT, "adding_disabled"),
            EngineError::NotPacked => return Self::malformed_request(error.to_string()),
            _ => {}
        }
        match error.kind() {
            ErrorKind::NotFound => status(StatusCode::NOT_FOUND, "not_found"),
            ErrorKind::Conflict => status(StatusCode::CONFLICT, "conflict"),
            ErrorKind::Invalid => status(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed"),
            ErrorKind::Unauthenticated => status(StatusCode::UNAUTHORIZED, "unauthenticated"),
            ErrorKind::Forbidden => status(StatusCode::FORBIDDEN, "forbidden"),
            ErrorKind::RateLimited => status(StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
            ErrorKind::Unavailable => Self::unavailable(chain(&error)),
            ErrorKind::Internal => Self::internal(chain(&error)),
        }
    }
}

impl IntoResponse for ApiError {
    /// Only the status and this error as an extension: the body is written by the outermost layer, which knows the
    /// request id and the form that the route owes its callers.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// The message and those of its sources, for the log.
fn chain(error: &EngineError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}
