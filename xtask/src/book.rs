//! `cargo xtask book`: the pages of `docs/` as a site.

use std::process::ExitCode;

use anyhow::bail;

use crate::shell;

/// Builds it into `target/book`, as `book.toml` says.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    if shell::find("mdbook").is_none() {
        bail!("mdbook is missing; install it with `cargo install mdbook --locked`");
    }
    println!("[1/1] build the book");
    shell::run(shell::command("mdbook").arg("build"))?;
    Ok(ExitCode::SUCCESS)
}
