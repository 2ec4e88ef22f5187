//! What PostgreSQL says differently; the folder `sql` holds what SQLite reads as well.

use std::time::Duration;

/// The driver that the queries are compiled for.
pub(super) type Db = sqlx::Postgres;
/// A connection of that driver.
pub(super) type Connection = sqlx::PgConnection;
/// A row of that driver.
pub(super) type Row = sqlx::postgres::PgRow;
/// A query under construction.
pub(super) type Builder = sqlx::QueryBuilder<Db>;

/// Begins a transaction that writes.
pub(super) const BEGIN_WRITE: &str = "BEGIN";

/// Begins a transaction whose reads all see the same snapshot.
pub(super) const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

/// Bytes of all tables and indexes.
pub(super) const USED_BYTES: &str = "SELECT pg_database_size(current_database())";

/// What makes a row of `names` the only one, by a hash because a text may be longer than an entry of an index.
pub(super) const UNIQUE_NAME: &str = "(kind, hash_of_name(name))";

/// Contained in, case ignored for ASCII letters, since columns of text have the collation "C"; `\` escapes.
pub(super) const CONTAINS: &str = " ILIKE ";

/// The planner has statistics and chooses an index by itself.
pub(super) const CHOOSES_INDEX: bool = true;

/// Nothing: an index cannot be named, see [`CHOOSES_INDEX`].
pub(super) fn walk(_query: &mut Builder, _index: &'static str) {}

/// Nothing: there is no list of the runs of a text's characters, so texts are read.
pub(super) const INDEXES_WORDS: bool = false;

/// None, see [`INDEXES_WORDS`].
pub(super) fn indexed_words(_word: &str, _sample: &[String]) -> Option<String> {
    None
}

/// Nothing, see [`INDEXES_WORDS`].
pub(super) fn push_having_runs(
    query: &mut Builder,
    _list: &'static str,
    _runs: String,
    _ids: Option<(i64, i64)>,
) {
    query.push("1 = 1");
}

/// Nothing, see [`CHOOSES_INDEX`].
pub(super) fn walk_ids(_query: &mut Builder) {}

/// Adds ` AND …`, implied for rows whose event is not before that instant, since none is ahead of its arrival: days that
/// ended earlier need not be looked at.
pub(super) fn skip_days_before(query: &mut Builder, micros: i64) {
    query.push(" AND received >= ").push_bind(micros);
}

/// Ends each statement of this transaction after that time.
pub(super) async fn limit_time(connection: &mut Connection, limit: Duration) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT set_config('statement_timeout', $1, TRUE)")
        .bind(limit.as_millis().to_string())
        .execute(connection)
        .await?;
    Ok(())
}
