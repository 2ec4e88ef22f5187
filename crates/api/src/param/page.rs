//! Pages of lists (API.md 1.6).

use utoipa::IntoParams;

use super::Params;
use crate::error::ApiError;

/// Smallest and largest page.
const LIMITS: (i64, i64) = (1, 1_000);

/// The parameters of a page.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageParams {
    /// Rows at most; clamped to 1 to 1000.
    #[param(value_type = Option<i64>)]
    pub(crate) limit: Option<u32>,
    /// `page.next` of the previous answer; valid only with the same filters.
    pub(crate) cursor: Option<String>,
    /// `desc`, newest first, or `asc`.
    #[param(inline)]
    pub(crate) order: Option<Order>,
    /// Whether `page.total` is wanted.
    pub(crate) count: Option<bool>,
}

/// The form of a list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes to the OpenAPI document what is read with the list")]
pub(crate) struct FormatParams {
    /// `json`, or `csv` for a file of all rows that match; it wins over `Accept`.
    format: Option<String>,
}

/// Newest or oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, utoipa::ToSchema, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    #[default]
    Desc,
    Asc,
}

impl PageParams {
    /// Takes the parameters of a page.
    pub(crate) fn take(params: &mut Params) -> Result<Self, ApiError> {
        let limit = params.take_clamped("limit", LIMITS.0, LIMITS.1)?;
        let order = params
            .take("order")?
            .map(|order| match order.as_str() {
                "asc" => Ok(Order::Asc),
                "desc" => Ok(Order::Desc),
                _ => Err(ApiError::validation("order", "must be asc or desc")),
            })
            .transpose()?;
        Ok(Self {
            limit: limit.and_then(|limit| u32::try_from(limit).ok()),
            cursor: params.take("cursor")?,
            order,
            count: params.take_bool("count")?,
        })
    }
}
