//! The documents speak of real things: every path that they name exists.

use std::io::Read;
use std::path::Path;

/// Documents at the root and in docs/ that name places in the repository.
const DOCUMENTS: [&str; 4] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/dependencies.md"];

/// First parts of a path by which it is known as ours.
const OURS: [&str; 6] = ["crates/", "web/", "xtask/", "docs/", "models/", "tests/"];

/// What is made by a build and therefore missing in a fresh clone.
const MADE: [&str; 2] = ["web/dist", "web/node_modules"];

#[test]
fn every_path_in_the_documents_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the repository");
    let mut seen = 0;
    let mut wrong = Vec::new();
    for document in DOCUMENTS {
        for path in paths_in(&read(&root.join(document))) {
            seen += 1;
            if !MADE.contains(&path.as_str()) && !exists(root, &path) {
                wrong.push(format!("{document} names {path}"));
            }
        }
    }
    assert!(seen > 20, "only {seen} paths were found");
    assert!(wrong.is_empty(), "these are not there:\n{}", wrong.join("\n"));
}

/// Paths between backticks and in links. `crates/<noun>` and the like stand for many and are left out, as are the
/// short forms `api/src/…` and `store/src/…` of the crates, which are completed.
fn paths_in(text: &str) -> Vec<String> {
    let spans = text.split('`').skip(1).step_by(2).map(str::to_owned);
    let links = text.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.to_owned()));
    let whole = |path: String| {
        let crates = ["api/src", "engine/src", "store/src", "ingest/src", "detect/src"];
        if crates.iter().any(|short| path.starts_with(short)) { format!("crates/{path}") } else { path }
    };
    spans
        .chain(links)
        .map(whole)
        .filter(|path| OURS.iter().any(|start| path.starts_with(start)))
        .filter(|path| !path.contains(['<', ' ', '|']))
        .map(|path| path.trim_end_matches('/').to_owned())
        .collect()
}

/// Whether it is there; a `*` stands for any one name.
fn exists(root: &Path, path: &str) -> bool {
    match path.split_once("/*/") {
        None => root.join(path).exists(),
        Some((folder, rest)) => {
            let entries = std::fs::read_dir(root.join(folder)).into_iter().flatten().filter_map(Result::ok);
            entries.map(|entry| entry.path().join(rest)).any(|candidate| candidate.exists())
        }
    }
}

fn read(path: &Path) -> String {
    let mut text = String::new();
    let file = std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    file.take(1 << 20).read_to_string(&mut text).expect("UTF-8");
    text
}
