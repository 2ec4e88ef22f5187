//! How a file is known again after it was renamed, truncated or copied: by its place on the disk and its first bytes.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;

use bartizan_model::Fingerprint;
use sha2::{Digest, Sha256};

use crate::log_file::LogFile;

/// How many first bytes tell files apart: a few lines, each with a time, are never the same in two logs.
const HEAD_BYTES: usize = 1024;

/// From how many equal first bytes on a file in another place counts as a copy: one line, which carries its time.
const COPY_HEAD_BYTES: usize = 64;

/// What an open file is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) device: u64,
    pub(crate) inode: u64,
    head: Vec<u8>,
}

/// How much a file is the one that a fingerprint was taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// The very file.
    Same,
    /// The same content in another place: copied, restored, or on a device that was numbered anew.
    Copy,
    /// Another file.
    Other,
}

impl Identity {
    pub(crate) fn of(file: &LogFile, metadata: &Metadata) -> io::Result<Self> {
        Ok(Self { device: metadata.dev(), inode: metadata.ino(), head: file.beginning(HEAD_BYTES)? })
    }

    /// The fingerprint for checkpoints.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        Fingerprint {
            device: self.device,
            inode: self.inode,
            head_len: u64::try_from(self.head.len()).unwrap_or_default(),
            head_hash: hash(&self.head),
        }
    }

    /// Whether the file still begins with the bytes that are known. One that is compressed does not change.
    pub(crate) fn is_still(&self, file: &LogFile) -> io::Result<bool> {
        Ok(file.compression().is_some() || file.beginning(self.head.len())? == self.head)
    }

    /// Takes notice of first bytes that were read; those that do not follow on what is known say nothing new.
    pub(crate) fn extend(&mut self, offset: u64, bytes: &[u8]) {
        let known = self.head.len();
        if let Some(new) = usize::try_from(offset).ok().and_then(|at| bytes.get(known.checked_sub(at)?..)) {
            self.head.extend(new.iter().take(HEAD_BYTES.saturating_sub(known)));
        }
    }

    /// Whether enough is known to find the file again when it is copied or compressed.
    pub(crate) fn is_certain(&self) -> bool {
        self.head.len() >= COPY_HEAD_BYTES
    }

    /// Whether there is anything to read: a line, or enough of one to know the file by.
    pub(crate) fn has_begun(&self) -> bool {
        self.is_certain() || self.head.contains(&b'\n')
    }

    /// The first line, as far as it is known.
    pub(crate) fn first_line(&self) -> &[u8] {
        self.head.split(|byte| *byte == b'\n').next().unwrap_or_default()
    }

    /// How much this file is the one of the fingerprint.
    pub(crate) fn likeness(&self, fingerprint: &Fingerprint) -> Likeness {
        let head = usize::try_from(fingerprint.head_len).ok().and_then(|len| self.head.get(..len));
        match head {
            Some(head) if hash(head) == fingerprint.head_hash => {
                if self.device == fingerprint.device && self.inode == fingerprint.inode {
                    Likeness::Same
                } else if head.len() >= COPY_HEAD_BYTES {
                    Likeness::Copy
                } else {
                    Likeness::Other
                }
            }
            _ => Likeness::Other,
        }
    }

    /// Whether this and the other file begin with the same lines.
    pub(crate) fn begins_like(&self, other: &Self) -> bool {
        let shared = self.head.len().min(other.head.len());
        shared >= COPY_HEAD_BYTES && self.head.get(..shared) == other.head.get(..shared)
    }

    /// Whether both are one file or copies of one. The place alone does not say so: the number of a deleted file is
    /// given to the next one.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        if self.is_certain() && other.is_certain() {
            return self.begins_like(other);
        }
        let shared = self.head.len().min(other.head.len());
        self.device == other.device
            && self.inode == other.inode
            && self.head.get(..shared) == other.head.get(..shared)
    }

    /// Whether both have the same place on the disk.
    pub(crate) fn is_at_same_place(&self, other: &Self) -> bool {
        self.device == other.device && self.inode == other.inode
    }

    /// Whether this is the file that the metadata belong to.
    pub(crate) fn is_at(&self, metadata: &Metadata) -> bool {
        self.device == metadata.dev() && self.inode == metadata.ino()
    }
}

fn hash(head: &[u8]) -> String {
    format!("{:x}", Sha256::digest(head))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::io::Write;

    fn identity(file: &LogFile) -> Identity {
        Identity::of(file, &file.raw().metadata().expect("metadata")).expect("readable")
    }

    fn opened(path: &std::path::Path) -> LogFile {
        LogFile::plain(File::open(path).expect("open"))
    }

    #[test]
    fn a_growing_file_stays_itself_and_a_replaced_head_does_not() {
        let dir = tempfile::tempdir().expect("tempdir");
        let path = dir.path().join("a.log");
        let mut writer = File::create(&path).expect("create");
        writer.write_all(b"first line\n").expect("write");
        let file = opened(&path);
        let mut known = identity(&file);
        let early = known.fingerprint();

        writer.write_all(&[b'x'; 4_000]).expect("write");
        assert!(known.is_still(&file).expect("readable"));
        known.extend(5_000, b"not its beginning");
        known.extend(0, b"first line\nxxxx");
        known.extend(11, &[b'x'; 4_000]);
        assert_eq!(known, identity(&file));
        assert_eq!(known.fingerprint().head_len, 1024);
        assert_eq!(known.likeness(&early), Likeness::Same);

        writer.set_len(0).expect("truncate");
        assert!(!known.is_still(&file).expect("readable"));
        assert_eq!(identity(&file).likeness(&early), Likeness::Other);
    }

    #[test]
    fn a_copy_is_known_by_its_first_line() {
        let dir = tempfile::tempdir().expect("tempdir");
        let write = |name: &str, text: &[u8]| {
            let path = dir.path().join(name);
            std::fs::write(&path, text).expect("write");
            identity(&opened(&path))
        };
        let original = write("a", &[b'a'; 100]);
        assert_eq!(write("b", &[b'a'; 200]).likeness(&original.fingerprint()), Likeness::Copy);
        assert_eq!(write("c", &[b'c'; 200]).likeness(&original.fingerprint()), Likeness::Other);
        let short = write("d", b"short").fingerprint();
        assert_eq!(write("e", b"short").likeness(&short), Likeness::Other, "too little to be sure");
    }
}
