//! Filters of the audit log (API.md chapter 8).

use bartizan_engine::AuditFilter;
use utoipa::IntoParams;

use super::Params;
use crate::error::ApiError;

/// Filters of the audit log; they combine with AND, comma-separated values of one with OR.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes to the OpenAPI document what is read into the store's own filter")]
pub(crate) struct AuditFilterParams {
    /// `login`, `create`, `config_change` and so on.
    action: Option<String>,
    /// `user`, `token`, `config`, `alert` and so on.
    resource_type: Option<String>,
    /// Only from then on, RFC 3339 with a zone.
    start_time: Option<String>,
}

impl AuditFilterParams {
    /// Takes the filters.
    pub(crate) fn take(params: &mut Params) -> Result<AuditFilter, ApiError> {
        let from = params.take("start_time")?.map(|text| {
            let problem = "must be an RFC 3339 instant with a zone, such as 2026-03-04T05:06:07Z";
            text.parse().map_err(|_| ApiError::validation("start_time", problem))
        });
        Ok(AuditFilter {
            action: names(params, "action")?,
            resource: names(params, "resource_type")?,
            from: from.transpose()?,
        })
    }
}

fn names<T: std::str::FromStr>(params: &mut Params, name: &'static str) -> Result<Vec<T>, ApiError> {
    let Some(text) = params.take(name)? else { return Ok(Vec::new()) };
    text.split(',')
        .map(|value| value.trim().parse().map_err(|_| ApiError::validation(name, "has an unknown value")))
        .collect()
}
