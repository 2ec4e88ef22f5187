//! Texts that many rows share, kept once; rows hold their ids.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher as _;

use super::commit::reserve;
use super::dialect::{Builder, Connection, INSERT, SAME_NAME};
use super::insert::list_words;
use super::store::failed;
use super::words::Worded;
use crate::StoreError;
use crate::address::AddressKey;

/// What a text is; the numbers stand in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Method = 1,
    Host = 2,
    Address = 3,
    Path = 4,
    UserAgent = 5,
    Model = 6,
    LogSource = 7,
    Request = 8,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Method,
        Self::Host,
        Self::Address,
        Self::Path,
        Self::UserAgent,
        Self::Model,
        Self::LogSource,
        Self::Request,
    ];

    pub(super) fn number(self) -> i64 {
        self as i64
    }

    fn place(self) -> usize {
        self as usize - 1
    }
}

/// Traffic ids after which the use of a text is noted again. Texts go when the oldest row is this much younger.
pub(super) const NOTED_EVERY: i64 = 100_000;

/// Memory for names, roughly: one generation of two, in bytes of text and of the table around it.
const GENERATION_BYTES: usize = 6 << 20;
const BYTES_PER_ENTRY: usize = 64;

/// Texts that were seen once and may come again: one generation of two.
const ONCE_SEEN: usize = 32_768;

/// Longest request that gets a name, in bytes.
const MAX_REQUEST_BYTES: usize = 1_024;

/// Names per statement, largest first.
const NAMES_PER_STATEMENT: [usize; 6] = [1_024, 256, 64, 16, 4, 1];

const NAMING: &str = "naming texts";

#[derive(Debug, Clone, Copy)]
struct Entry {
    id: i64,
    /// First traffic id of the batch that last noted its use.
    seen: i64,
}

#[derive(Debug, Default)]
struct Generation {
    /// By [`Kind::place`].
    entries: [HashMap<String, Entry>; Kind::ALL.len()],
    bytes: usize,
}

/// The newest names, so that they need not be looked up. The table decides; this is rebuilt after a restart.
#[derive(Debug, Default)]
pub(super) struct Names {
    recent: Generation,
    older: Generation,
    once: (HashSet<u64>, HashSet<u64>),
    hasher: RandomState,
}

/// The ids of one row's texts, by [`Kind::place`].
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Named([Option<i64>; Kind::ALL.len()]);

impl Named {
    /// The id of the row's text of that kind; `None` when the row has none.
    pub(super) fn id(&self, kind: Kind) -> Option<i64> {
        self.0.get(kind.place()).copied().flatten()
    }

    fn set(&mut self, kind: Kind, id: i64) {
        if let Some(place) = self.0.get_mut(kind.place()) {
            *place = Some(id);
        }
    }
}

/// A text that has to be given its id by the database.
#[derive(Debug)]
struct Wanted<'w> {
    key: Option<&'w AddressKey>,
    /// Places of the rows that have it.
    rows: Vec<usize>,
}

/// The same with its text.
type Missing<'w> = ((Kind, &'w str), Wanted<'w>);

/// What a batch taught, to be kept once it is committed.
#[derive(Debug)]
pub(super) struct Learnt(Generation);

impl Generation {
    fn get(&self, kind: Kind, text: &str) -> Option<Entry> {
        self.entries.get(kind.place())?.get(text).copied()
    }

    fn insert(&mut self, kind: Kind, text: String, entry: Entry) {
        if let Some(entries) = self.entries.get_mut(kind.place()) {
            self.bytes += text.len() + BYTES_PER_ENTRY;
            entries.insert(text, entry);
        }
    }
}

