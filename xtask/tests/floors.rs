//! The dependency law: arrows between crates only go down, and each outside library lives in the rooms that earn it.
//!
//! What is allowed stands in three tables, so that a new arrow is a visible decision and not an accident.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Every crate of the workspace and its floor. A crate may import only crates of lower floors.
const FLOORS: [(&str, u8); 13] = [
    ("bartizan-model", 0),
    ("bartizan-ingest", 1),
    ("bartizan-detect", 1),
    ("bartizan-store", 1),
    ("bartizan-bus", 1),
    ("bartizan-notify", 1),
    ("bartizan-engine", 2),
    ("bartizan-train", 2),
    ("bartizan-demo", 2),
    ("bartizan-scan", 2),
    ("bartizan-api", 3),
    ("bartizan-cli", 4),
    // Starts programs and links none of them.
    ("xtask", 0),
];

/// Rooms whose view is narrower than "everything below": what they may import outside of their tests.
const NARROW: [(&str, &[&str]); 4] = [
    ("bartizan-api", &["bartizan-engine", "bartizan-model"]),
    ("bartizan-train", &["bartizan-detect", "bartizan-ingest", "bartizan-model"]),
    ("bartizan-demo", &["bartizan-model"]),
    ("bartizan-scan", &["bartizan-detect", "bartizan-ingest", "bartizan-model"]),
];

/// Libraries that only some rooms may import, in tests too: what a room keeps out of the others is why it exists.
const KEPT_IN: [(&str, &[&str]); 41] = [
    ("sqlx", &["bartizan-store"]),
    ("async-trait", &["bartizan-store"]),
    ("axum", &["bartizan-api"]),
    ("tower", &["bartizan-api"]),
    ("tower-http", &["bartizan-api"]),
    ("hyper", &["bartizan-api"]),
    ("hyper-util", &["bartizan-api"]),
    ("ipnet", &["bartizan-api", "bartizan-engine"]),
    ("utoipa", &["bartizan-api"]),
    ("utoipa-axum", &["bartizan-api"]),
    ("rust-embed", &["bartizan-api"]),
    ("tokio-tungstenite", &["bartizan-api"]),
    ("percent-encoding", &["bartizan-api", "bartizan-store"]),
    ("async-nats", &["bartizan-bus", "bartizan-ingest"]),
    ("sysinfo", &["bartizan-engine"]),
    ("safetensors", &["bartizan-detect", "bartizan-train"]),
    ("burn", &["bartizan-detect", "bartizan-train"]),
    ("criterion", &["bartizan-detect"]),
    ("aho-corasick", &["bartizan-detect", "bartizan-engine"]),
    ("hmac", &["bartizan-engine", "bartizan-notify"]),
    ("getrandom", &["bartizan-engine"]),
    ("argon2", &["bartizan-engine"]),
    ("base64", &["bartizan-detect", "bartizan-engine", "bartizan-train", "bartizan-api"]),
    ("rustix", &["bartizan-ingest", "bartizan-cli"]),
    ("flate2", &["bartizan-ingest", "bartizan-train", "bartizan-scan", "bartizan-cli"]),
    ("ruzstd", &["bartizan-ingest", "bartizan-cli"]),
    ("indicatif", &["bartizan-train", "bartizan-cli"]),
    ("clap", &["bartizan-cli"]),
    ("clap_complete", &["bartizan-cli"]),
    ("clap_mangen", &["bartizan-cli"]),
    ("figment", &["bartizan-cli"]),
    ("saphyr-parser", &["bartizan-cli"]),
    ("strsim", &["bartizan-cli"]),
    ("tracing-subscriber", &["bartizan-cli"]),
    ("anyhow", &["bartizan-cli", "xtask"]),
    (
        "tokio",
        &[
            "bartizan-store",
            "bartizan-bus",
            "bartizan-notify",
            "bartizan-engine",
            "bartizan-api",
            "bartizan-cli",
        ],
    ),
    ("tokio-util", &["bartizan-bus", "bartizan-engine", "bartizan-api", "bartizan-cli"]),
    ("reqwest", &["bartizan-notify"]),
    ("lettre", &["bartizan-notify"]),
    ("rustls", &["bartizan-notify"]),
    ("rand", &[]),
];

/// What must not be reached even through other libraries, outside of tests.
const NEVER_REACHED: [(&str, &[&str]); 6] = [
    ("bartizan-model", &["tokio", "sqlx", "axum"]),
    ("bartizan-ingest", &["tokio", "sqlx", "axum"]),
    ("bartizan-detect", &["tokio", "sqlx", "axum", "tracing-subscriber"]),
    ("bartizan-demo", &["tokio", "sqlx", "axum"]),
    ("bartizan-scan", &["tokio", "sqlx", "axum"]),
    // What only compares or measures is not shipped.
    ("bartizan-cli", &["criterion"]),
];

