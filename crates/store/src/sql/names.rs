//! Texts that many rows share, kept once; rows hold their ids.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher as _;

use super::commit::reserve;
use super::dialect::{Builder, Connection, UNIQUE_NAME};
use super::store::failed;
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
}

/// Traffic ids after which the use of a text is noted again. Texts go when the oldest row is this much younger.
pub(super) const NOTED_EVERY: i64 = 100_000;

/// Memory for names, roughly: one generation of two, in bytes of text and of the table around it.
const GENERATION_BYTES: usize = 8 << 20;
const BYTES_PER_ENTRY: usize = 64;

/// Texts that were seen once and may come again: one generation of two.
const ONCE_SEEN: usize = 32_768;

/// Longest request that gets a name, in bytes.
const MAX_REQUEST_BYTES: usize = 1_024;

/// Names per statement, largest first.
const NAMES_PER_STATEMENT: [usize; 4] = [128, 32, 8, 1];

#[derive(Debug, Clone, Copy)]
struct Entry {
    id: i64,
    /// First traffic id of the batch that last noted its use.
    seen: i64,
}

#[derive(Debug, Default)]
struct Generation {
    entries: HashMap<Kind, HashMap<String, Entry>>,
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

/// The ids of a batch's texts.
#[derive(Debug)]
pub(super) struct Ids<'n> {
    names: &'n Names,
    fresh: Generation,
}

/// What a batch taught, to be kept once it is committed.
#[derive(Debug)]
pub(super) struct Learnt(Generation);

impl Ids<'_> {
    /// The id of a text of the batch.
    pub(super) fn of(&self, kind: Kind, text: &str) -> Option<i64> {
        // A name that was noted again keeps its id, unless it had expired meanwhile, so what is fresh comes first.
        let Names { recent, older, .. } = self.names;
        [&self.fresh, recent, older].into_iter().find_map(|one| one.get(kind, text)).map(|entry| entry.id)
    }

    pub(super) fn learnt(self) -> Learnt {
        Learnt(self.fresh)
    }
}

impl Generation {
    fn get(&self, kind: Kind, text: &str) -> Option<Entry> {
        self.entries.get(&kind)?.get(text).copied()
    }

    fn insert(&mut self, kind: Kind, text: String, entry: Entry) {
        self.bytes += text.len() + BYTES_PER_ENTRY;
        self.entries.entry(kind).or_default().insert(text, entry);
    }
}

impl Names {
    /// Gives every text an id; `wanted` may repeat itself. `first` is the batch's first traffic id.
    pub(super) async fn resolve<'w>(
        &self,
        connection: &mut Connection,
        wanted: impl Iterator<Item = (Kind, &'w str, Option<&'w AddressKey>)>,
        first: i64,
    ) -> Result<Ids<'_>, StoreError> {
        let mut fresh = Generation::default();
        let mut missing: HashMap<(Kind, &str), Option<&AddressKey>> = HashMap::new();
        for (kind, text, key) in wanted {
            let stale = |entry: &Entry| first - entry.seen > NOTED_EVERY / 2;
            if self.recent.get(kind, text).is_some_and(|entry| !stale(&entry)) {
                continue;
            }
            match self.older.get(kind, text).filter(|entry| !stale(entry)) {
                Some(entry) => {
                    fresh.insert(kind, text.to_owned(), entry);
                }
                None => {
                    missing.insert((kind, text), key);
                }
            }
        }
        let missing: Vec<_> = missing.into_iter().collect();
        let mut ids = reserve(connection, "names", missing.len()).await?;
        let mut rest = missing.as_slice();
        while !rest.is_empty() {
            let size = NAMES_PER_STATEMENT.into_iter().find(|size| *size <= rest.len()).unwrap_or(1);
            let (chunk, after) = rest.split_at(size);
            rest = after;
            let mut query = Builder::new("INSERT INTO names (id, kind, name, ip_key, seen) ");
            query.push_values(chunk, |mut row, ((kind, text), key)| {
                row.push_bind(ids.next().unwrap_or_default());
                row.push_bind(kind.number());
                row.push_bind(*text);
                row.push_bind(key.map(<[u8; 16]>::as_slice));
                row.push_bind(first);
            });
            query.push(" ON CONFLICT ").push(UNIQUE_NAME);
            query.push(
                " DO UPDATE SET seen = \
                 CASE WHEN names.seen < excluded.seen THEN excluded.seen ELSE names.seen END \
                 RETURNING id, kind, name",
            );
            let rows: Result<Vec<(i64, i64, String)>, sqlx::Error> =
                query.build_query_as().fetch_all(&mut *connection).await;
            for (id, kind, text) in rows.map_err(failed("naming texts"))? {
                let kind = Kind::ALL.into_iter().find(|one| one.number() == kind);
                let kind = kind.ok_or_else(|| StoreError::Corrupt { what: "kind of a name".to_owned() })?;
                fresh.insert(kind, text, Entry { id, seen: first });
            }
        }
        Ok(Ids { names: self, fresh })
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
        for (kind, entries) in learnt.0.entries {
            for (text, entry) in entries {
                self.recent.insert(kind, text, entry);
            }
        }
        if self.recent.bytes > GENERATION_BYTES {
            self.older = std::mem::take(&mut self.recent);
        }
    }
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
