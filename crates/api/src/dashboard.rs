//! The embedded dashboard: hashed assets for ever, the start page always fresh and under a strict policy.

use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::error::ApiError;

/// What the start page may load and who may frame it: only this server, and nobody.
const POLICY: &str = "default-src 'self'; connect-src 'self'; img-src 'self' data:; style-src 'self'; \
                      script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'";

/// Where the build tool puts files whose names change with their content.
const HASHED: &str = "assets/";

const START_PAGE: &str = "index.html";

#[cfg(feature = "dashboard")]
#[derive(rust_embed::Embed)]
#[folder = "../../web/dist"]
struct Files;

/// One file of the dashboard.
struct File {
    bytes: std::borrow::Cow<'static, [u8]>,
    media_type: String,
    etag: String,
}

/// The file at a path; the start page for paths without an extension, whose routes the dashboard knows.
pub(crate) fn serve(uri: &Uri, headers: &HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let name = if is_file { path } else { START_PAGE };
    let Some(file) = file(name) else { return ApiError::unknown_route().into_response() };
    let known =
        headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == file.etag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, file.media_type)], file.bytes).into_response()
    };
    let caching = if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let answer = response.headers_mut();
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Ok(etag) = HeaderValue::try_from(file.etag) {
        answer.insert(header::ETAG, etag);
    }
    if name == START_PAGE {
        answer.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        answer.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
    response
}

#[cfg(feature = "dashboard")]
fn file(name: &str) -> Option<File> {
    let file = Files::get(name)?;
    let hash: Vec<String> =
        file.metadata.sha256_hash().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let mut media_type = file.metadata.mimetype().to_owned();
    if media_type.starts_with("text/") {
        media_type.push_str("; charset=utf-8");
    }
    Some(File { bytes: file.data, media_type, etag: format!("\"{}\"", hash.concat()) })
}

#[cfg(not(feature = "dashboard"))]
fn file(_name: &str) -> Option<File> {
    None
}
