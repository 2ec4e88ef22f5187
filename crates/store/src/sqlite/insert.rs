//! Many rows per statement, in a few fixed sizes, so that every statement is prepared once and found again.

use super::dialect::{Builder, Connection, INSERT};
use super::sql::{Worded, failed};
use crate::StoreError;

/// Rows per statement, largest first; the widest table has 25 columns and SQLite allows 32,766 parameters. Each statement
/// costs the driver two changes of thread, so it is large; one of a thousand rows would take a megabyte by itself.
const ROWS_PER_STATEMENT: [usize; 6] = [512, 128, 32, 8, 2, 1];

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

/// Runs `INSERT INTO head VALUES (…), (…) tail` over all rows, within a transaction.
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
        let mut query = Builder::new(INSERT);
        query.push(head).push(" VALUES ");
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

/// Lists the words of new rows, whose ids rise without a gap. Before the next statement of another kind SQLite writes what a
/// list gathered, so it is one statement for all rows of a batch.
pub(super) async fn list_words(
    connection: &mut Connection,
    list: Worded,
    ids: impl Iterator<Item = i64>,
) -> Result<(), StoreError> {
    let Some((first, last)) = ids.fold(None, |ends, id| Some((ends.map_or(id, |(first, _)| first), id)))
    else {
        return Ok(());
    };
    // Kinds of names: 2 host, 3 address, 4 path, 5 user agent.
    let listing = match list {
        Worded::Names => {
            "INSERT INTO names_words (rowid, name) SELECT id, name FROM names \
             WHERE id BETWEEN $1 AND $2 AND kind IN (2, 3, 4, 5) ORDER BY id"
        }
        Worded::Traffic => {
            "INSERT INTO traffic_words (rowid, query) SELECT id, query FROM traffic \
             WHERE id BETWEEN $1 AND $2 AND query IS NOT NULL ORDER BY id"
        }
        Worded::Threats => {
            "INSERT INTO threats_words (rowid, ip, host, endpoint, user_agent, payload, details) \
             SELECT id, ip, host, endpoint, user_agent, payload, details FROM threats \
             WHERE id BETWEEN $1 AND $2 ORDER BY id"
        }
    };
    let listed = sqlx::query(listing).bind(first).bind(last).execute(connection).await;
    listed.map(drop).map_err(failed("listing words"))
}
