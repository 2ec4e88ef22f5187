//! `bartizan db`: what an operator does to the database itself.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use bartizan_model::{Clock as _, SystemClock};
use bartizan_store::DatabaseStatus;

use crate::args::Db;
use crate::output;
use crate::settings::Settings;

pub(crate) fn run(args: &Db) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the operating system gives no runtime")?;
    runtime.block_on(async {
        match args {
            Db::Status(database) => status(&database.settings()?).await,
            Db::Migrate(database) => migrate(&database.settings()?).await,
            Db::Backup { file, database } => backup(&database.settings()?, file).await,
            Db::Restore { file, replace, database } => restore(&database.settings()?, file, *replace).await,
            Db::Prune(database) => prune(&database.settings()?).await,
        }
    })
}

async fn status(settings: &Settings) -> anyhow::Result<()> {
    let found = bartizan_store::status(settings.store.url.reveal()).await?;
    output::line(describe(&found));
    Ok(())
}

fn describe(found: &DatabaseStatus) -> String {
    let DatabaseStatus { backend, schema, newest_schema, size } = found;
    let version = match schema {
        0 => "empty; `bartizan db migrate` or `serve` makes its tables".to_owned(),
        schema if schema == newest_schema => format!("schema {schema}, up to date"),
        schema if schema < newest_schema => {
            format!(
                "schema {schema}, behind this build ({newest_schema}); `bartizan db migrate` or `serve` updates it"
            )
        }
        schema => format!("schema {schema}, made by a newer version than this build ({newest_schema})"),
    };
    let mut lines = vec![format!("{backend}: {version}")];
    if let Some(size) = size {
        lines.push(format!("in use: {:.1} MB", size.used_bytes as f64 / 1e6));
        lines.push(format!("requests: {}", size.traffic_rows));
        if let Some(oldest) = size.oldest_traffic {
            lines.push(format!("oldest request arrived: {oldest}"));
        }
    }
    lines.join("\n")
}

async fn migrate(settings: &Settings) -> anyhow::Result<()> {
    let url = settings.store.url.reveal();
    bartizan_store::open(url, Arc::new(SystemClock)).await?.close().await;
    status(settings).await
}

async fn backup(settings: &Settings, file: &Path) -> anyhow::Result<()> {
    bartizan_store::backup(settings.store.url.reveal(), file).await?;
    let bytes = file.metadata().with_context(|| format!("{} is not there", file.display()))?.len();
    output::line(format_args!("wrote {} ({:.1} MB)", file.display(), bytes as f64 / 1e6));
    if let Some(key) = settings.privacy.key_file(settings.store.url.reveal()) {
        output::line(format_args!(
            "keep {} as well: without it, hashes of the same value differ after a restore",
            key.display()
        ));
    }
    Ok(())
}

async fn restore(settings: &Settings, file: &Path, replace: bool) -> anyhow::Result<()> {
    bartizan_store::restore(settings.store.url.reveal(), file, replace).await?;
    status(settings).await
}

async fn prune(settings: &Settings) -> anyhow::Result<()> {
    let store = bartizan_store::open(settings.store.url.reveal(), Arc::new(SystemClock)).await?;
    let done = bartizan_engine::prune(&*store, SystemClock.now(), settings.retention.kept()).await;
    store.close().await;
    let expired = done?;
    output::line(format_args!(
        "deleted {} requests, {} threats, {} alerts",
        expired.traffic, expired.threats, expired.alerts
    ));
    status(settings).await
}
