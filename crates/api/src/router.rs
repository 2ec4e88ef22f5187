//! Every route under every layer.

use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::ApiState;
use crate::error::ApiError;
use crate::middleware::address::{is_api, is_service, rewrite};
use crate::middleware::cors::cors;
use crate::middleware::finish::finish;
use crate::middleware::guard::guard;
use crate::middleware::identify::identify;

/// Everything that a server answers, as a service: for a listener use [`crate::serve`].
pub fn router(state: ApiState) -> Router {
    let (routes, _) = crate::route::all().split_for_parts();
    let routes: Router = routes
        .route("/", get(crate::live::root))
        .route("/ws", get(crate::live::upgrade))
        .fallback(fallback)
        .method_not_allowed_fallback(async || {
            let message = "this route does not take that method; the header Allow lists those it takes";
            ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message)
        })
        .with_state(state.clone());
    // The layer added last is the outermost. Addresses are rewritten before anything is routed, so the routes stand in a
    // service behind the layers, not beside them.
    Router::new()
        .fallback_service(routes)
        .layer(middleware::from_fn(rewrite))
        .layer(middleware::from_fn_with_state(state.clone(), identify))
        .layer(middleware::from_fn_with_state(state.clone(), guard))
        .layer(CatchPanicLayer::custom(|_| ApiError::internal("a handler panicked").into_response()))
        .layer(middleware::from_fn_with_state(state.clone(), finish))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(state, cors))
}

/// What no route claims: the dashboard's files and pages, else nothing.
async fn fallback(request: Request) -> Response {
    let path = request.uri().path();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || is_api(path) || is_service(path) {
        return ApiError::unknown_route().into_response();
    }
    crate::dashboard::serve(request.uri(), request.headers())
}
