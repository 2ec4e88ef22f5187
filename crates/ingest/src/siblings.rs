//! The rotated files of a log, beside it in its folder or in a folder there, compressed ones among them.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bartizan_model::Timestamp;

use crate::compression::Compression;
use crate::fingerprint::Identity;
use crate::line::parse_line;
use crate::log_file::LogFile;

/// Directory entries that are looked at in search of rotated files.
const MAX_ENTRIES: usize = 10_000;

/// Rotated files that are opened; logrotate keeps a few weeks.
const MAX_SIBLINGS: usize = 64;

/// Folders beside a log that are looked through for a file that was moved away.
const MAX_ARCHIVES: usize = 16;

/// What such folders are called mostly; they are looked through first.
const USUAL_ARCHIVES: [&str; 6] = ["old", "archive", "archived", "rotated", "olddir", "backup"];

/// Looks at a folder in which files are being renamed and compressed, until two agree.
const MAX_LOOKS: usize = 50;

/// Endings of rotated files that cannot be read at all.
const UNREADABLE: [&str; 5] = [".xz", ".bz2", ".lz4", ".br", ".zip"];

/// Digits from which on a number before the ending of a name is a date, as in `access-20260304.log`.
const MIN_DATE_DIGITS: usize = 6;

/// An open file and what it is known by.
#[derive(Debug)]
pub(crate) struct KnownFile {
    pub(crate) path: PathBuf,
    pub(crate) file: LogFile,
    pub(crate) identity: Identity,
    pub(crate) metadata: Metadata,
}

/// A log and its rotated files, all of one moment.
#[derive(Debug)]
pub(crate) struct Family {
    /// The file where the server writes, if it can be opened.
    pub(crate) live: Option<KnownFile>,
    /// Rotated ones, oldest first.
    pub(crate) rotated: Vec<KnownFile>,
}

impl KnownFile {
    /// Opens a regular file as it is; anything else is an error of kind `InvalidInput`.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Self::open_as(path, |_| None)
    }

    /// Opens a rotated file, to be unpacked when it is compressed.
    fn open_rotated(path: &Path) -> io::Result<Self> {
        let announced = path.file_name().and_then(|name| Compression::of_name(&name.to_string_lossy()));
        Self::open_as(path, |beginning| match Compression::of(beginning) {
            // A compressor that has not written yet.
            None if beginning.is_empty() => announced,
            found => found,
        })
    }

    fn open_as(path: &Path, compression: impl Fn(&[u8]) -> Option<Compression>) -> io::Result<Self> {
        // Asked before opening, because opening a pipe would block.
        if !fs::metadata(path)?.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        let file = match compression(&crate::beginning::read_beginning(&file, 4)?) {
            None => LogFile::plain(file),
            Some(compression) => LogFile::compressed(file, compression),
        };
        let identity = Identity::of(&file, &metadata)?;
        Ok(Self { path: path.to_owned(), file, identity, metadata })
    }
}

impl Family {
    /// Opens a log and what was rotated beside it.
    pub(crate) fn open(path: &Path) -> Self {
        Self::open_as(path, || candidates(path))
    }

    /// Opens a log and what was rotated into another folder, under its own name too.
    pub(crate) fn open_archive(path: &Path, archive: &Path) -> Self {
        Self::open_as(path, || candidates_in(archive, path.file_name(), true))
    }

    /// Opens a log and what was rotated. The folder may change meanwhile, as `gzip` removes a file after it wrote the
    /// other; so it is looked at again until nothing changed between the two looks.
    fn open_as(path: &Path, candidates: impl Fn() -> Vec<Candidate>) -> Self {
        let mut seen = candidates();
        for look in 1.. {
            let live = KnownFile::open(path).ok();
            let opened: Vec<_> = seen.iter().map(|entry| KnownFile::open_rotated(&entry.path)).collect();
            let seen_after = candidates();
            let live_after = fs::metadata(path).ok();
            let is_live_the_same = match (&live, &live_after) {
                (Some(known), Some(metadata)) => known.identity.is_at(metadata),
                (known, metadata) => known.is_some() == metadata.as_ref().is_some_and(Metadata::is_file),
            };
            if (places(&seen) == places(&seen_after) && is_live_the_same) || look >= MAX_LOOKS {
                return Self { live, rotated: in_order(seen.into_iter().zip(opened)) };
            }
            seen = seen_after;
        }
        Self { live: None, rotated: Vec::new() }
    }
}

/// A name that may be a rotated file's.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    modified: SystemTime,
    generation: Reverse<u64>,
    path: PathBuf,
    inode: u64,
}

/// What must not change between two looks: which files there are. They may grow.
fn places(candidates: &[Candidate]) -> BTreeSet<(&Path, u64)> {
    candidates.iter().map(|entry| (entry.path.as_path(), entry.inode)).collect()
}

