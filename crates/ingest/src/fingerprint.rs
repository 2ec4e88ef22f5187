//! How a file is known again after it was renamed, truncated or copied: by its place on the disk and its first bytes.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;

use bartizan_model::Fingerprint;
use sha2::{Digest, Sha256};

use crate::beginning::read_beginning;

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
    pub(crate) fn of(file: &File, metadata: &Metadata) -> io::Result<Self> {
        Ok(Self { device: metadata.dev(), inode: metadata.ino(), head: read_beginning(file, HEAD_BYTES)? })
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

    /// Takes notice of first bytes that were added since; `false` when those known before were replaced.
    pub(crate) fn refresh(&mut self, file: &File) -> io::Result<bool> {
        let head = read_beginning(file, HEAD_BYTES)?;
        let is_grown = head.starts_with(&self.head);
        if is_grown {
            self.head = head;
        }
        Ok(is_grown)
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
    use std::io::Write;

    fn identity(file: &File) -> Identity {
        Identity::of(file, &file.metadata().expect("metadata")).expect("readable")
    }

    #[test]
    fn a_growing_file_stays_itself_and_a_replaced_head_does_not() {
        let dir = tempfile::tempdir().expect("tempdir");
        let path = dir.path().join("a.log");
        let mut writer = File::create(&path).expect("create");
        writer.write_all(b"first line\n").expect("write");
        let file = File::open(&path).expect("open");
        let mut known = identity(&file);
        let early = known.fingerprint();

        writer.write_all(&[b'x'; 4_000]).expect("write");
        assert!(known.refresh(&file).expect("readable"));
        assert_eq!(known.fingerprint().head_len, 1024);
        assert_eq!(known.likeness(&early), Likeness::Same);

        writer.set_len(0).expect("truncate");
        assert!(!known.refresh(&file).expect("readable"));
        assert_eq!(identity(&file).likeness(&early), Likeness::Other);
    }

    #[test]
    fn a_copy_is_known_by_its_first_line() {
        let dir = tempfile::tempdir().expect("tempdir");
        let write = |name: &str, text: &[u8]| {
            let path = dir.path().join(name);
            std::fs::write(&path, text).expect("write");
            identity(&File::open(path).expect("open"))
        };
        let original = write("a", &[b'a'; 100]);
        assert_eq!(write("b", &[b'a'; 200]).likeness(&original.fingerprint()), Likeness::Copy);
        assert_eq!(write("c", &[b'c'; 200]).likeness(&original.fingerprint()), Likeness::Other);
        let short = write("d", b"short").fingerprint();
        assert_eq!(write("e", b"short").likeness(&short), Likeness::Other, "too little to be sure");
    }
}
