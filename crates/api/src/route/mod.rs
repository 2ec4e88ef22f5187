//! One file per resource: parameters, documentation, handler.

pub(crate) mod activities;
pub(crate) mod alerts;
pub(crate) mod analytics;
pub(crate) mod charts;
pub(crate) mod forward_auth;
pub(crate) mod health;
pub(crate) mod ingest;
pub(crate) mod metrics;
pub(crate) mod openapi;
pub(crate) mod security;
pub(crate) mod service;
pub(crate) mod system;
pub(crate) mod tasks;
pub(crate) mod threats;
pub(crate) mod traffic;
pub(crate) mod waf;

use axum::routing::any;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use crate::ApiState;

/// Every route of the contract that this build has, with its documentation.
pub(crate) fn all() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(metrics::realtime))
        .routes(routes!(metrics::historical))
        .routes(routes!(alerts::active))
        .routes(routes!(alerts::history))
        .routes(routes!(alerts::dismiss))
        .routes(routes!(alerts::acknowledge))
        .routes(routes!(activities::recent))
        .routes(routes!(activities::range))
        .routes(routes!(charts::requests))
        .routes(routes!(charts::threats))
        .routes(routes!(charts::performance))
        .routes(routes!(traffic::recent))
        .routes(routes!(traffic::range))
        .routes(routes!(traffic::endpoint))
        .routes(routes!(traffic::detail))
        .routes(routes!(threats::recent))
        .routes(routes!(threats::range))
        .routes(routes!(threats::of_type))
        .routes(routes!(threats::stats))
        .routes(routes!(threats::detail))
        .routes(routes!(analytics::summary))
        .routes(routes!(analytics::overview))
        .routes(routes!(analytics::trend))
        .routes(routes!(analytics::top))
        .routes(routes!(analytics::scores))
        .routes(routes!(security::checks))
        .routes(routes!(security::run))
        .routes(routes!(security::score))
        .routes(routes!(security::history))
        .routes(routes!(system::info))
        .routes(routes!(system::sources))
        .routes(routes!(system::me))
        .routes(routes!(tasks::list))
        .routes(routes!(tasks::run))
        .routes(routes!(openapi::document))
        .routes(routes!(ingest::ingest))
        .routes(routes!(waf::check))
        .routes(routes!(waf::check_batch))
        .routes(routes!(waf::config, waf::set_config))
        .routes(routes!(waf::stats))
        .routes(routes!(waf::model_info))
        .routes(routes!(service::check))
        .routes(routes!(service::check_batch))
        .routes(routes!(service::metrics))
        .routes(routes!(service::update_threshold))
        .routes(routes!(service::config))
        .routes(forward_auth())
        .routes(routes!(health::health))
        .routes(routes!(health::live))
}

/// Documented as a GET, answered for every method: proxies repeat the one of the request that they hold.
fn forward_auth() -> UtoipaMethodRouter<ApiState> {
    let (schemas, paths, _) = routes!(forward_auth::forward_auth);
    (schemas, paths, any(forward_auth::forward_auth))
}
