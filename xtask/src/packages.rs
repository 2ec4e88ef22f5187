//! Programs that the tests need and cargo does not bring: a browser and servers.

use std::path::Path;

use anyhow::bail;

use crate::shell;

/// A Debian package and how to see that what it brings is there.
struct Package {
    name: &'static str,
    what_for: &'static str,
    is_present: fn() -> bool,
}

const PACKAGES: [Package; 6] = [
    Package {
        name: "chromium",
        what_for: "end-to-end tests of the dashboard",
        is_present: || {
            std::env::var_os("CHROMIUM").is_some_and(|path| Path::new(&path).is_file())
                || shell::find("chromium").is_some()
        },
    },
    Package {
        name: "postgresql",
        what_for: "tests of the store on a real PostgreSQL server",
        is_present: || shell::find("postgres").is_some() || has_postgres(Path::new("/usr/lib/postgresql")),
    },
    Package {
        name: "nats-server",
        what_for: "tests of the bus on a real NATS server",
        is_present: || shell::find("nats-server").is_some(),
    },
    Package {
        name: "nginx-light",
        what_for: "tests of examples/nginx",
        is_present: || has_web_server("nginx"),
    },
    Package {
        name: "apache2",
        what_for: "tests of examples/apache",
        is_present: || has_web_server("apache2"),
    },
    Package {
        name: "haproxy",
        what_for: "tests of examples/haproxy",
        is_present: || has_web_server("haproxy"),
    },
];

/// Makes sure that all of them are there. On a Debian system and as root it installs what is missing.
///
/// # Errors
/// Elsewhere, an error that says what to install; a missing server is a failure, never a skipped test.
pub(crate) fn ensure() -> anyhow::Result<()> {
    let missing: Vec<&Package> = PACKAGES.iter().filter(|package| !(package.is_present)()).collect();
    if missing.is_empty() {
        println!("      {} are here", names(&PACKAGES.iter().collect::<Vec<_>>()).join(", "));
        return Ok(());
    }
    let may_install = Path::new("/etc/debian_version").exists()
        && shell::find("apt-get").is_some()
        && shell::answer(shell::command("id").arg("-u")).as_deref() == Some("0");
    if !may_install {
        bail!("{}", advice(&missing));
    }
    println!("      install {}", names(&missing).join(", "));
    shell::run(apt().arg("update"))?;
    shell::run(apt().args(["install", "--yes", "--no-install-recommends"]).args(names(&missing)))?;
    match missing.iter().find(|package| !(package.is_present)()) {
        Some(package) => bail!("{} was installed, but its program was not found afterwards", package.name),
        None => Ok(()),
    }
}

fn apt() -> std::process::Command {
    let mut apt = shell::command("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet");
    apt
}

fn names(packages: &[&Package]) -> Vec<&'static str> {
    packages.iter().map(|package| package.name).collect()
}

fn advice(missing: &[&Package]) -> String {
    let list: Vec<String> =
        missing.iter().map(|package| format!("  {:12} for {}", package.name, package.what_for)).collect();
    format!(
        "these programs are missing:\n{}\ninstall them, on Debian or Ubuntu: sudo apt-get install {}",
        list.join("\n"),
        names(missing).join(" ")
    )
}

/// Debian keeps servers outside the search path of ordinary users.
fn has_web_server(program: &str) -> bool {
    shell::find(program).is_some() || Path::new("/usr/sbin").join(program).is_file()
}

/// Debian keeps the server outside the search path, in a folder per major version.
fn has_postgres(versions: &Path) -> bool {
    std::fs::read_dir(versions)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .any(|version| version.path().join("bin/postgres").is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advice_names_each_missing_package_its_use_and_the_command() {
        let missing: Vec<&Package> = PACKAGES.iter().skip(1).collect();
        let text = advice(&missing);
        assert!(text.contains("postgresql   for tests of the store"), "{text}");
        assert!(
            text.ends_with("apt-get install postgresql nats-server nginx-light apache2 haproxy"),
            "{text}"
        );
        assert!(!text.contains("chromium"), "{text}");
    }

    #[test]
    fn a_postgres_of_any_version_is_found_and_an_empty_folder_is_not() {
        let versions = shell::target().join(format!("xtask-packages-{}", std::process::id()));
        std::fs::create_dir_all(versions.join("15/bin")).expect("a folder in target");
        assert!(!has_postgres(&versions));
        std::fs::write(versions.join("15/bin/postgres"), "").expect("a file in target");
        assert!(has_postgres(&versions));
        std::fs::remove_dir_all(&versions).expect("our own folder");
        assert!(!has_postgres(&versions));
    }
}
