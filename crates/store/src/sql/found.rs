//! What the rows of a list are found by, and all of them where they are few.

use super::dialect::{Builder, CHOOSES_INDEX, Connection};
use super::filter::List;
use super::places::Places;
use super::search::Search;
use super::store::failed;
use super::stretch::Stretch;
use crate::{Filter, LOWEST_THRESHOLD, StoreError};

/// Rows that match an index up to which all of them are collected and sorted.
const FEW_ROWS: usize = 1_024;

/// Every id that a row can have.
pub(super) const ALL_IDS: (i64, i64) = (0, i64::MAX);

/// What rows of a stretch are found by.
#[derive(Clone, Copy)]
pub(super) enum Found<'f> {
    /// Their instants alone.
    InOrder,
    At(&'f Places),
    By(&'f Search),
}

impl<'f> Found<'f> {
    /// The places, where an index tells the minutes of each apart.
    pub(super) fn places_by_minutes(self) -> Option<&'f Places> {
        match self {
            Found::At(places) if places.have_minutes() => Some(places),
            _ => None,
        }
    }

    /// The ids of all rows of that stretch that may match, when they are few and an index knows them.
    pub(super) async fn few(
        self,
        connection: &mut Connection,
        list: List,
        filter: &Filter,
        stretch: Stretch,
    ) -> Result<Option<Vec<i64>>, StoreError> {
        // Without an index that has its rows in order of time each stretch costs a look at all of them.
        if !CHOOSES_INDEX {
            return Ok(None);
        }
        let mut query = Builder::new("SELECT id FROM ");
        match self {
            Found::InOrder if filter.enforced == Some(true) => {
                query.push(list.table()).push(" WHERE enforced = 1");
                stretch.push(&mut query);
            }
            Found::InOrder
                if let Some(least) = filter.min_score.filter(|least| *least >= LOWEST_THRESHOLD) =>
            {
                query.push(list.table()).push(" WHERE score >= 0.1 AND score >= ").push_bind(least);
                stretch.push(&mut query);
            }
            Found::At(places) => {
                query.push(list.table());
                places.walk(&mut query);
                query.push(" WHERE 1 = 1");
                places.push(&mut query, stretch);
            }
            Found::By(search) if search.is_indexed() => {
                query.push("(");
                search.push_ids_of(&mut query, stretch, ALL_IDS);
                query.push(") AS holders");
            }
            Found::InOrder | Found::By(_) => return Ok(None),
        }
        query.push(" LIMIT ").push_bind(i64::try_from(FEW_ROWS + 1).unwrap_or(i64::MAX));
        let ids: Result<Vec<i64>, sqlx::Error> = query.build_query_scalar().fetch_all(connection).await;
        let ids = ids.map_err(failed("reading a list"))?;
        Ok((ids.len() <= FEW_ROWS).then_some(ids))
    }
}
