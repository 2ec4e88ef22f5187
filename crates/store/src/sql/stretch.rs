//! Stretches of time, each longer than the one before, in which rows are looked for until a page is full.
//!
//! Rows of a hundred clients lie in a hundred places of an index. Within a stretch they are few, whatever is in the rest of
//! the table, and the newest stretch with enough of them ends the search: no statistics are needed, and what is frequent
//! is found at once while what is rare costs a few looks more.

use bartizan_model::Span;

use super::dialect::{Builder, Connection, skip_days_before, walk};
use super::filter::List;
use super::store::failed;
use crate::{Page, StoreError};

/// Rows of the table that the first stretch spans at least.
const FIRST_ROWS: usize = 512;

/// How many times longer each stretch is than the one before.
const GROWTH: i64 = 8;

/// Stretches that are measured in rows, which is exact and takes a step per row; later ones are measured in time.
const MEASURED_IN_ROWS: usize = 2;

/// Instants from the first to the last, both inside, in µs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) first: i64,
    pub(super) last: i64,
}

impl Stretch {
    /// All of a span, or of time.
    pub(super) fn of(span: Option<Span>) -> Self {
        match span {
            Some(span) => Self { first: span.from.micros(), last: span.to.micros().saturating_sub(1) },
            None => Self { first: i64::MIN, last: i64::MAX },
        }
    }

    /// Adds ` AND` that the instant lies inside.
    pub(super) fn push(self, query: &mut Builder) {
        query.push(" AND ts >= ").push_bind(self.first).push(" AND ts <= ").push_bind(self.last);
        skip_days_before(query, self.first);
    }
}

/// Hands out one stretch after the other, in the order of the page.
#[derive(Debug)]
pub(super) struct Stretches {
    list: List,
    ascending: bool,
    /// What is left; `None` when all was handed out.
    left: Option<Stretch>,
    rows: i64,
    handed_out: usize,
    width: i64,
}

impl Stretches {
    /// All stretches of a page; `places` in the index are looked at for each.
    pub(super) async fn of(
        connection: &mut Connection,
        list: List,
        whole: Stretch,
        page: &Page,
        places: usize,
    ) -> Result<Self, StoreError> {
        let mut query = Builder::new("SELECT MIN(ts), MAX(ts) FROM (SELECT (SELECT MIN(ts) FROM ");
        query.push(list.table()).push(") AS ts UNION ALL SELECT (SELECT MAX(ts) FROM ");
        query.push(list.table()).push(")) AS ends");
        let ends: Result<(Option<i64>, Option<i64>), sqlx::Error> =
            query.build_query_as().fetch_one(connection).await;
        let (Some(mut first), Some(mut last)) = ends.map_err(failed("reading a list"))? else {
            return Ok(Self { list, ascending: false, left: None, rows: 0, handed_out: 0, width: 0 });
        };
        first = first.max(whole.first);
        last = last.min(whole.last);
        match &page.after {
            Some(cursor) if page.ascending => first = first.max(cursor.micros),
            Some(cursor) => last = last.min(cursor.micros),
            None => {}
        }
        let left = (first <= last).then_some(Stretch { first, last });
        // A stretch should have more rows than there are places to look at.
        let rows = i64::try_from(FIRST_ROWS.max(places.saturating_mul(4))).unwrap_or(i64::MAX);
        Ok(Self { list, ascending: page.ascending, left, rows, handed_out: 0, width: 0 })
    }

    /// The first stretch, of so many rows.
    pub(super) async fn in_rows(
        &mut self,
        connection: &mut Connection,
        rows: i64,
    ) -> Result<Option<Stretch>, StoreError> {
        let Some(left) = self.left else { return Ok(None) };
        let edge = self.instant_after(connection, left, rows).await?;
        Ok(Some(self.hand_out(left, edge)))
    }

    /// The next stretch.
    pub(super) async fn next(&mut self, connection: &mut Connection) -> Result<Option<Stretch>, StoreError> {
        let Some(left) = self.left else { return Ok(None) };
        let edge = if self.handed_out < MEASURED_IN_ROWS {
            let edge = self.instant_after(connection, left, self.rows).await?;
            self.rows = self.rows.saturating_mul(GROWTH);
            self.handed_out += 1;
            edge
        } else {
            self.width = self.width.saturating_mul(GROWTH);
            Some(if self.ascending {
                left.first.saturating_add(self.width)
            } else {
                left.last.saturating_sub(self.width)
            })
        };
        Ok(Some(self.hand_out(left, edge)))
    }

    /// Hands out what lies before the edge, or all that is left.
    fn hand_out(&mut self, left: Stretch, edge: Option<i64>) -> Stretch {
        let edge = edge.filter(|edge| left.first < *edge && *edge < left.last);
        let (stretch, left) = match edge {
            None => (left, None),
            Some(edge) if self.ascending => {
                (Stretch { last: edge, ..left }, Some(Stretch { first: edge + 1, ..left }))
            }
            Some(edge) => (Stretch { first: edge, ..left }, Some(Stretch { last: edge - 1, ..left })),
        };
        self.width = stretch.last - stretch.first + 1;
        self.left = left;
        stretch
    }

    /// The instant that is some rows away; `None` when there are fewer.
    async fn instant_after(
        &self,
        connection: &mut Connection,
        left: Stretch,
        rows: i64,
    ) -> Result<Option<i64>, StoreError> {
        let mut query = Builder::new("SELECT ts FROM ");
        query.push(self.list.table());
        walk(&mut query, self.list.instants());
        query.push(" WHERE 1 = 1");
        left.push(&mut query);
        query.push(if self.ascending { " ORDER BY ts" } else { " ORDER BY ts DESC" });
        query.push(" LIMIT 1 OFFSET ").push_bind(rows);
        query.build_query_scalar().fetch_optional(connection).await.map_err(failed("reading a list"))
    }
}