/// The folder that a log lies in.
fn folder(path: &Path) -> Option<&Path> {
    let folder = path.parent()?;
    Some(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
}

/// The folders beside a log into which logrotate's `olddir` may have moved files.
pub(crate) fn archives(path: &Path) -> Vec<PathBuf> {
    let Some(Ok(entries)) = folder(path).map(fs::read_dir) else {
        return Vec::new();
    };
    let mut archives: Vec<PathBuf> =
        entries.take(MAX_ENTRIES).flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    archives.sort_by_cached_key(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        (!USUAL_ARCHIVES.contains(&name.as_str()), name)
    });
    archives.truncate(MAX_ARCHIVES);
    archives
}

/// The rotated files of a log by their names, those written last at the end.
fn candidates(path: &Path) -> Vec<Candidate> {
    folder(path).map(|folder| candidates_in(folder, path.file_name(), false)).unwrap_or_default()
}

/// The same in any folder; `has_own_name` says that what is called as the log itself may be one.
fn candidates_in(folder: &Path, log: Option<&OsStr>, has_own_name: bool) -> Vec<Candidate> {
    let (Some(name), Ok(entries)) = (log, fs::read_dir(folder)) else {
        return Vec::new();
    };
    let name = name.to_string_lossy();
    let mut candidates: Vec<_> = entries
        .take(MAX_ENTRIES)
        .flatten()
        .filter_map(|entry| {
            let entry_name = entry.file_name().to_string_lossy().into_owned();
            let own_name = (has_own_name && entry_name == name).then_some("");
            let suffix = rotation_suffix(&name, &entry_name).or(own_name)?;
            let metadata = fs::metadata(entry.path()).ok().filter(Metadata::is_file)?;
            Some(Candidate {
                modified: metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH),
                generation: generation(suffix),
                path: entry.path(),
                inode: metadata.ino(),
            })
        })
        .collect();
    candidates.sort();
    let skipped = candidates.len().saturating_sub(MAX_SIBLINGS);
    candidates.drain(..skipped);
    candidates
}

/// Orders files by when they were written, if their numbers say the same (`.2` before `.1`): then the clock of the server
/// may have been set back, and a line may bear the time at which a long request began. Otherwise by the time of their
/// first line, because a compressor need not keep the time of writing, and some programs count upwards. Of a file and
/// what is being compressed from it, only the file stays.
fn in_order(opened: impl Iterator<Item = (Candidate, io::Result<KnownFile>)>) -> Vec<KnownFile> {
    let mut files: Vec<(Candidate, KnownFile)> =
        opened.filter_map(|(entry, known)| Some((entry, known.ok()?))).collect();
    let plain: Vec<(PathBuf, Identity)> = files
        .iter()
        .filter(|(_, known)| known.file.compression().is_none())
        .map(|(entry, known)| (entry.path.clone(), known.identity.clone()))
        .collect();
    files.retain(|(entry, known)| {
        known.file.compression().is_none()
            || !plain.iter().any(|(path, identity)| {
                let is_unpacked = entry.path.with_extension("") == *path;
                let is_other = known.identity.is_certain() && !known.identity.begins_like(identity);
                is_unpacked && !is_other || known.identity.begins_like(identity)
            })
    });
    let first_time = |known: &KnownFile| -> Option<Timestamp> {
        parse_line(known.identity.first_line(), Timestamp::default()).ok().map(|request| request.time)
    };
    let mut timed: Vec<_> =
        files.into_iter().map(|(entry, known)| (first_time(&known), entry, known)).collect();
    let are_numbers_agreed = timed.iter().all(|(_, entry, _)| entry.generation.0 > 0)
        && timed.is_sorted_by(|(_, older, _), (_, newer, _)| {
            older.modified < newer.modified && older.generation < newer.generation
        });
    let is_told_by_lines = timed.iter().all(|(time, ..)| time.is_some());
    if is_told_by_lines && !are_numbers_agreed {
        // Stable: files that begin in the same second stay as they were written.
        timed.sort_by_key(|(time, ..)| *time);
    }
    timed.into_iter().map(|(.., known)| known).collect()
}

/// What a rotated file's name has more than the log's: `.1`, `-20260101`, `.2026-01-01T10`, `.old`, each also
/// compressed, or a date before the ending (`access-20260101.log`); `None` for any other name, as of a log that merely
/// begins alike.
pub(crate) fn rotation_suffix<'a>(log: &str, name: &'a str) -> Option<&'a str> {
    let unpacked = match Compression::of_name(name) {
        Some(compression) => name.strip_suffix(compression.ending())?,
        None => name,
    };
    let dated = || {
        let (stem, ending) = log.rsplit_once('.')?;
        let date = unpacked.strip_prefix(stem)?.strip_suffix(ending)?.strip_suffix('.')?;
        let digits = date.get(1..)?.bytes().take_while(u8::is_ascii_digit).count();
        (digits >= MIN_DATE_DIGITS && date.starts_with(['.', '-', '_'])).then_some(date)
    };
    match unpacked.strip_prefix(log) {
        Some("") => (unpacked != name).then_some(""),
        Some(suffix) if is_rotation_suffix(suffix) => Some(suffix),
        _ => dated(),
    }
}

