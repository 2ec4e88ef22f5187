//! Patterns for paths: `/var/log/nginx/*.access.log` names every log of a folder, those to come as well.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::compression::Compression;
use crate::siblings::rotation_suffix;

/// Files of one pattern that are followed at most: each takes a thread.
pub const MAX_GLOB_FILES: usize = 256;

/// Directory entries that are looked at in one folder.
const MAX_ENTRIES: usize = 10_000;

/// Folders that are looked at for one pattern.
const MAX_FOLDERS: usize = 1_000;

/// A path with `*` and `?` in its names; neither matches a `/`, nor the dot that hides a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    pattern: PathBuf,
}

impl Glob {
    /// The pattern that a path is; `None` when it names one file.
    pub fn of(path: &Path) -> Option<Self> {
        is_pattern(path.as_os_str()).then(|| Self { pattern: path.to_owned() })
    }

    /// The part of a matching path that the pattern leaves open: it tells the files of one pattern apart.
    pub fn open_part<'a>(&self, path: &'a Path) -> &'a Path {
        let is_fixed = |part: &Component<'_>| !is_pattern(part.as_os_str());
        let fixed: PathBuf = self.pattern.components().take_while(is_fixed).collect();
        path.strip_prefix(fixed).unwrap_or(path)
    }

    /// The logs that match now, sorted: regular files, without the rotated and compressed ones of another. No more than
    /// [`MAX_GLOB_FILES`] of them can be followed.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut paths = vec![PathBuf::new()];
        for component in self.pattern.components() {
            match component {
                Component::Normal(name) if is_pattern(name) => {
                    let name = name.to_string_lossy();
                    paths.truncate(MAX_FOLDERS);
                    paths = paths.iter().flat_map(|folder| matching(folder, &name)).collect();
                }
                _ => {
                    for path in &mut paths {
                        path.push(component);
                    }
                }
            }
        }
        let files: BTreeSet<PathBuf> = paths.into_iter().filter(|path| path.is_file()).collect();
        files.iter().filter(|path| !is_rotated(path, &files)).cloned().collect()
    }
}

fn is_pattern(name: &OsStr) -> bool {
    name.as_encoded_bytes().iter().any(|byte| matches!(byte, b'*' | b'?'))
}

/// Whether a file belongs to another log that matches as well, or cannot be followed.
fn is_rotated(path: &Path, files: &BTreeSet<PathBuf>) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_of = |other: &PathBuf| {
        let log = other.file_name().unwrap_or_default().to_string_lossy();
        other.parent() == path.parent() && other != path && rotation_suffix(&log, &name).is_some()
    };
    Compression::of_name(&name).is_some() || files.iter().any(is_of)
}

fn matching(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = fs::read_dir(listed) else {
        return Vec::new();
    };
    entries
        .take(MAX_ENTRIES)
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            matches(pattern.as_bytes(), name.as_bytes())
                && (pattern.starts_with('.') || !name.starts_with('.'))
        })
        .map(|entry| folder.join(entry.file_name()))
        .collect()
}

/// Whether a name matches, in time proportional to both lengths: after a failure only the last `*` is tried again.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut read) = (0, 0);
    let mut retry = None;
    while let Some(byte) = name.get(read) {
        match pattern.get(at) {
            Some(b'*') => {
                retry = Some((at + 1, read));
                at += 1;
            }
            Some(wanted) if *wanted == b'?' || wanted == byte => {
                at += 1;
                read += 1;
            }
            _ => match &mut retry {
                Some((after, from)) => {
                    *from += 1;
                    (at, read) = (*after, *from);
                }
                None => return false,
            },
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_as_in_a_shell() {
        for (pattern, name, want) in [
            ("*.access.log", "shop.access.log", true),
            ("*.access.log", "shop.error.log", false),
            ("*", "", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-b-b-d", false),
            ("site?.log", "site1.log", true),
            ("site?.log", "site.log", false),
            ("access.log", "access.log1", false),
        ] {
            assert_eq!(matches(pattern.as_bytes(), name.as_bytes()), want, "{pattern} {name}");
        }
    }

    #[test]
    fn a_pattern_brings_logs_and_not_what_was_rotated_of_them() {
        let dir = tempfile::tempdir().expect("tempdir");
        for name in ["a.log", "b.log", "b.log.1", "b.log.2.gz", ".hidden.log", "c.txt", "sub/d.log"] {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, "").expect("written");
        }
        let names = |pattern: &str| -> Vec<String> {
            let glob = Glob::of(&dir.path().join(pattern)).expect("a pattern");
            let name = |path: &PathBuf| path.strip_prefix(dir.path()).expect("inside").display().to_string();
            glob.files().iter().map(name).collect()
        };
        assert_eq!(names("*.log*"), ["a.log", "b.log"]);
        assert_eq!(names("*/*.log"), ["sub/d.log"]);
        let glob = Glob::of(Path::new("/srv/*/access.log")).expect("a pattern");
        assert_eq!(glob.open_part(Path::new("/srv/shop/access.log")), Path::new("shop/access.log"));
        assert_eq!(names("none*"), [] as [&str; 0]);
        assert_eq!(Glob::of(Path::new("/var/log/access.log")), None);
    }
}
