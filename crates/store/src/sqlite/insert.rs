//! Many rows per statement, in a few fixed sizes, so that every statement is prepared once and found again.

use super::dialect::{Builder, Connection};
use super::sql::failed;
use crate::StoreError;

/// Rows per statement, largest first; the widest table has 25 columns and SQLite allows 32,766 parameters.
const ROWS_PER_STATEMENT: [usize; 5] = [128, 32, 8, 4, 1];

/// Binds the values of one row, in order.
pub(super) struct Values<'b>(sqlx::query_builder::Separated<'b, super::dialect::Db, &'static str>);

impl Values<'_> {
    /// The next column's value.
    pub(super) fn add<'t, T>(&mut self, value: T) -> &mut Self
    where
        T: sqlx::Encode<'t, super::dialect::Db> + sqlx::Type<super::dialect::Db>,
    {
        self.0.push_bind(value);
        self
    }
}

/// Runs `head VALUES (…), (…) tail` over all rows.
pub(super) async fn insert_rows<T>(
    connection: &mut Connection,
    doing: &'static str,
    head: &'static str,
    rows: &[T],
    tail: &'static str,
    bind: impl Fn(&T, &mut Values<'_>),
) -> Result<(), StoreError> {
    let mut rest = rows;
    while !rest.is_empty() {
        let size = ROWS_PER_STATEMENT.into_iter().find(|size| *size <= rest.len()).unwrap_or(1);
        let (chunk, after) = rest.split_at(size);
        rest = after;
        let mut query = Builder::new(head);
        query.push(" VALUES ");
        for (at, row) in chunk.iter().enumerate() {
            query.push(if at == 0 { "(" } else { ", (" });
            bind(row, &mut Values(query.separated(", ")));
            query.push(")");
        }
        query.push(tail);
        query.build().execute(&mut *connection).await.map_err(|error| failed(doing)(error))?;
    }
    Ok(())
}
