//! One file per resource: parameters, documentation, handler.

pub(crate) mod activities;
pub(crate) mod alerts;
pub(crate) mod analytics;
pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod charts;
pub(crate) mod detection;
pub(crate) mod forward_auth;
pub(crate) mod health;
pub(crate) mod ingest;
pub(crate) mod metrics;
pub(crate) mod notifications;
pub(crate) mod openapi;
pub(crate) mod security;
pub(crate) mod service;
pub(crate) mod silences;
pub(crate) mod sources;
pub(crate) mod system;
pub(crate) mod tasks;
pub(crate) mod threats;
pub(crate) mod tokens;
pub(crate) mod traffic;
pub(crate) mod users;
pub(crate) mod waf;

use axum::routing::any;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use crate::ApiState;
use crate::access::Routes;

/// Every route of the contract that this build has, with its documentation and what it needs of its callers. Peers of
/// `/forward-auth` are checked by their address.
pub(crate) fn all() -> OpenApiRouter<ApiState> {
    Routes::default()
        .read(routes!(metrics::realtime))
        .read(routes!(metrics::historical))
        .read(routes!(alerts::active))
        .read(routes!(alerts::history))
        .operate(routes!(alerts::dismiss))
        .operate(routes!(alerts::acknowledge))
        .operate(routes!(alerts::reopen))
        .operate(routes!(alerts::bulk))
        .operate(routes!(silences::of_alert))
        .read(routes!(silences::list))
        .operate(routes!(silences::create))
        .operate(routes!(silences::delete))
        .read(routes!(notifications::channels))
        .operate(routes!(notifications::test))
        .read(routes!(notifications::deliveries))
        .read(routes!(activities::recent))
        .read(routes!(activities::range))
        .read(routes!(activities::events))
        .read(routes!(charts::requests))
        .read(routes!(charts::threats))
        .read(routes!(charts::performance))
        .read(routes!(traffic::recent))
        .read(routes!(traffic::range))
        .read(routes!(traffic::endpoint))
        .read(routes!(traffic::detail))
        .read(routes!(threats::recent))
        .read(routes!(threats::range))
        .read(routes!(threats::of_type))
        .read(routes!(threats::stats))
        .read(routes!(threats::detail))
        .read(routes!(analytics::summary))
        .read(routes!(analytics::overview))
        .read(routes!(analytics::trend))
        .read(routes!(analytics::top))
        .read(routes!(analytics::scores))
        .read(routes!(detection::what_if))
        .read(routes!(security::checks))
        .operate(routes!(security::run))
        .read(routes!(security::score))
        .read(routes!(security::history))
        .read(routes!(system::info))
        .read(routes!(system::storage))
        .read(routes!(system::sources))
        .admin(routes!(sources::add))
        .admin(routes!(sources::preview))
        .admin(routes!(sources::remove))
        .read(routes!(tasks::list))
        .operate(routes!(tasks::run))
        .open(routes!(openapi::document))
        .operate(routes!(ingest::ingest))
        .read(routes!(waf::check))
        .read(routes!(waf::check_batch))
        .read(routes!(waf::config))
        .admin(routes!(waf::set_config))
        .read(routes!(waf::stats))
        .read(routes!(waf::model_info))
        .operate(routes!(service::check))
        .operate(routes!(service::check_batch))
        .read(routes!(service::metrics))
        .admin(routes!(service::update_threshold))
        .read(routes!(service::config))
        .open(forward_auth())
        .open(routes!(health::health))
        .open(routes!(health::live))
        .open(routes!(health::ready))
        .open(routes!(auth::login))
        .known(routes!(auth::logout))
        .known(routes!(auth::me))
        .known(routes!(auth::change_password))
        .admin(routes!(users::list))
        .admin(routes!(users::create))
        .admin(routes!(users::change))
        .admin(routes!(users::delete))
        .known(routes!(users::me))
        .open(routes!(users::login))
        .admin(routes!(tokens::list))
        .admin(routes!(tokens::create))
        .admin(routes!(tokens::change))
        .admin(routes!(tokens::delete))
        .admin(routes!(audit::list))
        .admin(routes!(audit::entry))
        .into_router()
}

/// Documented as a GET, answered for every method: proxies repeat the one of the request that they hold.
fn forward_auth() -> UtoipaMethodRouter<ApiState> {
    let (schemas, paths, _) = routes!(forward_auth::forward_auth);
    (schemas, paths, any(forward_auth::forward_auth))
}
