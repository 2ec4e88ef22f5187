//! From a URL to a store: the only place that knows which backends there are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bartizan_model::Clock;

use crate::{Store, StoreError, sqlite};

/// Opens the database at `url`, makes it when it is missing, and brings its schema up to date.
///
/// `sqlite://FILE` and a bare path name an SQLite file; its folder is made too. The clock tells when rows and
/// alerts arrive. Only one process may have a database open.
///
/// # Errors
/// [`StoreError::UnknownScheme`] for any other scheme, [`StoreError::Open`] with the remedy when the file cannot be
/// used, and [`StoreError::Newer`] when a newer version made it.
pub async fn open(url: &str, clock: Arc<dyn Clock>) -> Result<Arc<dyn Store>, StoreError> {
    let path = sqlite_path(url)?;
    Ok(Arc::new(sqlite::open(url, &path, clock).await?))
}

/// The folder in which the database at `url` keeps its files, for what belongs beside them.
///
/// # Errors
/// As [`open`], where the URL names no file.
pub fn folder(url: &str) -> Result<PathBuf, StoreError> {
    let path = sqlite_path(url)?;
    Ok(path.parent().map(Path::to_owned).unwrap_or_default())
}

fn sqlite_path(url: &str) -> Result<PathBuf, StoreError> {
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
            "postgres://user:hunter2@db/bartizan",
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
