//! Thresholds and mode to set (API.md 5, PUT `/waf/config`).

use bartizan_engine::PolicyChange;
use bartizan_model::Mode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::Params;
use crate::error::ApiError;
use crate::view::name::ModeName;

/// What is to be set; what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyUpdate {
    /// Score from which a request is judged worth blocking.
    #[serde(default)]
    #[schema(minimum = 0.0, maximum = 1.0)]
    threshold: Option<f64>,
    /// Score from which a request is flagged; at most `threshold`.
    #[serde(default)]
    #[schema(minimum = 0.0, maximum = 1.0)]
    flag_threshold: Option<f64>,
    #[serde(default)]
    #[schema(value_type = Option<ModeName>)]
    mode: Option<Mode>,
}

/// The threshold in the query, as some clients send it.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes to the OpenAPI document what is read into the change")]
pub(crate) struct ThresholdParams {
    /// Score from which a request is judged worth blocking; must not contradict the body.
    #[param(minimum = 0.0, maximum = 1.0)]
    threshold: Option<f64>,
}

impl PolicyUpdate {
    /// The change that body and query ask for together.
    pub(crate) fn change(self, mut params: Params) -> Result<PolicyChange, ApiError> {
        let given = params.take("threshold")?;
        params.finish()?;
        let in_query = given.map(|text| threshold_text(&text)).transpose()?;
        let in_body = self.threshold.map(|value| threshold("threshold", value)).transpose()?;
        if let (Some(in_query), Some(in_body)) = (in_query, in_body)
            && (in_query - in_body).abs() > f64::EPSILON
        {
            return Err(ApiError::validation("threshold", "differs in the query and in the body"));
        }
        let flag_threshold =
            self.flag_threshold.map(|value| threshold("flag_threshold", value)).transpose()?;
        Ok(PolicyChange { threshold: in_body.or(in_query), flag_threshold, mode: self.mode })
    }
}

/// A threshold, which lies between 0 and 1.
pub(crate) fn threshold(field: &str, value: f64) -> Result<f64, ApiError> {
    if (0.0..=1.0).contains(&value) {
        return Ok(value);
    }
    Err(ApiError::validation(field, "must be a number from 0 to 1"))
}

/// A threshold of a query.
pub(crate) fn threshold_text(text: &str) -> Result<f64, ApiError> {
    threshold("threshold", text.parse().unwrap_or(f64::NAN))
}
