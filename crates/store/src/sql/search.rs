//! The rows that hold a word, found through what lists its texts, stretch by stretch of time.

use bartizan_model::ThreatClass;

use super::codes::Coded;
use super::dialect::{
    AMONG_IDS, Builder, CHOOSES_INDEX, Connection, indexed_words, listed, push_having_runs, walk,
};
use super::filter::{List, push_codes, push_like, push_span, word_pattern};
use super::names::Kind;
use super::places::{Places, push_ids};
use super::store::failed;
use super::stretch::Stretch;
use super::words::{Holders, SEARCHED, THREATS, are_listed, holders, sample, sample_of_queries};
use crate::{Filter, StoreError};

/// Most rows of one list of runs that are looked at before any stretch: about 30 ms.
const FEW: usize = 10_000;

/// Where rows of traffic may hold a word: all that do are here, and some that do not.
#[derive(Debug)]
pub(super) struct Search {
    table: &'static str,
    pattern: String,
    runs: String,
    /// In texts that have names.
    names: Vec<Places>,
    /// In their queries.
    queries: Texts,
    /// In payload or details of the threats made of them.
    threats: Texts,
    /// In the name of their class, as lines of the feed show it.
    classes: Vec<i64>,
}

/// Rows of traffic whose text has all runs of the word.
#[derive(Debug)]
enum Texts {
    /// Instant and id of each, known beforehand.
    Few(Vec<(i64, i64)>),
    /// Looked for in each stretch.
    Many,
}

impl Search {
    /// The search for the word with the most runs; `None` where row after row has to be read: without such a list, for a
    /// word that is too short, or one that so many names hold that it is found soon. `known` are the names that hold each
    /// word.
    pub(super) async fn of(
        connection: &mut Connection,
        list: List,
        filter: &Filter,
        words: &[String],
        known: &[Holders],
    ) -> Result<Option<Self>, StoreError> {
        if words.is_empty() || !are_listed(connection).await? {
            return Ok(None);
        }
        if list == List::Threats {
            return Self::of_threats(connection, filter, words).await;
        }
        // Path and query are two texts, so what a word has of one of them is looked for.
        let parts = words.iter().flat_map(|word| word.split(['?', '…']));
        let Some(word) = parts.max_by_key(|part| part.chars().count()) else { return Ok(None) };
        let pattern = word_pattern(word);
        let Some(runs) = indexed_words(word, &pattern, &sample_of_queries(connection).await?) else {
            return Ok(None);
        };
        let Some(of_threats) = indexed_words(word, &pattern, &sample(connection, THREATS).await?) else {
            return Ok(None);
        };
        let known = words.iter().zip(known).find(|(of, _)| of.as_str() == word);
        let holders = match known {
            Some((_, holders)) => holders.clone(),
            None => holders(connection, word).await?,
        };
        let Some(holders) = holders else { return Ok(None) };
        let of_kind = |kind: Kind| {
            let ids: Vec<i64> = holders.iter().filter(|(of, _)| *of == kind).map(|(_, id)| *id).collect();
            (!ids.is_empty()).then(|| Places::of_names(kind, ids)).flatten()
        };
        let names = SEARCHED.into_iter().filter_map(of_kind).collect();
        let mut search = Self {
            table: list.table(),
            pattern,
            runs,
            names,
            queries: Texts::Many,
            threats: Texts::Many,
            classes: Vec::new(),
        };
        // Where days are tables each has a list of its own, which is asked with its day.
        if !CHOOSES_INDEX {
            search.queries = few(connection, filter, &search.runs, OF_QUERIES, &search.pattern).await?;
        }
        search.threats = few(connection, filter, &of_threats, OF_THREATS, &search.pattern).await?;
        if list == List::Activities {
            let lower = word.to_lowercase();
            let is_named = |class: &ThreatClass| class.display_name().to_lowercase().contains(&lower);
            search.classes = ThreatClass::ALL.into_iter().filter(is_named).map(Coded::code).collect();
        }
        Ok(Some(search))
    }

    /// The same for threats, which hold all their texts; a word that many have is found soon.
    async fn of_threats(
        connection: &mut Connection,
        filter: &Filter,
        words: &[String],
    ) -> Result<Option<Self>, StoreError> {
        let Some(word) = words.iter().max_by_key(|word| word.chars().count()) else { return Ok(None) };
        let pattern = word_pattern(word);
        let Some(runs) = indexed_words(word, &pattern, &sample(connection, THREATS).await?) else {
            return Ok(None);
        };
        let queries = few(connection, filter, &runs, THREAT_RUNS, &pattern).await?;
        if matches!(queries, Texts::Many) {
            return Ok(None);
        }
        Ok(Some(Self {
            table: List::Threats.table(),
            pattern,
            runs,
            names: Vec::new(),
            queries,
            threats: Texts::Few(Vec::new()),
            classes: Vec::new(),
        }))
    }

    /// How many places of indexes are looked at for each stretch.
    pub(super) fn places(&self) -> usize {
        self.names.iter().map(Places::len).sum()
    }

    /// Whether indexes know all rows that may hold the word, so that none has to be read for that.
    pub(super) fn is_indexed(&self) -> bool {
        self.table == List::Traffic.table() && matches!(self.threats, Texts::Few(_))
    }

