//! The address of the database, whose password is never shown.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// A URL that `config show` and errors repeat without its password.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(crate) struct DatabaseUrl(String);

/// What is shown in place of a password.
const SHOWN: &str = "[masked]";

impl DatabaseUrl {
    /// The URL with its password, for opening the database alone.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// Whatever might be a password is left out: what stands behind the user's name, and every option, for options
    /// may hold one too.
    fn shown(&self) -> String {
        let Some((scheme, rest)) = self.0.split_once("://").filter(|(scheme, _)| *scheme != "sqlite") else {
            return self.0.clone();
        };
        let (address, options) = match rest.split_once('?') {
            Some((address, _)) => (address, format!("?{SHOWN}")),
            None => (rest, String::new()),
        };
        // A password may itself hold an `@`: the last one divides.
        let address = match address.rsplit_once('@') {
            Some((access, place)) => {
                let user =
                    access.split_once(':').map_or(access.to_owned(), |(user, _)| format!("{user}:{SHOWN}"));
                format!("{user}@{place}")
            }
            None => address.to_owned(),
        };
        format!("{scheme}://{address}{options}")
    }
}

impl From<String> for DatabaseUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.shown())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for (url, shown) in [
            ("sqlite://data/bartizan.db", "sqlite://data/bartizan.db"),
            ("data/a@b.db", "data/a@b.db"),
            ("postgres://db/bartizan", "postgres://db/bartizan"),
            ("postgres://me@db/bartizan", "postgres://me@db/bartizan"),
            ("postgres://me:hunter2@db:5432/bartizan", "postgres://me:[masked]@db:5432/bartizan"),
            ("postgresql://me:hun@ter2@db/b?sslmode=require", "postgresql://me:[masked]@db/b?[masked]"),
            ("postgres://db/b?password=hunter2", "postgres://db/b?[masked]"),
        ] {
            let url = DatabaseUrl::from(url.to_owned());
            assert_eq!(format!("{url:?}"), shown);
            assert_eq!(serde_json::to_string(&url).expect("a text"), format!("\"{shown}\""));
        }
    }
}
