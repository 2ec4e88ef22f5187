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

/// Begins a statement that inserts rows.
pub(super) const INSERT: &str = "INSERT INTO ";

/// Bytes of all tables and indexes.
pub(super) const USED_BYTES: &str = "SELECT pg_database_size(current_database())";

/// Whether a row of `names` is the one that is looked for: the index holds hashes, since a text may be longer than a page
/// of an index.
pub(super) const SAME_NAME: &str = "names.kind = want.kind AND names.name = want.name \
     AND hash_of_name(names.name) = hash_of_name(want.name)";

/// Contained in, case ignored for ASCII letters, since columns of text have the collation "C"; `\` escapes.
pub(super) const CONTAINS: &str = " ILIKE ";

/// The planner has statistics and chooses an index by itself.
pub(super) const CHOOSES_INDEX: bool = true;

/// Nothing: an index cannot be named, see [`CHOOSES_INDEX`].
pub(super) fn walk(_query: &mut Builder, _index: &'static str) {}

/// Asks whether texts can be found by their runs of three characters: not where the extension pg_trgm cannot be had.
pub(super) const ARE_WORDS_LISTED: &str = "SELECT to_regclass('traffic_words') IS NOT NULL";

/// The pattern that finds a word, when its index is worth asking: the word has three letters or digits in a row, which
/// is what the extension lists, and of a sample of texts hardly one holds it. All rows of a list are found before the
/// first is read, so what many hold is found sooner without.
pub(super) fn indexed_words(word: &str, pattern: &str, sample: &[String]) -> Option<String> {
    let mut runs = word.split(|character: char| !character.is_alphanumeric());
    let lower = word.to_lowercase();
    let holders = sample.iter().filter(|text| text.to_lowercase().contains(&lower)).count();
    let is_listed = runs.any(|run| run.chars().count() >= RUN_CHARS);
    (is_listed && holders * RARE <= sample.len()).then(|| pattern.to_owned())
}

/// Characters of a run.
const RUN_CHARS: usize = 3;

/// Texts of a sample of which one at most may hold a word.
const RARE: usize = 100;

/// Begins a query of the ids of rows in a list of runs.
pub(super) fn listed(list: &'static str, pattern: &str) -> Builder {
    let table = match list {
        "names_words" => "names",
        "threats_words" => "threats",
        _ => "traffic",
    };
    let mut query = Builder::new("SELECT id FROM ");
    query.push(table).push(" WHERE ");
    push_having_runs(&mut query, list, pattern, None);
    query
}

/// Adds that a text of that list has the pattern, and that the row's id is within that span.
pub(super) fn push_having_runs(
    query: &mut Builder,
    list: &'static str,
    pattern: &str,
    ids: Option<(i64, i64)>,
) {
    let texts: &[&str] = match list {
        "names_words" => &["kind IN (2, 3, 4, 5) AND name"],
        "threats_words" => &["ip", "host", "endpoint", "user_agent", "payload", "details"],
        _ => &["query"],
    };
    for (at, text) in texts.iter().enumerate() {
        query.push(if at == 0 { "(" } else { " OR " });
        query.push(*text).push(CONTAINS).push_bind(pattern.to_owned());
    }
    query.push(")");
    if let Some((first, last)) = ids {
        query.push(" AND id BETWEEN ").push_bind(first).push(" AND ").push_bind(last);
    }
}

/// What stands around a query of ids among which a row's id shall be: it is asked first, and rows are had by its answer.
pub(super) const AMONG_IDS: (&str, &str) = (" AND id = ANY (ARRAY (", "))");

/// Adds that the text is this one. Texts may be longer than an entry of an index, so their beginnings are in it.
pub(super) fn push_equal(query: &mut Builder, column: &'static str, value: &str) {
    query.push("(left(").push(column).push(", 64) = left(").push_bind(value.to_owned()).push(", 64) AND ");
    query.push(column).push(" = ").push_bind(value.to_owned()).push(")");
}

/// Adds that the text lies from the first on and before the end. Texts may be longer than an entry of an index, so their
/// beginnings are in it.
pub(super) fn push_range(query: &mut Builder, column: &'static str, first: &str, end: &str) {
    query.push("(").push(column).push(" >= ").push_bind(first.to_owned());
    query.push(" AND ").push(column).push(" < ").push_bind(end.to_owned());
    query.push(" AND left(").push(column).push(", 64) >= left(").push_bind(first.to_owned());
    query.push(", 64) AND left(").push(column).push(", 64) <= left(").push_bind(end.to_owned());
    query.push(", 64))");
}

/// Nothing, see [`CHOOSES_INDEX`].
pub(super) fn walk_ids(_query: &mut Builder) {}

/// How far earlier versions let an event be ahead of its arrival, where several came at one instant, in µs.
const MOST_AHEAD: i64 = 1_000_000;

/// Adds ` AND …`, implied for rows whose event is not before the first instant, since none is ahead of its arrival, and that
/// are known to have arrived before the other: other days need not be looked at.
pub(super) fn skip_days(query: &mut Builder, first: i64, arrived_before: i64) {
    query.push(" AND received >= ").push_bind(first.saturating_sub(MOST_AHEAD));
    if arrived_before < i64::MAX {
        query.push(" AND received < ").push_bind(arrived_before);
    }
}

/// Adds ` AND …` that the row arrived on that day or later. Said to the microsecond: of the day before, no row would match, and
/// all of them would be looked at.
pub(super) fn since_day(query: &mut Builder, begins: i64) {
    query.push(" AND received >= ").push_bind(begins);
}

/// Chooses rows of a table, before their columns are read.
pub(super) fn push_chosen(query: &mut Builder, table: &'static str, choose: impl FnOnce(&mut Builder)) {
    query.push("(SELECT *");
    choose(query);
    query.push(") AS ").push(table);
}

/// Ends each statement of this transaction after that time.
pub(super) async fn limit_time(connection: &mut Connection, limit: Duration) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT set_config('statement_timeout', $1, TRUE)")
        .bind(limit.as_millis().to_string())
        .execute(connection)
        .await?;
    Ok(())
}
