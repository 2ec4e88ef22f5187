//! From a URL to the options of a connection; whatever is shown of it has no password in it.

use std::str::FromStr as _;

use percent_encoding::percent_decode_str;
use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;

use crate::StoreError;

/// What may follow the `?` of a URL. The driver would log others with their values.
const OPTIONS: [&str; 11] = [
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "application_name",
];

/// Where a database is.
#[derive(Debug, Clone)]
pub(super) struct Address {
    /// Address and name without the password.
    pub(super) shown: String,
    pub(super) options: PgConnectOptions,
    /// The URL without its password, for programs of the server.
    pub(super) without_password: String,
    pub(super) password: Option<String>,
}

impl Address {
    /// Reads a URL; environment variables such as PGPASSWORD, and `.pgpass`, stand in for what it leaves out.
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        let url = url.trim();
        let scheme = url.split("://").next().unwrap_or_default();
        let refused = |remedy: &str| StoreError::Open {
            url: format!("{scheme}://…"),
            remedy: remedy.to_owned(),
            source: None,
        };
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let names = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split('=').next());
        if names.flatten().any(|name| !OPTIONS.contains(&name)) {
            return Err(refused(&format!(
                "an option after ? is not known, known are {}; write special characters of a password as %3F (?), %40 (@), \
                 %2F (/), %23 (#), %3A (:)",
                OPTIONS.join(", ")
            )));
        }
        let misread = "the URL cannot be read; write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with special characters \
                       of the password as %3F (?), %40 (@), %2F (/), %23 (#), %3A (:)";
        // The driver's error may quote the URL, and so a part of the password.
        let options = PgConnectOptions::from_str(url).map_err(|_| refused(misread))?;
        let name = options.get_database().unwrap_or_else(|| options.get_username());
        let odd = |text: &str| text.contains(['@', '#', '?', '/']);
        if url.contains('#') || odd(name) || odd(options.get_host()) || url.contains('\0') {
            return Err(refused(misread));
        }
        let place = options.get_socket().map_or_else(
            || format!("{}:{}", options.get_host(), options.get_port()),
            |folder| format!("{}:{}", folder.display(), options.get_port()),
        );
        let shown = format!("postgres://{}@{place}/{name}", options.get_username());
        let (without_password, password) = split_password(url);
        Ok(Self { shown, options: options.disable_statement_logging(), without_password, password })
    }
}

/// The URL without its password, and the password; of two, the one among the options counts, as it does for the driver.
fn split_password(url: &str) -> (String, Option<String>) {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (user, place) =
        authority.rsplit_once('@').map_or((None, authority), |(user, place)| (Some(user), place));
    let (user, mut password) = match user.map(|user| user.split_once(':').unwrap_or((user, ""))) {
        Some((user, "")) => (Some(user), None),
        Some((user, password)) => (Some(user), Some(decoded(password))),
        None => (None, None),
    };
    let mut options = Vec::new();
    for option in query.split('&').filter(|option| !option.is_empty()) {
        match option.strip_prefix("password=") {
            Some(given) => password = Some(decoded(given)),
            None => options.push(option),
        }
    }
    let user = user.map(|user| format!("{user}@")).unwrap_or_default();
    let options = if options.is_empty() { String::new() } else { format!("?{}", options.join("&")) };
    (format!("{scheme}://{user}{place}{path}{options}"), password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        for (url, shown) in [
            ("postgres://ann:hunter2@db/waf", "postgres://ann@db:5432/waf"),
            ("postgresql://ann:hunter2@db:6543/waf?sslmode=require", "postgres://ann@db:6543/waf"),
            ("postgres://ann@db/waf?password=hunter2", "postgres://ann@db:5432/waf"),
            (
                "postgres://ann:hunter2@localhost/waf?host=/run/postgresql",
                "postgres://ann@/run/postgresql:5432/waf",
            ),
        ] {
            let address = Address::parse(url).expect(url);
            assert_eq!(address.shown, shown);
        }
    }

    #[test]
    fn a_password_is_split_off_for_programs() {
        for (url, without, password) in [
            ("postgres://ann:hun%3Fter2@db:5/waf", "postgres://ann@db:5/waf", Some("hun?ter2")),
            ("postgres://ann@db/waf?sslmode=require", "postgres://ann@db/waf?sslmode=require", None),
            ("postgres://db/waf?password=p%26q&port=6", "postgres://db/waf?port=6", Some("p&q")),
            ("postgres://ann:@db", "postgres://ann@db", None),
        ] {
            let (left, found) = split_password(url);
            assert_eq!((left.as_str(), found.as_deref()), (without, password));
        }
    }

    #[test]
    fn a_password_that_breaks_its_url_is_not_repeated() {
        for url in [
            "postgres://ann:hun/ter2@db/waf",
            "postgres://ann:12/hunter2@db/waf",
            "postgres://ann:12#hunter2@db/waf",
            "postgres://ann:12?hunter2@db/waf",
            "postgres://ann:hunter2@db/waf?passwrd=hunter2",
            "postgres://ann:hunter2@db:port/waf",
        ] {
            let message =
                format!("{:?} {}", Address::parse(url).map(|_| ()), Address::parse(url).expect_err(url));
            assert!(!message.contains("hunter2") && !message.contains("ter2"), "{message}");
        }
    }
}
