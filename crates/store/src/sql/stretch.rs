//! Stretches of time, each longer than the one before, in which rows are looked for until a page is full.
//!
//! Rows of a hundred clients lie in a hundred places of an index. Within a stretch they are few, whatever is in the rest of
//! the table, and the newest stretch with enough of them ends the search: no statistics are needed, and what is frequent
//! is found at once while what is rare costs a few looks more.

use bartizan_model::Span;

use super::dialect::{Builder, Connection, skip_days, walk};
use super::filter::List;
use super::places::{MINUTE_MICROS, Places};
use super::reach::Reach;
use super::store::failed;
use crate::{Page, StoreError};

/// Rows of the table that the first stretch spans at least.
const FIRST_ROWS: usize = 512;

/// How many times longer each stretch is than the one before.
const GROWTH: i64 = 8;

/// How many times more days or minutes each look for few rows spans than the one before.
pub(super) const MORE: i64 = 4;

/// Stretches that are measured in rows, which is exact and takes a step per row; later ones are measured in time.
const MEASURED_IN_ROWS: usize = 2;

/// Instants from the first to the last, both inside, in µs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) first: i64,
    pub(super) last: i64,
    /// Everything inside arrived before this.
    pub(super) arrived_before: i64,
}

impl Stretch {
    /// All of a span, or of time.
    pub(super) fn of(span: Option<Span>) -> Self {
        let (first, last) = span
            .map_or((i64::MIN, i64::MAX), |span| (span.from.micros(), span.to.micros().saturating_sub(1)));
        Self { first, last, arrived_before: i64::MAX }
    }

    /// Adds ` AND` that the instant lies inside.
    pub(super) fn push(self, query: &mut Builder) {
        query.push(" AND ts >= ").push_bind(self.first).push(" AND ts <= ").push_bind(self.last);
        skip_days(query, self.first, self.arrived_before);
    }
}

/// Hands out one stretch after the other, in the order of the page.
#[derive(Debug)]
pub(super) struct Stretches {
    list: List,
    reach: Reach,
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
        let none = Self {
            list,
            reach: Reach::default(),
            ascending: false,
            left: None,
            rows: 0,
            handed_out: 0,
            width: 0,
        };
        let Some(reach) = Reach::of(connection, list).await? else { return Ok(none) };
        let mut first = reach.first.max(whole.first);
        let mut last = reach.last.min(whole.last);
        match &page.after {
            Some(cursor) if page.ascending => first = first.max(cursor.micros),
            Some(cursor) => last = last.min(cursor.micros),
            None => {}
        }
        let left = (first <= last).then_some(Stretch { first, last, ..whole });
        // A stretch should have more rows than there are places to look at.
        let rows = i64::try_from(FIRST_ROWS.max(places.saturating_mul(4))).unwrap_or(i64::MAX);
        Ok(Self { reach, ascending: page.ascending, left, rows, ..none })
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

    /// So many days of what is left; `None` where nothing is left, or all is in one table.
    pub(super) fn days(&self, days: i64) -> Option<Stretch> {
        self.reach.near(self.left?, self.ascending, days)
    }

    /// So many minutes of what is left; `None` where nothing is left.
    pub(super) fn minutes(&self, minutes: i64) -> Option<Stretch> {
        Some(self.reach.within(self.left?, self.ascending, MINUTE_MICROS, minutes))
    }

    /// Leaves out what lies before the nearest minute with a row at one of the places. Without any there, nothing is left.
    pub(super) async fn leap(
        &mut self,
        connection: &mut Connection,
        places: &Places,
    ) -> Result<bool, StoreError> {
        let mut days = 1_i64;
        while let Some(left) = self.left {
            let near = self.reach.near(left, self.ascending, days).unwrap_or(left);
            if let Some(minute) = places.nearest_minute(connection, self.list, near, self.ascending).await? {
                let begins = minute.saturating_mul(MINUTE_MICROS);
                self.left = Some(if self.ascending {
                    // The index rounds towards 1970, so up to there a minute is the one that ends with its name.
                    let begins = if minute > 0 { begins } else { begins.saturating_sub(MINUTE_MICROS - 1) };
                    Stretch { first: begins.max(left.first), ..left }
                } else {
                    Stretch { last: begins.saturating_add(MINUTE_MICROS - 1).min(left.last), ..left }
                });
                return Ok(true);
            }
            self.skip(near);
            days = days.saturating_mul(MORE);
        }
        Ok(false)
    }

    /// Leaves out what was read: the nearest part of what is left.
    pub(super) fn skip(&mut self, read: Stretch) {
        self.left = self.left.and_then(|left| {
            let left = if self.ascending {
                Stretch { first: read.last.saturating_add(1), ..left }
            } else {
                Stretch { last: read.first.saturating_sub(1), ..left }
            };
            (left.first <= left.last).then_some(left)
        });
    }

    /// Hands out what lies before the edge, or all that is left.
    fn hand_out(&mut self, left: Stretch, edge: Option<i64>) -> Stretch {
        let edge = edge.filter(|edge| left.first < *edge && *edge < left.last);
        let (mut stretch, left) = match edge {
            None => (left, None),
            Some(edge) if self.ascending => {
                (Stretch { last: edge, ..left }, Some(Stretch { first: edge + 1, ..left }))
            }
            Some(edge) => (Stretch { first: edge, ..left }, Some(Stretch { last: edge - 1, ..left })),
        };
        stretch.arrived_before = self.reach.arrived_before(stretch.last);
        self.width = stretch.last.saturating_sub(stretch.first).saturating_add(1);
        self.left = left;
        stretch
    }

    /// The instant that is some rows away, or the end of the first day where there are fewer on it; `None` when there are
    /// fewer at all.
    async fn instant_after(
        &self,
        connection: &mut Connection,
        left: Stretch,
        rows: i64,
    ) -> Result<Option<i64>, StoreError> {
        let near = self.reach.near(left, self.ascending, 1).unwrap_or(left);
        let mut query = Builder::new("SELECT ts FROM ");
        query.push(self.list.table());
        walk(&mut query, self.list.instants());
        query.push(" WHERE 1 = 1");
        near.push(&mut query);
        query.push(if self.ascending { " ORDER BY ts" } else { " ORDER BY ts DESC" });
        query.push(" LIMIT 1 OFFSET ").push_bind(rows);
        let found: Option<i64> =
            query.build_query_scalar().fetch_optional(connection).await.map_err(failed("reading a list"))?;
        let end = if self.ascending { near.last } else { near.first };
        // The end of all that is left is no edge.
        Ok(found.or_else(|| (near.first != left.first || near.last != left.last).then_some(end)))
    }
}