impl Names {
    /// Gives every text of every row an id, and says what was not known before. `first` is the batch's first traffic id.
    pub(super) async fn resolve<'w, Texts>(
        &self,
        connection: &mut Connection,
        rows: impl Iterator<Item = Texts>,
        first: i64,
    ) -> Result<(Vec<Named>, Learnt), StoreError>
    where
        Texts: Iterator<Item = (Kind, &'w str, Option<&'w AddressKey>)>,
    {
        let mut fresh = Generation::default();
        let mut missing: HashMap<(Kind, &str), Wanted<'_>> = HashMap::new();
        let mut named = Vec::with_capacity(rows.size_hint().0);
        for (place, texts) in rows.enumerate() {
            let mut row = Named::default();
            for (kind, text, key) in texts {
                let in_use = |entry: &Entry| first - entry.seen <= NOTED_EVERY / 2;
                if let Some(entry) = self.recent.get(kind, text).filter(in_use) {
                    row.set(kind, entry.id);
                } else if let Some(entry) = self.older.get(kind, text).filter(in_use) {
                    row.set(kind, entry.id);
                    fresh.insert(kind, text.to_owned(), entry);
                } else {
                    let wanted = missing.entry((kind, text)).or_insert(Wanted { key, rows: Vec::new() });
                    wanted.rows.push(place);
                }
            }
            named.push(row);
        }
        let missing: Vec<_> = missing.into_iter().collect();
        let ids = name(connection, &missing, first).await?;
        for (((kind, text), wanted), id) in missing.into_iter().zip(ids) {
            fresh.insert(kind, text.to_owned(), Entry { id, seen: first });
            for place in wanted.rows {
                if let Some(row) = named.get_mut(place) {
                    row.set(kind, id);
                }
            }
        }
        Ok((named, Learnt(fresh)))
    }

    /// Which of these requests are worth a name: those that come again and again. The others are remembered.
    pub(super) fn choose_requests<'r>(
        &mut self,
        requests: impl Iterator<Item = &'r str>,
    ) -> HashSet<&'r str> {
        let mut worthy = HashSet::new();
        for request in requests.filter(|request| !request.is_empty() && request.len() <= MAX_REQUEST_BYTES) {
            let known =
                self.recent.get(Kind::Request, request).or_else(|| self.older.get(Kind::Request, request));
            if known.is_some() || worthy.contains(request) {
                worthy.insert(request);
                continue;
            }
            let hash = self.hasher.hash_one(request);
            if self.once.1.contains(&hash) || !self.once.0.insert(hash) {
                worthy.insert(request);
            }
            if self.once.0.len() >= ONCE_SEEN {
                self.once = (HashSet::new(), std::mem::take(&mut self.once.0));
            }
        }
        worthy
    }

    /// Remembers the names of a committed batch.
    pub(super) fn keep(&mut self, learnt: Learnt) {
        for (kind, entries) in Kind::ALL.into_iter().zip(learnt.0.entries) {
            for (text, entry) in entries {
                self.recent.insert(kind, text, entry);
            }
        }
        if self.recent.bytes > GENERATION_BYTES {
            self.older = std::mem::take(&mut self.recent);
        }
    }
}

