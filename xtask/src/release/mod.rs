//! `cargo xtask release`: what a release consists of, in `target/release-files`.
//!
//! The binary with dashboard and model, a Debian package, a bill of materials, and the checksums of all three.

mod deb;
mod materials;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};

use crate::{dashboard, shell};

pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Largest binary that is released, in bytes.
const MAX_BINARY_BYTES: u64 = 60_000_000;

pub(crate) fn run() -> anyhow::Result<ExitCode> {
    println!("[1/6] install and build the dashboard");
    dashboard::check_tools()?;
    dashboard::install(true)?;
    dashboard::build()?;
    println!("[2/6] build the release binary (this takes some minutes)");
    shell::run(shell::cargo().args(["build", "--release", "--locked", "--package", "bartizan-cli"]))?;
    let folder = shell::target().join("release-files");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("failed to empty {}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("failed to make {}", folder.display()))?;
    let binary = shell::target().join("release/bartizan");
    println!("[3/6] look at the binary");
    check(&binary)?;
    let architecture = std::env::consts::ARCH;
    let named = folder.join(format!("bartizan-{VERSION}-{}-{architecture}", std::env::consts::OS));
    std::fs::copy(&binary, &named).context("failed to copy the binary")?;
    println!("[4/6] pack for Debian");
    let package = deb::build(&binary, &folder)?;
    println!("[5/6] write the bill of materials");
    let materials = materials::write(&folder)?;
    println!("[6/6] write the checksums");
    checksums(&folder, &[named, package, materials])?;
    println!("      see {}", folder.display());
    Ok(ExitCode::SUCCESS)
}

/// The binary must say its version, carry the dashboard, and be no larger than it may.
fn check(binary: &Path) -> anyhow::Result<()> {
    let says = shell::answer(shell::command(binary).arg("--version")).unwrap_or_default();
    if says != format!("bartizan {VERSION}") {
        bail!("{} says '{says}' and not its version", binary.display());
    }
    let bytes = binary.metadata().context("failed to look at the binary")?.len();
    println!("      {says}, {:.1} MB", bytes as f64 / 1e6);
    if bytes > MAX_BINARY_BYTES {
        bail!("the binary has {bytes} bytes, more than {MAX_BINARY_BYTES}");
    }
    Ok(())
}

/// `SHA256SUMS`, as `sha256sum --check` reads it.
fn checksums(folder: &Path, files: &[PathBuf]) -> anyhow::Result<()> {
    let names = files.iter().filter_map(|file| file.file_name());
    let mut program = shell::command("sha256sum");
    let sums = shell::answer(program.current_dir(folder).args(names)).context("sha256sum failed")?;
    let file = folder.join("SHA256SUMS");
    std::fs::write(&file, format!("{sums}\n"))
        .with_context(|| format!("failed to write {}", file.display()))?;
    println!("{sums}");
    Ok(())
}
