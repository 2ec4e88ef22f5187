//! The `bartizan` binary: commands, configuration, lifecycle.
//!
//! It only composes: every command is one file in `command`, and what it does is done by the crates below.

mod args;
#[cfg(test)]
mod book;
mod command;
mod database_url;
mod notifications;
mod open_files;
mod output;
mod secret_text;
mod settings;
mod settings_file;
mod settings_names;
mod settings_place;
mod settings_sources;
mod stop_signals;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

/// Reading logs makes and drops a few dozen small texts a line; of this allocator a line costs a fifth less, and SQLite
/// uses it as well. How it behaves is set where it is built, in `.cargo/config.toml`.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Scan(args) => return command::scan::run(&args),
        Command::Doctor(args) => return command::doctor::run(&args),
        Command::Health(args) => return command::health::run(&args),
        Command::Serve(args) => command::serve::run(&args),
        Command::Check(args) => command::check::run(&args),
        Command::Eval(args) => command::eval::run(&args),
        Command::Train(args) => command::train::run(args),
        Command::User(args) => command::user::run(args),
        Command::Token(args) => command::token::run(args),
        Command::Config(args) => command::config::run(&args),
        Command::Db(args) => command::db::run(&args),
        Command::Openapi => command::openapi::run(),
        Command::Completions { shell } => command::manual::completions(shell),
        Command::Man { folder } => command::manual::pages(&folder),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error);
            ExitCode::FAILURE
        }
    }
}