/// Whether a file beside a log is called like one that was rotated from it: it is read with the log.
pub fn is_rotated_from(file: &Path, log: &Path) -> bool {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    file.parent() == log.parent() && rotation_suffix(&name(log), &name(file)).is_some()
}

fn is_rotation_suffix(suffix: &str) -> bool {
    let Some(rest) = suffix.strip_prefix(['.', '-', '_']) else {
        return false;
    };
    let is_numbered = rest.starts_with(|c: char| c.is_ascii_digit());
    (is_numbered || rest == "old") && !UNREADABLE.iter().any(|ending| rest.ends_with(ending))
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
            ("access.log.1", true),
            ("access.log-20260101", true),
            ("access.log.2026-01-01T10", true),
            ("access.log.old", true),
            ("access.log", false),
            ("access.log.gz", true),
            ("access.log.1.gz", true),
            ("access.log-20260101.zst", true),
            ("access-20260101.log", true),
            ("access-20260101.log.gz", true),
            ("access-2.log", false),
            ("access.log.1.xz", false),
            ("access.log.error", false),
            ("access.log2", false),
            ("other.log.1", false),
        ];
        for (name, want) in cases {
            assert_eq!(rotation_suffix("access.log", name).is_some(), want, "{name}");
        }
    }

    fn at(folder: &Path, name: &str, content: &[u8], second: u64) {
        let path = folder.join(name);
        fs::write(&path, content).expect("written");
        let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000 + second);
        File::options().append(true).open(path).and_then(|file| file.set_modified(time)).expect("mtime");
    }

    fn names(folder: &Path) -> Vec<String> {
        let family = Family::open(&folder.join("access.log"));
        let name = |known: &KnownFile| {
            known.path.file_name().unwrap_or_default().to_string_lossy().replace("access.log", "")
        };
        family.rotated.iter().map(name).collect()
    }

    #[test]
    fn rotated_files_come_oldest_first() {
        let dir = tempfile::tempdir().expect("tempdir");
        for (suffix, age) in [("", 0), (".1", 10), (".2", 10), (".3", 5), (".4.xz", 50), (".old", 99)] {
            at(dir.path(), &format!("access.log{suffix}"), b"", 100 - age);
        }
        assert_eq!(names(dir.path()), [".old", ".2", ".1", ".3"]);
    }

    #[test]
    fn lines_tell_the_order_where_the_compressor_changed_the_time() {
        let dir = tempfile::tempdir().expect("tempdir");
        let line = |minute| {
            format!(
                "192.0.2.1 - - [04/Mar/2026:05:{minute:02}:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"x\"\n"
            )
        };
        at(dir.path(), "access.log.1", line(3).as_bytes(), 1);
        at(dir.path(), "access.log.2", line(1).as_bytes(), 3);
        at(dir.path(), "access.log.3", line(2).as_bytes(), 2);
        assert_eq!(names(dir.path()), [".2", ".3", ".1"]);
    }

    /// The server's clock was set back between two rotations: by their first lines, `.1` would be the older one, and the
    /// lines of `.2` would be lost.
    #[test]
    fn numbers_and_times_of_writing_outweigh_a_clock_that_was_set_back() {
        let dir = tempfile::tempdir().expect("tempdir");
        let line = |hour| {
            format!(
                "192.0.2.1 - - [04/Mar/2026:{hour:02}:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"x\"\n"
            )
        };
        at(dir.path(), "access.log.2", line(10).as_bytes(), 1);
        at(dir.path(), "access.log.1", line(2).as_bytes(), 2);
        assert_eq!(names(dir.path()), [".2", ".1"]);
    }

    /// As programs do that give the newest file the highest number.
    #[test]
    fn lines_tell_the_order_where_numbers_count_upwards() {
        let dir = tempfile::tempdir().expect("tempdir");
        let line = |hour| {
            format!(
                "192.0.2.1 - - [04/Mar/2026:{hour:02}:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"x\"\n"
            )
        };
        for (suffix, hour, written) in [(".1", 1, 5), (".2", 2, 5), (".3", 3, 5)] {
            at(dir.path(), &format!("access.log{suffix}"), line(hour).as_bytes(), written);
        }
        assert_eq!(names(dir.path()), [".1", ".2", ".3"]);
    }

    #[test]
    fn a_file_stands_for_what_is_being_compressed_from_it() {
        let dir = tempfile::tempdir().expect("tempdir");
        at(dir.path(), "access.log.1", &[b'a'; 100], 1);
        at(dir.path(), "access.log.1.gz", b"", 2);
        at(dir.path(), "access.log.2.gz", b"\x1f\x8b\x08", 1);
        assert_eq!(names(dir.path()), [".2.gz", ".1"]);
    }
}
