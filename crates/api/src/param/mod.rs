//! What callers may say in a query, and how strictly it is read (API.md 1.5 to 1.7).

mod audit;
mod cursor;
mod filter;
mod list;
mod page;
mod policy;
mod query;
mod range;
mod series;
mod total;

pub(crate) use audit::AuditFilterParams;
pub(crate) use filter::{
    AlertFilterParams, FeedFilterParams, FilterParams, FilterScope, SystemEventFilterParams,
};
pub(crate) use list::{ListKind, alert_list, audit_list, list, system_event_list};
pub(crate) use page::{FormatParams, PageParams};
pub(crate) use policy::{PolicyUpdate, ThresholdParams, threshold};
pub(crate) use query::Params;
pub(crate) use range::RangeParams;
pub(crate) use series::{SeriesParams, SeriesQuery};
pub(crate) use total::{HostParams, ScoreParams, SummaryParams, TopParams, WhatIfParams};
