//! Node.js and the dashboard in `web/`: which versions will do, and what is out of date.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, bail};

use crate::shell;

/// Oldest Node.js that Vite runs on (its `engines` field): 20.19.
const NODE_MIN: (u32, u32) = (20, 19);

/// Oldest npm that reads our lockfile (version 3) and comes with that Node.js.
const NPM_MIN: (u32, u32) = (9, 0);

/// What a build of the dashboard depends on, inside `web/`.
const SOURCES: [&str; 6] =
    ["src", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts"];

/// The dashboard's folder.
pub(crate) fn folder() -> PathBuf {
    shell::root().join("web")
}

/// `npm run SCRIPT` in `web/`.
pub(crate) fn script(name: &str) -> Command {
    let mut npm = shell::command("npm");
    npm.current_dir(folder()).args(["run", "--silent", name]);
    npm
}

/// Checks that Node.js and npm are there and new enough.
pub(crate) fn check_tools() -> anyhow::Result<()> {
    for (program, minimum) in [("node", NODE_MIN), ("npm", NPM_MIN)] {
        let (major, minor) = minimum;
        let remedy = format!("install Node.js {}.{} or newer (https://nodejs.org)", NODE_MIN.0, NODE_MIN.1);
        let Some(answer) = shell::answer(shell::command(program).arg("--version")) else {
            bail!("{program} was not found; the dashboard is built with it: {remedy}");
        };
        let found = version(&answer).with_context(|| format!("{program} --version said '{answer}'"))?;
        if found < minimum {
            bail!("{program} {answer} is too old, {major}.{minor} is needed: {remedy}");
        }
        println!("      {program} {}", answer.trim_start_matches('v'));
    }
    Ok(())
}

/// Installs the npm packages exactly as locked. Does nothing when they are newer than the lockfile, unless `always`.
pub(crate) fn install(always: bool) -> anyhow::Result<()> {
    let web = folder();
    let lock = web.join("package-lock.json");
    // npm writes this file at the end of an installation, so a broken one is repeated.
    let installed = modified(&web.join("node_modules/.package-lock.json"));
    if !always && installed.is_some() && installed >= modified(&lock) {
        println!("      the packages are up to date");
        return Ok(());
    }
    let verb = if lock.is_file() { "ci" } else { "install" };
    shell::run(shell::command("npm").current_dir(web).args([verb, "--no-audit", "--no-fund"]))
}

/// Builds the dashboard into `web/dist`, which the binary embeds. Does nothing when that is newer than its sources.
pub(crate) fn build() -> anyhow::Result<()> {
    let web = folder();
    let dist = web.join("dist");
    // A Rust build without the dashboard leaves a placeholder there, which has no assets.
    let built = modified(&dist.join("index.html")).filter(|_| dist.join("assets").is_dir());
    let sources = SOURCES.iter().filter_map(|name| newest(&web.join(name))).max();
    if built.is_some() && built >= sources {
        println!("      the dashboard is up to date");
        return Ok(());
    }
    shell::run(&mut script("build"))
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|facts| facts.modified()).ok()
}

/// The newest change in a file or anywhere in a folder.
fn newest(path: &Path) -> Option<SystemTime> {
    let entries = std::fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| newest(&entry.path())).chain(modified(path)).max()
}

/// Major and minor of `v20.20.2` or `11.19.1`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        let cases = [
            ("v20.20.2", true),
            ("v20.19.0", true),
            ("v20.9.0", false),
            ("v9.99.9", false),
            ("v100.0.0", true),
        ];
        for (text, expected) in cases {
            assert_eq!(version(text).is_some_and(|found| found >= NODE_MIN), expected, "{text}");
        }
        for text in ["", "v", "twenty", "20"] {
            assert_eq!(version(text), None, "{text}");
        }
    }

    #[test]
    fn the_newest_file_of_a_folder_counts_wherever_it_lies() {
        let folder = shell::target().join(format!("xtask-newest-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("deep/er")).expect("a folder in target");
        let file = folder.join("deep/er/file");
        std::fs::write(&file, "x").expect("a file in target");
        let future = modified(&file).expect("it is there") + std::time::Duration::from_hours(1);
        std::fs::File::options()
            .write(true)
            .open(&file)
            .and_then(|file| file.set_modified(future))
            .expect("ours");
        assert_eq!(newest(&folder), Some(future));
        std::fs::remove_dir_all(&folder).expect("our own folder");
        assert_eq!(newest(&folder), None);
    }
}
