//! Whether the database can be reached, is of this version, and kept from others; and who may log in.

use std::path::Path;
use std::sync::Arc;

use bartizan_engine::{Access, Outcome};
use bartizan_model::{CheckStatus, SystemClock};
use bartizan_store::DatabaseStatus;

use super::configuration::others_may;
use super::finding::Finding;
use crate::settings::Settings;

pub(super) fn examine(settings: &Settings) -> Vec<Finding> {
    let url = settings.store.url.reveal();
    let Some(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build().ok() else {
        let outcome =
            Outcome::fail("unknown", "the operating system gives no runtime", "free memory or threads");
        return vec![Finding::new("database", outcome)];
    };
    if let Some(fresh) = not_made_yet(url) {
        return vec![Finding::new("database", fresh)];
    }
    let outcome = match runtime.block_on(bartizan_store::status(url)) {
        Ok(found) => judge(&found),
        Err(error) => Outcome::fail(
            "cannot be reached",
            format!("{:#}", anyhow::Error::from(error)),
            "see whether store.url is right, the server runs, and this user may open the file",
        ),
    };
    let is_current = outcome.status == CheckStatus::Pass;
    let mut findings = vec![Finding::new("database", outcome)];
    findings.extend(files(settings));
    if is_current && settings.authenticates() {
        findings.push(Finding::new("logins", runtime.block_on(logins(url))));
    }
    findings
}

/// The file of an SQLite database.
fn file_of(url: &str) -> Option<&Path> {
    let is_elsewhere = url.starts_with("postgres");
    (!is_elsewhere).then(|| Path::new(url.strip_prefix("sqlite://").unwrap_or(url)))
}

/// A file that `serve` makes at its first start.
fn not_made_yet(url: &str) -> Option<Outcome> {
    let file = file_of(url)?;
    if file.exists() {
        return None;
    }
    let folder = bartizan_store::folder(url).ok()?;
    let existing = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    // An empty path is the folder that we stand in.
    let existing = if existing.as_os_str().is_empty() { Path::new(".") } else { existing };
    Some(match tempfile_in(existing) {
        Ok(()) => Outcome::pass("not there yet", "`bartizan serve` makes it at its first start"),
        Err(error) => Outcome::fail(
            "not there, and cannot be made",
            format!("{}: {error}", existing.display()),
            "let this user write the folder, or choose another with store.url",
        ),
    })
}

/// Whether a file can be made in a folder; it is removed again.
fn tempfile_in(folder: &Path) -> std::io::Result<()> {
    let file = folder.join(format!(".bartizan-doctor-{}", std::process::id()));
    std::fs::OpenOptions::new().write(true).create_new(true).open(&file)?;
    std::fs::remove_file(file)
}

fn judge(found: &DatabaseStatus) -> Outcome {
    let DatabaseStatus { backend, schema, newest_schema, size } = found;
    let size = size.as_ref().map_or(String::new(), |size| {
        format!(", {:.1} MB in use, {} requests", size.used_bytes as f64 / 1e6, size.traffic_rows)
    });
    let value = format!("{backend}, schema {schema}{size}");
    if schema < newest_schema {
        return Outcome::warning(
            value,
            format!("the schema is behind that of this version ({newest_schema})"),
            "make a backup (`bartizan db backup FILE`), then `bartizan db migrate` or start `bartizan serve`",
        );
    }
    if schema > newest_schema {
        return Outcome::fail(
            value,
            format!("a newer version made it; this one knows schemas up to {newest_schema}"),
            "install that version again, or restore a backup made before the update",
        );
    }
    Outcome::pass(value, "it can be read, and its schema is that of this version")
}

/// Files beside the program that hold what was logged and the key that hides secrets.
fn files(settings: &Settings) -> Option<Finding> {
    let url = settings.store.url.reveal();
    let database = file_of(url)?.to_owned();
    let key = settings.privacy.key_file(url);
    let open: Vec<String> = [Some(database), key]
        .into_iter()
        .flatten()
        .filter(|path| others_may(path, 0o006))
        .map(|path| path.display().to_string())
        .collect();
    let outcome = if open.is_empty() {
        Outcome::pass("closed to others", "other users of this machine cannot read what was logged")
    } else {
        let names = open.join(" ");
        Outcome::fail(
            format!("open to others: {names}"),
            "every user of this machine may read what was logged",
            format!("chmod o-rwx {names}"),
        )
    };
    Some(Finding::new("permissions", outcome))
}

async fn logins(url: &str) -> Outcome {
    let clock = Arc::new(SystemClock);
    let users = match bartizan_store::open_access(url, Arc::<SystemClock>::clone(&clock)).await {
        Ok(store) => Access::new(store, clock).users().await.map_err(anyhow::Error::from),
        Err(error) => Err(error.into()),
    };
    let users = match users {
        Ok(users) => users,
        Err(error) => {
            let remedy = "see the finding about the database";
            return Outcome::warning("unknown", format!("{error:#}"), remedy);
        }
    };
    if users.is_empty() {
        return Outcome::pass(
            "none yet",
            "the first start makes an administrator and prints a password for one login",
        );
    }
    let given: Vec<&str> = users
        .iter()
        .filter(|user| user.is_active && user.must_change_password)
        .map(|user| user.username.as_str())
        .collect();
    let value = format!("{} users", users.len());
    if given.is_empty() {
        return Outcome::pass(value, "everybody has a password of their own");
    }
    Outcome::warning(
        value,
        format!("still with the password that was given to them: {}", given.join(", ")),
        "let them log in and replace it, or `bartizan user disable NAME`",
    )
}
