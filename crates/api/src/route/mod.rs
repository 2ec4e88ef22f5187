//! One file per resource: parameters, documentation, handler.

pub(crate) mod activities;
pub(crate) mod alerts;
pub(crate) mod analytics;
pub(crate) mod charts;
pub(crate) mod health;
pub(crate) mod ingest;
pub(crate) mod metrics;
pub(crate) mod system;
pub(crate) mod tasks;
pub(crate) mod threats;
pub(crate) mod traffic;
pub(crate) mod waf;

use utoipa_axum::router::OpenApiRouter;
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
        .routes(routes!(system::info))
        .routes(routes!(system::sources))
        .routes(routes!(system::me))
        .routes(routes!(tasks::list))
        .routes(routes!(tasks::run))
        .routes(routes!(ingest::ingest))
        .routes(routes!(waf::check))
        .routes(routes!(waf::check_batch))
        .routes(routes!(waf::config))
        .routes(routes!(waf::model_info))
        .routes(routes!(waf::service_check))
        .routes(routes!(waf::service_check_batch))
        .routes(routes!(waf::service_config))
        .routes(routes!(health::health))
        .routes(routes!(health::live))
}
