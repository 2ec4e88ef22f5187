//! The commands of the workshop, started as `cargo xtask COMMAND`.
//!
//! Every command prints what it is doing as `[2/5] build the dashboard` and passes on the output of the tools it
//! starts. `.ci/run` calls `cargo xtask test` and nothing else, so whatever CI does can be done at home.
#![expect(clippy::print_stdout, reason = "a command-line tool speaks on standard output")]
#![expect(clippy::print_stderr, reason = "and reports its failures on standard error")]

mod bench;
mod book;
mod count;
mod dashboard;
mod generate;
mod packages;
mod probe;
mod release;
mod run;
mod shell;
mod test;

use std::process::ExitCode;

use anyhow::bail;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  run [-- ARGS]   build the dashboard and the release binary, then start `bartizan serve ARGS`;
                  without --log, --config or --demo among ARGS it serves demo traffic
  test            every check and every test; installs what is missing on Debian as root
  bench           measure the release binary and the detector: figure, must, aim, met or not
  bench --large   the memory that a log of 10 GB takes
  bench --live    the live socket: latency, 2,000 sockets at once, memory, coming back after a pause
  bench --rows    the API over ten million stored requests, or as many as BENCH_ROWS says; BENCH_DATABASE is an SQLite
                  file or the postgres:// URL of a database with so many, as the example `fill` of bartizan-store
                  leaves it, to be asked instead of a new one
  gen [--check]   regenerate openapi.json, the dashboard's types and the book's reference; --check only compares
  book            the book, from docs/ into target/book; needs mdbook
  release         binary, Debian package, bill of materials and checksums, in target/release-files";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> anyhow::Result<ExitCode> {
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", arguments),
    };
    match (command, rest) {
        ("run", rest) => run::run(rest),
        ("test", []) => Ok(test::run()),
        ("bench", []) => bench::run(),
        ("bench", [flag]) if flag == "--large" => bench::run_large(),
        ("release", []) => release::run(),
        ("book", []) => book::run(),
        ("bench", [flag]) if flag == "--live" => bench::run_live(),
        ("bench", [flag]) if flag == "--rows" => bench::run_rows(),
        ("gen", []) => generate::regenerate(),
        ("gen", [flag]) if flag == "--check" => generate::check(),
        ("help" | "--help" | "-h", _) => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        ("test" | "bench" | "gen" | "release" | "book", [unknown, ..]) => {
            bail!("unknown argument '{unknown}'\n\n{USAGE}")
        }
        (unknown, _) => bail!("unknown command '{unknown}'\n\n{USAGE}"),
    }
}
