//! The Debian package: a staged tree, packed by dpkg-deb.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::VERSION;
use crate::shell;

/// What the package takes from the repository, where it puts it, and with which mode.
const FILES: [(&str, &str, u32); 9] = [
    ("packaging/bartizan.yaml", "etc/bartizan/bartizan.yaml", 0o640),
    ("packaging/systemd/bartizan.service", "usr/lib/systemd/system/bartizan.service", 0o644),
    ("packaging/debian/postinst", "DEBIAN/postinst", 0o755),
    ("packaging/debian/prerm", "DEBIAN/prerm", 0o755),
    ("packaging/debian/postrm", "DEBIAN/postrm", 0o755),
    ("LICENSE", "usr/share/doc/bartizan/copyright", 0o644),
    ("README.md", "usr/share/doc/bartizan/README.md", 0o644),
    ("CHANGELOG.md", "usr/share/doc/bartizan/CHANGELOG.md", 0o644),
    ("SECURITY.md", "usr/share/doc/bartizan/SECURITY.md", 0o644),
];

/// Where each shell looks for completions.
const COMPLETIONS: [(&str, &str); 3] = [
    ("bash", "usr/share/bash-completion/completions/bartizan"),
    ("zsh", "usr/share/zsh/vendor-completions/_bartizan"),
    ("fish", "usr/share/fish/vendor_completions.d/bartizan.fish"),
];

/// Packs the binary with what belongs to it.
///
/// # Errors
/// When the tree cannot be written, or dpkg-deb is missing or refuses it.
pub(super) fn build(binary: &Path, folder: &Path) -> anyhow::Result<PathBuf> {
    let architecture = shell::answer(shell::command("dpkg").arg("--print-architecture"))
        .context("dpkg does not answer; a Debian package is packed on Debian or Ubuntu")?;
    let tree = folder.join("tree");
    put(binary, &tree.join("usr/bin/bartizan"), 0o755)?;
    for (from, to, mode) in FILES {
        put(&shell::root().join(from), &tree.join(to), mode)?;
    }
    for name in ["docs", "examples"] {
        let mut copy = shell::command("cp");
        copy.args(["-R", "--no-preserve=ownership", name]).arg(tree.join("usr/share/doc/bartizan"));
        shell::run(&mut copy)?;
    }
    let pages = tree.join("usr/share/man/man1");
    make(&pages)?;
    shell::run(shell::command(binary).arg("man").arg(&pages))?;
    shell::run(shell::command("gzip").args(["--best", "--no-name", "--recursive"]).arg(&pages))?;
    for (shell_name, to) in COMPLETIONS {
        let script = shell::answer(shell::command(binary).args(["completions", shell_name]));
        let script = script.with_context(|| format!("no completions for {shell_name}"))?;
        write(&tree.join(to), &format!("{script}\n"))?;
    }
    write(&tree.join("DEBIAN/conffiles"), "/etc/bartizan/bartizan.yaml\n")?;
    let size = shell::answer(shell::command("du").args(["--summarize", "--block-size=1K"]).arg(&tree));
    let kib = size.and_then(|size| size.split_whitespace().next().map(str::to_owned)).unwrap_or_default();
    write(&tree.join("DEBIAN/control"), &control(&architecture, &libc(), &kib))?;
    // Whoever packs may have a narrower mask than what is installed should have.
    shell::run(shell::command("chmod").args(["--recursive", "u+rwX,go+rX,go-w"]).arg(&tree))?;
    set_mode(&tree.join("etc/bartizan/bartizan.yaml"), 0o640)?;
    let package = folder.join(format!("bartizan_{VERSION}_{architecture}.deb"));
    shell::run(
        shell::command("dpkg-deb").args(["--root-owner-group", "-Zxz", "--build"]).arg(&tree).arg(&package),
    )?;
    std::fs::remove_dir_all(&tree).context("failed to remove the tree of the package")?;
    Ok(package)
}

fn control(architecture: &str, libc: &str, kib: &str) -> String {
    format!(
        "Package: bartizan\nVersion: {VERSION}\nArchitecture: {architecture}\nMaintainer: Bartizan <bartizan@localhost>\n\
         Section: net\nPriority: optional\nInstalled-Size: {kib}\nDepends: {libc}, libgcc-s1, adduser\n\
         Recommends: ca-certificates\nSuggests: postgresql-client\n\
         Description: web application firewall that learns, and its control room\n \
         Reads the access logs of a web server, judges every request with a model trained on\n \
         attacks and on real traffic, says why, and shows it live in a dashboard of its own.\n"
    )
}

/// The C library that the binary was linked with: older ones may lack what it asks for.
fn libc() -> String {
    let version = shell::answer(shell::command("getconf").arg("GNU_LIBC_VERSION"));
    let version = version.as_deref().and_then(|version| version.split_whitespace().nth(1));
    version.map_or_else(|| "libc6".to_owned(), |version| format!("libc6 (>= {version})"))
}

fn put(from: &Path, to: &Path, mode: u32) -> anyhow::Result<()> {
    to.parent().map_or(Ok(()), make)?;
    std::fs::copy(from, to).with_context(|| format!("failed to copy {}", from.display()))?;
    set_mode(to, mode)
}

fn set_mode(path: &Path, mode: u32) -> anyhow::Result<()> {
    let permissions = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(path, permissions)
        .with_context(|| format!("failed to set the mode of {}", path.display()))
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    path.parent().map_or(Ok(()), make)?;
    std::fs::write(path, text).with_context(|| format!("failed to write {}", path.display()))
}

fn make(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("failed to make {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_packed_is_there() {
        for (from, ..) in FILES {
            assert!(shell::root().join(from).is_file(), "{from}");
        }
    }

    #[test]
    fn the_package_is_described_in_whole_lines() {
        let control = control("amd64", "libc6 (>= 2.36)", "30000");
        for line in
            ["Package: bartizan", "Architecture: amd64", "Depends: libc6 (>= 2.36), libgcc-s1, adduser"]
        {
            assert!(control.lines().any(|one| one == line), "{control}");
        }
        let description = control.split("Description: ").nth(1).expect("described");
        assert!(description.lines().skip(1).all(|line| line.starts_with(' ')), "{control}");
    }
}
