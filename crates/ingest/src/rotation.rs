//! Finding a file again after log rotation, and the files that were rotated after it.

use std::cmp::Reverse;
use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;
use std::time::SystemTime;

use bartizan_model::Checkpoint;

use crate::fingerprint::{Identity, Likeness};

/// Directory entries that are looked at in search of rotated files.
const MAX_ENTRIES: usize = 10_000;

/// Rotated files that are opened; logrotate keeps a few weeks.
const MAX_SIBLINGS: usize = 64;

/// Endings of rotated files that cannot be read as they are.
const COMPRESSED: [&str; 7] = [".gz", ".xz", ".zst", ".bz2", ".lz4", ".br", ".zip"];

/// An open file and what it is known by.
#[derive(Debug)]
pub(crate) struct KnownFile {
    pub(crate) file: File,
    pub(crate) identity: Identity,
    pub(crate) metadata: Metadata,
}

/// Where a checkpoint was found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) known: KnownFile,
    /// Whether it still stands at the place where the server writes.
    pub(crate) is_live: bool,
    /// Whether it is a copy that nobody writes to.
    pub(crate) is_copy: bool,
    /// Files rotated after it, oldest first.
    pub(crate) newer: Vec<KnownFile>,
}

impl KnownFile {
    /// Opens a regular file; anything else is an error of kind `InvalidInput`.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        // Asked before opening, because opening a pipe would block.
        if !fs::metadata(path)?.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        let identity = Identity::of(&file, &metadata)?;
        Ok(Self { file, identity, metadata })
    }
}

/// Finds the file that a checkpoint refers to: at its place, or renamed or copied beside it.
pub(crate) fn find(path: &Path, checkpoint: &Checkpoint) -> Option<Found> {
    let live = KnownFile::open(path).ok();
    let likeness = |known: &KnownFile| match known.identity.likeness(&checkpoint.fingerprint) {
        _ if known.metadata.len() < checkpoint.offset => Likeness::Other,
        likeness => likeness,
    };
    let live_likeness = live.as_ref().map_or(Likeness::Other, likeness);
    let siblings = siblings(path);
    let renamed = siblings.iter().position(|known| likeness(known) == Likeness::Same);
    let copied = siblings.iter().position(|known| likeness(known) == Likeness::Copy);
    let place = match (live_likeness, renamed, copied) {
        (Likeness::Same, ..) | (Likeness::Copy, None, _) => None,
        (_, Some(at), _) | (Likeness::Other, None, Some(at)) => Some(at),
        (Likeness::Other, None, None) => return None,
    };
    let Some(at) = place else {
        return live.map(|known| Found { known, is_live: true, is_copy: false, newer: Vec::new() });
    };
    let mut rest = siblings.into_iter().skip(at);
    let known = rest.next()?;
    let is_copy = likeness(&known) == Likeness::Copy;
    let newer = unlike(rest, &[Some(&known.identity), live.as_ref().map(|known| &known.identity)]);
    Some(Found { known, is_live: false, is_copy, newer })
}

/// The files that were rotated after this one, oldest first.
pub(crate) fn newer_than(path: &Path, current: &KnownFile) -> Vec<KnownFile> {
    let live = KnownFile::open(path).ok();
    let siblings = siblings(path);
    let Some(at) = siblings.iter().position(|known| known.identity.is_at(&current.metadata)) else {
        return Vec::new();
    };
    let rest = siblings.into_iter().skip(at + 1);
    unlike(rest, &[Some(&current.identity), live.as_ref().map(|known| &known.identity)])
}

/// Those that do not begin like one of the others: a copy of a file would be read twice.
fn unlike(files: impl Iterator<Item = KnownFile>, others: &[Option<&Identity>]) -> Vec<KnownFile> {
    files.filter(|known| !others.iter().flatten().any(|other| known.identity.begins_like(other))).collect()
}

/// Rotated, uncompressed files of this log, oldest first.
fn siblings(path: &Path) -> Vec<KnownFile> {
    let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else {
        return Vec::new();
    };
    let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let name = name.to_string_lossy();
    let mut candidates: Vec<_> = entries
        .take(MAX_ENTRIES)
        .flatten()
        .filter_map(|entry| {
            let entry_name = entry.file_name().to_string_lossy().into_owned();
            let suffix =
                entry_name.strip_prefix(name.as_ref()).filter(|suffix| is_rotation_suffix(suffix))?;
            let metadata = fs::metadata(entry.path()).ok().filter(Metadata::is_file)?;
            let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            Some((modified, generation(suffix), suffix.to_owned(), entry.path()))
        })
        .collect();
    candidates.sort();
    let skipped = candidates.len().saturating_sub(MAX_SIBLINGS);
    candidates.into_iter().skip(skipped).filter_map(|(.., path)| KnownFile::open(&path).ok()).collect()
}

/// Whether a name that continues so is a rotated file: `.1`, `-20260101`, `.2026-01-01T10`, `.old`; not compressed,
/// and not another log whose name merely begins alike.
fn is_rotation_suffix(suffix: &str) -> bool {
    let Some(rest) = suffix.strip_prefix(['.', '-', '_']) else {
        return false;
    };
    let is_numbered = rest.starts_with(|c: char| c.is_ascii_digit());
    (is_numbered || rest == "old") && !COMPRESSED.iter().any(|ending| rest.ends_with(ending))
}

/// Orders rotated files of the same time of writing: `.2` is older than `.1`, while dates sort as they are.
fn generation(suffix: &str) -> Reverse<u64> {
    Reverse(
        suffix.get(1..).and_then(|number| number.parse().ok()).filter(|number| *number < 1_000).unwrap_or(0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotated_files_are_told_from_neighbours() {
        let cases = [
            (".1", true),
            ("-20260101", true),
            (".2026-01-01T10", true),
            (".old", true),
            ("", false),
            (".1.gz", false),
            ("-20260101.zst", false),
            (".error", false),
            ("2", false),
        ];
        for (suffix, want) in cases {
            assert_eq!(is_rotation_suffix(suffix), want, "{suffix}");
        }
    }

    #[test]
    fn rotated_files_come_oldest_first() {
        let dir = tempfile::tempdir().expect("tempdir");
        let path = dir.path().join("access.log");
        let start = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
        for (suffix, age_s) in [("", 0), (".1", 10), (".2", 10), (".3", 5), (".4.gz", 50), (".old", 99)] {
            let file = File::create(dir.path().join(format!("access.log{suffix}"))).expect("create");
            file.set_len(age_s + 1).expect("size");
            file.set_modified(start - std::time::Duration::from_secs(age_s)).expect("mtime");
        }
        let lengths: Vec<u64> = siblings(&path).iter().map(|known| known.metadata.len()).collect();
        assert_eq!(lengths, [100, 11, 11, 6]);
        let order: Vec<_> = ["1", "2"]
            .map(|n| KnownFile::open(&dir.path().join(format!("access.log.{n}"))).expect("open").metadata)
            .iter()
            .map(|metadata| siblings(&path).iter().position(|known| known.identity.is_at(metadata)))
            .collect();
        assert_eq!(order, [Some(2), Some(1)], "of two written at the same time, .2 is the older");
    }
}
