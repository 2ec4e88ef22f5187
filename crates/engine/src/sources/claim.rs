//! Which files a source reads, so that no two read the same lines.

use std::collections::HashSet;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bartizan_ingest::{SourceConfig, is_rotated_from};
use bartizan_model::SourceKind;

use super::{Entry, pattern};

/// Whether two paths lead to the same file, by whatever names.
pub(super) fn are_same(one: &Path, other: &Path) -> bool {
    one == other || identity(one).is_some_and(|found| identity(other) == Some(found))
}

fn identity(path: &Path) -> Option<(u64, u64)> {
    path.metadata().ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// The files that a source reads now; none for what is no file.
fn files(config: &SourceConfig) -> Vec<PathBuf> {
    match (config.kind, pattern(config)) {
        (SourceKind::File, Some(glob)) => glob.files(),
        (SourceKind::File | SourceKind::Demo, _) => vec![config.path.clone()],
        _ => Vec::new(),
    }
}

/// Why a source must not begin beside the others: they read the same lines. Blocks on the disk.
pub(super) fn clash(config: &SourceConfig, others: &[Arc<Entry>]) -> Option<String> {
    let own = files(config);
    let paths: HashSet<&PathBuf> = own.iter().collect();
    let identities: HashSet<(u64, u64)> = own.iter().filter_map(|path| identity(path)).collect();
    others.iter().find_map(|other| {
        let name = &other.config.name;
        let is_file = matches!(other.config.kind, SourceKind::File | SourceKind::Demo);
        if is_file && other.config.path == config.path {
            return Some(format!("{} is read already by the source {name}", config.path.display()));
        }
        files(&other.config).iter().find_map(|file| {
            let shown = file.display();
            if paths.contains(file) || identity(file).is_some_and(|found| identities.contains(&found)) {
                return Some(format!("{shown} is read already by the source {name}"));
            }
            if let Some(rotated) = own.iter().find(|own| is_rotated_from(own, file)) {
                let rotated = rotated.display();
                return Some(format!(
                    "{rotated} was rotated from {shown}, which the source {name} reads with all its files"
                ));
            }
            own.iter()
                .any(|own| is_rotated_from(file, own))
                .then(|| format!("{shown}, which was rotated from it, is read already by the source {name}"))
        })
    })
}