/// The ids of texts, in the same order; those that have none are given one.
///
/// What is known is asked for first, since a new text has nothing to be answered: each row of an answer costs more than
/// looking a text up. Nobody else writes meanwhile.
async fn name(
    connection: &mut Connection,
    wanted: &[Missing<'_>],
    first: i64,
) -> Result<Vec<i64>, StoreError> {
    let mut ids: Vec<Option<i64>> = vec![None; wanted.len()];
    let mut known = Vec::new();
    for (place, id) in find(connection, wanted).await? {
        let place = usize::try_from(place).ok().and_then(|place| ids.get_mut(place));
        *place.ok_or_else(|| StoreError::Corrupt { what: "place of a name".to_owned() })? = Some(id);
        known.push(id);
    }
    for chunk in parts(&known) {
        let mut query = Builder::new("UPDATE names SET seen = ");
        query.push_bind(first).push(" WHERE seen < ").push_bind(first).push(" AND id IN (");
        let mut values = query.separated(", ");
        for id in chunk {
            values.push_bind(*id);
        }
        values.push_unseparated(")");
        query.build().execute(&mut *connection).await.map_err(failed(NAMING))?;
    }
    let unknown: Vec<_> = wanted.iter().zip(&mut ids).filter(|(_, id)| id.is_none()).collect();
    let mut new = reserve(connection, "names", unknown.len()).await?;
    let mut inserted = Vec::with_capacity(unknown.len());
    for (wanted, id) in unknown {
        let new = new.next().unwrap_or_default();
        *id = Some(new);
        inserted.push((new, wanted));
    }
    for chunk in parts(&inserted) {
        let mut query = Builder::new(INSERT);
        query.push("names (id, kind, name, ip_key, seen) ");
        query.push_values(chunk, |mut row, (id, ((kind, text), wanted))| {
            row.push_bind(*id);
            row.push_bind(kind.number());
            row.push_bind(*text);
            row.push_bind(wanted.key.map(<[u8; 16]>::as_slice));
            row.push_bind(first);
        });
        query.build().execute(&mut *connection).await.map_err(failed(NAMING))?;
    }
    list_words(connection, Worded::Names, inserted.iter().map(|(id, _)| *id)).await?;
    Ok(ids.into_iter().flatten().collect())
}

/// The place of each of these texts that has an id, and the id.
async fn find(connection: &mut Connection, wanted: &[Missing<'_>]) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut found = Vec::new();
    let mut places = 0_i64..;
    for chunk in parts(wanted) {
        let mut query = Builder::new("WITH want (place, kind, name) AS (");
        query.push_values(chunk.iter().zip(&mut places), |mut row, (((kind, text), _), place)| {
            row.push("CAST(").push_bind_unseparated(place).push_unseparated(" AS BIGINT)");
            row.push("CAST(").push_bind_unseparated(kind.number()).push_unseparated(" AS BIGINT)");
            row.push("CAST(").push_bind_unseparated(*text).push_unseparated(" AS TEXT)");
        });
        query.push(") SELECT want.place, names.id FROM want CROSS JOIN names WHERE ").push(SAME_NAME);
        let rows: Result<Vec<(i64, i64)>, sqlx::Error> =
            query.build_query_as().fetch_all(&mut *connection).await;
        found.extend(rows.map_err(failed(NAMING))?);
    }
    Ok(found)
}

/// Cuts values into parts of a few fixed sizes, so that every statement is prepared once and found again.
fn parts<T>(mut rest: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = NAMES_PER_STATEMENT.into_iter().find(|size| *size <= rest.len())?;
        let (part, after) = rest.split_at(size);
        rest = after;
        Some(part)
    })
}

/// Deletes names that no row uses, among some after the name `after`; returns the last one looked at, `None` at the end.
pub(super) async fn sweep(
    connection: &mut Connection,
    after: i64,
    most: i64,
) -> Result<Option<i64>, StoreError> {
    let doing = "deleting names";
    let (last, looked_at): (Option<i64>, i64) = sqlx::query_as(
        "SELECT MAX(id), COUNT(*) FROM (SELECT id FROM names WHERE id > $1 ORDER BY id LIMIT $2) AS part",
    )
    .bind(after)
    .bind(most)
    .fetch_one(&mut *connection)
    .await
    .map_err(failed(doing))?;
    let Some(last) = last else { return Ok(None) };
    sqlx::query(
        "DELETE FROM names WHERE id > $1 AND id <= $2 AND seen < $3 + \
         COALESCE((SELECT MIN(id) FROM traffic), (SELECT last + 1 FROM sequences WHERE sequences.name = 'traffic'))",
    )
    .bind(after)
    .bind(last)
    .bind(-NOTED_EVERY)
    .execute(connection)
    .await
    .map_err(failed(doing))?;
    Ok((looked_at == most).then_some(last))
}
