//! Which files are meant: names as given, folders with everything in them.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use bartizan_model::Timestamp;

use crate::plain;

/// Files of one scan at most; the names alone must not fill the memory.
const MAX_FILES: usize = 200_000;

/// Folders within folders that are followed.
const MAX_DEPTH: usize = 64;

/// The names that stand for standard input. Those of the system are not opened, since what is behind them may be a socket
/// or may not be opened a second time.
const STDIN: [&str; 4] = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];

/// A file that will be read.
#[derive(Debug, Clone)]
pub(crate) struct InputFile {
    /// `None` is standard input.
    pub(crate) path: Option<PathBuf>,
    /// Its name for people.
    pub(crate) shown: String,
    /// Its size on disk; 0 where there is none, as of a pipe.
    pub(crate) size: u64,
    /// What stands in for the time in lines without one: when the file was last written, so that the same file
    /// always gives the same report.
    pub(crate) read_at: Timestamp,
}

/// Something that was not read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) path: String,
    pub(crate) reason: String,
}

/// What the names turned out to be.
#[derive(Debug, Default)]
pub(crate) struct Discovered {
    pub(crate) files: Vec<InputFile>,
    pub(crate) troubles: Vec<Trouble>,
}

/// Finds the files: in the order given, those of a folder in the order of their names. A file that is met twice, by
/// whatever name, is read once.
pub(crate) fn discover(inputs: &[PathBuf], now: Timestamp) -> Discovered {
    let mut search = Search { now, found: Discovered::default(), files: HashSet::new(), above: Vec::new() };
    for input in inputs {
        if STDIN.iter().any(|name| input.as_os_str() == *name) {
            search.found.files.push(InputFile {
                path: None,
                shown: "standard input".to_owned(),
                size: 0,
                read_at: now,
            });
        } else {
            search.visit(input, true);
        }
    }
    search.found
}

struct Search {
    now: Timestamp,
    found: Discovered,
    files: HashSet<(u64, u64)>,
    /// Device and inode of the folders that lead to where we are.
    above: Vec<(u64, u64)>,
}

impl Search {
    fn visit(&mut self, path: &Path, is_named: bool) {
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => return self.note(path, explained(&error)),
        };
        if metadata.is_dir() {
            self.visit_folder(path, &metadata);
        } else if metadata.is_file() || (is_named && metadata.file_type().is_fifo()) {
            self.add(path, &metadata);
        } else {
            self.note(path, "is not a regular file but a pipe, socket or device".to_owned());
        }
    }

    fn visit_folder(&mut self, path: &Path, metadata: &Metadata) {
        let identity = (metadata.dev(), metadata.ino());
        if self.above.contains(&identity) {
            return self.note(path, "leads back to a folder that it is in".to_owned());
        }
        if self.above.len() >= MAX_DEPTH {
            return self.note(path, format!("is more than {MAX_DEPTH} folders deep"));
        }
        let entries = fs::read_dir(path).and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()
        });
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) => return self.note(path, explained(&error)),
        };
        entries.sort();
        self.above.push(identity);
        for entry in entries {
            self.visit(&entry, false);
        }
        self.above.pop();
    }

    fn add(&mut self, path: &Path, metadata: &Metadata) {
        if self.found.files.len() >= MAX_FILES {
            if self.found.files.len() == self.files.len() {
                self.files.insert((u64::MAX, u64::MAX));
                self.note(path, format!("comes after {MAX_FILES} files, which is all that one scan reads"));
            }
            return;
        }
        if !self.files.insert((metadata.dev(), metadata.ino())) {
            return;
        }
        let read_at = if metadata.is_file() { Timestamp::from_secs(metadata.mtime()) } else { self.now };
        self.found.files.push(InputFile {
            path: Some(path.to_owned()),
            shown: shown(path),
            size: if metadata.is_file() { metadata.len() } else { 0 },
            read_at,
        });
    }

    fn note(&mut self, path: &Path, reason: String) {
        self.found.troubles.push(Trouble { path: shown(path), reason });
    }
}

/// A path for people; file names may come from strangers too.
pub(super) fn shown(path: &Path) -> String {
    plain::text(&path.to_string_lossy())
}

/// What the system said, with the remedy where there is one.
pub(super) fn explained(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => {
            "may not be read: run as a user of group adm, or grant it with setfacl -m u:$USER:r".to_owned()
        }
        _ => plain::text(&format!("cannot be read: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn folders_are_read_in_order_each_file_once_and_loops_are_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        fs::create_dir_all(root.join("b/inner")).expect("made");
        for name in ["b/two.log", "b/inner/one.log", "c.log"] {
            fs::write(root.join(name), "x").expect("written");
        }
        symlink(root, root.join("b/inner/up")).expect("linked");
        symlink(root.join("c.log"), root.join("a.log")).expect("linked");
        symlink(root.join("nowhere"), root.join("d.log")).expect("linked");
        let found = discover(&[root.to_owned(), root.join("c.log")], Timestamp::default());
        let names: Vec<String> = found
            .files
            .iter()
            .map(|file| file.shown.strip_prefix(&shown(root)).expect("inside").to_owned())
            .collect();
        assert_eq!(names, ["/a.log", "/b/inner/one.log", "/b/two.log"]);
        let reasons: Vec<&str> = found.troubles.iter().map(|trouble| trouble.reason.as_str()).collect();
        assert_eq!(reasons, ["leads back to a folder that it is in", "does not exist"]);
    }
}
