//! The OpenAPI document itself, without envelope.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::header;
use axum::response::IntoResponse;

/// The document as it is served.
static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| match crate::openapi().to_json() {
    Ok(text) => Bytes::from(text),
    Err(error) => {
        tracing::error!(%error, "the OpenAPI document cannot be written");
        Bytes::from_static(b"{}")
    }
});

/// This document.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "system", operation_id = "openapi",
    responses((status = 200, description = "The document", body = serde_json::Value)))]
pub(crate) async fn document() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.clone())
}
