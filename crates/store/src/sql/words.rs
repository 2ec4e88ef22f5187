//! Searches for words. Rows hold the ids of their texts, so the texts are searched first, each once.

use super::dialect::{ARE_WORDS_LISTED, Builder, Connection, indexed_words, push_having_runs, since_day};
use super::filter::{List, push_codes, push_like, word_pattern};
use super::names::Kind;
use super::reach::Reach;
use super::store::failed;
use crate::StoreError;

/// Rows whose words can be looked for.
#[derive(Debug, Clone, Copy)]
pub(in super::super) enum Worded {
    Names,
    Traffic,
    Threats,
}

/// Most names that are collected for one word; a word in more of them is looked for row by row, and soon found.
const MOST_NAMES: usize = 1_000;

/// The texts of traffic rows in which words are looked for.
pub(super) const SEARCHED: [Kind; 4] = [Kind::UserAgent, Kind::Path, Kind::Address, Kind::Host];

/// The names that hold a word, or `None` for too many.
pub(super) type Holders = Option<Vec<(Kind, i64)>>;

/// The names that hold each word; nothing for threats, which hold their texts themselves.
pub(super) async fn find(
    connection: &mut Connection,
    list: List,
    words: &[String],
) -> Result<Vec<Holders>, StoreError> {
    let mut found = Vec::new();
    if list == List::Threats {
        return Ok(found);
    }
    for word in words {
        found.push(holders(connection, word).await?);
    }
    Ok(found)
}

/// The newest texts of each kind, of which it is learnt what is rare.
pub(super) const NAMES: &str = "SELECT name FROM names ORDER BY id DESC LIMIT 400";
pub(super) const THREATS: &str = "SELECT endpoint || COALESCE(payload, '') || COALESCE(details, '') FROM threats \
     ORDER BY id DESC LIMIT 400";

/// Whether words can be found by their runs of characters.
pub(super) async fn are_listed(connection: &mut Connection) -> Result<bool, StoreError> {
    sqlx::query_scalar(ARE_WORDS_LISTED).fetch_one(connection).await.map_err(failed("searching"))
}

/// The newest queries, as far as the newest day has them.
pub(super) async fn sample_of_queries(connection: &mut Connection) -> Result<Vec<String>, StoreError> {
    let mut query = Builder::new("SELECT query FROM (SELECT query FROM traffic WHERE 1 = 1");
    let Some(reach) = Reach::of(connection, List::Traffic).await? else { return Ok(Vec::new()) };
    since_day(&mut query, reach.newest_day());
    query.push(" ORDER BY id DESC LIMIT 1000) AS newest WHERE query IS NOT NULL LIMIT 400");
    query.build_query_scalar().fetch_all(connection).await.map_err(failed("searching"))
}

/// Some texts.
pub(super) async fn sample(
    connection: &mut Connection,
    query: &'static str,
) -> Result<Vec<String>, StoreError> {
    sqlx::query_scalar(query).fetch_all(connection).await.map_err(failed("searching"))
}

/// The names that hold the word.
pub(super) async fn holders(connection: &mut Connection, word: &str) -> Result<Holders, StoreError> {
    let pattern = word_pattern(word);
    let mut query = Builder::new("SELECT kind, id FROM names WHERE ");
    let runs = if are_listed(connection).await? {
        indexed_words(word, &pattern, &sample(connection, NAMES).await?)
    } else {
        None
    };
    if let Some(runs) = runs {
        push_having_runs(&mut query, "names_words", &runs, None);
        // A sum is no column, so that the index of kinds is not chosen instead.
        query.push(" AND kind + 0");
    } else {
        query.push("kind");
    }
    push_codes(&mut query, SEARCHED.into_iter().map(Kind::number));
    query.push(" AND ");
    push_like(&mut query, "name", &pattern);
    query.push(" LIMIT ").push_bind(i64::try_from(MOST_NAMES + 1).unwrap_or(i64::MAX));
    let rows: Result<Vec<(i64, i64)>, sqlx::Error> = query.build_query_as().fetch_all(connection).await;
    let rows = rows.map_err(failed("searching"))?;
    if rows.len() > MOST_NAMES {
        return Ok(None);
    }
    let kind_of = |number: i64| SEARCHED.into_iter().find(|kind| kind.number() == number);
    Ok(Some(rows.into_iter().filter_map(|(kind, id)| Some((kind_of(kind)?, id))).collect()))
}
