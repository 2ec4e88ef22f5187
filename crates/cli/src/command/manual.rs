//! What the definitions of the command line are turned into: completions for shells, and man pages.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context;
use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::args::Cli;

/// Prints what a shell sources. A closed pipe is no failure.
#[expect(clippy::unnecessary_wraps, reason = "every command gives a result")]
pub(crate) fn completions(shell: Shell) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "bartizan", &mut script);
    let _ = std::io::stdout().lock().write_all(&script);
    Ok(())
}

/// Writes one page per command, such as `bartizan-db-backup.1`.
pub(crate) fn pages(folder: &Path) -> anyhow::Result<()> {
    clap_mangen::generate_to(Cli::command(), folder)
        .with_context(|| format!("cannot write man pages into {}; make the folder first", folder.display()))
}