/// Source files longer than this are two nouns in one (generated files and data tables apart).
const MAX_LINES: usize = 800;

#[test]
fn every_crate_of_the_workspace_has_a_floor() {
    let workspace = Workspace::read();
    let with_floor: BTreeSet<&str> = FLOORS.iter().map(|(name, _)| *name).collect();
    let present: BTreeSet<&str> = workspace.members.keys().map(String::as_str).collect();
    assert_eq!(
        present, with_floor,
        "give a new crate its floor in xtask/tests/floors.rs, and ARCHITECTURE.md"
    );
}

#[test]
fn arrows_between_crates_only_go_down() {
    let floor: BTreeMap<&str, u8> = FLOORS.into_iter().collect();
    let mut wrong = Vec::new();
    for (importer, imports) in &Workspace::read().members {
        for import in imports {
            let (Some(upper), Some(lower)) = (floor.get(importer.as_str()), floor.get(import.name.as_str()))
            else {
                continue;
            };
            if upper <= lower {
                wrong.push(format!("{importer} (floor {upper}) imports {} (floor {lower})", import.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rooms_with_a_narrow_view_import_only_what_they_may() {
    let workspace = Workspace::read();
    let mut wrong = Vec::new();
    for (importer, allowed) in NARROW {
        let ours =
            workspace.members[importer].iter().filter(|import| workspace.members.contains_key(&import.name));
        for import in ours.filter(|import| !import.only_in_tests && !allowed.contains(&import.name.as_str()))
        {
            wrong.push(format!("{importer} imports {}; it may import {}", import.name, allowed.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn libraries_stay_in_the_rooms_that_keep_them() {
    let kept: BTreeMap<&str, &[&str]> = KEPT_IN.into_iter().collect();
    let mut wrong = Vec::new();
    for (importer, imports) in &Workspace::read().members {
        for import in imports {
            if kept.get(import.name.as_str()).is_some_and(|rooms| !rooms.contains(&importer.as_str())) {
                wrong.push(format!("{importer} imports {}, which is kept out of it", import.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pure_rooms_do_not_reach_a_runtime_through_other_libraries() {
    let workspace = Workspace::read();
    for (room, forbidden) in NEVER_REACHED {
        let reached = workspace.reached_from(room);
        assert!(reached.len() > 1, "{room} reaches nothing: the graph was not read");
        for library in forbidden {
            assert!(
                !reached.contains(*library),
                "{room} reaches {library}; `cargo tree -p {room} -i {library}`"
            );
        }
    }
}

#[test]
fn licences_and_bans_of_deny_toml_hold_for_every_package() {
    let deny = read(&root().join("deny.toml"));
    let allowed = quoted_strings(section(&deny, "allow = ["));
    let bans = section(&deny, "deny = [").lines().filter(|line| !line.contains("wrappers"));
    let banned = quoted_strings(&bans.collect::<Vec<_>>().join("\n"));
    assert!(allowed.len() > 2 && banned.len() > 2, "deny.toml was not read: {allowed:?} {banned:?}");
    let mut wrong = Vec::new();
    for (package, licence) in &Workspace::read().licences {
        if !is_allowed(licence, &allowed) {
            wrong.push(format!("{package} is under '{licence}', which deny.toml does not allow"));
        }
        if banned.contains(package) {
            wrong.push(format!("{package} is banned by deny.toml"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_dependency_has_its_line_in_the_docs() {
    let docs = read(&root().join("docs/dependencies.md"));
    let table: BTreeSet<&str> = docs
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
        .flat_map(|names| names.split(", "))
        .collect();
    let workspace = Workspace::read();
    let imports = workspace.members.values().flatten().map(|import| import.name.clone());
    let crates: BTreeSet<String> = imports.filter(|name| !workspace.members.contains_key(name)).collect();
    assert!(crates.len() > 10, "the dependencies were not read: {crates:?}");
    let missing: Vec<&String> = crates.iter().filter(|name| !table.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "no line in docs/dependencies.md for {missing:?}");
}

#[test]
fn no_source_file_is_longer_than_the_house_allows() {
    let mut long = Vec::new();
    let mut seen = 0;
    for folder in ["crates", "xtask", "web/src", "web/e2e"] {
        for file in sources(&root().join(folder)) {
            seen += 1;
            let lines = read(&file).lines().count();
            if lines > MAX_LINES {
                long.push(format!("{} has {lines} lines", file.display()));
            }
        }
    }
    assert!(seen > 50, "only {seen} source files were found");
    assert!(long.is_empty(), "the cap is {MAX_LINES} lines; split by noun:\n{}", long.join("\n"));
}

/// One arrow from a crate to a library or another crate.
struct Import {
    name: String,
    only_in_tests: bool,
}

/// What `cargo metadata` says.
struct Workspace {
    members: BTreeMap<String, Vec<Import>>,
    licences: BTreeMap<String, String>,
    /// Package id to the ids that it links, tests apart.
    graph: BTreeMap<String, Vec<String>>,
    names: BTreeMap<String, String>,
}

impl Workspace {
    fn read() -> Self {
        let host = output(Command::new(rustc()).arg("-vV"));
        let host = host.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host");
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(root()).args(["metadata", "--format-version", "1", "--filter-platform", host]);
        let metadata: Value = serde_json::from_str(&output(&mut cargo)).expect("cargo metadata is JSON");
        let members: BTreeSet<&str> =
            list(&metadata["workspace_members"]).iter().filter_map(Value::as_str).collect();
        let mut workspace = Self {
            members: BTreeMap::new(),
            licences: BTreeMap::new(),
            graph: BTreeMap::new(),
            names: BTreeMap::new(),
        };
        for package in list(&metadata["packages"]) {
            let (id, name) = (text(&package["id"]), text(&package["name"]));
            workspace.licences.insert(name.clone(), text(&package["license"]));
            if members.contains(id.as_str()) {
                workspace
                    .members
                    .insert(name.clone(), list(&package["dependencies"]).iter().map(import).collect());
            }
            workspace.names.insert(id, name);
        }
        for node in list(&metadata["resolve"]["nodes"]) {
            let linked = list(&node["deps"])
                .iter()
                .filter(|dep| list(&dep["dep_kinds"]).iter().any(|kind| kind["kind"].is_null()));
            workspace.graph.insert(text(&node["id"]), linked.map(|dep| text(&dep["pkg"])).collect());
        }
        workspace
    }

    /// Names of everything that a crate links, itself included.
    fn reached_from(&self, name: &str) -> BTreeSet<&str> {
        let start = self.names.iter().find(|(_, candidate)| *candidate == name).expect("a known package").0;
        let (mut reached, mut next) = (BTreeSet::new(), vec![start]);
        while let Some(id) = next.pop() {
            if reached.insert(id) {
                next.extend(self.graph.get(id).into_iter().flatten());
            }
        }
        reached.into_iter().filter_map(|id| self.names.get(id).map(String::as_str)).collect()
    }
}

fn import(dependency: &Value) -> Import {
    Import { name: text(&dependency["name"]), only_in_tests: dependency["kind"] == "dev" }
}

/// Whether an SPDX expression can be met by allowed licences: every part of an AND, one part of an OR. Old manifests
/// write `/` for OR.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace(['(', ')'], "").replace('/', " OR ");
    expression.split(" AND ").all(|part| part.split(" OR ").any(|licence| allowed.contains(licence.trim())))
}

/// The text from a key of deny.toml to the closing bracket at the beginning of a line.
fn section<'a>(toml: &'a str, key: &str) -> &'a str {
    let key = format!("\n{key}");
    let (_, rest) = toml.split_once(key.as_str()).unwrap_or_else(|| panic!("no `{key}` in deny.toml"));
    rest.split_once("\n]").map_or(rest, |(body, _)| body)
}

/// The first quoted string of each line.
fn quoted_strings(text: &str) -> BTreeSet<String> {
    text.lines().filter_map(|line| line.split('"').nth(1)).map(str::to_owned).collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    const SKIPPED: [&str; 4] = ["generated", "node_modules", "dist", "data"];
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("a readable folder").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !SKIPPED.contains(&name.as_str()) {
            found.extend(sources(&path));
        } else if path
            .extension()
            .is_some_and(|end| ["rs", "ts", "tsx", "css"].iter().any(|known| end == *known))
        {
            found.push(path);
        }
    }
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the repository").to_path_buf()
}

fn rustc() -> std::ffi::OsString {
    std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

fn output(command: &mut Command) -> String {
    let output = command.output().expect("the program starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn read(path: &Path) -> String {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file.take(64 << 20).read_to_end(&mut bytes).expect("a readable file");
    String::from_utf8_lossy(&bytes).into_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
