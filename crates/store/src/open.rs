//! From a URL to a store: the only place that knows which backends there are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bartizan_model::Clock;

use crate::{AccessStore, Store, StoreError, postgres, sqlite};

/// The folder for what belongs beside a database that is on a server.
const STATE_FOLDER: &str = "data";

/// Opens the database at `url`, makes it when it is missing, and brings its schema up to date.
///
/// `sqlite://FILE` and a bare path name an SQLite file; its folder is made too. `postgres://` and `postgresql://` name a
/// database of a PostgreSQL server, which must be there. The clock tells when rows and alerts arrive. Only one process
/// may have a database open.
///
/// # Errors
/// [`StoreError::UnknownScheme`] for any other scheme, [`StoreError::Open`] with the remedy when the database cannot be
/// used, and [`StoreError::Newer`] when a newer version made it. None repeats a password.
pub async fn open(url: &str, clock: Arc<dyn Clock>) -> Result<Arc<dyn Store>, StoreError> {
    if is_postgres(url) {
        return Ok(Arc::new(postgres::open(url, clock).await?));
    }
    let path = sqlite_path(url)?;
    Ok(Arc::new(sqlite::open(url, &path, clock).await?))
}

/// Opens what the database at `url` keeps about users, sessions, tokens and the audit log; a server may have the database
/// open meanwhile, and sees the change at its next request.
///
/// # Errors
/// As [`open`]; [`StoreError::Open`] also when the server is of an older version than this process.
pub async fn open_access(url: &str, clock: Arc<dyn Clock>) -> Result<Arc<dyn AccessStore>, StoreError> {
    if is_postgres(url) {
        return Ok(Arc::new(postgres::open_beside(url, clock).await?));
    }
    let path = sqlite_path(url)?;
    Ok(Arc::new(sqlite::open_beside(url, &path, clock).await?))
}

/// The folder for what belongs beside the database at `url`: the one of an SQLite file, and `data` in the working folder
/// for a database on a server.
///
/// # Errors
/// As [`open`], where the URL names no file.
pub fn folder(url: &str) -> Result<PathBuf, StoreError> {
    if is_postgres(url) {
        return Ok(PathBuf::from(STATE_FOLDER));
    }
    let path = sqlite_path(url)?;
    Ok(path.parent().map(Path::to_owned).unwrap_or_default())
}

pub(crate) fn is_postgres(url: &str) -> bool {
    let scheme = url.trim().split_once("://").map(|(scheme, _)| scheme);
    matches!(scheme, Some("postgres" | "postgresql"))
}

pub(crate) fn sqlite_path(url: &str) -> Result<PathBuf, StoreError> {
    let url = url.trim();
    let path = match url.split_once("://") {
        Some(("sqlite", path)) => path,
        // The scheme of a URL may stand before a password, so nothing after it is repeated.
        Some((scheme, _)) => {
            return Err(StoreError::UnknownScheme { scheme: scheme.chars().take(32).collect() });
        }
        None => url.strip_prefix("sqlite:").unwrap_or(url),
    };
    let remedy = if path.is_empty() {
        "name a file, for example sqlite://data/bartizan.db"
    } else if path.starts_with(":memory:") {
        "a database in memory would be lost; name a file, for example sqlite://data/bartizan.db"
    } else if path.contains(['?', '\0']) {
        "options after ? are not supported; give the file alone, for example sqlite://data/bartizan.db"
    } else {
        return Ok(Path::new(path).to_owned());
    };
    Err(StoreError::Open { url: url.to_owned(), remedy: remedy.to_owned(), source: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_file() {
        for (url, path) in [
            ("sqlite://data/bartizan.db", "data/bartizan.db"),
            ("sqlite:///var/lib/b.db", "/var/lib/b.db"),
            ("sqlite:b.db", "b.db"),
            (" data/b.db ", "data/b.db"),
        ] {
            assert_eq!(sqlite_path(url).expect(url), Path::new(path));
            assert_eq!(Some(folder(url).expect(url).as_path()), Path::new(path).parent());
        }
    }

    #[test]
    fn other_urls_are_refused_without_their_secrets() {
        for url in [
            "postgre://user:hunter2@db/bartizan",
            "mysql://hunter2",
            "sqlite://",
            "",
            "sqlite::memory:",
            "a?b",
        ] {
            let message = sqlite_path(url).expect_err(url).to_string();
            assert!(!message.contains("hunter2"), "{message}");
            assert!(message.contains("sqlite://"), "{message}");
        }
    }
}
