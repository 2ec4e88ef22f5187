//! The parameters of series and totals (API.md 1.5).

use bartizan_engine::{RangeQuery, SeriesPoint, SeriesWindow};
use bartizan_model::Timestamp;
use utoipa::IntoParams;

use super::{Params, RangeParams};
use crate::ApiState;
use crate::envelope::Ranged;
use crate::error::ApiError;

/// Points of a series when the caller does not say how many: existing clients keep only the last 60.
const DEFAULT_BUCKETS: u32 = 60;

/// The parameters that a series takes beside its range.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SeriesParams {
    /// Points at most, 1 to 1000.
    #[param(minimum = 1, maximum = 1000, default = 60)]
    buckets: Option<u32>,
    /// Only this host; 404 for one that has no figures of its own.
    host: Option<String>,
}

/// A series as asked for.
#[derive(Debug)]
pub(crate) struct SeriesQuery {
    pub(crate) window: SeriesWindow,
    pub(crate) host: Option<String>,
    /// Whether a file is wanted.
    pub(crate) csv: bool,
}

impl SeriesQuery {
    /// Reads everything that a series takes, and nothing else.
    pub(crate) fn parse(params: Params, now: Timestamp) -> Result<Self, ApiError> {
        Self::read(params, false, now)
    }

    /// The same of a series that can be had as a file.
    pub(crate) fn parse_or_csv(mut params: Params, now: Timestamp) -> Result<Self, ApiError> {
        let csv = params.take_csv()?;
        Self::read(params, csv, now)
    }

    fn read(mut params: Params, csv: bool, now: Timestamp) -> Result<Self, ApiError> {
        let range = RangeParams::take(&mut params)?.query()?.unwrap_or(RangeQuery::DEFAULT);
        let series = SeriesParams::take(&mut params)?;
        params.finish()?;
        let window = range.series(now, series.buckets.unwrap_or(DEFAULT_BUCKETS))?;
        Ok(Self { window, host: series.host, csv })
    }

    /// The points as sent.
    pub(crate) fn answer<'a, T>(
        &self,
        api: &ApiState,
        points: &'a [SeriesPoint],
        view: impl Fn(&'a SeriesPoint) -> T,
    ) -> Ranged<Vec<T>> {
        let window = api.window(self.window.span, Some(self.window.width_s));
        Ranged::new(api.now(), window, points.iter().map(view).collect())
    }
}

impl SeriesParams {
    fn take(params: &mut Params) -> Result<Self, ApiError> {
        let buckets = params.take_integer("buckets")?;
        let buckets = buckets
            .map(|count| u32::try_from(count).ok().filter(|count| (1..=1_000).contains(count)))
            .map(|count| count.ok_or_else(|| ApiError::validation("buckets", "must be between 1 and 1000")))
            .transpose()?;
        let host = params.take("host")?.map(|host| host.to_lowercase());
        Ok(Self { buckets, host })
    }
}
