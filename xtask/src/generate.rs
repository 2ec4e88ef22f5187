//! `cargo xtask gen`: everything that is generated and committed.
//!
//! The handlers give `crates/api/openapi.json`, and that gives the dashboard's `src/generated/schema.ts` and, with the
//! definitions of the command line, the reference pages of the book.

use std::process::{Command, ExitCode};

use anyhow::{Context, bail};

use crate::count::{self, Count};
use crate::{dashboard, shell};

const SCHEMA: &str = "src/generated/schema.ts";

/// Writes all of them anew.
pub(crate) fn regenerate() -> anyhow::Result<ExitCode> {
    println!("[1/4] generate crates/api/openapi.json");
    run_test(openapi().env("UPDATE_OPENAPI", "1"))?;
    println!("[2/4] install the dashboard's packages");
    dashboard::check_tools()?;
    dashboard::install(false)?;
    println!("[3/4] generate web/{SCHEMA}");
    shell::run(&mut dashboard::script("gen"))?;
    println!("[4/4] write the reference pages of the book");
    run_test(book().env("UPDATE_BOOK", "1"))?;
    Ok(ExitCode::SUCCESS)
}

/// Compares both files with what would be generated, and changes nothing.
pub(crate) fn check() -> anyhow::Result<ExitCode> {
    println!("[1/3] compare crates/api/openapi.json");
    run_test(openapi().env_remove("UPDATE_OPENAPI"))?;
    println!("[2/3] install the dashboard's packages");
    dashboard::check_tools()?;
    dashboard::install(false)?;
    println!("[3/3] compare web/{SCHEMA}");
    check_schema()?;
    Ok(ExitCode::SUCCESS)
}

/// Compares the dashboard's types with what `openapi.json` gives. The committed file is put back as it was.
pub(crate) fn check_schema() -> anyhow::Result<()> {
    let path = dashboard::folder().join(SCHEMA);
    let committed = shell::read(&path)?;
    let generated = shell::run(&mut dashboard::script("gen")).and_then(|()| shell::read(&path));
    std::fs::write(&path, &committed).with_context(|| format!("failed to put back {}", path.display()))?;
    if generated? != committed {
        bail!(
            "web/{SCHEMA} is not what crates/api/openapi.json gives; run `cargo xtask gen` and commit the result"
        );
    }
    Ok(())
}

/// Runs the test that writes or compares the document, and notices when there is none of that name any more.
fn run_test(cargo: &mut Command) -> anyhow::Result<()> {
    let mut count = Count::default();
    let succeeded = shell::watch(cargo, |line| {
        if let Some(more) = count::of_cargo_line(line) {
            count.add(more);
        }
    })?;
    if !succeeded || count.passed == 0 {
        bail!("`{}` failed, {} tests passed; see above", shell::shown(cargo), count.passed);
    }
    Ok(())
}

fn book() -> Command {
    let mut cargo = shell::cargo();
    cargo.args(["test", "--package", "bartizan-cli", "--bin", "bartizan", "book::the_reference"]);
    cargo
}

fn openapi() -> Command {
    let mut cargo = shell::cargo();
    cargo.args(["test", "--package", "bartizan-api", "--lib", "openapi"]);
    cargo
}
