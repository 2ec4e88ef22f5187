//! The one shape of every answer under `/api` (API.md 1.2).

use axum::Json;
use axum::response::{IntoResponse, Response};
use bartizan_model::{Span, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// A success.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Answer<T> {
    success: bool,
    data: T,
    /// The outcome of an action, one sentence for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
    /// When the answer was made.
    #[schema(format = DateTime)]
    timestamp: String,
}

impl<T> Answer<T> {
    /// The answer made at `now`.
    pub(crate) fn new(now: Timestamp, data: T) -> Self {
        Self { success: true, data, message: None, timestamp: now.to_rfc3339_millis() }
    }
}

/// A success of an action that has nothing to tell but its outcome.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Done {
    success: bool,
    /// Always null.
    data: Option<String>,
    /// The outcome, one sentence for people.
    message: &'static str,
    /// When the answer was made.
    #[schema(format = DateTime)]
    timestamp: String,
}

impl Done {
    /// The outcome of an action at `now`.
    pub(crate) fn new(now: Timestamp, message: &'static str) -> Self {
        Self { success: true, data: None, message, timestamp: now.to_rfc3339_millis() }
    }
}

/// A success over a span of time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ranged<T> {
    success: bool,
    data: T,
    /// When the answer was made.
    #[schema(format = DateTime)]
    timestamp: String,
    window: Window,
}

impl<T> Ranged<T> {
    /// The answer made at `now` about a window.
    pub(crate) fn new(now: Timestamp, window: Window, data: T) -> Self {
        Self { success: true, data, timestamp: now.to_rfc3339_millis(), window }
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listed<T> {
    success: bool,
    data: Vec<T>,
    /// When the answer was made.
    #[schema(format = DateTime)]
    timestamp: String,
    page: PageInfo,
    /// Where the list was asked for a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<Window>,
}

impl<T> Listed<T> {
    /// The page answered at `now`.
    pub(crate) fn new(now: Timestamp, page: PageInfo, window: Option<Window>, data: Vec<T>) -> Self {
        Self { success: true, data, timestamp: now.to_rfc3339_millis(), page, window }
    }
}

/// Where a page stands in its list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageInfo {
    /// Cursor of the following page; null at the end.
    pub(crate) next: Option<String>,
    /// Rows at most, after clamping.
    pub(crate) limit: u32,
    /// Rows that match in total; only with `count=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total: Option<u64>,
}

/// The span that was really answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Window {
    #[schema(format = DateTime)]
    from: String,
    #[schema(format = DateTime)]
    to: String,
    /// Width of each bucket in seconds; null without buckets.
    bucket_s: Option<i64>,
    /// Oldest instant still kept.
    #[schema(format = DateTime)]
    retained_from: Option<String>,
}

impl Window {
    /// A window of rows kept since `retained_from`.
    pub(crate) fn new(span: Span, bucket_s: Option<i64>, retained_from: Timestamp) -> Self {
        Self {
            from: span.from.to_rfc3339_millis(),
            to: span.to.to_rfc3339_millis(),
            bucket_s,
            retained_from: Some(retained_from.to_rfc3339_millis()),
        }
    }
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

impl<T: Serialize> IntoResponse for Ranged<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

impl<T: Serialize> IntoResponse for Listed<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}
