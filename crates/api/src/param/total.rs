//! The parameters of totals and top lists.

use bartizan_engine::{Dimension, RangeQuery};
use bartizan_model::{Span, Timestamp};
use utoipa::IntoParams;

use super::policy::threshold_text;
use super::{Params, RangeParams};
use crate::error::ApiError;
use crate::view::top::TopBy;

/// Values that are read to sort a top list by another count than requests.
const VALUES_READ: u32 = 10_000;

/// The host that figures are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HostParams {
    /// Only this host; 404 for one that has no figures of its own.
    pub(crate) host: Option<String>,
}

impl HostParams {
    /// Reads the host, and nothing else.
    pub(crate) fn only(mut params: Params) -> Result<Self, ApiError> {
        let host = Self::take(&mut params)?;
        params.finish()?;
        Ok(host)
    }

    fn take(params: &mut Params) -> Result<Self, ApiError> {
        Ok(Self { host: params.take("host")?.map(|host| host.to_lowercase()) })
    }
}

/// The parameters that a summary takes beside its range.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SummaryParams {
    /// Only this host; 404 for one that has no figures of its own.
    pub(crate) host: Option<String>,
    /// `previous` adds the totals of the span before.
    pub(crate) compare: Option<String>,
}

impl SummaryParams {
    /// Reads everything that a summary takes, and nothing else.
    pub(crate) fn parse(mut params: Params) -> Result<(RangeQuery, Self), ApiError> {
        let range = RangeParams::take(&mut params)?.query()?.unwrap_or(RangeQuery::DEFAULT);
        let HostParams { host } = HostParams::take(&mut params)?;
        let compare = params.take("compare")?;
        params.finish()?;
        if compare.as_deref().is_some_and(|compare| compare != "previous") {
            return Err(ApiError::validation("compare", "must be previous"));
        }
        Ok((range, Self { host, compare }))
    }

    /// Reads a range and a host, and nothing else.
    pub(crate) fn range_and_host(mut params: Params) -> Result<(RangeQuery, Option<String>), ApiError> {
        let range = RangeParams::take(&mut params)?.query()?.unwrap_or(RangeQuery::DEFAULT);
        let HostParams { host } = HostParams::only(params)?;
        Ok((range, host))
    }
}

/// The parameters that a histogram of scores takes beside its range.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ScoreParams {
    /// Another threshold, for which `would_block` is told.
    #[param(minimum = 0.0, maximum = 1.0)]
    pub(crate) threshold: Option<f64>,
}

impl ScoreParams {
    /// Reads everything that a histogram takes, and nothing else.
    pub(crate) fn parse(mut params: Params) -> Result<(RangeQuery, Self), ApiError> {
        let range = RangeParams::take(&mut params)?.query()?.unwrap_or(RangeQuery::DEFAULT);
        let threshold = params.take("threshold")?.map(|text| threshold_text(&text)).transpose()?;
        params.finish()?;
        Ok((range, Self { threshold }))
    }
}

/// The parameters that a trial of another threshold takes beside its range.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhatIfParams {
    /// The threshold for blocking to try; requests of lower scores are too many to be looked at.
    #[param(minimum = 0.1, maximum = 1.0)]
    pub(crate) threshold: f64,
}

impl WhatIfParams {
    /// Reads everything that a trial takes, and nothing else.
    pub(crate) fn parse(mut params: Params) -> Result<(RangeQuery, Self), ApiError> {
        let range = RangeParams::take(&mut params)?.query()?.unwrap_or(RangeQuery::DEFAULT);
        let threshold = params.take("threshold")?.map(|text| threshold_text(&text)).transpose()?;
        params.finish()?;
        let threshold = threshold.ok_or_else(|| ApiError::validation("threshold", "is missing"))?;
        Ok((range, Self { threshold }))
    }
}

/// The parameters that a top list takes beside its range.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes to the OpenAPI document what is read into a TopQuery")]
pub(crate) struct TopParams {
    /// `requests`, `blocked` or `threats`.
    by: Option<String>,
    /// Entries at most; clamped to 1 to 100, 10 when absent.
    limit: Option<i64>,
}

/// A top list as asked for.
#[derive(Debug)]
pub(crate) struct TopQuery {
    pub(crate) dimension: Dimension,
    pub(crate) span: Span,
    pub(crate) by: TopBy,
    pub(crate) limit: usize,
}

impl TopParams {
    /// Reads everything that a top list takes, and nothing else.
    pub(crate) fn parse(dimension: &str, mut params: Params, now: Timestamp) -> Result<TopQuery, ApiError> {
        let dimension = match dimension {
            "status" => Dimension::Status,
            "method" => Dimension::Method,
            "host" => Dimension::Host,
            "class" => Dimension::Class,
            "ip" => Dimension::Address,
            "path" => Dimension::Path,
            "user_agent" => Dimension::UserAgent,
            _ => {
                return Err(ApiError::not_found(
                    "there is no such dimension here; use ip, path, host, user_agent, method, status or class",
                ));
            }
        };
        let range = RangeParams::take(&mut params)?.query()?.unwrap_or(RangeQuery::DEFAULT);
        let by = params
            .take("by")?
            .map(|name| {
                let by = TopBy::from_name(&name);
                by.ok_or_else(|| ApiError::validation("by", "must be requests, blocked or threats"))
            })
            .transpose()?;
        let limit = params.take_clamped("limit", 1, 100)?.unwrap_or(10);
        params.finish()?;
        Ok(TopQuery {
            dimension,
            span: range.whole_minutes(now)?,
            by: by.unwrap_or_default(),
            limit: usize::try_from(limit).unwrap_or(10),
        })
    }
}

impl TopQuery {
    /// Values to read: the share needs the total, and another order needs every value.
    #[expect(clippy::unused_self, reason = "the dimensions of the next stage will need different numbers")]
    pub(crate) fn values_read(&self) -> u32 {
        VALUES_READ
    }
}
