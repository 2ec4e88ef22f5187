//! `cargo xtask run`: from a fresh clone to a running server.

use std::process::{Command, ExitCode};

use crate::{dashboard, shell};

/// Flags of `serve` that say where requests come from; without any of them demo traffic is served.
const SOURCE_FLAGS: [&str; 3] = ["--log", "--config", "--demo"];

/// Builds everything that is out of date and becomes `bartizan serve`.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<ExitCode> {
    println!("[1/5] look for Node.js and npm");
    dashboard::check_tools()?;
    println!("[2/5] install the dashboard's packages");
    dashboard::install(false)?;
    println!("[3/5] build the dashboard");
    dashboard::build()?;
    println!("[4/5] build the release binary (the first time takes some minutes)");
    shell::run(shell::cargo().args(["build", "--release", "--package", "bartizan-cli"]))?;
    let mut serve = shell::command(shell::target().join("release/bartizan"));
    if let Ok(here) = std::env::current_dir() {
        // Paths among the arguments are meant from where they were typed.
        serve.current_dir(here);
    }
    serve.arg("serve").args(serve_arguments(arguments));
    println!("[5/5] {}", shell::shown(&serve));
    become_it(serve)
}

/// The server takes our place, so that Ctrl-C and other signals reach it and its exit code is ours.
#[cfg(unix)]
fn become_it(mut serve: Command) -> anyhow::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    let error = serve.exec();
    Err(anyhow::Error::new(error).context(format!("failed to start `{}`", shell::shown(&serve))))
}

#[cfg(not(unix))]
fn become_it(mut serve: Command) -> anyhow::Result<ExitCode> {
    let status = serve.status()?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

fn serve_arguments(given: &[String]) -> Vec<String> {
    let mut arguments: Vec<String> = given.iter().skip_while(|word| *word == "--").cloned().collect();
    let names_a_source = arguments.iter().any(|word| {
        let flag = word.split_once('=').map_or(word.as_str(), |(flag, _)| flag);
        SOURCE_FLAGS.contains(&flag)
    });
    let asks_only = arguments.iter().any(|word| word == "--help" || word == "-h");
    if !names_a_source && !asks_only {
        arguments.push("--demo".to_owned());
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demo_traffic_is_served_exactly_when_no_source_is_named() {
        let cases: [(&[&str], &[&str]); 6] = [
            (&[], &["--demo"]),
            (&["--"], &["--demo"]),
            (&["--listen", "127.0.0.1:4000"], &["--listen", "127.0.0.1:4000", "--demo"]),
            (&["--", "--log", "access.log"], &["--log", "access.log"]),
            (&["--log=access.log"], &["--log=access.log"]),
            (&["--help"], &["--help"]),
        ];
        for (given, expected) in cases {
            let given: Vec<String> = given.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(serve_arguments(&given), expected, "{given:?}");
        }
    }
}
