//! A list as asked for: filter, page, and what is told about both (API.md 1.6 and 1.7).

use axum::response::{IntoResponse as _, Response};
use bartizan_engine::{AlertFilter, AuditFilter, Filter, Page, RangeQuery, SystemEventFilter};
use bartizan_model::{Span, Timestamp};

use super::cursor::BoundCursor;
use super::filter::FilterScope;
use super::{
    AlertFilterParams, AuditFilterParams, FilterParams, PageParams, Params, RangeParams,
    SystemEventFilterParams,
};
use crate::ApiState;
use crate::csv;
use crate::envelope::{Listed, PageInfo, Window};
use crate::error::ApiError;
use crate::listing::Listing;

/// What kind of list a route answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListKind {
    /// Name of the list, which a cursor is bound to.
    pub(crate) name: &'static str,
    /// Rows when the caller does not say how many.
    pub(crate) default_limit: u32,
    /// Whether the list has a range even when none was asked for.
    pub(crate) ranged: bool,
    /// Which filters it takes.
    pub(crate) scope: FilterScope,
    /// Oldest instant that rows of this kind are kept from.
    pub(crate) retained_from: Timestamp,
}

impl ListKind {
    /// The same list without a range, unless one is asked for.
    #[must_use]
    pub(crate) fn recent(self) -> Self {
        Self { ranged: false, ..self }
    }
}

/// A list as asked for.
#[derive(Debug)]
pub(crate) struct ListQuery<F> {
    pub(crate) filter: F,
    pub(crate) page: Page,
    identity: String,
    /// Whether a file is wanted.
    csv: bool,
    span: Option<Span>,
    retained_from: Timestamp,
}

/// Reads everything that a list of requests, threats or feed lines takes, and nothing else.
pub(crate) fn list(
    mut params: Params,
    kind: ListKind,
    now: Timestamp,
) -> Result<ListQuery<Filter>, ApiError> {
    let base = Base::take(&mut params, kind, now)?;
    let mut filter = FilterParams::take(&mut params, kind.scope)?;
    params.finish()?;
    filter.span = base.span;
    Ok(base.with(filter))
}

/// Reads everything that a list of alerts takes, and nothing else.
pub(crate) fn alert_list(
    mut params: Params,
    kind: ListKind,
    now: Timestamp,
) -> Result<ListQuery<AlertFilter>, ApiError> {
    let base = Base::take(&mut params, kind, now)?;
    let mut filter = AlertFilterParams::take(&mut params)?;
    params.finish()?;
    filter.span = base.span;
    filter.active_only = !kind.ranged;
    Ok(base.with(filter))
}

/// Reads everything that the list of what happened beside the requests takes, and nothing else.
pub(crate) fn system_event_list(
    mut params: Params,
    kind: ListKind,
    now: Timestamp,
) -> Result<ListQuery<SystemEventFilter>, ApiError> {
    let base = Base::take(&mut params, kind, now)?;
    let mut filter = SystemEventFilterParams::take(&mut params)?;
    params.finish()?;
    filter.span = base.span;
    Ok(base.with(filter))
}

/// Reads everything that the list of the audit log takes, and nothing else.
pub(crate) fn audit_list(
    mut params: Params,
    kind: ListKind,
    now: Timestamp,
) -> Result<ListQuery<AuditFilter>, ApiError> {
    let base = Base::take(&mut params, kind, now)?;
    let filter = AuditFilterParams::take(&mut params)?;
    params.finish()?;
    Ok(base.with(filter))
}

impl<F> ListQuery<F> {
    /// Asks the engine, and answers with a page or a file of everything that matches.
    pub(crate) async fn answer<T: Listing<Filter = F>>(self, api: ApiState) -> Result<Response, ApiError> {
        if self.csv {
            return csv::file::<T>(api, self.filter, self.page.ascending).await;
        }
        let rows = T::fetch(&api.engine, &self.filter, &self.page).await?;
        let next = rows.next.map(|at| BoundCursor { at, span: self.span }.seal(&self.identity));
        let page = PageInfo { next, limit: rows.limit, total: rows.total };
        let window = self.span.map(|span| Window::new(span, None, self.retained_from));
        let data: Vec<T> = rows.rows.iter().map(T::from).collect();
        Ok(Listed::new(api.now(), page, window, data).into_response())
    }
}

/// What every list has.
struct Base {
    page: Page,
    identity: String,
    /// Whether a file is wanted.
    csv: bool,
    span: Option<Span>,
    retained_from: Timestamp,
}

impl Base {
    fn take(params: &mut Params, kind: ListKind, now: Timestamp) -> Result<Self, ApiError> {
        let identity = format!("{}/{}/{}", kind.name, kind.ranged, params.identity());
        let csv = params.take_csv()?;
        // Every list is one of CSV but that of active alerts.
        if csv && kind.scope == FilterScope::None {
            return Err(ApiError::not_acceptable());
        }
        let page = PageParams::take(params)?;
        let takes_range = kind.ranged || !matches!(kind.scope, FilterScope::None | FilterScope::Audit);
        let range = if takes_range { RangeParams::take(params)?.query()? } else { None };
        let range = if kind.ranged { Some(range.unwrap_or(RangeQuery::DEFAULT)) } else { range };
        let mut span = range.map(|range| range.span(now)).transpose()?;
        let mut after = None;
        if let Some(text) = &page.cursor {
            let cursor = BoundCursor::open(text, &identity).ok_or_else(ApiError::bad_cursor)?;
            after = Some(cursor.at);
            span = cursor.span;
        }
        let page = Page {
            limit: page.limit.unwrap_or(kind.default_limit),
            ascending: page.order.unwrap_or_default() == super::page::Order::Asc,
            after,
            count: page.count.unwrap_or(false),
        };
        Ok(Self { page, identity, csv, span, retained_from: kind.retained_from })
    }

    fn with<F>(self, filter: F) -> ListQuery<F> {
        let Self { page, identity, csv, span, retained_from } = self;
        ListQuery { filter, page, identity, csv, span, retained_from }
    }
}
