//! What SQLite says differently; the other files of this folder hold SQL that PostgreSQL reads as well.

/// The driver that the queries of this folder are compiled for.
pub(super) type Db = sqlx::Sqlite;
/// A connection of that driver.
pub(super) type Connection = sqlx::SqliteConnection;
/// A row of that driver.
pub(super) type Row = sqlx::sqlite::SqliteRow;
/// A query under construction.
pub(super) type Builder = sqlx::QueryBuilder<Db>;

/// Begins a transaction that will write: the lock is taken at once, so that it cannot fail half way.
pub(super) const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";

/// Contained in, case ignored for ASCII letters; `\` escapes.
pub(super) const CONTAINS: &str = " LIKE ";

/// Gives pages of deleted rows back to the file system, a few MiB at most per call; not inside a transaction.
pub(super) const GIVE_BACK: &str = "PRAGMA incremental_vacuum(2000)";

/// Moves everything from the write-ahead log into the database file.
pub(super) const CHECKPOINT: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

/// Names the index that a query shall walk: without statistics the planner's own choice is a guess.
pub(super) fn walk(query: &mut Builder, index: &'static str) {
    query.push(" INDEXED BY ").push(index);
}
