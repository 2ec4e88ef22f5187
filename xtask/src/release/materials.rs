//! The bill of materials: every library in the binary and in the dashboard, as CycloneDX 1.5.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::VERSION;
use crate::{dashboard, shell};

/// Writes `bartizan-VERSION.cdx.json`.
///
/// # Errors
/// When cargo or the lock file of the dashboard does not tell what is in them.
pub(super) fn write(folder: &Path) -> anyhow::Result<PathBuf> {
    let tree = shell::answer(shell::cargo().args([
        "tree",
        "--locked",
        "--package=bartizan-cli",
        "--edges=normal",
        "--prefix=none",
        "--no-dedupe",
        "--format={p}|{l}",
    ]));
    let mut components = crates(&tree.context("cargo tree does not answer")?);
    let lock: Value = serde_json::from_str(&shell::read(&dashboard::folder().join("package-lock.json"))?)
        .context("the dashboard's package-lock.json is no JSON")?;
    components.extend(packages(&lock));
    if components.len() < 50 {
        bail!("only {} libraries were found, fewer than there are", components.len());
    }
    println!("      {} libraries", components.len());
    let document = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": {
            "type": "application",
            "bom-ref": "bartizan",
            "name": "bartizan",
            "version": VERSION,
            "licenses": [{ "expression": env!("CARGO_PKG_LICENSE") }],
        } },
        "components": components,
    });
    let file = folder.join(format!("bartizan-{VERSION}.cdx.json"));
    std::fs::write(&file, format!("{document:#}\n"))
        .with_context(|| format!("failed to write {}", file.display()))?;
    Ok(file)
}

/// Of lines such as `serde v1.0.228|MIT OR Apache-2.0`, each library once; our own crates are no materials.
fn crates(tree: &str) -> Vec<Value> {
    let mut lines: Vec<&str> = tree.lines().filter(|line| !line.contains(" (/")).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
        .into_iter()
        .filter_map(|line| {
            let (package, licence) = line.split_once('|')?;
            let mut words = package.split_whitespace();
            let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
            // What `{l}` writes the old way, with a stroke, is no expression of SPDX.
            Some(component("cargo", name, version, &licence.replace('/', " OR ")))
        })
        .collect()
}

/// What the dashboard ships: packages of its lock file that are not for development alone.
fn packages(lock: &Value) -> Vec<Value> {
    let packages = lock["packages"].as_object().into_iter().flatten();
    packages
        .filter(|(place, package)| {
            !place.is_empty() && package["dev"] != true && package["devOptional"] != true
        })
        .filter_map(|(place, package)| {
            let name = place.rsplit("node_modules/").next()?;
            let licence = package["license"].as_str().unwrap_or_default();
            Some(component("npm", name, package["version"].as_str()?, licence))
        })
        .collect()
}

fn component(kind: &str, name: &str, version: &str, licence: &str) -> Value {
    let reference = format!("pkg:{kind}/{}@{version}", name.replace('@', "%40"));
    let mut component = json!({
        "type": "library", "bom-ref": reference, "name": name, "version": version, "purl": reference,
    });
    if !licence.is_empty() {
        component["licenses"] = json!([{ "expression": licence }]);
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_library_stands_in_it_once_and_our_crates_do_not() {
        let tree = "bartizan-cli v0.1.0 (/src/crates/cli)|Apache-2.0\nserde v1.0.1|MIT OR Apache-2.0\n\
                    serde v1.0.1|MIT OR Apache-2.0\nring v0.17.0|\nold v0.1.0|MIT/Apache-2.0";
        let found = crates(tree);
        let names: Vec<&str> = found.iter().filter_map(|one| one["purl"].as_str()).collect();
        assert_eq!(names, ["pkg:cargo/old@0.1.0", "pkg:cargo/ring@0.17.0", "pkg:cargo/serde@1.0.1"]);
        assert_eq!(found[0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(found[1].get("licenses"), None);
    }

    #[test]
    fn of_the_dashboard_only_what_is_shipped_counts() {
        let lock = json!({"packages": {
            "": {"version": "0.1.0"},
            "node_modules/react": {"version": "19.3.1", "license": "MIT"},
            "node_modules/a/node_modules/@b/c": {"version": "2.0.0", "license": "ISC"},
            "node_modules/vite": {"version": "7.0.0", "license": "MIT", "dev": true},
        }});
        let found = packages(&lock);
        let names: Vec<&str> = found.iter().filter_map(|one| one["purl"].as_str()).collect();
        assert_eq!(names, ["pkg:npm/%40b/c@2.0.0", "pkg:npm/react@19.3.1"]);
    }
}
