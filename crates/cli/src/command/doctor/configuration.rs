//! Whether the configuration is read, kept from others, and free of secrets that everybody knows.

use std::path::Path;

use bartizan_engine::Outcome;

use super::finding::Finding;
use crate::settings::Settings;

/// Passwords that are tried first by whoever tries any.
const KNOWN_PASSWORDS: [&str; 10] = [
    "admin",
    "bartizan",
    "changeme",
    "change-me",
    "default",
    "example",
    "password",
    "postgres",
    "root",
    "secret",
];

pub(super) fn unreadable(file: Option<&Path>, error: &anyhow::Error) -> Finding {
    let value = file.map_or("environment and flags".to_owned(), |file| file.display().to_string());
    let outcome = Outcome::fail(
        value,
        format!("{error:#}"),
        "mend that first; nothing else can be examined before. `bartizan config default` prints all settings",
    );
    Finding::new("configuration", outcome)
}

pub(super) fn examine(file: Option<&Path>) -> Finding {
    let outcome = match file {
        None => Outcome::pass("built-in defaults, environment and flags", "there is no file to read"),
        Some(file) => of_file(file),
    };
    Finding::new("configuration", outcome)
}

fn of_file(file: &Path) -> Outcome {
    let value = file.display().to_string();
    let name = value.clone();
    if others_may(file, 0o002) {
        return Outcome::fail(
            value,
            "every user of this machine may change the configuration",
            format!("chmod o-w {name}"),
        );
    }
    if others_may(file, 0o004) && holds_secrets(file) {
        return Outcome::warning(
            value,
            "every user of this machine may read the passwords and keys in it",
            format!("chmod o-r {name}, or give them as BARTIZAN__… in the environment"),
        );
    }
    Outcome::pass(value, "every setting is known and valid")
}

/// Whether users that are neither the owner nor in the group have one of these permissions.
pub(super) fn others_may(path: &Path, bits: u32) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        path.metadata().is_ok_and(|found| found.permissions().mode() & bits != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = (path, bits);
        false
    }
}

/// Whether the settings with this file hold secrets that those without it do not.
fn holds_secrets(file: &Path) -> bool {
    let Ok(settings) = Settings::load(Some(file)) else { return false };
    settings.privacy.key.is_some()
        || !settings.notifications.channels.is_empty()
        || database_password(&settings).is_some()
}

fn database_password(settings: &Settings) -> Option<&str> {
    let (scheme, rest) = settings.store.url.reveal().split_once("://")?;
    let (access, _) = rest.rsplit_once('@').filter(|_| scheme.starts_with("postgres"))?;
    access.split_once(':').map(|(_, password)| password)
}

/// Secrets that anybody would guess.
pub(super) fn secrets(settings: &Settings) -> Option<Finding> {
    let password = database_password(settings);
    let known = password
        .is_some_and(|password| KNOWN_PASSWORDS.iter().any(|known| password.eq_ignore_ascii_case(known)));
    let outcome = if known {
        Outcome::fail(
            "a password that everybody knows",
            "whoever reaches the database may read and change everything in it",
            "give the database's user another password, and store.url as BARTIZAN__STORE__URL",
        )
    } else {
        password?;
        Outcome::pass("a password of its own", "it is none of those that are tried first")
    };
    Some(Finding::of("secrets", "store.url", outcome))
}
