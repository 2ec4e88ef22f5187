//! Searches for words. Rows hold the ids of their texts, so the texts are searched first, each once.

use super::dialect::{Builder, Connection};
use super::filter::{List, push_like, word_pattern};
use super::names::Kind;
use super::store::failed;
use crate::StoreError;

/// Most names that are collected for one word; a word in more of them is looked for row by row, and soon found.
const MOST_NAMES: usize = 500;

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
        let mut holders = Vec::new();
        let pattern = word_pattern(word);
        for kind in SEARCHED {
            let mut query = Builder::new("SELECT id FROM names WHERE kind = ");
            query.push_bind(kind.number()).push(" AND ");
            push_like(&mut query, "name", &pattern);
            let room = MOST_NAMES + 1 - holders.len();
            query.push(" LIMIT ").push_bind(i64::try_from(room).unwrap_or(i64::MAX));
            let ids: Result<Vec<i64>, sqlx::Error> =
                query.build_query_scalar().fetch_all(&mut *connection).await;
            holders.extend(ids.map_err(failed("searching"))?.into_iter().map(|id| (kind, id)));
            if holders.len() > MOST_NAMES {
                break;
            }
        }
        found.push((holders.len() <= MOST_NAMES).then_some(holders));
    }
    Ok(found)
}
