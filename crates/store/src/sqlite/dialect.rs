//! What SQLite says differently; the folder `sql` holds what PostgreSQL reads as well.

use std::time::{Duration, Instant};

/// The driver that the queries are compiled for.
pub(super) type Db = sqlx::Sqlite;
/// A connection of that driver.
pub(super) type Connection = sqlx::SqliteConnection;
/// A row of that driver.
pub(super) type Row = sqlx::sqlite::SqliteRow;
/// A query under construction.
pub(super) type Builder = sqlx::QueryBuilder<Db>;

/// Begins a transaction that will write: the lock is taken at once, so that it cannot fail half way.
pub(super) const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";

/// Begins a transaction whose reads all see the same snapshot.
pub(super) const BEGIN_READ: &str = "BEGIN";

/// Begins a statement that inserts rows, within a transaction that is given up when one fails: SQLite's own way would copy
/// every page before the statement changes it, to undo that one alone.
pub(super) const INSERT: &str = "INSERT OR FAIL INTO ";

/// Bytes of the file without its free pages.
pub(super) const USED_BYTES: &str = "SELECT (pages.page_count - free.freelist_count) * size.page_size \
     FROM pragma_page_count() AS pages, pragma_freelist_count() AS free, pragma_page_size() AS size";

/// Whether a row of `names` is the one that is looked for.
pub(super) const SAME_NAME: &str = "names.kind = want.kind AND names.name = want.name";

/// Contained in, case ignored for ASCII letters; `\` escapes.
pub(super) const CONTAINS: &str = " LIKE ";

/// The planner has no statistics; see [`walk`].
pub(super) const CHOOSES_INDEX: bool = false;

/// Names the index that a query shall walk: without statistics the planner's own choice is a guess.
pub(super) fn walk(query: &mut Builder, index: &'static str) {
    query.push(" INDEXED BY ").push(index);
}

/// Asks whether texts can be found by their runs of three characters, see [`indexed_words`].
pub(super) const ARE_WORDS_LISTED: &str = "SELECT TRUE";

/// What stands around a query of ids among which a row's id shall be.
pub(super) const AMONG_IDS: (&str, &str) = (" AND id IN (", ")");

/// Some runs of three characters that every text with this word has, as FTS5 asks for them (chapter 3.1 of its manual);
/// `None` for a word without any. Each is a list to walk, so of those in the word the ones that the fewest texts of a
/// sample hold are taken.
pub(super) fn indexed_words(word: &str, _pattern: &str, sample: &[String]) -> Option<String> {
    let characters: Vec<char> = word.chars().collect();
    if characters.contains(&'\0') {
        return None;
    }
    let sample: Vec<String> = sample.iter().map(|text| text.to_lowercase()).collect();
    let mut runs: Vec<(usize, String)> = Vec::new();
    for run in characters.windows(RUN_CHARS) {
        let run: String = run.iter().collect();
        if !runs.iter().any(|(_, known)| *known == run) {
            let lower = run.to_lowercase();
            runs.push((sample.iter().filter(|text| text.contains(&lower)).count(), run));
        }
    }
    runs.sort_by_key(|(holders, _)| *holders);
    let quoted = runs.iter().take(MOST_RUNS).map(|(_, run)| format!("\"{}\"", run.replace('"', "\"\"")));
    (!runs.is_empty()).then(|| quoted.collect::<Vec<_>>().join(" AND "))
}

/// Characters of a run: what the tokenizer `trigram` makes.
const RUN_CHARS: usize = 3;

/// Runs of a word that are asked for. More would hardly leave fewer rows.
const MOST_RUNS: usize = 4;

/// Begins a query of the ids of rows in a list of runs.
pub(super) fn listed(list: &'static str, runs: &str) -> Builder {
    let mut query = Builder::new("SELECT rowid FROM ");
    query.push(list).push(" WHERE ").push(list).push(" MATCH ").push_bind(runs.to_owned());
    query
}

/// Adds that the row's id is among those with these runs, and within that span.
pub(super) fn push_having_runs(query: &mut Builder, list: &'static str, runs: &str, ids: Option<(i64, i64)>) {
    query.push("id IN (SELECT rowid FROM ").push(list).push(" WHERE ").push(list).push(" MATCH ");
    query.push_bind(runs.to_owned());
    if let Some((first, last)) = ids {
        query.push(" AND rowid BETWEEN ").push_bind(first).push(" AND ").push_bind(last);
    }
    query.push(")");
}

/// Adds that the text is this one.
pub(super) fn push_equal(query: &mut Builder, column: &'static str, value: &str) {
    query.push(column).push(" = ").push_bind(value.to_owned());
}

/// Adds that the text lies from the first on and before the end.
pub(super) fn push_range(query: &mut Builder, column: &'static str, first: &str, end: &str) {
    query.push("(").push(column).push(" >= ").push_bind(first.to_owned());
    query.push(" AND ").push(column).push(" < ").push_bind(end.to_owned()).push(")");
}

/// Says that rows are found by their ids and by no index.
pub(super) fn walk_ids(query: &mut Builder) {
    query.push(" NOT INDEXED");
}

/// Nothing: there are no partitions that could be left out.
pub(super) fn skip_days(_query: &mut Builder, _first: i64, _arrived_before: i64) {}

/// Nothing: there are no partitions that could be left out.
pub(super) fn since_day(_query: &mut Builder, _begins: i64) {}

/// Chooses rows of a table, before their columns are read, which for most of them are elsewhere.
pub(super) fn push_chosen(query: &mut Builder, table: &'static str, choose: impl FnOnce(&mut Builder)) {
    query.push(table).push(" WHERE id IN (SELECT id");
    choose(query);
    query.push(")");
}

/// Ends whatever this connection does after that time. A caller that gives up drops its future, but SQLite would go on
/// to the end of the table.
pub(super) async fn limit_time(connection: &mut Connection, limit: Duration) -> Result<(), sqlx::Error> {
    let begun = Instant::now();
    connection
        .lock_handle()
        .await?
        .set_progress_handler(OPERATIONS_PER_CHECK, move || begun.elapsed() < limit);
    Ok(())
}

/// Steps of SQLite's virtual machine between two looks at the clock: some milliseconds of work.
const OPERATIONS_PER_CHECK: i32 = 100_000;

#[cfg(test)]
mod tests {
    use sqlx::Connection as _;

    use super::*;

    #[tokio::test]
    async fn an_endless_query_ends_when_its_time_is_over() {
        let mut connection = Connection::connect("sqlite::memory:").await.expect("opened");
        limit_time(&mut connection, Duration::from_millis(20)).await.expect("set");
        let endless =
            "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT COUNT(*) FROM n";
        assert!(sqlx::query(endless).execute(&mut connection).await.is_err());
        limit_time(&mut connection, Duration::from_mins(1)).await.expect("set");
        assert!(sqlx::query("SELECT 1").execute(&mut connection).await.is_ok());
    }
}
