//! What a file is compressed with: its first bytes say, not its name.

use std::fmt;

/// First bytes of a file by which any compression is known: the longest magic number has six.
pub const MAGIC_BYTES: usize = 6;

/// A compression that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// RFC 1952, one or several members.
    Gzip,
    /// RFC 8878, one or several frames.
    Zstd,
}

impl Compression {
    /// The compression of a file that begins so, by its magic number; `None` for anything else. A file of zstd may
    /// begin with a frame to be skipped.
    pub fn of(beginning: &[u8]) -> Option<Self> {
        match beginning {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The compression that a name announces by its ending.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Gzip, Self::Zstd].into_iter().find(|compression| name.ends_with(compression.ending()))
    }

    /// The usual ending of names, with its dot.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Gzip => ".gz",
            Self::Zstd => ".zst",
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        })
    }
}

/// A compression that is known by its magic number and not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnreadCompression {
    /// Its name.
    pub name: &'static str,
    /// The command that unpacks a file to its output.
    pub tool: &'static str,
}

impl UnreadCompression {
    /// The compression of a file that begins so: the formats of bzip2, xz and zip.
    pub fn of(beginning: &[u8]) -> Option<Self> {
        let (name, tool) = match beginning {
            [b'B', b'Z', b'h', ..] => ("bzip2", "bzcat"),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => ("xz", "xzcat"),
            [b'P', b'K', 3, 4, ..] => ("zip", "unzip -p"),
            _ => return None,
        };
        Some(Self { name, tool })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_announce_what_they_hold() {
        assert_eq!(Compression::of_name("access.log.1.gz"), Some(Compression::Gzip));
        assert_eq!(Compression::of_name("access.log-20260304.zst"), Some(Compression::Zstd));
        assert_eq!(Compression::of_name("access.log"), None);
    }

    #[test]
    fn first_bytes_say_what_a_file_is() {
        let cases: [(&[u8], Option<Compression>, Option<&str>); 7] = [
            (b"\x1f\x8b\x08", Some(Compression::Gzip), None),
            (b"\x28\xb5\x2f\xfd", Some(Compression::Zstd), None),
            (b"\x5f\x2a\x4d\x18\0", Some(Compression::Zstd), None),
            (b"BZh91AY", None, Some("bzip2")),
            (b"\xfd7zXZ\0", None, Some("xz")),
            (b"PK\x03\x04", None, Some("zip")),
            (b"192.0.2.1", None, None),
        ];
        for (beginning, read, unread) in cases {
            assert_eq!(Compression::of(beginning), read);
            assert_eq!(UnreadCompression::of(beginning).map(|compression| compression.name), unread);
        }
    }
}
