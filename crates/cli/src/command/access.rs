//! What `user` and `token` have in common: the database without its rows, and a table on paper.

use std::sync::Arc;

use anyhow::Context;
use bartizan_engine::Access;
use bartizan_model::SystemClock;

use crate::args::Database;
use crate::output;

/// Does something with users, tokens and the audit log of a database.
pub(super) fn with<T>(
    database: &Database,
    work: impl AsyncFnOnce(&Access) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let settings = database.settings()?;
    let url = settings.store.url.reveal();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the operating system gave no threads")?;
    runtime.block_on(async {
        let clock = Arc::new(SystemClock);
        let store = bartizan_store::open_access(url, Arc::<SystemClock>::clone(&clock)).await?;
        work(&Access::new(store, clock)).await
    })
}

/// Prints rows in columns as wide as their widest cell.
pub(super) fn print_table<const N: usize>(head: [&str; N], rows: &[[String; N]]) {
    let mut widths = head.map(str::len);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let print = |cells: &[&str]| {
        let padded: Vec<String> =
            cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        output::line(padded.join("  ").trim_end());
    };
    print(&head);
    for row in rows {
        print(&row.each_ref().map(String::as_str));
    }
}