    /// Ids of traffic among which all of the stretch are: the list of runs knows no instants.
    pub(super) async fn ids(
        &self,
        connection: &mut Connection,
        stretch: Stretch,
    ) -> Result<(i64, i64), StoreError> {
        if !matches!(self.queries, Texts::Many) {
            return Ok((0, -1));
        }
        let mut query = Builder::new("SELECT COALESCE(MIN(id), 0), COALESCE(MAX(id), -1) FROM traffic");
        walk(&mut query, "traffic_ts");
        query.push(" WHERE 1 = 1");
        stretch.push(&mut query);
        query.build_query_as().fetch_one(connection).await.map_err(failed("searching"))
    }

    /// Adds ` AND` that the row is one of those in that stretch; `ids` are those of [`Search::ids`].
    pub(super) fn push(&self, query: &mut Builder, stretch: Stretch, ids: (i64, i64)) {
        // Of the lists only ids are taken, so the rows are found by them and by no index.
        query.push(AMONG_IDS.0);
        self.push_ids_of(query, stretch, ids);
        query.push(AMONG_IDS.1);
    }

    /// Adds the query of their ids.
    pub(super) fn push_ids_of(&self, query: &mut Builder, stretch: Stretch, ids: (i64, i64)) {
        query.push("SELECT id FROM ").push(self.table).push(" WHERE 1 = 0");
        for places in &self.names {
            query.push(" UNION ALL SELECT id FROM traffic");
            places.walk(query);
            query.push(" WHERE 1 = 1");
            places.push(query, stretch);
        }
        match &self.queries {
            Texts::Few(rows) => push_few(query, self.table, rows, stretch),
            Texts::Many => {
                query.push(" UNION ALL SELECT id FROM traffic WHERE ");
                push_having_runs(query, "traffic_words", &self.runs, Some(ids));
                stretch.push(query);
            }
        }
        match &self.threats {
            Texts::Few(rows) => push_few(query, self.table, rows, stretch),
            Texts::Many => {
                query.push(" UNION ALL SELECT traffic_id FROM threats");
                walk(query, "threats_ts");
                query.push(" WHERE (");
                push_like(query, "payload", &self.pattern);
                query.push(" OR ");
                push_like(query, "details", &self.pattern);
                query.push(")");
                stretch.push(query);
            }
        }
        if !self.classes.is_empty() {
            query.push(" UNION ALL SELECT id FROM traffic");
            walk(query, "traffic_class");
            query.push(" WHERE class");
            push_codes(query, self.classes.iter().copied());
            query.push(" AND class IS NOT NULL");
            stretch.push(query);
        }
    }
}

/// A list of runs, and what is read of the rows in it: instant and id of the row that is looked for.
#[derive(Clone, Copy)]
struct Runs {
    list: &'static str,
    rows: &'static str,
    /// The texts that the list is of.
    texts: &'static [&'static str],
}

const OF_QUERIES: Runs =
    Runs { list: "traffic_words", rows: "SELECT ts, id FROM traffic WHERE id", texts: &["query"] };
const OF_THREATS: Runs = Runs {
    list: "threats_words",
    rows: "SELECT ts, traffic_id FROM threats WHERE id",
    texts: &["payload", "details"],
};
const THREAT_RUNS: Runs = Runs {
    list: "threats_words",
    rows: "SELECT ts, id FROM threats WHERE id",
    texts: &["ip", "host", "endpoint", "user_agent", "payload", "details"],
};

/// The rows whose texts hold the word, when those that have the runs are few.
async fn few(
    connection: &mut Connection,
    filter: &Filter,
    runs: &str,
    of: Runs,
    pattern: &str,
) -> Result<Texts, StoreError> {
    let mut query = listed(of.list, runs);
    query.push(" LIMIT ").push_bind(i64::try_from(FEW + 1).unwrap_or(i64::MAX));
    let ids: Result<Vec<i64>, sqlx::Error> = query.build_query_scalar().fetch_all(&mut *connection).await;
    let ids = ids.map_err(failed("searching"))?;
    if ids.len() > FEW {
        return Ok(Texts::Many);
    }
    if ids.is_empty() {
        return Ok(Texts::Few(Vec::new()));
    }
    let mut query = Builder::new(of.rows);
    push_ids(&mut query, &ids);
    push_span(&mut query, filter.span);
    for (at, text) in of.texts.iter().enumerate() {
        query.push(if at == 0 { " AND (" } else { " OR " });
        push_like(&mut query, text, pattern);
    }
    query.push(")");
    let rows: Result<Vec<(i64, i64)>, sqlx::Error> = query.build_query_as().fetch_all(connection).await;
    Ok(Texts::Few(rows.map_err(failed("searching"))?))
}

fn push_few(query: &mut Builder, table: &'static str, rows: &[(i64, i64)], stretch: Stretch) {
    let inside = |instant: i64| (stretch.first..=stretch.last).contains(&instant);
    let ids: Vec<i64> = rows.iter().filter(|(instant, _)| inside(*instant)).map(|(_, id)| *id).collect();
    if !ids.is_empty() {
        query.push(" UNION ALL SELECT id FROM ").push(table).push(" WHERE id");
        push_ids(query, &ids);
    }
}
